import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { readId, type Uuid } from '../kernel/id.ts';
import { publishRule } from './testing/publish-rule.ts';

type Body = Answered['body'];

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
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
const idOf = (merchantId: string): Uuid => readId('merchant', merchantId) as Uuid;

/** A shop with rules of its own, and a member. */
async function scene(...bodies: Parameters<typeof publishRule>[1][]) {
  const merchantId = await t.merchant();
  const memberId = await t.member();
  for (const code of ['north', 'south'])
    await t.ok('POST', `/merchants/${merchantId}/stores`, { code, name: code });
  const versions: string[] = [];
  for (const body of bodies)
    versions.push(await publishRule(t, body, { merchant: idOf(merchantId) }));
  const told = (lines: object[], more: object = {}) => ({
    merchantId,
    memberId,
    orderNo: fresh('no'),
    paidAt: new Date(t.clock.now()).toISOString(),
    lines,
    ...more,
  });
  return {
    merchantId,
    memberId,
    versions,
    told,
    place: (lines: object[], more: object = {}): Promise<Body> =>
      t.ok('POST', '/orders', told(lines, more)),
    giveBack: (order: Body, ...lines: object[]): Promise<Body> =>
      t.ok('POST', `/orders/${order.id}/returns`, { returnNo: fresh('ret'), lines }),
    available: async (): Promise<number> => (await t.balance(memberId)).available,
  };
}

