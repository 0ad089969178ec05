import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { openShop, type Shop } from '../http/test-shop.ts';
import { settle } from '../jobs/run-jobs.ts';
import { findBreaches } from '../ledger/testing/invariants.ts';

const MINUTE = 60_000;

let t: PointsTestApp;
let shop: Shop;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  shop = await openShop(t);
});
afterAll(async () => {
  const breaches = await findBreaches(t.pool);
  const { rows } = await t.pool.query('select 1 from unsettled');
  await t.close();
  expect(breaches).toEqual([]);
  expect(rows).toEqual([]);
});
beforeEach(async () => {
  memberId = await shop.member();
});

const cancel = (id: string) => t.call('POST', `/redemptions/${id}/cancel`, {});
const refundByHand = (redeemed: { price: { transactionId: string }[] }, points: number) =>
  t.ok('POST', '/transactions', {
    ...{ kind: 'refund', memberId, points, transactionId: redeemed.price[0]?.transactionId },
  });

it('is not appealed for once more after it was cancelled: nothing of it comes back twice', async () => {
  const rewardId = await shop.reward({
    ...{ cancellation: { until: 'before_use', feePoints: 50 } },
    limits: [{ per: 'ever', times: 2 }],
  });
  const redeemed = await shop.redeem(memberId, rewardId);
  // Somebody else's piece must not be counted back in its place.
  const other = await shop.member();
  await shop.redeem(other, rewardId);
  const { id } = await shop.opened(redeemed.id);
  await shop.answer(id, { answer: 'refuse', reason: 'unsealed' });
  expect((await cancel(redeemed.id)).body.state).toBe('cancelled');
  expect((await shop.say(id, 'appeal')).body.code).toBe('redemption_not_handed_out');
  expect((await shop.read(id)).state).toBe('refused');
  expect(await shop.available(memberId)).toBe(4_950);
  expect(await shop.stock(rewardId)).toMatchObject({ sold: 1 });
});

it('is cancelled to its end when some or all of it was refunded by hand', async () => {
  const rewardId = await shop.reward();
  for (const points of [300, 1_000]) {
    const redeemed = await shop.redeem(memberId, rewardId);
    await refundByHand(redeemed, points);
    const { status, body } = await cancel(redeemed.id);
    expect([status, body.state]).toEqual([200, 'cancelled']);
    expect(await shop.available(memberId)).toBe(5_000);
  }
  expect(await shop.stock(rewardId)).toMatchObject({ sold: 0 });
});

it('is cancelled to its end when it is refunded by hand while that waits', async () => {
  const redeemed = await shop.redeem(memberId, await shop.reward());
  t.ledgerDown = true;
  expect((await cancel(redeemed.id)).status).toBe(503);
  t.ledgerDown = false;
  await refundByHand(redeemed, 400);
  for (let round = 0; round < 2; round += 1) {
    t.clock.set(t.clock.now() + 2 * MINUTE);
    await settle(t.jobs);
  }
  expect((await cancel(redeemed.id)).body.state).toBe('cancelled');
  expect(await shop.available(memberId)).toBe(5_000);
});

it('comes home when its supplier cancels, with the most that can be agreed on top', async () => {
  const compensation = { pointType: 'points', points: 1_000_000_000 };
  const rich = await shop.member(1_000_000);
  const redeemed = await shop.redeem(rich, await shop.reward({ compensation }), 1_000);
  const { status, body, text } = await shop.cancel(redeemed.id);
  expect(status, text).toBe(201);
  expect(body).toMatchObject({ state: 'refunded', back: [{ points: 1_000_000 }] });
  expect(await shop.available(rich)).toBe(1_000_000 + 1_000 * compensation.points);
});
