import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { settle } from '../jobs/run-jobs.ts';
import { readId, showId, type Uuid } from '../kernel/id.ts';
import { earnCommands } from './earns.ts';
import { clawBackCommands } from './goods-return.ts';
import { readReturns } from './return-store.ts';
import { readGranted } from './settling.ts';
import { findOrderByNumber } from './store.ts';
import { publishRule } from './testing/publish-rule.ts';

type Body = Answered['body'];

let t: PointsTestApp;
let merchantId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  const merchant = readId('merchant', merchantId) as Uuid;
  // Of 1000 fen: 10 by the ratio, 20 more, 3 for each piece, 50 for coming; at most 60 a month of the second.
  await publishRule(
    t,
    {
      when: {},
      earn: { kind: 'times', num: 3, den: 1 },
      terms: { caps: [{ per: 'month', points: 60 }] },
      priority: 9,
    },
    { merchant },
  );
  await publishRule(
    t,
    {
      when: { lines: { zones: ['green'] } },
      earn: { kind: 'fixed', points: 3, per: 'item' },
      priority: 8,
    },
    { merchant },
  );
  await publishRule(
    t,
    { when: { orderFen: { min: 1000 } }, earn: { kind: 'fixed', points: 50, per: 'order' } },
    { merchant },
  );
});
afterEach(() => {
  t.ledgerDown = false;
});
afterAll(() => t.close());

let numbers = 0;
const fresh = (prefix: string): string => {
  numbers += 1;
  return `${prefix}-${numbers}`;
};
const line = (lineNo: number, sku: string, quantity: number, amountFen: number, more = {}) => ({
  lineNo,
  sku,
  quantity,
  amountFen,
  ...more,
});
const told = (memberId: string, lines: object[], more: object = {}) => ({
  merchantId,
  memberId,
  orderNo: fresh('no'),
  paidAt: new Date(t.clock.now()).toISOString(),
  lines,
  ...more,
});
const place = (memberId: string, lines: object[]): Promise<Body> =>
  t.ok('POST', '/orders', told(memberId, lines));
const giveBack = (order: Body, ...lines: object[]): Promise<Body> =>
  t.ok('POST', `/orders/${order.id}/returns`, { returnNo: fresh('ret'), lines });
const available = async (memberId: string): Promise<number> =>
  (await t.balance(memberId)).available;
const dues = async (order: Body): Promise<number[]> =>
  (await t.ok('GET', `/orders/${order.id}`)).awards.map(({ due }: Body) => due);

describe('a return of an order with awards', () => {
  it('takes back of each award what it is worth less on what remains', async () => {
    const memberId = await t.member();
    const lines = [line(1, 'A', 2, 1000, { zone: 'green' }), line(2, 'B', 1, 500)];
    const order = await place(memberId, lines);
    expect(order.points).toBe(15 + 30 + 6 + 50);
    const body = { returnNo: fresh('ret'), lines: [{ lineNo: 1, quantity: 1 }] };
    const path = `/orders/${order.id}/returns`;
    const preview = await t.ok('POST', path, { ...body, dryRun: true });
    const returned = await t.ok('POST', path, body);
    // 1000 fen are left: the order is still large enough.
    expect(returned).toMatchObject({ pointsClawedBack: 5 + 10 + 3, pointsRecovered: 18, debt: 0 });
    const [shown] = returned.orders;
    expect(shown).toMatchObject({ pointsBefore: 101, pointsAfter: 83 });
    expect(shown.awards.map((each: Body) => [each.pointsBefore, each.pointsAfter])).toEqual([
      [15, 10],
      [30, 20],
      [6, 3],
      [50, 50],
    ]);
    expect(shown.awards.map(({ earnId }: Body) => earnId)).toEqual(
      order.awards.map(({ transactionId }: Body) => transactionId),
    );
    expect(preview).toMatchObject({ pointsClawedBack: 18, pointsRecovered: 18 });
    expect(preview.orders[0].awards.map(({ transactionId }: Body) => transactionId)).toEqual([
      ...[null, null, null, null],
    ]);
    expect(await t.ok('GET', `/returns/${returned.id}`)).toEqual(returned);
    expect(await t.ok('POST', path, body)).toEqual(returned);
    expect(await available(memberId)).toBe(83);
    await giveBack(order, { lineNo: 2, quantity: 1 });
    expect(await dues(order)).toEqual([5, 10, 3, 0]);
    await giveBack(order, { lineNo: 1, quantity: 1 });
    expect(await dues(order)).toEqual([0, 0, 0, 0]);
    expect(await t.balance(memberId)).toMatchObject({ available: 0, debt: 0 });
  });

  it('by sku finds all of an order that rules look at', async () => {
    const memberId = await t.member();
    const order = await place(memberId, [line(1, 'A', 1, 600), line(2, 'B', 1, 600)]);
    const returned = await t.ok('POST', '/returns', {
      ...{ merchantId, memberId, returnNo: fresh('ret') },
      lines: [{ sku: 'B', quantity: 2 }],
    });
    expect(returned.lines[0]).toMatchObject({
      matched: [{ orderId: order.id, quantity: 1 }],
      rejected: { quantity: 1, reason: 'unmatched' },
    });
    expect(await dues(order)).toEqual([6, 12, 0]);
  });
});

