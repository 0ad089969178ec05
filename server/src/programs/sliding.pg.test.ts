import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from '../http/test-points-app.ts';
import { verifyLedger } from '../ledger/verify.ts';
import { noticeExpiries } from '../messages/notice-expiries.ts';

let t: PointsTestApp;
let programmes = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const sliding = (months: number) => ({ kind: 'sliding', months });
const change = (code: string, body: object): Promise<Answered> =>
  t.call('PATCH', `/programmes/${code}/point-types/points`, body);
/** Noon of a day in Shanghai, where the programmes are. */
const noon = (date: string): number => Date.parse(`${date}T04:00:00Z`);

/** A programme whose points slide, a merchant of it, and what one member does there. */
async function stage(months = 12) {
  programmes += 1;
  const code = `slides${programmes}`;
  const pointTypes = [{ code: 'points', name: 'points', expiryPolicy: sliding(months) }];
  // Without notice: what becomes worse counts at once.
  const quick = { sandbox: true, ruleNoticeDays: 0 };
  await t.ok('POST', '/programmes', { code, name: code, pointTypes, ...quick });
  const merchantId = await t.merchant({ programme: code });
  const memberId = (await t.ok('POST', '/members', { programme: code })).id;
  let orders = 0;
  return {
    code,
    memberId,
    buy(yuan: number, more: object = {}): Promise<Answered['body']> {
      orders += 1;
      const line = { lineNo: 1, sku: 'tea', quantity: 1, amountFen: yuan * 100 };
      const paidAt = new Date(t.clock.now()).toISOString();
      const order = { merchantId, memberId, orderNo: `${code}-${orders}`, paidAt, lines: [line] };
      return t.ok('POST', '/orders', { ...order, ...more });
    },
    do: (body: object, key?: string): Promise<Answered> =>
      t.call(
        'POST',
        '/transactions',
        { merchantId, memberId, ...body },
        key === undefined ? {} : { key },
      ),
    /** Points by the moment they lapse. */
    async calendar(): Promise<Record<string, number>> {
      const { balances } = await t.ok('GET', `/members/${memberId}/balance`);
      const own = balances.find((each: { programme: string }) => each.programme === code);
      return Object.fromEntries(
        own.expiring.map(({ at, points }: { at: string; points: number }) => [at, points]),
      );
    },
  };
}

it('points last as long as their member comes: an order or a purchase with points moves them all to one date', async () => {
  const s = await stage();
  t.clock.set(noon('2026-03-05'));
  await s.buy(20);
  t.clock.set(noon('2026-04-30'));
  await s.buy(5);
  expect(await s.calendar()).toEqual({ '2027-04-30T16:00:00.000Z': 25 });
  // In Shanghai it is May already.
  t.clock.set(Date.parse('2026-04-30T16:00:00Z'));
  expect((await s.do({ kind: 'burn', points: 5 })).status).toBe(201);
  expect(await s.calendar()).toEqual({ '2027-05-31T16:00:00.000Z': 20 });
  t.clock.set(Date.parse('2027-05-31T16:00:00Z') - 1);
  const dry = await s.do({ kind: 'burn', points: 1, dryRun: true });
  expect(dry.status).toBe(200);
  expect(await s.calendar()).toEqual({ '2027-05-31T16:00:00.000Z': 20 });
  t.clock.advance(1);
  expect((await s.do({ kind: 'burn', points: 1 })).body.code).toBe('insufficient_points');
  await s.buy(3);
  expect(await s.calendar()).toEqual({ '2028-06-30T16:00:00.000Z': 3 });
});

