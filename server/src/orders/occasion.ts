import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sealer } from '../platform/seal.ts';
import type { MemberFacts, Occasion, RatedLine } from '../rules/rating.ts';
import { openFacts } from '../rules/sealed-facts.ts';

/** What rules were told of an order besides its lines; kept with it, so that it can be rated again alike. */
export interface OrderOccasion {
  /** The instant whose rules count. */
  readonly at: Instant;
  readonly merchantCategory: string;
  /** The member's facts of that moment, sealed for the order, in base64; null: no rule asked. */
  readonly facts: string | null;
}

/** Whose facts are asked for, and at which instant of the programme's clock they must hold. */
export interface AskedFacts {
  readonly member: Uuid;
  readonly merchant: Uuid;
  readonly programme: number;
  readonly at: Instant;
}

/** What is known of members, for rules; answered in order. */
export type FactsOf = (asked: readonly AskedFacts[]) => Promise<readonly MemberFacts[]>;

/** Of a member whom no rule asks about. */
const NO_FACTS: MemberFacts = {
  tier: null,
  creditBand: null,
  segments: [],
  earlierOrders: 0,
  joinedAt: 0,
  birthday: null,
};

type Circumstances = Pick<Occasion, 'merchant' | 'ratio' | 'store' | 'channel' | 'tenders'>;

/** A recorded order, or what is left of it, as rules saw it. */
export function occasionAgain(
  order: Circumstances & { readonly id: Uuid },
  { at, merchantCategory, facts }: OrderOccasion,
  lines: readonly RatedLine[],
  { timeZone, sealer }: { readonly timeZone: string; readonly sealer: Sealer },
): Occasion {
  const of = { kind: 'order', id: order.id } as const;
  const member = facts === null ? null : openFacts(sealer, of, Buffer.from(facts, 'base64'));
  return occasionOf(order, { at, merchantCategory, member }, lines, timeZone);
}

/** An order as rules see it. */
export function occasionOf(
  order: Circumstances,
  {
    at,
    merchantCategory,
    member,
  }: Pick<Occasion, 'at' | 'merchantCategory'> & { readonly member: MemberFacts | null },
  lines: readonly RatedLine[],
  timeZone: string,
): Occasion {
  const { merchant, ratio, store, channel, tenders } = order;
  return {
    on: 'order',
    at,
    timeZone,
    merchant,
    merchantCategory,
    ratio,
    store,
    channel,
    tenders,
    lines,
    member: member ?? NO_FACTS,
    attributes: {},
  };
}
