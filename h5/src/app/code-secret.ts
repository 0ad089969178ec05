import type { CodeSecret } from '@hongmi/sdk/member-code';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { hongmi } from './api.ts';

/** What codes are made of on this phone, and by how much its clock is behind the platform's (in ms; below zero: ahead). */
export interface PhoneSecret extends CodeSecret {
  readonly behindMs: number;
}

// Kept on the phone (kept.ts): once it is there, codes need no network.
const QUERY = {
  queryKey: ['code-secret'],
  queryFn: async ({ signal }: { readonly signal: AbortSignal }): Promise<PhoneSecret> => {
    const { number, secret, now } = await hongmi.getMyCodeSecret({}, { signal });
    return { number, secret, behindMs: Date.parse(now) - Date.now() };
  },
};

/** Asked for anew each time: the phone's clock may have been set since. */
export const useSecretQuery = () => useQuery({ ...QUERY, staleTime: 0 });

const HOUR_MS = 3_600_000;

/** Has it there before anybody stands at a till without a network. */
export function useSecretReady(): void {
  const queries = useQueryClient();
  useEffect(() => {
    void queries.prefetchQuery({ ...QUERY, staleTime: HOUR_MS });
  }, [queries]);
}
