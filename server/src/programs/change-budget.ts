import type Type from 'typebox';
import type { Uuid } from '../kernel/id.ts';
import { findBudget, setBudgetTotal } from '../ledger/budget.ts';
import type { Transaction } from '../platform/database.ts';
import { type Principal, reaches } from '../platform/web/auth.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { type BudgetShown, showBudget } from './budget.ts';
import type { ProgrammeRegistry } from './registry.ts';

/** Raises or lowers a budget's total; never below what is spent. */
export async function changeBudget(
  tx: Transaction,
  id: Uuid,
  total: number,
  {
    programmes,
    principal,
  }: { readonly programmes: ProgrammeRegistry; readonly principal: Principal },
): Promise<Outcome<Type.Static<typeof BudgetShown>>> {
  const budget = await findBudget(tx, id);
  if (budget === undefined || !reaches(principal, budget))
    return { refusal: problem('budget_not_found') };
  const spent = await setBudgetTotal(tx, id, total);
  if (total < spent) {
    return {
      refusal: problem('budget_below_spent', `${spent} points of it are spent`, { spent }),
    };
  }
  return { status: 200, body: showBudget({ ...budget, total, spent }, programmes) };
}
