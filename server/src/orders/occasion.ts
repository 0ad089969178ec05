import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sealer } from '../platform/seal.ts';
import type { MemberFacts, Occasion, RatedLine } from '../rules/rating.ts';

/** What rules were told of an order besides its lines; kept with it, so that it can be rated again alike. */
export interface OrderOccasion {
  /** The instant whose rules count. */
  readonly at: Instant;
  readonly merchantCategory: string;
  /** The member's facts of that moment, sealed for the order; null: no rule asked. */
  readonly facts: string | null;
}

/** Sealing binds facts to their order: moved to another one they do not open. */
const factsContext = (order: Uuid): string => `order.facts ${order}`;

export function sealFacts(sealer: Sealer, order: Uuid, facts: MemberFacts | null): string | null {
  if (facts === null) return null;
  return sealer.seal(factsContext(order), JSON.stringify(facts)).toString('base64');
}

function openFacts(sealer: Sealer, order: Uuid, sealed: string | null): MemberFacts {
  if (sealed === null) return NO_FACTS;
  const opened = sealer.open(factsContext(order), Buffer.from(sealed, 'base64'));
  if (opened === undefined)
    throw new Error('the facts of an order do not open under the master key');
  return JSON.parse(opened) as MemberFacts;
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
  const member = openFacts(sealer, order.id, facts);
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
