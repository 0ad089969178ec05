import { localDate, startOfDate } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { readJoined } from '../members/joined.ts';
import type { Pool, Sql, Transaction } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import type { Programme } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { readDays } from './day-store.ts';
import type { Deeds } from './deed.ts';
import {
  type Given,
  insertChanges,
  lockMembers,
  type MemberTier,
  type TierChange,
  writeMembers,
} from './member-store.ts';
import type { SchemeVersion } from './scheme.ts';
import { type Record, review } from './standing.ts';
import { windowBefore, windowOn } from './window.ts';

export interface TierDeps {
  readonly pool: Pool;
  readonly programmes: ProgrammeRegistry;
  readonly sealer: Sealer;
  readonly deeds: Deeds;
}

/** A moment of a programme, and the scheme that holds then. */
export interface Moment extends Pick<TierDeps, 'sealer'> {
  readonly programme: Programme;
  readonly version: SchemeVersion;
  readonly now: Instant;
  /** The day of `now` by the programme's time zone. */
  readonly today: string;
}

export function momentOf(
  { sealer }: Pick<TierDeps, 'sealer'>,
  programme: Programme,
  version: SchemeVersion,
  now: Instant,
): Moment {
  return { programme, version, now, today: localDate(now, programme.timeZone), sealer };
}

/** What decides about members' tiers, answered in order. What was done by whoever became part of them is theirs. */
export async function readRecords(
  sql: Sql,
  { programme, version, today, sealer }: Moment,
  members: readonly Pick<MemberTier, 'member' | 'floor'>[],
): Promise<Record[]> {
  const { window } = version.scheme;
  const joined = await readJoined(
    sql,
    members.map(({ member }) => ({ member, programme: programme.id })),
    sealer,
  );
  const known = members.map(({ member, floor }, index) => {
    const { joinedAt, absorbed } = joined[index] ?? { joinedAt: 0, absorbed: [] };
    const day = localDate(joinedAt, programme.timeZone);
    const now = windowOn(window, today, day);
    const { from } = window.kind === 'rolling' ? now : windowBefore(window, now, day);
    const asked = { programme: programme.id, members: [member, ...absorbed], from };
    return { asked, joined: day, floor };
  });
  const days = await readDays(
    sql,
    known.map(({ asked }) => asked),
  );
  return known.map((each, index) => ({
    days: days[index] ?? [],
    joined: each.joined,
    floor: each.floor,
  }));
}

/** Looks at members whose rows are locked, and writes what becomes of their tiers. */
export async function reviewLocked(
  tx: Transaction,
  moment: Moment,
  members: readonly MemberTier[],
  given: Given | null = null,
): Promise<MemberTier[]> {
  if (members.length === 0) return [];
  const { programme, version, now, today } = moment;
  const records = await readRecords(tx, moment, members);
  const changes: TierChange[] = [];
  const reviewed = members.map((member, index): MemberTier => {
    const record = records[index];
    if (record === undefined) throw new Error('every member has a record');
    const { standing, changes: own, nextOn } = review(version.scheme, member, record, today);
    for (const { kind, ...change } of own) {
      const common = { programme: programme.id, member: member.member, at: now, ...change };
      const byHand = kind === 'reached' ? given : null;
      const named = byHand === null ? kind : 'given';
      changes.push({ ...common, kind: named, scheme: version.number, given: byHand });
    }
    const isOver = member.floor !== null && member.floor.until <= today;
    return {
      ...member,
      ...standing,
      since: standing.tier === member.tier ? member.since : standing.tier === null ? null : now,
      floor: isOver ? null : member.floor,
      nextAt: nextOn === null ? null : startOfDate(nextOn, programme.timeZone),
    };
  });
  await writeMembers(tx, reviewed);
  if (changes.length > 0) await insertChanges(tx, changes);
  return reviewed;
}

/** Locks members of a programme and looks at them. */
export async function reviewMembers(
  tx: Transaction,
  moment: Moment,
  members: readonly Uuid[],
): Promise<void> {
  const keys = members.map((member) => ({ programme: moment.programme.id, member }));
  await reviewLocked(tx, moment, await lockMembers(tx, keys));
}
