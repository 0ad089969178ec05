import type { PoolClient } from 'pg';
import type { Instant } from '../../kernel/clock.ts';
import type { Pool } from '../../platform/database.ts';
import { readBooks } from './books.ts';
import { type Books, Replay } from './replay.ts';
import { resultOf } from './result.ts';
import type { PastOrder, Simulation, SimulationAsked } from './simulation.ts';
import { beginNext, type Ending, endSimulation, noteProgress, readBudgets } from './store.ts';
import type { ReplayTerms } from './tally.ts';

/** Beyond that many the figures of a run would not fit into the memory it may take. */
const ORDERS_MAX = 2_000_000;
/** What ends the process whenever it is tried is given up. */
const ATTEMPTS_MAX = 5;
// Any number: the lock of who is at it, one process of all.
const LOCK = 0x686d7369;

/** Where orders come from. */
export interface History {
  count(asked: SimulationAsked): Promise<number>;
  /** In order of time, and of equal times always alike. */
  pages(asked: SimulationAsked, books: Books): AsyncIterable<readonly PastOrder[]>;
}

export interface SimulationWork {
  readonly pool: Pool;
  readonly history: History;
  termsOf(programme: number): Omit<ReplayTerms, 'budgets'> | undefined;
  programmeClock(programme: number): Instant;
}

/**
 * Runs all simulations that are not finished, one after the other, in one of all processes; answers how many ended.
 * One that is interrupted stays as it is, to be begun again. The lock ends with its connection.
 */
export async function workOff(work: SimulationWork): Promise<number> {
  const client = await work.pool.connect();
  let isHeld = false;
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      'select pg_try_advisory_lock($1) as taken',
      [LOCK],
    );
    isHeld = rows[0]?.taken === true;
    if (!isHeld) return 0;
    let ended = 0;
    for (;;) {
      const next = await beginNext(work.pool);
      if (next === undefined) return ended;
      const ending = next.attempts > ATTEMPTS_MAX ? failed('given_up') : await simulate(work, next);
      if (ending === null) continue;
      await endSimulation(work.pool, next.id, ending, work.programmeClock(next.programme));
      ended += 1;
    }
  } finally {
    client.release(isHeld && !(await letGo(client)));
  }
}

/** Who comes next must not find the lock of a connection that is only just closing. */
async function letGo(client: PoolClient): Promise<boolean> {
  try {
    await client.query('select pg_advisory_unlock($1)', [LOCK]);
    return true;
  } catch {
    return false;
  }
}

const failed = (failure: string): Ending => ({ state: 'failed', failure });

/** Null: it was cancelled meanwhile. */
async function simulate(work: SimulationWork, simulation: Simulation): Promise<Ending | null> {
  const { pool, history } = work;
  const { id, programme } = simulation;
  const known = work.termsOf(programme);
  if (known === undefined) throw new Error(`there is no programme ${programme}`);
  const terms = { ...known, budgets: await readBudgets(pool, programme) };
  const books = await readBooks(pool, simulation);
  const total = await history.count(simulation);
  if (!(await noteProgress(pool, id, { done: 0, total }))) return null;
  if (total > ORDERS_MAX) return failed('too_many_orders');
  const replay = new Replay(books, terms);
  for await (const page of history.pages(simulation, books)) {
    for (const order of page) replay.add(order);
    // Orders that are imported meanwhile come on top.
    const done = replay.orders;
    if (!(await noteProgress(pool, id, { done, total: Math.max(total, done) }))) return null;
  }
  const result = resultOf(replay, books, terms);
  return result === null ? failed('points_out_of_range') : { state: 'done', result };
}
