import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from '../http/test-points-app.ts';
import { mustReadId } from '../platform/web/schema.ts';

let t: PointsTestApp;
let merchantId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
});
afterAll(() => t.close());

let numbers = 0;
const fresh = (prefix: string): string => {
  numbers += 1;
  return `${prefix}-${numbers}`;
};

function order(memberId: string, lines: object[], more: object = {}) {
  const paidAt = new Date(t.clock.now()).toISOString();
  return { merchantId, memberId, orderNo: fresh('no'), paidAt, lines, ...more };
}
const line = (lineNo: number, sku: string, quantity: number, amountFen: number) => ({
  lineNo,
  sku,
  quantity,
  amountFen,
});

describe('placing an order', () => {
  it('earns floor(net × ratio) once and answers with the receipt', async () => {
    const memberId = await t.member();
    const placed = await t.call(
      'POST',
      '/orders',
      order(memberId, [line(1, 'A', 2, 1250), line(2, 'B', 1, 1049)]),
    );
    expect(placed.status, placed.text).toBe(201);
    expect(placed.body).toMatchObject({ netFen: 2299, points: 22, memberId, merchantId });
    expect(placed.body.id).toMatch(/^ord_/);
    // The earn has the order's own id.
    expect(placed.body.transactionId.slice(4)).toBe(placed.body.id.slice(4));
    expect(placed.body.receipt.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(placed.body).not.toHaveProperty('noPointsReason');
    expect(await t.balance(memberId)).toMatchObject({ available: 22, lifetimeEarned: 22 });
  });

  it('keeps nobody waiting for a shard that does not answer, though all are settled together', async () => {
    const members = await Promise.all(Array.from({ length: 12 }, () => t.member()));
    const bodies = members.map((memberId) => order(memberId, [line(1, 'A', 1, 1000)]));
    t.ledgerDownFor = mustReadId('member', members[5] ?? '');
    const placed = await Promise.all(bodies.map((body) => t.call('POST', '/orders', body)));
    t.ledgerDownFor = null;
    expect(placed.map(({ status }) => status)).toEqual(
      members.map((_, index) => (index === 5 ? 503 : 201)),
    );
    // It is recorded: told again it gets its points.
    expect(await t.ok('POST', '/orders', bodies[5] ?? {})).toMatchObject({ points: 10 });
    for (const memberId of members)
      expect(await t.balance(memberId)).toMatchObject({ available: 10, lifetimeEarned: 10 });
  });

  it.each([
    ['nothing_paid', 0],
    ['below_one_point', 99],
  ])('tells why it earned nothing: %s', async (reason, amountFen) => {
    const memberId = await t.member();
    const placed = await t.ok('POST', '/orders', order(memberId, [line(1, 'A', 1, amountFen)]));
    expect(placed).toMatchObject({ points: 0, noPointsReason: reason, transactionId: null });
    expect(placed).not.toHaveProperty('receipt');
  });

  it('answers a repeated request the same, whatever its key, and issues once', async () => {
    const memberId = await t.member();
    const body = order(memberId, [line(1, 'A', 1, 1000)]);
    const first = await t.call('POST', '/orders', body, { key: 'order-a' });
    const again = await t.call('POST', '/orders', body, { key: 'order-a' });
    const other = await t.call('POST', '/orders', body, { key: 'order-b' });
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    for (const answer of [again, other]) {
      expect(answer.status).toBe(201);
      expect(answer.text).toBe(first.text);
      expect(answer.headers['idempotency-replayed']).toBe('true');
    }
    expect((await t.balance(memberId)).available).toBe(10);
  });

  it('refuses another order of the same number, and another request under the same key', async () => {
    const memberId = await t.member();
    const body = order(memberId, [line(1, 'A', 1, 1000)]);
    const first = await t.ok('POST', '/orders', body, { key: 'order-c' });
    const taken = await t.call('POST', '/orders', { ...body, lines: [line(1, 'A', 1, 2000)] });
    expect(taken.status).toBe(409);
    expect(taken.body).toMatchObject({ code: 'order_exists', orderId: first.id });
    const reused = await t.call(
      'POST',
      '/orders',
      { ...body, orderNo: fresh('no') },
      { key: 'order-c' },
    );
    expect(reused.status).toBe(422);
    expect(reused.body.code).toBe('idempotency_key_reused');
    expect((await t.balance(memberId)).available).toBe(10);
  });

  it('claims the number once when the same order races itself', async () => {
    const memberId = await t.member();
    const body = order(memberId, [line(1, 'A', 1, 5000)]);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => t.call('POST', '/orders', body)),
    );
    expect(new Set(answers.map((answer) => answer.text)).size).toBe(1);
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
    expect((await t.balance(memberId)).available).toBe(50);
  });

  it('changes nothing on a dry run', async () => {
    const memberId = await t.member();
    const body = order(memberId, [line(1, 'A', 1, 1000)]);
    const preview = await t.call('POST', '/orders', { ...body, dryRun: true });
    expect(preview.status).toBe(200);
    expect(preview.body).toEqual({ dryRun: true, netFen: 1000, points: 10, balanceAfter: 10 });
    const found = await t.call('GET', `/orders?merchantId=${merchantId}&orderNo=${body.orderNo}`);
    expect(found.body.code).toBe('order_not_found');
    expect((await t.balance(memberId)).available).toBe(0);
    expect((await t.call('POST', '/orders', body)).status).toBe(201);
  });

  it('counts from paidAt only for those who may backdate', async () => {
    const memberId = await t.member();
    const old = new Date(START - 30 * 24 * 3600_000).toISOString();
    const plain = await t.apiKey(['orders:write', 'points:write']);
    const refused = await t.call(
      'POST',
      '/orders',
      order(memberId, [line(1, 'A', 1, 1000)], { paidAt: old }),
      { auth: plain },
    );
    expect(refused.status).toBe(422);
    expect(refused.body.code).toBe('backdating_not_allowed');
    const future = new Date(START + 3600_000).toISOString();
    const early = await t.call(
      'POST',
      '/orders',
      order(memberId, [line(1, 'A', 1, 1000)], { paidAt: future }),
      { auth: plain },
    );
    expect(early.body.code).toBe('backdating_not_allowed');
    const placed = await t.ok(
      'POST',
      '/orders',
      order(memberId, [line(1, 'A', 1, 1000)], { paidAt: old }),
    );
    const earned = await t.ok('GET', `/transactions/${placed.transactionId}`);
    expect(earned.transaction).toMatchObject({
      effectiveAt: old,
      source: { kind: 'order', id: placed.id },
    });
  });

  it('repeats a late answer even when the order has become too old to be told anew', async () => {
    const memberId = await t.member();
    const plain = await t.apiKey(['orders:write']);
    const body = order(memberId, [line(1, 'A', 1, 1000)], {});
    const first = await t.call('POST', '/orders', body, { auth: plain });
    t.clock.advance(4 * 24 * 3600_000);
    const again = await t.call('POST', '/orders', body, { auth: plain });
    expect(again.text).toBe(first.text);
    expect(
      (await t.call('POST', '/orders', { ...body, orderNo: fresh('no') }, { auth: plain })).body
        .code,
    ).toBe('backdating_not_allowed');
  });

  it('shows an order with its lines, by id and by number', async () => {
    const memberId = await t.member();
    const body = order(memberId, [
      { ...line(2, 'B', 1, 100), name: 'tea', category: 'drinks' },
      line(1, 'A', 3, 900),
    ]);
    const placed = await t.ok('POST', '/orders', body);
    const shown = await t.ok('GET', `/orders/${placed.id}`);
    expect(shown).toMatchObject({ ...placed, dueFen: 1000, pointsDue: 10 });
    expect(shown.lines).toEqual([
      { ...line(1, 'A', 3, 900), returned: 0 },
      { ...line(2, 'B', 1, 100), name: 'tea', category: 'drinks', returned: 0 },
    ]);
    expect(await t.ok('GET', `/orders?merchantId=${merchantId}&orderNo=${body.orderNo}`)).toEqual(
      shown,
    );
    expect((await t.call('GET', `/orders/${placed.id.slice(0, -4)}0000`)).body.code).toBe(
      'order_not_found',
    );
  });
});

