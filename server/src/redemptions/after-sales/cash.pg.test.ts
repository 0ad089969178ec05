import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPayingApp, type PayingApp } from '../../http/testing/paying-app.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';
import { mustReadId } from '../../platform/web/schema.ts';
import { numberOf } from '../cash/payment.ts';

let app: PayingApp;
let merchantId: string;
beforeAll(async () => {
  app = await openPayingApp();
  merchantId = await app.merchant();
});
afterAll(async () => {
  const breaches = await findBreaches(app.t.pool);
  await app.close();
  expect(breaches).toEqual([]);
});

let keys = 0;
/** Three of a reward, paid for with 999 points and ¥9.99. */
async function paid(): Promise<{ id: string; no: string; memberId: string }> {
  keys += 1;
  const prices = [{ points: [{ pointType: 'points', points: 333 }], cashFen: 333 }];
  const rewardId = await app.reward(merchantId, { prices });
  const memberId = await app.member(merchantId, 1_000);
  const asked = { memberId, rewardId, merchantId, quantity: 3 };
  const { body } = await app.redeem(asked, `paid-${keys}`);
  const no = numberOf(mustReadId('redemption', body.id));
  await app.other.pay(no);
  return { id: body.id, no, memberId };
}
const post = (path: string, body: object) => app.t.ok('POST', path, { actor: 'Li Lei', ...body });

it('of points and cash gives both back, each its own way, by the unit and never more', async () => {
  const { id, no, memberId } = await paid();
  const claim = { kind: 'return', reason: 'changed_mind', places: [1] };
  const { id: caseId } = await post(`/redemptions/${id}/after-sales`, claim);
  const accept = { answer: 'accept', remedy: 'refund' };
  const told = await post(`/after-sales/${caseId}/answers`, accept);
  expect(told).toMatchObject({ state: 'refunded', cashFen: 333, back: [{ points: 333 }] });
  await app.minutes(1);
  expect(app.other.trade(no)?.refundedFen).toBe(333);
  const why = { reason: 'recalled' };
  expect(await post(`/redemptions/${id}/supplier-cancellation`, why)).toMatchObject({
    ...{ places: [0, 2], cashFen: 666, back: [{ points: 666 }] },
  });
  await app.minutes(1);
  expect(app.other.trade(no)?.refundedFen).toBe(999);
  expect((await app.t.balance(memberId)).available).toBe(1_000);
  const { cash } = await app.t.ok('GET', `/redemptions/${id}`);
  expect(cash.refunds.map(({ reason }: { reason: string }) => reason).sort()).toEqual([
    'after_sales',
    'supplier_cancelled',
  ]);
  const { items } = await app.t.ok('GET', `/messages?memberId=${memberId}`);
  expect(items.map(({ zh }: { zh: { text: string } }) => zh.text).join()).toContain('现金 6.66 元');
});

it('of which less cash was paid, since the payer had a coupon, gives back no more than that', async () => {
  const { id, no } = await paid();
  await app.t.pool.query('update payment set paid_fen = 500 where payment_no = $1', [no]);
  const cases: { cashFen: number }[] = [];
  for (const place of [0, 1, 2]) {
    const claim = { kind: 'return', reason: 'not_needed', places: [place] };
    const { id: caseId } = await post(`/redemptions/${id}/after-sales`, claim);
    const accept = { answer: 'accept', remedy: 'refund' };
    cases.push(await post(`/after-sales/${caseId}/answers`, accept));
  }
  expect(cases.map(({ cashFen }) => cashFen)).toEqual([333, 167, 0]);
});
