import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import type { Case, Saying } from './case.ts';
import { holdsUnits } from './case-steps.ts';
import type { AfterSalesDeps } from './deps.ts';
import { placesHeld } from './held-places.ts';
import { makeGood } from './make-good.ts';
import { hasAfterSales, lockHandedOut, newCase, recordCase } from './open-case.ts';
import { readUnits } from './read-units.ts';
import type { SupplierReason } from './reasons.ts';
import { takeCaseSteps } from './take-step.ts';
import { leftOf, type Unit } from './units.ts';

/** That something cannot be handed out. */
export interface SupplierCancels {
  readonly reason: SupplierReason;
  readonly said: Saying;
  /** Whether it can be handed out to somebody else. */
  readonly onShelf: boolean;
  /** Of which cancellation of many it is a part; then what has lapsed already stays as it is. */
  readonly cancellation: Uuid | null;
}

/**
 * Cancels what is left of a redemption because its supplier cannot hand it out, whatever its terms say of cancelling: everything
 * that was not used goes back, without a fee, and what was agreed comes on top. Cases that were open about it end with it.
 *
 * Refused: `redemption_not_handed_out`, `after_sales_not_offered`; `after_sales_units_taken`: nothing is left of it.
 */
export async function cancelBySupplier(
  tx: Transaction,
  deps: AfterSalesDeps,
  id: Uuid,
  { reason, said, onShelf, cancellation }: SupplierCancels,
): Promise<Case | Refusal> {
  const found = await lockHandedOut(tx, id);
  if ('code' in found) return found;
  const { redemption, cases } = found;
  if (!hasAfterSales(redemption)) return problem('after_sales_not_offered');
  const gone = placesHeld(cases, 'for ever');
  const at = deps.programmes.programmeClock(redemption.programme);
  const isLapsed = ({ voucher }: Unit): boolean =>
    voucher?.expiresAt != null && voucher.expiresAt <= at;
  const left = (await readUnits(tx, redemption)).filter(
    (unit) =>
      !gone.has(unit.place) &&
      leftOf('supplier', unit).num > 0 &&
      (cancellation === null || !isLapsed(unit)),
  );
  const isLeft = (place: number): boolean => left.some((unit) => unit.place === place);
  const open = cases.filter(({ state }) => holdsUnits(state) === 'for now');
  // A case that is about more than what is left goes on about all of it.
  const overtaken = open.filter((each) => each.places.every(isLeft));
  const elsewhere = placesHeld(
    open.filter((each) => !overtaken.includes(each)),
    'at all',
  );
  const places = left.map(({ place }) => place).filter((place) => !elsewhere.has(place));
  if (places.length === 0) return problem('after_sales_units_taken');
  await takeCaseSteps(
    tx,
    deps,
    overtaken.map((of) => ({ of, redemption, step: 'overtake' as const, said })),
  );
  const told = newCase(deps, redemption, { kind: 'supplier', reason, note: said.note, places });
  // A case is opened with a deadline, which this one never waits for.
  const opened = await recordCase(tx, deps, { ...told, dueAt: told.openedAt }, said, cancellation);
  const good = { of: opened, redemption, remedy: 'refund' as const, said, onShelf };
  return await makeGood(tx, deps, good);
}