describe('orders in bulk', () => {
  it('answers each in order: applied, replayed or refused', async () => {
    const [one, two] = [await t.member(), await t.member()];
    const told = order(one, [line(1, 'A', 1, 1000)]);
    await t.ok('POST', '/orders', told);
    const twice = order(two, [line(1, 'A', 1, 700)]);
    const stranger = 'mem_01h455vb4pex5vsknk084sn02q';
    const { results } = await t.ok('POST', '/orders/bulk', {
      orders: [
        order(two, [line(1, 'A', 1, 300)]),
        told,
        twice,
        twice,
        { ...told, lines: [line(1, 'A', 1, 1)] },
        order(stranger, [line(1, 'A', 1, 100)]),
        order(two, [line(1, 'A', 1, 100), line(1, 'B', 1, 100)]),
        order(two, [line(1, 'A', 1, 50)]),
      ],
    });
    expect(
      results.map((each: Answered['body']) => [
        each.status,
        each.order?.points ?? each.problem.code,
      ]),
    ).toEqual([
      ['applied', 3],
      ['replayed', 10],
      ['applied', 7],
      ['replayed', 7],
      ['refused', 'order_exists'],
      ['refused', 'member_not_found'],
      ['refused', 'line_no_repeated'],
      ['applied', 0],
    ]);
    expect((await t.balance(two)).available).toBe(10);
  });

  it('answers the same when the whole request is repeated', async () => {
    const memberId = await t.member();
    const orders = Array.from({ length: 20 }, (_, index) =>
      order(memberId, [line(1, 'A', 1, 100 * (index + 1))]),
    );
    const first = await t.ok('POST', '/orders/bulk', { orders }, { key: 'bulk-1' });
    const again = await t.ok('POST', '/orders/bulk', { orders }, { key: 'bulk-1' });
    expect(first.results.every((each: Answered['body']) => each.status === 'applied')).toBe(true);
    expect(again.results).toEqual(
      first.results.map((each: Answered['body']) => ({ ...each, status: 'replayed' })),
    );
    expect((await t.balance(memberId)).available).toBe(210);
  });

  it('changes nothing on a dry run', async () => {
    const memberId = await t.member();
    const orders = [
      order(memberId, [line(1, 'A', 1, 1000)]),
      order(memberId, [line(1, 'A', 1, 2000)]),
    ];
    const { results, dryRun } = await t.ok('POST', '/orders/bulk', { orders, dryRun: true });
    expect(dryRun).toBe(true);
    expect(results.map((each: Answered['body']) => each.preview)).toEqual([
      { dryRun: true, netFen: 1000, points: 10, balanceAfter: 10 },
      { dryRun: true, netFen: 2000, points: 20, balanceAfter: 30 },
    ]);
    expect((await t.balance(memberId)).available).toBe(0);
  });
});

