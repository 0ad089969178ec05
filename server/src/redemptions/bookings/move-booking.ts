import type { Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import { hasCases } from '../after-sales/case-store.ts';
import { changeableUntil } from '../cancellable.ts';
import type { Redemption } from '../redemption.ts';
import { newsOfBooking, type TellNews } from '../reward-news.ts';
import { lockShelves, writeShelves } from '../stock/stock-store.ts';
import { lockRedemptions } from '../store.ts';
import { countsAround } from '../vouchers/voucher.ts';
import { hasUses, lockVouchersOf } from '../vouchers/voucher-store.ts';
import { type AskedBooking, book, bookedAt, lengthOf } from './booking.ts';
import { type BookedRedemption, isBooked, remindAt, writeMove } from './booking-store.ts';

/**
 * Moves a booking to another time, as its terms let it be booked: it gives up the places it has and takes others in one transaction, so
 * there is no moment at which it has both or none. Its codes stay what they are. Where it is already it stays.
 *
 * Refused: `booking_not_movable`, `redemption_has_case`, `voucher_used`, `slot_full`, and what {@link book} refuses.
 */
export async function moveBooking(
  tx: Transaction,
  id: Uuid,
  asked: AskedBooking,
  about: {
    /** By the programme's clock. */
    readonly at: Instant;
    readonly timeZone: string;
    /** An API key. */
    readonly by: Uuid;
    readonly tell: TellNews;
  },
): Promise<Redemption | Refusal> {
  const { at, timeZone } = about;
  const before = (await lockRedemptions(tx, [id])).get(id);
  if (before === undefined) throw new Error(`redemption ${id} is not there`);
  const { terms } = before;
  if (!isBooked(before) || terms.fulfilment.kind !== 'booking' || before.state !== 'fulfilled')
    return problem('booking_not_movable', 'it is no booking, or none any more');
  const { particulars: now } = before;
  const { day, slot = null, until = null } = asked;
  if (day === now.day && slot === now.slot && until === now.until) return before;
  if (at > changeableUntil(before)) return problem('booking_not_movable');
  // Of what a part is given back the rest stays where it is.
  if (await hasCases(tx, id)) return problem('redemption_has_case');
  // Nobody uses what is being moved.
  await lockVouchersOf(tx, id);
  if (await hasUses(tx, id)) return problem('voucher_used');
  const rules = { terms: terms.fulfilment, offered: terms.offered, timeZone };
  const place = bookedAt(before.reward, before.merchant, before.store, terms);
  const booked = book(asked, before.quantity, place, at, rules);
  if ('code' in booked) return booked;
  if (lengthOf(booked.booking) !== lengthOf(now))
    return problem('particulars_unfit', `it was redeemed for ${lengthOf(now)} nights`, {
      wanted: 'nights',
      nights: lengthOf(now),
    });
  const places = before.counts.filter((count) => count.of === 'slot');
  const others = before.counts.filter((count) => count.of !== 'slot');
  const wish = { ...before, counts: [...places, ...booked.counts] };
  const shelves = await lockShelves(tx, [wish]);
  const full = shelves.recount(places, booked.counts);
  if (full !== null) return full;
  await writeShelves(tx, shelves.changes);
  const moved: BookedRedemption = {
    ...before,
    particulars: booked.booking,
    counts: [...others, ...booked.counts],
  };
  const change = newId(at);
  await writeMove(tx, before, moved, {
    ...{ id: change, at, by: about.by },
    remindAt: remindAt(booked.booking, at, timeZone),
    vouchers: countsAround(booked.booking),
  });
  await about.tell(tx, [newsOfBooking(moved, 'moved', change)]);
  return moved;
}