describe('an order under rules', () => {
  it('earns an award of each rule that fires, each a lot that names its version', async () => {
    const s = await scene(
      {
        when: { lines: { categories: ['melon'] } },
        earn: { kind: 'times', num: 2, den: 1 },
        priority: 3,
      },
      {
        when: { tenders: ['green-card'] },
        earn: { kind: 'fixed', points: 7, per: 'order' },
        priority: 2,
      },
      {
        when: { lines: { green: true } },
        earn: { kind: 'extra', points: 1, perFen: 500 },
        priority: 1,
      },
      { when: { stores: ['elsewhere'] }, earn: { kind: 'fixed', points: 9, per: 'order' } },
    );
    await t.ok('POST', '/certificates', {
      merchantId: s.merchantId,
      number: 'G-1',
      issuingBody: 'CQC',
      scope: ['B'],
      validFrom: '2020-01-01T00:00:00Z',
      validUntil: '2099-01-01T00:00:00Z',
      lastCheckedAt: '2020-01-01T00:00:00Z',
    });
    const placed = await s.place(
      [
        line(1, 'A', 1, 1000, { category: 'melon' }),
        line(2, 'B', 1, 550, { greenCertificate: 'G-1', brand: 'b', zone: 'z' }),
      ],
      { store: 'north', channel: 'till', tenders: ['cash', 'green-card'] },
    );
    expect(placed).toMatchObject({
      ...{ points: 15 + 10 + 7 + 1, store: 'north', channel: 'till' },
      tenders: ['cash', 'green-card'],
    });
    const [melon, card, green] = s.versions;
    expect(
      placed.awards.map((each: Body) => [
        each.ruleVersionId,
        each.pointType,
        each.asked,
        each.granted,
      ]),
    ).toEqual([
      [null, 'points', 15, 15],
      [melon, 'points', 10, 10],
      [card, 'points', 7, 7],
      [green, 'points', 1, 1],
    ]);
    expect(placed.transactionId).toBe(placed.awards[0].transactionId);
    expect(new Set(placed.awards.map((each: Body) => each.transactionId)).size).toBe(4);
    expect(placed.awards.every((each: Body) => each.receipt.hash.length === 64)).toBe(true);
    expect(await s.available()).toBe(33);
    const lots: Body[] = (await t.ok('GET', `/members/${s.memberId}/lots`)).items;
    const versionOf = (award: Body): string | undefined =>
      lots.find((lot) => lot.transactionId === award.transactionId).ruleVersionId;
    expect(placed.awards.map(versionOf)).toEqual([undefined, melon, card, green]);
    const shown = await t.ok('GET', `/orders/${placed.id}`);
    expect(shown.awards.map((each: Body) => each.due)).toEqual([15, 10, 7, 1]);
    expect(shown.lines[1]).toMatchObject({ brand: 'b', zone: 'z', greenCertificate: 'G-1' });
  });

  it('makes lots that say who pays, whatever of them comes back', async () => {
    const [partner, memberId] = [await t.merchant(), await t.member()];
    const merchantId = await t.merchant();
    const version = await publishRule(t, {
      when: { merchants: [idOf(merchantId)] },
      earn: { kind: 'fixed', points: 7, per: 'item' },
      terms: {
        funders: [
          { merchant: 'seller', share: 2 },
          { merchant: idOf(partner), share: 1 },
        ],
      },
    });
    const paidAt = new Date(t.clock.now()).toISOString();
    const order = { merchantId, memberId, orderNo: fresh('no'), paidAt };
    const { id, awards } = await t.ok('POST', '/orders', {
      ...order,
      lines: [line(1, 'A', 5, 95)],
    });
    expect(awards).toMatchObject([{ ruleVersionId: version, granted: 35 }]);
    const terms = {
      issuerId: merchantId,
      ruleVersionId: version,
      funders: [
        { merchantId, share: 2 },
        { merchantId: partner, share: 1 },
      ],
    };
    for (const remaining of [28, 21, 14, 7, 0]) {
      const lines = [{ lineNo: 1, quantity: 1 }];
      await t.ok('POST', `/orders/${id}/returns`, { returnNo: fresh('ret'), lines });
      const [lot] = (await t.ok('GET', `/members/${memberId}/lots`)).items;
      expect(lot).toMatchObject({ ...terms, issued: 35, remaining });
      expect((await t.ok('GET', `/lots/${lot.id}/trail`)).lot).toEqual(lot);
    }
  });

  it('is answered the same when told again, and a dry run shows what it would be', async () => {
    const s = await scene({ when: {}, earn: { kind: 'fixed', points: 5, per: 'item' } });
    const body = s.told([line(1, 'A', 2, 1000)], { store: 'north' });
    const preview = await t.ok('POST', '/orders', { ...body, dryRun: true });
    expect(preview).toMatchObject({ points: 20, balanceAfter: 20 });
    expect(
      preview.awards.map((each: Body) => [each.asked, each.granted, each.transactionId]),
    ).toEqual([
      [10, 10, null],
      [10, 10, null],
    ]);
    const first = await t.call('POST', '/orders', body);
    const again = await t.call('POST', '/orders', body);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await t.ok('POST', '/orders', { ...body, dryRun: true })).toMatchObject({ points: 20 });
    const elsewhere = await t.call('POST', '/orders', { ...body, store: 'south' });
    expect(elsewhere.body.code).toBe('order_exists');
    const nowhere = await t.call(
      'POST',
      '/orders',
      s.told([line(1, 'A', 1, 1)], { store: 'west' }),
    );
    expect([nowhere.status, nowhere.body.code]).toEqual([404, 'store_not_found']);
    expect(await s.available()).toBe(20);
  });

  it('says why points are of another type, and why there are none', async () => {
    const code = fresh('mall');
    await t.ok('POST', '/programmes', {
      code,
      name: code,
      pointTypes: [
        { code: 'points', name: '积分' },
        { code: 'leaves', name: '叶', expiryPolicy: { kind: 'rolling', years: 1 } },
      ],
    });
    const merchantId = await t.merchant({ programme: code });
    const s = await scene();
    const earn = { kind: 'base', points: 1, perFen: 1000 } as const;
    await publishRule(
      t,
      { when: {}, earn, terms: { pointType: 'leaves', pendingDays: 2 } },
      { programme: code },
    );
    const placed = await s.place([line(1, 'A', 1, 5000)], { merchantId });
    expect(placed).toMatchObject({ points: 0, noPointsReason: 'other_point_type' });
    expect(placed.awards).toMatchObject([
      {
        ...{ pointType: 'leaves', asked: 5, granted: 5 },
        ...{ availableAt: '2026-03-03T00:00:00.000Z', expiresAt: '2027-03-01T16:00:00.000Z' },
      },
    ]);
    expect(placed.transactionId).toBe(placed.awards[0].transactionId);
    const little = await s.place([line(1, 'A', 1, 999)], { merchantId });
    expect(little).toMatchObject({ points: 0, noPointsReason: 'below_one_point' });
    expect(little).not.toHaveProperty('awards');
    // What rules took from the ratio is no point of it that a return could find.
    const returned = await s.giveBack(placed, { lineNo: 1, quantity: 1 });
    expect(returned).toMatchObject({
      pointsClawedBack: 0,
      orders: [
        { pointsBefore: 0, awards: [{ pointType: 'leaves', pointsBefore: 5, pointsAfter: 0 }] },
      ],
    });
  });

  it('is cut by caps that span orders, says so, and a return frees them for later orders', async () => {
    const s = await scene({
      when: {},
      earn: { kind: 'extra', points: 1, perFen: 100 },
      terms: { caps: [{ per: 'day', points: 50 }] },
    });
    const first = await s.place([line(1, 'A', 4, 4000)]);
    const second = await s.place([line(1, 'A', 2, 2000)]);
    const third = await s.place([line(1, 'A', 2, 2000)]);
    const given = (order: Body) => order.awards.map((each: Body) => [each.granted, each.reason]);
    expect(given(first)).toEqual([
      [40, undefined],
      [40, undefined],
    ]);
    expect(given(second)).toEqual([
      [20, undefined],
      [10, 'limit_reached'],
    ]);
    expect(given(third)).toEqual([
      [20, undefined],
      [0, 'limit_reached'],
    ]);
    expect(await s.available()).toBe(130);
    // Half of the second is worth as much of the rule as it was granted.
    expect(await s.giveBack(second, { lineNo: 1, quantity: 1 })).toMatchObject({
      pointsClawedBack: 10,
    });
    const rest = await s.giveBack(first, { lineNo: 1, quantity: 3 });
    expect(rest).toMatchObject({ pointsClawedBack: 60, pointsRecovered: 60 });
    // Thirty are free again; nobody rates the third again.
    const fourth = await s.place([line(1, 'A', 4, 4000)]);
    expect(given(fourth)).toEqual([
      [40, undefined],
      [30, 'limit_reached'],
    ]);
    expect((await t.ok('GET', `/orders/${third.id}`)).points).toBe(20);
    for (const order of [first, second, third, fourth]) {
      const { lines } = await t.ok('GET', `/orders/${order.id}`);
      await s.giveBack(order, { lineNo: 1, quantity: lines[0].quantity - lines[0].returned });
      expect(await t.ok('GET', `/orders/${order.id}`)).toMatchObject({ pointsDue: 0 });
    }
    expect(await t.balance(s.memberId)).toMatchObject({ available: 0, debt: 0 });
  });

  it('is cut by a budget, which gets back what is returned', async () => {
    const merchantId = await t.merchant();
    const budget = { name: fresh('budget'), total: 15, pointType: 'points', programme: 'default' };
    const { id } = await t.ok('POST', '/budgets', { ...budget, merchantId });
    const s = await scene();
    await publishRule(
      t,
      {
        when: {},
        earn: { kind: 'fixed', points: 10, per: 'order' },
        terms: { budget: readId('budget', id) as Uuid },
      },
      { merchant: idOf(merchantId) },
    );
    const orders = [];
    for (let n = 0; n < 3; n += 1)
      orders.push(await s.place([line(1, 'A', 1, 100)], { merchantId }));
    expect(
      orders.map((order) => order.awards[1]).map(({ granted, reason }) => [granted, reason]),
    ).toEqual([
      [10, undefined],
      [5, 'budget_exhausted'],
      [0, 'budget_exhausted'],
    ]);
    const preview = s.told([line(1, 'A', 1, 100)], { merchantId, dryRun: true });
    expect((await t.ok('POST', '/orders', preview)).awards[1]).toMatchObject({
      granted: 0,
      reason: 'budget_exhausted',
    });
    await s.giveBack(orders[0], { lineNo: 1, quantity: 1 });
    const again = await s.place([line(1, 'A', 1, 100)], { merchantId });
    expect(again.awards[1]).toMatchObject({ granted: 10 });
  });
});

