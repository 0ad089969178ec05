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
const giveBack = (lines: object[], more: object = {}): Promise<Body> =>
  t.ok('POST', '/returns', bySku(lines, more));
/** [order, line, quantity] of everything an asked line was matched with. */
const matches = (shown: Body, orders: readonly Body[]): unknown[] =>
  shown.matched.map((each: Body) => [
    orders.findIndex((order) => order.id === each.orderId),
    each.lineNo,
    each.quantity,
  ]);

describe('returning lines of an order', () => {
  it('claws back the difference of floor(remaining) and leaves floor(amount × left / quantity) of a line', async () => {
    // 3 for ¥10.00: one back leaves floor(1000 × 2 / 3) = 666 fen, so 6 points.
    const order = await place([line(1, 'A', 3, 1000)]);
    expect(order.points).toBe(10);
    const body = { returnNo: fresh('ret'), lines: [{ lineNo: 1, quantity: 1 }] };
    const returned = await t.ok('POST', `/orders/${order.id}/returns`, body);
    expect(returned).toMatchObject({
      orderId: order.id,
      pointsClawedBack: 4,
      pointsRecovered: 4,
      debt: 0,
      lines: [{ lineNo: 1, sku: 'A', matched: [{ orderId: order.id, lineNo: 1, quantity: 1 }] }],
      orders: [{ orderId: order.id, pointsBefore: 10, pointsAfter: 6 }],
    });
    expect(returned.orders[0].transactionId).toMatch(/^txn_/);
    const rest = { returnNo: fresh('ret'), lines: [{ lineNo: 1, quantity: 2 }] };
    expect((await t.ok('POST', `/orders/${order.id}/returns`, rest)).pointsClawedBack).toBe(6);
    expect(await t.ok('GET', `/orders/${order.id}`)).toMatchObject({
      points: 10,
      pointsDue: 0,
      dueFen: 0,
      lines: [{ lineNo: 1, returned: 3 }],
    });
    expect(await t.balance(memberId)).toMatchObject({ available: 0, lifetimeEarned: 0 });
  });

  it('refuses more than is left, and lines that are not there, and then changes nothing', async () => {
    const order = await place([line(1, 'A', 3, 300), line(2, 'B', 1, 500)]);
    const path = `/orders/${order.id}/returns`;
    await t.ok('POST', path, { returnNo: fresh('ret'), lines: [{ lineNo: 1, quantity: 2 }] });
    const before = await t.ok('GET', `/orders/${order.id}`);
    const lines = [
      { lineNo: 2, quantity: 1 },
      { lineNo: 1, quantity: 2 },
    ];
    const exceeding = await t.call('POST', path, { returnNo: fresh('ret'), lines });
    expect(exceeding.status).toBe(422);
    expect(exceeding.body).toMatchObject({ code: 'return_exceeds_order', lineNo: 1, left: 1 });
    const twice = [
      { lineNo: 2, quantity: 1 },
      { lineNo: 2, quantity: 1 },
    ];
    const repeated = await t.call('POST', path, { returnNo: fresh('ret'), lines: twice });
    expect(repeated.body).toMatchObject({ code: 'return_exceeds_order', lineNo: 2, left: 1 });
    const unknown = await t.call('POST', path, {
      returnNo: fresh('ret'),
      lines: [{ lineNo: 3, quantity: 1 }],
    });
    expect(unknown.status).toBe(422);
    expect(unknown.body).toMatchObject({ code: 'order_line_not_found', lineNo: 3 });
    expect(await t.ok('GET', `/orders/${order.id}`)).toEqual(before);
  });

  it('is answered the same when repeated, refused when told otherwise', async () => {
    const order = await place([line(1, 'A', 2, 1000)]);
    const path = `/orders/${order.id}/returns`;
    const body = { returnNo: fresh('ret'), lines: [{ lineNo: 1, quantity: 1 }] };
    const first = await t.call('POST', path, body, { key: 'return-a' });
    for (const key of ['return-a', 'return-b']) {
      const again = await t.call('POST', path, body, { key });
      expect(again.text).toBe(first.text);
      expect(again.headers['idempotency-replayed']).toBe('true');
    }
    const other = await t.call('POST', path, { ...body, lines: [{ lineNo: 1, quantity: 2 }] });
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ code: 'return_exists', returnId: first.body.id });
    const reused = await t.call(
      'POST',
      path,
      { ...body, returnNo: fresh('ret') },
      { key: 'return-a' },
    );
    expect(reused.body.code).toBe('idempotency_key_reused');
    expect((await t.balance(memberId)).available).toBe(5);
    expect(await t.ok('GET', `/returns/${first.body.id}`)).toEqual(first.body);
  });
});

