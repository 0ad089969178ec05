import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { playTiers, type TierPlay } from '../http/testing/tier-play.ts';

let t: PointsTestApp;
let p: TierPlay;
let other: string;
let named = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  p = await playTiers(t);
  other = await t.merchant({ programme: p.programme });
  await p.publish(scheme());
  await p.buy(1_000);
});

const scheme = (more: object = {}) => ({
  window: { kind: 'rolling', months: 36 },
  tiers: [
    {
      code: 'silver',
      name: '银卡',
      qualify: { spendFen: 100_000 },
      benefits: { services: [{ ...wash(2), ...more }] },
    },
    {
      code: 'gold',
      name: '金卡',
      qualify: { spendFen: 500_000 },
      benefits: { services: [{ ...wash(5), ...more }] },
    },
  ],
});
const wash = (quota: number) => ({
  code: 'wash',
  name: '洗车',
  quota,
  per: 'month',
  merchants: [p.merchantId],
});
const use = (
  more: object = {},
  options: { key?: string; auth?: string; member?: string } = {},
): Promise<Answered> => {
  named += 1;
  const body = { merchantId: p.merchantId, service: 'wash', useNo: `U-${named}`, ...more };
  const { member = p.memberId, ...rest } = options;
  return t.call('POST', `/members/${member}/tier/uses`, body, rest);
};
const undo = (id: string, more: object = {}, auth?: string): Promise<Answered> => {
  const body = { reason: 'no water', actor: 'Li Na', ...more };
  const path = `/members/${p.memberId}/tier/uses/${id}/undo`;
  return t.call('POST', path, body, auth === undefined ? {} : { auth });
};
const left = async (member?: string): Promise<number> => (await p.tier(member)).services[0].left;
const code = ({ body }: Answered): string => body.code;

