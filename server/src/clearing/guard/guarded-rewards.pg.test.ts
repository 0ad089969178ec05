import { afterAll, beforeAll, expect, it } from 'vitest';
import { showTerms } from '../../catalogue/terms-schema.ts';
import { terms as reward } from '../../catalogue/testing/told.ts';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { showInstant } from '../../kernel/clock.ts';
import type { RewardTerms } from '../../kernel/reward.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MICRO = 1_000_000;
let t: PointsTestApp;
let memberId: string;
let cheap: string;
let dear: string;
/** The reward at the first, and both at the second. */
let [cup, spa, meal] = ['', '', ''];

const publish = (merchantId: string | null, reimbursementFen: number, more = {}) =>
  t.ok('POST', '/clearing/terms', {
    ...(merchantId === null ? {} : { merchantId }),
    points: [
      {
        ...{ pointType: 'points', issuePriceMicroFen: 10 * MICRO, feeBasisPoints: 0 },
        reimbursementMicroFen: reimbursementFen * MICRO,
      },
    ],
    ...{ settlement: 'postpaid', cycle: 'month', paymentTermDays: 10, actor: 'Li Lei', ...more },
  });
async function offer(
  code: string,
  merchantId: string,
  points: number,
  more: Partial<RewardTerms> = {},
): Promise<string> {
  const body = {
    ...showTerms(reward({ cashValueFen: points, ...more })),
    stores: [{ merchant: merchantId }],
  };
  const price = [{ points: [{ pointType: 'points', points }], cashFen: 0 }];
  const made = { code, merchantId, body: { ...body, prices: price } };
  const { id } = await t.ok('POST', '/rewards', made);
  await t.ok('POST', `/rewards/${id}/publish`, {});
  t.clock.advance(MINUTE);
  return id;
}
const redeem = (rewardId: string, merchantId: string, quantity = 1): Promise<Answered['body']> =>
  t.ok('POST', '/redemptions', { memberId, rewardId, merchantId, quantity });
async function look(): Promise<void> {
  t.clock.advance(HOUR);
  await t.jobs.others?.guard?.();
}
const rewards = (query = ''): Promise<Answered['body']> =>
  t.ok('GET', `/clearing/guard/rewards${query}`);
async function drains(): Promise<Answered['body'][]> {
  const { items } = await t.ok('GET', '/clearing/guard/alerts?open=true');
  return items.filter(({ kind }: { kind: string }) => kind === 'reward_drain');
}
const takenOf = async (rewardId: string | null): Promise<number | undefined> =>
  (await rewards()).items.find((each: { rewardId: string }) => each.rewardId === rewardId)?.points;

beforeAll(async () => {
  t = await createPointsTestApp();
  [cheap, dear] = [await t.merchant(), await t.merchant()];
  memberId = await t.member();
  await publish(null, 8);
  await publish(dear, 9);
  const issue = { kind: 'issue', memberId, merchantId: await t.merchant(), points: 1_000_000 };
  await t.ok('POST', '/transactions', issue);
  cup = await offer('cup', cheap, 100);
  spa = await offer('spa', dear, 250);
  meal = await offer('meal', dear, 50);
});
afterAll(() => t.close());

it('tells what each reward takes and leaves, of exactly what was taken', async () => {
  expect(await rewards()).toEqual({ items: [], nextCursor: null, asOf: null });
  await redeem(cup, cheap, 6);
  await redeem(spa, dear);
  await redeem(meal, dear, 12);
  await t.ok('POST', '/transactions', { kind: 'burn', memberId, merchantId: cheap, points: 50 });
  const back = await redeem(meal, dear, 2);
  await t.ok('POST', `/redemptions/${back.id}/cancel`, {});
  await look();
  const page = await rewards();
  const at = (taker: string, reimbursementFen: number, points: number) => ({
    ...{ pointType: 'points', taker, points, issuePriceMicroFen: 10 * MICRO, feeMicroFen: 0 },
    ...{ reimbursementMicroFen: reimbursementFen * MICRO },
    shareBasisPoints: Math.floor((points * 10_000) / 1_500),
    marginMicroFen: (10 - reimbursementFen) * MICRO,
    marginFen: (10 - reimbursementFen) * points,
  });
  expect(page.items).toEqual([
    { rewardId: null, code: null, ...at(cheap, 8, 50) },
    { rewardId: spa, code: 'spa', ...at(dear, 9, 250) },
    { rewardId: meal, code: 'meal', ...at(dear, 9, 600) },
    { rewardId: cup, code: 'cup', ...at(cheap, 8, 600) },
  ]);
  expect(page.asOf).toBe(showInstant(t.clock.now()));
  const paged: Answered['body'][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { items, nextCursor } = await rewards(`?limit=1${from}`);
    paged.push(...items);
    cursor = nextCursor;
  }
  expect(paged).toEqual(page.items);
  expect((await t.call('GET', '/clearing/guard/rewards?cursor=x')).body.code).toBe(
    'cursor_invalid',
  );
});

