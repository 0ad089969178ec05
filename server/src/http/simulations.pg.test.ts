import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showInstant } from '../kernel/clock.ts';
import { readId, showId, type Uuid } from '../kernel/id.ts';
import { publishRule } from '../orders/testing/publish-rule.ts';
import { beginNext, noteProgress } from '../rules/simulation/store.ts';
import { workOff } from '../rules/simulation/work-off.ts';
import type { Answered } from './test-app.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';

type Body = Answered['body'];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

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
const mine = (merchantId: string): Uuid => readId('merchant', merchantId) as Uuid;

/** Orders of a shop at one hour after the other, so much paid by whom; the orders as answered. */
async function sell(merchantId: string, sold: readonly (readonly [string, number])[], more = {}) {
  const from = t.clock.now();
  const orders: Body[] = [];
  for (const [memberId, amountFen] of sold) {
    const paidAt = showInstant(t.clock.now());
    const lines = [{ lineNo: 1, sku: 'A', category: 'fruit', quantity: 1, amountFen }];
    const body = { merchantId, memberId, orderNo: fresh('no'), paidAt, lines, ...more };
    orders.push(await t.ok('POST', '/orders', body));
    t.clock.advance(HOUR_MS);
  }
  return { from: showInstant(from), until: showInstant(t.clock.now()), orders };
}

async function draft(merchantId: string | undefined, body: object): Promise<string> {
  const rule = { code: fresh('rule'), body: { name: 'a rule', on: 'order', when: {}, ...body } };
  const place = merchantId === undefined ? {} : { merchantId };
  return (await t.ok('POST', '/rules', { ...rule, ...place })).id;
}

const start = (asked: object, options?: { auth: string }): Promise<Body> =>
  t.ok('POST', '/rules/simulations', asked, options);
const read = (id: string): Promise<Body> => t.ok('GET', `/rules/simulations/${id}`);

async function simulate(asked: object): Promise<Body> {
  const { id } = await start(asked);
  expect(await workOff(t.simulations)).toBe(1);
  const ended = await read(id);
  expect(ended).toMatchObject({ state: 'done', failure: null });
  expect(ended.done).toBe(ended.total);
  return ended.result;
}

const pointsOf = (result: Body, side: 'before' | 'after', pointType = 'points'): Body =>
  result.pointTypes.find((each: Body) => each.pointType === pointType)?.[side];

describe('a simulation of the rules in force', () => {
  it('gives what the orders were given, to the point, caps and first orders included', async () => {
    const merchantId = await t.merchant();
    const partner = await t.merchant();
    const budget = { name: fresh('budget'), programme: 'default', pointType: 'points', total: 90 };
    const { id: budgetId } = await t.ok('POST', '/budgets', { ...budget, merchantId });
    const bodies = [
      {
        when: {},
        earn: { kind: 'times', num: 3, den: 2 },
        terms: {
          caps: [{ per: 'day', points: 60 }],
          expiry: { kind: 'end_of', period: 'year', after: 1 },
        },
      },
      {
        when: { member: { firstOrder: true } },
        earn: { kind: 'fixed', points: 100, per: 'order' },
        terms: {
          funders: [
            { merchant: 'seller', share: 2 },
            { merchant: mine(partner), share: 1 },
          ],
        },
      },
      {
        when: { orderFen: { min: 5_000 } },
        earn: { kind: 'extra', points: 1, perFen: 200 },
        terms: { budget: readId('budget', budgetId) as Uuid },
      },
    ] as const;
    const versions: string[] = [];
    for (const body of bodies)
      versions.push(await publishRule(t, body, { merchant: mine(merchantId) }));
    const [anna, bert] = [await t.member(), await t.member()];
    const { orders, ...period } = await sell(merchantId, [
      [anna, 10_000],
      [anna, 7_777],
      [bert, 3_333],
      [anna, 9_999],
      [bert, 20_000],
      [bert, 50],
    ]);
    const granted = new Map<string, number>();
    for (const { granted: points, ruleVersionId } of orders.flatMap((each) => each.awards ?? []))
      granted.set(ruleVersionId ?? 'ratio', (granted.get(ruleVersionId ?? 'ratio') ?? 0) + points);
    // What limits cut is in here: the ratio gives 509 points, and the first rule without its cap half as many.
    expect([...granted.keys()].sort()).toEqual(['ratio', ...versions].sort());
    const result = await simulate({ merchantId, ...period });
    expect(result.orders).toBe(orders.length);
    const replayed = result.rules.map((each: Body) => [
      each.ruleVersionId ?? 'ratio',
      each.before.points,
    ]);
    expect(new Map(replayed)).toEqual(granted);
    for (const { before, after } of [...result.pointTypes, ...result.rules, ...result.funders])
      expect(after).toEqual(before);
    expect(pointsOf(result, 'before').cut).toBeGreaterThan(0);
    const paid = result.funders.map((each: Body) => [each.merchantId, each.before.points]);
    const total = [...granted.values()].reduce((sum, points) => sum + points, 0);
    // Each bonus of 100 by 2 : 1.
    expect(new Map(paid)).toEqual(
      new Map([
        [merchantId, total - 66],
        [partner, 66],
      ]),
    );
    expect(result.members).toEqual([
      { pointType: 'points', winners: 0, losers: 0, biggestWinners: [], biggestLosers: [] },
    ]);
    expect(result.liability).toEqual([
      {
        pointType: 'points',
        month: '2027-12',
        before: granted.get(versions[0] ?? ''),
        after: granted.get(versions[0] ?? ''),
      },
      expect.objectContaining({ month: null }),
    ]);
  });

  it('takes the rules of each order’s day, and with `now` those of today', async () => {
    const merchantId = await t.merchant();
    const member = await t.member();
    const { until, from } = await sell(merchantId, [[member, 1_000]]);
    const id = await draft(merchantId, { earn: { kind: 'times', num: 2, den: 1 } });
    await t.ok('POST', `/rules/${id}/publish`, {});
    t.clock.advance(HOUR_MS);
    await t.rules.refresh();
    const then = await simulate({ merchantId, from, until });
    expect(pointsOf(then, 'before').points).toBe(10);
    const now = await simulate({ merchantId, from, until, rules: 'now', without: [id] });
    expect([pointsOf(now, 'before').points, pointsOf(now, 'after').points]).toEqual([20, 10]);
    expect(now.members[0]).toMatchObject({
      losers: 1,
      biggestLosers: [{ memberId: member, before: 20, after: 10 }],
    });
  });
});

