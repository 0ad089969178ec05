import { afterAll, beforeAll, expect, it } from 'vitest';
import { standardPrices } from '../clearing/books/test-books.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { followInsights } from './follow.ts';

const DAY = 86_400_000;
const NOTHING = { issued: 0, redeemed: 0, expired: 0, transferred: 0, earns: 0 };

let t: PointsTestApp;
let shop: string;
let cinema: string;
let members: string[];
/** The programme's days: the first of them is 2 March, in Shanghai. */
const at = (day: string, hour = '12'): string => `2026-03-${day}T${hour}:00:00+08:00`;

beforeAll(async () => {
  t = await createPointsTestApp();
  await t.ok('POST', '/programmes', {
    ...{ code: 'street', name: 'Street', giftMax: 1_000, giftDayMax: 5_000 },
    pointTypes: [
      { code: 'points', name: 'Points' },
      { code: 'green', name: 'Green' },
    ],
  });
  shop = await t.merchant({ programme: 'street' });
  cinema = await t.merchant({ programme: 'street' });
  members = [];
  for (let index = 0; index < 3; index += 1)
    members.push((await t.ok('POST', '/members', { programme: 'street' })).id);
  t.clock.advance(DAY);
  await standardPrices(t, { issue: 10_000_000 }, 'street');
  const [ann, ben, cai] = members;
  const move = (kind: string, memberId: string | undefined, merchantId: string, body: object) =>
    t.ok('POST', '/transactions', { kind, memberId, merchantId, pointType: 'points', ...body });
  await move('issue', ann, shop, { points: 1_000 });
  await move('issue', ben, shop, { points: 500, expiresAt: at('09', '06') });
  t.clock.advance(DAY);
  const { transaction } = await move('burn', ann, cinema, { points: 300 });
  await t.ok('POST', '/transfers', {
    ...{ programme: 'street', giverId: ann, receiverId: cai, points: 200 },
    purpose: 'family_gift',
  });
  t.clock.advance(5 * DAY);
  const refund = { kind: 'refund', memberId: ann, transactionId: transaction.id, points: 100 };
  await t.ok('POST', '/transactions', refund);
  await move('issue', ann, cinema, { points: 50, pointType: 'green' });
  t.clock.advance(DAY);
  await t.ok('POST', '/transactions', { kind: 'expire', memberId: ben, programme: 'street' });
  // Told late: it happened on a day that is counted already.
  await followInsights({ pool: t.pool });
  await move('issue', cai, shop, { points: 70, effectiveAt: at('04') });
  await followInsights({ pool: t.pool });
});
afterAll(() => t.close());

const ask = (path: string, auth?: string) =>
  t.ok('GET', `/insights/${path}`, undefined, auth === undefined ? {} : { auth });

it('sums days up beside the days before', async () => {
  const told = await ask('overview?programme=street&from=2026-03-03&until=2026-03-10');
  expect(told).toMatchObject({
    ...{ programme: 'street', timeZone: 'Asia/Shanghai', merchantId: null, behind: 0 },
    figures: {
      ...{ issued: 120, earns: 2, redeemed: 300, refunded: 100, redemptions: 1, used: 200 },
      ...{ expired: 500, transferred: 200, returned: 0, donated: 0 },
    },
    before: { from: '2026-02-24', until: '2026-03-03', figures: { issued: 1_500, redeemed: 0 } },
    outstanding: {
      atBegin: { points: 1_500, unpriced: 0, liabilityFen: 15_000 },
      // 1,500 − 300 + 100 − 500 + 70 + 50, of which the last have no price.
      atEnd: { points: 920, unpriced: 50, liabilityFen: 8_700 },
    },
    active: {
      lastDay: { date: '2026-03-09', members: 0, before: 1 },
      lastMonth: { date: '2026-03-01', members: 3, before: 0 },
    },
  });
});

it('keeps types of points apart when it is asked to', async () => {
  const query = 'programme=street&from=2026-03-03&until=2026-03-10';
  const { figures, outstanding } = await ask(`overview?${query}&pointType=green`);
  expect(figures).toMatchObject({ issued: 50, earns: 1, redeemed: 0 });
  expect(outstanding.atEnd).toEqual({ points: 50, unpriced: 50, liabilityFen: 0 });
  const { items } = await ask(`breakdown?${query}&by=pointType`);
  expect(
    items.map((each: { pointType: string; issuedPpm: number }) => [each.pointType, each.issuedPpm]),
  ).toEqual([
    ['points', 583_333],
    ['green', 416_667],
  ]);
});

