import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { showInstant } from '../kernel/clock.ts';
import { createTierNotices } from '../messages/notice-tiers.ts';
import { createSealer } from '../platform/seal.ts';
import { mustReadId } from '../platform/web/schema.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { countDeeds } from './count-deeds.ts';
import type { Deed, Deeds } from './deed.ts';
import { SCHEME_LEAD_MS } from './publish-scheme.ts';

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

it('whoever counts an order reads it only once nobody else counts for the member', async () => {
  const scheme = {
    window: { kind: 'calendar', unit: 'year' },
    tiers: [{ code: 'one', name: '1', qualify: { spendFen: 500 } }],
  };
  await t.ok('PUT', '/programmes/default/tiers', scheme);
  t.clock.advance(SCHEME_LEAD_MS);
  const [memberId, merchantId] = [await t.member(), await t.merchant()];
  const lines = [{ lineNo: 1, sku: 'a', quantity: 1, amountFen: 900 }];
  const paidAt = showInstant(t.clock.now());
  const bought = await t.ok('POST', '/orders', {
    merchantId,
    memberId,
    orderNo: 'A',
    paidAt,
    lines,
  });
  const { programmes } = t.jobs;
  const programme = (await programmes.find('default'))?.id ?? 0;
  const touched = {
    deed: mustReadId('order', bought.id),
    member: mustReadId('member', memberId),
    programme,
  };
  let left = 900;
  const deedNow = (): Deed => ({
    ...touched,
    at: t.clock.now(),
    spendFen: left,
    points: new Map(),
  });
  const depsOf = (read: Deeds['read']) => ({
    pool: t.pool,
    programmes: programmes as ProgrammeRegistry,
    sealer: createSealer(randomBytes(32)),
    notices: createTierNotices(t.jobs),
    deeds: { read, walk: async () => ({ deeds: [], last: null }) },
  });
  let go = (): void => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  let hasRead = false;
  const early = countDeeds(
    depsOf(async () => {
      const deed = deedNow();
      hasRead = true;
      await held;
      return [deed];
    }),
    [touched],
  );
  await expect.poll(() => hasRead).toBe(true);
  // A return comes in between.
  left = 300;
  let isDone = false;
  const late = countDeeds(
    depsOf(async () => [deedNow()]),
    [touched],
  ).then((count) => {
    isDone = true;
    return count;
  });
  const isWaiting = async (): Promise<boolean> => {
    const { rows } = await t.pool.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return isDone || (rows[0]?.count ?? 0) > 0;
  };
  await expect.poll(isWaiting).toBe(true);
  go();
  await Promise.all([early, late]);
  const { done } = await t.ok('GET', `/members/${memberId}/tier`);
  expect(done.spendFen).toBe(300);
});
