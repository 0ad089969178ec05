import { useQuery } from '@tanstack/react-query';
import { hongmi } from './api.ts';

const HOUR_MS = 3_600_000;

/** The merchants of the member's programmes by their ids, in the order of admission; undefined until they are known. */
export function useMerchantNames(): ReadonlyMap<string, string> | undefined {
  const { data } = useQuery({
    queryKey: ['merchant-names'],
    queryFn: async () => {
      const names = new Map<string, string>();
      for await (const each of hongmi.pages('listMerchants')) names.set(each.id, each.name);
      return names;
    },
    staleTime: HOUR_MS,
  });
  return data;
}

/** The name of a merchant; undefined until it is known. */
export function useMerchantName(id: string | null | undefined): string | undefined {
  const names = useMerchantNames();
  return id === null || id === undefined ? undefined : names?.get(id);
}

/** The name of a store; undefined until it is known, or where there is none. */
export function useStoreName(merchantId: string, code: string | null): string | undefined {
  const { data } = useQuery({
    queryKey: ['stores', merchantId],
    queryFn: ({ signal }) => hongmi.listStores({ id: merchantId, limit: 200 }, { signal }),
    staleTime: HOUR_MS,
    enabled: code !== null,
  });
  return data?.items.find((each) => each.code === code)?.name;
}
