import { useQueries, useQuery } from '@tanstack/react-query';
import { hongmi } from './api.ts';

const HOUR_MS = 3_600_000;

const namesQuery = {
  queryKey: ['merchant-names'],
  queryFn: async () => {
    const names = new Map<string, string>();
    for await (const each of hongmi.pages('listMerchants')) names.set(each.id, each.name);
    return names;
  },
  staleTime: HOUR_MS,
};

/** The merchants of the member's programmes by their ids, in the order of admission; undefined until they are known. */
export function useMerchantNames(): ReadonlyMap<string, string> | undefined {
  return useQuery(namesQuery).data;
}

/** Whether the names of merchants are still on their way: lines that would grow by them wait, but not for a network that is away. */
export function useAwaitsMerchantNames(): boolean {
  return useQuery(namesQuery).isLoading;
}

/** The name of a merchant; undefined until it is known. */
export function useMerchantName(id: string | null | undefined): string | undefined {
  const names = useMerchantNames();
  return id === null || id === undefined ? undefined : names?.get(id);
}

const storesQuery = (id: string) => ({
  queryKey: ['stores', id],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
    hongmi.listStores({ id, limit: 200 }, { signal }),
  staleTime: HOUR_MS,
});

/** The name of a store; undefined until it is known, or where there is none. */
export function useStoreName(merchantId: string, code: string | null): string | undefined {
  const { data } = useQuery({ ...storesQuery(merchantId), enabled: code !== null });
  return data?.items.find((each) => each.code === code)?.name;
}

/** The names of the stores of several merchants; a store's code until it is known. */
export function useStoreNames(
  merchantIds: readonly string[],
): (merchantId: string, code: string) => string {
  const found = useQueries({ queries: merchantIds.map(storesQuery) });
  const stores = found.flatMap(({ data }) => data?.items ?? []);
  return (merchantId, code) =>
    stores.find((each) => each.merchantId === merchantId && each.code === code)?.name ?? code;
}