it('tells day by day, week by week, month by month', async () => {
  const series = (by: string, from: string) =>
    ask(`series?programme=street&from=${from}&until=2026-03-10&by=${by}`);
  const days = (await series('day', '2026-03-02')).items;
  const issued = days.map((day: { figures: { issued: number } }) => day.figures.issued);
  expect(issued).toEqual([1_500, 0, 70, 0, 0, 0, 50, 0]);
  const left = days.map((day: { outstanding: { points: number } }) => day.outstanding.points);
  expect(left).toEqual([1_500, 1_200, 1_270, 1_270, 1_270, 1_270, 1_420, 920]);
  expect(days.map(({ active }: { active: number }) => active)).toEqual([2, 1, 1, 0, 0, 0, 1, 0]);
  const weeks = (await series('week', '2026-02-23')).items;
  expect(weeks).toMatchObject([
    { from: '2026-02-23', figures: NOTHING, active: null },
    { from: '2026-03-02', figures: { issued: 1_620, transferred: 200 } },
    { from: '2026-03-09', until: '2026-03-10', figures: { expired: 500 } },
  ]);
  const months = (await series('month', '2026-02-01')).items;
  expect(months).toMatchObject([
    { figures: NOTHING, active: 0 },
    { figures: { issued: 1_620 }, active: 3, outstanding: { points: 920 } },
  ]);
});

it('tells a merchant what it gave and took, what became of its points, and nothing of others', async () => {
  const key = await t.apiKey(['insights:read'], cinema);
  const query = 'from=2026-03-02&until=2026-03-10';
  const own = await ask(`overview?${query}`, key);
  expect(own).toMatchObject({
    merchantId: cinema,
    figures: { issued: 50, redeemed: 300, refunded: 100, used: 0, expired: 0 },
    outstanding: { atEnd: { points: 50 } },
    active: { lastMonth: { members: 1 } },
  });
  expect(await ask(`overview?programme=street&merchantId=${shop}&${query}`)).toMatchObject({
    figures: { issued: 1_570, redeemed: 0, used: 200, expired: 500, transferred: 200 },
    outstanding: { atEnd: { points: 870, liabilityFen: 8_700 } },
    active: { lastMonth: { members: 3 } },
  });
  const parts = (await ask(`breakdown?${query}`, key)).items;
  expect(parts.map(({ merchantId }: { merchantId: string }) => merchantId)).toEqual([cinema]);
  const all = (await ask(`breakdown?programme=street&${query}`)).items;
  expect(all).toMatchObject([
    { merchantId: shop, issuedPpm: 969_136, redeemedPpm: 0 },
    { merchantId: cinema, issuedPpm: 30_864, redeemedPpm: 1_000_000 },
  ]);
  expect((await ask(`breakdown?programme=street&${query}&limit=1`)).items).toHaveLength(1);
  const other = await t.call('GET', `/insights/overview?merchantId=${shop}`, undefined, {
    auth: key,
  });
  expect([other.status, other.body.code]).toEqual([403, 'merchant_out_of_reach']);
});

it.each([
  ['overview?programme=street&from=2026-02-30', 422, 'days_invalid'],
  ['series?programme=street&from=2024-01-01', 422, 'days_invalid'],
  ['overview?programme=street&pointType=gold', 404, 'point_type_not_found'],
  ['overview?programme=avenue', 404, 'programme_not_found'],
  ['breakdown?programme=street&limit=501', 400, 'invalid_request'],
])('refuses %s', async (path, status, code) => {
  const answer = await t.call('GET', `/insights/${path}`);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

it('says how much of the ledger is not counted yet', async () => {
  const [ann] = members;
  const gift = { kind: 'issue', memberId: ann, merchantId: shop, points: 5 };
  await t.ok('POST', '/transactions', gift);
  expect((await ask('overview?programme=street')).behind).toBe(1);
  expect(await followInsights({ pool: t.pool })).toBe(1);
  expect((await ask('overview?programme=street')).behind).toBe(0);
});

it('counts nobody twice in a day or month, however late it is told, as far as it is known', async () => {
  const active = async () => {
    const { items } = await ask(
      'series?programme=street&from=2026-02-01&until=2026-06-01&by=month',
    );
    return items.map((each: { active: number }) => each.active);
  };
  expect(await active()).toEqual([0, 3, 0, 0]);
  const [ann, ben] = members;
  t.clock.advance(70 * DAY);
  const give = async (memberId: string | undefined, pointType: string, effectiveAt?: string) => {
    const body = { kind: 'issue', memberId, merchantId: shop, points: 5, pointType };
    const when = effectiveAt === undefined ? {} : { effectiveAt };
    await t.ok('POST', '/transactions', { ...body, ...when });
    await followInsights({ pool: t.pool });
  };
  const day = async (date: string) => {
    const { items } = await ask(`series?programme=street&from=${date}&until=2026-05-19&by=day`);
    return items[0].active;
  };
  await give(ann, 'points');
  expect(await active()).toEqual([0, 3, 0, 1]);
  // Another account of hers is told of later, about a day of before: she was here in March already, and not in April.
  expect(await day('2026-04-20')).toBe(0);
  await give(ann, 'green', '2026-04-20T12:00:00+08:00');
  await give(ann, 'green', '2026-04-20T13:00:00+08:00');
  expect(await day('2026-04-20')).toBe(1);
  expect(await active()).toEqual([0, 3, 1, 1]);
  await give(ben, 'green', at('31'));
  expect(await day('2026-03-31')).toBe(1);
  expect(await active()).toEqual([0, 3, 1, 1]);
});
