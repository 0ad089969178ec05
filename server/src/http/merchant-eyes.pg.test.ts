import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { showInstant } from '../kernel/clock.ts';
import { MERCHANT_SCOPES } from '../keys/api-key.ts';
import { workOff } from '../rules/simulation/work-off.ts';
import type { Answered } from './test-app.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';
import { gives, publishRules } from './test-rules.ts';

type Body = Answered['body'];

let t: PointsTestApp;
let merchantId: string;
let auth: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  for (const purpose of ['credit_band', 'birthday', 'share_with_merchant'])
    await t.ok('POST', '/notices', { purpose, zh: ['说明'], en: ['We keep it'] });
});
beforeEach(async () => {
  merchantId = await t.merchant();
  auth = await t.apiKey([...MERCHANT_SCOPES], merchantId);
  memberId = await t.member();
  const agrees = { version: 1, channel: 'app' };
  await t.ok('PUT', `/members/${memberId}/consents/credit_band`, agrees);
  await t.ok('PUT', `/members/${memberId}/credit-band`, {
    band: 'excellent',
    from: showInstant(t.clock.now()),
    until: showInstant(t.clock.now() + 3_600_000),
    source: 'bureau',
  });
  await t.ok('PUT', `/members/${memberId}/birthday`, { birthday: '05-20' });
});
afterAll(() => t.close());

const asked = [
  { when: { member: { creditBands: ['good'] } }, earn: { kind: 'fixed', points: 5, per: 'order' } },
  { when: { member: { birthday: 'day' } }, earn: { kind: 'fixed', points: 7, per: 'order' } },
] as const;
const rules = asked.map((body) => ({ name: 'a rule', on: 'order' as const, ...body }));
const sale = () => ({
  merchantId,
  memberId,
  orderNo: `no ${t.clock.now()}`,
  paidAt: showInstant(t.clock.now()),
  lines: [{ lineNo: 1, sku: 'A', quantity: 1, amountFen: 1_000 }],
});
const foundIn = (told: Body): unknown[] =>
  told.rules
    .filter((each: Body) => each.failed?.startsWith('when.member.'))
    .map((each: Body) => each.found);

describe('a merchant', () => {
  it('is told which condition on its customer failed, and not what the platform knows of them', async () => {
    await publishRules(t, null, rules);
    await publishRules(t, merchantId, [
      gives('check_in', 5, { when: { member: { creditBands: ['good'] } } }),
    ]);
    const order = await t.ok('POST', '/orders', sale(), { auth });
    const activity = await t.ok('POST', '/activities', {
      ...{ merchantId, memberId, kind: 'check_in', activityNo: 'A-1' },
      occurredAt: showInstant(t.clock.now()),
    });
    for (const [path, told] of [
      [`/orders/${order.id}/explanation`, ['excellent', '05-20']],
      [`/activities/${activity.id}/explanation`, ['excellent']],
    ] as const) {
      expect(foundIn(await t.ok('GET', path))).toEqual(told);
      expect(foundIn(await t.ok('GET', path, undefined, { auth }))).toEqual(told.map(() => null));
    }
  });

  it('finds out nothing by trying rules on a member, unless they share it with this merchant', async () => {
    const draft = {
      code: 'probe',
      body: { ...rules[0], when: { member: { creditBands: ['excellent'] } } },
    };
    const { draft: probe } = await t.ok('POST', '/rules', draft, { auth });
    const { lines } = sale();
    const on = {
      merchantId,
      memberId,
      drafts: [probe.id],
      lines: lines.map(({ lineNo: _, ...line }) => line),
    };
    const awards = async (): Promise<string[]> =>
      (await t.ok('POST', '/rules/examine', on, { auth })).awards.map((each: Body) => each.code);
    expect(await awards()).toEqual([null]);
    const agrees = { version: 1, channel: 'till' };
    await t.ok('PUT', `/members/${memberId}/consents/share_with_merchant/${merchantId}`, agrees);
    expect(await awards()).toEqual([null, 'probe']);
  });

  it('learns from a simulation how many would win and lose, not who', async () => {
    const from = t.clock.now();
    await t.ok('POST', '/orders', sale(), { auth });
    t.clock.advance(1_000);
    const draft = {
      code: 'probe',
      body: { ...rules[0], when: { member: { creditBands: ['excellent'] } } },
    };
    const { id } = await t.ok('POST', '/rules', draft, { auth });
    const period = { from: showInstant(from), until: showInstant(t.clock.now()) };
    const started = await t.ok('POST', '/rules/simulations', { ...period, drafts: [id] }, { auth });
    await workOff(t.simulations);
    const { result } = await t.ok('GET', `/rules/simulations/${started.id}`, undefined, { auth });
    expect(result.members).toMatchObject([{ winners: 1, biggestWinners: [], biggestLosers: [] }]);
  });

  it('has nothing to do with the birthdays and consents of members of other programmes', async () => {
    await t.ok('POST', '/programmes', { code: 'elsewhere', name: 'Elsewhere' });
    const stranger = (await t.ok('POST', '/members', { programme: 'elsewhere' })).id;
    const share = `/members/${stranger}/consents/share_with_merchant/${merchantId}`;
    for (const [method, path, body] of [
      ['PUT', `/members/${stranger}/birthday`, { birthday: '05-20' }],
      ['DELETE', `/members/${stranger}/birthday`],
      ['PUT', share, { version: 1, channel: 'till' }],
      ['DELETE', `${share}?channel=till`],
      ['GET', `/members/${stranger}/consents`],
      ['GET', `/members/${stranger}/consent-changes`],
    ] as const)
      expect((await t.call(method, path, body, { auth })).body.code).toBe('member_not_found');
    expect(
      (await t.call('PUT', `/members/${memberId}/birthday`, { birthday: '05-20' }, { auth }))
        .status,
    ).toBe(200);
  });
});