it('counts what is refunded by hand against its reward', async () => {
  await redeem(spa, dear);
  const { items } = await t.ok('GET', `/members/${memberId}/transactions?limit=1`);
  const refund = { kind: 'refund', memberId, points: 100, transactionId: items[0].id };
  await t.ok('POST', '/transactions', refund);
  await look();
  expect(await takenOf(spa)).toBe(400);
});

it('counts what a till that was cut off lent for its reward, once it is repaid', async () => {
  const rewardId = await offer('off', cheap, 100, {
    fulfilment: { kind: 'offset', offFen: 100, atMostPercent: 50, overFen: 1_000 },
    cancellation: { until: 'never' },
    afterSales: { returnDays: 0, qualityDays: 0, exchange: false },
  });
  const poor = await t.member();
  const issue = { kind: 'issue', memberId: poor, merchantId: await t.merchant() };
  await t.ok('POST', '/transactions', { ...issue, points: 150 });
  t.clock.advance(2 * HOUR);
  const bill = { kind: 'bill', billNo: 'B-1', billFen: 2_000 };
  const at = showInstant(t.clock.now() - HOUR);
  const asked = { rewardId, merchantId: cheap, quantity: 3, particulars: { ...bill, at } };
  const auth = await t.apiKey(['redemptions:write', 'points:overdraft'], cheap);
  await t.ok('POST', '/redemptions', { ...asked, memberId: poor }, { auth });
  await look();
  expect(await takenOf(rewardId)).toBe(150);
  await t.ok('POST', '/transactions', { ...issue, points: 200 });
  await look();
  expect(await takenOf(rewardId)).toBe(300);
});

it('alerts when a reward takes more and more of the dearest’s points, and proposes a quota', async () => {
  t.clock.advance(31 * DAY);
  await redeem(cup, cheap, 4);
  await redeem(meal, dear, 12);
  await redeem(spa, dear, 2);
  await look();
  const [found, ...others] = await drains();
  expect(others).toEqual([]);
  expect(found).toMatchObject({ taker: dear, rewardId: spa, acknowledged: null });
  expect(found.facts).toEqual({
    ...{ points: 500, shareBasisPoints: 4_545, beforeBasisPoints: 4_000, quotaPoints: 400 },
    ...{ marginMicroFen: MICRO, marginFen: 500 },
    ...{ means: 'reward_quota', unitPoints: 250, quotaUnits: 1 },
  });
  const known = { reason: 'a spring of spas', actor: 'Li Lei' };
  const path = `/clearing/guard/alerts/${found.number}/acknowledgement`;
  expect((await t.ok('POST', path, known)).acknowledged).toMatchObject(known);
  await redeem(meal, dear, 20);
  await look();
  expect((await drains()).map(({ rewardId }) => rewardId)).not.toContain(spa);
});

it('alerts when a reward loses, wherever it is, and names each of them', async () => {
  await publish(cheap, 12, { acceptNegativeMargin: { reason: 'an opening' } });
  t.clock.advance(31 * DAY);
  const tea = await offer('tea', cheap, 10);
  await redeem(tea, cheap, 3);
  await redeem(cup, cheap, 2);
  await look();
  const { items } = await rewards();
  expect(items[0]).toMatchObject({ rewardId: cup, marginMicroFen: -2 * MICRO, marginFen: -400 });
  const found = (await drains()).filter(({ taker }) => taker === cheap);
  expect(new Set(found.map(({ rewardId }) => rewardId))).toEqual(new Set([tea, cup]));
  for (const { facts } of found) expect(facts).toMatchObject({ quotaPoints: 0, quotaUnits: 0 });
});

it('counts every accrual once, whoever counts, and adds up within the hour once', async () => {
  await redeem(cup, cheap);
  t.clock.advance(HOUR);
  await Promise.all(Array.from({ length: 4 }, async () => t.jobs.others?.guard?.()));
  const before = await rewards();
  await redeem(cup, cheap);
  t.clock.advance(MINUTE);
  await t.jobs.others?.guard?.();
  expect(await rewards()).toEqual(before);
  const { rows } = await t.pool.query(
    `select taker, day, sum(points)::int8 as points from guard_reward_day group by 1, 2
      except select taker, day, sum(points)::int8 from guard_day group by 1, 2`,
  );
  expect(rows).toEqual([]);
});

it('is for operators, each of its own programme', async () => {
  const path = '/clearing/guard/rewards';
  const ask = async (auth: string, query = '') =>
    (await t.call('GET', `${path}${query}`, undefined, { auth })).body;
  expect(await ask(await t.apiKey(['clearing:read'], dear))).toMatchObject({
    code: 'operator_only',
  });
  const programme = 'elsewhere';
  await t.ok('POST', '/programmes', { code: programme, name: programme });
  const scopes = ['clearing:read'];
  const { secret } = await t.ok('POST', '/keys', { name: programme, scopes, programme });
  expect((await ask(secret)).items).toEqual([]);
  expect((await ask(secret, '?programme=default')).code).toBeDefined();
  expect((await ask(secret, '?programme=default')).items).toBeUndefined();
});
