import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { settle } from '../jobs/run-jobs.ts';
import { readId, type Uuid } from '../kernel/id.ts';
import { PATIENCE_MS } from '../kernel/testing/patience.ts';
import { publishRule } from './testing/publish-rule.ts';
import { readOldestWaiting } from './waiting-store.ts';

type Body = Answered['body'];

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
});
beforeEach(async () => {
  merchantId = await t.merchant();
  memberId = await t.member();
});
afterEach(() => {
  t.ledgerDown = false;
});
afterAll(() => t.close());

const MINUTES = 60_000;
const DAYS = 24 * 60 * MINUTES;

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
const orderOf = (orderNo: string, lines: object[], more: object = {}) => ({
  merchantId,
  memberId,
  orderNo,
  paidAt: new Date(t.clock.now()).toISOString(),
  lines,
  ...more,
});
const earlyOf = (orderNo: string, lines: object[], more: object = {}) => ({
  merchantId,
  memberId,
  orderNo,
  returnNo: fresh('ret'),
  lines,
  ...more,
});
const place = (orderNo: string, lines: object[], more: object = {}): Promise<Body> =>
  t.ok('POST', '/orders', orderOf(orderNo, lines, more));
/** Tells a return before its order, and that it waits. */
async function wait(orderNo: string, lines: object[], more: object = {}): Promise<Body> {
  const told = await t.call('POST', '/returns', earlyOf(orderNo, lines, more));
  expect([told.status, told.body.status], told.text).toEqual([202, 'waiting']);
  return told.body;
}
const read = (returned: Body): Promise<Body> => t.ok('GET', `/returns/${returned.id}`);
const available = async (member = memberId): Promise<number> =>
  (await t.balance(member))?.available ?? 0;
async function settleLater(): Promise<void> {
  t.clock.advance(2 * MINUTES);
  await settle(t.jobs);
}

describe('a return that names its order by the merchant’s number', () => {
  it('is a return of that order when the order is there, by lineNo or sku', async () => {
    const no = fresh('no');
    const order = await place(no, [
      line(1, 'A', 2, 1000),
      line(2, 'B', 1, 500),
      line(3, 'B', 1, 500),
    ]);
    // The goods of a later order stay with the member.
    await place(fresh('no'), [line(1, 'A', 2, 1000)]);
    const lines = [
      { lineNo: 1, quantity: 1 },
      { sku: 'B', quantity: 1 },
    ];
    const told = await t.call('POST', '/returns', earlyOf(no, lines));
    expect(told.status, told.text).toBe(201);
    expect(told.body).toMatchObject({
      orderId: order.id,
      orderNo: no,
      status: 'applied',
      pointsClawedBack: 10,
      lines: [
        { lineNo: 1, sku: 'A', matched: [{ orderId: order.id, lineNo: 1, quantity: 1 }] },
        { sku: 'B', matched: [{ orderId: order.id, lineNo: 3, quantity: 1 }] },
      ],
    });
    expect(told.body).not.toHaveProperty('asked');
    expect(await read(told.body)).toEqual(told.body);
  });

  it('is refused as a whole where it does not fit that order, and changes nothing', async () => {
    const no = fresh('no');
    const order = await place(no, [
      line(1, 'A', 2, 1000),
      line(2, 'B', 1, 500),
      line(3, 'B', 1, 500),
    ]);
    const before = await t.ok('GET', `/orders/${order.id}`);
    const cases: [object[], object][] = [
      [[{ lineNo: 4, quantity: 1 }], { code: 'order_line_not_found', lineNo: 4 }],
      [[{ sku: 'C', quantity: 1 }], { code: 'order_line_not_found', sku: 'C' }],
      [[{ lineNo: 1, sku: 'B', quantity: 1 }], { code: 'order_line_not_found', lineNo: 1 }],
      [
        [
          { sku: 'B', quantity: 1 },
          { sku: 'A', quantity: 3 },
        ],
        { code: 'return_exceeds_order', sku: 'A', left: 2 },
      ],
      // The goods of line 3 go back whatever the order in which that was told; 500 fen of line 2 are left.
      [
        [
          { sku: 'B', amountFen: 501 },
          { lineNo: 3, quantity: 1 },
        ],
        { code: 'return_exceeds_order', sku: 'B', leftFen: 500 },
      ],
    ];
    for (const [lines, refused] of cases) {
      const told = await t.call('POST', '/returns', earlyOf(no, lines));
      expect([told.status, told.body]).toMatchObject([422, refused]);
    }
    const other = await t.member();
    const ofOther = earlyOf(no, [{ lineNo: 1, quantity: 1 }], { memberId: other });
    expect((await t.call('POST', '/returns', ofOther)).body.code).toBe('order_of_another_member');
    // All of them in one request: what one was refused for is there for the next.
    const returns = [...cases.map(([lines]) => lines), [{ sku: 'B', quantity: 2 }]];
    const { results } = await t.ok('POST', '/returns/bulk', {
      returns: returns.map((lines) => earlyOf(no, lines)),
      dryRun: true,
    });
    expect(results.map((each: Body) => each.status)).toEqual([
      ...cases.map(() => 'refused'),
      'applied',
    ]);
    expect(await t.ok('GET', `/orders/${order.id}`)).toEqual(before);
  });

  it('needs a lineNo or a sku in each line, and has no source', async () => {
    const no = fresh('no');
    for (const [lines, more] of [
      [[{ quantity: 1 }], {}],
      [[{ sku: 'A', quantity: 1 }], { source: 'till' }],
      [[{ lineNo: 1, quantity: 1 }], { orderNo: undefined }],
    ] as const) {
      const told = await t.call('POST', '/returns', earlyOf(no, [...lines], more));
      expect([told.status, told.body.code]).toEqual([400, 'invalid_request']);
    }
  });
});

