import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { gives, publishRules } from '../http/test-rules.ts';

type Body = Answered['body'];

const DAY = 24 * 3600_000;

let t: PointsTestApp;
let city: string;
let memberId: string;
let behaviour: string;
beforeAll(async () => {
  t = await createPointsTestApp();
});
let numbers = 0;
const fresh = (prefix: string): string => {
  numbers += 1;
  return `${prefix}-${numbers}`;
};
const iso = (ms: number): string => new Date(ms).toISOString();
beforeEach(async () => {
  behaviour = fresh('bus-ride');
  city = await t.merchant();
  memberId = await t.member();
  await certify();
});
afterAll(() => t.close());

const certify = (merchantId = city): Promise<Body> =>
  t.ok('POST', '/certificates', {
    merchantId,
    number: fresh('G'),
    issuingBody: 'China Quality',
    scope: [behaviour],
    validFrom: iso(t.clock.now() - 90 * DAY),
    validUntil: iso(t.clock.now() + 90 * DAY),
    lastCheckedAt: iso(t.clock.now()),
  });
const method = (more: object = {}) => ({
  behaviour,
  name: '公交代替自驾',
  source: 'City transport factors',
  region: 'CN-SH',
  year: 2025,
  unit: 'km',
  attribute: 'km',
  baselineMg: 171_000,
  actualMg: 52_300,
  from: iso(t.clock.now()),
  actor: 'Han Mei',
  ...more,
});
const publish = (more: object = {}): Promise<Body> => t.ok('POST', '/carbon/methods', method(more));
const ride = (more: object = {}) => ({
  merchantId: city,
  memberId,
  kind: 'green',
  activityNo: fresh('act'),
  occurredAt: iso(t.clock.now()),
  evidence: { behaviour, number: fresh('ticket') },
  attributes: { km: 7 },
  ...more,
});
const tell = (more: object = {}): Promise<Body> => t.ok('POST', '/activities', ride(more));
const carbon = (query = '', options = {}): Promise<Body> =>
  t.ok('GET', `/members/${memberId}/carbon${query}`, undefined, options);

describe('a method', () => {
  it('is published once for ever, and followed by the next', async () => {
    const first = await publish();
    expect(first).toMatchObject({ ...method({ from: first.from }), number: 1 });
    t.clock.advance(DAY);
    const second = await publish({ actualMg: 40_000 });
    expect(second.number).toBe(2);
    expect(await t.ok('GET', `/carbon/methods/${first.id}`)).toEqual(first);
    const list = await t.ok('GET', `/carbon/methods?behaviour=${behaviour}&limit=1`);
    expect(list.items).toEqual([first]);
    const rest = await t.ok(
      'GET',
      `/carbon/methods?behaviour=${behaviour}&cursor=${list.nextCursor}`,
    );
    expect(rest).toEqual({ items: [second], nextCursor: null });
  });

  it('begins when it has not come yet, after its predecessor, and saves nothing below zero', async () => {
    const refused = async (more: object): Promise<string> =>
      (await t.call('POST', '/carbon/methods', method(more))).body.code;
    expect(await refused({ from: iso(t.clock.now() - 1) })).toBe('carbon_method_too_early');
    expect(await refused({ actualMg: 171_001 })).toBe('carbon_factors_swapped');
    expect(await refused({ programme: 'nowhere' })).toBe('programme_not_found');
    await publish({ from: iso(t.clock.now() + DAY) });
    expect(await refused({ from: iso(t.clock.now() + DAY) })).toBe('carbon_method_too_early');
    expect(await refused({ from: iso(t.clock.now() + DAY - 1) })).toBe('carbon_method_too_early');
  });

  it('is published by one of those who try at the same moment', async () => {
    const from = iso(t.clock.now() + 1);
    const done = await Promise.all(
      Array.from({ length: 6 }, () => t.call('POST', '/carbon/methods', method({ from }))),
    );
    expect(done.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422, 422, 422]);
  });

  it('can be rehearsed', async () => {
    expect(await publish({ dryRun: true })).toMatchObject({ dryRun: true, number: 1 });
    expect((await t.ok('GET', `/carbon/methods?behaviour=${behaviour}`)).items).toEqual([]);
  });
});

