import type { Clock } from '../../kernel/clock.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';
import { FINDINGS_MAX } from '../verify/shard.ts';
import { compareReplayed } from './compare.ts';
import type { Seen } from './finding.ts';
import { addRows, Shadow } from './shadow.ts';
import {
  BEGINNING,
  readHead,
  readNextAbouts,
  readPatrolled,
  readReplayed,
  readShadows,
  writeFindings,
  writePatrolled,
} from './store.ts';

export interface PatrolDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  /** Lots, holds, members and owners in one step. */
  readonly step?: number;
}

/** What one step came to. */
export interface Patrolled {
  readonly rows: number;
  readonly findings: readonly Seen[];
  /** Those that were not on record before. */
  readonly fresh: readonly Seen[];
}

const STEP = 1_000;

/**
 * Compares the next of all rows that replaying has ever made, by id and then from the beginning again, so that
 * a row which no transaction touches any more is looked at too.
 */
export async function patrolShard(deps: PatrolDeps, shard: number): Promise<Patrolled> {
  const { pool, clock, step = STEP } = deps;
  const { reached, rows, findings } = await withTransaction(pool, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    const found: Seen[] = [];
    const at = await readReplayed(tx, shard);
    const ids = await readNextAbouts(tx, shard, await readPatrolled(tx, shard), step);
    if (at === undefined || ids.length === 0)
      return { reached: BEGINNING, rows: 0, findings: found };
    const state = new Shadow();
    addRows(state, await readShadows(tx, shard, ids, []));
    const { block } = await readHead(tx, shard);
    const compared = { block: at.number, isNewest: block === at.number, findings: found };
    const seen = await compareReplayed(tx, shard, state, compared);
    return { reached: ids.at(-1) ?? BEGINNING, rows: seen, findings: found };
  });
  const told = findings.slice(0, FINDINGS_MAX);
  const fresh = await withTransaction(pool, async (tx) => {
    await writePatrolled(tx, shard, reached);
    return writeFindings(tx, told, clock.now());
  });
  return { rows, findings: told, fresh };
}
