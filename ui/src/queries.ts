import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { setConnection } from './connection.ts';
import { failureOf } from './failure.ts';

function note(error: unknown): void {
  const { kind } = failureOf(error);
  if (kind === 'session') setConnection({ needsSignIn: true });
  if (kind === 'unreachable') setConnection({ isReachable: false });
}

const FRESH_MS = 15_000;

/** What was read is shown again at once and asked for anew behind it. The SDK has tried again already where that makes sense. */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: note }),
  mutationCache: new MutationCache({ onError: note }),
  defaultOptions: {
    queries: { retry: false, staleTime: FRESH_MS, refetchOnWindowFocus: true },
    // Without a network a write fails at once and says so. It would wait for one otherwise, and be done when nobody thinks of it any more.
    mutations: { retry: false, networkMode: 'always' },
  },
});
