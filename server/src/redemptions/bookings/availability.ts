import { addToDate } from '../../kernel/calendar.ts';
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
  for (let day = from; day <= to; day = addToDate(day, { days: 1 }))
    for (const opening of openingsOn(day, rules))
      openings.push({ ...opening, day, name: placesName(place, day, opening.slot) });
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
