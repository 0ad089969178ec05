import type { Item } from '@hongmi/sdk';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import { useProgramme } from '../../app/programme.ts';

export type Method = Item<'listCarbonMethods'>;

const HOUR_MS = 3_600_000;

/** By which published methods the programme works out what is saved, by id. */
export function useMethods(): ReadonlyMap<string, Method> | undefined {
  const programme = useProgramme()?.code ?? '';
  const { data } = useQuery({
    queryKey: ['carbon-methods', programme],
    queryFn: async () => {
      const methods = new Map<string, Method>();
      for await (const each of hongmi.pages('listCarbonMethods', { programme }))
        methods.set(each.id, each);
      return methods;
    },
    enabled: programme !== '',
    staleTime: HOUR_MS,
  });
  return data;
}