describe('a campaign', () => {
  it('caps what its rules give a member together, and gets back what is returned', async () => {
    const merchantId = await t.merchant();
    const budget = { name: fresh('budget'), total: 900, pointType: 'points', programme: 'default' };
    const { id } = await t.ok('POST', '/budgets', { ...budget, merchantId });
    const terms = {
      budget: readId('budget', id) as Uuid,
      caps: [
        { per: 'day', points: 12 },
        { per: 'month', points: 25, campaign: true },
      ],
    } as const;
    const s = await scene();
    for (const points of [10, 7]) {
      const body = { when: {}, earn: { kind: 'fixed', points, per: 'order' }, terms } as const;
      await publishRule(t, body, { merchant: idOf(merchantId) });
    }
    const place = () => s.place([line(1, 'A', 1, 100)], { merchantId });
    const given = (order: Awaited<ReturnType<typeof place>>): number[] =>
      order.awards.slice(1).map(({ granted }: { granted: number }) => granted);
    const first = await place();
    expect(given(first)).toEqual([10, 7]);
    // 25 of the month are 8 more: of the first rule a day leaves 2, of the second what the campaign leaves.
    const second = await place();
    expect(given(second)).toEqual([2, 5]);
    expect(given(await place())).toEqual([0, 0]);
    await s.giveBack(first, { lineNo: 1, quantity: 1 });
    expect(given(await place())).toEqual([10, 7]);
    // Another member’s counts for itself.
    const other = await t.member();
    const told = s.told([line(1, 'A', 1, 100)], { merchantId, memberId: other });
    expect(given(await t.ok('POST', '/orders', told))).toEqual([10, 7]);
  });
});

