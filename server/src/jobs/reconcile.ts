import type { Clock } from '../kernel/clock.ts';
import { readIdentity } from '../ledger/open.ts';
import type { Invariant, Seen } from '../ledger/reconcile/finding.ts';
import { patrolShard } from '../ledger/reconcile/patrol-shard.ts';
import { reconcileShard } from '../ledger/reconcile/reconcile-shard.ts';
import type { Pool } from '../platform/database.ts';
import type { Meter } from '../platform/telemetry/meter.ts';

export interface ReconcileOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: { error(facts: object, message: string): void };
  readonly meter?: Meter | undefined;
  /** Transactions in one page of one shard. */
  readonly page?: number;
  /** Pages of one round, of all shards together. */
  readonly pagesMax?: number;
}

/**
 * Pages of one round, each of some 250 transactions at 0.3 ms of processor time. A thread that answers
 * requests as well can spare 5 s a minute; a worker has nothing better to do. What is left waits for the
 * next round.
 */
export const PAGES_MAX = { besideRequests: 80, alone: 800 };

/**
 * Replays what was appended since the last round beside the ledger's state, a page of each shard in turn,
 * patrols some of its older rows, and tells what does not add up. Answers how many transactions were replayed.
 */
export async function reconcile(options: ReconcileOptions): Promise<number> {
  const { pool, clock, page, pagesMax = PAGES_MAX.besideRequests } = options;
  const identity = await readIdentity(pool);
  if (identity === undefined) throw new Error('there is no ledger in this database');
  const deps = { pool, clock, identity, ...(page === undefined ? {} : { page }) };
  const waiting = Array.from({ length: identity.shards }, (_, shard) => shard);
  let total = 0;
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const shard = waiting.shift();
    if (shard === undefined) break;
    const done = await reconcileShard(deps, shard);
    tell(options, done);
    total += done.transactions;
    if (!done.done) waiting.push(shard);
  }
  for (let shard = 0; shard < identity.shards; shard += 1) {
    const { rows, findings, fresh } = await patrolShard({ pool, clock }, shard);
    tell(options, { checked: { chain: 0, entries: 0, state: rows }, findings, fresh });
  }
  return total;
}

interface Told {
  readonly checked: Readonly<Record<Invariant, number>>;
  readonly findings: readonly Seen[];
  readonly fresh: readonly Seen[];
}

function tell({ log, meter }: ReconcileOptions, { checked, findings, fresh }: Told): void {
  for (const invariant of ['chain', 'entries', 'state'] as const) {
    const failures = findings.filter((each) => each.invariant === invariant).length;
    meter?.add('hongmi_ledger_invariant_checks_total', checked[invariant], invariant);
    meter?.add('hongmi_ledger_invariant_failures_total', failures, invariant);
  }
  for (const finding of fresh)
    log.error({ finding }, 'the ledger does not add up: see GET /v1/ledger/findings');
}
