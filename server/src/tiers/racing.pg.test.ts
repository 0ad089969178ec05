import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { playTiers } from '../http/testing/tier-play.ts';
import { showInstant } from '../kernel/clock.ts';
import { createTierNotices } from '../messages/notice-tiers.ts';
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
    merchant: mustReadId('merchant', merchantId),
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
    notices: createTierNotices(t.jobs, async () => 'a shop'),
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

describe('races', () => {
  const year = { kind: 'calendar', unit: 'year' };
  const tiers = [
    { code: 'silver', name: '银卡', qualify: { spendFen: 100_000 } },
    { code: 'gold', name: '金卡', qualify: { spendFen: 300_000 } },
  ];

  it('orders that qualify together at the same moment reach each tier once', async () => {
    const p = await playTiers(t);
    await p.publish({ window: year, tiers });
    await Promise.all([p.buy(700), p.buy(700), p.buy(700), p.buy(700), p.buy(700)]);
    const kinds = await p.history();
    expect(kinds.at(-1)).toMatch(/ gold$/);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(await p.told()).toHaveLength(kinds.length);
    expect((await p.tier()).done.spendFen).toBe(350_000);
  });

  it('an order and the return of another end as one after the other would', async () => {
    for (let round = 0; round < 3; round += 1) {
      const p = await playTiers(t);
      await p.publish({ window: year, tiers, downgrade: { returns: 'at_once' } });
      const first = await p.buy(900);
      await Promise.all([p.buy(200), p.giveBack(first, 900)]);
      expect(await p.tier()).toMatchObject({ tier: null, done: { spendFen: 20_000 } });
      // It may have been reached in between, and then it was lost again.
      expect([[], ['reached null silver', 'lost silver null']]).toContainEqual(await p.history());
    }
  });

  it('who is looked at while they buy keeps what they buy', async () => {
    const p = await playTiers(t);
    const downgrade = { graceDays: 1 };
    await p.publish({ window: { kind: 'calendar', unit: 'month' }, tiers, downgrade });
    await p.buy(1_000);
    const { until } = await p.tier();
    // The last instant of the day of grace, and the first after it.
    p.goTo(`${until}T15:59:59.999Z`);
    await p.keep();
    expect((await p.tier()).tier).toBe('silver');
    t.clock.advance(1);
    await Promise.all([p.keep(), p.buy(1_000), p.keep()]);
    expect((await p.tier()).tier).toBe('silver');
    const kinds = await p.history();
    expect([1, 3]).toContain(kinds.length);
  });
});

it('years from a leap day end on 28 February, by the zone, and lose nothing a day early', async () => {
  const joined = Date.parse('2028-02-28T16:00:00Z');
  if (t.clock.now() < joined) t.clock.set(joined);
  const p = await playTiers(t);
  await p.publish({
    window: { kind: 'anniversary' },
    tiers: [{ code: 'silver', name: '银卡', qualify: { spendFen: 100_000 } }],
  });
  await p.buy(1_000);
  expect(await p.tier()).toMatchObject({
    window: { from: '2028-02-29', until: '2029-02-28' },
    until: '2030-02-28',
  });
  p.goTo('2030-02-27T15:59:59.999Z');
  await p.keep();
  expect((await p.tier()).tier).toBe('silver');
  t.clock.advance(1);
  await p.keep();
  expect((await p.tier()).tier).toBe(null);
});
