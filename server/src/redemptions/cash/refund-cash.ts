import type { Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import type { CashRefund, RefundReason } from './payment.ts';
import { insertRefund, lockPaymentsOf, readRefundsOf } from './store.ts';

/**
 * Gives back so much of the cash that was paid for a redemption: recorded now, sent by the minute's job until it is done. Under the
 * same key it is the same refund, whatever it is then asked to be. `now`: the machine's.
 *
 * Refused: `cash_refund_exceeds_paid`, with what is `leftFen`; of what was not paid nothing is left.
 */
export async function refundCash(
  tx: Transaction,
  redemption: { readonly id: Uuid },
  amountFen: number,
  reason: RefundReason,
  key: string,
  now: Instant,
): Promise<CashRefund | Refusal> {
  const payment = (await lockPaymentsOf(tx, [redemption.id])).get(redemption.id);
  const refunds = payment === undefined ? [] : await readRefundsOf(tx, [payment.id]);
  const known = refunds.find((each) => each.key === key);
  if (known !== undefined) return known;
  const leftFen = (payment?.paidFen ?? 0) - sumOf(refunds);
  if (payment === undefined || amountFen > leftFen)
    return problem('cash_refund_exceeds_paid', `${leftFen} fen are left`, { leftFen });
  const refund: CashRefund = {
    ...{ id: newId(now), payment: payment.id, key, amountFen, reason },
    ...{ state: 'sending', refused: null, askedAt: now, endedAt: null },
  };
  await insertRefund(tx, refund);
  return refund;
}

/** Gives back all that was paid for what came to nothing, and is not given back yet. */
export async function refundRest(
  tx: Transaction,
  redemption: { readonly id: Uuid },
  reason: RefundReason,
  now: Instant,
): Promise<void> {
  const payment = (await lockPaymentsOf(tx, [redemption.id])).get(redemption.id);
  if (payment === undefined || payment.paidFen === null) return;
  const restFen = payment.paidFen - sumOf(await readRefundsOf(tx, [payment.id]));
  if (restFen > 0) await refundCash(tx, redemption, restFen, reason, 'rest', now);
}

// What failed counts too: it is owed by other means, and must not be paid twice.
const sumOf = (refunds: readonly CashRefund[]): number =>
  refunds.reduce((sum, { amountFen }) => sum + amountFen, 0);
