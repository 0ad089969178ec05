import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';

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

  it('of goods that are not sold yet finds nothing, stays so when it is told again, and takes nothing from the order that comes', async () => {
    const early = bySku([{ sku: 'A', quantity: 1 }]);
    const returned = await t.ok('POST', '/returns', early);
    expect(returned.lines[0].rejected).toEqual({ quantity: 1, reason: 'unmatched' });
    const orders = [await place([line(1, 'A', 2, 2000)])];
    expect(await t.ok('POST', '/returns', early)).toEqual(returned);
    expect((await t.balance(memberId)).available).toBe(20);
    // Whoever knows the order by now returns it under another number.
    const late = await giveBack([{ sku: 'A', quantity: 1 }]);
    expect(matches(late.lines[0], orders)).toEqual([[0, 1, 1]]);
    expect((await t.balance(memberId)).available).toBe(10);
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

  it('in bulk, of the same members in any order, share out what there is and never block each other', async () => {
    const members = [memberId, await t.member(), await t.member()];
    for (const id of members) await place([line(1, 'A', 5, 500)], { memberId: id });
    const bulk = (turn: number): object[] =>
      [0, 1, 2].map((index) =>
        bySku([{ sku: 'A', quantity: 1 }], { memberId: members[(index + turn) % 3] }),
      );
    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, turn) =>
        t.ok('POST', '/returns/bulk', { returns: bulk(turn) }),
      ),
    );
    const results = answers.flatMap((answer) => answer.results);
    expect(results.map((each: Body) => each.status)).toEqual(results.map(() => 'applied'));
    const matched = results.flatMap((each: Body) => each.return.lines[0].matched);
    expect(matched).toHaveLength(15);
    for (const id of members) expect((await t.balance(id)).available).toBe(0);
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