it('points that say when they lapse do not slide, nor does what was issued under another policy', async () => {
  const s = await stage(6);
  t.clock.set(noon('2028-06-05'));
  await s.do({ kind: 'issue', points: 10 });
  await s.do({ kind: 'issue', points: 3, expiresAt: '2031-06-05T16:00:00Z' });
  await s.do({ kind: 'issue', points: 4, expiresAt: null });
  const { items } = await t.ok('GET', `/members/${s.memberId}/lots`);
  expect(items.map((lot: { slideMonths?: number }) => lot.slideMonths)).toEqual([
    undefined,
    undefined,
    6,
  ]);
  expect((await change(s.code, { expiryPolicy: sliding(1) })).status).toBe(200);
  await s.do({ kind: 'issue', points: 1 });
  const plain = { kind: 'end_of', period: 'year', after: 0 };
  expect((await change(s.code, { expiryPolicy: plain })).body.expiryPolicy).toEqual(plain);
  await s.do({ kind: 'issue', points: 2 });
  t.clock.set(noon('2028-07-05'));
  await s.do({ kind: 'issue', points: 7, expiresAt: null });
  expect(await s.calendar()).toEqual({
    '2028-08-31T16:00:00.000Z': 1,
    '2028-12-31T16:00:00.000Z': 2,
    '2029-01-31T16:00:00.000Z': 10,
    '2031-06-05T16:00:00.000Z': 3,
  });
  expect((await change(s.code, { expiryPolicy: { kind: 'none' } })).status).toBe(200);
  t.clock.set(noon('2028-08-31'));
  await s.do({ kind: 'burn', points: 1 });
  expect(await s.calendar()).toMatchObject({ '2029-02-28T16:00:00.000Z': 10 });
});

it('a policy that makes no sense is refused; one that is asked for again under its key is answered as at first', async () => {
  const s = await stage();
  for (const wrong of [
    { kind: 'sliding' },
    { kind: 'sliding', months: 0 },
    { kind: 'sliding', months: 121 },
    { kind: 'sliding', months: 1.5 },
    { kind: 'sliding', months: '12' },
    { kind: 'sliding', months: 12, days: 1 },
    { kind: 'sliding', years: 1 },
  ])
    expect((await change(s.code, { expiryPolicy: wrong })).body.code).toBe('invalid_request');
  t.clock.set(noon('2029-01-05'));
  const first = await s.do({ kind: 'issue', points: 1 }, `${s.code}-one`);
  await change(s.code, { expiryPolicy: sliding(2) });
  t.clock.set(noon('2029-03-05'));
  expect((await s.do({ kind: 'issue', points: 1 }, `${s.code}-one`)).text).toBe(first.text);
  expect(await s.calendar()).toEqual({ '2030-01-31T16:00:00.000Z': 1 });
});

it('a member is told of an end, comes, and is told of the new one when its time comes', async () => {
  const s = await stage(1);
  const noticed = async (): Promise<unknown[]> => {
    const programmesOf = t.jobs.programmes;
    await noticeExpiries({ pool: t.pool, clock: t.clock, programmes: programmesOf, shards: 4 });
    const { rows } = await t.pool.query(
      `select facts ->> 'lastDay' as "lastDay", facts ->> 'daysLeft' as "daysLeft", facts ->> 'points' as points
        from message m where m.kind = 'expiry_notice' and m.programme = (select id from programme where code = $1)
        order by m.id`,
      [s.code],
    );
    return rows.map((row) => `${row.points} until ${row.lastDay}, in ${row.daysLeft}`);
  };
  t.clock.set(noon('2030-01-05'));
  await s.buy(10);
  t.clock.set(noon('2030-02-21'));
  expect(await noticed()).toEqual(['10 until 2030-02-28, in 7']);
  await s.do({ kind: 'burn', points: 1 });
  t.clock.set(noon('2030-02-27'));
  expect(await noticed()).toEqual(['10 until 2030-02-28, in 7']);
  t.clock.set(noon('2030-03-24'));
  expect((await noticed()).at(-1)).toBe('9 until 2030-03-31, in 7');
});

it('what slid is what the ledger can prove', async () => {
  expect((await verifyLedger(t.pool)).findings).toEqual([]);
  t.clock.set(START);
});
