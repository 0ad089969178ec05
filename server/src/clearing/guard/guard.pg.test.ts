import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { showInstant } from '../../kernel/clock.ts';

const DAY = 24 * 60 * 60_000;
const MICRO = 1_000_000;
let t: PointsTestApp;
let memberId: string;
let issuer: string;
let cheap: string;
let dear: string;

const terms = (more: object = {}, price: object = {}) => ({
  points: [
    {
      ...{ pointType: 'points', issuePriceMicroFen: 10 * MICRO, reimbursementMicroFen: 9 * MICRO },
      ...{ feeBasisPoints: 0, ...price },
    },
  ],
  ...{ settlement: 'postpaid', cycle: 'month', paymentTermDays: 10, actor: 'Li Lei', ...more },
});
const publish = (body: object): Promise<Answered['body']> => t.ok('POST', '/clearing/terms', body);
const move = (kind: string, merchantId: string, points: number, more: object = {}) =>
  t.ok('POST', '/transactions', { kind, memberId, merchantId, points, ...more });
async function alerts(kind: string, query = 'open=true'): Promise<Answered['body'][]> {
  await t.jobs.others?.guard?.();
  const { items } = await t.ok('GET', `/clearing/guard/alerts?${query}`);
  return items.filter((each: { kind: string }) => each.kind === kind);
}

beforeAll(async () => {
  t = await createPointsTestApp();
  [issuer, cheap, dear] = [await t.merchant(), await t.merchant(), await t.merchant()];
  memberId = await t.member();
  await publish(terms());
  await publish(terms({ merchantId: dear }, { reimbursementMicroFen: 10 * MICRO }));
  await move('issue', issuer, 100_000);
});
afterAll(async () => {
  await t.close();
});

it('shows the margin of every pair that did something, and of every pair of terms when asked', async () => {
  await move('burn', cheap, 1_000);
  const taken = await move('burn', dear, 300);
  await t.ok('POST', '/transactions', {
    ...{ kind: 'refund', memberId, points: 100, transactionId: taken.transaction.id },
  });
  for (const kind of ['negative_margin', 'drain', 'quota_near'])
    expect(await alerts(kind)).toEqual([]);
  const { items } = await t.ok('GET', '/clearing/guard');
  expect(new Set(items)).toEqual(
    new Set([
      {
        ...{ pointType: 'points', payer: issuer, taker: cheap, marginMicroFen: MICRO },
        ...{ points: 1_000, lastAt: showInstant(t.clock.now()) },
      },
      {
        ...{ pointType: 'points', payer: issuer, taker: dear, marginMicroFen: 0 },
        ...{ points: 200, lastAt: showInstant(t.clock.now()) },
      },
    ]),
  );
  const all: Answered['body'][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const at: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: Answered['body'] = await t.ok('GET', `/clearing/guard?all=true&limit=2${at}`);
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  const margin = (payer: string | null, taker: string | null) =>
    all.find((each) => each.payer === payer && each.taker === taker)?.marginMicroFen;
  expect(all).toHaveLength(5);
  expect([margin(null, null), margin(null, dear), margin(dear, null)]).toEqual([MICRO, 0, MICRO]);
  const { items: takers } = await t.ok('GET', '/clearing/guard/takers');
  expect(takers).toEqual([
    {
      ...{ pointType: 'points', taker: dear, costMicroFen: 10 * MICRO, recent: 200, before: 0 },
      ...{ dearest: true, drain: false },
    },
    {
      ...{ pointType: 'points', taker: cheap, costMicroFen: 9 * MICRO, recent: 1_000, before: 0 },
      ...{ dearest: false, drain: false },
    },
  ]);
});

it('says that somebody loses on each point, until that is over, and who said that it is known', async () => {
  const bad = { points: terms({}, { reimbursementMicroFen: 12 * MICRO }).points };
  const meant = { merchantId: cheap, ...bad, acceptNegativeMargin: { reason: 'an opening' } };
  await publish(terms(meant));
  t.clock.set(t.clock.now() + 1);
  const [found] = await alerts('negative_margin');
  expect(found).toMatchObject({
    ...{ kind: 'negative_margin', pointType: 'points', taker: cheap, acknowledged: null },
    facts: { payer: 'standard', marginMicroFen: -2 * MICRO },
  });
  t.clock.set(t.clock.now() + DAY);
  expect(await alerts('negative_margin')).toMatchObject([
    {
      number: found?.number,
      firstSeenAt: found?.firstSeenAt,
      lastSeenAt: showInstant(t.clock.now()),
    },
  ]);
  const path = `/clearing/guard/alerts/${found?.number}/acknowledgement`;
  const known = { reason: 'an opening', actor: 'Li Lei' };
  expect((await t.ok('POST', path, known)).acknowledged).toMatchObject(known);
  expect((await t.call('POST', path, known)).body.code).toBe('guard_alert_acknowledged');
  const none = path.replace(String(found?.number), '999999');
  expect((await t.call('POST', none, known)).body.code).toBe('guard_alert_not_found');
  await publish(terms({ merchantId: cheap }));
  t.clock.set(t.clock.now() + 1);
  expect(await alerts('negative_margin')).toEqual([]);
  expect(await alerts('negative_margin', 'open=false')).toMatchObject([
    { number: found?.number, resolvedAt: showInstant(t.clock.now()) },
  ]);
});

it('says that points drain to where they cost most, and that a quota is nearly taken', async () => {
  t.clock.set(t.clock.now() + 31 * DAY);
  await move('burn', cheap, 1_000);
  await move('burn', dear, 499);
  expect(await alerts('drain')).toEqual([]);
  await move('burn', dear, 101);
  const [drain] = await alerts('drain');
  expect(drain).toMatchObject({ kind: 'drain', taker: dear });
  expect(drain?.facts).toEqual({
    ...{ costMicroFen: 10 * MICRO, recentBasisPoints: 3_750, beforeBasisPoints: 1_666 },
  });
  const merchantId = await t.merchant();
  await publish(terms({ merchantId }, { acceptedPointsMax: 100 }));
  t.clock.set(t.clock.now() + 1);
  await move('burn', merchantId, 79);
  const near = () => alerts('quota_near');
  expect(await near()).toEqual([]);
  await move('burn', merchantId, 1);
  expect(await near()).toMatchObject([{ taker: merchantId, facts: { most: 100, taken: 80 } }]);
});

it('counts every accrual once, whoever counts and however often, and tells merchants nothing', async () => {
  for (const shard of [0, 1]) await move('burn', shard === 0 ? cheap : dear, 10);
  await Promise.all(Array.from({ length: 4 }, async () => t.jobs.others?.guard?.()));
  const { rows } = await t.pool.query(
    `select point_type, payer, taker, sum(points)::int8 as points from ledger.accrual where kind in (1, 2) group by 1, 2, 3
      except select point_type, payer, taker, points from guard_pair`,
  );
  expect(rows).toEqual([]);
  const { rows: days } = await t.pool.query(
    `select taker, sum(points)::int8 as points from guard_day group by 1
      except select taker, sum(points)::int8 from ledger.accrual where kind in (1, 2) group by 1`,
  );
  expect(days).toEqual([]);
  const auth = await t.apiKey(['clearing:read'], dear);
  for (const path of ['', '/takers', '/alerts'])
    expect((await t.call('GET', `/clearing/guard${path}`, undefined, { auth })).body.code).toBe(
      'operator_only',
    );
});
