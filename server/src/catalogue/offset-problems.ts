import type { RewardTerms } from '../kernel/reward.ts';
import { type BodyProblem, problemOf } from '../platform/publishing/problem-of.ts';

/**
 * What is wrong with points that offset a bill. It is paid at the till at once: there is no cash beside it, and nothing to
 * cancel, return or exchange but with the bill and its goods, which the till tells.
 */
export function offsetProblems({
  fulfilment,
  cashValueFen,
  prices,
  cancellation,
  afterSales,
}: RewardTerms): BodyProblem[] {
  if (fulfilment.kind !== 'offset') return [];
  const problems: BodyProblem[] = [];
  if (cashValueFen !== fulfilment.offFen)
    problems.push(problemOf('/cashValueFen', 'not_its_value', 'it is worth what it takes off'));
  for (const [place, { cashFen }] of prices.entries())
    if (cashFen > 0)
      problems.push(
        problemOf(`/prices/${place}/cashFen`, 'offset_for_cash', 'the bill is paid for by points'),
      );
  if (cancellation.until !== 'never')
    problems.push(
      problemOf('/cancellation', 'goes_with_its_bill', 'it is taken back with its bill: never'),
    );
  const { returnDays, qualityDays, exchange } = afterSales;
  if (returnDays > 0 || qualityDays > 0 || exchange)
    problems.push(
      problemOf('/afterSales', 'goes_with_its_bill', 'it is given back with goods of its bill'),
    );
  return problems;
}
