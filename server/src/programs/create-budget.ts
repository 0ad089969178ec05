import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { newId, showId, type Uuid } from '../kernel/id.ts';
import { findBudgetByName, makeBudget } from '../ledger/budget.ts';
import { Conflict, type Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId } from '../platform/web/schema.ts';
import { type BudgetShown, type NewBudget, showBudget } from './budget.ts';
import { DEFAULT_POINT_TYPE, pointTypeOf } from './programme.ts';
import type { ProgrammeRegistry } from './registry.ts';

export interface BudgetDeps {
  readonly clock: Clock;
  readonly programmes: ProgrammeRegistry;
  /** The programme a merchant takes part in. */
  readonly programmeOfMerchant: (merchant: Uuid) => Promise<number | undefined>;
}

/** Makes a budget; its name is its own within the programme. */
export async function createBudget(
  tx: Transaction,
  asked: Type.Static<typeof NewBudget> & { readonly programme: string },
  { clock, programmes, programmeOfMerchant }: BudgetDeps,
): Promise<Outcome<Type.Static<typeof BudgetShown>>> {
  const { name, total } = asked;
  const programme = await programmes.find(asked.programme);
  if (programme === undefined) return { refusal: problem('programme_not_found') };
  const pointType = pointTypeOf(programme, asked.pointType ?? DEFAULT_POINT_TYPE);
  if (pointType === undefined) return { refusal: problem('point_type_not_found') };
  const merchant = asked.merchantId === undefined ? null : mustReadId('merchant', asked.merchantId);
  if (merchant !== null && (await programmeOfMerchant(merchant)) !== programme.id)
    return { refusal: problem('merchant_not_found') };
  const createdAt = clock.now();
  const id = newId(createdAt);
  const ids = { programme: programme.id, pointType: pointType.id };
  const budget = { id, ...ids, name, merchant, createdAt };
  if (await makeBudget(tx, budget, total))
    return { status: 201, body: showBudget({ ...budget, total, spent: 0 }, programmes) };
  const existing = await findBudgetByName(tx, programme.id, name);
  if (existing === undefined) throw new Conflict('the budget of this name is gone again');
  return {
    refusal: problem('budget_exists', `there is a budget ${name} in ${programme.code}`, {
      budgetId: showId('budget', existing.id),
    }),
  };
}
