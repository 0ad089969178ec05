import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Fulfilment, RewardTerms } from '../kernel/reward.ts';
import type { Sealer } from '../platform/seal.ts';
import { problem } from '../platform/web/problem.ts';
import { billOf, countOfBill } from './bills/bill-offset.ts';
import { book, bookedAt } from './bookings/booking.ts';
import { refusedRegion } from './deliveries/regions.ts';
import { type AskedParticulars, type Particulars, sealRecipient } from './particulars.ts';
import type { Count } from './redemption.ts';

/** What a redemption keeps of what its request says, and what that counts on. */
export interface Taken {
  readonly particulars: Particulars | null;
  readonly counts: readonly Count[];
}

/** What is asked for, as far as particulars go by it. */
export interface ParticularsAsked {
  readonly reward: Uuid;
  readonly merchant: Uuid;
  readonly store: string | null;
  readonly quantity: number;
  readonly particulars: AskedParticulars | null;
}

/** Refused: `particulars_unfit`, `slot_not_offered`, `booking_too_late`, `region_not_served`, `bill_too_small`, `bill_offset_too_much`. */
export function takeParticulars(
  { reward, merchant, store, quantity, particulars: asked }: ParticularsAsked,
  body: RewardTerms,
  about: {
    readonly redemption: Uuid;
    readonly at: Instant;
    /** After `at` where a till was cut off. */
    readonly now: Instant;
    readonly timeZone: string;
    readonly sealer: Sealer;
  },
): Taken | Refusal {
  const { fulfilment: terms, offered } = body;
  const wanted = WANTED[terms.kind];
  if ((asked?.kind ?? null) !== wanted) return unfit(wanted);
  if (asked?.kind === 'booking' && terms.kind === 'booking') {
    const place = bookedAt(reward, merchant, store, body);
    const { at, timeZone } = about;
    const booked = book(asked, quantity, place, at, { terms, offered, timeZone });
    return 'code' in booked ? booked : { particulars: booked.booking, counts: booked.counts };
  }
  if (asked?.kind === 'delivery' && terms.kind === 'delivery') {
    const { kind, ...to } = asked;
    const why = refusedRegion(terms, to.region);
    if (why !== null) return why;
    const recipient = sealRecipient(about.sealer, about.redemption, to);
    return { particulars: { kind, region: to.region, recipient }, counts: [] };
  }
  if (asked?.kind === 'bill' && terms.kind === 'offset') {
    const bill = billOf(asked, terms, quantity, about.now);
    return 'code' in bill ? bill : { particulars: bill, counts: [countOfBill(bill, merchant)] };
  }
  return { particulars: null, counts: [] };
}

/** What is asked for beyond a reward, by how it is handed out. */
const WANTED: Readonly<Record<Fulfilment['kind'], AskedParticulars['kind'] | null>> = {
  code: null,
  voucher: null,
  booking: 'booking',
  delivery: 'delivery',
  offset: 'bill',
  donation: null,
};

const unfit = (wanted: string | null): Refusal =>
  problem(
    'particulars_unfit',
    wanted === null
      ? 'the reward asks for nothing else: leave out particulars'
      : `the reward asks for particulars of the kind ${wanted}`,
    { wanted: wanted ?? 'none' },
  );
