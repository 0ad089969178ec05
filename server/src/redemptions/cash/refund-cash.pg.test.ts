import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type Uuid } from '../../kernel/id.ts';
import { createPool, type Pool, withTransaction } from '../../platform/database.ts';
import { createTestDatabase } from '../../platform/postgres/test-database.ts';
import { numberOf, type RefundReason } from './payment.ts';
import { refundCash, refundRest } from './refund-cash.ts';
import { insertPayments, readRefundsOf } from './store.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, name: 'refunds', connectionsMax: 12 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** A redemption of which so much was paid; null: nothing was. */
async function paid(fen: number | null): Promise<{ id: Uuid; payment: Uuid }> {
  const [id, payment] = [newId(NOW), newId(NOW)];
  await pool.query(
    `insert into redemption (id, programme, member, reward, reward_version, price_option, quantity, merchant, parts, terms, counts,
       state, asked_at_ms, deadline_ms, request_key, fingerprint, recorded_at_ms, cash_fen, payee)
     values ($1::uuid, 1, $1, $1, $1, 0, 1, $1, '[]', '{}', '[]', 'paying', 1, 2, $1::text, sha256(''), 1, 1000, '1900000109')`,
    [id],
  );
  await withTransaction(pool, (tx) =>
    insertPayments(tx, [
      {
        ...{ id: payment, redemption: id, programme: 1, merchant: id, paymentNo: numberOf(id) },
        ...{ payee: '1900000109', amountFen: 1_000, askedAt: NOW, expiresAt: NOW + 1 },
        ...{ state: 'open', refused: null, paidFen: null, paidAt: null, transactionNo: null },
      },
    ]),
  );
  if (fen !== null)
    await pool.query(
      `update payment set state = 'paid', paid_fen = $2, paid_at_ms = 1, transaction_no = '42' where id = $1`,
      [payment, fen],
    );
  return { id, payment };
}
const refund = (
  redemption: { id: Uuid },
  fen: number,
  key: string,
  reason: RefundReason = 'after_sales',
) => withTransaction(pool, (tx) => refundCash(tx, redemption, fen, reason, key, NOW));

it('gives back in parts what was paid, each once, and never more', async () => {
  const one = await paid(1_000);
  expect(await refund(one, 400, 'a')).toMatchObject({ amountFen: 400, state: 'sending' });
  expect(await refund(one, 600, 'a')).toMatchObject({ amountFen: 400 });
  expect(await refund(one, 601, 'b')).toMatchObject({
    code: 'cash_refund_exceeds_paid',
    facts: { leftFen: 600 },
  });
  await withTransaction(pool, (tx) => refundRest(tx, one, 'cancelled', NOW + 1));
  await withTransaction(pool, (tx) => refundRest(tx, one, 'cancelled', NOW + 1));
  const refunds = await readRefundsOf(pool, [one.payment]);
  expect(refunds.map(({ amountFen, reason }) => [amountFen, reason])).toEqual([
    [400, 'after_sales'],
    [600, 'cancelled'],
  ]);
  const { rows } = await pool.query('select kind from unsettled where id = any ($1::uuid[])', [
    refunds.map(({ id }) => id),
  ]);
  expect(rows).toEqual([{ kind: 10 }, { kind: 10 }]);
});

it('races for what is left end with no more than was paid', async () => {
  const one = await paid(1_000);
  const answers = await Promise.all([...Array(10).keys()].map((key) => refund(one, 300, `${key}`)));
  expect(answers.filter((answer) => !('code' in answer))).toHaveLength(3);
});

it('of what was not paid gives nothing back', async () => {
  const one = await paid(null);
  expect(await refund(one, 1, 'a')).toMatchObject({ code: 'cash_refund_exceeds_paid' });
  await withTransaction(pool, (tx) => refundRest(tx, one, 'not_redeemed', NOW));
  expect(await readRefundsOf(pool, [one.payment])).toEqual([]);
});
