import type { components } from '@hongmi/sdk';
import { queries } from '@hongmi/ui/queries.ts';
import { SignedOutError, wasSignedIn } from '@hongmi/ui/session.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from './api.ts';

export type Session = components['schemas']['WhoAmI'];
export type Scope = components['schemas']['Scope'];

const SESSION_KEY = ['session'];

/** Who is signed in. Pages live inside {@link Frame}, which shows none without one. */
export function useSession(): Session {
  const { data } = useSessionQuery();
  if (data === undefined) throw new Error('pages are shown to somebody who is signed in');
  return data;
}

const SESSION = {
  queryKey: SESSION_KEY,
  queryFn: async () => {
    if (!wasSignedIn('hongmi_session')) throw new SignedOutError();
    return await hongmi.whoAmI();
  },
  staleTime: 60_000,
  // Asked before anything was there to show the answer (main.tsx): a refusal is one, too.
  retryOnMount: false,
};

export function useSessionQuery() {
  return useQuery(SESSION);
}

/** Asks before anything is there to show the answer. */
export function fetchSession(): void {
  void queries.prefetchQuery(SESSION);
}

/** Whether the person may do what all of these scopes allow: what is not theirs is not shown. The API decides again. */
export function useMay(): (...scopes: Scope[]) => boolean {
  const { scopes } = useSession();
  const own = new Set<string>(scopes);
  return (...wanted) => wanted.every((each) => own.has(each));
}

/** The name of who is signed in, for what asks for the name of whoever acts. */
export function useOwnName(): string {
  const { staff } = useSession();
  if (staff === null) throw new Error('only people are signed in here');
  return staff.name;
}
