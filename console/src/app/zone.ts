import { instantOf, wallAt } from '@hongmi/ui/wall-time.ts';

/** The instant at which a day, `2026-03-01`, begins in a time zone, as the API takes it. Where the clocks skip midnight, the first there is. */
export function startOfDay(day: string, timeZone: string): string {
  const at = instantOf(`${day}T00:00`, timeZone);
  if (at === undefined) throw new RangeError(`${day} is no day`);
  return at;
}

/** The instant at which a day is over: that at which the next begins. */
export const endOfDay = (day: string, timeZone: string): string =>
  startOfDay(addDays(day, 1), timeZone);

/** The day of an instant. */
export const dayAt = (at: string | Date, timeZone: string): string =>
  wallAt(at, timeZone).slice(0, 10);

/** The last day of what is over at an instant: often a midnight, when that day is over. */
export const lastDayBefore = (end: string, timeZone: string): string =>
  dayAt(new Date(Date.parse(end) - 1), timeZone);

/** So many days after a day, `2026-03-01`; before it where there are less than none. */
export function addDays(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