describe('what is saved', () => {
  it('is told with the activity, and again, and adds up for the member', async () => {
    await publishRules(t, city, [gives('green', 30)]);
    const { id } = await publish();
    const body = ride();
    expect(await t.ok('POST', '/activities', { ...body, dryRun: true })).toMatchObject({
      saving: { methodId: id, quantity: 7, grams: 830 },
    });
    expect(await carbon()).toMatchObject({ grams: 0, items: [] });
    const told = await t.ok('POST', '/activities', body);
    expect(told.saving).toEqual({ methodId: id, quantity: 7, grams: 830 });
    expect(await t.ok('POST', '/activities', body)).toEqual(told);
    expect(await t.ok('GET', `/activities/${told.id}`)).toEqual(told);
    await tell({ attributes: { km: 2 } });
    const shown = await carbon();
    expect(shown.grams).toBe(830 + 237);
    // Of two of one instant either may stand first.
    const own = shown.items.find((each: { activityId: string }) => each.activityId === told.id);
    expect(own).toEqual({
      activityId: told.id,
      programme: 'default',
      merchantId: city,
      behaviour,
      methodId: id,
      quantity: 7,
      grams: 830,
      at: body.occurredAt,
    });
    // Nothing of it is in the points.
    expect((await t.balance(memberId)).available).toBe(60);
  });

  it('is nothing without a method, a certificate, evidence or a quantity', async () => {
    expect(await tell()).not.toHaveProperty('saving');
    await publish();
    expect(await tell({ evidence: undefined })).not.toHaveProperty('saving');
    expect(await tell({ attributes: {} })).not.toHaveProperty('saving');
    expect(await tell({ merchantId: await t.merchant() })).not.toHaveProperty('saving');
    expect((await carbon()).grams).toBe(0);
  });

  it('is worked out by the method of the day', async () => {
    const old = await publish();
    const next = await publish({ actualMg: 171_000, from: iso(t.clock.now() + DAY) });
    t.clock.advance(DAY - 1);
    expect((await tell()).saving.methodId).toBe(old.id);
    t.clock.advance(1);
    // From now on it saves nothing.
    expect(next.number).toBe(2);
    expect(await tell()).not.toHaveProperty('saving');
  });

  it('counts once for its evidence, at whatever merchant, in whatever programme, told in whatever moment', async () => {
    await t.call('POST', '/programmes', { code: 'town', name: 'Town' });
    const community = await t.merchant({ programme: 'town' });
    await certify(community);
    await publish();
    await publish({ programme: 'town' });
    const number = fresh('ticket');
    const members = await Promise.all(Array.from({ length: 8 }, () => t.member()));
    const told = await Promise.all(
      members.map((each, index) =>
        tell({
          memberId: each,
          merchantId: index % 2 === 0 ? city : community,
          evidence: { behaviour, number: index % 3 === 0 ? ` ${number}` : number },
        }),
      ),
    );
    expect(told.filter((each) => 'saving' in each)).toHaveLength(1);
    const late = ride({ evidence: { behaviour, number } });
    expect(await t.ok('POST', '/activities', { ...late, dryRun: true })).not.toHaveProperty(
      'saving',
    );
    expect(await t.ok('POST', '/activities', late)).not.toHaveProperty('saving');
    const bulk = [ride(), ride()].map((each) => ({
      ...each,
      evidence: { behaviour, number: 'B' },
    }));
    const { results } = await t.ok('POST', '/activities/bulk', { activities: bulk });
    expect(results.filter((each: Body) => 'saving' in each.activity)).toHaveLength(1);
  });

  it('is taken back with forged evidence, and that counts never again', async () => {
    await publish();
    const told = await tell();
    const forged = { reason: 'painted ticket', actor: 'Li Lei' };
    await t.ok('POST', `/activities/${told.id}/forgery`, { ...forged, dryRun: true });
    expect((await carbon()).grams).toBe(830);
    t.clock.advance(1);
    await t.ok('POST', `/activities/${told.id}/forgery`, forged);
    await t.ok('POST', `/activities/${told.id}/forgery`, forged);
    const shown = await carbon();
    expect(shown.grams).toBe(0);
    expect(shown.items.map(({ grams }: Body) => grams)).toEqual([830, -830]);
    expect(await tell({ evidence: told.evidence })).not.toHaveProperty('saving');
    // What the activity said stays what it said.
    expect((await t.ok('GET', `/activities/${told.id}`)).saving.grams).toBe(830);
  });

  it('is refused where nobody saves that much', async () => {
    // A kilogram a unit: a million units are a thousand tonnes, and the most.
    await publish({ baselineMg: 1_000_000, actualMg: 0 });
    expect((await tell({ attributes: { km: 1_000_000 } })).saving.grams).toBe(1_000_000_000);
    const body = ride({ attributes: { km: 1_000_001 } });
    expect((await t.call('POST', '/activities', body)).body.code).toBe('carbon_out_of_range');
    expect((await carbon()).grams).toBe(1_000_000_000);
  });

  it('goes along when members become one', async () => {
    await publish();
    await tell();
    const absorbed = memberId;
    memberId = await t.member();
    await tell({ attributes: { km: 1 } });
    await t.ok('POST', `/members/${memberId}/merges`, {
      from: absorbed,
      reason: 'one person',
      actor: 'Li Lei',
    });
    expect(await carbon()).toMatchObject({ grams: 830 + 118 });
  });

  it('is seen in a period, by page, and by a merchant where it was recorded', async () => {
    await publish();
    const other = await t.merchant();
    await certify(other);
    const start = t.clock.now();
    await tell();
    t.clock.advance(DAY);
    await tell({ merchantId: other, attributes: { km: 1 } });
    const period = `?from=${iso(start + DAY)}&to=${iso(start + DAY + 1)}`;
    expect(await carbon(period)).toMatchObject({ grams: 118, items: [{ merchantId: other }] });
    const page = await carbon('?limit=1');
    expect(page).toMatchObject({ grams: 948, items: [{ grams: 830 }] });
    expect(await carbon(`?cursor=${page.nextCursor}`)).toMatchObject({
      items: [{ grams: 118 }],
      nextCursor: null,
    });
    const auth = await t.apiKey(['carbon:read'], other);
    expect(await carbon('', { auth })).toMatchObject({
      grams: 118,
      items: [{ merchantId: other }],
    });
    expect((await t.call('GET', '/carbon/totals', undefined, { auth })).body.code).toBe(
      'operator_only',
    );
    const bad = `/members/${memberId}/carbon?from=${iso(start + 1)}&to=${iso(start)}`;
    expect((await t.call('GET', bad)).body.code).toBe('period_invalid');
    expect(
      (await t.call('GET', `/members/${memberId.replace(/.{4}$/, '0000')}/carbon`)).body.code,
    ).toBe('member_not_found');
  });

  it('adds up for a programme, by method, with what was taken back', async () => {
    const code = fresh('region');
    await t.ok('POST', '/programmes', { code, name: 'Region' });
    city = await t.merchant({ programme: code });
    await certify();
    const { id } = await publish({ programme: code });
    const told = await tell();
    await tell({ attributes: { km: 1 } });
    await t.ok('POST', `/activities/${told.id}/forgery`, { reason: 'painted', actor: 'Li Lei' });
    expect(await t.ok('GET', `/carbon/totals?programme=${code}`)).toEqual({
      grams: 118,
      items: [{ behaviour, activities: 1, methodId: id, quantity: 1, grams: 118 }],
    });
    const scopes = ['carbon:read', 'carbon:write'];
    const auth = (await t.ok('POST', '/keys', { name: code, scopes, programme: code })).secret;
    expect((await t.ok('GET', '/carbon/methods', undefined, { auth })).items).toHaveLength(1);
    const elsewhere = await publish();
    const call = async (method: string, path: string, body?: object): Promise<number> =>
      (await t.call(method, path, body, { auth })).status;
    expect(await call('GET', `/carbon/methods/${elsewhere.id}`)).toBe(404);
    expect(await call('GET', '/carbon/totals?programme=default')).not.toBe(200);
    expect(await call('POST', '/carbon/methods', method({ programme: 'default' }))).not.toBe(201);
  });
});
