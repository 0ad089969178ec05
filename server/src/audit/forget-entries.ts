import type { Clock } from '../kernel/clock.ts';
import type { Sql } from '../platform/database.ts';
import { dropEntries } from './store.ts';

const DAY_MS = 24 * 60 * 60_000;
const PAGE = 1_000;
/** Of one round, so that shortening a long log keeps no other job waiting for minutes. */
const PAGES_MAX = 20;

/**
 * Drops entries that are older than they are kept, with what came of them; answers how many. What is left is for the next round.
 *
 * @param days the database keeps 183 in any case
 */
export async function forgetEntries(
  { sql, clock, page = PAGE }: { readonly sql: Sql; readonly clock: Clock; readonly page?: number },
  days: number,
): Promise<number> {
  const before = clock.now() - days * DAY_MS;
  let gone = 0;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const dropped = await dropEntries(sql, before, page);
    gone += dropped;
    if (dropped < page) break;
  }
  return gone;
}
