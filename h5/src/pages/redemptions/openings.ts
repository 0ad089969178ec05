import type { Output } from '@hongmi/sdk';

export type Opening = Output<'getRewardAvailability'>['items'][number];
type Booked = { readonly day: string; readonly slot: string | null; readonly until: string | null };
/** Where something is moved to, as the API is told it. */
export interface Target {
  readonly day: string;
  readonly slot?: string;
  readonly until?: string;
}

const DAY_MS = 86_400_000;

/** A calendar date so many days on, or back. */
export function dayPlus(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Openings day by day, in their order. */
export function byDay(
  openings: readonly Opening[],
): readonly (readonly [string, readonly Opening[]])[] {
  const days = new Map<string, Opening[]>();
  for (const each of openings) days.set(each.day, [...(days.get(each.day) ?? []), each]);
  return [...days];
}

/** What an opening stands for, for something that is booked: of nights, as many from there on. */
export function targetOf({ day, slot }: Opening, booked: Booked): Target {
  if (slot !== null) return { day, slot };
  if (booked.until === null) return { day };
  const nights = Math.round((Date.parse(booked.until) - Date.parse(booked.day)) / DAY_MS);
  return { day, until: dayPlus(day, nights) };
}

export const isBookedNow = ({ day, slot }: Opening, booked: Booked): boolean =>
  day === booked.day && slot === booked.slot;
