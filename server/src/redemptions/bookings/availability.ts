import { addToDate, daysBetween } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Sql } from '../../platform/database.ts';
import { readCounts } from '../stock/stock-store.ts';
import {
  type BookedAt,
  type BookingRules,
  isBookableOn,
  isInTime,
  type Opening,
  openingsOn,
  placesName,
} from './booking.ts';

/** What can be booked of a day, and how much of it is left. */
export interface Available extends Opening {
  readonly day: string;
  readonly left: number;
  /** Whether somebody could book it at this moment. */
  readonly isOpen: boolean;
}

/** What can be booked on the days from one to another, both included, and what others left of it. */
export async function readAvailable(
  sql: Sql,
  place: BookedAt,
  { from, to }: { readonly from: string; readonly to: string },
  at: Instant,
  rules: BookingRules,
): Promise<Available[]> {
  const openings: (Opening & { readonly day: string; readonly name: string })[] = [];
  // Counted: behind the last day of the year 9999 texts of dates are in no order any more.
  for (let ahead = 0; ahead <= daysBetween(from, to); ahead += 1) {
    const day = addToDate(from, { days: ahead });
    for (const opening of openingsOn(day, rules))
      openings.push({ ...opening, day, name: placesName(place, day, opening.slot) });
  }
  const taken = await readCounts(
    sql,
    openings.map(({ name }) => name),
  );
  return openings.map(({ name, ...opening }) => {
    // Places may have become fewer than were taken.
    const left = Math.max(0, opening.places - (taken.get(name) ?? 0));
    const isOpen =
      left > 0 &&
      isBookableOn(opening.day, at, rules.timeZone) &&
      isInTime(rules.terms, opening.startsAt, at);
    return { ...opening, left, isOpen };
  });
}
