import type { Sealer } from '../platform/seal.ts';
import { insertBookings, isBooked } from './bookings/booking-store.ts';
import { insertDeliveries } from './deliveries/delivery-store.ts';
import { donate } from './funds/donate.ts';
import type { Fulfil } from './moves.ts';
import { newsOfBooking, type TellNews } from './reward-news.ts';
import { vouchersOf } from './vouchers/voucher.ts';
import { insertVouchers } from './vouchers/voucher-store.ts';

/** Hands out what was redeemed, in the transaction that says so: it is handed out once. */
export function createFulfil(deps: {
  readonly sealer: Sealer;
  readonly timeZoneOf: (programme: number) => string;
  readonly tell: TellNews;
  readonly codeOf: (programme: number, pointType: number) => string;
}): Fulfil {
  const { sealer, timeZoneOf, tell, codeOf } = deps;
  return async (tx, list) => {
    const vouchers = list.flatMap((each) => vouchersOf(each, timeZoneOf(each.programme)));
    if (vouchers.length > 0) await insertVouchers(tx, vouchers, sealer);
    await donate(tx, list, codeOf);
    const sent = list.filter(({ particulars }) => particulars?.kind === 'delivery');
    if (sent.length > 0) await insertDeliveries(tx, sent);
    const booked = list.filter(isBooked);
    if (booked.length > 0) {
      await insertBookings(tx, booked, timeZoneOf);
      await tell(
        tx,
        booked.map((each) => newsOfBooking(each, 'booked', each.askedAt)),
      );
    }
  };
}
