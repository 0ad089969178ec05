import type { Instant } from '../kernel/clock.ts';
import { finishDue } from '../kernel/due.ts';
import { eachAlone } from '../kernel/leftovers.ts';
import type { Command } from '../ledger/command.ts';
import type { Ledger } from '../ledger/ledger.ts';
import {
  type DueAccount,
  type DueHold,
  type Place,
  placesDue,
  readLapsed,
  readMature,
  readTimedOut,
} from '../ledger/read-due.ts';
import type { Pool, Sql } from '../platform/database.ts';
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

/** A shard waits for its own answers; several keep the ledger busy and still leave room between their batches. */
const SHARDS_AT_ONCE = 4;

/** What is due of one kind, as commands with keys that stay the same while it is due. */
interface Kind<T> {
  readonly name: Parameters<typeof placesDue>[1];
  readonly read: (
    sql: Sql,
    place: Place,
    now: Instant,
    but: readonly T[],
    limit: number,
  ) => Promise<T[]>;
  readonly commandOf: (due: T, programme: number) => Command;
}

/** Books what has lapsed. */
const expire: Kind<DueAccount> = {
  name: 'lapsed',
  read: readLapsed,
  commandOf: ({ member, pointType, mark }, programme) => ({
    kind: 'expire',
    key: `expire:${pointType}:${mark}`,
    programme,
    pointType,
    member,
    effectiveAt: null,
  }),
};

/** Records that pending points have become available. */
const mature: Kind<DueAccount> = {
  name: 'mature',
  read: readMature,
  commandOf: ({ member, pointType, mark }, programme) => ({
    kind: 'mature',
    key: `mature:${pointType}:${mark}`,
    programme,
    pointType,
    member,
    effectiveAt: null,
  }),
};

/** Releases holds that were neither captured nor released in time. */
const timeOut: Kind<DueHold> = {
  name: 'timedOut',
  read: readTimedOut,
  commandOf: ({ id, member, pointType }, programme) => ({
    kind: 'release',
    key: `timeout:${id}`,
    programme,
    pointType,
    member,
    hold: id,
    timeout: true,
    effectiveAt: null,
  }),
};

export const SWEEPS = {
  timeOut: sweepOf(timeOut),
  mature: sweepOf(mature),
  expire: sweepOf(expire),
} as const;
export type Sweep = keyof typeof SWEEPS;

/**
 * Does everything of one kind that is due by its programme's clock; answers how many commands were
 * applied. Two processes may sweep at once and a crash may end one anywhere: the commands' keys, and what
 * is due being read again for every page, make each thing happen once. What fails keeps nothing else waiting.
 */
export function sweep(deps: SweepDeps, kind: Sweep): Promise<number> {
  return SWEEPS[kind](deps);
}

/** One look tells where something is due; most often it is nowhere. */
function sweepOf<T>(kind: Kind<T>): (deps: SweepDeps) => Promise<number> {
  return async (deps) => {
    const { pool, programmes, shards } = deps;
    const clocks = programmes
      .all()
      .map(({ id: programme }) => ({ programme, now: programmes.programmeClock(programme) }));
    const places = (await placesDue(pool, kind.name, clocks, shards)).values();
    const lane = (): Promise<number> =>
      eachAlone(places, (place) => sweepPlace(deps, kind, place), 'a shard could not be swept');
    const lanes = Array.from({ length: SHARDS_AT_ONCE }, lane);
    // All have ended before a failure is told: the next sweep must not overtake this one.
    await Promise.allSettled(lanes);
    return eachAlone(lanes, (done) => done, 'not everything that is due could be done');
  };
}

function sweepPlace<T>(
  { pool, ledger, programmes, page }: SweepDeps,
  { read, commandOf }: Kind<T>,
  place: Place,
): Promise<number> {
  const { programme } = place;
  const due = {
    read: (but: readonly T[], limit: number) =>
      read(pool, place, programmes.programmeClock(programme), but, limit),
    async finish(list: readonly T[]) {
      const answers = await ledger.submitAll(list.map((each) => commandOf(each, programme)));
      // What was answered as before, another process is at.
      return list.filter((_, index) => {
        const answer = answers[index];
        return answer?.status === 'applied' && !answer.replayed;
      });
    },
  };
  return finishDue(due, page);
}
