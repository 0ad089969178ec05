import { type BodyProblem, problemOf } from '../platform/publishing/problem-of.ts';
import type { Known } from './known.ts';
import { datesProblems } from './problems.ts';
import type { PromotionTerms } from './promotion.ts';
import { wordsProblems } from './words-problems.ts';

/** Everything that is wrong with a promotion whose form is right; it is saved only if there is nothing. */
export function problemsOfPromotion(terms: PromotionTerms, known: Known): readonly BodyProblem[] {
  const { when, rewards = [], name, description } = terms;
  return [
    ...wordsProblems('/name', name),
    ...wordsProblems('/description', description),
    ...(Object.keys(when).length === 0
      ? [problemOf('/when', 'empty', 'what is always so is a price: change the reward')]
      : []),
    ...(when.dates ?? []).flatMap((dates, place) => datesProblems(`/when/dates/${place}`, dates)),
    ...rewards.flatMap((id, place) =>
      known.rewards.has(id)
        ? []
        : problemOf(`/rewards/${place}`, 'unknown_reward', 'its owner has no such reward'),
    ),
    ...priceProblems(terms, known),
  ];
}

function priceProblems({ price, budget }: PromotionTerms, known: Known): BodyProblem[] {
  const problems: BodyProblem[] = [];
  if (price.kind === 'ratio' && price.num >= price.den)
    problems.push(problemOf('/price/num', 'not_cheaper', 'it must be less than the plain price'));
  if (price.kind === 'fixed' && !known.pointTypes.has(price.pointType))
    problems.push(
      problemOf('/price/pointType', 'unknown_point_type', `no point type ${price.pointType}`),
    );
  if (budget === undefined) return problems;
  const spends = known.budgets.get(budget);
  if (spends === undefined)
    problems.push(problemOf('/budget', 'unknown_budget', 'no budget that it may spend'));
  else if (price.kind === 'fixed' && spends !== price.pointType)
    problems.push(problemOf('/budget', 'budget_of_other_points', `a budget of ${spends}`));
  return problems;
}
