import { afterAll, beforeAll, expect, it } from 'vitest';
import { showTerms } from '../catalogue/terms-schema.ts';
import { terms } from '../catalogue/testing/told.ts';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { problem } from '../platform/web/problem.ts';
import { Shelves } from './stock/shelves.ts';

const MINUTE = 60_000;

let t: PointsTestApp;
let merchantId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
});
afterAll(() => t.close());

let codes = 0;
const pass = () => t.clock.set(t.clock.now() + MINUTE);
async function published(path: 'rewards' | 'promotions', body: object): Promise<string> {
  codes += 1;
  const { id } = await t.ok('POST', `/${path}`, { code: `it-${codes}`, merchantId, body });
  await t.ok('POST', `/${path}/${id}/publish`, {});
  pass();
  return id;
}
const reward = (more: object = {}) =>
  published('rewards', { ...showTerms(terms()), stores: [{ merchant: merchantId }], ...more });
/** For 600 points instead of 1,000. */
const promotion = (rewardId: string, points: number) =>
  published('promotions', {
    name: { zh: '兑换日' },
    rewards: [rewardId],
    when: { dates: [{ from: '2026-01-01' }] },
    price: { kind: 'fixed', pointType: 'points', points: 600 },
    budget: { points },
  });
async function member(): Promise<string> {
  const memberId = await t.member();
  await t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId, points: 10_000 });
  return memberId;
}
const redeem = (memberId: string, rewardId: string, more: object = {}): Promise<Answered> =>
  t.call('POST', '/redemptions', { memberId, rewardId, merchantId, ...more });
const paid = ({ status, body, text }: Answered): number => {
  expect(status, text).toBe(201);
  return body.price[0].points;
};
const offered = async (memberId: string, rewardId: string): Promise<number> => {
  const { items } = await t.ok('GET', `/members/${memberId}/rewards?limit=100`);
  return items.find((each: { rewardId: string }) => each.rewardId === rewardId).options[0].points[0]
    .points;
};
const budgetOf = async (id: string, options = {}) =>
  (await t.ok('GET', `/promotions/${id}`, undefined, options)).budget;

it('is spent by what is forgone of all units, shown to its owner, and holds no longer than it lasts', async () => {
  const rewardId = await reward();
  const promotionId = await promotion(rewardId, 1_300);
  const memberId = await member();
  expect(await offered(memberId, rewardId)).toBe(600);
  // Of four there would be too much forgone: they cost what they cost.
  expect(paid(await redeem(memberId, rewardId, { quantity: 4 }))).toBe(4_000);
  expect(paid(await redeem(memberId, rewardId, { quantity: 2 }))).toBe(1_200);
  expect(await budgetOf(promotionId)).toEqual([
    { pointType: 'points', points: 1_300, spent: 800, left: 500 },
  ]);
  const last = await redeem(memberId, rewardId);
  expect(paid(last)).toBe(600);
  expect(await offered(memberId, rewardId)).toBe(1_000);
  const shown = { price: [{ pointType: 'points', points: 600 }] };
  expect((await redeem(memberId, rewardId, shown)).body.code).toBe('price_changed');
  expect(paid(await redeem(memberId, rewardId))).toBe(1_000);
  // What was undone is there again.
  await t.ok('POST', `/redemptions/${last.body.id}/cancel`, {});
  expect(await budgetOf(promotionId)).toMatchObject([{ spent: 800, left: 500 }]);
  expect(await offered(memberId, rewardId)).toBe(600);
});

it('goes on in the next version, and is nobody else’s to see', async () => {
  const rewardId = await reward();
  const promotionId = await promotion(rewardId, 400);
  const memberId = await member();
  expect(paid(await redeem(memberId, rewardId))).toBe(600);
  expect(paid(await redeem(memberId, rewardId))).toBe(1_000);
  const { current } = await t.ok('GET', `/promotions/${promotionId}`);
  await t.ok('PUT', `/promotions/${promotionId}/draft`, {
    body: { ...current.body, budget: { points: 800 } },
  });
  await t.ok('POST', `/promotions/${promotionId}/publish`, {});
  pass();
  expect(await budgetOf(promotionId)).toMatchObject([{ points: 800, spent: 400, left: 400 }]);
  expect(paid(await redeem(memberId, rewardId))).toBe(600);
  const own = await t.apiKey(['rewards:read'], merchantId);
  expect(await budgetOf(promotionId, { auth: own })).toMatchObject([{ left: 0 }]);
  const { items } = await t.ok('GET', '/promotions?limit=100', undefined, { auth: own });
  expect(items.find(({ id }: { id: string }) => id === promotionId).budget).toMatchObject([
    { left: 0 },
  ]);
});

it('is never overspent, whoever races for the last of it', async () => {
  const rewardId = await reward();
  const promotionId = await promotion(rewardId, 1_200);
  const members = await Promise.all(Array.from({ length: 12 }, member));
  const answers = await Promise.all(members.map((each) => redeem(each, rewardId)));
  const cheap = answers.filter(
    ({ status, body }) => status === 201 && body.price[0].points === 600,
  );
  expect(cheap).toHaveLength(3);
  for (const { status, body } of answers)
    if (status !== 201) expect(body.code).toBe('promotion_budget_spent');
  expect(await budgetOf(promotionId)).toMatchObject([{ spent: 1_200, left: 0 }]);
  // Who was refused is not charged, and pays the plain price when he asks again.
  const refused = answers.findIndex(({ status }) => status !== 201);
  const poor = members[refused];
  if (poor !== undefined) {
    expect((await t.balance(poor)).available).toBe(10_000);
    expect(paid(await redeem(poor, rewardId))).toBe(1_000);
  }
});

it('that was spent between the offer and the reservation refuses, and says how much is left', () => {
  const shelves = new Shelves(new Map(), new Map([['a budget', 700]]));
  const counts = [{ name: 'a budget', of: 'budget' as const, units: 400, max: 1_000 }];
  const wish = { reward: '0199a1b2-0000-7000-8000-000000000001' as never, quantity: 1, counts };
  expect(shelves.reserve(wish)).toEqual(
    problem('promotion_budget_spent', undefined, { left: 300 }),
  );
});

it('beside the quotas of merchants, which show what is left of them', async () => {
  const other = await t.merchant();
  const rewardId = await published('rewards', {
    ...showTerms(terms()),
    stores: [{ merchant: merchantId }],
    quotas: [
      { per: 'day', times: 3 },
      { merchant: merchantId, per: 'ever', times: 9 },
    ],
  });
  const memberId = await member();
  const quotas = async (auth?: string) =>
    (await t.ok('GET', `/rewards/${rewardId}/quotas`, undefined, auth ? { auth } : {})).quotas;
  paid(await redeem(memberId, rewardId, { quantity: 2 }));
  const day = { merchantId, per: 'day', times: 3, used: 2, left: 1 };
  const ever = { merchantId, per: 'ever', times: 9, used: 2, left: 7 };
  expect(await quotas()).toEqual([day, ever]);
  expect(await quotas(await t.apiKey(['rewards:read'], merchantId))).toEqual([day, ever]);
  expect((await redeem(memberId, rewardId, { quantity: 2 })).body).toMatchObject({
    code: 'redemption_quota_reached',
    left: 1,
  });
  t.clock.set(t.clock.now() + 24 * 60 * MINUTE);
  expect(await quotas()).toEqual([{ ...day, used: 0, left: 3 }, ever]);
  const auth = await t.apiKey(['rewards:read'], other);
  const hidden = await t.call('GET', `/rewards/${rewardId}/quotas`, undefined, { auth });
  expect(hidden.body.code).toBe('reward_not_found');
});
