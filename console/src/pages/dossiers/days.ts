import { instantOfDay } from '../../app/zone.ts';

// Documents are valid by days of the programme, both ends included; the API has instants, and the end is not included.

const DAY_MS = 86_400_000;

/** The day before or after a day, `2026-03-01`. */
function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The day of an instant in a time zone, `2026-03-01`. */
export function dayOf(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(new Date(at));
}

export const firstInstant = (day: string, timeZone: string): string => instantOfDay(day, timeZone);

/** Where a last day ends. */
export const endOf = (lastDay: string, timeZone: string): string =>
  instantOfDay(shifted(lastDay, 1), timeZone);

/** The last day before an end that is not included. */
export const lastDayOf = (end: string, timeZone: string): string =>
  dayOf(new Date(Date.parse(end) - 1).toISOString(), timeZone);
