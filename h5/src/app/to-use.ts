import type { Output } from '@hongmi/sdk';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { hongmi } from './api.ts';

/** As many as somebody would look through at a till. */
const SHOWN = 50;
const HOUR_MS = 3_600_000;

type ToUse = Output<'listRedemptions'>;

// Kept on the phone (kept.ts) with its codes, and for as long as these pages are open: a till may be where there is no network.
const QUERY = {
  queryKey: ['to-use'],
  queryFn: ({ signal }: { readonly signal: AbortSignal }): Promise<ToUse> =>
    hongmi.listRedemptions({ stage: 'to_use', limit: SHOWN }, { signal }),
  gcTime: Number.POSITIVE_INFINITY,
};

/** Has what can be shown at a till there before somebody stands at one. */
export function useToUseReady(): void {
  const queries = useQueryClient();
  useEffect(() => {
    void queries.prefetchQuery({ ...QUERY, staleTime: HOUR_MS });
  }, [queries]);
}

/** Asks anew what can be shown at a till: something was redeemed, used or given back. */
export function renewToUse(queries: QueryClient): void {
  void queries.prefetchQuery({ ...QUERY, staleTime: 0 });
}

/** What was known of one of them last, and when: undefined for what is not among them. */
export function lastSeenToUse(
  queries: QueryClient,
  id: string,
): { readonly one: ToUse['items'][number]; readonly at: number } | undefined {
  const state = queries.getQueryState<ToUse>(QUERY.queryKey);
  const one = state?.data?.items.find((each) => each.id === id);
  return state === undefined || one === undefined ? undefined : { one, at: state.dataUpdatedAt };
}
