import { useSyncExternalStore } from 'react';

/** Told whether the person has proved who they are. */
type Answer = (isProven: boolean) => void;

let waiting: Answer | undefined;
const listeners = new Set<() => void>();

function set(answer: Answer | undefined): void {
  waiting = answer;
  for (const each of listeners) each();
}

/** Asks the person who they are again, over the page; true once they proved it. */
export function askProof(): Promise<boolean> {
  return new Promise((resolve) =>
    set((isProven) => {
      set(undefined);
      resolve(isProven);
    }),
  );
}

/** Where somebody waits for a proof, how to answer them. */
export function useProofAsked(): Answer | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => waiting,
  );
}
