import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Redemption } from '../redemption.ts';
import { type Delivery, type DeliveryState, without } from './delivery.ts';
import { insertAgain, lockDeliveries } from './delivery-store.ts';
import { storeDelivery } from './store-delivery.ts';

/** Units of a redemption that is locked; `at` by the programme's clock. */
interface Units {
  readonly redemption: Redemption;
  readonly places: readonly number[];
  readonly at: Instant;
}

/**
 * Sends units once more that are exchanged, to whom they went last. What was sent before stays as it was; what was not is
 * not sent twice. Of what is not delivered nothing is sent.
 */
export async function sendAgain(
  tx: Transaction,
  { redemption, places, at }: Units,
  exchangeOf: Uuid,
): Promise<void> {
  const all = await lockDeliveries(tx, redemption.id);
  const last = all.at(-1);
  if (last === undefined) return;
  await take(tx, all, { redemption, places, at }, ['to_send']);
  const { particulars } = last.particulars === null ? redemption : last;
  if (particulars?.kind !== 'delivery') throw new Error('what is delivered has a recipient');
  await insertAgain(tx, {
    ...{ ...last, id: exchangeOf, exchangeOf, turn: last.turn + 1, places, particulars },
    madeAt: at,
  });
}

/** Units that are given back are not sent any more. What was sent already comes back by itself, or with who has it. */
export async function unsend(tx: Transaction, units: Units): Promise<void> {
  const all = await lockDeliveries(tx, units.redemption.id);
  await take(tx, all, units, ['to_send', 'undeliverable']);
}

async function take(
  tx: Transaction,
  all: readonly Delivery[],
  { redemption, places, at }: Units,
  from: readonly DeliveryState[],
): Promise<void> {
  for (const delivery of all)
    if (from.includes(delivery.state) && delivery.places.some((place) => places.includes(place)))
      await storeDelivery(tx, redemption, without(delivery, places), at);
}
