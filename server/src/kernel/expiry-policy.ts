import {
  addToDate,
  type CalendarUnit,
  endOfDate,
  firstDayAfter,
  localDate,
  startOfDate,
} from './calendar.ts';
import type { Instant } from './clock.ts';

/** How long points last whose end is known when they are earned. Days, months and years are of the programme's time zone. */
export type DatedExpiry =
  | { readonly kind: 'none' }
  /** So long after they were earned, to the end of that day. */
  | {
      readonly kind: 'rolling';
      readonly days?: number;
      readonly months?: number;
      readonly years?: number;
    }
  /** To the end of the month, quarter or year in which they were earned, and `after` more of them. */
  | {
      readonly kind: 'end_of';
      readonly period: Extract<CalendarUnit, 'month' | 'quarter' | 'year'>;
      readonly after: number;
    }
  /** To the end of this day (`2027-12-31`). */
  | { readonly kind: 'fixed'; readonly date: string };

/**
 * How long points last: to an end that is known when they are earned, or as long as their member comes: to the end
 * of the month that is `months` after the month of the member's last activity.
 */
export type ExpiryPolicy = DatedExpiry | SlidingExpiry;
export interface SlidingExpiry {
  readonly kind: 'sliding';
  readonly months: number;
}

/** By how many months points may slide, by the calendar of a time zone. */
export interface Slides {
  readonly timeZone: string;
  readonly months: readonly number[];
}

/**
 * When points that are earned at `earnedAt` lapse: the first instant at which they cannot be spent any more,
 * always where a day of the time zone begins. Null: never. A fixed date may lie before `earnedAt`. What slides lapses
 * then unless its member does something before.
 */
export function expiresAt(
  policy: ExpiryPolicy,
  earnedAt: Instant,
  timeZone: string,
): Instant | null {
  switch (policy.kind) {
    case 'none':
      return null;
    case 'rolling':
      return endOfDate(addToDate(localDate(earnedAt, timeZone), policy), timeZone);
    case 'end_of': {
      const { period, after } = policy;
      return startOfDate(firstDayAfter(period, localDate(earnedAt, timeZone), after), timeZone);
    }
    case 'fixed':
      return endOfDate(policy.date, timeZone);
    case 'sliding':
      return slidesTo(policy.months, earnedAt, timeZone);
  }
}

/** Whether points earned at whatever moment last as long by the second policy as by the first; what cannot be compared does not. */
export function lastsAsLong(before: ExpiryPolicy, after: ExpiryPolicy): boolean {
  if (after.kind === 'none') return true;
  if (before.kind === 'rolling' && after.kind === 'rolling')
    return (['years', 'months', 'days'] as const).every(
      (unit) => (after[unit] ?? 0) >= (before[unit] ?? 0),
    );
  if (before.kind === 'end_of' && after.kind === 'end_of')
    return before.period === after.period && after.after >= before.after;
  if (before.kind === 'sliding' && after.kind === 'sliding') return after.months >= before.months;
  return before.kind === 'fixed' && after.kind === 'fixed' && after.date >= before.date;
}

/** To when an activity lets points last that slide by so many months. */
export function slidesTo(months: number, activeAt: Instant, timeZone: string): Instant {
  return startOfDate(firstDayAfter('month', localDate(activeAt, timeZone), months), timeZone);
}
