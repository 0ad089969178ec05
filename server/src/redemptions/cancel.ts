import { type Clock, type Instant, showInstant } from '../kernel/clock.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { type Pool, type Transaction, withTransaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import { hasCases } from './after-sales/case-store.ts';
import { changeableUntil } from './cancellable.ts';
import { refundRest } from './cash/refund-cash.ts';
import { lockDeliveries } from './deliveries/delivery-store.ts';
import { cancelDeliveries, sentAlready } from './deliveries/tell-delivery.ts';
import { refusedToTakeBack, takeBack } from './funds/donate.ts';
import type { Redemption } from './redemption.ts';
import type { Saga } from './saga.ts';
import { after, isAtRest } from './steps.ts';
import { changeStates, lockRedemptions, noteUnsettled } from './store.ts';
import { hasUses, lockVouchersOf, writeVoucher } from './vouchers/voucher-store.ts';

export interface CancelDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly programmes: { programmeClock(programme: number): Instant };
  readonly saga: Saga;
}

/**
 * Cancels what a member changed their mind about, by the terms it was redeemed by: what was handed out counts no more, then the
 * points go back to their lots, less the fee, and the stock is free again. Told again it is answered as it is.
 *
 * Refused: `redemption_not_cancellable`, `redemption_has_case`, `voucher_used`, `voucher_expired`, `donation_paid_over`.
 */
export async function cancelRedemption(
  { pool, clock, programmes, saga }: CancelDeps,
  redemption: Redemption,
): Promise<Redemption | Refusal> {
  const begun = await withTransaction(pool, async (tx): Promise<Redemption | Refusal> => {
    const now = (await lockRedemptions(tx, [redemption.id])).get(redemption.id);
    if (now === undefined) throw new Error(`redemption ${redemption.id} is not there`);
    if (now.state === 'cancelling' || now.state === 'cancelled') return now;
    const at = programmes.programmeClock(now.programme);
    const why = (await refusedBy(tx, now, at)) ?? (await takeBack(tx, now, at));
    return why ?? (await begin(tx, now, at, clock));
  });
  if ('code' in begun || isAtRest(begun.state)) return begun;
  const [ended] = await saga.advance([begun]);
  return ended as Redemption;
}

/** What cancelling would answer at this moment, fee and all; nothing is written. */
export async function previewCancel(
  { pool, programmes }: CancelDeps,
  redemption: Redemption,
): Promise<Redemption | Refusal> {
  if (redemption.state === 'cancelling' || redemption.state === 'cancelled') return redemption;
  // What is not paid yet is given up.
  if (redemption.state === 'paying') return { ...redemption, state: 'timed_out' };
  const at = programmes.programmeClock(redemption.programme);
  const why = await withTransaction(
    pool,
    async (tx) =>
      (await refusedBy(tx, redemption, at)) ?? (await refusedToTakeBack(tx, redemption)),
  );
  return why ?? { ...redemption, state: 'cancelled', cancelledAt: at };
}

/** What stands in the way at this moment; null: nothing. What was handed out is locked. */
async function refusedBy(
  tx: Transaction,
  redemption: Redemption,
  at: Instant,
): Promise<Refusal | null> {
  const { id, state, terms } = redemption;
  if (after(state, 'cancel') === undefined || terms.cancellation.until === 'never')
    return problem('redemption_not_cancellable');
  const last = changeableUntil(redemption);
  if (at > last)
    return problem(
      'redemption_not_cancellable',
      `it could be cancelled until ${showInstant(last)}`,
      {
        until: showInstant(last),
      },
    );
  if (await hasCases(tx, id)) return problem('redemption_has_case');
  const sent = sentAlready(await lockDeliveries(tx, id));
  if (sent !== null) return sent;
  const vouchers = await lockVouchersOf(tx, id);
  if (await hasUses(tx, id)) return problem('voucher_used');
  const isLapsed = vouchers.some(({ expiresAt }) => expiresAt !== null && expiresAt <= at);
  return isLapsed ? problem('voucher_expired') : null;
}

async function begin(
  tx: Transaction,
  redemption: Redemption,
  at: Instant,
  clock: Clock,
): Promise<Redemption> {
  for (const voucher of await lockVouchersOf(tx, redemption.id))
    await writeVoucher(tx, { ...voucher, state: 'void' });
  if ((await cancelDeliveries(tx, redemption, at)) !== null)
    throw new Error('what was sent is not cancelled');
  const next = { ...redemption, state: 'cancelling', cancelledAt: at } as const;
  await changeStates(tx, [{ seen: redemption, next }]);
  if (next.cashFen > 0) await refundRest(tx, next, 'cancelled', clock.now());
  await noteUnsettled(tx, next, clock.now());
  return next;
}
