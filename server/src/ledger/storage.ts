import type { Pool } from 'pg';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Appended, append, type Block, type Head, TURN_LOCK } from './append.ts';
import type { Book } from './book.ts';
import type { Command } from './command.ts';
import { load, type Survey, survey } from './load.ts';
import type { RecordedTransaction } from './record.ts';

/** The working set of a batch, and the answers that its keys already have. */
export interface Loaded {
  readonly book: Book;
  readonly replays: ReadonlyMap<string, RecordedTransaction>;
}

/**
 * What a lane needs of the database. Each call may fail as the connection does: then nothing is known
 * of what it did, and an append may be there or may still arrive.
 */
export interface Storage {
  /** How many batches may usefully be under way at once. */
  readonly batchesMax: number;
  readHead(shard: number): Promise<Head>;
  /**
   * `round` counts up when a decision asked for more lots than were loaded. Nothing of the batch takes effect before `since`:
   * of prices, what counts by then and later is loaded.
   */
  load(
    shard: number,
    commands: readonly Command[],
    round: number,
    nextSeq: number,
    surveyed: Survey,
    since: Instant,
  ): Promise<Loaded>;
  /** What is left of these budgets, in all shards together. */
  survey(budgets: readonly Uuid[]): Promise<Survey>;
  /**
   * Durable when this returns done; otherwise the batch must be decided anew.
   */
  append(block: Block, book: Book): Promise<Appended>;
  /**
   * Does `work` while no other process that asks the same does: a courtesy, on which nothing relies. Who
   * does not get his turn in time works without it.
   */
  alone?<T>(shard: number, work: () => Promise<T>): Promise<T>;
}

/** One to work with and one to hold its turn with; a process that has no rival never opens the second. */
export const CONNECTIONS_PER_BATCH = 2;

export function postgresStorage(pool: Pool): Storage {
  return {
    batchesMax: Math.max(1, Math.floor(pool.options.max / CONNECTIONS_PER_BATCH)),
    readHead: (shard) => readHead(pool, shard),
    load: (...batch) => load(pool, ...batch),
    survey: (budgets) => survey(pool, budgets),
    append: (block, book) => append(pool, block, book),
    alone: (shard, work) =>
      pool.options.max < CONNECTIONS_PER_BATCH ? work() : takeTurn(pool, shard, work),
  };
}

async function takeTurn<T>(pool: Pool, shard: number, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isHeld = false;
  try {
    isHeld = await client
      .query({
        name: 'ledger-turn',
        text: 'select pg_advisory_lock($1, $2)',
        values: [TURN_LOCK, shard],
      })
      .then(
        () => true,
        () => false,
      );
    return await work();
  } finally {
    const given = isHeld
      ? client.query({
          name: 'ledger-turn-over',
          text: 'select pg_advisory_unlock($1, $2)',
          values: [TURN_LOCK, shard],
        })
      : Promise.reject(new Error('the turn was not given'));
    // A connection that may still hold the lock must not go back: the lock ends with it.
    await given.then(
      () => client.release(),
      () => client.release(true),
    );
  }
}

async function readHead(pool: Pool, shard: number): Promise<Head> {
  const found = await pool.query<{
    block: string;
    entries: string;
    hash: Buffer;
    recorded_at_ms: string;
  }>({
    name: 'ledger-head',
    text: 'select block, entries, hash, recorded_at_ms from ledger.head where shard = $1',
    values: [shard],
  });
  const row = found.rows[0];
  if (row === undefined) throw new Error(`shard ${shard} has no head`);
  return {
    block: Number(row.block),
    entries: Number(row.entries),
    hash: row.hash,
    recordedAt: Number(row.recorded_at_ms),
  };
}
