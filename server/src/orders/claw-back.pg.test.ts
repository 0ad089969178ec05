import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { settle } from '../jobs/run-jobs.ts';

type Body = Answered['body'];

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
});
beforeEach(async () => {
  memberId = await t.member();
});
afterAll(() => t.close());

let numbers = 0;
const fresh = (prefix: string): string => {
  numbers += 1;
  return `${prefix}-${numbers}`;
};
const line = (lineNo: number, sku: string, quantity: number, amountFen: number) => ({
  lineNo,
  sku,
  quantity,
  amountFen,
});

function place(lines: object[], more: object = {}): Promise<Body> {
  const paidAt = new Date(t.clock.now()).toISOString();
  return t.ok('POST', '/orders', {
    merchantId,
    memberId,
    orderNo: fresh('no'),
    paidAt,
    lines,
    ...more,
  });
}
const bySku = (lines: object[], more: object = {}) => ({
  merchantId,
  memberId,
  returnNo: fresh('ret'),
  lines,
  ...more,
});
it('takes nothing back of an order whose points the ledger refused', async () => {
  const full = { kind: 'issue', memberId, merchantId, points: Number.MAX_SAFE_INTEGER };
  await t.ok('POST', '/transactions', full);
  const order = await place([line(1, 'A', 2, 10_000)]);
  expect(order).toMatchObject({ points: 0, noPointsReason: 'points_out_of_range' });
  expect(await t.ok('GET', `/orders/${order.id}`)).toMatchObject({ pointsDue: 0 });
  const returned = await t.ok('POST', '/returns', bySku([{ sku: 'A', quantity: 1 }]));
  expect(returned).toMatchObject({
    pointsClawedBack: 0,
    pointsRecovered: 0,
    orders: [{ orderId: order.id, pointsBefore: 0, pointsAfter: 0, transactionId: null }],
  });
});

describe('goods whose points somebody returned by hand before', () => {
  const byHand = (earn: string, points: number): Promise<Body> =>
    t.ok('POST', '/transactions', { kind: 'return', memberId, transactionId: earn, points });
  const giveBack = (order: Body, quantity: number, more: object = {}): Promise<Body> =>
    t.ok('POST', `/orders/${order.id}/returns`, {
      returnNo: fresh('ret'),
      lines: [{ lineNo: 1, quantity }],
      ...more,
    });
  const available = async (): Promise<number> => (await t.balance(memberId))?.available ?? 0;

  it('give back what is left, never more, and say so', async () => {
    const order = await place([line(1, 'A', 2, 10_000)]);
    await place([line(1, 'B', 1, 500)]);
    await byHand(order.transactionId, 30);
    const told = {
      ...{ pointsClawedBack: 70, pointsRecovered: 70, debt: 0 },
      orders: [{ orderId: order.id, pointsBefore: 70, pointsAfter: 0, returnedBefore: 30 }],
    };
    expect(await giveBack(order, 2, { dryRun: true })).toMatchObject(told);
    const returned = await giveBack(order, 2);
    expect(returned).toMatchObject(told);
    expect(await t.ok('GET', `/returns/${returned.id}`)).toEqual(returned);
    expect(await available()).toBe(5);
  });

  it('in parts lose no more either, down to nothing', async () => {
    const order = await place([line(1, 'A', 4, 10_000)]);
    await byHand(order.transactionId, 60);
    expect((await giveBack(order, 1)).orders[0]).not.toHaveProperty('returnedBefore');
    expect((await giveBack(order, 1)).orders).toMatchObject([
      { pointsBefore: 15, pointsAfter: 0, returnedBefore: 10 },
    ]);
    expect(await giveBack(order, 2)).toMatchObject({
      pointsClawedBack: 0,
      orders: [{ pointsBefore: 0, pointsAfter: 0, returnedBefore: 50, transactionId: null }],
    });
    expect(await available()).toBe(0);
  });

  it('of a member who became part of another one are taken from there', async () => {
    const order = await place([line(1, 'A', 2, 10_000)]);
    await byHand(order.transactionId, 30);
    const survivor = await t.member();
    const told = { from: memberId, actor: 'Han Mei', reason: 'one person' };
    await t.ok('POST', `/members/${survivor}/merges`, told);
    expect(await giveBack(order, 2)).toMatchObject({ pointsClawedBack: 70, pointsRecovered: 70 });
    expect((await t.balance(survivor))?.available ?? 0).toBe(0);
  });
});

