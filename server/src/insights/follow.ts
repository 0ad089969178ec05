import { type Pool, withTransaction } from '../platform/database.ts';
import { countEntries, countPage, moveOn, takeTurn } from './follow-store.ts';

export interface FollowOptions {
  readonly pool: Pool;
  readonly shards: number;
  /** Entries in one page. */
  readonly page?: number;
}

/** Some tenths of a second, so that nobody waits long for a row of the sums. */
const PAGE = 10_000;
/** Of a shard in one round: ten million entries. What is behind them waits for the next. */
const PAGES_MAX = 1_000;

/**
 * Adds what came to the ledger since the last time to the sums of its days. Each page moves the cursor and the sums in one
 * transaction, so that every entry counts exactly once, however often this dies and whoever else follows. Answers how many
 * entries were counted.
 */
export async function followInsights(options: FollowOptions): Promise<number> {
  let total = 0;
  for (let shard = 0; shard < options.shards; shard += 1)
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const read = await followPage(options, shard);
      total += read;
      if (read === 0) break;
    }
  return total;
}

/** Counts the next page of a shard; answers how many entries further that is. */
export function followPage({ pool, page = PAGE }: FollowOptions, shard: number): Promise<number> {
  return withTransaction(pool, async (tx) => {
    const from = await takeTurn(tx, shard);
    if (from === undefined) return 0;
    const until = Math.min(from + page, await countEntries(tx, shard));
    if (until <= from) return 0;
    await countPage(tx, shard, from, until);
    await moveOn(tx, shard, until);
    return until - from;
  });
}
