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
import { afterTold, type Delivery, eraseAt, isKnown, type Told } from './delivery.ts';
import { insertChange, lockDelivery, writeDelivery } from './delivery-store.ts';
import { refusedRegion } from './regions.ts';

/**
 * Tells what became of a delivery, and its member of it. Told again it is answered as it is.
 *
 * Refused: `delivery_not_found`, and what {@link afterTold} refuses.
 */
export async function tellDelivery(
  tx: Transaction,
  redemption: Redemption,
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
  const before = await lockDelivery(tx, redemption.id);
  if (before === undefined) return problem('delivery_not_found');
  if (isKnown(before, told)) return before;
  const { now, by, actor } = about;
  const after = afterTold(before, told, now);
  if ('code' in after) return after;
  const { endedAt } = after;
  await writeDelivery(
    tx,
    after,
    endedAt === null ? null : eraseAt(endedAt, redemption.terms.afterSales),
  );
  const number = await insertChange(tx, redemption.id, {
    ...{ from: before.state, to: after.state, at: told.at, toldAt: now },
    ...{ carrier: after.carrier, trackingNo: after.trackingNo, reason: after.reason },
    ...{ correction: told.correction, actor, by },
  });
  await about.tell(tx, newsOf(redemption, told, `delivery:${redemption.id}:${number}`));
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
 * Sends it to somebody else, or elsewhere, as long as it was not sent.
 *
 * Refused: `delivery_not_found`, `delivery_state`, `region_not_served`.
 */
export async function redirectDelivery(
  tx: Transaction,
  id: Uuid,
  recipient: Recipient,
  sealer: Sealer,
): Promise<Redemption | Refusal> {
  const redemption = (await lockRedemptions(tx, [id])).get(id);
  if (redemption === undefined) throw new Error(`redemption ${id} is not there`);
  const { fulfilment } = redemption.terms;
  const delivery = await lockDelivery(tx, id);
  if (delivery === undefined || fulfilment.kind !== 'delivery')
    return problem('delivery_not_found');
  const { state } = delivery;
  if (state !== 'to_send') return problem('delivery_state', `it is ${state}`, { state });
  const why = refusedRegion(fulfilment, recipient.region);
  if (why !== null) return why;
  const { region } = recipient;
  const sealed = sealRecipient(sealer, id, recipient);
  const next = {
    ...redemption,
    particulars: { kind: 'delivery', region, recipient: sealed },
  } as const;
  await writeParticulars(tx, next);
  return next;
}

/** Nothing is to be sent any more of what is undone. Refused, once it was sent: `redemption_not_cancellable`. */
export async function cancelDelivery(tx: Transaction, redemption: Uuid): Promise<Refusal | null> {
  const delivery = await lockDelivery(tx, redemption);
  const why = sentAlready(delivery);
  if (why !== null || delivery === undefined) return why;
  const blank = { sentAt: null, carrier: null, trackingNo: null, endedAt: null, reason: null };
  await writeDelivery(tx, { ...delivery, ...blank, state: 'cancelled' }, null);
  return null;
}

/** What was sent is the member's, to be returned; what could not be delivered came back. */
export function sentAlready(delivery: Delivery | undefined): Refusal | null {
  if (delivery === undefined) return null;
  const { state } = delivery;
  if (state !== 'sent' && state !== 'delivered') return null;
  return problem('redemption_not_cancellable', `it is ${state}`, { state });
}
