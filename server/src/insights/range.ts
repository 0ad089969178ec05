import { addToDate, daysBetween, firstDayAfter, firstDayOf, isDate } from '../kernel/calendar.ts';

/** Whole days of a programme's time zone; `until` is not one of them. */
export interface Range {
  readonly from: string;
  readonly until: string;
}

export const BUCKETS = ['day', 'week', 'month'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** So many days are told when nobody says which. */
const DAYS_DEFAULT = 30;
/** Ten years. */
const DAYS_MAX = 3_653;
/** As many buckets fit into one answer. */
const BUCKETS_MAX = 400;

/** The days that are asked about; without `until` they end with today. Undefined: these are no days, or too many. */
export function readRange(
  { from, until }: { readonly from?: string | undefined; readonly until?: string | undefined },
  today: string,
): Range | undefined {
  if ((from !== undefined && !isDate(from)) || (until !== undefined && !isDate(until)))
    return undefined;
  const end = until ?? addToDate(today, { days: 1 });
  const range = { from: from ?? addToDate(end, { days: -DAYS_DEFAULT }), until: end };
  const days = daysBetween(range.from, range.until);
  return days > 0 && days <= DAYS_MAX ? range : undefined;
}

/** As many days before it, to compare with. A whole number of months is compared with as many months. */
export function rangeBefore({ from, until }: Range): Range {
  if (from.endsWith('-01') && until.endsWith('-01'))
    return { from: addToDate(from, { months: -monthsBetween(from, until) }), until: from };
  return { from: addToDate(from, { days: -daysBetween(from, until) }), until: from };
}

/** The buckets that a range falls into, in order; the first and the last may be cut off by it. Undefined: too many. */
export function bucketsOf({ from, until }: Range, by: Bucket): Range[] | undefined {
  const buckets: Range[] = [];
  for (let start = from; start < until; ) {
    const next = firstDayAfter(by, start);
    const end = next < until ? next : until;
    buckets.push({ from: start, until: end });
    if (buckets.length > BUCKETS_MAX) return undefined;
    start = end;
  }
  return buckets;
}

/** The last day of a range, and the month it is in. */
export const lastDayOf = ({ until }: Range): string => addToDate(until, { days: -1 });
export const monthOf = (date: string): string => firstDayOf('month', date);

function monthsBetween(from: string, until: string): number {
  const [years, months] = [0, 5].map((at) => {
    const length = at === 0 ? 4 : 2;
    return Number(until.slice(at, at + length)) - Number(from.slice(at, at + length));
  }) as [number, number];
  return years * 12 + months;
}
