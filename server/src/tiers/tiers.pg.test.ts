import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { showInstant } from '../kernel/clock.ts';
import { SCHEME_LEAD_MS } from './publish-scheme.ts';

let t: PointsTestApp;
let named = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const DAY_MS = 24 * 3600_000;
const keep = async (): Promise<number> => (await t.jobs.others?.tiers?.()) ?? -1;

const SCHEME = {
  window: { kind: 'calendar', unit: 'year' },
  tiers: [
    { code: 'silver', name: '银', qualify: { spendFen: 100_000 } },
    {
      code: 'gold',
      name: '金',
      qualify: { match: 'any', spendFen: 500_000, visits: 3 },
      benefits: { exclusiveRewards: true, priorityMinutes: 30 },
    },
  ],
};

let programme: string;
let merchantId: string;
let memberId: string;
beforeEach(async () => {
  named += 1;
  programme = `t${named}`;
  await t.ok('POST', '/programmes', {
    code: programme,
    name: programme,
    sandbox: true,
    ruleNoticeDays: 7,
  });
  merchantId = await t.merchant({ programme });
  memberId = await t.member();
});

async function publish(scheme: object = SCHEME): Promise<Answered['body']> {
  const told = await t.ok('PUT', `/programmes/${programme}/tiers`, scheme);
  t.clock.advance(SCHEME_LEAD_MS);
  return told;
}
async function buy(yuan: number, more: { at?: number; member?: string } = {}): Promise<string> {
  named += 1;
  const { at = t.clock.now(), member = memberId } = more;
  const lines = [{ lineNo: 1, sku: 'a', quantity: 1, amountFen: yuan * 100 }];
  const body = {
    merchantId,
    memberId: member,
    orderNo: `O-${named}`,
    paidAt: showInstant(at),
    lines,
  };
  return (await t.ok('POST', '/orders', body)).id;
}
async function giveBack(order: string, yuan: number): Promise<void> {
  named += 1;
  const lines = [{ lineNo: 1, amountFen: yuan * 100 }];
  await t.ok('POST', `/orders/${order}/returns`, { returnNo: `R-${named}`, lines });
}
const tier = (member = memberId): Promise<Answered['body']> =>
  t.ok('GET', `/members/${member}/tier?programme=${programme}`);
const day = (): string => showInstant(t.clock.now() + 8 * 3600_000).slice(0, 10);

describe('a tier', () => {
  it('is reached with the order that qualifies, and shows what is missing to the next one', async () => {
    await publish();
    expect(await tier()).toMatchObject({
      tier: null,
      until: null,
      next: {
        tier: 'silver',
        measures: [{ measure: 'spendFen', done: 0, needed: 100_000, missing: 100_000 }],
      },
      history: [],
    });
    await buy(999);
    expect(await tier()).toMatchObject({
      tier: null,
      done: { spendFen: 99_900, visits: 1, points: 999 },
    });
    await buy(1);
    const silver = await tier();
    expect(silver).toMatchObject({
      programme,
      tier: 'silver',
      name: '银',
      benefits: {},
      since: showInstant(t.clock.now()),
      until: '2028-01-01'.replace('2028', String(Number(day().slice(0, 4)) + 2)),
      losing: false,
      next: {
        tier: 'gold',
        match: 'any',
        measures: [
          { measure: 'spendFen', done: 100_000, needed: 500_000, missing: 400_000 },
          { measure: 'visits', done: 1, needed: 3, missing: 2 },
        ],
      },
      history: [{ kind: 'reached', from: null, to: 'silver', scheme: 1 }],
    });
    // Days, not orders.
    t.clock.advance(DAY_MS);
    await buy(1);
    expect((await tier()).tier).toBe('silver');
    t.clock.advance(DAY_MS);
    await buy(1);
    const gold = await tier();
    expect(gold).toMatchObject({ tier: 'gold', next: null, benefits: { priorityMinutes: 30 } });
    expect(gold.history.map((each: Answered['body']) => [each.from, each.to])).toEqual([
      ['silver', 'gold'],
      [null, 'silver'],
    ]);
  });

  it('counts what was bought before there were tiers, and nothing twice', async () => {
    await buy(700);
    await buy(0);
    const back = await buy(300);
    await giveBack(back, 100);
    await publish();
    expect((await tier()).done).toEqual({ spendFen: 0, visits: 0, points: 0 });
    await buy(100);
    expect((await tier()).tier).toBe(null);
    await keep();
    expect(await tier()).toMatchObject({
      tier: 'silver',
      done: { spendFen: 100_000, visits: 1, points: 1_000 },
    });
    for (let round = 0; round < 3; round += 1) await keep();
    expect((await tier()).done).toEqual({ spendFen: 100_000, visits: 1, points: 1_000 });
  });

  it('is counted from what was recorded while the ledger could not be reached', async () => {
    await publish();
    t.ledgerDown = true;
    await expect(buy(1_000)).rejects.toThrow('503');
    t.ledgerDown = false;
    expect((await tier()).tier).toBe(null);
    for (const resume of t.jobs.resumes) await resume(t.clock.now() + DAY_MS);
    expect(await tier()).toMatchObject({ tier: 'silver', done: { points: 1_000 } });
  });

  it('decides by which rules a member’s next order earns', async () => {
    await publish();
    const code = `double-${named}`;
    const body = {
      name: 'double',
      on: 'order',
      when: { member: { tiers: ['silver'] } },
      earn: { kind: 'times', num: 2, den: 1 },
    };
    const { id } = await t.ok('POST', '/rules', { code, programme, body });
    await t.ok('POST', `/rules/${id}/publish`, {});
    t.clock.advance(SCHEME_LEAD_MS);
    await buy(1_000);
    expect((await tier()).done.points).toBe(1_000);
    t.clock.advance(1);
    const second = await buy(10);
    expect((await tier()).done.points).toBe(1_020);
    await giveBack(second, 5);
    expect((await tier()).done).toMatchObject({ points: 1_010, spendFen: 100_500 });
  });

  it('of another member, another programme, or nobody', async () => {
    await publish();
    await buy(1_000);
    expect((await tier(await t.member())).tier).toBe(null);
    const other = `mem_${'0'.repeat(26)}`;
    const asked = await t.call('GET', `/members/${other}/tier?programme=${programme}`);
    expect(asked.body.code).toBe('member_not_found');
    expect((await t.call('GET', `/members/${memberId}/tier`)).body.code).toBe('tiers_not_found');
    const nowhere = await t.call('GET', `/members/${memberId}/tier?programme=nowhere`);
    expect(nowhere.body.code).toBe('programme_not_found');
  });

  it('is the survivor’s by what absorbed members did', async () => {
    await publish();
    await buy(600);
    const survivor = await t.member();
    await buy(300, { member: survivor });
    t.clock.advance(1);
    const asked = { from: memberId, reason: 'the same person', actor: 'Li Lei' };
    await t.ok('POST', `/members/${survivor}/merges`, asked);
    expect((await tier(survivor)).done).toEqual({ spendFen: 90_000, visits: 1, points: 900 });
    await buy(100, { member: survivor });
    expect(await tier(survivor)).toMatchObject({ tier: 'silver', done: { spendFen: 100_000 } });
  });
});

