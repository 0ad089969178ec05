import { addToDate, firstDayAfter, firstDayOf } from '../kernel/calendar.ts';
import type { TierWindow } from './scheme.ts';

/** Days of the programme's time zone, `2027-06-01`; `until` is not included. */
export interface Days {
  readonly from: string;
  readonly until: string;
}

/** The days that count on a day; `joined` is the day of joining. */
export function windowOn(window: TierWindow, day: string, joined: string): Days {
  switch (window.kind) {
    case 'rolling': {
      const from = addToDate(addToDate(day, { months: -window.months }), { days: 1 });
      return { from, until: addToDate(day, { days: 1 }) };
    }
    case 'calendar':
      return { from: firstDayOf(window.unit, day), until: firstDayAfter(window.unit, day) };
    case 'anniversary': {
      let years = Number(day.slice(0, 4)) - Number(joined.slice(0, 4));
      if (addToDate(joined, { years }) > day) years -= 1;
      return { from: addToDate(joined, { years }), until: addToDate(joined, { years: years + 1 }) };
    }
  }
}

/** The window before one that is not rolling. */
export function windowBefore(window: TierWindow, { from }: Days, joined: string): Days {
  return windowOn(window, addToDate(from, { days: -1 }), joined);
}

/** The first day on which what was done on `day` does not count any more in a rolling window. */
export function fallsOutOn(months: number, day: string): string {
  const window = { kind: 'rolling', months } as const;
  let out = addToDate(day, { months });
  // Short months: 30 January counts until 28 February and no longer, 31 days or not.
  while (windowOn(window, out, day).from <= day) out = addToDate(out, { days: 1 });
  return out;
}
