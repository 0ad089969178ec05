import type { Uuid } from '../kernel/id.ts';
import type { PointsPart } from '../kernel/reward.ts';
import { pointsOf } from './prices.ts';
import type { PromotionTerms, PromotionVersion } from './promotion.ts';

/** How many points are forgone at most, by type; null: without limit. Of a type that is not there nothing may be forgone. */
export function budgetOf({
  budget,
  price,
}: Pick<PromotionTerms, 'budget' | 'price'>): readonly PointsPart[] | null {
  if (budget === undefined) return null;
  if (!('points' in budget)) return budget;
  if (price.kind !== 'fixed') throw new Error('a budget without a type is of a fixed price');
  return [{ pointType: price.pointType, points: budget.points }];
}

/** The counter of what a promotion has forgone, in all its versions: a new one goes on with what is left. */
export const counterOf = (promotion: Uuid, pointType: string): string =>
  `${promotion}/forgone/${pointType}`;

/** How many fewer points a price takes than the plain one, of each type that it takes fewer of. */
export function forgoneBy(
  plain: readonly PointsPart[],
  now: readonly PointsPart[],
): readonly PointsPart[] {
  return plain.flatMap(({ pointType, points }) => {
    const saved = points - pointsOf({ points: now }, pointType);
    return saved > 0 ? [{ pointType, points: saved }] : [];
  });
}

/** What one unit spends of a budget: points of a counter that has `max` in all. */
export interface Spending {
  readonly counter: string;
  readonly points: number;
  readonly max: number;
}

/** What a price by this promotion spends of its budget; nothing where it has none. */
export function spendingOf(
  { promotion, body }: Pick<PromotionVersion, 'promotion' | 'body'>,
  plain: readonly PointsPart[],
  now: readonly PointsPart[],
): readonly Spending[] {
  const budget = budgetOf(body);
  if (budget === null) return [];
  return forgoneBy(plain, now).map(({ pointType, points }) => ({
    counter: counterOf(promotion, pointType),
    points,
    max: pointsOf({ points: budget }, pointType),
  }));
}

/** What budgets have spent, by counter; what is not there has spent nothing. */
export type Spent = ReadonlyMap<string, number>;

/** The counters of the budgets that these promotions have. */
export function countersOf(
  promotions: Iterable<Pick<PromotionVersion, 'promotion' | 'body'>>,
): string[] {
  const counters: string[] = [];
  for (const { promotion, body } of promotions)
    for (const { pointType } of budgetOf(body) ?? [])
      counters.push(counterOf(promotion, pointType));
  return counters;
}

/** Whether budgets have room for so many units of this. */
export function haveRoom(spending: readonly Spending[], spent: Spent, units: number): boolean {
  return spending.every(
    ({ counter, points, max }) => (spent.get(counter) ?? 0) + points * units <= max,
  );
}
