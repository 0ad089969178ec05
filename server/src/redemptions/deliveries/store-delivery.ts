import type { Instant } from '../../kernel/clock.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Redemption } from '../redemption.ts';
import { type Delivery, eraseAt } from './delivery.ts';
import { writeDelivery } from './delivery-store.ts';

/** Writes how a delivery is from `now` on, and from when nobody needs its recipient. */
export async function storeDelivery(
  tx: Transaction,
  { terms }: Pick<Redemption, 'terms'>,
  delivery: Delivery,
  now: Instant,
): Promise<void> {
  const { state, endedAt } = delivery;
  const ends = endedAt === null ? null : eraseAt(endedAt, terms.afterSales);
  await writeDelivery(tx, delivery, state === 'cancelled' ? now : ends);
}
