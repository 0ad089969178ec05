import { type Pool, withTransaction } from '../platform/database.ts';
import { beginWalks, countPage, moveOn, takeTurns } from './follow-store.ts';

export interface FollowOptions {
  readonly pool: Pool;
  /** Entries of each shard in one page. */
  readonly page?: number;
}

/** Some tenths of a second, so that nobody waits long for a row of the sums. */
const PAGE = 2_000;
/** In one round: ten million entries of each shard. What is behind them waits for the next. */
const PAGES_MAX = 5_000;

/**
 * Adds what came to the ledger since the last time to the sums of its days. Each page moves the cursors and the sums in one
 * transaction, so that every entry counts exactly once, however often this dies and whoever else follows. A page is of all
 * shards at once: after a short while each has a little that is new. Answers how many entries were counted.
 */
export async function followInsights(options: FollowOptions): Promise<number> {
  const { pool, page = PAGE } = options;
  await beginWalks(pool);
  let total = 0;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const read = await followPage(pool, page);
    total += read;
    // Less than a page in all: no shard has more.
    if (read < page) break;
  }
  return total;
}

/** Counts the next page of every shard that has one; answers how many entries that was. */
export function followPage(pool: Pool, page: number): Promise<number> {
  return withTransaction(pool, async (tx) => {
    const spans = await takeTurns(tx, page);
    if (spans.length === 0) return 0;
    await countPage(tx, spans);
    await moveOn(tx, spans);
    return spans.reduce((sum, { from, until }) => sum + until - from, 0);
  });
}
