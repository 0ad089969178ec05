import type { components } from '@hongmi/sdk';
import { worthOfPoint } from '@hongmi/ui/worth.ts';

type Schemas = components['schemas'];

/** A reward as it stands to the member, as lists have it. */
export type Offer = Schemas['RewardOffer'];
/** One of them, with what is left. */
export type OneOffer = Schemas['MemberReward'];
export type Option = Offer['options'][number];
export type Terms = Schemas['RewardTerms'];

/** The way to pay that a reward is first told with: what the member can pay now, or else what they lack least of. */
export function firstOption({ options }: Pick<Offer, 'options'>): Option | undefined {
  const lack = ({ missing }: Option): number => sumOf(missing);
  return [...options].sort((a, b) => lack(a) - lack(b) || a.option - b.option)[0];
}

/** The way to pay that takes fewest points: what lists by points go by. */
export const leastOption = ({ options }: Pick<Offer, 'options'>): Option | undefined =>
  [...options].sort((a, b) => sumOf(a.points) - sumOf(b.points))[0];

const sumOf = (parts: readonly { readonly points: number }[]): number =>
  parts.reduce((sum, { points }) => sum + points, 0);

/** What a point is worth by one of the options, in micro-fen. */
export const worthBy = (
  terms: Pick<Terms, 'cashValueFen'>,
  option: Option | undefined,
  scaleOf: (pointType: string) => number,
) => worthOfPoint(terms.cashValueFen, option, scaleOf);

/** Why nobody gets any more of it for now; undefined: some are left. Of several reasons the one that lasts longest. */
export function usedUp({
  left: { stock, limits, quotas },
  body: { stores },
}: Pick<OneOffer, 'left' | 'body'>):
  | { readonly of: 'stock' }
  | { readonly of: 'limit' | 'quota'; readonly per: OneOffer['left']['limits'][number]['per'] }
  | undefined {
  if (stock === 0) return { of: 'stock' };
  const limit = limits.findLast((each) => each.left === 0);
  if (limit !== undefined) return { of: 'limit', per: limit.per };
  // Where one merchant has given out its quota, another may still have some.
  const outOf = new Map(
    quotas.flatMap((each) => (each.left === 0 ? [[each.merchantId, each.per] as const] : [])),
  );
  if (!stores.every(({ merchant }) => outOf.has(merchant))) return undefined;
  const [per] = outOf.values();
  return per === undefined ? undefined : { of: 'quota', per };
}

/** How many units can be asked for at once; at least 1, so that a form always has something to say. */
export function unitsMax(
  { left, body: { limits = [] } }: Pick<OneOffer, 'left' | 'body'>,
  option: Option,
  merchantId: string,
  availableOf: (pointType: string) => number,
): number {
  const affordable = option.points
    .filter(({ points }) => points > 0)
    .map(({ pointType, points }) => Math.floor(availableOf(pointType) / points));
  const most = [
    UNITS_MAX,
    left.stock ?? UNITS_MAX,
    ...limits.filter(({ per }) => per === 'order').map(({ times }) => times),
    ...left.limits.map((each) => each.left),
    ...left.quotas.filter((each) => each.merchantId === merchantId).map((each) => each.left),
    ...affordable,
  ];
  return Math.max(1, Math.min(...most));
}

/** So many at once the API takes. */
const UNITS_MAX = 1_000;
