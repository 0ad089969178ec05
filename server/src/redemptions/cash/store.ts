import type { Uuid } from '../../kernel/id.ts';
import { int4s, int8s, texts, uuids } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { markSettled, UNSETTLED } from '../../platform/unsettled.ts';
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

export async function readPaymentsBy(
  sql: Sql,
  by: { readonly ids: readonly Uuid[] } | { readonly paymentNo: string },
): Promise<Payment[]> {
  const [where, value] =
    'ids' in by ? ['p.id = any ($1::uuid[])', uuids(by.ids)] : ['p.payment_no = $1', by.paymentNo];
  const { rows } = await sql.query<Payment>(`select ${COLUMNS} from payment p where ${where}`, [
    value,
  ]);
  return rows;
}

/** Writes what is known now of a payment that is locked, and that nobody need look at it any more. */
export async function writePayment(tx: Transaction, payment: Payment): Promise<void> {
  const { id, state, refused, paidFen, paidAt, transactionNo } = payment;
  await tx.query(
    `update payment set state = $2, refused = $3, paid_fen = $4, paid_at_ms = $5, transaction_no = $6 where id = $1`,
    [id, state, refused, paidFen, paidAt, transactionNo],
  );
  if (state !== 'open') await markSettled(tx, [id]);
}

/** Refunds that are not at their end, among these or of this payment. */
export async function readSending(
  sql: Sql,
  by: { readonly ids: readonly Uuid[] } | { readonly payment: Uuid },
): Promise<CashRefund[]> {
  const [where, value] =
    'ids' in by ? ['f.id = any ($1::uuid[])', uuids(by.ids)] : ['f.payment = $1', by.payment];
  const { rows } = await sql.query<CashRefund>(
    `select ${REFUND} from payment_refund f where ${where} and f.state = 'sending'`,
    [value],
  );
  return rows;
}

/** Writes what the provider says of a refund; one that is at its end stays as it is. */
export async function writeRefund(tx: Transaction, refund: CashRefund): Promise<void> {
  const { id, state, refused, endedAt } = refund;
  await tx.query(
    `update payment_refund set state = $2, refused = $3, ended_at_ms = $4 where id = $1 and state = 'sending'`,
    [id, state, refused, endedAt],
  );
  if (state !== 'sending') await markSettled(tx, [id]);
}

/** A page of payments, the latest first, behind the one of this id; of some time of asking, by the machine's clock. */
export async function listPayments(
  sql: Sql,
  by: {
    readonly merchant: Uuid | null;
    readonly programme: number | null;
    readonly from: number | null;
    readonly until: number | null;
  },
  after: Uuid | null,
  limit: number,
): Promise<Payment[]> {
  const { rows } = await sql.query<Payment>(
    `select ${COLUMNS} from payment p
      where ($1::uuid is null or p.merchant = $1) and ($2::int is null or p.programme = $2)
        and ($3::int8 is null or p.asked_at_ms >= $3) and ($4::int8 is null or p.asked_at_ms < $4)
        and ($5::uuid is null or p.id < $5)
      order by p.id desc limit $6`,
    [by.merchant, by.programme, by.from, by.until, after, limit],
  );
  return rows;
}

export interface Standings {
  readonly open: number;
  readonly sending: number;
  /** Of those, what the provider did not take the last time. */
  readonly refused: number;
  readonly failed: number;
}

/** How much is under way, for metrics. */
export async function readStandings(sql: Sql): Promise<Standings> {
  const { rows } = await sql.query<Standings>(
    `select (select count(*) from unsettled where kind = ${UNSETTLED.payment}) as open,
       (select count(*) from unsettled where kind = ${UNSETTLED.paymentRefund}) as sending,
       (select count(*) from payment_refund f join unsettled u on u.id = f.id
         where u.kind = ${UNSETTLED.paymentRefund} and f.refused is not null) as refused,
       (select count(*) from payment_refund where state = 'failed') as failed`,
  );
  return rows[0] as Standings;
}
