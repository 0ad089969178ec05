import { addToDate } from '../kernel/calendar.ts';
import type { Measures, TierScheme } from './scheme.ts';
import { qualifies, rankOf } from './scheme.ts';
import { type Days, fallsOutOn, windowBefore, windowOn } from './window.ts';

/** What is left of a member's orders of one day. */
export interface DayDone {
  readonly day: string;
  readonly spendFen: number;
  /** Of which something paid is left. */
  readonly orders: number;
  readonly points: number;
}

/** What decides about a member's tier. */
export interface Record {
  /** By day. */
  readonly days: readonly DayDone[];
  /** The day of joining. */
  readonly joined: string;
  readonly floor: Floor | null;
}

/** A tier given by hand: at least that, before the day `until`. */
export interface Floor {
  readonly tier: string;
  readonly until: string;
}

/** A tier by its rank, -1 for none, and the first day on which it is not deserved any more; null of none. */
export interface Deserved {
  readonly rank: number;
  readonly until: string | null;
}

const NONE: Deserved = { rank: -1, until: null };

/** What was done on these days. */
export function doneOn(days: readonly DayDone[], { from, until }: Days): Measures {
  const done = { spendFen: 0, visits: 0, points: 0 };
  for (const each of days) {
    if (each.day < from || each.day >= until) continue;
    done.spendFen += each.spendFen;
    done.visits += each.orders > 0 ? 1 : 0;
    done.points += each.points;
  }
  return done;
}

/** The highest tier that these figures qualify for; -1: none. */
export function rankBy({ tiers }: TierScheme, done: Measures): number {
  return tiers.findLastIndex((tier) => qualifies(tier, done));
}

/**
 * What a member deserves on a day by what was done until now. What is reached in a window of the calendar lasts until
 * the end of the next one; in a rolling one, until so much falls out of it that the rest does not qualify.
 */
export function deservedOn(scheme: TierScheme, record: Record, day: string): Deserved {
  const earned =
    scheme.window.kind === 'rolling'
      ? rollingOn(scheme, record, day, scheme.window.months)
      : periodOn(scheme, record, day);
  const { floor } = record;
  if (floor === null || floor.until <= day) return earned;
  const rank = rankOf(scheme, floor.tier);
  if (rank < earned.rank || rank < 0) return earned;
  const until =
    rank === earned.rank && earned.until !== null && earned.until > floor.until
      ? earned.until
      : floor.until;
  return { rank, until };
}

function periodOn(scheme: TierScheme, { days, joined }: Record, day: string): Deserved {
  const window = windowOn(scheme.window, day, joined);
  const before = windowBefore(scheme.window, window, joined);
  const now = rankBy(scheme, doneOn(days, window));
  const then = rankBy(scheme, doneOn(days, before));
  if (now >= 0 && now >= then)
    return { rank: now, until: windowOn(scheme.window, window.until, joined).until };
  return then < 0 ? NONE : { rank: then, until: window.until };
}

function rollingOn(
  scheme: TierScheme,
  { days, joined }: Record,
  day: string,
  months: number,
): Deserved {
  const window = windowOn(scheme.window, day, joined);
  const counting = days.filter((each) => each.day >= window.from && each.day < window.until);
  const left = { ...doneOn(counting, window) };
  const rank = rankBy(scheme, left);
  if (rank < 0) return NONE;
  for (const each of counting) {
    left.spendFen -= each.spendFen;
    left.visits -= each.orders > 0 ? 1 : 0;
    left.points -= each.points;
    if (rankBy(scheme, left) < rank) return { rank, until: fallsOutOn(months, each.day) };
  }
  throw new Error('nothing done qualifies for no tier');
}

/** The tier a member is in. */
export interface Standing {
  readonly tier: string | null;
  /** The first day on which it is not deserved any more; null: no tier. */
  readonly until: string | null;
  /** Kept, deserved or not: one step down, or what a member had who became part of this one. */
  readonly kept: boolean;
  /** The day on which the member was told that the tier will be lost. */
  readonly noticed: string | null;
  /** What it would become then; null: none. */
  readonly noticedTier: string | null;
}

