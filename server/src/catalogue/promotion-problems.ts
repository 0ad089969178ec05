import { type BodyProblem, problemOf } from '../platform/publishing/problem-of.ts';
import type { Known } from './known.ts';
import { datesProblems, repeated } from './problems.ts';
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
  if ('points' in budget) {
    if (price.kind !== 'fixed')
      problems.push(problemOf('/budget', 'budget_of_no_type', 'say of which points it is'));
    return problems;
  }
  return [
    ...problems,
    ...repeated('/budget', 'point_type_twice', budget, ({ pointType }) => pointType),
    ...budget.flatMap(({ pointType }, place) => {
      const path = `/budget/${place}/pointType`;
      if (!known.pointTypes.has(pointType))
        return problemOf(path, 'unknown_point_type', `no point type ${pointType}`);
      if (price.kind !== 'fixed' || pointType === price.pointType) return [];
      return problemOf(path, 'budget_of_other_points', `it is for ${price.pointType}`);
    }),
  ];
}
