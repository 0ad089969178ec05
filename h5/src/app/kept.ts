import type { QueryClient, QueryKey } from '@tanstack/react-query';

/** What a phone shows without the network: who one is, what there is, what the code is made of, and what is shown at a till. */
const KEPT: ReadonlySet<string> = new Set([
  ...['me', 'programmes', 'balances', 'code-secret', 'to-use'],
]);
/** Another number where what is kept has another form: the old is forgotten. */
const NAME = 'hongmi.member.2';

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
interface Entry {
  readonly key: QueryKey;
  readonly data: unknown;
  readonly updatedAt: number;
}

/**
 * Shows what this phone knew last until the server says more, and keeps it for the next time; on this phone alone, until somebody
 * signs out. Where nothing can be stored, nothing is.
 */
export function keepLastSeen(queries: QueryClient, store: Store): void {
  attempt(() => {
    for (const { key: queryKey, data, updatedAt } of read(store)) {
      queries.setQueryData(queryKey, data, { updatedAt });
      // Whoever opens a page wants to know what is there now, however short ago they last looked.
      void queries.invalidateQueries({ queryKey, refetchType: 'none' });
    }
  });
  queries.getQueryCache().subscribe(({ type, query }) => {
    if (!KEPT.has(String(query.queryKey[0]))) return;
    // Cleared, not merely out of sight: what is shown no more stays in the cache for minutes.
    if (type === 'removed' || (type === 'updated' && query.state.status === 'success'))
      write(store, queries);
  });
}

/**
 * Keeps people apart: who is signed in changes behind a page, too, where somebody else has signed in on another tab of this phone. What
 * was read of the one is forgotten before anything of it is shown to the other.
 */
export function keepApart(queries: QueryClient): void {
  let known: string | undefined;
  queries.getQueryCache().subscribe(({ type, query: { queryKey, state } }) => {
    if (type !== 'updated' || queryKey[0] !== 'me' || state.data === undefined) return;
    const { id } = state.data as { readonly id: string };
    const isAnother = known !== undefined && known !== id;
    known = id;
    if (isAnother) queries.removeQueries({ predicate: (each) => each.queryKey[0] !== 'me' });
  });
}

/** Whether somebody was here and did not sign out. */
export function hasLastSeen(store: Store): boolean {
  return attempt(() => read(store).length > 0) === true;
}

/** Nothing of who was signed in stays behind. */
export function forgetLastSeen(queries: QueryClient, store: Store): void {
  queries.clear();
  attempt(() => store.removeItem(NAME));
}

function read(store: Store): readonly Entry[] {
  return JSON.parse(store.getItem(NAME) ?? '[]');
}

function write(store: Store, queries: QueryClient): void {
  const entries = queries
    .getQueryCache()
    .getAll()
    .flatMap(({ queryKey: key, state: { data, dataUpdatedAt: updatedAt } }): Entry[] =>
      KEPT.has(String(key[0])) && data !== undefined ? [{ key, data, updatedAt }] : [],
    );
  attempt(() => store.setItem(NAME, JSON.stringify(entries)));
}

/** Private windows may refuse to store, and what is stored may be anything. */
function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
