import Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import type { BudgetState } from '../ledger/budget.ts';
import {
  Code,
  InstantText,
  idOf,
  nullable,
  object,
  PointsShown,
  text,
} from '../platform/web/schema.ts';
import type { ProgrammeRegistry } from './registry.ts';

/** How a budget is called, in its programme. */
export const BudgetName = text(100);
const Total = Type.Integer({ minimum: 1, maximum: POINTS_MAX });

export const NewBudget = object(
  {
    name: BudgetName,
    total: Total,
    programme: Type.Optional(Code),
    pointType: Type.Optional(Code),
    merchantId: Type.Optional({
      ...idOf('merchant'),
      description: 'Its keys may spend the budget; without it only the operator’s may.',
    }),
  },
  { title: 'NewBudget' },
);

export const BudgetChange = object(
  { total: Type.Integer({ ...Total, minimum: 0, description: 'Not below what is spent.' }) },
  { title: 'BudgetChange' },
);

export const BudgetShown = object(
  {
    id: idOf('budget'),
    name: Type.String(),
    programme: Code,
    pointType: Code,
    merchantId: nullable(idOf('merchant')),
    total: PointsShown,
    spent: PointsShown,
    left: PointsShown,
    createdAt: InstantText,
  },
  { title: 'Budget', description: 'What all members together may be issued under one name.' },
);

export function showBudget(
  budget: BudgetState,
  programmes: ProgrammeRegistry,
): Type.Static<typeof BudgetShown> {
  const { id, name, merchant, total, spent, createdAt } = budget;
  const programme = programmes.byId(budget.programme);
  const pointType = programme?.pointTypes.find((each) => each.id === budget.pointType);
  return {
    id: showId('budget', id),
    name,
    programme: programme?.code ?? '',
    pointType: pointType?.code ?? '',
    merchantId: merchant === null ? null : showId('merchant', merchant),
    total,
    spent,
    left: total - spent,
    createdAt: showInstant(createdAt),
  };
}