describe('a return that is told before its order', () => {
  it('waits, is told again the same, and is applied with the order', async () => {
    const no = fresh('no');
    const body = earlyOf(no, [{ lineNo: 1, quantity: 1 }]);
    const first = await t.call('POST', '/returns', body, { key: `${no}-a` });
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({
      status: 'waiting',
      orderNo: no,
      waitsUntil: new Date(t.clock.now() + 30 * DAYS).toISOString(),
      asked: [{ lineNo: 1, quantity: 1 }],
      pointsClawedBack: 0,
      lines: [],
      orders: [],
    });
    expect(first.body).not.toHaveProperty('orderId');
    for (const key of ['a', 'b']) {
      const again = await t.call('POST', '/returns', body, { key: `${no}-${key}` });
      expect([again.status, again.text]).toEqual([202, first.text]);
      expect(again.headers['idempotency-replayed']).toBe('true');
    }
    const otherwise = { ...body, lines: [{ lineNo: 1, quantity: 2 }] };
    expect((await t.call('POST', '/returns', otherwise)).body).toMatchObject({
      code: 'return_exists',
      returnId: first.body.id,
    });
    expect(await read(first.body)).toEqual(first.body);

    const order = await place(no, [line(1, 'A', 2, 2000)]);
    expect(order.points).toBe(20);
    expect(await available()).toBe(10);
    const applied = await read(first.body);
    expect(applied).toMatchObject({
      id: first.body.id,
      status: 'applied',
      orderId: order.id,
      pointsClawedBack: 10,
      lines: [{ lineNo: 1, sku: 'A', matched: [{ orderId: order.id, lineNo: 1, quantity: 1 }] }],
    });
    const late = await t.call('POST', '/returns', body, { key: `${no}-c` });
    expect([late.status, late.body]).toEqual([201, applied]);
    await settleLater();
    expect(await available()).toBe(10);
  });

  it('of everything leaves nothing of the order: not of its rules, their caps, nor of its amounts', async () => {
    const merchant = readId('merchant', merchantId) as Uuid;
    const terms = { caps: [{ per: 'month' as const, points: 15 }] };
    await publishRule(
      t,
      { when: {}, earn: { kind: 'times', num: 2, den: 1 }, terms },
      { merchant },
    );
    const [all, amount] = [fresh('no'), fresh('no')];
    await wait(all, [{ sku: 'A', quantity: 2 }]);
    await wait(amount, [{ lineNo: 1, amountFen: 1000 }]);
    expect((await place(all, [line(1, 'A', 2, 1000)])).points).toBe(20);
    expect(await t.balance(memberId)).toMatchObject({ available: 0, debt: 0, lifetimeEarned: 0 });
    // The cap is there again; of this order half is paid back, so that half of both parts is left.
    expect((await place(amount, [line(1, 'A', 2, 2000)])).points).toBe(35);
    expect(await available()).toBe(20);
  });

  it('is applied in bulk, each for its own order, and to several in the order in which they were told', async () => {
    const [one, two] = [fresh('no'), fresh('no')];
    const told = [
      await wait(one, [{ lineNo: 1, quantity: 2 }]),
      await wait(two, [{ lineNo: 1, quantity: 1 }]),
      await wait(one, [{ lineNo: 1, quantity: 2 }]),
      await wait(one, [{ sku: 'A', quantity: 1 }]),
    ];
    const orders = [one, two].map((no) => orderOf(no, [line(1, 'A', 3, 3000)]));
    const { results } = await t.ok('POST', '/orders/bulk', { orders });
    expect(results.map((each: Body) => [each.status, each.order.points])).toEqual([
      ['applied', 30],
      ['applied', 30],
    ]);
    expect(await Promise.all(told.map(async (each) => (await read(each)).status))).toEqual([
      'applied',
      'applied',
      'refused',
      'applied',
    ]);
    expect(await available()).toBe(20);
  });

  it('in bulk waits beside those that are applied', async () => {
    const [there, later] = [fresh('no'), fresh('no')];
    await place(there, [line(1, 'A', 3, 3000)]);
    const returns = [there, later].map((no) => earlyOf(no, [{ lineNo: 1, quantity: 1 }]));
    const preview = await t.ok('POST', '/returns/bulk', { returns, dryRun: true });
    expect(preview.results.map((each: Body) => [each.status, each.preview.status])).toEqual([
      ['applied', 'applied'],
      ['waiting', 'waiting'],
    ]);
    const { results } = await t.ok('POST', '/returns/bulk', { returns });
    expect(results.map((each: Body) => each.status)).toEqual(['applied', 'waiting']);
    const again = await t.ok('POST', '/returns/bulk', { returns });
    expect(again.results.map((each: Body) => each.status)).toEqual(['replayed', 'waiting']);
  });

  it.each([
    ['a line that is not there', [{ lineNo: 2, quantity: 1 }], 'order_line_not_found'],
    ['more than there is', [{ lineNo: 1, quantity: 4 }], 'return_exceeds_order'],
    ['more than was paid', [{ sku: 'A', amountFen: 3001 }], 'return_exceeds_order'],
  ])('of %s comes to nothing, says why, and changes nothing', async (_, lines, code) => {
    const no = fresh('no');
    const body = earlyOf(no, lines);
    const waiting = await t.ok('POST', '/returns', body);
    const order = await place(no, [line(1, 'A', 3, 3000)]);
    const refused = await read(waiting);
    expect(refused).toMatchObject({
      status: 'refused',
      asked: lines,
      problem: { code },
      lines: [],
    });
    expect(refused).not.toHaveProperty('orderId');
    const again = await t.call('POST', '/returns', body);
    expect([again.status, again.body]).toMatchObject([422, { code, returnId: waiting.id }]);
    expect(await t.ok('GET', `/orders/${order.id}`)).toMatchObject({ pointsDue: 30, dueFen: 3000 });
    expect(await available()).toBe(30);
    const { items } = await t.ok('GET', `/returns?merchantId=${merchantId}&status=refused`);
    expect(items).toEqual([refused]);
  });

  it('comes to nothing when the order is another member’s, and is applied when both became one person', async () => {
    const [other, double] = [await t.member(), await t.member()];
    const [theirs, merged] = [fresh('no'), fresh('no')];
    const refused = await wait(theirs, [{ lineNo: 1, quantity: 1 }]);
    await place(theirs, [line(1, 'A', 1, 1000)], { memberId: other });
    expect(await read(refused)).toMatchObject({
      status: 'refused',
      problem: { code: 'order_of_another_member' },
    });
    expect(await available(other)).toBe(10);

    const waiting = await wait(merged, [{ lineNo: 1, quantity: 1 }], { memberId: double });
    const merge = { from: double, reason: 'one person', actor: 'Li Lei' };
    await t.ok('POST', `/members/${memberId}/merges`, merge);
    await place(merged, [line(1, 'A', 2, 2000)]);
    expect(await read(waiting)).toMatchObject({ status: 'applied', pointsClawedBack: 10 });
    expect(await available()).toBe(10);
  });

  it('changes nothing on a dry run, and shows that it would wait', async () => {
    const no = fresh('no');
    const told = { ...earlyOf(no, [{ lineNo: 1, quantity: 1 }]), dryRun: true };
    const preview = await t.call('POST', '/returns', told);
    expect([preview.status, preview.body]).toMatchObject([
      200,
      { dryRun: true, status: 'waiting' },
    ]);
    await place(no, [line(1, 'A', 1, 1000)]);
    expect(await available()).toBe(10);
  });

  it('is refused when the order never came, and takes nothing from one that comes after that', async () => {
    const no = fresh('no');
    const waiting = await wait(no, [{ lineNo: 1, quantity: 1 }]);
    const since = t.clock.now();
    expect(await readOldestWaiting(t.pool)).toBeLessThanOrEqual(since);
    t.clock.advance(30 * DAYS - 1);
    await settle(t.jobs);
    expect((await read(waiting)).status).toBe('waiting');
    t.clock.advance(1);
    await settle(t.jobs);
    expect(await read(waiting)).toMatchObject({
      status: 'refused',
      problem: { code: 'order_never_came' },
    });
    expect(await readOldestWaiting(t.pool)).toBeNull();
    await place(no, [line(1, 'A', 1, 1000)]);
    await settleLater();
    expect(await available()).toBe(10);
  });
});