describe('bad input', () => {
  const good = { lineNo: 1, sku: 'A', quantity: 1, amountFen: 100 };
  it.each([
    ['an unknown field', { surprise: 1 }],
    ['no lines', { lines: [] }],
    ['a negative amount', { lines: [{ ...good, amountFen: -1 }] }],
    ['a fraction', { lines: [{ ...good, amountFen: 1.5 }] }],
    ['an amount beyond the safe range', { lines: [{ ...good, amountFen: 2 ** 53 }] }],
    ['text for a number', { lines: [{ ...good, quantity: '1' }] }],
    ['no quantity at all', { lines: [{ ...good, quantity: 0 }] }],
    ['an unknown field in a line', { lines: [{ ...good, price: 1 }] }],
    ['a date without zone', { paidAt: '2026-03-01T00:00:00' }],
    ['an id of another kind', { memberId: 'mer_01h455vb4pex5vsknk084sn02q' }],
    ['an empty number', { orderNo: '' }],
    ['a long source', { source: 'x'.repeat(65) }],
  ])('%s is refused as a request', async (_, wrong) => {
    const memberId = await t.member();
    const answer = await t.call('POST', '/orders', { ...order(memberId, [good]), ...wrong });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('invalid_request');
  });

  it('amounts that only together leave the safe range are refused', async () => {
    const memberId = await t.member();
    const lines = [line(1, 'A', 1, Number.MAX_SAFE_INTEGER), line(2, 'A', 1, 1)];
    expect((await t.call('POST', '/orders', order(memberId, lines))).body.code).toBe(
      'amount_out_of_range',
    );
  });
});

describe("a merchant's key", () => {
  it('acts for its own merchant only, and sees only its own orders', async () => {
    const [memberId, foreign] = [await t.member(), await t.merchant()];
    const auth = await t.apiKey(['orders:write', 'orders:read'], foreign);
    const placed = await t.ok('POST', '/orders', order(memberId, [line(1, 'A', 1, 100)]));
    const refused = await t.call('POST', '/orders', order(memberId, [line(1, 'A', 1, 100)]), {
      auth,
    });
    expect(refused.status).toBe(403);
    expect(refused.body.code).toBe('merchant_out_of_reach');
    expect((await t.call('GET', `/orders/${placed.id}`, undefined, { auth })).status).toBe(404);
    const returned = { returnNo: fresh('ret'), lines: [{ lineNo: 1, quantity: 1 }] };
    expect((await t.call('POST', `/orders/${placed.id}/returns`, returned, { auth })).status).toBe(
      404,
    );
    const own = await t.call(
      'POST',
      '/orders',
      { ...order(memberId, [line(1, 'A', 1, 100)]), merchantId: foreign },
      { auth },
    );
    expect(own.status).toBe(201);
  });
});