describe('the minute', () => {
  const jump = async (to: string): Promise<void> => {
    t.clock.set(Date.parse(to));
    await keep();
  };

  it('announces and takes away at midnight of the programme’s zone, by an index', async () => {
    await publish({ ...SCHEME, downgrade: { graceDays: 10, noticeDays: 5 } });
    await buy(1_000);
    const { until } = await tier();
    const year = Number(until.slice(0, 4));
    expect(until).toBe(`${year}-01-01`);
    await jump(`${year}-01-05T15:59:59.999Z`);
    expect(await tier()).toMatchObject({ tier: 'silver', losing: false });
    await jump(`${year}-01-05T16:00:00Z`);
    expect(await tier()).toMatchObject({
      tier: 'silver',
      losing: true,
      history: [{ kind: 'announced', from: 'silver', to: null, until: `${year}-01-11` }, {}],
    });
    await jump(`${year}-01-10T15:59:59.999Z`);
    expect((await tier()).tier).toBe('silver');
    await jump(`${year}-01-10T16:00:00Z`);
    expect(await tier()).toMatchObject({
      tier: null,
      since: null,
      until: null,
      losing: false,
      history: [{ kind: 'lost', at: `${year}-01-10T16:00:00.000Z` }, {}, {}],
    });
    const before = (await tier()).history.length;
    await keep();
    expect((await tier()).history).toHaveLength(before);
  });

  it('looks at everybody when another scheme begins to hold', async () => {
    await publish();
    await buy(900);
    expect((await tier()).tier).toBe(null);
    const easier = { code: 'silver', name: '银', qualify: { spendFen: 90_000 } };
    const told = await publish({ ...SCHEME, tiers: [easier, SCHEME.tiers[1]] });
    expect(told).toMatchObject({ number: 2, noticeDays: 0 });
    await keep();
    expect(await tier()).toMatchObject({ tier: 'silver', history: [{ scheme: 2 }] });
  });
});

