import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Transaction } from '../../platform/database.ts';
import { lastOf } from '../deliveries/delivery.ts';
import { readDeliveries } from '../deliveries/delivery-store.ts';
import type { Redemption } from '../redemption.ts';
import { lockVouchersOf } from '../vouchers/voucher-store.ts';
import type { Unit } from './units.ts';

/** All units of a redemption as they are now; what was handed out for them is locked until the transaction ends. */
export async function readUnits(tx: Transaction, redemption: Redemption): Promise<Unit[]> {
  const { id, quantity, confirmedAt } = redemption;
  if (confirmedAt === null) throw new Error('only what is confirmed has units');
  const vouchers = await lockVouchersOf(tx, id);
  const { rows } = await tx.query<{ voucher: Uuid; usedAt: Instant }>({
    name: 'after-sales-uses',
    text: `select u.voucher, max(u.at_ms) as "usedAt" from voucher_use u join voucher v on v.id = u.voucher
      where v.redemption = $1 and u.undone_at_ms is null group by u.voucher`,
    values: [id],
  });
  const uses = new Map(rows.map(({ voucher, usedAt }) => [voucher, usedAt]));
  const isSent = redemption.terms.fulfilment.kind === 'delivery';
  const deliveries = isSent ? ((await readDeliveries(tx, [id])).get(id) ?? []) : null;
  /** What was sent again came when it came again. */
  const cameAt = (place: number): Instant | null => {
    if (deliveries === null) return confirmedAt;
    const last = lastOf(deliveries, place);
    return last?.state === 'delivered' ? last.endedAt : null;
  };
  // Of nights there is one for each room.
  const pieces =
    vouchers.length === 0 ? quantity : new Set(vouchers.map(({ place }) => place)).size;
  return Array.from({ length: pieces }, (_, place): Unit => {
    const own = vouchers.filter((each) => each.place === place);
    const voucher = own.reduce<Unit['voucher']>(
      (last, each) => (last === null || each.turn > last.turn ? each : last),
      null,
    );
    const usedAt = voucher === null ? null : (uses.get(voucher.id) ?? null);
    return { place, voucher, usedAt, handedOutAt: voucher?.madeAt ?? cameAt(place) };
  });
}
