import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { DAY_MS, playTiers, type TierPlay } from '../http/testing/tier-play.ts';

let t: PointsTestApp;
let p: TierPlay;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  p = await playTiers(t);
});

const SCHEME = {
  window: { kind: 'calendar', unit: 'year' },
  tiers: [
    { code: 'silver', name: '银卡', qualify: { spendFen: 100_000 } },
    { code: 'gold', name: '金卡', qualify: { spendFen: 500_000 } },
  ],
  downgrade: { graceDays: 10, noticeDays: 5 },
};

/** The member is silver, and what it was reached by ends with the year before this one. */
async function silverUntil(scheme: object = SCHEME): Promise<number> {
  await p.publish(scheme);
  await p.buy(1_000);
  return Number((await p.tier()).until.slice(0, 4));
}

describe('a member is told', () => {
  it('of every tier that is reached, to come to its end, and lost', async () => {
    const year = await silverUntil();
    expect(await p.told()).toEqual([
      { kind: 'tier_change', text: `您的会员等级由无变为银卡，按目前情况保留到 ${year}-01-10。` },
    ]);
    t.clock.advance(1);
    await p.buy(4_000);
    p.goTo(`${year}-01-05T16:00:00Z`);
    await p.keep();
    p.goTo(`${year}-01-10T16:00:00Z`);
    await p.keep();
    expect((await p.told()).slice(1)).toEqual([
      { kind: 'tier_change', text: `您的会员等级由银卡变为金卡，按目前情况保留到 ${year}-01-10。` },
      {
        kind: 'tier_notice',
        text: `您的会员等级金卡将于 ${year}-01-10 结束时取消。在此之前再次达到要求即可保留。`,
      },
      { kind: 'tier_change', text: '您的会员等级由金卡变为无。' },
    ]);
    // As the member has it: what was to come is over.
    const { items } = await t.ok('GET', `/members/${p.memberId}/messages`);
    expect(items.map((each: Answered['body']) => each.kind)).not.toContain('tier_notice');
  });

  it('of a tier given by hand, and of tiers that get worse', async () => {
    await p.publish(SCHEME);
    const until = new Date(t.clock.now() + 30 * DAY_MS).toISOString().slice(0, 10);
    const given = { programme: p.programme, tier: 'gold', until, reason: 'why', actor: 'Li Lei' };
    await t.ok('POST', `/members/${p.memberId}/tier`, given);
    expect(await p.told()).toMatchObject([{ kind: 'tier_change' }]);
    const harder = { ...SCHEME.tiers[0], qualify: { spendFen: 200_000 } };
    await p.publish({ ...SCHEME, tiers: [harder, SCHEME.tiers[1]] });
    const { items } = await t.ok('GET', `/messages?programme=${p.programme}`);
    expect(items.map((each: Answered['body']) => [each.kind, each.facts.number])).toEqual([
      ['tier_rules', 2],
    ]);
  });
});

describe('without a notice nothing is lost', () => {
  it('however late the job is', async () => {
    const year = await silverUntil();
    p.goTo(`${year}-03-01T04:00:00Z`);
    await p.keep();
    expect(await p.history()).toEqual(['reached null silver', 'announced silver null']);
    expect((await p.tier()).losing).toBe(true);
    p.goTo(`${year}-03-05T15:59:59.999Z`);
    await p.keep();
    expect((await p.tier()).tier).toBe('silver');
    p.goTo(`${year}-03-05T16:00:00Z`);
    await p.keep();
    expect((await p.tier()).tier).toBe(null);
  });

  it('and it counts from when the notice can be read', async () => {
    const year = await silverUntil();
    // 22:30 in Shanghai: it comes out of the quiet hours on the next day.
    p.goTo(`${year}-03-01T14:30:00Z`);
    await p.keep();
    expect((await p.tier()).history[0]).toMatchObject({
      kind: 'announced',
      until: `${year}-03-07`,
    });
    p.goTo(`${year}-03-06T15:59:59.999Z`);
    await p.keep();
    expect((await p.tier()).tier).toBe('silver');
    p.goTo(`${year}-03-06T16:00:00Z`);
    await p.keep();
    expect((await p.tier()).tier).toBe(null);
  });

  it('when the message cannot be written, or the process dies before it is', async () => {
    const year = await silverUntil();
    await t.pool.query(`create function no_notices() returns trigger language plpgsql as
      $$ begin raise exception 'the outbox is full'; end $$`);
    await t.pool.query(`create trigger no_notices before insert on message for each row
      when (new.kind = 'tier_notice') execute function no_notices()`);
    try {
      for (const day of ['01-06', '01-15', '06-01']) {
        p.goTo(`${year}-${day}T04:00:00Z`);
        await expect(p.keep()).rejects.toMatchObject({
          errors: [{ message: 'the outbox is full' }],
        });
        expect(await p.history()).toEqual(['reached null silver']);
        expect(await p.tier()).toMatchObject({ tier: 'silver', losing: false });
      }
    } finally {
      await t.pool.query('drop trigger no_notices on message; drop function no_notices');
    }
    await p.keep();
    expect((await p.tier()).history[0]).toMatchObject({
      kind: 'announced',
      until: `${year}-06-06`,
    });
  });

  it('and it is written once, however many do it at once', async () => {
    const year = await silverUntil();
    for (const day of ['01-06', '01-11']) {
      p.goTo(`${year}-${day}T04:00:00Z`);
      await Promise.all([p.keep(), p.keep(), p.keep()]);
      await p.keep();
    }
    expect(await p.history()).toEqual([
      'reached null silver',
      'announced silver null',
      'lost silver null',
    ]);
    expect((await p.told()).map(({ kind }) => kind)).toEqual([
      'tier_change',
      'tier_notice',
      'tier_change',
    ]);
  });

  it('and no more is lost than was announced', async () => {
    const scheme = { ...SCHEME, downgrade: { noticeDays: 5 } };
    await p.publish(scheme);
    const year = Number(new Date(t.clock.now()).toISOString().slice(0, 4)) + 1;
    await p.buy(5_000);
    p.goTo(`${year}-06-01T04:00:00Z`);
    const order = await p.buy(1_000);
    p.goTo(`${year}-12-27T04:00:00Z`);
    await p.keep();
    expect((await p.history()).at(-1)).toBe('announced gold silver');
    await p.giveBack(order, 500);
    p.goTo(`${year}-12-31T16:00:00Z`);
    await p.keep();
    expect((await p.history()).slice(-2)).toEqual(['lost gold silver', 'announced silver null']);
    p.goTo(`${year + 1}-01-05T16:00:00Z`);
    await p.keep();
    expect((await p.history()).at(-1)).toBe('lost silver null');
  });
});
