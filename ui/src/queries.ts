import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { setConnection } from './connection.ts';
import { type Failure, failureOf } from './failure.ts';

/** What went wrong; of a connection or a session that is gone every page hears. */
export function noteFailure(error: unknown): Failure {
  const failure = failureOf(error);
  if (failure.kind === 'session') setConnection({ needsSignIn: true });
  if (failure.kind === 'unreachable') setConnection({ isReachable: false });
  return failure;
}

const FRESH_MS = 15_000;

/** What was read is shown again at once and asked for anew behind it. The SDK has tried again already where that makes sense. */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: noteFailure }),
  mutationCache: new MutationCache({ onError: noteFailure }),
  defaultOptions: {
    queries: { retry: false, staleTime: FRESH_MS, refetchOnWindowFocus: true },
    // Without a network a write fails at once and says so. It would wait for one otherwise, and be done when nobody thinks of it any more.
    mutations: { retry: false, networkMode: 'always' },
  },
});