describe('a change of tiers', () => {
  const put = (scheme: object): Promise<Answered> =>
    t.call('PUT', `/programmes/${programme}/tiers`, scheme);
  const harder = {
    ...SCHEME,
    tiers: [{ code: 'silver', name: '银', qualify: { spendFen: 200_000 } }, SCHEME.tiers[1]],
  };

  it('that is worse counts after whole days of notice, and is read for ever', async () => {
    await publish();
    const earliest = Date.parse(`${day()}T00:00:00+08:00`) + 8 * DAY_MS;
    const early = await put({ ...harder, from: showInstant(earliest - 1) });
    expect(early.body).toMatchObject({
      status: 422,
      code: 'notice_needed',
      earliest: showInstant(earliest),
      noticeDays: 7,
      reasons: '/tiers/0/qualify asks_more',
    });
    const past = await put({ ...harder, from: showInstant(t.clock.now() - 1) });
    expect(past.body.code).toBe('tiers_in_past');
    const tried = await put({ ...harder, dryRun: true });
    expect(tried.body).toMatchObject({ number: 2, from: showInstant(earliest), dryRun: true });
    expect((await t.ok('GET', `/programmes/${programme}/tiers`)).versions).toHaveLength(1);
    const told = await put(harder);
    expect(told.body).toMatchObject({
      number: 2,
      from: showInstant(earliest),
      comparison: { verdict: 'worse' },
    });
    await buy(1_000);
    expect((await tier()).tier).toBe('silver');
    const read = (): Promise<Answered['body']> => t.ok('GET', `/programmes/${programme}/tiers`);
    expect(await read()).toMatchObject({ current: 1, versions: [{ number: 1 }, { number: 2 }] });
    t.clock.set(earliest);
    expect((await read()).current).toBe(2);
    await keep();
    // What was reached is kept to the end of the window.
    expect(await tier()).toMatchObject({ tier: 'silver', next: { tier: 'gold' } });
    expect((await tier()).until).toBe(`${Number(day().slice(0, 4)) + 1}-01-01`);
  });

  it('is refused when it makes no sense', async () => {
    const [silver, gold] = SCHEME.tiers;
    const code = async (scheme: object) => (await put(scheme)).body.code;
    expect(await code({ ...SCHEME, tiers: [silver, silver] })).toBe('tiers_invalid');
    expect(await code({ ...SCHEME, tiers: [{ ...silver, qualify: {} }] })).toBe('tiers_invalid');
    expect(await code({ ...SCHEME, tiers: [gold, silver] })).toBe('tiers_invalid');
    expect(await code({ ...SCHEME, tiers: [] })).toBe('invalid_request');
    expect(await code({ ...SCHEME, pointType: 'nothing' })).toBe('point_type_not_found');
    await t.ok('POST', `/programmes/${programme}/point-types`, { code: 'leaf', name: '叶' });
    await publish();
    expect(await code({ ...SCHEME, pointType: 'leaf' })).toBe('tier_points_fixed');
    const nowhere = await t.call('PUT', '/programmes/nowhere/tiers', SCHEME);
    expect(nowhere.body.code).toBe('programme_not_found');
  });

  it('two at once become two versions', async () => {
    const told = await Promise.all([put(SCHEME), put(SCHEME), put(SCHEME)]);
    expect(told.map(({ body }) => body.number).sort()).toEqual([1, 2, 3]);
  });
});

describe('by hand', () => {
  const give = (more: object = {}): Promise<Answered> =>
    t.call('POST', `/members/${memberId}/tier`, {
      programme,
      tier: 'gold',
      until: day(),
      reason: 'of promise',
      actor: 'Li Lei',
      ...more,
    });

  it('is given until a day, and ends with it', async () => {
    await publish();
    await buy(1_000);
    const tried = await give({ dryRun: true });
    expect(tried.body).toMatchObject({ tier: 'gold', dryRun: true, history: [{}, {}] });
    expect((await tier()).tier).toBe('silver');
    const told = await give();
    expect(told.body).toMatchObject({
      tier: 'gold',
      given: { tier: 'gold', until: day() },
      history: [
        { kind: 'given', from: 'silver', to: 'gold', reason: 'of promise', actor: 'Li Lei' },
        { kind: 'reached' },
      ],
    });
    t.clock.advance(DAY_MS);
    await keep();
    expect(await tier()).toMatchObject({
      tier: 'silver',
      given: null,
      history: [{ kind: 'lost', from: 'gold', to: 'silver' }, {}, {}],
    });
  });

  it('keeps what is reached meanwhile', async () => {
    await publish();
    await give({ until: showInstant(t.clock.now() + 30 * DAY_MS).slice(0, 10) });
    await buy(5_000);
    expect((await tier()).until).toMatch(/-01-01$/);
    t.clock.advance(40 * DAY_MS);
    await keep();
    expect(await tier()).toMatchObject({ tier: 'gold', given: null });
  });

  it('is refused to nobody, below, into the past, for ever, and without tiers', async () => {
    expect((await give()).body.code).toBe('tiers_not_found');
    await publish();
    expect((await give({ tier: 'platinum' })).body.code).toBe('tier_not_found');
    expect((await give({ until: '2020-01-01' })).body.code).toBe('tier_until_invalid');
    expect((await give({ until: '9999-12-31' })).body.code).toBe('tier_until_invalid');
    expect((await give({ programme: 'nowhere' })).body.code).toBe('programme_not_found');
    await give();
    const again = await give({ tier: 'silver' });
    expect([again.status, again.body.code, again.body.tier]).toEqual([
      409,
      'tier_not_higher',
      'gold',
    ]);
    const nobody = await t.call('POST', `/members/mem_${'0'.repeat(26)}/tier`, {
      ...{ programme, tier: 'gold', until: day(), reason: 'x', actor: 'y' },
    });
    expect(nobody.body.code).toBe('member_not_found');
    expect((await tier()).history).toHaveLength(1);
  });
});