describe('matching goods to earlier orders', () => {
  it('takes the last line of the last order first, across orders', async () => {
    const orders = [
      await place([line(1, 'A', 2, 200), line(2, 'B', 9, 900)]),
      await place([line(1, 'A', 1, 100), line(5, 'A', 2, 200)]),
    ];
    const returned = await giveBack([{ sku: 'A', quantity: 4 }]);
    expect(matches(returned.lines[0], orders)).toEqual([
      [1, 5, 2],
      [1, 1, 1],
      [0, 1, 1],
    ]);
    expect(returned.lines[0]).not.toHaveProperty('rejected');
    expect(returned.orders.map((each: Body) => [each.pointsBefore, each.pointsAfter])).toEqual([
      [3, 0],
      [11, 10],
    ]);
    expect(returned.pointsClawedBack).toBe(4);
  });

  it('rejects what finds no goods, line by line, and records the return all the same', async () => {
    const orders = [await place([line(1, 'A', 1, 100)])];
    const returned = await giveBack([
      { sku: 'A', quantity: 3 },
      { sku: 'Z', quantity: 1 },
    ]);
    expect(matches(returned.lines[0], orders)).toEqual([[0, 1, 1]]);
    expect(returned.lines[0].rejected).toEqual({ quantity: 2, reason: 'unmatched' });
    expect(returned.lines[1]).toEqual({
      sku: 'Z',
      matched: [],
      rejected: { quantity: 1, reason: 'unmatched' },
    });
    const nothing = await giveBack([{ sku: 'A', quantity: 1 }]);
    expect(nothing).toMatchObject({ pointsClawedBack: 0, pointsRecovered: 0, debt: 0, orders: [] });
    expect(await t.ok('GET', `/returns/${nothing.id}`)).toEqual(nothing);
  });

  it('never touches another member or another merchant', async () => {
    await place([line(1, 'A', 1, 100)]);
    const [other, elsewhere] = [await t.member(), await t.merchant()];
    for (const more of [{ memberId: other }, { merchantId: elsewhere }]) {
      expect((await giveBack([{ sku: 'A', quantity: 1 }], more)).lines[0].matched).toEqual([]);
    }
  });

  it('within one source takes only lines before its own, the nearest first, then other sources', async () => {
    const source = fresh('file');
    const orders = [
      await place([line(1, 'A', 1, 100)]),
      await place([line(10, 'A', 1, 100), line(14, 'A', 1, 100)], { source }),
      // Interrupted orders: its lines stand between and after those of the one above.
      await place([line(12, 'A', 1, 100), line(40, 'A', 1, 100)], { source }),
      await place([line(1, 'A', 1, 100)], { source: fresh('file') }),
    ];
    const returned = await giveBack([{ sku: 'A', quantity: 9, lineNo: 30 }], { source });
    expect(matches(returned.lines[0], orders)).toEqual([
      [1, 14, 1],
      [2, 12, 1],
      [1, 10, 1],
      [3, 1, 1],
      [0, 1, 1],
    ]);
    expect(returned.lines[0].rejected.quantity).toBe(4);
    // Line 40 stands after the return in its source, but before the next one.
    const later = await giveBack([{ sku: 'A', quantity: 1, lineNo: 50 }], { source });
    expect(matches(later.lines[0], orders)).toEqual([[2, 40, 1]]);
  });

  it('in bulk, each return sees what those before it left; answers are in order', async () => {
    const orders = [await place([line(1, 'A', 3, 300)])];
    const twice = bySku([{ sku: 'A', quantity: 2 }]);
    const returns = [
      bySku([{ sku: 'A', quantity: 2 }]),
      twice,
      twice,
      { ...twice, lines: [{ sku: 'A', quantity: 1 }] },
      bySku([{ sku: 'A', quantity: 1 }], { memberId: 'mem_01h455vb4pex5vsknk084sn02q' }),
    ];
    const preview = await t.ok('POST', '/returns/bulk', { returns, dryRun: true });
    expect(
      preview.results.map((each: Body) => each.preview?.pointsClawedBack ?? each.problem.code),
    ).toEqual([2, 1, 1, 'return_exists', 'member_not_found']);
    expect((await t.balance(memberId)).available).toBe(3);
    const first = await t.ok('POST', '/returns/bulk', { returns }, { key: 'bulk-returns' });
    expect(first.results.map((each: Body) => each.status)).toEqual([
      'applied',
      'applied',
      'replayed',
      'refused',
      'refused',
    ]);
    expect(matches(first.results[1].return.lines[0], orders)).toEqual([[0, 1, 1]]);
    expect(first.results[1].return.lines[0].rejected.quantity).toBe(1);
    expect(first.results[2].return).toEqual(first.results[1].return);
    const again = await t.ok('POST', '/returns/bulk', { returns }, { key: 'bulk-returns' });
    expect(again.results.slice(0, 3)).toEqual(
      first.results.slice(0, 3).map((each: Body) => ({ ...each, status: 'replayed' })),
    );
    expect((await t.balance(memberId)).available).toBe(0);
  });

  it('changes nothing on a dry run', async () => {
    const order = await place([line(1, 'A', 2, 1000)]);
    const before = await t.ok('GET', `/orders/${order.id}`);
    const preview = await t.call('POST', '/returns', {
      ...bySku([{ sku: 'A', quantity: 1 }]),
      dryRun: true,
    });
    expect(preview.status).toBe(200);
    expect(preview.body).toMatchObject({
      dryRun: true,
      pointsClawedBack: 5,
      pointsRecovered: 5,
      debt: 0,
    });
    expect(preview.body.orders[0].transactionId).toBeNull();
    expect(await t.ok('GET', `/orders/${order.id}`)).toEqual(before);
    expect((await t.balance(memberId)).available).toBe(10);
  });
});

