import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createBudgets } from '../programs/budget-registry.ts';
import type { Answered } from './test-app.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';

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

const budget = (name: string, total: number, more: object = {}): Promise<Answered['body']> =>
  t.ok('POST', '/budgets', { name, total, ...more });
const issue = (
  points: number,
  more: object,
  options?: { key?: string; auth?: string },
): Promise<Answered> =>
  t.call(
    'POST',
    '/transactions',
    { kind: 'issue', memberId, merchantId, points, ...more },
    options,
  );
const within = (name: string, mode = 'all') => ({ limits: [{ budget: name, mode }] });

it('limits what all members together are issued, and tells what is left', async () => {
  const { id } = await budget('春节活动', 100);
  const first = await issue(60, within('春节活动'));
  expect(first.status).toBe(201);
  memberId = await t.member();
  const refused = await issue(50, within('春节活动'));
  expect(refused).toMatchObject({
    status: 422,
    body: { code: 'budget_exhausted', budgetId: id, left: 40 },
  });
  expect((await issue(50, within('春节活动', 'trim'))).body.transaction.points).toBe(40);
  expect(await t.ok('GET', `/budgets/${id}`)).toMatchObject({ total: 100, spent: 100, left: 0 });
  const { limits } = within('春节活动', 'trim');
  const both = { limits: [...limits, { counter: 'once', max: 3, mode: 'trim' }] };
  await t.ok('PATCH', `/budgets/${id}`, { total: 110 });
  expect((await issue(50, both)).body.transaction.points).toBe(3);
});

it('gets back what returns take that say so', async () => {
  const { id } = await budget('given back', 100);
  const { transaction } = (await issue(100, within('given back'))).body;
  const back = { kind: 'return', memberId, transactionId: transaction.id, points: 30 };
  await t.ok('POST', '/transactions', back);
  expect(await t.ok('GET', `/budgets/${id}`)).toMatchObject({ spent: 100, left: 0 });
  await t.ok('POST', '/transactions', { ...back, points: 70, freeLimits: true });
  expect(await t.ok('GET', `/budgets/${id}`)).toMatchObject({ spent: 30, left: 70 });
});

it('can be raised and lowered, but not below what is spent', async () => {
  const { id } = await budget('lowered', 100);
  await issue(30, within('lowered'));
  const below = await t.call('PATCH', `/budgets/${id}`, { total: 29 });
  expect(below).toMatchObject({ status: 409, body: { code: 'budget_below_spent', spent: 30 } });
  const key = 'lower-once';
  const lowered = await t.ok('PATCH', `/budgets/${id}`, { total: 30 }, { key });
  expect(lowered).toMatchObject({ total: 30, spent: 30, left: 0 });
  await t.ok('PATCH', `/budgets/${id}`, { total: 31 });
  // A repeated request is answered as before and changes nothing.
  expect(await t.ok('PATCH', `/budgets/${id}`, { total: 30 }, { key })).toEqual(lowered);
  expect(await t.ok('GET', `/budgets/${id}`)).toMatchObject({ total: 31 });
});

