import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { settle } from '../jobs/run-jobs.ts';
import { readId, type Uuid } from '../kernel/id.ts';
import { findBreaches } from '../ledger/testing/invariants.ts';
import { verifyLedger } from '../ledger/verify.ts';
import { publishRule } from './testing/publish-rule.ts';

type Body = Answered['body'];
const DAY = 24 * 3600 * 1000;

let t: PointsTestApp;
let merchantId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  const merchant = readId('merchant', merchantId) as Uuid;
  // Of 1000 fen: 10 by the ratio at once, 20 more when the stay is over, at most 50 of these in a month.
  await publishRule(
    t,
    {
      when: {},
      earn: { kind: 'times', num: 3, den: 1 },
      terms: {
        pendingDays: 30,
        available: 'on_completion',
        expiry: { kind: 'rolling', days: 90 },
        caps: [{ per: 'month', points: 50 }],
      },
    },
    { merchant },
  );
});
afterEach(() => {
  t.ledgerDown = false;
});
afterAll(async () => {
  const [breaches, { findings }] = [await findBreaches(t.pool), await verifyLedger(t.pool)];
  await t.close();
  expect(breaches).toEqual([]);
  expect(findings).toEqual([]);
});

let numbers = 0;
const fresh = (): string => {
  numbers += 1;
  return `n-${numbers}`;
};
const told = (memberId: string, amountFen: number, quantity = 1): Body => ({
  merchantId,
  memberId,
  orderNo: fresh(),
  paidAt: new Date(t.clock.now()).toISOString(),
  lines: [{ lineNo: 1, sku: 'stay', quantity, amountFen }],
});
const place = (memberId: string, amountFen = 1000, quantity = 1): Promise<Body> =>
  t.ok('POST', '/orders', told(memberId, amountFen, quantity));
const complete = (order: Body, body: object = {}, options = {}): Promise<Answered> =>
  t.call('POST', `/orders/${order.id}/completion`, body, options);
