import { addToDate, localDate, startOfDate } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { TierNews } from '../kernel/tier-news.ts';
import { readJoined } from '../members/joined.ts';
import { readSurvivorsOf } from '../members/merged.ts';
import type { Pool, Sql, Transaction } from '../platform/database.ts';
import type { Programme } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { readDays } from './day-store.ts';
import type { Deeds } from './deed.ts';
import { type Ladder, merchantOf } from './ladder.ts';
import {
  type Given,
  insertChanges,
  lockMembers,
  type MemberTier,
  NOTHING,
  type TierChange,
  writeMembers,
} from './member-store.ts';
import { rankOf, type SchemeVersion, type TierScheme } from './scheme.ts';
import { betterFloor, type Record, type Reviewed, review, reviewUnited } from './standing.ts';
import type { TierNotices } from './tier-notices.ts';
import { windowBefore, windowOn } from './window.ts';

export interface TierDeps {
  readonly pool: Pool;
  readonly programmes: ProgrammeRegistry;
  readonly deeds: Deeds;
  readonly notices: TierNotices;
}

/** A moment of a programme, and the schemes that hold then. */
export interface Moment extends Pick<TierDeps, 'notices'> {
  readonly programme: Programme;
  /** By ladder; of those that are looked at. */
  readonly versions: ReadonlyMap<Uuid, SchemeVersion>;
  readonly now: Instant;
  /** The day of `now` by the programme's time zone. */
  readonly today: string;
}

export function momentOf(
  { notices }: Pick<TierDeps, 'notices'>,
  programme: Programme,
  versions: readonly SchemeVersion[],
  now: Instant,
): Moment {
  const today = localDate(now, programme.timeZone);
  const byLadder = new Map(versions.map((version) => [version.ladder, version]));
  return { programme, versions: byLadder, now, today, notices };
}

/** The version that holds on a ladder that is looked at. */
export function versionOf({ versions }: Moment, { ladder }: Pick<Ladder, 'ladder'>): SchemeVersion {
  const version = versions.get(ladder);
  if (version === undefined) throw new Error('whose ladder is looked at has a scheme');
  return version;
}