export interface Change {
  readonly kind: 'reached' | 'announced' | 'lost' | 'scheme' | 'merged';
  readonly from: string | null;
  readonly to: string | null;
  /** The first day on which it is not deserved any more; of an announcement, on which it is lost. */
  readonly until: string | null;
}

export interface Reviewed {
  readonly standing: Standing;
  readonly changes: readonly Change[];
  /** The day to look again; null: nothing will change by time alone. */
  readonly nextOn: string | null;
}

/** The day on which a member is looked at, and on which one who is written to then is told. */
interface Day {
  readonly today: string;
  readonly told: string;
}

/**
 * Looks at a member's tier on a day: up at once, down by the scheme's policy. Who is written to today is told on the
 * day `told`, from which the days of notice count.
 */
export function review(
  scheme: TierScheme,
  standing: Standing,
  record: Record,
  today: string,
  told: string = today,
): Reviewed {
  const on = { today, told };
  const deserved = deservedOn(scheme, record, today);
  const rank = rankOf(scheme, standing.tier);
  const isUnknown = standing.tier !== null && rank < 0;
  if (isUnknown || deserved.rank > rank) {
    const kind = isUnknown ? 'scheme' : 'reached';
    const reached = at(scheme, deserved);
    return settle(scheme, record, on, reached, [
      { kind, from: standing.tier, to: reached.tier, until: reached.until },
    ]);
  }
  if (standing.tier === null) return { standing, changes: [], nextOn: null };
  if (deserved.rank === rank) {
    const { noticed, noticedTier } = standing;
    const isSame = deserved.until === standing.until;
    const fresh = at(scheme, deserved);
    return settle(scheme, record, on, isSame ? { ...fresh, noticed, noticedTier } : fresh, []);
  }
  if (standing.kept) return settle(scheme, record, on, standing, []);
  // What it was reached by came back, or another scheme asks for more.
  const until = least(standing.until ?? today, nextReview(scheme, record, today));
  const isSooner = scheme.downgrade?.returns === 'at_once' && (standing.until ?? today) > today;
  if (isSooner) return lose(scheme, { ...standing, until }, record, on, deserved, []);
  return settle(scheme, record, on, { ...standing, until }, []);
}

/** Looks at whoever absorbed others: the best of their tiers is theirs, whatever their own windows make of it. */
export function reviewUnited(
  scheme: TierScheme,
  own: Standing,
  others: readonly Standing[],
  record: Record,
  today: string,
  told: string = today,
): Reviewed {
  const best = others.reduce((a, b) => better(scheme, a, b), own);
  const { tier, until, noticed, noticedTier } = best;
  const isLess = deservedOn(scheme, record, today).rank < rankOf(scheme, tier);
  const united = { tier, until, kept: best.kept || isLess, noticed, noticedTier };
  const { standing, changes, nextOn } = review(scheme, united, record, today, told);
  const [first] = changes;
  // What they reach together is one step, not two.
  const isFurther = first?.kind === 'reached';
  const now = isFurther ? standing : united;
  if (now.tier === own.tier) return { standing, changes, nextOn };
  const merged = { kind: 'merged', from: own.tier, to: now.tier, until: now.until } as const;
  return { standing, changes: [merged, ...changes.slice(isFurther ? 1 : 0)], nextOn };
}

/** The higher of two tiers; of one tier, what lasts longer. */
function better(scheme: TierScheme, a: Standing, b: Standing): Standing {
  const [rankA, rankB] = [rankOf(scheme, a.tier), rankOf(scheme, b.tier)];
  if (rankA !== rankB) return rankA > rankB ? a : b;
  return (b.until ?? '') > (a.until ?? '') ? b : a;
}

/** The higher of two tiers given by hand; of one tier, what lasts longer. */
export function betterFloor(scheme: TierScheme, a: Floor | null, b: Floor | null): Floor | null {
  if (a === null || b === null) return a ?? b;
  const [rankA, rankB] = [rankOf(scheme, a.tier), rankOf(scheme, b.tier)];
  if (rankA !== rankB) return rankA > rankB ? a : b;
  return b.until > a.until ? b : a;
}