describe('points of returned goods that were spent meanwhile (S14)', () => {
  const burn = (points: number) =>
    t.ok('POST', '/transactions', { kind: 'burn', memberId, merchantId: shop, points });
  let shop: string;
  const scene = async (returnPolicy: string): Promise<void> => {
    const code = fresh('programme');
    await t.ok('POST', '/programmes', {
      code,
      name: code,
      returnPolicy,
      pointTypes: [{ code: 'points', name: '积分' }],
    });
    shop = await t.merchant({ programme: code });
  };
  const balance = async (): Promise<Body> => {
    const { balances } = await t.ok('GET', `/members/${memberId}/balance`);
    return balances.find((each: Body) => each.programme !== 'default');
  };
  const returnHalf = async (order: Body): Promise<Body> =>
    t.ok('POST', `/orders/${order.id}/returns`, {
      returnNo: fresh('ret'),
      lines: [{ lineNo: 1, quantity: 1 }],
    });

  it('debt: what is missing is owed, and the next earn repays it first', async () => {
    await scene('debt');
    const order = await place([line(1, 'A', 2, 10_000)], { merchantId: shop });
    await burn(80);
    expect(await returnHalf(order)).toMatchObject({
      pointsClawedBack: 50,
      pointsRecovered: 20,
      debt: 30,
    });
    expect(await balance()).toMatchObject({ available: 0, debt: 30 });
    await place([line(1, 'A', 1, 5000)], { merchantId: shop });
    expect(await balance()).toMatchObject({ available: 20, debt: 0 });
  });

  it('within_balance: other lots pay, the rest is forgone', async () => {
    await scene('within_balance');
    const order = await place([line(1, 'A', 2, 10_000)], { merchantId: shop });
    await burn(90);
    await place([line(1, 'B', 1, 1500)], { merchantId: shop });
    expect(await returnHalf(order)).toMatchObject({
      pointsClawedBack: 50,
      pointsRecovered: 25,
      debt: 0,
    });
    expect(await balance()).toMatchObject({ available: 0, debt: 0 });
  });

  it("pending_only: only what is left of the order's own points", async () => {
    await scene('pending_only');
    const order = await place([line(1, 'A', 2, 10_000)], { merchantId: shop });
    await burn(90);
    await place([line(1, 'B', 1, 1500)], { merchantId: shop });
    expect(await returnHalf(order)).toMatchObject({
      pointsClawedBack: 50,
      pointsRecovered: 10,
      debt: 0,
    });
    expect(await balance()).toMatchObject({ available: 15, debt: 0 });
  });

  it('the member sees why: the trail of the order’s lot names the return', async () => {
    await scene('debt');
    const order = await place([line(1, 'A', 2, 10_000)], { merchantId: shop });
    await burn(80);
    const returned = await returnHalf(order);
    const earned = await t.ok('GET', `/transactions/${order.transactionId}`);
    const trail = await t.ok('GET', `/lots/${earned.transaction.lotId}/trail`);
    expect(
      trail.steps.map((step: Body) => [step.kind, step.entry, step.points, step.remaining]),
    ).toEqual([
      ['issue', 'issue', 100, 100],
      ['burn', 'take', 80, 20],
      ['return', 'recover', 20, 0],
      ['return', 'owe', 30, 0],
    ]);
    expect(trail.steps[0]).toMatchObject({
      orderId: order.id,
      orderNo: order.orderNo,
      merchantId: shop,
    });
    expect(trail.steps[2].returnId).toBe(returned.id);
    expect(trail.summary).toEqual({
      issued: 100,
      remaining: 0,
      repaidDebts: 0,
      redeemed: [{ merchantId: shop, points: 80 }],
      expired: 0,
      returned: 20,
      adjusted: 0,
      transferred: 0,
      converted: 0,
    });
  });
});

describe('what a crash left between recording and the ledger', () => {
  const unsettled = async (): Promise<number> => {
    const { rows } = await t.pool.query<{ count: number }>('select count(*) from unsettled');
    return rows[0]?.count ?? -1;
  };
  afterEach(() => {
    t.ledgerDown = false;
  });

  it('is brought in by the settle job, the earns before the returns that need them, once', async () => {
    const { id } = await place([line(1, 'A', 1, 100)]);
    await expect.poll(unsettled).toBe(0);
    t.ledgerDown = true;
    const paidAt = new Date(t.clock.now()).toISOString();
    const lost = {
      merchantId,
      memberId,
      orderNo: fresh('no'),
      paidAt,
      lines: [line(1, 'B', 4, 400)],
    };
    const failed = await t.call('POST', '/orders', lost);
    expect(failed.status).toBe(503);
    const returned = bySku([
      { sku: 'B', quantity: 1 },
      { sku: 'A', quantity: 1 },
    ]);
    expect((await t.call('POST', '/returns', returned)).status).toBe(503);
    t.ledgerDown = false;
    expect(await t.balance(memberId)).toMatchObject({ available: 1, lifetimeEarned: 1 });
    // Younger than a minute it may still be under way.
    expect(await settle(t.jobs)).toBe(0);
    t.clock.advance(61_000);
    expect(await settle(t.jobs)).toBe(2);
    expect(await t.balance(memberId)).toMatchObject({ available: 3, lifetimeEarned: 3, debt: 0 });
    expect(await unsettled()).toBe(0);
    expect(await settle(t.jobs)).toBe(0);
    expect((await t.ok('GET', `/orders/${id}`)).pointsDue).toBe(0);
    expect((await t.ok('POST', '/returns', returned)).pointsClawedBack).toBe(2);
    expect(await t.balance(memberId)).toMatchObject({ available: 3, lifetimeEarned: 3 });
  });

  it("is brought in by the client's own retry, with the same answer as if nothing had happened", async () => {
    t.ledgerDown = true;
    const paidAt = new Date(t.clock.now()).toISOString();
    const lost = {
      merchantId,
      memberId,
      orderNo: fresh('no'),
      paidAt,
      lines: [line(1, 'B', 4, 400)],
    };
    expect((await t.call('POST', '/orders', lost, { key: 'retry-1' })).status).toBe(503);
    const returned = bySku([{ sku: 'B', quantity: 1 }]);
    expect((await t.call('POST', '/returns', returned, { key: 'retry-2' })).status).toBe(503);
    t.ledgerDown = false;
    // The return alone brings the earn it needs.
    expect(await t.ok('POST', '/returns', returned, { key: 'retry-2' })).toMatchObject({
      pointsRecovered: 1,
    });
    expect(await t.ok('POST', '/orders', lost, { key: 'retry-1' })).toMatchObject({ points: 4 });
    expect((await t.balance(memberId)).available).toBe(3);
    await expect.poll(unsettled).toBe(0);
  });
});
