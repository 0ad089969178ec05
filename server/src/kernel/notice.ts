import { addToDate, endOfDate, localDate } from './calendar.ts';
import type { Instant } from './clock.ts';

/**
 * The soonest a change that is worse for members may count: when as many whole days of the time zone have passed as
 * its notice has, today not among them. At once, where there are none.
 */
export function afterNotice(
  { noticeDays, timeZone }: { readonly noticeDays: number; readonly timeZone: string },
  now: Instant,
): Instant {
  if (noticeDays === 0) return now;
  return endOfDate(addToDate(localDate(now, timeZone), { days: noticeDays }), timeZone);
}
