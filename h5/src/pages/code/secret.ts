import type { CodeSecret } from '@hongmi/sdk/member-code';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';

/** What codes are made of on this phone, and by how much its clock is behind the platform's (in ms; below zero: ahead). */
export interface PhoneSecret extends CodeSecret {
  readonly behindMs: number;
}

/** Kept on the phone (app/kept.ts): once it is there, codes need no network. */
export const useSecretQuery = () =>
  useQuery({
    queryKey: ['code-secret'],
    queryFn: async ({ signal }): Promise<PhoneSecret> => {
      const { number, secret, now } = await hongmi.getMyCodeSecret({}, { signal });
      return { number, secret, behindMs: Date.parse(now) - Date.now() };
    },
    // Its clock may be set while the page is open.
    staleTime: 0,
  });
