import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { MemberFacts, Occasion, RatedLine } from '../rules/rating.ts';

/** What rules were told of an order besides its lines; kept with it, so that it can be rated again alike. */
export interface OrderOccasion {
  /** The instant whose rules count. */
  readonly at: Instant;
  readonly merchantCategory: string;
  /** Null: no rule asked. */
  readonly member: MemberFacts | null;
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

/** An order, or what is left of it, as rules see it. */
export function occasionOf(
  order: Pick<Occasion, 'merchant' | 'ratio' | 'store' | 'channel' | 'tenders'>,
  { at, merchantCategory, member }: OrderOccasion,
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
