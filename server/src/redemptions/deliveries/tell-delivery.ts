import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { RewardNews } from '../../kernel/reward-news.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { problem } from '../../platform/web/problem.ts';
import { type Recipient, sealRecipient } from '../particulars.ts';
import type { Redemption } from '../redemption.ts';
import { aboutOf, type TellNews } from '../reward-news.ts';
import { lockRedemptions, writeParticulars } from '../store.ts';
import { afterTold, type Delivery, isKnown, type Told, without } from './delivery.ts';
import {
  insertChange,
  lockDeliveries,
  lockDelivery,
  readGone,
  writeDelivery,
} from './delivery-store.ts';
import { refusedRegion } from './regions.ts';
import { storeDelivery } from './store-delivery.ts';

/**
 * Tells what became of a delivery, and its member of it. Told again it is answered as it is.
 *
 * Refused: `delivery_not_found`, and what {@link afterTold} refuses.
 */
export async function tellDelivery(
  tx: Transaction,
  redemption: Redemption,
  /** The delivery of it. */
  id: Uuid,
  told: Told,
  about: {
    /** By the programme's clock. */
    readonly now: Instant;
    /** An API key, and who they say it was. */
    readonly by: Uuid;
    readonly actor: string;
    readonly tell: TellNews;
  },
): Promise<Delivery | Refusal> {
  const before = await lockDelivery(tx, id);
  if (before === undefined || before.redemption !== redemption.id)
    return problem('delivery_not_found');
  if (isKnown(before, told)) return before;
  const { now, by, actor } = about;
  const whole = afterTold(before, told, now);
  if ('code' in whole) return whole;
  // What was given back or sent again meanwhile is not to be sent a second time.
  const after = told.state === 'to_send' ? without(whole, await readGone(tx, before)) : whole;
  if (after.state === 'cancelled')
    return problem('delivery_state', 'none of it is to be sent any more', { state: before.state });
  await storeDelivery(tx, redemption, after, now);
  const number = await insertChange(tx, id, {
    ...{ from: before.state, to: after.state, at: told.at, toldAt: now },
    ...{ carrier: after.carrier, trackingNo: after.trackingNo, reason: after.reason },
    ...{ correction: told.correction, actor, by },
  });
  await about.tell(tx, newsOf(redemption, told, `delivery:${id}:${number}`));
  return after;
}

/** What is only corrected to be unsent is no news. */
function newsOf(redemption: Redemption, told: Told, key: string): RewardNews[] {
  const about = { ...aboutOf(redemption), key };
  switch (told.state) {
    case 'to_send':
      return [];
    case 'sent': {
      const { carrier, trackingNo } = told;
      return [{ ...about, kind: 'sent', carrier, trackingNo }];
    }
    case 'delivered':
      return [{ ...about, kind: 'delivered' }];
    case 'undeliverable':
      return [{ ...about, kind: 'undeliverable', reason: told.reason }];
  }
}

/**
 * Sends what was not sent yet to somebody else, or elsewhere; answers the last of it.
 *
 * Refused: `delivery_not_found`, `delivery_state`, `region_not_served`.
 */
export async function redirectDelivery(
  tx: Transaction,
  id: Uuid,
  recipient: Recipient,
  sealer: Sealer,
): Promise<{ readonly redemption: Redemption; readonly delivery: Delivery } | Refusal> {
  const redemption = (await lockRedemptions(tx, [id])).get(id);
  if (redemption === undefined) throw new Error(`redemption ${id} is not there`);
  const { fulfilment } = redemption.terms;
  const all = await lockDeliveries(tx, id);
  const last = all.at(-1);
  if (last === undefined || fulfilment.kind !== 'delivery') return problem('delivery_not_found');
  const open = all.filter(({ state }) => state === 'to_send');
  if (open.length === 0)
    return problem('delivery_state', `it is ${last.state}`, { state: last.state });
  const why = refusedRegion(fulfilment, recipient.region);
  if (why !== null) return why;
  const { region } = recipient;
  const sealed = sealRecipient(sealer, id, recipient);
  const particulars = { kind: 'delivery', region, recipient: sealed } as const;
  const next = { ...redemption, particulars };
  for (const delivery of open)
    if (delivery.particulars === null) await writeParticulars(tx, next);
    else await writeDelivery(tx, { ...delivery, particulars }, null);
  return { redemption: next, delivery: { ...(open.at(-1) as Delivery), particulars } };
}

/** Nothing is to be sent any more of what is undone. Refused, once some of it was sent: `redemption_not_cancellable`. */
export async function cancelDeliveries(
  tx: Transaction,
  redemption: Redemption,
  at: Instant,
): Promise<Refusal | null> {
  const all = await lockDeliveries(tx, redemption.id);
  const why = sentAlready(all);
  if (why !== null) return why;
  for (const delivery of all)
    if (delivery.state !== 'cancelled')
      await storeDelivery(tx, redemption, without(delivery, delivery.places), at);
  return null;
}

/** What was sent is the member's, to be returned; what could not be delivered came back. */
export function sentAlready(all: readonly Delivery[]): Refusal | null {
  const sent = all.find(({ state }) => state === 'sent' || state === 'delivered');
  if (sent === undefined) return null;
  const { state } = sent;
  return problem('redemption_not_cancellable', `it is ${state}`, { state });
}
