import { useCallback } from 'react';
import { useLocation, useSearch } from 'wouter';

/**
 * A filter that lives in the address, so that it can be linked to and survives a reload: `undefined` when absent. Setting replaces
 * the entry of the browser's history.
 */
export function useFilter(name: string): [string | undefined, (value: string | undefined) => void] {
  const value = new URLSearchParams(useSearch()).get(name) ?? undefined;
  const [, navigate] = useLocation();
  const set = useCallback(
    (next: string | undefined) => {
      const params = new URLSearchParams(location.search);
      if (next === undefined || next === '') params.delete(name);
      else params.set(name, next);
      const search = params.size === 0 ? '' : `?${params}`;
      // The whole address: within an area wouter would put a slash before the question mark, and the page would be another one.
      navigate(`~${location.pathname}${search}`, { replace: true });
    },
    [name, navigate],
  );
  return [value, set];
}
