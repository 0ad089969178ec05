import type { Clock } from '../../kernel/clock.ts';
import type { Leftovers } from '../../kernel/leftovers.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';
import {
  PaymentRefused,
  type Payments,
  type RefundStanding,
} from '../../platform/payment/payment.ts';
import { UNSETTLED, unsettledOf, type Waiting } from '../../platform/unsettled.ts';
import { eachAsked } from './each-asked.ts';
import { type CashRefund, numberOf, type Payment, type RefundReason } from './payment.ts';
import { readPaymentsBy, readSending, writeRefund } from './store.ts';

export interface SendRefunds {
  /** Sends what is not done of a payment. */
  ofPayment(payment: Payment): Promise<void>;
  readonly leftovers: Leftovers<Waiting>;
}

/** What the payer reads. Never to be changed for one that was sent: the provider compares it. */
const REASONS: Readonly<Record<RefundReason, string>> = {
  not_redeemed: '兑换未成功',
  cancelled: '会员取消兑换',
  after_sales: '售后退款',
  supplier_cancelled: '商家取消兑换',
};

/** Sends refunds that are recorded, under their numbers, until the provider says what became of them. */
export function createSendRefunds({
  pool,
  clock,
  payments,
  onError,
}: {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly payments: Payments;
  readonly onError: (error: unknown) => void;
}): SendRefunds {
  async function send(refund: CashRefund, payment: Payment): Promise<boolean> {
    const { paymentNo, payee, paidFen } = payment;
    if (paidFen === null) throw new Error('what goes back was paid');
    const { amountFen, reason } = refund;
    const told = { paymentNo, refundNo: numberOf(refund.id), payee, amountFen, totalFen: paidFen };
    let standing: RefundStanding | null = null;
    let refused: string | null = null;
    try {
      standing = await payments.refund({ ...told, reason: REASONS[reason] });
    } catch (error) {
      // As when the merchant's account holds too little: it is tried again, and shown meanwhile.
      if (!(error instanceof PaymentRefused)) throw error;
      refused = error.code;
    }
    const state =
      standing?.status === 'done' || standing?.status === 'failed' ? standing.status : 'sending';
    const endedAt = state === 'sending' ? null : clock.now();
    if (state !== refund.state || refused !== refund.refused)
      await withTransaction(pool, (tx) => writeRefund(tx, { ...refund, state, refused, endedAt }));
    return state !== 'sending';
  }

  async function sendAll(list: readonly CashRefund[]): Promise<number> {
    const ids = list.map(({ payment }) => payment);
    const known = new Map((await readPaymentsBy(pool, { ids })).map((each) => [each.id, each]));
    return eachAsked(
      list,
      async (refund) => send(refund, known.get(refund.payment) as Payment),
      onError,
    );
  }

  return {
    async ofPayment({ id }) {
      await sendAll(await readSending(pool, { payment: id }));
    },
    leftovers: unsettledOf(pool, UNSETTLED.paymentRefund, async (ids) =>
      sendAll(await readSending(pool, { ids })),
    ),
  };
}
