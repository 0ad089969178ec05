import type { components } from '@hongmi/sdk';
import { dayPlus } from '../redemptions/openings.ts';

type Openings = components['schemas']['RewardAvailability']['items'];

/** As many days as are looked at together: whole weeks, and within what the API shows at once. */
export const WINDOW_DAYS = 28;
/** Further ahead nothing is booked. */
const AHEAD_DAYS_MAX = 366;

/** The first day of a window, `ahead` of them from now: a Monday, so that weeks are rows. */
export function windowFrom(today: string, ahead: number): string {
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
  return dayPlus(today, ahead * WINDOW_DAYS - weekday);
}

export const windowsAhead = Math.floor(AHEAD_DAYS_MAX / WINDOW_DAYS);

/** Days with something free, by what is free on them. */
export function openDays(items: Openings): ReadonlyMap<string, Openings> {
  const days = new Map<string, Openings>();
  for (const each of items)
    if (each.open) days.set(each.day, [...(days.get(each.day) ?? []), each]);
  return days;
}

/** How many nights in a row are free from a day on for so many rooms, as far as they are known. */
export function nightsFrom(
  days: ReadonlyMap<string, Openings>,
  arrival: string,
  rooms: number,
): number {
  let nights = 0;
  while (days.get(dayPlus(arrival, nights))?.some(({ left }) => left >= rooms)) nights += 1;
  return nights;
}

const DAY_MS = 86_400_000;

export const nightsBetween = (arrival: string, departure: string): number =>
  Math.round((Date.parse(departure) - Date.parse(arrival)) / DAY_MS);