describe('a return of an amount', () => {
  it('pays a part of a line back, whose goods stay', async () => {
    const memberId = await t.member();
    const order = await place(memberId, [line(1, 'A', 2, 2000, { zone: 'green' })]);
    expect(await dues(order)).toEqual([20, 40, 6, 50]);
    const returned = await giveBack(order, { lineNo: 1, amountFen: 500 });
    expect(returned.lines).toEqual([
      {
        sku: 'A',
        lineNo: 1,
        matched: [{ orderId: order.id, lineNo: 1, quantity: 0, amountFen: 500 }],
      },
    ]);
    expect(await t.ok('GET', `/orders/${order.id}`)).toMatchObject({
      ...{ dueFen: 1500, pointsDue: 15 + 30 + 6 + 50 },
      lines: [{ returned: 0, refundedFen: 500 }],
    });
    // One of two pieces is left of it: 1000 fen, of which 500 were paid back.
    await giveBack(order, { lineNo: 1, quantity: 1 });
    expect(await t.ok('GET', `/orders/${order.id}`)).toMatchObject({ dueFen: 500 });
    expect(await dues(order)).toEqual([5, 10, 3, 0]);
    const path = `/orders/${order.id}/returns`;
    const tooMuch = { returnNo: fresh('ret'), lines: [{ lineNo: 1, amountFen: 501 }] };
    expect((await t.call('POST', path, tooMuch)).body).toMatchObject({
      ...{ status: 422, code: 'return_exceeds_order', lineNo: 1, leftFen: 500 },
    });
    const both = { returnNo: fresh('ret'), lines: [{ lineNo: 1, amountFen: 1, quantity: 1 }] };
    expect((await t.call('POST', path, both)).body.code).toBe('invalid_request');
    expect((await t.call('POST', path, { ...both, lines: [{ lineNo: 1 }] })).status).toBe(400);
    const twice = [
      { lineNo: 1, quantity: 1 },
      { lineNo: 1, amountFen: 1 },
    ];
    expect((await t.call('POST', path, { ...both, lines: twice })).status).toBe(422);
    // What was paid for is paid back: nothing was bought, whatever stays with the member.
    await giveBack(order, { lineNo: 1, amountFen: 500 });
    expect(await dues(order)).toEqual([0, 0, 0, 0]);
    expect(await available(memberId)).toBe(0);
  });

  it('by sku goes from order to order, the last first; an order by its ratio alone as well', async () => {
    const [memberId, shop] = [await t.member(), await t.merchant()];
    const orders = [];
    for (const fen of [1000, 300])
      orders.push(
        await t.ok('POST', '/orders', told(memberId, [line(1, 'A', 1, fen)], { merchantId: shop })),
      );
    const body = { merchantId: shop, memberId, returnNo: fresh('ret') };
    const returned = await t.ok('POST', '/returns', {
      ...body,
      lines: [{ sku: 'A', amountFen: 1400 }],
    });
    expect(returned).toMatchObject({
      pointsClawedBack: 13,
      lines: [
        {
          matched: [
            { orderId: orders[1].id, amountFen: 300 },
            { orderId: orders[0].id, amountFen: 1000 },
          ],
          rejected: { quantity: 0, amountFen: 100, reason: 'unmatched' },
        },
      ],
    });
    expect(returned.orders[0]).not.toHaveProperty('awards');
    expect(await available(memberId)).toBe(0);
  });
});

