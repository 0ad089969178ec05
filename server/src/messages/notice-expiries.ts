import { addToDate, daysBetween, endOfDate, localDate, startOfDate } from '../kernel/calendar.ts';
import type { Clock, Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { eachAlone } from '../kernel/leftovers.ts';
import {
  type ExpiringAccount,
  type ExpiringSpan,
  readExpiring,
  spansExpiring,
  walkExpiring,
} from '../ledger/read-due.ts';
import type { Pool } from '../platform/database.ts';
import { withTransaction } from '../platform/database.ts';
import type { Programme } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { advanceWalks, readWalks } from './expiry-walk.ts';
import { writePoints } from './render.ts';
import { readPolicies } from './store.ts';
import { type Draft, writeMessages } from './write-messages.ts';

export interface ExpiryNotices {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly programmes: ProgrammeRegistry;
  /** How many shards the ledger has. */
  readonly shards: number;
  /** Lots looked at together. */
  readonly page?: number;
}

const PAGE = 500;

/**
 * Tells members that points of theirs expire so many days ahead as the programme has it; answers how many
 * notices were made. A day's lots are walked once, along the index of what is due, and then not looked at again: how far
 * that came is kept. A crash walks a part again, and the keys of the notices make each come once.
 */
export async function noticeExpiries(deps: ExpiryNotices): Promise<number> {
  const { pool, programmes } = deps;
  const policies = await readPolicies(
    pool,
    programmes.all().map(({ id }) => id),
  );
  const walks = await readWalks(pool);
  const notice = (programme: Programme): Promise<number> => {
    const days = policies.get(programme.id)?.expiryNoticeDays ?? [];
    return noticeOf(deps, programme, days, walks.get(programme.id));
  };
  return eachAlone(programmes.all(), notice, 'the members of a programme could not be told');
}

async function noticeOf(
  deps: ExpiryNotices,
  programme: Programme,
  days: readonly number[],
  walks: ReadonlyMap<string, Instant> = new Map(),
): Promise<number> {
  const now = deps.programmes.programmeClock(programme.id);
  const today = localDate(now, programme.timeZone);
  const asked: (ExpiringSpan & { readonly ahead: number })[] = [];
  // What lapses sooner is told as that: nobody hears of 30 days when there are 5 left.
  let after = now;
  for (const ahead of [...days].sort((a, b) => a - b)) {
    const until = endOfDate(addToDate(today, { days: ahead }), programme.timeZone);
    for (let shard = 0; shard < deps.shards; shard += 1) {
      const from = Math.max(after, walks.get(`${shard} ${ahead}`) ?? 0);
      if (from < until) asked.push({ shard, ahead, after: from, until });
    }
    after = until;
  }
  if (asked.length === 0) return 0;
  let made = 0;
  // Mostly nothing lapses on the day that has come within reach, and then there is nothing to walk.
  for (const span of await spansExpiring(deps.pool, programme.id, asked))
    made += await walk(deps, { programme, now, today, ...span });
  const walked = asked.map(({ shard, ahead, until }) => ({ shard, days: ahead, through: until }));
  await withTransaction(deps.pool, (tx) => advanceWalks(tx, programme.id, walked));
  return made;
}

interface Walk extends ExpiringSpan {
  readonly programme: Programme;
  /** By the programme's clock. */
  readonly now: Instant;
  readonly today: string;
  /** How many days ahead these notices are. */
  readonly ahead: number;
}

async function walk(deps: ExpiryNotices, at: Walk): Promise<number> {
  const { pool, page = PAGE } = deps;
  const { shard, ahead } = at;
  const place = { shard, programme: at.programme.id };
  let made = 0;
  for await (const accounts of walkExpiring(pool, place, at, page)) {
    const last = accounts.at(-1)?.expiresAt ?? at.after;
    made += await withTransaction(pool, async (tx) => {
      const drafts = await draftsOf(deps, at, accounts);
      const fates = await writeMessages(tx, deps, drafts);
      // More lots may lapse at that very moment: behind it is only what lapses before.
      await advanceWalks(tx, place.programme, [{ shard, days: ahead, through: last - 1 }]);
      return fates.filter((fate) => fate === 'made').length;
    });
  }
  return made;
}

/** One notice for each account and day, of everything that lapses there that day. */
async function draftsOf(
  { pool }: ExpiryNotices,
  { programme, now, today, ahead }: Walk,
  accounts: readonly ExpiringAccount[],
): Promise<Draft[]> {
  const { timeZone } = programme;
  const found = new Map<string, Told>();
  for (const { member, pointType, expiresAt } of accounts) {
    // What lapses at midnight lasts to the end of the day before.
    const lastDay = localDate(expiresAt - 1, timeZone);
    const key = `expiry:${member}:${pointType}:${lastDay}:${ahead}`;
    // What has lapsed already may not be booked yet.
    const after = Math.max(now, startOfDate(lastDay, timeZone));
    const until = endOfDate(lastDay, timeZone);
    if (!found.has(key)) found.set(key, { key, member, pointType, lastDay, after, until });
  }
  const windows = [...found.values()];
  const points = await readExpiring(pool, windows);
  return windows.flatMap((each, place) => {
    const left = points[place] ?? 0;
    // Spent since, or held: that does not lapse while it is.
    return left === 0 ? [] : [draftOf(programme, today, each, left)];
  });
}

interface Told {
  readonly key: string;
  readonly member: Uuid;
  readonly pointType: number;
  /** The last day on which the points can be spent. */
  readonly lastDay: string;
  /** When that day begins, or now, and when it is over. */
  readonly after: Instant;
  readonly until: Instant;
}

function draftOf(
  programme: Programme,
  today: string,
  { key, member, pointType, lastDay, until }: Told,
  points: number,
): Draft {
  const type = programme.pointTypes.find((each) => each.id === pointType);
  return {
    kind: 'expiry_notice',
    programme: programme.id,
    member,
    dedupeKey: key,
    facts: {
      points: writePoints(points, type?.scale ?? 0),
      pointType: type?.name ?? '',
      lastDay,
      daysLeft: daysBetween(today, lastDay),
    },
    expiresAt: until,
  };
}