const completed = async (order: Body, body: object = {}): Promise<Body> => {
  const answer = await complete(order, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};
const giveBack = (order: Body, quantity = 1): Promise<Body> =>
  t.ok('POST', `/orders/${order.id}/returns`, {
    returnNo: fresh(),
    lines: [{ lineNo: 1, quantity }],
  });
const waitingOf = async (): Promise<number> => {
  const { rows } = await t.pool.query<{ count: number }>(
    'select count(*)::int as count from unsettled where kind = 7',
  );
  return rows[0]?.count ?? 0;
};
const inDays = (days: number): string => new Date(t.clock.now() + days * DAY).toISOString();

it('is asked for by rules about orders only', async () => {
  const body = {
    name: 'Review',
    on: 'review',
    when: {},
    earn: { kind: 'fixed', points: 5, per: 'order' },
    terms: { pendingDays: 30, available: 'on_completion' },
  };
  const refused = await t.call('POST', '/rules', { code: fresh(), merchantId, body });
  expect([refused.status, refused.body]).toMatchObject([
    422,
    { code: 'rule_invalid', errors: [{ path: '/body/terms/available' }] },
  ]);
  const saved = { code: fresh(), merchantId, body: { ...body, on: 'order' } };
  expect((await t.call('POST', '/rules', saved)).status).toBe(201);
});

describe('points that wait for the completion of their order', () => {
  it('are shown as pending, and can be spent from the completion on', async () => {
    const memberId = await t.member();
    const order = await place(memberId);
    expect(order.awards[1]).toMatchObject({
      granted: 20,
      onCompletion: true,
      availableAt: inDays(30),
    });
    const pending = { available: 10, pending: 20, nextAvailableAt: inDays(30) };
    expect(await t.balance(memberId)).toMatchObject(pending);
    const burn = { kind: 'burn', merchantId, memberId, points: 30 };
    expect((await t.call('POST', '/transactions', burn)).body.code).toBe('insufficient_points');
    const placedAt = new Date(t.clock.now()).toISOString();
    t.clock.set(t.clock.now() + DAY);
    const preview = await complete(order, { dryRun: true });
    expect(preview.status).toBe(200);
    expect(preview.body).toMatchObject({ dryRun: true, awards: [{ released: 20 }] });
    expect((await t.balance(memberId)).pending).toBe(20);
    const done = await completed(order);
    expect(done).toMatchObject({
      orderId: order.id,
      completedAt: new Date(t.clock.now()).toISOString(),
      awards: [{ pointType: 'points', released: 20, ruleVersionId: order.awards[1].ruleVersionId }],
    });
    const now = await t.balance(memberId);
    expect(now).toMatchObject({ available: 30, pending: 0 });
    expect(now).not.toHaveProperty('nextAvailableAt');
    expect((await t.ok('GET', `/orders/${order.id}`)).completedAt).toBe(done.completedAt);
    const asOf = (at: string) => t.ok('GET', `/members/${memberId}/balance?asOf=${at}`);
    expect((await asOf(placedAt)).balances[0]).toMatchObject({ available: 10, pending: 20 });
    expect((await asOf(done.completedAt)).balances[0]).toMatchObject({ available: 30, pending: 0 });
    const lots = (await t.ok('GET', `/members/${memberId}/lots`)).items;
    expect(lots.map(({ state }: Body) => state)).toEqual(['available', 'available']);
    await t.ok('POST', '/transactions', burn);
    // Nothing is due by time any more.
    t.clock.set(t.clock.now() + 40 * DAY);
    await settle(t.jobs);
    expect(await t.balance(memberId)).toMatchObject({ available: 0, pending: 0 });
  });

  it('are available after their days all the same, when nobody says so', async () => {
    const memberId = await t.member();
    const order = await place(memberId);
    t.clock.set(t.clock.now() + 30 * DAY);
    expect(await t.balance(memberId)).toMatchObject({ available: 30, pending: 0 });
    await settle(t.jobs);
    const late = await completed(order);
    expect(late.awards).toMatchObject([{ released: 20 }]);
    expect((await t.balance(memberId)).available).toBe(30);
  });

  it('lapse when they would have: the completion changes no expiry', async () => {
    const memberId = await t.member();
    const order = await place(memberId);
    const { expiresAt } = order.awards[1];
    t.clock.set(t.clock.now() + 5 * DAY);
    await completed(order);
    expect((await t.balance(memberId)).expiring).toEqual([{ at: expiresAt, points: 20 }]);
  });

  it('count for their cap from the order on, and free it when they are cancelled', async () => {
    const memberId = await t.member();
    const [first, second] = [await place(memberId, 2000), await place(memberId, 2000)];
    expect([first, second].map(({ awards }) => awards[1].granted)).toEqual([40, 10]);
    await giveBack(first);
    expect(await t.balance(memberId)).toMatchObject({ available: 20, pending: 10, debt: 0 });
    expect((await place(memberId, 2000)).awards[1].granted).toBe(40);
    expect((await completed(second)).awards).toMatchObject([{ released: 10 }]);
  });

  it('a cancelled order has nothing left to be released, one that came back in part has the rest', async () => {
    const memberId = await t.member();
    const order = await place(memberId, 2000, 2);
    await giveBack(order);
    expect((await completed(order)).awards).toMatchObject([{ released: 20 }]);
    await giveBack(order);
    expect(await t.balance(memberId)).toMatchObject({ available: 0, pending: 0, debt: 0 });
    const gone = await place(await t.member());
    await giveBack(gone);
    expect((await completed(gone)).awards).toMatchObject([{ released: 0, reason: 'nothing_due' }]);
  });

  it('stay available when they are given away', async () => {
    const [giver, receiver] = [await t.member(), await t.member()];
    await t.ok('PATCH', '/programmes/default', { giftMax: 1000, giftDayMax: 1000 });
    const order = await place(giver);
    await completed(order);
    await t.ok('POST', '/transfers', {
      ...{ giverId: giver, receiverId: receiver, points: 30, purpose: 'family_gift' },
    });
    expect(await t.balance(receiver)).toMatchObject({ available: 30, pending: 0 });
  });
});

describe('a completion', () => {
  it('is one for an order: told again it is answered as the first time, told otherwise refused', async () => {
    const order = await place(await t.member());
    const first = await complete(order, {}, { key: fresh() });
    const again = await complete(order, {}, { key: fresh() });
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const at = { completedAt: new Date(t.clock.now() + 1000).toISOString() };
    expect((await complete(order, at)).body).toMatchObject({
      code: 'order_completed',
      completedAt: first.body.completedAt,
    });
    const key = fresh();
    await complete(await place(await t.member()), {}, { key });
    expect((await complete(await place(await t.member()), {}, { key })).body.code).toBe(
      'idempotency_key_reused',
    );
  });

  it('of many at once is recorded once', async () => {
    const memberId = await t.member();
    const order = await place(memberId);
    const all = await Promise.all(Array.from({ length: 6 }, () => complete(order)));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(all.map(({ body }) => body.awards[0].transactionId)).size).toBe(1);
    expect((await t.balance(memberId)).available).toBe(30);
  });

  it('is refused before the order was paid, in the future, and long ago without the right to', async () => {
    const order = await place(await t.member());
    const code = async (days: number, auth?: string) =>
      (await complete(order, { completedAt: inDays(days) }, auth === undefined ? {} : { auth }))
        .body.code;
    expect(await code(-1)).toBe('completed_before_paid');
    expect(await code(2)).toBe('time_in_future');
    t.clock.set(t.clock.now() + 5 * DAY);
    const till = await t.apiKey(['orders:write'], merchantId);
    expect(await code(-4, till)).toBe('backdating_not_allowed');
    expect((await complete(order, { completedAt: inDays(-4) })).status).toBe(201);
  });

  it('is not for whom the order is not there', async () => {
    const order = await place(await t.member());
    const other = await t.apiKey(['orders:write'], await t.merchant());
    expect((await complete(order, {}, { auth: other })).body.code).toBe('order_not_found');
    const bulk = await t.call(
      'POST',
      '/orders/completions/bulk',
      { completions: [{ orderId: order.id }] },
      { auth: other },
    );
    expect(bulk.body.results).toMatchObject([
      { status: 'refused', problem: { code: 'order_not_found' } },
    ]);
    const unread = await t.apiKey(['orders:read'], merchantId);
    expect((await complete(order, {}, { auth: unread })).status).toBe(403);
  });

  it('in bulk names orders by id or number, each on its own', async () => {
    const memberId = await t.member();
    const [one, two] = [await place(memberId, 500), await place(memberId, 500)];
    const { orderNo } = two;
    const completions = [
      { orderId: one.id },
      { merchantId, orderNo },
      { orderId: one.id },
      { merchantId, orderNo: 'none' },
    ];
    const path = '/orders/completions/bulk';
    const preview = await t.ok('POST', path, { completions, dryRun: true });
    expect(preview.results.map(({ status }: Body) => status)).toEqual([
      ...['applied', 'applied', 'replayed', 'refused'],
    ]);
    expect((await t.balance(memberId)).pending).toBe(20);
    const { results } = await t.ok('POST', path, { completions });
    expect(results.map(({ status }: Body) => status)).toEqual([
      ...['applied', 'applied', 'replayed', 'refused'],
    ]);
    expect(results[3].problem.code).toBe('order_not_found');
    expect(await t.balance(memberId)).toMatchObject({ available: 30, pending: 0 });
    const unnamed = [{ merchantId }, { orderId: one.id, orderNo }, {}];
    for (const item of unnamed)
      expect((await t.call('POST', path, { completions: [item] })).body.code).toBe(
        'invalid_request',
      );
  });

  it('that a crash left behind is brought in by the settle job, its order first', async () => {
    const memberId = await t.member();
    const body = told(memberId, 1000);
    t.ledgerDown = true;
    expect((await t.call('POST', '/orders', body)).status).toBe(503);
    const { rows } = await t.pool.query<{ id: string }>(
      'select id from orders where order_no = $1',
      [body.orderNo],
    );
    const path = '/orders/completions/bulk';
    const item = { merchantId, orderNo: body.orderNo };
    expect((await t.call('POST', path, { completions: [item] })).status).toBe(503);
    expect(rows).toHaveLength(1);
    expect(await waitingOf()).toBe(1);
    t.ledgerDown = false;
    t.clock.set(t.clock.now() + 600_000);
    await settle(t.jobs);
    expect(await waitingOf()).toBe(0);
    expect(await t.balance(memberId)).toMatchObject({ available: 30, pending: 0 });
  });

  it('of an absorbed member’s order reaches the points where they have arrived', async () => {
    const [from, into] = [await t.member(), await t.member()];
    const [before, after] = [await place(from, 500), await place(from, 500)];
    await completed(before);
    const why = { reason: 'same person', actor: 'Li Lei' };
    await t.ok('POST', `/members/${into}/merges`, { from, ...why });
    await expect.poll(async () => (await t.balance(into)).available).toBe(20);
    expect((await t.balance(into)).pending).toBe(10);
    expect((await completed(after)).awards).toMatchObject([{ released: 10 }]);
    expect(await t.balance(into)).toMatchObject({ available: 30, pending: 0 });
    expect((await complete(after)).body.awards).toMatchObject([{ released: 10 }]);
  });
});