describe('a group', () => {
  it('gives by the next of its rules once nothing is left of the best, and again by that when something is', async () => {
    const s = await scene(
      {
        when: {},
        earn: { kind: 'fixed', points: 30, per: 'order' },
        group: 'best',
        terms: { caps: [{ per: 'month', points: 50 }] },
      },
      { when: {}, earn: { kind: 'fixed', points: 10, per: 'order' }, group: 'best' },
    );
    const [capped, plain] = s.versions;
    const place = async () => {
      const order = await s.place([line(1, 'A', 1, 100)]);
      return { order, by: order.awards[1].ruleVersionId, granted: order.awards[1].granted };
    };
    const first = await place();
    expect(first).toMatchObject({ by: capped, granted: 30 });
    // 20 are left, which is still more than 10.
    expect(await place()).toMatchObject({ by: capped, granted: 20 });
    const third = await place();
    expect(third).toMatchObject({ by: plain, granted: 10 });
    const { rules } = await t.ok('GET', `/orders/${third.order.id}/explanation`);
    const told = (version: string | undefined) =>
      rules.find((each: Body) => each.ruleVersionId === version);
    expect(told(capped)).toMatchObject({
      failed: 'group',
      found: expect.stringContaining('(0 left)'),
    });
    expect(told(plain)).toMatchObject({ fired: true, points: 10 });
    await s.giveBack(first.order, { lineNo: 1, quantity: 1 });
    expect(await place()).toMatchObject({ by: capped, granted: 30 });
    // What gave nothing then does not stand in for what comes back now.
    await s.giveBack(third.order, { lineNo: 1, quantity: 1 });
    expect(await s.available()).toBe(1 + 20 + 1 + 30);
  });

  it('of which a budget is spent gives by the next of its rules', async () => {
    const merchantId = await t.merchant();
    const budget = { name: fresh('budget'), programme: 'default', pointType: 'points', total: 15 };
    const { id } = await t.ok('POST', '/budgets', { ...budget, merchantId });
    const s = await scene();
    const rules = [
      {
        when: {},
        earn: { kind: 'fixed', points: 12, per: 'order' },
        group: 'best',
        terms: { budget: readId('budget', id) as Uuid },
      },
      { when: {}, earn: { kind: 'fixed', points: 5, per: 'order' }, group: 'best' },
    ] as const;
    for (const rule of rules) await publishRule(t, rule, { merchant: idOf(merchantId) });
    const granted: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const order = await s.place([line(1, 'A', 1, 100)], { merchantId });
      granted.push(order.awards[1].granted);
    }
    expect(granted).toEqual([12, 5, 5]);
  });
});

describe('what depends on earlier orders', () => {
  const first = {
    when: { member: { firstOrder: true as const } },
    earn: { kind: 'fixed' as const, points: 100, per: 'order' as const },
  };
  it('a first order is one that nothing paid is left before; in a batch the first of it', async () => {
    const s = await scene(first);
    const bodies = Array.from({ length: 3 }, () => s.told([line(1, 'A', 1, 1000)]));
    const { results } = await t.ok('POST', '/orders/bulk', { orders: [...bodies, bodies[0]] });
    expect(results.map((each: Body) => each.order.points)).toEqual([110, 10, 10, 110]);
    // Who somebody is, is nobody's who only reads the database.
    const { rows } = await t.pool.query<{ occasion: Body }>(
      'select occasion from orders where id = $1',
      [readId('order', results[0].order.id)],
    );
    expect(Object.keys(rows[0]?.occasion.rated)).toEqual(['at', 'facts', 'merchantCategory']);
    expect(rows[0]?.occasion.rated.facts).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(results[3].status).toBe('replayed');
    for (const { order } of results.slice(0, 3))
      await s.giveBack(order, { lineNo: 1, quantity: 1 });
    expect(await s.available()).toBe(0);
    expect(await s.place([line(1, 'A', 1, 1000)])).toMatchObject({ points: 110 });
  });

  it('of orders that race for the first one gets the bonus', async () => {
    const s = await scene(first);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        t.ok('POST', '/orders/bulk', { orders: [s.told([line(1, 'A', 1, 1000)])] }),
      ),
    );
    const orders = answers.map(({ results }) => results[0].order);
    expect(orders.filter(({ points }) => points === 110)).toHaveLength(1);
    expect(await s.available()).toBe(160);
    for (const { awards, points } of orders)
      if (points === 10 && awards !== undefined) expect(awards[1].reason).toBe('limit_reached');
  });
});