describe('a simulation of a draft', () => {
  it('puts it in the place of its rule, with its caps, cost and expiry, and nothing is changed', async () => {
    const merchantId = await t.merchant();
    const [anna, bert] = [await t.member(), await t.member()];
    const guidance = { points: 100, fen: 70 };
    await t.ok('PATCH', '/programmes/default/point-types/points', { guidance });
    const id = await draft(merchantId, {
      earn: { kind: 'fixed', points: 30, per: 'order' },
      when: { orderFen: { min: 1_000 } },
    });
    await t.ok('POST', `/rules/${id}/publish`, {});
    t.clock.advance(DAY_MS);
    await t.rules.refresh();
    const { orders, ...period } = await sell(merchantId, [
      [anna, 1_000],
      [bert, 500],
      [anna, 2_000],
    ]);
    expect(orders.map(({ points }) => points)).toEqual([40, 5, 50]);
    const next = {
      earn: { kind: 'fixed', points: 25, per: 'order' },
      name: 'a rule',
      on: 'order',
      when: {},
    };
    const terms = {
      caps: [{ per: 'month', points: 40 }],
      expiry: { kind: 'fixed', date: '2027-05-31' },
    };
    await t.ok('PUT', `/rules/${id}/draft`, { body: { ...next, terms } });
    const result = await simulate({ merchantId, drafts: [id], ...period });
    expect(result.pointTypes).toEqual([
      {
        pointType: 'points',
        before: { awards: 5, asked: 95, points: 95, cut: 0 },
        // Anna has 25 and 15 of the rule, Bert 25.
        after: { awards: 6, asked: 110, points: 100, cut: 10 },
      },
    ]);
    expect(result.funders).toEqual([
      {
        merchantId,
        pointType: 'points',
        before: { points: 95, fen: 66 },
        after: { points: 100, fen: 70 },
      },
    ]);
    expect(result.liability).toEqual([
      { pointType: 'points', month: '2027-05', before: 0, after: 65 },
      { pointType: 'points', month: null, before: 95, after: 35 },
    ]);
    expect(result.members).toEqual([
      {
        pointType: 'points',
        winners: 1,
        losers: 1,
        biggestWinners: [{ memberId: bert, before: 5, after: 30 }],
        biggestLosers: [{ memberId: anna, before: 90, after: 70 }],
      },
    ]);
    const rule = await t.ok('GET', `/rules/${id}`);
    expect(rule.draft.body.earn.points).toBe(25);
    expect((await t.balance(anna)).available).toBe(90);
  });

  it('looks members up where their orders have no facts, their orders counted up to each', async () => {
    const merchantId = await t.merchant();
    const [anna, bert] = [await t.member(), await t.member()];
    // Nobody asked who bought when these were recorded.
    await sell(merchantId, [[anna, 100]]);
    const period = await sell(merchantId, [
      [anna, 100],
      [bert, 100],
      [bert, 100],
    ]);
    const id = await draft(merchantId, {
      when: { member: { firstOrder: true } },
      earn: { kind: 'fixed', points: 7, per: 'order' },
    });
    const { orders: _, ...asked } = period;
    const { members } = await simulate({ merchantId, drafts: [id], ...asked });
    expect(members).toMatchObject([
      { winners: 1, biggestWinners: [{ memberId: bert, before: 2, after: 9 }] },
    ]);
  });

  it('replays a whole programme, page by page, each order once', async () => {
    const [one, other] = [await t.merchant(), await t.merchant()];
    const member = await t.member();
    const paidAt = showInstant(t.clock.now());
    const from = t.clock.now();
    t.clock.advance(1);
    const count = 2_300;
    for (let done = 0; done < count; done += 460) {
      const orders = Array.from({ length: 460 }, (_, place) => ({
        merchantId: place % 3 === 0 ? one : other,
        memberId: member,
        orderNo: fresh('bulk'),
        paidAt,
        idempotencyKey: fresh('bulk'),
        lines: [{ lineNo: 1, sku: 'A', quantity: 1, amountFen: 100 }],
      }));
      await t.ok('POST', '/orders/bulk', { orders });
    }
    const period = { from: showInstant(from), until: showInstant(t.clock.now()) };
    const result = await simulate(period);
    expect(result.orders).toBe(count);
    expect(pointsOf(result, 'after').points).toBe(count);
    const own = await simulate({ ...period, merchantId: one });
    expect(own.orders).toBe(770);
    expect(own.funders.map((each: Body) => each.merchantId)).toEqual([one]);
  });
});

