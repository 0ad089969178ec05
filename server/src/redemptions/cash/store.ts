import type { Uuid } from '../../kernel/id.ts';
import { int4s, int8s, texts, uuids } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { UNSETTLED } from '../../platform/unsettled.ts';
import type { CashRefund, Payment } from './payment.ts';

const COLUMNS = `p.id, p.redemption, p.programme, p.merchant, p.payment_no as "paymentNo", p.payee, p.amount_fen as "amountFen",
  p.asked_at_ms as "askedAt", p.expires_at_ms as "expiresAt", p.state, p.refused, p.paid_fen as "paidFen", p.paid_at_ms as "paidAt",
  p.transaction_no as "transactionNo"`;
const REFUND = `f.id, f.payment, f.key, f.amount_fen as "amountFen", f.reason, f.state, f.refused, f.asked_at_ms as "askedAt",
  f.ended_at_ms as "endedAt"`;

/** Records payments that are to be opened; what is not known to be paid or closed waits. */
export async function insertPayments(tx: Transaction, list: readonly Payment[]): Promise<void> {
  await tx.query({
    name: 'payments-insert',
    text: `with placed as (
        insert into payment (id, redemption, programme, merchant, payment_no, payee, amount_fen, asked_at_ms, expires_at_ms)
        select * from unnest($1::uuid[], $2::uuid[], $3::int4[], $4::uuid[], $5::text[], $6::text[], $7::int8[], $8::int8[], $9::int8[])
        returning id, asked_at_ms
      )
      insert into unsettled (id, kind, since_ms) select id, ${UNSETTLED.payment}, asked_at_ms from placed`,
    values: [
      uuids(list, (each) => each.id),
      uuids(list, (each) => each.redemption),
      int4s(list, (each) => each.programme),
      uuids(list, (each) => each.merchant),
      texts(list, (each) => each.paymentNo),
      texts(list, (each) => each.payee),
      int8s(list, (each) => each.amountFen),
      int8s(list, (each) => each.askedAt),
      int8s(list, (each) => each.expiresAt),
    ],
  });
}

/** The payments of these redemptions, by redemption. */
export async function readPaymentsOf(
  sql: Sql,
  redemptions: readonly Uuid[],
): Promise<Map<Uuid, Payment>> {
  if (redemptions.length === 0) return new Map();
  const { rows } = await sql.query<Payment>({
    name: 'payments-of',
    text: `select ${COLUMNS} from payment p where p.redemption = any ($1::uuid[])`,
    values: [uuids(redemptions)],
  });
  return new Map(rows.map((each) => [each.redemption, each]));
}

/** The same, locked until the transaction ends; whoever locks their redemptions too does so before. */
export async function lockPaymentsOf(
  tx: Transaction,
  redemptions: readonly Uuid[],
): Promise<Map<Uuid, Payment>> {
  const { rows } = await tx.query<Payment>({
    name: 'payments-lock',
    text: `select ${COLUMNS} from payment p where p.redemption = any ($1::uuid[]) order by p.redemption for update`,
    values: [uuids(redemptions)],
  });
  return new Map(rows.map((each) => [each.redemption, each]));
}

export async function readRefundsOf(sql: Sql, payments: readonly Uuid[]): Promise<CashRefund[]> {
  if (payments.length === 0) return [];
  const { rows } = await sql.query<CashRefund>({
    name: 'refunds-of',
    text: `select ${REFUND} from payment_refund f where f.payment = any ($1::uuid[]) order by f.id`,
    values: [uuids(payments)],
  });
  return rows;
}

/** Records a refund that is to be sent. */
export async function insertRefund(tx: Transaction, refund: CashRefund): Promise<void> {
  const { id, payment, key, amountFen, reason, askedAt } = refund;
  await tx.query(
    `with placed as (
       insert into payment_refund (id, payment, key, amount_fen, reason, asked_at_ms) values ($1, $2, $3, $4, $5, $6)
     )
     insert into unsettled (id, kind, since_ms) values ($1, ${UNSETTLED.paymentRefund}, $6)`,
    [id, payment, key, amountFen, reason, askedAt],
  );
}
