import {
  addToDate,
  type CalendarUnit,
  endOfDate,
  firstDayAfter,
  localDate,
  startOfDate,
} from './calendar.ts';
import type { Instant } from './clock.ts';

/** How long points last. Days, months and years are of the programme's time zone. */
export type ExpiryPolicy =
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
 * When points that are earned at `earnedAt` lapse: the first instant at which they cannot be spent any more,
 * always where a day of the time zone begins. Null: never. A fixed date may lie before `earnedAt`.
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
  }
}
