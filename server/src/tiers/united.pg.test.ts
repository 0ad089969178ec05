import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { DAY_MS, playTiers, type TierPlay } from '../http/testing/tier-play.ts';
import { mustReadId } from '../platform/web/schema.ts';

let t: PointsTestApp;
let p: TierPlay;
let survivor: string;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  p = await playTiers(t);
  survivor = await t.member();
});

const SCHEME = {
  window: { kind: 'calendar', unit: 'year' },
  tiers: [
    { code: 'silver', name: '银卡', qualify: { spendFen: 100_000 } },
    { code: 'gold', name: '金卡', qualify: { spendFen: 500_000 } },
  ],
  downgrade: { returns: 'at_once' },
};
const merge = (from = p.memberId, into = survivor): Promise<unknown> =>
  t.ok('POST', `/members/${into}/merges`, { from, reason: 'one person', actor: 'Li Na' });

describe('who absorbed another', () => {
  it('reaches with the merge what both did together, and is told why', async () => {
    await p.publish(SCHEME);
    await p.buy(600);
    await p.buy(400, { member: survivor });
    await merge();
    expect(await p.tier(survivor)).toMatchObject({
      tier: 'silver',
      done: { spendFen: 100_000 },
      history: [{ kind: 'merged', from: null, to: 'silver' }],
    });
    expect(await p.told(survivor)).toMatchObject([{ kind: 'tier_change' }]);
    expect((await p.tier()).tier).toBe(null);
  });

  it('keeps the better tier as long as it lasted, though what it needs was never done in its own window', async () => {
    // The year of each begins on the day of joining.
    await p.publish({ ...SCHEME, window: { kind: 'anniversary' } });
    await p.buy(5_000);
    const { until } = await p.tier();
    t.clock.advance(500 * DAY_MS);
    await p.keep();
    survivor = await t.member();
    await p.buy(1, { member: survivor });
    await merge();
    expect(await p.tier(survivor)).toMatchObject({
      tier: 'gold',
      until,
      history: [{ kind: 'merged', from: null, to: 'gold' }],
    });
    // What comes and goes meanwhile takes nothing away.
    await p.giveBack(await p.buy(10, { member: survivor }), 10);
    expect((await p.tier(survivor)).tier).toBe('gold');
    p.goTo(`${until}T00:00:00Z`);
    await p.keep();
    expect((await p.tier(survivor)).tier).toBe(null);
  });

  it('keeps what was given by hand to either', async () => {
    await p.publish(SCHEME);
    const until = new Date(t.clock.now() + 30 * DAY_MS).toISOString().slice(0, 10);
    const given = { programme: p.programme, until, reason: 'why', actor: 'Li Lei' };
    await t.ok('POST', `/members/${p.memberId}/tier`, { ...given, tier: 'gold' });
    await t.ok('POST', `/members/${survivor}/tier`, { ...given, tier: 'silver' });
    await merge();
    expect(await p.tier(survivor)).toMatchObject({ tier: 'gold', given: { tier: 'gold', until } });
  });

  it('loses nothing by a crash, nor by two who do it at once', async () => {
    await p.publish(SCHEME);
    await p.buy(5_000);
    const pool = t.pool;
    // As a process leaves it that died right after the merge.
    await t.ok('POST', `/members/${survivor}/merges`, {
      ...{ from: p.memberId, reason: 'one person', actor: 'Li Na', dryRun: true },
    });
    const ids = [survivor, p.memberId].map((id) => mustReadId('member', id));
    await pool.query('update member set merged_into = $1 where id = $2', ids);
    await pool.query('insert into tier_union values ($1)', [ids[1]]);
    t.members.forget(ids[1] as never);
    await Promise.all([p.keep(), p.keep(), p.keep()]);
    expect(await p.history(survivor)).toEqual(['merged null gold']);
    expect((await pool.query('select from tier_union')).rowCount).toBe(0);
    // And whoever comes by takes along what nobody noted.
    await p.keep();
    expect(await p.history(survivor)).toEqual(['merged null gold']);
  });

  it('is looked at by another scheme together with whom it absorbed', async () => {
    await p.publish(SCHEME);
    await p.buy(600);
    await merge();
    const easier = { code: 'silver', name: '银卡', qualify: { spendFen: 60_000 } };
    await p.publish({ ...SCHEME, tiers: [easier, SCHEME.tiers[1]] });
    await p.keep();
    expect(await p.history(survivor)).toEqual(['merged null silver']);
    expect(await p.history()).toEqual([]);
    expect((await p.tier()).tier).toBe(null);
  });
});
