import type Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import type { Redemption } from '../redemption.ts';
import type { Device } from './desk.ts';
import { type CashRefund, numberOf, type Payment } from './payment.ts';
import type { CashShown, DeviceShown, PaymentShown } from './schema.ts';
import { readPaymentsOf, readRefundsOf } from './store.ts';

type Cash = Type.Static<typeof CashShown>;

/** What of cash these show, by redemption; nothing of those that cost none. */
export async function readCash(
  sql: Sql,
  list: readonly Redemption[],
): Promise<ReadonlyMap<Uuid, Cash>> {
  const asked = list.filter(({ cashFen }) => cashFen > 0);
  const payments = await readPaymentsOf(
    sql,
    asked.map(({ id }) => id),
  );
  const refunds = await refundsByPayment(sql, [...payments.values()]);
  return new Map(
    asked.map(({ id, cashFen }) => {
      const payment = payments.get(id);
      const own = refunds.get(payment?.id as Uuid) ?? [];
      const sums = { askedFen: cashFen, paidFen: payment?.paidFen ?? 0, refundedFen: sumOf(own) };
      return [id, { ...sums, refunds: own.map(showRefund) }];
    }),
  );
}

/** Of one that nobody asked for yet. */
export const unpaid = ({ cashFen }: Redemption): Cash => ({
  askedFen: cashFen,
  paidFen: 0,
  refundedFen: 0,
  refunds: [],
});

export const showDevice = (device: Device): Type.Static<typeof DeviceShown> =>
  ({ kind: 'wechat_jsapi', ...device }) as Type.Static<typeof DeviceShown>;

export async function showPayments(
  sql: Sql,
  list: readonly Payment[],
): Promise<Type.Static<typeof PaymentShown>[]> {
  const refunds = await refundsByPayment(sql, list);
  return list.map((payment) => {
    const { paymentNo, payee, state, amountFen, transactionNo, paidAt } = payment;
    const own = refunds.get(payment.id) ?? [];
    return {
      ...{ paymentNo, payee, state, amountFen, transactionNo },
      redemptionId: showId('redemption', payment.redemption),
      merchantId: showId('merchant', payment.merchant),
      paidFen: payment.paidFen ?? 0,
      refundedFen: sumOf(own),
      askedAt: showInstant(payment.askedAt),
      paidAt: paidAt === null ? null : showInstant(paidAt),
      refunds: own.map(showRefund),
    };
  });
}

async function refundsByPayment(
  sql: Sql,
  payments: readonly Payment[],
): Promise<Map<Uuid, CashRefund[]>> {
  const refunds = await readRefundsOf(
    sql,
    payments.map(({ id }) => id),
  );
  const byPayment = new Map<Uuid, CashRefund[]>();
  for (const refund of refunds)
    byPayment.set(refund.payment, [...(byPayment.get(refund.payment) ?? []), refund]);
  return byPayment;
}

function showRefund(refund: CashRefund): Cash['refunds'][number] {
  const { id, amountFen, reason, state, refused, askedAt, endedAt } = refund;
  return {
    refundNo: numberOf(id),
    ...{ amountFen, reason, state, refused },
    askedAt: showInstant(askedAt),
    endedAt: endedAt === null ? null : showInstant(endedAt),
  };
}

const sumOf = (refunds: readonly CashRefund[]): number =>
  refunds.reduce((sum, { amountFen, state }) => sum + (state === 'failed' ? 0 : amountFen), 0);
