import { useQuery } from '@tanstack/react-query';
import { hongmi } from './api.ts';

const HOUR_MS = 3_600_000;

/** The name of a merchant; undefined until it is known. */
export function useMerchantName(id: string | null | undefined): string | undefined {
  const { data } = useQuery({
    queryKey: ['merchant-names'],
    queryFn: async () => {
      const names = new Map<string, string>();
      for await (const each of hongmi.pages('listMerchants')) names.set(each.id, each.name);
      return names;
    },
    staleTime: HOUR_MS,
  });
  return id === null || id === undefined ? undefined : data?.get(id);
}
