import { addDays } from '../../app/zone.ts';

/** Stretches of days that are looked at, as they stand in the address. */
export const PERIODS = ['7d', '30d', '90d', 'month', 'last-month', 'year'] as const;
export type Period = (typeof PERIODS)[number];

/** Dates, `2026-03-01`; `until` is the day after the last one. */
interface Range {
  readonly from: string;
  readonly until: string;
}

interface Looked extends Range {
  /** By which steps a chart of it goes. */
  readonly by: 'day' | 'week' | 'month';
}

const DAYS: Partial<Record<Period, number>> = { '7d': 7, '30d': 30, '90d': 90 };

export const readPeriod = (text: string | undefined): Period =>
  PERIODS.find((each) => each === text) ?? '30d';

/** The days of a period that ends with `today`, or before it. */
export function looked(period: Period, today: string): Looked {
  const until = addDays(today, 1);
  const days = DAYS[period];
  if (days !== undefined) return { from: addDays(until, -days), until, by: 'day' };
  const thisMonth = `${today.slice(0, 7)}-01`;
  switch (period) {
    case 'last-month':
      return { from: addMonths(thisMonth, -1), until: thisMonth, by: 'day' };
    case 'year':
      return { from: addMonths(thisMonth, -11), until, by: 'month' };
    default:
      return { from: thisMonth, until, by: 'day' };
  }
}

/** Of the first of a month. */
function addMonths(first: string, months: number): string {
  const [year = 0, month = 1] = first.split('-', 2).map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** How much more a figure is than before, as a share; undefined where there was nothing to compare with. */
export function changeOf(now: number, before: number): number | undefined {
  return before <= 0 ? undefined : (now - before) / before;
}