describe('what waits', () => {
  it('is listed page by page, and can be withdrawn until its order comes', async () => {
    const [no, other] = [fresh('no'), fresh('no')];
    const told = [];
    for (const orderNo of [no, no, other]) {
      t.clock.advance(1);
      told.push(await wait(orderNo, [{ lineNo: 1, quantity: 1 }]));
    }
    const list = `/returns?merchantId=${merchantId}&limit=2`;
    const page = await t.ok('GET', list);
    expect(page.items).toEqual(told.slice(0, 2));
    const rest = await t.ok('GET', `${list}&cursor=${page.nextCursor}`);
    expect([rest.items, rest.nextCursor]).toEqual([told.slice(2), null]);

    const path = `/returns/${told[0].id}`;
    const withdrawn = await t.ok('DELETE', path);
    expect(withdrawn).toMatchObject({ id: told[0].id, status: 'withdrawn' });
    expect(await t.ok('DELETE', path)).toEqual(withdrawn);
    expect(await read(told[0])).toEqual(withdrawn);
    const { asked: lines, returnNo } = told[0];
    const again = { merchantId, memberId, orderNo: no, returnNo, lines };
    expect((await t.call('POST', '/returns', again)).body).toMatchObject({
      code: 'return_withdrawn',
      returnId: told[0].id,
    });
    await place(no, [line(1, 'A', 3, 3000)]);
    expect(await available()).toBe(20);
    const late = await t.call('DELETE', `/returns/${told[1].id}`);
    expect([late.status, late.body.code]).toEqual([409, 'return_not_waiting']);
    expect((await t.ok('GET', list)).items).toEqual(told.slice(2));
  });

  it('is either withdrawn or applied, whichever comes first', async () => {
    for (let round = 0; round < 8; round += 1) {
      const no = fresh('no');
      const waiting = await wait(no, [{ lineNo: 1, quantity: 1 }]);
      const before = await available();
      const [withdrawn] = await Promise.all([
        t.call('DELETE', `/returns/${waiting.id}`),
        place(no, [line(1, 'A', 1, 1000)]),
      ]);
      await settleLater();
      const { status } = await read(waiting);
      expect(status).toBe(withdrawn.status === 200 ? 'withdrawn' : 'applied');
      expect((await available()) - before).toBe(status === 'withdrawn' ? 10 : 0);
    }
  });
});