/** Announces and takes away what is due, and says when to look again. */
function settle(
  scheme: TierScheme,
  record: Record,
  on: Day,
  standing: Standing,
  before: readonly Change[],
): Reviewed {
  const { until, tier } = standing;
  const { today, told } = on;
  if (tier === null || until === null) return { standing, changes: before, nextOn: null };
  const { graceDays = 0, noticeDays = 0 } = scheme.downgrade ?? {};
  const rank = rankOf(scheme, tier);
  const lostOn = addToDate(until, { days: graceDays });
  const noticeOn = addToDate(lostOn, { days: -noticeDays });
  let { noticed, noticedTier } = standing;
  const changes = [...before];
  // What is done until now decides what will be deserved then; more may be done meanwhile.
  const then = deservedOn(scheme, record, greatest(until, today));
  if (noticeDays > 0 && noticed === null && today >= noticeOn && then.rank < rank) {
    noticed = told;
    noticedTier = at(scheme, fallTo(scheme, rank, then)).tier;
    const day = greatest(lostOn, addToDate(told, { days: noticeDays }));
    changes.push({ kind: 'announced', from: tier, to: noticedTier, until: day });
  }
  const tomorrow = addToDate(today, { days: 1 });
  if (noticeDays > 0 && noticed === null) {
    return { standing, changes, nextOn: greatest(noticeOn, tomorrow) };
  }
  const dueOn =
    noticed === null ? lostOn : greatest(lostOn, addToDate(noticed, { days: noticeDays }));
  const now = { ...standing, noticed, noticedTier };
  if (today >= dueOn) {
    const deserved = deservedOn(scheme, record, today);
    if (deserved.rank < rank) return lose(scheme, now, record, on, deserved, changes);
  }
  return { standing: now, changes, nextOn: greatest(dueOn, tomorrow) };
}

function lose(
  scheme: TierScheme,
  standing: Standing,
  record: Record,
  on: Day,
  deserved: Deserved,
  before: readonly Change[],
): Reviewed {
  const { today } = on;
  const fallen = fallTo(scheme, rankOf(scheme, standing.tier), deserved);
  const kept = fallen.rank > deserved.rank;
  const until = kept ? keptUntil(scheme, record, today) : fallen.until;
  const told = standing.noticed === null ? -1 : rankOf(scheme, standing.noticedTier);
  // No further than the member was told: the rest has a notice of its own.
  const next =
    fallen.rank < told
      ? at(scheme, { rank: told, until: today })
      : { ...at(scheme, { rank: fallen.rank, until }), kept };
  return settle(scheme, record, on, next, [
    ...before,
    { kind: 'lost', from: standing.tier, to: next.tier, until: next.until },
  ]);
}

function fallTo(scheme: TierScheme, rank: number, deserved: Deserved): Deserved {
  if (scheme.downgrade?.to !== 'one_step' || rank - 1 <= deserved.rank) return deserved;
  return { rank: rank - 1, until: null };
}

/** When a tier that was reached by what came back is looked at: with the window, or at once where that moves on every day. */
function nextReview(scheme: TierScheme, { joined }: Record, today: string): string {
  return scheme.window.kind === 'rolling' ? today : windowOn(scheme.window, today, joined).until;
}

/** One step down lasts as long as it takes to show what one is worth: a whole rolling window, or the rest of another. */
function keptUntil(scheme: TierScheme, { joined }: Record, today: string): string {
  if (scheme.window.kind === 'rolling') return addToDate(today, { months: scheme.window.months });
  return windowOn(scheme.window, today, joined).until;
}

function at({ tiers }: TierScheme, { rank, until }: Deserved): Standing {
  const tier = tiers[rank]?.code ?? null;
  return { tier, until, kept: false, noticed: null, noticedTier: null };
}

const least = (a: string, b: string): string => (a < b ? a : b);
const greatest = (a: string, b: string): string => (a > b ? a : b);
