import Type from 'typebox';
import { DateText, words } from '../../catalogue/terms-schema.ts';
import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import { Code, InstantText, idOf, nullable, object, pageOf } from '../../platform/web/schema.ts';
import { BookingTold } from '../particulars-schema.ts';
import type { Available } from './availability.ts';
import type { BookedRedemption } from './booking-store.ts';

const Slot = nullable(Type.String({ examples: ['09:00-10:00'] }));
const times = {
  startsAt: InstantText,
  endsAt: { ...InstantText, description: 'Not included.' },
};

export const AvailabilityShown = object(
  {
    unit: Type.Enum(['slot', 'day', 'night']),
    items: Type.Array(
      object({
        day: DateText,
        slot: { ...Slot, description: 'Null: all of the day, or the night after it.' },
        ...times,
        places: Type.Integer(),
        left: Type.Integer(),
        open: Type.Boolean({
          description: 'Places are left, and it is early enough to book them.',
        }),
      }),
    ),
  },
  { title: 'RewardAvailability' },
);

export const MoveBooking = object(BookingTold, { title: 'MoveBooking' });

export const BookingShown = object(
  {
    redemptionId: idOf('redemption'),
    memberId: idOf('member'),
    rewardId: idOf('reward'),
    name: words(200),
    merchantId: idOf('merchant'),
    store: nullable(Code),
    quantity: Type.Integer(),
    day: DateText,
    slot: Slot,
    until: { ...nullable(DateText), description: 'Of nights: the day of departure.' },
    ...times,
    visits: object(
      { booked: Type.Integer(), came: Type.Integer() },
      { description: 'Codes, and how many of them were used.' },
    ),
    state: Type.Enum(['booked', 'came', 'missed']),
  },
  { title: 'Booking' },
);
export const BookingPage = pageOf(BookingShown, 'BookingPage');

export function showAvailable({
  isOpen,
  startsAt,
  endsAt,
  day,
  slot,
  places,
  left,
}: Available): Type.Static<typeof AvailabilityShown>['items'][number] {
  const shown = { startsAt: showInstant(startsAt), endsAt: showInstant(endsAt) };
  return { day, slot, ...shown, places, left, open: isOpen };
}

/** `at`: by the programme's clock. */
export function showBooking(
  redemption: BookedRedemption,
  visits: { readonly booked: number; readonly came: number },
  at: number,
): Type.Static<typeof BookingShown> {
  const { day, slot, until, startsAt, endsAt } = redemption.particulars;
  const isMissed = visits.came === 0 && at >= endsAt;
  return {
    redemptionId: showId('redemption', redemption.id),
    memberId: showId('member', redemption.member),
    rewardId: showId('reward', redemption.reward),
    name: redemption.terms.name,
    merchantId: showId('merchant', redemption.merchant),
    ...{ store: redemption.store, quantity: redemption.quantity, day, slot, until },
    ...{ startsAt: showInstant(startsAt), endsAt: showInstant(endsAt) },
    visits,
    state: isMissed ? 'missed' : visits.came > 0 ? 'came' : 'booked',
  };
}
