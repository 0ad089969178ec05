import { type Pool, withTransaction } from '../platform/database.ts';
import { countEntries, countPage, forgetActive, moveOn, takeTurn } from './follow-store.ts';

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
 * For how long it is known who was active, so that nobody counts twice. A transaction that is told later than that of its day or
 * month counts its member there once more.
 */
const DAYS_KNOWN = 92;
const MONTHS_KNOWN = 14;

/**
 * Adds what came to the ledger since the last time to the sums of its days. Each page moves the cursor and the sums in one
 * transaction, so that every entry counts exactly once, however often this dies and whoever else follows. Answers how many
 * entries were counted.
 */
export async function followInsights(options: FollowOptions): Promise<number> {
  let total = 0;
  let isBehind = false;
  for (let shard = 0; shard < options.shards; shard += 1) {
    let read = 0;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      read = await followPage(options, shard);
      total += read;
      if (read === 0) break;
    }
    if (read > 0) isBehind = true;
  }
  // Not while a ledger is counted anew: its shards are in different years meanwhile.
  if (total > 0 && !isBehind) await forgetActive(options.pool, DAYS_KNOWN, MONTHS_KNOWN);
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
