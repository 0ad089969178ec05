import { useSyncExternalStore } from 'react';
import { askAgain } from './later.ts';

/** Whether the server answers, and whether the session holds: what every page has to know at once. */
interface State {
  readonly isReachable: boolean;
  readonly needsSignIn: boolean;
}

let state: State = { isReachable: true, needsSignIn: false };
const listeners = new Set<() => void>();

export function setConnection(change: Partial<State>): void {
  const next = { ...state, ...change };
  if (next.isReachable === state.isReachable && next.needsSignIn === state.needsSignIn) return;
  state = next;
  for (const each of listeners) each();
}

export function useConnection(): State {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

const PROBE_MS = 2_000;
/** A server that takes longer is not reached. */
const PATIENCE_MS = 10_000;

/**
 * Asks until the server answers again, then says so. One question at a time: those that a dead network swallows would take the
 * browser's few connections from whatever is asked once it is back. Returns how to stop.
 */
export function probe(then: () => void): () => void {
  let asking: AbortController | undefined;
  const ask = async (): Promise<void> => {
    if (asking !== undefined) return;
    const own = new AbortController();
    asking = own;
    const patience = setTimeout(() => own.abort(), PATIENCE_MS);
    const isThere = await fetch('/v1/health/live', { cache: 'no-store', signal: own.signal }).then(
      ({ ok }) => ok,
      () => false,
    );
    clearTimeout(patience);
    asking = undefined;
    if (!isThere || own.signal.aborted) return;
    askAgain();
    setConnection({ isReachable: true });
    then();
  };
  const timer = setInterval(() => void ask(), PROBE_MS);
  return () => {
    clearInterval(timer);
    asking?.abort();
  };
}
