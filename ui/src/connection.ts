import { useSyncExternalStore } from 'react';

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

/** Asks until the server answers again, then says so. Returns how to stop. */
export function probe(then: () => void): () => void {
  const timer = setInterval(() => {
    fetch('/v1/health/live', { cache: 'no-store' }).then(
      (answer) => {
        if (!answer.ok) return;
        setConnection({ isReachable: true });
        then();
      },
      () => {},
    );
  }, PROBE_MS);
  return () => clearInterval(timer);
}
