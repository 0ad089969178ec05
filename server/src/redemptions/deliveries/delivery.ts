import { type Instant, showInstant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { AfterSales } from '../../kernel/reward.ts';
import { problem } from '../../platform/web/problem.ts';
import type { Particulars } from '../particulars.ts';

/** `cancelled`: nothing of it is to be sent any more. */
export const DELIVERY_STATES = [
  'to_send',
  'sent',
  'delivered',
  'undeliverable',
  'cancelled',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** To whom it goes: a region, and a recipient, sealed. */
export type SentTo = Extract<Particulars, { readonly kind: 'delivery' }>;

/** Something that was redeemed, on its way to its member, for the first time or again. Times are by the programme's clock. */
export interface Delivery {
  /** That of the redemption, or of the case that it is the exchange of. */
  readonly id: Uuid;
  readonly redemption: Uuid;
  /** From 0, of those of one redemption. */
  readonly turn: number;
  /** The after-sales case; null: it is sent for the first time. */
  readonly exchangeOf: Uuid | null;
  /** The units that it sends, from 0. */
  readonly places: readonly number[];
  /** Null: to whom the redemption says. */
  readonly particulars: SentTo | null;
  readonly programme: number;
  readonly member: Uuid;
  /** Who sends it, and from where. */
  readonly merchant: Uuid;
  readonly store: string | null;
  readonly madeAt: Instant;
  readonly state: DeliveryState;
  readonly sentAt: Instant | null;
  readonly carrier: string | null;
  readonly trackingNo: string | null;
  /** When it was delivered, or known to be undeliverable. */
  readonly endedAt: Instant | null;
  /** Why it could not be delivered. */
  readonly reason: string | null;
}

/** How a delivery is, as its merchant tells it. */
export type ToldState =
  | { readonly state: 'to_send' }
  | { readonly state: 'sent'; readonly carrier: string; readonly trackingNo: string }
  | { readonly state: 'delivered' }
  | { readonly state: 'undeliverable'; readonly reason: string };

export type Told = ToldState & {
  /** When it happened. */
  readonly at: Instant;
  /** Why what was told before is wrong; null: it goes on. */
  readonly correction: string | null;
};

/** Where a delivery goes on from where. */
const ON: Readonly<Partial<Record<DeliveryState, readonly DeliveryState[]>>> = {
  to_send: ['sent'],
  sent: ['delivered', 'undeliverable'],
};

const BLANK = { sentAt: null, carrier: null, trackingNo: null, endedAt: null, reason: null };

/** Whether it is so already: told again, it changes nothing. */
export function isKnown(delivery: Delivery, told: ToldState): boolean {
  if (delivery.state !== told.state) return false;
  if (told.state === 'sent')
    return delivery.carrier === told.carrier && delivery.trackingNo === told.trackingNo;
  return told.state !== 'undeliverable' || delivery.reason === told.reason;
}

/**
 * How a delivery is after something was told of it. It goes on, one step at a time; back, or elsewhere, only as a correction, and nowhere
 * once it is cancelled. Nothing happens before what it follows, nor later than `now`.
 *
 * Refused: `delivery_state`, `time_in_future`, `backdating_not_allowed`.
 */
export function afterTold(delivery: Delivery, told: Told, now: Instant): Delivery | Refusal {
  const { state, sentAt, madeAt } = delivery;
  const goesOn = ON[state]?.includes(told.state) === true;
  const isCorrected = told.correction !== null && state !== 'cancelled';
  const needsSent = told.state === 'delivered' || told.state === 'undeliverable';
  if (!(goesOn || isCorrected) || (needsSent && sentAt === null))
    return problem('delivery_state', `it is ${state}`, { state });
  if (told.at > now) return problem('time_in_future');
  const earliest = needsSent && sentAt !== null ? sentAt : madeAt;
  if (told.at < earliest)
    return problem('backdating_not_allowed', `not before ${showInstant(earliest)}`, {
      earliest: showInstant(earliest),
    });
  const { at } = told;
  switch (told.state) {
    case 'to_send':
      return { ...delivery, ...BLANK, state: 'to_send' };
    case 'sent': {
      const { carrier, trackingNo } = told;
      return { ...delivery, ...BLANK, state: 'sent', sentAt: at, carrier, trackingNo };
    }
    case 'delivered':
      return { ...delivery, state: 'delivered', endedAt: at, reason: null };
    case 'undeliverable':
      return { ...delivery, state: 'undeliverable', endedAt: at, reason: told.reason };
  }
}

const DAY_MS = 24 * 3_600_000;
/** Half a year: as long as somebody may ask where it went. */
const KEPT_DAYS = 183;
/** After the last day on which it can be returned, what comes of that is still to be sent. */
const AFTERWARDS_DAYS = 30;

/** When to whom it went is erased. */
export function eraseAt(endedAt: Instant, { returnDays, qualityDays }: AfterSales): Instant {
  const days = Math.max(KEPT_DAYS, Math.max(returnDays, qualityDays) + AFTERWARDS_DAYS);
  return endedAt + days * DAY_MS;
}

/** The same without some of its units; without any of them it is cancelled, and keeps them for the record. */
export function without(delivery: Delivery, places: readonly number[]): Delivery {
  const left = delivery.places.filter((place) => !places.includes(place));
  if (left.length > 0) return { ...delivery, places: left };
  return { ...delivery, ...BLANK, state: 'cancelled' };
}

/** Which of the deliveries of a redemption, in order, brings a unit: the last that is of it. */
export const lastOf = (all: readonly Delivery[], place: number): Delivery | undefined =>
  all.findLast(({ places }) => places.includes(place));
