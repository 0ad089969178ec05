import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { PUBLICATION_LEAD_MS } from '../platform/publishing/lead.ts';

let t: PointsTestApp;
let merchantId: string;
/** The melon season of docs/rules.md: twice the points for melons at weekends of the summer. */
const melons = {
  name: '瓜季双倍积分',
  on: 'order',
  when: {
    dates: { from: '2026-06-01', to: '2026-08-31' },
    weekdays: [6, 7],
    lines: { categories: ['melon'] },
  },
  earn: { kind: 'times', num: 2, den: 1 },
  terms: {
    expiry: { kind: 'end_of', period: 'year', after: 0 },
    caps: [{ per: 'day', points: 50 }],
  },
};
let melonRule: Answered['body'];
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  melonRule = await t.ok('POST', '/rules', { code: 'melon-season', merchantId, body: melons });
});
afterAll(() => t.close());

const melon = { sku: 'hami', category: 'melon', quantity: 1, amountFen: 1_950 };
const pear = { sku: 'pear', category: 'pear', quantity: 1, amountFen: 1_000 };
const examine = (body: object): Promise<Answered['body']> =>
  t.ok('POST', '/rules/examine', { merchantId, ...body });
// Saturday the 6th of June in Shanghai begins here.
const SATURDAY = '2026-06-05T16:00:00Z';
const FRIDAY = '2026-06-05T15:59:59.999Z';

it('a draft is tried before it is published, and changes nothing', async () => {
  const drafts = [melonRule.draft.id];
  const before = await rows();
  const tried = await examine({ at: SATURDAY, lines: [melon, pear], drafts });
  expect(await rows()).toEqual(before);
  expect(tried.awards).toMatchObject([
    {
      ruleVersionId: null,
      code: null,
      pointType: 'points',
      points: 29,
      expiresAt: null,
      limits: [],
    },
    {
      ruleVersionId: melonRule.draft.id,
      code: 'melon-season',
      name: '瓜季双倍积分',
      points: 19,
      // To the end of the year, by the clocks of Shanghai.
      expiresAt: '2026-12-31T16:00:00.000Z',
      funders: null,
      limits: [{ max: 50 }],
    },
  ]);
  expect(tried.rules[1]).toMatchObject({
    code: 'melon-season',
    fired: true,
    points: 19,
    failed: null,
  });
  expect(tried.rules[1].steps.length).toBeGreaterThan(1);
  // Without it the shop's own ratio alone holds.
  expect((await examine({ at: SATURDAY, lines: [melon, pear] })).rules).toHaveLength(1);
});

/** How many rows there are of what an order or a rule could leave. */
async function rows(): Promise<object> {
  const { rows: found } = await t.pool.query<object>(
    `select (select count(*) from orders) as orders, (select count(*) from ledger.transaction) as moves,
       (select count(*) from rule_draft) as drafts, (select count(*) from rule_version) as versions,
       (select count(*) from rule_change) as changes, (select count(*) from idempotent_answer) as answers`,
  );
  return found[0] ?? {};
}

it('tells of each rule the first condition that failed', async () => {
  const drafts = [melonRule.draft.id];
  const failed = async (body: object): Promise<object> => {
    const { rules } = await examine({ drafts, lines: [melon], ...body });
    const { fired, points, failed: condition } = rules[1];
    expect([fired, points]).toEqual([false, 0]);
    return condition;
  };
  expect(await failed({ at: FRIDAY })).toBe('when.weekdays');
  expect(await failed({ at: '2026-09-05T12:00:00Z' })).toBe('when.dates');
  expect(await failed({ at: SATURDAY, lines: [pear] })).toMatch(/^when\.lines/);
});