/** What decides about members' tiers, answered in order. What was done by whoever became part of them is theirs. */
export async function readRecords(
  sql: Sql,
  moment: Moment,
  members: readonly Pick<MemberTier, 'ladder' | 'member' | 'floor'>[],
): Promise<Record[]> {
  const { programme, today } = moment;
  const joined = await readJoined(
    sql,
    members.map(({ member }) => ({ member, programme: programme.id })),
  );
  const known = members.map(({ ladder, member, floor }, index) => {
    const { window } = versionOf(moment, { ladder }).scheme;
    const { joinedAt, absorbed } = joined[index] ?? { joinedAt: 0, absorbed: [] };
    const day = localDate(joinedAt, programme.timeZone);
    const now = windowOn(window, today, day);
    const { from } = window.kind === 'rolling' ? now : windowBefore(window, now, day);
    const persons = [member, ...absorbed];
    const asked = { programme: programme.id, ladder, members: persons, from };
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

/** Why members are looked at, where it was not what they did or time. */
interface Because {
  readonly given?: Given;
  /** Who became part of whom, by survivor. */
  readonly absorbed?: ReadonlyMap<Uuid, readonly MemberTier[]>;
}

/**
 * Looks at members whose rows are locked, on whichever ladders, writes what becomes of their tiers, and tells them: as many
 * statements as for one. A tier is announced to be lost in the transaction that writes the message, or not at all.
 */
export async function reviewLocked(
  tx: Transaction,
  moment: Moment,
  members: readonly MemberTier[],
  { given, absorbed }: Because = {},
): Promise<MemberTier[]> {
  if (members.length === 0) return [];
  const { programme, now, today } = moment;
  const known = members.map((member) => {
    const { number, scheme } = versionOf(moment, member);
    const others = absorbed?.get(member.member) ?? [];
    const floor = others.reduce((a, each) => betterFloor(scheme, a, each.floor), member.floor);
    return { member: { ...member, floor }, others, number, scheme };
  });
  const records = await readRecords(
    tx,
    moment,
    known.map(({ member }) => member),
  );
  let told: string | null = null;
  const changes: TierChange[] = [];
  const schemes: TierScheme[] = [];
  const reviewed: MemberTier[] = [];
  for (const [index, { member, others, number, scheme }] of known.entries()) {
    const record = records[index];
    if (record === undefined) throw new Error('every member has a record');
    const look = (on: string): Reviewed =>
      others.length === 0
        ? review(scheme, member, record, today, on)
        : reviewUnited(scheme, member, others, record, today, on);
    let found = look(told ?? today);
    // Only who is told of a coming loss needs to know when messages arrive.
    if (told === null && found.changes.some(({ kind }) => kind === 'announced')) {
      told = localDate(await moment.notices.toldAt(tx, programme, now), programme.timeZone);
      found = look(told);
    }
    for (const { kind, ...change } of found.changes) {
      const { ladder, member: id } = member;
      const common = { programme: programme.id, ladder, member: id, at: now, ...change };
      const byHand = kind === 'reached' ? (given ?? null) : null;
      const named = byHand === null ? kind : 'given';
      changes.push({ ...common, kind: named, scheme: number, given: byHand });
      schemes.push(scheme);
    }
    reviewed.push(standingOf(moment, member, found));
  }
  // What was given by hand is not in the table yet.
  const moved = reviewed.filter((each, index) => given || !isSame(each, members[index]));
  if (moved.length > 0) await writeMembers(tx, moved);
  if (changes.length > 0) {
    const numbers = await insertChanges(tx, changes);
    const news = changes.map((each, index) =>
      newsOf(schemes[index] as TierScheme, each, numbers[index] ?? 0),
    );
    await moment.notices.tell(tx, programme, news);
  }
  return reviewed;
}

/** A floor is another one or the one that it was. */
function isSame(one: MemberTier, other: MemberTier | undefined): boolean {
  if (other === undefined) return false;
  for (const name in one)
    if (one[name as keyof MemberTier] !== other[name as keyof MemberTier]) return false;
  return true;
}

function standingOf(
  { programme, now, today }: Moment,
  member: MemberTier,
  { standing, nextOn }: Reviewed,
): MemberTier {
  const isOver = member.floor !== null && member.floor.until <= today;
  return {
    ...member,
    ...standing,
    since: standing.tier === member.tier ? member.since : standing.tier === null ? null : now,
    floor: isOver ? null : member.floor,
    nextAt: nextOn === null ? null : startOfDate(nextOn, programme.timeZone),
  };
}

function newsOf(scheme: TierScheme, change: TierChange, number: number): TierNews {
  const { member, at, kind, from, to, until } = change;
  // A tier that is no more is known by its code.
  const nameOf = (code: string | null): string | null =>
    scheme.tiers.find((each) => each.code === code)?.name ?? code;
  const isUp = rankOf(scheme, to) > rankOf(scheme, from);
  const { graceDays = 0 } = scheme.downgrade ?? {};
  return {
    member,
    merchant: merchantOf(change),
    change: number,
    at,
    kind: kind === 'announced' ? 'coming' : isUp ? 'up' : 'down',
    from: nameOf(from),
    to: nameOf(to),
    until: kind === 'announced' || until === null ? until : addToDate(until, { days: graceDays }),
  };
}

/**
 * Locks members on a ladder and looks at them. What those were who became part of another is united with what
 * their survivors are, and is then nobody's any more.
 */
export async function reviewMembers(
  tx: Transaction,
  moment: Moment,
  { programme, ladder }: Ladder,
  members: readonly Uuid[],
): Promise<void> {
  const survivors = await readSurvivorsOf(tx, members);
  const persons = new Set([...members, ...survivors.values()]);
  const locked = await lockMembers(
    tx,
    [...persons].map((member) => ({ programme, ladder, member })),
  );
  const absorbed = new Map<Uuid, MemberTier[]>();
  const own: MemberTier[] = [];
  for (const each of locked) {
    const survivor = survivors.get(each.member) ?? each.member;
    if (survivor === each.member) own.push(each);
    else absorbed.set(survivor, [...(absorbed.get(survivor) ?? []), each]);
  }
  await reviewLocked(tx, moment, own, { absorbed });
  const emptied = [...absorbed.values()].flat().map((each) => ({ ...each, ...NOTHING }));
  if (emptied.length > 0) await writeMembers(tx, emptied);
}