describe('a crash between any two commands', () => {
  const unsettled = async (): Promise<number> => {
    const { rows } = await t.pool.query<{ count: number }>('select count(*) from unsettled');
    return rows[0]?.count ?? -1;
  };
  const lines = [line(1, 'A', 2, 1000, { zone: 'green' })];
  // That orders of other tests are settled is noted after they were answered: none of them may count as left behind.
  beforeEach(() => expect.poll(unsettled).toBe(0));

  it.each([0, 1, 2, 3, 4])('after %i earns of four: the rest is brought in, once', async (done) => {
    const memberId = await t.member();
    const body = told(memberId, lines);
    t.ledgerDown = true;
    expect((await t.call('POST', '/orders', body)).status).toBe(503);
    t.ledgerDown = false;
    const merchant = readId('merchant', merchantId) as Uuid;
    const order = await findOrderByNumber(t.pool, merchant, body.orderNo);
    if (order === undefined) throw new Error('it was recorded');
    const commands = earnCommands(order);
    expect(commands).toHaveLength(4);
    await t.ledger.submitAll(commands.slice(0, done));
    t.clock.advance(61_000);
    expect(await settle(t.jobs)).toBe(1);
    expect(await unsettled()).toBe(0);
    expect(await t.balance(memberId)).toMatchObject({ available: 86, lifetimeEarned: 86 });
    const again = await t.call('POST', '/orders', body);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body.awards.map(({ granted }: Body) => granted)).toEqual([10, 20, 6, 50]);
    expect(await available(memberId)).toBe(86);
  });

  it.each([0, 1, 2, 3])(
    'after %i claw-backs of four: the rest is taken back, once',
    async (done) => {
      const memberId = await t.member();
      const order = await place(memberId, lines);
      const body = { returnNo: fresh('ret'), lines: [{ lineNo: 1, quantity: 2 }] };
      const path = `/orders/${order.id}/returns`;
      t.ledgerDown = true;
      expect((await t.call('POST', path, body)).status).toBe(503);
      t.ledgerDown = false;
      const { rows } = await t.pool.query<{ id: Uuid }>(
        'select id from goods_return where return_no = $1',
        [body.returnNo],
      );
      const [returned] = await readReturns(t.pool, [rows[0]?.id as Uuid]);
      if (returned === undefined) throw new Error('it was recorded');
      const limited = readId('transaction', order.awards[1].transactionId) as Uuid;
      const commands = clawBackCommands(returned, await readGranted(t.pool, [limited]));
      expect(commands).toHaveLength(4);
      await t.ledger.submitAll(commands.slice(0, done));
      t.clock.advance(61_000);
      await settle(t.jobs);
      expect(await unsettled()).toBe(0);
      expect(await t.balance(memberId)).toMatchObject({ available: 0, debt: 0 });
      expect(await t.ok('POST', path, body)).toMatchObject({
        pointsClawedBack: 86,
        pointsRecovered: 86,
      });
      // The month's cap is free again.
      expect((await place(memberId, [line(1, 'A', 1, 3000)])).awards[1].granted).toBe(60);
    },
  );

  it('a return of an order that the ledger has not got brings it in, trimmed, and takes back what was granted', async () => {
    const memberId = await t.member();
    await place(memberId, [line(1, 'X', 1, 2500)]);
    const before = await available(memberId);
    t.ledgerDown = true;
    expect((await t.call('POST', '/orders', told(memberId, lines))).status).toBe(503);
    t.ledgerDown = false;
    const body = {
      merchantId,
      memberId,
      returnNo: fresh('ret'),
      lines: [{ sku: 'A', quantity: 2 }],
    };
    const preview = await t.ok('POST', '/returns', { ...body, dryRun: true });
    t.ledgerDown = true;
    expect((await t.call('POST', '/returns', body, { key: body.returnNo })).status).toBe(503);
    t.ledgerDown = false;
    const { rows } = await t.pool.query<{ id: Uuid }>(
      'select id from goods_return where return_no = $1',
      [body.returnNo],
    );
    const early = await t.ok('GET', `/returns/${showId('return', rows[0]?.id as Uuid)}`);
    expect(early.pointsRecovered).toBe(0);
    const returned = await t.ok('POST', '/returns', body, { key: body.returnNo });
    // Of twenty the cap left ten.
    expect(returned.orders[0].awards.map(({ pointsBefore }: Body) => pointsBefore)).toEqual([
      10, 10, 6, 50,
    ]);
    expect(preview).toMatchObject({ pointsClawedBack: 76, pointsRecovered: 76 });
    expect(returned).toMatchObject({ pointsClawedBack: 76, pointsRecovered: 76 });
    expect(await available(memberId)).toBe(before);
    await expect.poll(unsettled).toBe(0);
  });
});

describe('members who became one', () => {
  it('a return of the absorbed member’s order takes each award back from where it went', async () => {
    const [from, into] = [await t.member(), await t.member()];
    const order = await place(from, [line(1, 'A', 2, 2000, { zone: 'green' })]);
    const why = { reason: 'same person', actor: 'Li Lei' };
    await t.ok('POST', `/members/${into}/merges`, { from, ...why });
    await expect.poll(() => available(into)).toBe(116);
    const body = { merchantId, memberId: into, returnNo: fresh('ret') };
    const half = await t.ok('POST', '/returns', { ...body, lines: [{ sku: 'A', quantity: 1 }] });
    expect(half).toMatchObject({ pointsClawedBack: 10 + 20 + 3, pointsRecovered: 33, debt: 0 });
    expect(await available(into)).toBe(83);
    await giveBack(order, { lineNo: 1, quantity: 1 });
    expect(await dues(order)).toEqual([0, 0, 0, 0]);
    expect(await t.balance(into)).toMatchObject({ available: 0, debt: 0 });
  });
});
