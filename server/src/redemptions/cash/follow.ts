import type { Clock, Instant } from '../../kernel/clock.ts';
import { newId } from '../../kernel/id.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Redemption } from '../redemption.ts';
import { isUndone } from '../steps.ts';
import { numberOf, type Payment } from './payment.ts';
import { refundRest } from './refund-cash.ts';
import { insertPayments } from './store.ts';

/** What of cash follows from where redemptions came to, in the transaction that says so. */
export type FollowCash = (tx: Transaction, list: readonly Redemption[]) => Promise<void>;

/** Who is to pay has a payment that will be opened; of what comes to nothing the cash that was paid goes back. */
export function createFollowCash({
  clock,
  programmes,
}: {
  readonly clock: Clock;
  readonly programmes: { programmeClock(programme: number): Instant };
}): FollowCash {
  return async (tx, list) => {
    const now = clock.now();
    const asked = list.filter(({ state }) => state === 'paying');
    const payments = asked.map((each) =>
      paymentOf(each, now, programmes.programmeClock(each.programme)),
    );
    if (payments.length > 0) await insertPayments(tx, payments);
    for (const each of list)
      if (each.cashFen > 0 && isUndone(each.state))
        await refundRest(tx, each, each.state === 'cancelling' ? 'cancelled' : 'not_redeemed', now);
  };
}

/** The provider's clock is the machine's: there is as much time left as by the programme's. */
function paymentOf(redemption: Redemption, now: Instant, programmeNow: Instant): Payment {
  const { id, programme, merchant, payee, cashFen, deadline } = redemption;
  if (payee === null) throw new Error('cash goes to somebody');
  return {
    ...{ id: newId(now), redemption: id, programme, merchant, paymentNo: numberOf(id), payee },
    ...{ amountFen: cashFen, askedAt: now },
    expiresAt: now + Math.max(1, deadline - programmeNow),
    ...{ state: 'open', refused: null, paidFen: null, paidAt: null, transactionNo: null },
  };
}
