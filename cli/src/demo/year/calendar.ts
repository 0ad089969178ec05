/** The demo lives in one time zone, which has had no summer time since 1991. */
export const TIME_ZONE = 'Asia/Shanghai';
const OFFSET = '+08:00';
const DAY_MS = 86_400_000;

/** `2027-06-01` */
export type Date10 = string;

export type Festival =
  | 'new-year'
  | 'spring-goods'
  | 'spring'
  | 'labour'
  | '618'
  | 'summer'
  | 'mid-autumn'
  | 'national'
  | 'double-eleven';

export function addDays(date: Date10, days: number): Date10 {
  return new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** 1 Monday to 7 Sunday. */
export function weekdayOf(date: Date10): number {
  return ((new Date(Date.parse(date)).getUTCDay() + 6) % 7) + 1;
}

/** A moment of a day, by the minutes since its midnight. */
export function momentOf(date: Date10, minute: number, second = 0): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date}T${two(Math.floor(minute / 60))}:${two(minute % 60)}:${two(second)}${OFFSET}`;
}

/** The day and the minute of that day at an instant, in milliseconds since the Unix epoch. */
export function localTime(instant: number): { readonly date: Date10; readonly minute: number } {
  const local = new Date(instant + 8 * 3_600_000).toISOString();
  const minute = Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
  return { date: local.slice(0, 10), minute };
}

const LUNAR = new Intl.DateTimeFormat('en-u-ca-chinese', {
  timeZone: 'UTC',
  month: 'numeric',
  day: 'numeric',
});

/** Month and day of the Chinese calendar; a leap month is like no other: `6bis`. */
function lunarOf(date: Date10): { readonly month: string; readonly day: number } {
  const parts = LUNAR.formatToParts(Date.parse(date));
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return { month: part('month'), day: Number(part('day')) };
}

/** What is celebrated, or sold for, on a day. */
export function festivalsOf(date: Date10): readonly Festival[] {
  const [month, day] = [Number(date.slice(5, 7)), Number(date.slice(8))];
  const found: Festival[] = [];
  if (month === 1 && day <= 3) found.push('new-year');
  if (month === 5 && day <= 5) found.push('labour');
  if (month === 6 && day <= 18) found.push('618');
  if (month === 7 || month === 8) found.push('summer');
  if (month === 10 && day <= 7) found.push('national');
  if (month === 11 && day <= 11) found.push('double-eleven');
  // Lunar feasts move between these months of the other calendar.
  if (month <= 3) {
    const lunar = lunarOf(date);
    // The first seven days are free; people buy for them in the fortnight before.
    if (lunar.month === '1' && lunar.day <= 7) found.push('spring');
    if (lunar.month === '12' && lunar.day >= 16) found.push('spring-goods');
  }
  if (month === 9 || month === 10) {
    const lunar = lunarOf(date);
    if (lunar.month === '8' && lunar.day >= 6 && lunar.day <= 16) found.push('mid-autumn');
  }
  return found;
}
