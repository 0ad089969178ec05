import { Temporal } from 'temporal-polyfill';
import type { Instant } from './clock.ts';

/** What a clock on the wall shows somewhere. */
export interface LocalTime {
  /** `2027-06-01` */
  readonly date: string;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

/** A stretch of the calendar; weeks begin on Monday and are numbered as in ISO 8601. */
export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A time during which a zone's distance from UTC does not change; `until` is not included. */
interface Span {
  from: Instant;
  readonly until: Instant;
  readonly offsetMs: number;
}

// Two a year at most; a handful of years is what a process looks at. Rules ask for every order, and to
// ask the time zone database takes fifty times as long as to look here.
const SPANS_MAX = 128;
const spans = new Map<string, Span[]>();

function spanAt(at: Instant, timeZone: string): Span {
  let known = spans.get(timeZone);
  if (known === undefined) {
    known = [];
    spans.set(timeZone, known);
  }
  for (const span of known) if (at >= span.from && at < span.until) return span;
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const until = zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
  const same = known.find((span) => span.until === until);
  // Nothing changes between an instant and the next change after it.
  if (same !== undefined) {
    same.from = Math.min(same.from, at);
    return same;
  }
  const span = { from: at, until, offsetMs: zoned.offsetNanoseconds / 1e6 };
  if (known.length >= SPANS_MAX) known.length = 0;
  known.push(span);
  return span;
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));
// ISO 8601 writes years of more than four digits with a sign and six.
const yearText = (year: number): string =>
  year > 9999 ? `+${String(year).padStart(6, '0')}` : String(year).padStart(4, '0');
const dateOf = (year: number, month: number, day: number): string =>
  `${yearText(year)}-${two(month)}-${two(day)}`;

/** What a clock in this time zone (an IANA name) shows at this instant. */
export function localTime(at: Instant, timeZone: string): LocalTime {
  const wall = new Date(at + spanAt(at, timeZone).offsetMs);
  const year = wall.getUTCFullYear();
  const month = wall.getUTCMonth() + 1;
  const day = wall.getUTCDate();
  return {
    date: dateOf(year, month, day),
    year,
    month,
    day,
    weekday: wall.getUTCDay() || 7,
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
  };
}

/** The local date of an instant, `2027-06-01`. */
export function localDate(at: Instant, timeZone: string): string {
  return localTime(at, timeZone).date;
}

/** True for a day that exists, written `2027-06-01`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const midnight = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().slice(0, 10) === text;
}

/** Whole days from one date to another; below zero when the other comes first. */
export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

/** A date so much later. What the month is too short for becomes its last day: a month after 31 January is 28 February. */
export function addToDate(
  date: string,
  { years = 0, months = 0, days = 0 }: { years?: number; months?: number; days?: number },
): string {
  const [year = 0, month = 1, day = 1] = date.split('-', 3).map(Number);
  const then = new Date(0);
  // Months and days beyond their range carry over, below zero too; day 0 is the last one of the month before.
  then.setUTCFullYear(year + years, month + months, 0);
  if (day < then.getUTCDate()) then.setUTCDate(day);
  then.setUTCDate(then.getUTCDate() + days);
  return dateOf(then.getUTCFullYear(), then.getUTCMonth() + 1, then.getUTCDate());
}

/** The first day of the unit a date lies in. */
export function firstDayOf(unit: CalendarUnit, date: string): string {
  const [year = 0, month = 1] = date.split('-', 2).map(Number);
  switch (unit) {
    case 'day':
      return date;
    case 'week':
      return addToDate(date, { days: -daysSinceMonday(date) });
    case 'month':
      return dateOf(year, month, 1);
    case 'quarter':
      return dateOf(year, month - ((month - 1) % 3), 1);
    case 'year':
      return dateOf(year, 1, 1);
  }
}

const UNIT_LENGTHS: Readonly<Record<CalendarUnit, { days?: number; months?: number }>> = {
  day: { days: 1 },
  week: { days: 7 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { months: 12 },
};

/** The first day of the next such unit after the one a date lies in, or of the one `after` more of them later. */
export function firstDayAfter(unit: CalendarUnit, date: string, after = 0): string {
  const { days = 0, months = 0 } = UNIT_LENGTHS[unit];
  const times = after + 1;
  return addToDate(firstDayOf(unit, date), { days: days * times, months: months * times });
}

function daysSinceMonday(date: string): number {
  return (new Date(Date.parse(date)).getUTCDay() + 6) % 7;
}

const STARTS_MAX = 1024;
const starts = new Map<string, Instant>();

/** The first instant of a date in a time zone: not midnight where the clocks are put forward at midnight. */
export function startOfDate(date: string, timeZone: string): Instant {
  const key = `${date} ${timeZone}`;
  let at = starts.get(key);
  if (at === undefined) {
    at = Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
    if (starts.size >= STARTS_MAX) starts.clear();
    starts.set(key, at);
  }
  return at;
}

/** The first instant that does not belong to a date any more: what lasts to the end of that day lasts until here. */
export function endOfDate(date: string, timeZone: string): Instant {
  return startOfDate(addToDate(date, { days: 1 }), timeZone);
}

/**
 * The instant at which a clock shows `09:00` on a date; `24:00` is the end of the day. Where the clocks skip that time, as much
 * later as they skip; where they show it twice, the first.
 */
export function instantAt(date: string, time: string, timeZone: string): Instant {
  if (time === '24:00') return endOfDate(date, timeZone);
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone).epochMilliseconds;
}

/** The first instant of the unit that an instant lies in. */
export function startOf(unit: CalendarUnit, at: Instant, timeZone: string): Instant {
  return startOfDate(firstDayOf(unit, localDate(at, timeZone)), timeZone);
}

/** The same time of day so many days later; where the clocks skip it, as much later as they skip. */
export function addDays(at: Instant, days: number, timeZone: string): Instant {
  if (days === 0) return at;
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).add({ days })
    .epochMilliseconds;
}

/** 1 Monday to 7 Sunday. */
export const weekdayOf = (date: string): number => daysSinceMonday(date) + 1;

/** How the unit that a local date lies in is called: `2027-06-01`, `2027-W22`, `2027-06`, `2027-Q2`, `2027`. */
export function nameOf(unit: CalendarUnit, date: string): string {
  const year = date.slice(0, 4);
  switch (unit) {
    case 'day':
      return date;
    case 'week':
      return nameOfWeek(date);
    case 'month':
      return date.slice(0, 7);
    case 'quarter':
      return `${year}-Q${Math.ceil(Number(date.slice(5, 7)) / 3)}`;
    case 'year':
      return year;
  }
}

/** ISO 8601: a week belongs to the year that its Thursday lies in. */
function nameOfWeek(date: string): string {
  const thursday = new Date(Date.parse(date) + (3 - daysSinceMonday(date)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const days = (thursday.getTime() - Date.UTC(year, 0, 1)) / DAY_MS;
  return `${year}-W${two(Math.floor(days / 7) + 1)}`;
}