describe('concurrent returns', () => {
  it('of the same goods never both match', async () => {
    await place([line(1, 'A', 5, 500), line(2, 'B', 5, 500)]);
    const bodies = Array.from({ length: 8 }, (_, index) =>
      bySku(
        index % 2 === 0
          ? [
              { sku: 'A', quantity: 2 },
              { sku: 'B', quantity: 2 },
            ]
          : [
              { sku: 'B', quantity: 2 },
              { sku: 'A', quantity: 2 },
            ],
      ),
    );
    const answers = await Promise.all(bodies.map((body) => t.ok('POST', '/returns', body)));
    const matched = (sku: string): number =>
      answers
        .flatMap((answer) => answer.lines)
        .filter((each) => each.sku === sku)
        .flatMap((each) => each.matched)
        .reduce((sum: number, each: Body) => sum + each.quantity, 0);
    expect([matched('A'), matched('B')]).toEqual([5, 5]);
    expect(answers.reduce((sum, answer) => sum + answer.pointsClawedBack, 0)).toBe(10);
    expect(await t.balance(memberId)).toMatchObject({ available: 0, debt: 0, lifetimeEarned: 0 });
  });

  it('of one number are one return', async () => {
    await place([line(1, 'A', 5, 500)]);
    const body = bySku([{ sku: 'A', quantity: 1 }]);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => t.call('POST', '/returns', body)),
    );
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect((await t.balance(memberId)).available).toBe(4);
  });

  it('of one number by two members: one gets it, the other is told', async () => {
    const other = await t.member();
    await place([line(1, 'A', 1, 100)]);
    const body = bySku([{ sku: 'A', quantity: 1 }]);
    const answers = await Promise.all(
      [body, { ...body, memberId: other }].map((each) => t.call('POST', '/returns', each)),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
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