describe('a free service', () => {
  it('is used as often as its quota says, each month of the programme’s zone', async () => {
    p.goTo('2027-01-31T15:59:59.998Z');
    const first = await use({ useNo: 'a' });
    expect(first).toMatchObject({
      status: 201,
      body: {
        service: 'wash',
        tier: 'silver',
        undone: null,
        quota: { quota: 2, used: 1, left: 1, from: '2027-01-01', until: '2027-02-01' },
      },
    });
    t.clock.advance(1);
    expect((await use()).status).toBe(201);
    const refused = await use();
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'tier_service_used_up', quota: 2, until: '2027-02-01' },
    });
    expect(await left()).toBe(0);
    // Midnight in Shanghai.
    t.clock.advance(1);
    expect(await left()).toBe(2);
    expect((await use()).body.quota).toMatchObject({ used: 1, from: '2027-02-01' });
    const { items } = await t.ok(
      'GET',
      `/members/${p.memberId}/tier/uses?programme=${p.programme}`,
    );
    expect(items.map((each: Answered['body']) => each.useNo).at(-1)).toBe('a');
    expect(items).toHaveLength(3);
  });

  it('is used once, however often and by how many it is told', async () => {
    const key = 'same-key';
    const [a, b] = [await use({ useNo: 'x' }, { key }), await use({ useNo: 'x' }, { key })];
    expect(b.body).toEqual(a.body);
    const told = await Promise.all([1, 2, 3, 4].map(() => use({ useNo: 'x' })));
    expect(told.map(({ status, body }) => [status, body.id])).toEqual(
      told.map(() => [200, a.body.id]),
    );
    expect(await left()).toBe(1);
    expect(code(await use({ useNo: 'x', service: 'other' }))).toBe('service_use_exists');
    const another = await t.member();
    expect(code(await use({ useNo: 'x' }, { member: another }))).toBe('service_use_exists');
    // Ten at once for the one that is left.
    const raced = await Promise.all(Array.from({ length: 10 }, () => use()));
    expect(raced.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    expect(await left()).toBe(0);
  });

  it('is given back once', async () => {
    const { id } = (await use()).body;
    expect((await undo(id, { dryRun: true })).body).toMatchObject({ dryRun: true });
    expect(await left()).toBe(1);
    const undone = await undo(id);
    expect(undone.body).toMatchObject({
      undone: { reason: 'no water', actor: 'Li Na' },
      quota: { left: 2 },
    });
    const raced = await Promise.all([1, 2, 3].map(() => undo(id)));
    expect(raced.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(code(await undo(id, { reason: 'another' }))).toBe('service_use_undone');
    expect(await left()).toBe(2);
    expect(code(await undo(id.replace(/.{6}$/, 'zzzzzz')))).toBe('service_use_not_found');
  });

  it('of a dry run is used by nobody, and its key stays free', async () => {
    const key = 'dry';
    const dry = await use({ useNo: 'd', dryRun: true }, { key });
    expect(dry).toMatchObject({ status: 200, body: { dryRun: true, quota: { left: 1 } } });
    expect(await left()).toBe(2);
    expect((await use({ useNo: 'd' }, { key })).status).toBe(201);
    await use();
    expect(code(await use({ dryRun: true }))).toBe('tier_service_used_up');
    const nobody = await t.member();
    await use({ dryRun: true }, { member: nobody });
    const { rowCount } = await t.pool.query(
      `select from member_tier m join programme p on p.id = m.programme where p.code = $1`,
      [p.programme],
    );
    expect(rowCount).toBe(1);
  });

  it('is had only at the merchants that the tier names, by their own keys', async () => {
    const at = (merchantId: string) => t.apiKey(['tiers:use'], merchantId);
    const [own, theirs] = [await at(p.merchantId), await at(other)];
    const { id } = (await use({}, { auth: own })).body;
    expect(code(await use({}, { auth: theirs }))).toBe('merchant_out_of_reach');
    expect(code(await use({ merchantId: other }, { auth: theirs }))).toBe('tier_service_elsewhere');
    expect(code(await undo(id, {}, theirs))).toBe('service_use_not_found');
    expect((await undo(id, {}, own)).status).toBe(201);
    const path = `/members/${p.memberId}/tier?programme=${p.programme}`;
    expect(code(await t.call('GET', path, undefined, { auth: own }))).toBe('scope_missing');
    // A merchant of another programme is no merchant for these tiers.
    const stranger = await t.merchant();
    const named = await t.call(
      'PUT',
      `/programmes/${p.programme}/tiers`,
      scheme({ merchants: [stranger] }),
    );
    expect(named).toMatchObject({ status: 404, body: { code: 'merchant_not_found' } });
    expect(code(await use({ merchantId: stranger }))).toBe('tiers_not_found');
  });

  it('is counted over tiers, and refused to who has none', async () => {
    await use();
    await p.buy(4_000);
    expect(await left()).toBe(4);
    const nobody = await t.member();
    expect(code(await use({}, { member: nobody }))).toBe('tier_service_not_found');
    expect(code(await use({ service: 'shoes' }))).toBe('tier_service_not_found');
    expect(code(await use({}, { member: `mem_${'0'.repeat(26)}` }))).toBe('member_not_found');
  });

  it('is counted for whoever absorbs its member', async () => {
    await use();
    const survivor = await t.member();
    const { id } = (await use({ useNo: 'before' })).body;
    const asked = { from: p.memberId, reason: 'one person', actor: 'Li Na' };
    await t.ok('POST', `/members/${survivor}/merges`, asked);
    expect(await left(survivor)).toBe(0);
    expect(code(await use({}, { member: survivor }))).toBe('tier_service_used_up');
    expect(code(await use())).toBe('member_merged');
    expect((await use({ useNo: 'before' }, { member: survivor })).body.id).toBe(id);
    await undo(id);
    expect(await left(survivor)).toBe(1);
  });
});

it('a tier that brings a service at fewer merchants is worse', async () => {
  const path = `/programmes/${p.programme}/tiers`;
  const more = await t.ok('PUT', path, scheme({ merchants: [p.merchantId, other] }));
  expect(more.comparison.verdict).toBe('better_or_equal');
  const fewer = await t.ok('PUT', path, scheme({ merchants: [other] }));
  expect(fewer.comparison.reasons[0]).toMatchObject({ reason: 'wash_at_fewer' });
});
