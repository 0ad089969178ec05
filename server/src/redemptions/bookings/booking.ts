import {
  addToDate,
  daysBetween,
  instantAt,
  isDate,
  localDate,
  weekdayOf,
} from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Fulfilment } from '../../kernel/reward.ts';
import { problem } from '../../platform/web/problem.ts';
import type { AskedParticulars, Particulars } from '../particulars.ts';
import type { Agreed, Count } from '../redemption.ts';

export type BookingTerms = Extract<Fulfilment, { kind: 'booking' }>;
export type AskedBooking = Extract<AskedParticulars, { kind: 'booking' }>;
export type Booking = Extract<Particulars, { kind: 'booking' }>;

/** What can be booked of a day: one of its slots (`09:00-10:00`), or all of it (null). */
export interface Opening {
  readonly slot: string | null;
  readonly startsAt: Instant;
  /** Not included. */
  readonly endsAt: Instant;
  readonly places: number;
}

/** By whom and where it is handed out: each has places of its own. */
export interface BookedAt {
  readonly reward: Uuid;
  readonly merchant: Uuid;
  readonly store: string | null;
}

/** The same wherever a booking is looked at. */
export interface BookingRules {
  readonly terms: BookingTerms;
  /** The first and the last day on which the reward is there. */
  readonly offered: Agreed['offered'];
  readonly timeZone: string;
}

/** A year and a day: further ahead nothing is booked. */
const AHEAD_DAYS_MAX = 366;
const NIGHTS_MAX = 90;
const HOUR_MS = 3_600_000;

/** What can be booked on a day, by its weekday and its hours, whoever has booked already. */
export function openingsOn(day: string, { terms, offered, timeZone }: BookingRules): Opening[] {
  const { from, to } = offered ?? {};
  if ((from !== undefined && day < from) || (to !== undefined && day > to)) return [];
  const weekday = weekdayOf(day);
  const open = terms.slots.filter(({ weekdays }) => weekdays?.includes(weekday) ?? true);
  if (open.length === 0) return [];
  if (terms.unit !== 'slot') {
    // Who has all of a day, or a night of it, is there during all of its hours.
    const places = Math.min(...open.map((each) => each.places));
    const first = open.map((each) => each.from).sort()[0] as string;
    const last = open
      .map((each) => each.to)
      .sort()
      .at(-1) as string;
    const startsAt = instantAt(day, first, timeZone);
    return [{ slot: null, startsAt, endsAt: instantAt(day, last, timeZone), places }];
  }
  const found = new Map<string, Opening>();
  for (const each of open) {
    const slot = `${each.from}-${each.to}`;
    const startsAt = instantAt(day, each.from, timeZone);
    const endsAt = instantAt(day, each.to, timeZone);
    // Where the clocks are put forward an hour is not there.
    if (startsAt >= endsAt) continue;
    const places = (found.get(slot)?.places ?? 0) + each.places;
    found.set(slot, { slot, startsAt, endsAt, places });
  }
  return [...found.values()].sort((a, b) => a.startsAt - b.startsAt || a.endsAt - b.endsAt);
}

/** Under this name the places of an opening are counted. Stores have their own where the terms name them. */
export function placesName(
  { reward, merchant, store }: BookedAt,
  day: string,
  slot: string | null,
): string {
  const when = slot === null ? day : `${day}/${slot}`;
  return `${reward}/slot/${merchant}/${store ?? ''}/${when}`;
}

/** Whose places count: of a merchant that hands it out everywhere, all stores together. */
export function bookedAt(
  reward: Uuid,
  merchant: Uuid,
  store: string | null,
  { stores }: Pick<Agreed, 'stores'>,
): BookedAt {
  const here = stores.find((each) => each.merchant === merchant);
  return { reward, merchant, store: here?.stores === undefined ? null : store };
}

/** Whether what begins then is booked early enough at this moment. */
export function isInTime({ noticeHours }: BookingTerms, startsAt: Instant, at: Instant): boolean {
  return at <= startsAt - noticeHours * HOUR_MS && at < startsAt;
}

/** Whether a day is neither over nor too far ahead. */
export function isBookableOn(day: string, at: Instant, timeZone: string): boolean {
  const today = localDate(at, timeZone);
  return day >= today && day <= addToDate(today, { days: AHEAD_DAYS_MAX });
}

/** How many days, or nights of a stay, one place is taken for. */
export const lengthOf = ({ day, until }: Pick<Booking, 'day' | 'until'>): number =>
  until === null ? 1 : daysBetween(day, until);

/** What a booking is, and the places that it takes. */
export interface Booked {
  readonly booking: Booking;
  readonly counts: readonly Count[];
}

/**
 * Books `units` of a reward as they are asked for. Of nights each is one for each night: a stay of three nights takes three, and two
 * rooms for them six.
 *
 * Refused: `particulars_unfit`, `slot_not_offered`, `booking_too_late`; what is taken is found out when it is reserved.
 */
export function book(
  asked: AskedBooking,
  units: number,
  place: BookedAt,
  at: Instant,
  rules: BookingRules,
): Booked | Refusal {
  const { day, slot = null, until = null } = asked;
  const { terms, timeZone } = rules;
  if ((slot !== null) !== (terms.unit === 'slot') || (until !== null) !== (terms.unit === 'night'))
    return unfit(terms);
  if (!isDate(day) || (until !== null && !isDate(until))) return notOffered(day, slot);
  const nights = lengthOf({ day, until });
  if (!isBookableOn(day, at, timeZone) || nights < 1 || nights > NIGHTS_MAX)
    return notOffered(day, slot);
  if (units % nights !== 0)
    return refusal('particulars_unfit', `${nights} nights take that many units, or so many times`, {
      wanted: 'nights',
      nights,
    });
  const counts: Count[] = [];
  let first: Opening | undefined;
  for (let night = 0; night < nights; night += 1) {
    const date = addToDate(day, { days: night });
    const opening = openingsOn(date, rules).find((each) => each.slot === slot);
    if (opening === undefined) return notOffered(date, slot);
    first ??= opening;
    const name = placesName(place, date, slot);
    counts.push({ name, of: 'slot', units: units / nights, max: opening.places });
  }
  if (first === undefined) return notOffered(day, slot);
  const { startsAt } = first;
  if (!isInTime(terms, startsAt, at)) return tooLate(terms);
  // Guests leave on the day of departure, whenever that is.
  const endsAt = until === null ? first.endsAt : instantAt(until, '24:00', timeZone);
  return { booking: { kind: 'booking', day, slot, until, startsAt, endsAt }, counts };
}

const WANTED = {
  slot: 'a day and one of its slots',
  day: 'a day',
  night: 'day and until',
} as const;

const unfit = ({ unit }: BookingTerms): Refusal =>
  problem('particulars_unfit', `what is booked is named by ${WANTED[unit]}`, { wanted: unit });

const notOffered = (day: string, slot: string | null): Refusal =>
  problem('slot_not_offered', `${slot === null ? day : `${day} ${slot}`} cannot be booked`, {
    day,
  });

const tooLate = ({ noticeHours }: BookingTerms): Refusal =>
  problem('booking_too_late', `it is booked at least ${noticeHours} hours before`, { noticeHours });
