import { TAGS, useLanguage } from './language.ts';

/** Names of months, 1 to 12, and of weekdays, 1 Monday to 7 Sunday. */
export function useCalendarNames(): {
  readonly month: (month: number) => string;
  readonly weekday: (day: number) => string;
} {
  const tag = TAGS[useLanguage()];
  const month = new Intl.DateTimeFormat(tag, { month: 'long', timeZone: 'UTC' });
  const weekday = new Intl.DateTimeFormat(tag, { weekday: 'short', timeZone: 'UTC' });
  return {
    month: (each) => month.format(Date.UTC(2024, each - 1)),
    // 2024 began on a Monday.
    weekday: (each) => weekday.format(Date.UTC(2024, 0, each)),
  };
}
