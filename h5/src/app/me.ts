import type { components } from '@hongmi/sdk';
import { SignedOutError } from '@hongmi/ui/session.ts';
import { useQuery } from '@tanstack/react-query';
import { mayBeSignedIn } from '../early.ts';
import { hongmi } from './api.ts';

export type Me = components['schemas']['Member'];

const QUERY = {
  queryKey: ['me'],
  queryFn: async () => {
    if (!mayBeSignedIn()) throw new SignedOutError();
    return await hongmi.getMe();
  },
  staleTime: 60_000,
};

export const useMeQuery = () => useQuery(QUERY);

/** Who is signed in. Pages stand behind the gate, which shows none without. */
export function useMe(): Me {
  const { data } = useMeQuery();
  if (data === undefined) throw new Error('pages are shown to somebody who is signed in');
  return data;
}
