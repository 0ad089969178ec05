import Type from 'typebox';
import { Code, nullable, object, PointsShown } from '../platform/web/schema.ts';
import type { CountedOf } from './member-deps.ts';
import type { PromotionTerms } from './promotion.ts';
import { budgetOf, counterOf } from './promotion-budget.ts';
import type { Aside } from './shelf-schema.ts';

const Budgets = Type.Array(
  object(
    { pointType: Code, points: PointsShown, spent: PointsShown, left: PointsShown },
    { title: 'PromotionBudgetLeft' },
  ),
  {
    description:
      'Of what is in force or else comes next: how many points may be forgone, were, and still may be.',
  },
);

/** What promotions have spent of their budgets, for their owners. */
export const budgetAside = (countedOf: CountedOf): Aside<PromotionTerms> => ({
  fields: {
    budget: { ...nullable(Budgets), description: 'Null: there is none, or it is another’s.' },
  },
  hidden: { budget: null },
  async read(sql, items) {
    const budgets = items.map(({ id, body }) => ({ id, parts: body && budgetOf(body) }));
    const names = budgets.flatMap(({ id, parts }) =>
      (parts ?? []).map(({ pointType }) => counterOf(id, pointType)),
    );
    const counted = await countedOf(sql, names);
    return budgets.map(({ id, parts }) => {
      const shown = parts?.map(({ pointType, points }) => {
        const spent = counted.get(counterOf(id, pointType)) ?? 0;
        return { pointType, points, spent, left: Math.max(0, points - spent) };
      });
      return { budget: shown ?? null };
    });
  },
});
