/** So much time; the day of a month stays, as far as the month has it. */
export interface Span {
  readonly hours?: number;
  readonly days?: number;
  readonly months?: number;
}

/** A simulated calendar that is only moved forward. */
export interface Calendar {
  now(): Date;
  /** Moves on, and answers the new time. */
  pass(span: Span): Date;
}

/**
 * Days and months are counted in UTC. Towns live in Asia/Shanghai, which has no summer time, and their days begin at
 * 10:00 there: so the date is the same in both, from 08:00 on.
 */
export function createCalendar(start: Date): Calendar {
  let now = start;
  return {
    now: () => now,
    pass({ hours = 0, days = 0, months = 0 }) {
      const next = new Date(now);
      next.setUTCDate(1);
      next.setUTCMonth(next.getUTCMonth() + months);
      next.setUTCDate(Math.min(now.getUTCDate(), daysIn(next)));
      next.setUTCDate(next.getUTCDate() + days);
      next.setUTCHours(next.getUTCHours() + hours);
      now = next;
      return now;
    },
  };
}

/** How many days the month has. */
function daysIn(month: Date): number {
  return new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate();
}
