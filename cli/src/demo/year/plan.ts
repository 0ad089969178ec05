import { addDays, type Date10 } from './calendar.ts';

/** What the whole year follows from. */
export interface Plan {
  readonly seed: string;
  /** The first day that is not in it any more. */
  readonly until: Date10;
  /** How many members besides those with a story. */
  readonly members: number;
}

export const DAYS = 365;
export const MEMBERS_MAX = 20_000;

export function firstDayOf({ until }: Pick<Plan, 'until'>): Date10 {
  return addDays(until, -DAYS);
}

/** The shops send in the registrations of the day in the evening. */
export const REGISTERED_AT = 20 * 60 + 30;

/** Below so many members a year is played week by week: birthdays are seen on the evenings alone. */
const DAILY_MIN = 500;

/** How many days are sent at a time. */
export function strideOf({ members }: Pick<Plan, 'members'>): number {
  return members < DAILY_MIN ? 7 : 1;
}
