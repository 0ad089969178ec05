import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { DAY_MS, playTiers, type TierPlay } from '../http/testing/tier-play.ts';
import { showInstant } from '../kernel/clock.ts';

let t: PointsTestApp;
let p: TierPlay;
let named = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  p = await playTiers(t);
  const body = {
    name: '活动',
    on: 'survey',
    when: {},
    earn: { kind: 'fixed', points: 40, per: 'order' },
  };
  for (const on of ['survey', 'registration'] as const) {
    const rule = { code: `gift-${on}`, merchantId: p.merchantId, body: { ...body, on } };
    const { id } = await t.ok('POST', '/rules', rule);
    await t.ok('POST', `/rules/${id}/publish`, {});
  }
  t.clock.advance(10_000);
});

const SCHEME = {
  window: { kind: 'calendar', unit: 'year' },
  tiers: [{ code: 'silver', name: '银卡', qualify: { points: 100 } }],
};

async function survey(more: object = {}): Promise<string> {
  named += 1;
  const told = await t.ok('POST', '/activities', {
    merchantId: p.merchantId,
    memberId: p.memberId,
    kind: 'survey',
    activityNo: `A-${named}`,
    occurredAt: showInstant(t.clock.now()),
    ...more,
  });
  return told.id;
}
const points = async (member?: string): Promise<number> => (await p.tier(member)).done.points;

it('points of activities qualify at once, beside those of orders, and are no visits', async () => {
  await p.publish(SCHEME);
  await survey();
  expect((await p.tier()).done).toEqual({ spendFen: 0, visits: 0, points: 40 });
  await p.buy(20);
  await survey();
  expect(await p.tier()).toMatchObject({ tier: 'silver', done: { points: 100, visits: 1 } });
});

it('so do those of joining', async () => {
  await p.publish(SCHEME);
  named += 1;
  const { id } = await t.ok('POST', '/members', {
    externalIds: { test: `joins-${named}` },
    programme: p.programme,
    merchantId: p.merchantId,
  });
  expect(await points(id)).toBe(40);
});

it('gifts, corrections and what a system issues by itself do not', async () => {
  await p.publish(SCHEME);
  await survey();
  const common = { memberId: p.memberId, merchantId: p.merchantId, points: 500 };
  await t.ok('POST', '/transactions', { kind: 'issue', ...common });
  const corrected = { ...common, reason: 'sorry', actor: 'Li Na' };
  await t.ok('POST', '/transactions', { kind: 'adjust', ...corrected });
  await p.keep();
  expect(await points()).toBe(40);
});

it('what was earned before there were tiers counts, and nothing twice', async () => {
  await survey();
  await p.buy(7);
  await p.publish(SCHEME);
  for (let round = 0; round < 3; round += 1) await p.keep();
  expect(await points()).toBe(47);
});

it('forged evidence takes its points away again', async () => {
  await p.publish(SCHEME);
  const id = await survey({ evidence: { behaviour: 'asked', number: `E-${named}` } });
  await p.buy(60);
  expect((await p.tier()).tier).toBe('silver');
  await t.ok('POST', `/activities/${id}/forgery`, { reason: 'a copy', actor: 'Li Na' });
  expect(await points()).toBe(60);
  await p.keep();
  expect(await points()).toBe(60);
});

it('is made up for when the ledger or the counting failed', async () => {
  await p.publish(SCHEME);
  t.ledgerDown = true;
  await expect(survey()).rejects.toThrow('503');
  t.ledgerDown = false;
  await t.pool.query('alter table tier_counted rename to tier_counted_away');
  await survey();
  await t.pool.query('alter table tier_counted_away rename to tier_counted');
  expect(await points()).toBe(0);
  for (const resume of t.jobs.resumes) await resume(t.clock.now() + DAY_MS);
  expect(await points()).toBe(80);
});
