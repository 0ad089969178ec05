import type { Instant } from '../kernel/clock.ts';
import type { Command } from '../ledger/command.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readLapsed, readMature, readTimedOut } from '../ledger/read-due.ts';
import type { Pool } from '../platform/database.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';

export interface SweepDeps {
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly programmes: ProgrammeRegistry;
  /** How many shards the ledger has. */
  readonly shards: number;
  /** Commands in one page, and in flight at once. */
  readonly page?: number;
}

const PAGE = 500;
/** A shard waits for its own answers; several keep the ledger busy and still leave room between their batches. */
const SHARDS_AT_ONCE = 4;
/** Pages of one sweep of one shard and programme: 10 million accounts. What is left waits for the next minute. */
const PAGES_MAX = 20_000;

/** What is due in one shard of one programme, as commands with keys that stay the same while it is due. */
type Due = (
  deps: SweepDeps,
  shard: number,
  programme: number,
  now: Instant,
  limit: number,
) => Promise<Command[]>;

/** Books what has lapsed. */
const expire: Due = async ({ pool }, shard, programme, now, limit) => {
  const due = await readLapsed(pool, shard, programme, now, limit);
  return due.map(({ member, pointType, mark }) => {
    return {
      kind: 'expire',
      key: `expire:${pointType}:${mark}`,
      programme,
      pointType,
      member,
      effectiveAt: null,
    };
  });
};

/** Records that pending points have become available. */
const mature: Due = async ({ pool }, shard, programme, now, limit) => {
  const due = await readMature(pool, shard, programme, now, limit);
  return due.map(({ member, pointType, mark }) => {
    return {
      kind: 'mature',
      key: `mature:${pointType}:${mark}`,
      programme,
      pointType,
      member,
      effectiveAt: null,
    };
  });
};

/** Releases holds that were neither captured nor released in time. */
const timeOut: Due = async ({ pool }, shard, programme, now, limit) => {
  const due = await readTimedOut(pool, shard, programme, now, limit);
  return due.map(({ id, member, pointType }) => {
    return {
      kind: 'release',
      key: `timeout:${id}`,
      programme,
      pointType,
      member,
      hold: id,
      timeout: true,
      effectiveAt: null,
    };
  });
};

export const SWEEPS = { timeOut, mature, expire } as const;
export type Sweep = keyof typeof SWEEPS;

/**
 * Does everything of one kind that is due by its programme's clock; answers how many commands were
 * applied. Two processes may sweep at once and a crash may end one anywhere: the commands' keys, and what
 * is due being read again for every page, make each thing happen once.
 */
export async function sweep(deps: SweepDeps, kind: Sweep): Promise<number> {
  let applied = 0;
  for (const { id: programme } of deps.programmes.all()) {
    const shards = Array(deps.shards).keys();
    const work = async (): Promise<void> => {
      for (const shard of shards) {
        const done = await sweepShard(deps, kind, shard, programme);
        applied += done;
      }
    };
    // All have ended before a failure is told: the next sweep must not overtake this one.
    const ended = await Promise.allSettled(Array.from({ length: SHARDS_AT_ONCE }, work));
    const failures = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    if (failures.length > 0) throw failures[0];
  }
  return applied;
}

async function sweepShard(
  deps: SweepDeps,
  kind: Sweep,
  shard: number,
  programme: number,
): Promise<number> {
  let applied = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const commands = await SWEEPS[kind](
      deps,
      shard,
      programme,
      deps.programmes.programmeClock(programme),
      deps.page ?? PAGE,
    );
    if (commands.length === 0) return applied;
    const answers = await deps.ledger.submitAll(commands);
    const fresh = answers.filter(
      (answer) => answer.status === 'applied' && !answer.replayed,
    ).length;
    applied += fresh;
    // Without progress the next page would be this one again; another process may be at it.
    if (fresh === 0) return applied;
  }
  return applied;
}