it('has a name of its own in its programme, and is listed', async () => {
  const made = await budget('twice', 1);
  const again = await t.call('POST', '/budgets', { name: 'twice', total: 2 });
  expect(again).toMatchObject({ status: 409, body: { code: 'budget_exists', budgetId: made.id } });
  expect(made).toMatchObject({ programme: 'default', pointType: 'points', merchantId: null });
  const first = await t.ok('GET', '/budgets?limit=1');
  const rest = await t.ok('GET', `/budgets?cursor=${encodeURIComponent(first.nextCursor)}`);
  const names = [...first.items, ...rest.items].map((each: { name: string }) => each.name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('twice');
});

it.each([
  ['programme_not_found', { programme: 'nowhere' }],
  ['point_type_not_found', { pointType: 'miles' }],
  ['merchant_not_found', { merchantId: 'mer_01h455vb4pex5vsknk084sn02q' }],
])('%s', async (code, more) => {
  const answer = await t.call('POST', '/budgets', { name: code, total: 1, ...more });
  expect(answer).toMatchObject({ status: 404, body: { code } });
});

it('is spent by those alone whose it is', async () => {
  const auth = await t.apiKey(['points:write', 'budgets:read'], merchantId);
  const own = await budget('own', 10, { merchantId });
  const other = await budget('other', 10, { merchantId: await t.merchant() });
  await budget('platform', 10);
  expect((await issue(1, within('own'), { auth })).status).toBe(201);
  for (const name of ['other', 'platform', 'unheard of'])
    expect((await issue(1, within(name), { auth })).body.code).toBe('budget_not_found');
  const { items } = await t.ok('GET', '/budgets', undefined, { auth });
  expect(items).toHaveLength(1);
  expect((await t.call('GET', `/budgets/${own.id}`, undefined, { auth })).status).toBe(200);
  expect((await t.call('GET', `/budgets/${other.id}`, undefined, { auth })).status).toBe(404);
  const denied = await t.call('POST', '/keys', {
    name: 'x',
    scopes: ['budgets:write'],
    merchantId,
  });
  expect(denied.status).toBeGreaterThanOrEqual(400);
});

it('belongs to its point type', async () => {
  await t.ok('POST', '/programmes', {
    code: 'two-types',
    name: 'Two',
    pointTypes: [
      { code: 'points', name: 'P' },
      { code: 'green', name: 'G' },
    ],
  });
  merchantId = await t.merchant({ programme: 'two-types' });
  await budget('green only', 10, { programme: 'two-types', pointType: 'green' });
  expect((await issue(1, within('green only'))).body.code).toBe('budget_not_found');
  expect((await issue(1, { ...within('green only'), pointType: 'green' })).status).toBe(201);
  merchantId = await t.merchant();
});

const claims = (fact: string, more: object = {}) => ({
  claims: [{ scope: 'receipt', fact, ...more }],
});

it('pays one member for a receipt, and tells the others whose it is', async () => {
  const key = 'first';
  const first = await issue(10, claims('A-1'), { key });
  expect(first.status).toBe(201);
  expect((await issue(10, claims('A-1'), { key })).headers['idempotency-replayed']).toBe('true');
  memberId = await t.member();
  const second = await issue(10, claims('A-1'));
  expect(second).toMatchObject({
    status: 409,
    body: {
      code: 'already_claimed',
      scope: 'receipt',
      transactionId: first.body.transaction.id,
    },
  });
  expect((await t.balance(memberId)).available).toBe(0);
  const bulk = await t.ok('POST', '/transactions/bulk', {
    transactions: ['A-1', 'A-2'].map((fact) => ({
      kind: 'issue',
      memberId,
      merchantId,
      points: 1,
      ...claims(fact),
    })),
  });
  expect(bulk.results.map((each: { status: string }) => each.status)).toEqual([
    'refused',
    'applied',
  ]);
  const preview = await issue(10, { ...claims('A-2'), dryRun: true });
  expect(preview.body.code).toBe('already_claimed');
});

it('is unique within the merchant, or everywhere, and others are not told about it', async () => {
  const first = await issue(10, claims('B-1'));
  const everywhere = await issue(10, claims('B-1', { everywhere: true }));
  const home = merchantId;
  merchantId = await t.merchant();
  const auth = await t.apiKey(['points:write'], merchantId);
  const elsewhere = await issue(10, claims('B-1'), { auth });
  expect([first, everywhere, elsewhere].map((each) => each.status)).toEqual([201, 201, 201]);
  const refused = await issue(10, claims('B-1', { everywhere: true }), { auth });
  expect(refused.body.code).toBe('already_claimed');
  expect(refused.body.transactionId).toBeUndefined();
  merchantId = home;
});

it('is read once, however many commands of one request name it before it is known', async () => {
  await budget('fresh', 5);
  const budgets = createBudgets(t.pool);
  const first = budgets.find(1, 'fresh');
  expect(budgets.find(1, 'fresh')).toBe(first);
  expect(await first).toMatchObject({ name: 'fresh' });
  expect(budgets.find(1, 'fresh')).toMatchObject({ name: 'fresh' });
  expect(await budgets.find(1, 'unheard of')).toBeUndefined();
});
