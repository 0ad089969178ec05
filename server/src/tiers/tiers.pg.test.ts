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
    for (const resume of t.jobs.resumes) await resume(t.clock.now() + DAY_MS, 100);
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
