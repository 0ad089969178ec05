import { useCallback } from 'react';
import { useSearch, useSearchParams } from 'wouter';

/**
 * A filter that lives in the address, so that it can be linked to and survives a reload: `undefined` when absent. Setting replaces
 * the entry of the browser's history.
 */
export function useFilter(name: string): [string | undefined, (value: string | undefined) => void] {
  const value = new URLSearchParams(useSearch()).get(name) ?? undefined;
  const [, setParams] = useSearchParams();
  const set = useCallback(
    (next: string | undefined) =>
      setParams(
        (before) => {
          const after = new URLSearchParams(before);
          if (next === undefined || next === '') after.delete(name);
          else after.set(name, next);
          return after;
        },
        { replace: true },
      ),
    [name, setParams],
  );
  return [value, set];
}