describe('an explanation', () => {
  it('tells of every rule that could have fired what it made of the order, whatever was returned since', async () => {
    const s = await scene(
      { when: {}, earn: { kind: 'times', num: 3, den: 2 }, priority: 1 },
      { when: { stores: ['north'] }, earn: { kind: 'fixed', points: 9, per: 'order' } },
    );
    const order = await s.place([line(1, 'A', 2, 1500)]);
    await s.giveBack(order, { lineNo: 1, quantity: 1 });
    const told = await t.ok('GET', `/orders/${order.id}/explanation`);
    expect(told).toMatchObject({ orderId: order.id, points: 22, awards: order.awards });
    expect(
      told.rules.map((each: Body) => [each.ruleVersionId, each.fired, each.points, each.failed]),
    ).toEqual([
      [null, true, 15, null],
      [s.versions[0], true, 7, null],
      [s.versions[1], false, 0, 'when.stores'],
    ]);
    const plain = await t.apiKey(['orders:read'], await t.merchant());
    const path = `/orders/${order.id}/explanation`;
    expect((await t.call('GET', path, undefined, { auth: plain })).status).toBe(404);
  });

  it('of an order that no rule is about tells of the ratio alone', async () => {
    const [memberId, merchantId] = [await t.member(), await t.merchant()];
    const paidAt = new Date(t.clock.now()).toISOString();
    const lines = [line(1, 'A', 1, 99)];
    const body = { merchantId, memberId, orderNo: fresh('no'), paidAt, lines };
    const order = await t.ok('POST', '/orders', body);
    const told = await t.ok('GET', `/orders/${order.id}/explanation`);
    expect(told).toMatchObject({ points: 0, noPointsReason: 'below_one_point', at: paidAt });
    expect(told.rules).toMatchObject([{ fired: false, failed: 'nothing' }]);
    expect(order).not.toHaveProperty('awards');
  });
});

it('gives nothing by a rule whose costs somebody shares who may not issue, and what others pay for all the same', async () => {
  const programme = 'settled';
  await t.ok('POST', '/programmes', { code: programme, name: 'Settled' });
  const [merchantId, partner] = [await t.merchant({ programme }), await t.merchant({ programme })];
  const memberId = (await t.ok('POST', '/members', { programme })).id;
  const points = { pointType: 'points', issuePriceMicroFen: 10_000_000, feeBasisPoints: 0 };
  await t.ok('POST', '/clearing/terms', {
    ...{ programme, points: [{ ...points, reimbursementMicroFen: 9_000_000 }], cycle: 'month' },
    ...{ settlement: 'postpaid', paymentTermDays: 10, actor: 'Li Lei' },
  });
  const funders = [
    { merchant: 'seller' as const, share: 2 },
    { merchant: idOf(partner), share: 1 },
  ];
  const rule = await publishRule(
    t,
    { when: {}, earn: { kind: 'fixed', points: 30, per: 'order' }, terms: { funders } },
    { programme },
  );
  t.clock.advance(1);
  const place = async (amountFen: number): Promise<Body> => {
    const order = {
      merchantId,
      memberId,
      orderNo: fresh('no'),
      lines: [line(1, 'A', 1, amountFen)],
    };
    return t.ok('POST', '/orders', { ...order, paidAt: new Date(t.clock.now()).toISOString() });
  };
  expect((await place(500)).points).toBe(35);
  const leave = { programme, merchantId: partner, reason: 'closed down', actor: 'Li Lei' };
  await t.ok('POST', '/clearing/departures', leave);
  t.clock.advance(1);
  const order = await place(500);
  expect(order).toMatchObject({
    points: 5,
    awards: [
      { ruleVersionId: null, granted: 5 },
      { ruleVersionId: rule, asked: 30, granted: 0, reason: 'merchant_left' },
    ],
  });
  const nothing = await place(1);
  expect(nothing).toMatchObject({ points: 0, noPointsReason: 'merchant_left' });
  const told = await t.ok('GET', `/orders/${nothing.id}/explanation`);
  expect(told).toMatchObject({ points: 0, noPointsReason: 'merchant_left' });
});