describe('an order and its return at once', () => {
  it('come to the same whichever is recorded first, exactly once', async () => {
    for (let round = 0; round < 8; round += 1) {
      const no = fresh('no');
      const body = earlyOf(no, [{ lineNo: 1, quantity: 2 }]);
      const before = await available();
      const [told] = await Promise.all([
        t.call('POST', '/returns', body),
        place(no, [line(1, 'A', 3, 3000)]),
        t.call('POST', '/returns', body),
        settle(t.jobs),
      ]);
      await Promise.all([settleLater(), settleLater()]);
      expect((await read(told.body)).status).toBe('applied');
      expect((await available()) - before).toBe(10);
    }
  });

  it('neither of which saw the other, are brought together by the job', async () => {
    const [no, earlier] = [fresh('no'), fresh('no')];
    await place(earlier, [line(1, 'A', 1, 100)]);
    // Another order of this number that is never committed makes the true one wait when it has looked around already.
    const client = await t.pool.connect();
    await client.query('begin');
    await client.query(
      `insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid(), 'order_no', $2::text,
         'request_key', $2::text))).* from orders o where order_no = $1`,
      [earlier, no],
    );
    const placed = place(no, [line(1, 'A', 2, 2000)]);
    await vi.waitFor(
      async () => {
        const { rowCount } = await t.pool.query(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        expect(rowCount).toBe(1);
      },
      { timeout: PATIENCE_MS },
    );
    const waiting = await wait(no, [{ lineNo: 1, quantity: 1 }]);
    await client.query('rollback');
    client.release();
    await placed;
    expect((await read(waiting)).status).toBe('waiting');
    expect(await available()).toBe(21);
    await settleLater();
    expect((await read(waiting)).status).toBe('applied');
    expect(await available()).toBe(11);
  });

  it('of which the order was recorded while the return looked elsewhere, are answered as applied', async () => {
    const no = fresh('no');
    const client = await t.pool.connect();
    await client.query('begin');
    const shelf = `return ${readId('member', memberId)} ${readId('merchant', merchantId)}`;
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [shelf]);
    const told = t.call('POST', '/returns', earlyOf(no, [{ lineNo: 1, quantity: 1 }]));
    await vi.waitFor(
      async () => {
        const { rowCount } = await t.pool.query(
          `select from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`,
        );
        expect(rowCount).toBe(1);
      },
      { timeout: PATIENCE_MS },
    );
    await place(no, [line(1, 'A', 2, 2000)]);
    await client.query('commit');
    client.release();
    expect([(await told).status, (await told).body]).toMatchObject([
      201,
      { status: 'applied', pointsClawedBack: 10 },
    ]);
    expect(await available()).toBe(10);
  });

  it('survive that the ledger went away after both were recorded', async () => {
    const no = fresh('no');
    const waiting = await wait(no, [{ lineNo: 1, quantity: 1 }]);
    t.ledgerDown = true;
    const body = orderOf(no, [line(1, 'A', 3, 3000)]);
    expect((await t.call('POST', '/orders', body)).status).toBe(503);
    t.ledgerDown = false;
    expect((await read(waiting)).status).toBe('applied');
    expect(await available()).toBe(0);
    await settleLater();
    expect(await available()).toBe(20);
    expect(await read(waiting)).toMatchObject({ pointsClawedBack: 10, pointsRecovered: 10 });
    expect((await t.ok('POST', '/orders', body)).points).toBe(30);
    expect(await available()).toBe(20);
  });
});

it('what has ended can be changed by nobody', async () => {
  const no = fresh('no');
  const waiting = await wait(no, [{ lineNo: 1, quantity: 1 }]);
  await place(no, [line(1, 'A', 3, 3000)]);
  const change = `update goods_return set state = 'waiting', ended_at_ms = null where id = $1`;
  await expect(t.pool.query(change, [readId('return', waiting.id)])).rejects.toMatchObject({
    code: '55000',
  });
});