describe('a run', () => {
  const period = () => ({
    from: showInstant(t.clock.now() - DAY_MS),
    until: showInstant(t.clock.now()),
  });

  it('is one at a time for each merchant and the operator, and can be cancelled while it waits', async () => {
    const merchantId = await t.merchant();
    const key = await t.apiKey(['rules:write', 'rules:read'], merchantId);
    const { id } = await start(period());
    expect(await t.call('POST', '/rules/simulations', period())).toMatchObject({
      status: 409,
      body: { code: 'simulation_running', simulationId: id },
    });
    const own = await start(period(), { auth: key });
    expect(own).toMatchObject({ state: 'waiting', merchantId, done: 0, total: null, result: null });
    const cancelled = await t.ok('DELETE', `/rules/simulations/${id}`);
    expect(cancelled).toMatchObject({ state: 'cancelled', result: null });
    expect(cancelled.finishedAt).toBe(showInstant(t.clock.now()));
    expect((await t.call('DELETE', `/rules/simulations/${id}`)).body.code).toBe(
      'simulation_finished',
    );
    expect(await workOff(t.simulations)).toBe(1);
    expect((await read(id)).state).toBe('cancelled');
    expect((await read(own.id)).state).toBe('done');
    expect((await t.call('DELETE', `/rules/simulations/${own.id}`)).status).toBe(409);
  });

  it('stops when it is cancelled on the way', async () => {
    const merchantId = await t.merchant();
    const member = await t.member();
    const { orders: _, ...asked } = await sell(merchantId, [[member, 100]]);
    const { id } = await start({ merchantId, ...asked });
    const { history } = t.simulations;
    const states: string[] = [];
    const ended = await workOff({
      ...t.simulations,
      history: {
        ...history,
        async *pages(of, books) {
          for await (const page of history.pages(of, books)) {
            states.push((await read(id)).state);
            await t.ok('DELETE', `/rules/simulations/${id}`);
            yield page;
            states.push('went on');
          }
        },
      },
    });
    expect([ended, states]).toEqual([0, ['running']]);
    expect(await read(id)).toMatchObject({ state: 'cancelled', result: null, done: 0, total: 1 });
  });

  it('that a process left behind is begun again, and given up after some', async () => {
    const { id } = await start(period());
    const begun = await beginNext(t.pool);
    expect(begun).toMatchObject({ state: 'running', attempts: 1 });
    expect(await noteProgress(t.pool, begun?.id as Uuid, { done: 1, total: 900 })).toBe(true);
    expect(await workOff(t.simulations)).toBe(1);
    expect((await read(id)).state).toBe('done');

    const next = await start(period());
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const broken = { ...t.simulations, termsOf: () => undefined };
      await expect(workOff(broken)).rejects.toThrow('there is no programme');
      expect((await read(next.id)).state).toBe('running');
    }
    expect(await workOff(t.simulations)).toBe(1);
    expect(await read(next.id)).toMatchObject({
      state: 'failed',
      failure: 'given_up',
      result: null,
    });
  });

  it('is done by one process of all', async () => {
    const { id } = await start(period());
    const ended = await Promise.all([1, 2, 3].map(() => workOff(t.simulations)));
    expect(ended.sort()).toEqual([0, 0, 1]);
    expect((await read(id)).state).toBe('done');
  });

  it('of more points than a number can show fails, and says so', async () => {
    const merchantId = await t.merchant();
    const member = await t.member();
    const { orders: _, ...asked } = await sell(merchantId, [
      [member, 9_000_000_000_000],
      [member, 9_000_000_000_000],
    ]);
    const id = await draft(merchantId, { earn: { kind: 'base', points: 900, perFen: 1 } });
    const { id: simulation } = await start({ merchantId, drafts: [id], ...asked });
    await workOff(t.simulations);
    expect(await read(simulation)).toMatchObject({
      state: 'failed',
      failure: 'points_out_of_range',
    });
  });

  it('keeps the last fifty of everybody', async () => {
    const merchantId = await t.merchant();
    const auth = await t.apiKey(['rules:write', 'rules:read'], merchantId);
    const ids: string[] = [];
    for (let run = 0; run < 52; run += 1) {
      const { id } = await start(period(), { auth });
      ids.push(id);
      await t.ok('DELETE', `/rules/simulations/${id}`, undefined, { auth });
      t.clock.advance(1);
    }
    const found = await Promise.all(ids.map((id) => t.call('GET', `/rules/simulations/${id}`)));
    expect(found.map(({ status }) => status)).toEqual([404, 404, ...Array(50).fill(200)]);
  });

  it.each([
    ['backwards', (now: number) => ({ from: showInstant(now), until: showInstant(now) })],
    ['of the future', (now: number) => ({ from: showInstant(now), until: showInstant(now + 1) })],
    [
      'of more than three years',
      (now: number) => ({ from: showInstant(now - 1_097 * DAY_MS), until: showInstant(now) }),
    ],
  ])('is refused for a history %s', async (_, periodAt) => {
    const told = await t.call('POST', '/rules/simulations', periodAt(t.clock.now()));
    expect(told).toMatchObject({ status: 422, body: { code: 'simulation_period' } });
  });

  it('is refused when it names what is not there, or not the caller’s', async () => {
    const [merchantId, other] = [await t.merchant(), await t.merchant()];
    const [own, theirs] = [
      await draft(merchantId, { earn: { kind: 'fixed', points: 1, per: 'order' } }),
      await draft(other, { earn: { kind: 'fixed', points: 1, per: 'order' } }),
    ];
    const operators = await draft(undefined, { earn: { kind: 'fixed', points: 1, per: 'order' } });
    await t.ok('POST', `/rules/${operators}/publish`, {});
    await t.ok('POST', `/rules/${own}/publish`, {});
    const auth = await t.apiKey(['rules:write', 'rules:read'], merchantId);
    const codeOf = async (asked: object): Promise<unknown> =>
      (await t.call('POST', '/rules/simulations', { ...period(), ...asked }, { auth })).body.code;
    const missing = showId('rule', mine(merchantId));
    expect(await codeOf({ drafts: [missing] })).toBe('rule_not_found');
    expect(await codeOf({ drafts: [theirs] })).toBe('rule_not_found');
    expect(await codeOf({ without: [theirs] })).toBe('rule_not_found');
    expect(await codeOf({ drafts: [operators] })).toBe('merchant_out_of_reach');
    expect(await codeOf({ drafts: [own] })).toBe('rule_has_no_draft');
    expect(await codeOf({ merchantId: other })).toBe('merchant_out_of_reach');
    expect(await codeOf({ programme: 'nowhere' })).toBe('programme_not_found');
    const body = { name: 'a visit', when: {}, earn: { kind: 'fixed', points: 1, per: 'order' } };
    const visits = { code: fresh('rule'), merchantId, body: { ...body, on: 'check_in' } };
    const { id: visit } = await t.ok('POST', '/rules', visits);
    expect(await codeOf({ drafts: [visit] })).toBe('simulation_of_orders');
    await t.ok('POST', `/rules/${visit}/publish`, {});
    expect(await codeOf({ without: [visit] })).toBe('simulation_of_orders');
    // What an operator published may be left out in thought.
    const { id } = await start({ ...period(), without: [operators] }, { auth });
    await t.ok('DELETE', `/rules/simulations/${id}`, undefined, { auth });
  });

  it('is seen by keys of who asked for it, and by the operator', async () => {
    const [merchantId, other] = [await t.merchant(), await t.merchant()];
    const [auth, stranger] = [
      await t.apiKey(['rules:write', 'rules:read'], merchantId),
      await t.apiKey(['rules:write', 'rules:read'], other),
    ];
    const reader = await t.apiKey(['rules:read'], merchantId);
    const { id } = await start(period(), { auth });
    // The operator's, about the other merchant: not the merchant's to see.
    const { id: operators } = await start({ ...period(), merchantId: other });
    for (const [path, as, status] of [
      [id, auth, 200],
      [id, reader, 200],
      [id, stranger, 404],
      [operators, stranger, 404],
    ] as const)
      expect(
        (await t.call('GET', `/rules/simulations/${path}`, undefined, { auth: as })).status,
      ).toBe(status);
    expect((await read(id)).id).toBe(id);
    for (const [as, status] of [
      [stranger, 404],
      [reader, 403],
    ] as const)
      expect(
        (await t.call('DELETE', `/rules/simulations/${id}`, undefined, { auth: as })).status,
      ).toBe(status);
    expect((await t.call('POST', '/rules/simulations', period(), { auth: reader })).status).toBe(
      403,
    );
    await t.ok('DELETE', `/rules/simulations/${id}`, undefined, { auth });
    await t.ok('DELETE', `/rules/simulations/${operators}`);
  });

  it('is listed, the newest first, page by page, of one rule or programme, to whoever sees it', async () => {
    const [merchantId, other] = [await t.merchant(), await t.merchant()];
    const auth = await t.apiKey(['rules:write', 'rules:read'], merchantId);
    const stranger = await t.apiKey(['rules:read'], other);
    const body = { earn: { kind: 'fixed', points: 1, per: 'order' } };
    const [one, two] = [await draft(merchantId, body), await draft(merchantId, body)];
    await t.ok('POST', `/rules/${two}/publish`, {});
    const made: string[] = [];
    // Within one moment nothing is newer.
    t.clock.advance(1);
    for (const more of [{ drafts: [one] }, {}, { without: [two] }]) {
      const { id } = await start({ ...period(), ...more }, { auth });
      made.unshift(id);
      await t.ok('DELETE', `/rules/simulations/${id}`, undefined, { auth });
      t.clock.advance(1);
    }
    const list = async (query: string, as = auth): Promise<Body> =>
      await t.ok('GET', `/rules/simulations?${query}`, undefined, { auth: as });
    const idsOf = ({ items }: Body): string[] => items.map(({ id }: Body) => id);
    const first = await list('limit=2');
    expect(idsOf(first)).toEqual(made.slice(0, 2));
    expect(first.items[0]).toMatchObject({ ruleIds: [two], state: 'cancelled', merchantId });
    expect(first.items[0]).not.toHaveProperty('result');
    expect(first.items[0].madeBy).toMatch(/^key_/);
    const rest = await list(`limit=2&cursor=${first.nextCursor}`);
    expect([idsOf(rest), rest.nextCursor]).toEqual([made.slice(2), null]);
    expect(idsOf(await list(`ruleId=${one}`))).toEqual(made.slice(2));
    expect(idsOf(await list(`ruleId=${two}`))).toEqual(made.slice(0, 1));
    expect(idsOf(await list('', stranger))).toEqual([]);
    expect(idsOf(await t.ok('GET', '/rules/simulations?limit=3'))).toEqual(made);
    await t.ok('POST', '/programmes', { code: 'quiet', name: 'Quiet' });
    expect(idsOf(await t.ok('GET', '/rules/simulations?programme=quiet'))).toEqual([]);
    const codeOf = async (query: string, as?: string): Promise<unknown> =>
      (await t.call('GET', `/rules/simulations?${query}`, undefined, as ? { auth: as } : {})).body
        .code;
    expect(await codeOf('programme=nowhere')).toBe('programme_not_found');
    expect(await codeOf('programme=quiet', auth)).toBe('programme_not_found');
    expect(await codeOf('cursor=x')).toBe('cursor_invalid');
  });
});
