import type { Input } from '@hongmi/sdk';
import type { Part } from '../../app/price.ts';
import type { OneOffer, Option, Terms } from './offer.ts';

/** What is asked of the API. */
export type Order = Omit<Input<'redeem'>, 'dryRun'>;
export type Particulars = NonNullable<Order['particulars']>;

/** Who hands it out, and at which store where the terms name some. */
export interface Place {
  readonly merchantId: string;
  readonly store?: string;
}

/** Where it can be got: each store that the terms name, and each merchant that hands it out at all of its own. */
export function placesOf({ stores }: Pick<Terms, 'stores'>): readonly Place[] {
  return stores.flatMap(({ merchant: merchantId, stores: some }): Place[] =>
    some === undefined ? [{ merchantId }] : some.map((store) => ({ merchantId, store })),
  );
}

/** What somebody chose. */
export interface Chosen {
  readonly option: Option;
  readonly quantity: number;
  readonly place: Place;
  readonly particulars?: Particulars;
}

export interface Sum {
  readonly points: readonly Part[];
  readonly cashFen: number;
  /** Of the cash: for sending it, once, however many. */
  readonly feeFen: number;
}

/** What it comes to, of all units together. */
export function sumOfOrder(
  { fulfilment }: Pick<Terms, 'fulfilment'>,
  { option, quantity }: Pick<Chosen, 'option' | 'quantity'>,
): Sum {
  const feeFen = fulfilment.kind === 'delivery' ? fulfilment.feeFen : 0;
  return {
    points: option.points.map(({ pointType, points }) => ({
      pointType,
      points: points * quantity,
    })),
    cashFen: option.cashFen * quantity + feeFen,
    feeFen,
  };
}

/**
 * What is asked for, with the price that was shown: at another one nothing is redeemed. `payer`: who pays cash, where WeChat told it.
 */
export function orderOf(
  { rewardId, body }: Pick<OneOffer, 'rewardId' | 'body'>,
  chosen: Chosen,
  who: { readonly memberId: string; readonly payer: string | undefined },
): Order {
  const { option, quantity, place, particulars } = chosen;
  const { points, cashFen } = sumOfOrder(body, chosen);
  const price = points.filter((each) => each.points > 0);
  return {
    ...{ memberId: who.memberId, rewardId, ...place, option: option.option, quantity },
    ...(price.length > 0 && { price }),
    ...(cashFen > 0 && { cashFen }),
    ...(cashFen > 0 && who.payer !== undefined && { payerOpenid: who.payer }),
    ...(particulars !== undefined && { particulars }),
  };
}

/** What remains of each type that is spent. */
export function remainsAfter(
  { points }: Pick<Sum, 'points'>,
  availableOf: (pointType: string) => number,
): readonly Part[] {
  return points
    .filter((each) => each.points > 0)
    .map((each) => ({
      pointType: each.pointType,
      points: availableOf(each.pointType) - each.points,
    }));
}