it('goes by what is announced for a time to come, and by what was for one that has gone', async () => {
  t.clock.set(Date.parse('2026-05-30T00:00:00Z'));
  await t.ok('POST', `/rules/${melonRule.id}/publish`, { from: '2026-06-06T00:00:00+08:00' });
  const names = async (at: string): Promise<string[]> => {
    const { awards } = await examine({ at, lines: [melon] });
    return awards.map(({ code }: { code: string | null }) => code ?? 'ratio');
  };
  expect(await names(SATURDAY)).toEqual(['ratio', 'melon-season']);
  expect(await names('2026-05-30T00:00:10Z')).toEqual(['ratio']);
  t.clock.set(Date.parse('2026-10-01T00:00:00Z'));
  expect(await names(SATURDAY)).toEqual(['ratio', 'melon-season']);
  expect(await names('2026-05-30T00:00:00Z')).toEqual(['ratio']);
  // Its dates are over, so it may be retired at once: the past stays as it was.
  await t.ok('POST', `/rules/${melonRule.id}/retire`, {});
  t.clock.advance(PUBLICATION_LEAD_MS);
  expect(await names(SATURDAY)).toEqual(['ratio', 'melon-season']);
  expect(await names('2027-06-05T16:00:00Z')).toEqual(['ratio']);
});

it('takes members as they are, or as they may be', async () => {
  const body = {
    name: 'First order',
    on: 'order',
    when: { member: { firstOrder: true } },
    earn: { kind: 'fixed', points: 88, per: 'order' },
  };
  const rule = await t.ok('POST', '/rules', { code: 'first', merchantId, body });
  const drafts = [rule.draft.id];
  const fires = async (more: object): Promise<boolean> => {
    const { rules } = await examine({ drafts, lines: [pear], ...more });
    return rules.find(({ code }: { code: string }) => code === 'first').fired;
  };
  const memberId = await t.member();
  expect(await fires({ memberId })).toBe(true);
  expect(await fires({ memberId, member: { earlierOrders: 1 } })).toBe(false);
  await t.ok('POST', '/orders', {
    merchantId,
    memberId,
    orderNo: 'A-1',
    paidAt: new Date(t.clock.now()).toISOString(),
    lines: [{ ...pear, lineNo: 1 }],
  });
  expect(await fires({ memberId })).toBe(false);
  expect(await fires({})).toBe(true);
  const unknown = { merchantId, memberId: `mem_${'0'.repeat(26)}` };
  expect((await t.call('POST', '/rules/examine', unknown)).body.code).toBe('member_not_found');
});

it('activities too, with what they say of themselves', async () => {
  const body = {
    name: 'Survey',
    on: 'survey',
    when: { expression: "event.attributes.topic == 'tea'" },
    earn: { kind: 'fixed', points: 30, per: 'order' },
  };
  const made = await t.call('POST', '/rules', { code: 'survey', merchantId, body });
  expect(made.status, made.text).toBe(201);
  const asked = { on: 'survey', drafts: [made.body.draft.id] };
  const { awards } = await examine({ ...asked, attributes: { topic: 'tea' } });
  expect(awards).toMatchObject([{ code: 'survey', points: 30 }]);
  expect((await examine({ ...asked, attributes: { topic: 'coffee' } })).awards).toEqual([]);
});

it('says what it cannot find', async () => {
  const code = async (body: object): Promise<string> =>
    (await t.call('POST', '/rules/examine', body)).body.code;
  expect(await code({ merchantId: `mer_${'0'.repeat(26)}` })).toBe('merchant_not_found');
  expect(await code({ merchantId, drafts: [`rver_${'0'.repeat(26)}`] })).toBe(
    'rule_version_not_found',
  );
  expect(await code({ merchantId, lines: [] })).toBe('invalid_request');
});

it('a rule about other merchants names them by the ids that answers have', async () => {
  const other = await t.merchant();
  const body = { ...melons, when: { merchants: [other] } };
  const rule = await t.ok('POST', '/rules', { code: 'elsewhere', body });
  const { rules } = await examine({ at: SATURDAY, lines: [melon], drafts: [rule.draft.id] });
  expect(rules).toContainEqual(
    expect.objectContaining({
      ...{ code: 'elsewhere', fired: false },
      ...{ failed: 'when.merchants', wanted: other, found: merchantId },
    }),
  );
});
