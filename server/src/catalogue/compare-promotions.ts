import type { Worse } from './compare-terms.ts';
import { pointsOf } from './prices.ts';
import type { PromotionPrice, PromotionTerms, PromotionTimes } from './promotion.ts';
import { budgetOf } from './promotion-budget.ts';

/** Compares by form alone: whoever would have paid less pays no more, for all that was in it, then and at no other times. */
export function comparePromotions(before: PromotionTerms, after: PromotionTerms): readonly Worse[] {
  const found = (isWorse: boolean, path: string, reason: string): Worse[] =>
    isWorse ? [{ path, reason }] : [];
  return [
    ...found(!isAsCheap(before.price, after.price), '/price', 'dearer'),
    ...found(!isWithin(before.rewards, after.rewards), '/rewards', 'fewer_rewards'),
    ...found(!isWithin(before.kinds, after.kinds), '/kinds', 'fewer_rewards'),
    ...(Object.keys(after.when) as (keyof PromotionTimes)[]).flatMap((name) =>
      found(!isAsOften(before.when, after.when, name), `/when/${name}`, 'fewer_days'),
    ),
    ...found(!isBudgetNoLess(before, after), '/budget', 'budget'),
  ];
}

function isAsCheap(old: PromotionPrice, now: PromotionPrice): boolean {
  if (old.kind === 'ratio' && now.kind === 'ratio')
    return BigInt(now.num) * BigInt(old.den) <= BigInt(old.num) * BigInt(now.den);
  if (old.kind === 'fixed' && now.kind === 'fixed')
    return old.pointType === now.pointType && now.points <= old.points;
  return false;
}

/** Whether as much may be forgone as before, of each type. */
function isBudgetNoLess(before: PromotionTerms, after: PromotionTerms): boolean {
  const [old, now] = [budgetOf(before), budgetOf(after)];
  if (now === null) return true;
  return old?.every((part) => pointsOf({ points: now }, part.pointType) >= part.points) === true;
}

/** Undefined: all there are. */
function isWithin<T>(small: readonly T[] | undefined, large: readonly T[] | undefined): boolean {
  return large === undefined || small?.every((each) => large.includes(each)) === true;
}

function isAsOften(
  before: PromotionTimes,
  after: PromotionTimes,
  name: keyof PromotionTimes,
): boolean {
  switch (name) {
    case 'dates':
      return (
        before.dates?.every((old) =>
          after.dates?.some(
            ({ from = '', to = '9999-12-31' }) =>
              from <= (old.from ?? '') && to >= (old.to ?? '9999-12-31'),
          ),
        ) === true
      );
    case 'memberMonth':
      return before.memberMonth === after.memberMonth;
    case 'months':
    case 'monthDays':
    case 'weekdays':
      return isWithin(before[name], after[name]);
  }
}
