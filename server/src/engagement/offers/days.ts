import type { LocalTime } from '../../kernel/calendar.ts';
import { addToDate, localDate, localTime, startOfDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Conditions } from '../../rules/rule.ts';

/** So far ahead offers are told of, in days. */
export const AHEAD_DAYS = 60;

/** The days of a programme from today on, as far as offers are told of. */
export interface Days {
  readonly now: Instant;
  readonly timeZone: string;
  readonly list: readonly LocalTime[];
}

export function daysFrom(now: Instant, timeZone: string): Days {
  const today = localDate(now, timeZone);
  const list = Array.from({ length: AHEAD_DAYS + 1 }, (_, ahead) =>
    localTime(startOfDate(addToDate(today, { days: ahead }), timeZone), timeZone),
  );
  return { now, timeZone, list };
}

/** When a version that was published counts. */
export interface InForce {
  readonly from: Instant;
  /** Not included; null: until further notice. */
  readonly until: Instant | null;
}

/**
 * The first of the days on which a version counts and its own times hold; undefined: none of them. What begins later today is of
 * today, what ended before is not.
 */
export function firstDay(
  { from, until }: InForce,
  { now, timeZone, list }: Days,
  holds: (day: LocalTime) => boolean,
): string | undefined {
  if (until !== null && until <= now) return undefined;
  const first = localDate(from, timeZone);
  const last = until === null ? '9999-12-31' : localDate(until - 1, timeZone);
  return list.find((day) => day.date >= first && day.date <= last && holds(day))?.date;
}

/** The last day of a version, by its own end and by what else is known to end it: the soonest; null: until further notice. */
export function lastDay(
  { until }: InForce,
  timeZone: string,
  ...known: readonly (string | undefined)[]
): string | null {
  const end = until === null ? undefined : localDate(until - 1, timeZone);
  const [first = null] = [end, ...known].filter((day) => day !== undefined).sort();
  return first;
}

/** Whether the days of a rule have this one. Hours are told beside. */
export function isOnDay({ dates, weekdays, monthDays }: Conditions, day: LocalTime): boolean {
  return (
    (dates?.from ?? '') <= day.date &&
    day.date <= (dates?.to ?? '9999-12-31') &&
    weekdays?.includes(day.weekday) !== false &&
    monthDays?.includes(day.day) !== false
  );
}
