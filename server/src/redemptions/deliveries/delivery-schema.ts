import Type from 'typebox';
import { words } from '../../catalogue/terms-schema.ts';
import { type Instant, showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import type { Sealer } from '../../platform/seal.ts';
import {
  Code,
  InstantText,
  idOf,
  mustReadInstant,
  nullable,
  object,
  pageOf,
  text,
} from '../../platform/web/schema.ts';
import { RecipientShown, RecipientTold, showRecipient } from '../particulars-schema.ts';
import type { Redemption } from '../redemption.ts';
import { DELIVERY_STATES, type Delivery, type Told } from './delivery.ts';
import type { DeliveryChange } from './delivery-store.ts';

export const StateName = Type.Enum([...DELIVERY_STATES]);
const Carrier = text(50);
const TrackingNo = Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' });
const exchangeOf = Type.Optional({
  ...idOf('afterSalesCase'),
  description: 'What is sent again for this case; absent: what was sent first.',
});
export const WhichDelivery = object({ exchangeOf });
const common = {
  exchangeOf,
  at: Type.Optional({ ...InstantText, description: 'When it happened; absent: now.' }),
  actor: text(100),
  correction: Type.Optional({
    ...text(200),
    description: 'Why what was told before is wrong. Only with it a delivery goes anywhere but on.',
  }),
};

export const TellDelivery = Type.Union(
  [
    object({
      state: Type.Literal('to_send'),
      exchangeOf,
      actor: common.actor,
      correction: common.correction,
    }),
    object({
      state: Type.Literal('sent'),
      carrier: Carrier,
      trackingNo: TrackingNo,
      ...common,
    }),
    object({ state: Type.Literal('delivered'), ...common }),
    object({ state: Type.Literal('undeliverable'), reason: text(200), ...common }),
  ],
  { title: 'TellDelivery' },
);

/** `now`: by the programme's clock. */
export function readTold(told: Type.Static<typeof TellDelivery>, now: Instant): Told {
  const { correction = null } = told;
  if (told.state === 'to_send') return { state: 'to_send', at: now, correction };
  const at = told.at === undefined ? now : mustReadInstant(told.at);
  switch (told.state) {
    case 'sent': {
      const { state, carrier, trackingNo } = told;
      return { state, carrier, trackingNo, at, correction };
    }
    case 'delivered':
      return { state: told.state, at, correction };
    case 'undeliverable':
      return { state: told.state, reason: told.reason, at, correction };
  }
}

export const RedirectDelivery = object(RecipientTold, { title: 'RedirectDelivery' });

const progress = {
  state: StateName,
  sentAt: nullable(InstantText),
  carrier: nullable(Type.String()),
  trackingNo: nullable(Type.String()),
  deliveredAt: nullable(InstantText),
  undeliverableAt: nullable(InstantText),
  reason: { ...nullable(Type.String()), description: 'Why it could not be delivered.' },
};
/** How far a delivery is. */
export const ProgressShown = object(progress, { title: 'DeliveryProgress' });

const again = {
  exchangeOf: {
    ...nullable(idOf('afterSalesCase')),
    description: 'The case for which it is sent again; null: it is the first.',
  },
  quantity: { ...Type.Integer(), description: 'Units that it sends.' },
};

/** What is sent again of a redemption. */
export const SentAgainShown = object(
  { ...again, region: Type.String(), recipient: nullable(RecipientShown), ...progress },
  { title: 'SentAgain' },
);

export const DeliveryShown = object(
  {
    redemptionId: idOf('redemption'),
    ...again,
    memberId: idOf('member'),
    rewardId: idOf('reward'),
    name: words(200),
    merchantId: idOf('merchant'),
    store: nullable(Code),
    askedAt: InstantText,
    region: Type.String(),
    recipient: { ...nullable(RecipientShown), description: 'Null: erased.' },
    ...progress,
  },
  { title: 'Delivery' },
);
export const DeliveryPage = pageOf(DeliveryShown, 'DeliveryPage');

export const DeliveryStory = object(
  {
    delivery: DeliveryShown,
    changes: Type.Array(
      object({
        from: StateName,
        to: StateName,
        at: InstantText,
        toldAt: InstantText,
        carrier: nullable(Type.String()),
        trackingNo: nullable(Type.String()),
        reason: nullable(Type.String()),
        correction: nullable(Type.String()),
        actor: Type.String(),
        toldBy: idOf('apiKey'),
      }),
      { description: 'What was told of it, in order.' },
    ),
  },
  { title: 'DeliveryStory' },
);

const shownAt = (at: Instant | null): string | null => (at === null ? null : showInstant(at));

export function showProgress(delivery: Delivery): Type.Static<typeof ProgressShown> {
  const { state, sentAt, carrier, trackingNo, endedAt, reason } = delivery;
  return {
    ...{ state, sentAt: shownAt(sentAt), carrier, trackingNo, reason },
    deliveredAt: state === 'delivered' ? shownAt(endedAt) : null,
    undeliverableAt: state === 'undeliverable' ? shownAt(endedAt) : null,
  };
}

/** Without a sealer nobody learns to whom it goes. */
export function showSentAgain(
  { id, particulars: first }: Redemption,
  delivery: Delivery,
  sealer: Sealer | null,
): Type.Static<typeof SentAgainShown> {
  const { exchangeOf, places, particulars } = delivery;
  const to = particulars ?? first;
  if (to?.kind !== 'delivery') throw new Error('what is delivered has a recipient');
  return {
    exchangeOf: exchangeOf === null ? null : showId('afterSalesCase', exchangeOf),
    quantity: places.length,
    region: to.region,
    recipient: showRecipient({ id, particulars: to }, sealer),
    ...showProgress(delivery),
  };
}

export function showDelivery(
  redemption: Redemption,
  delivery: Delivery,
  sealer: Sealer | null,
): Type.Static<typeof DeliveryShown> {
  return {
    redemptionId: showId('redemption', redemption.id),
    memberId: showId('member', redemption.member),
    rewardId: showId('reward', redemption.reward),
    name: redemption.terms.name,
    merchantId: showId('merchant', redemption.merchant),
    store: redemption.store,
    askedAt: showInstant(redemption.askedAt),
    ...showSentAgain(redemption, delivery, sealer),
  };
}

export function showChange(
  change: DeliveryChange,
): Type.Static<typeof DeliveryStory>['changes'][number] {
  const { from, to, carrier, trackingNo, reason, correction, actor } = change;
  return {
    ...{ from, to, carrier, trackingNo, reason, correction, actor },
    at: showInstant(change.at),
    toldAt: showInstant(change.toldAt),
    toldBy: showId('apiKey', change.by),
  };
}
