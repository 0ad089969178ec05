import { useSyncExternalStore } from 'react';

/** A choice of this browser that outlives the page; other tabs follow it. */
export interface Preference<T extends string> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

/** `choices`: null where any text is one. `first`: what counts until somebody chooses. Where nothing can be stored the choice lasts as long as the page. */
export function createPreference<T extends string>(
  name: string,
  choices: readonly T[] | null,
  first: () => T,
): Preference<T> {
  const key = `hongmi.${name}`;
  const listeners = new Set<() => void>();
  let kept: T | undefined;
  const known = (value: string | null): T | undefined =>
    choices === null
      ? ((value ?? undefined) as T | undefined)
      : choices.find((each) => each === value);
  const read = (): T | undefined => {
    try {
      return known(localStorage.getItem(key));
    } catch {
      return undefined;
    }
  };
  const tell = (): void => {
    for (const each of listeners) each();
  };
  const follow = (event: StorageEvent): void => {
    if (event.key !== key) return;
    kept = undefined;
    tell();
  };
  return {
    get() {
      kept ??= read() ?? first();
      return kept;
    },
    set(value) {
      kept = value;
      try {
        localStorage.setItem(key, value);
      } catch {
        // Private windows may refuse: the choice lasts as long as the page.
      }
      tell();
    },
    subscribe(listener) {
      if (listeners.size === 0) addEventListener('storage', follow);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) removeEventListener('storage', follow);
      };
    },
  };
}

export function usePreference<T extends string>(preference: Preference<T>): T {
  return useSyncExternalStore(preference.subscribe, preference.get);
}
