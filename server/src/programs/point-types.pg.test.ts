import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from '../http/test-points-app.ts';

let t: PointsTestApp;
let programmes = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const usual = { scale: 0, expiryPolicy: { kind: 'none' }, transferable: true, guidance: null };
const year = { kind: 'rolling', years: 1 };
/** A programme of its own with the point type `points`; its code. */
async function programme(points: object = {}): Promise<string> {
  programmes += 1;
  const code = `p${programmes}`;
  const pointTypes = [{ code: 'points', name: 'points', ...points }];
  // Without notice: what becomes worse counts at once.
  const quick = { sandbox: true, ruleNoticeDays: 0 };
  await t.ok('POST', '/programmes', { code, name: code, pointTypes, ...quick });
  return code;
}
const add = (code: string, body: object, options?: object): Promise<Answered> =>
  t.call('POST', `/programmes/${code}/point-types`, body, options);
const change = (code: string, body: object, type = 'points'): Promise<Answered> =>
  t.call('PATCH', `/programmes/${code}/point-types/${type}`, body);
const shown = async (code: string): Promise<Answered['body'][]> =>
  (await t.ok('GET', '/programmes')).items.find((each: { code: string }) => each.code === code)
    .pointTypes;
const changes = async (code: string): Promise<Answered['body'][]> =>
  (await t.ok('GET', `/programmes/${code}/changes`)).items;

describe('the point types of a programme', () => {
  it('are what was asked for when it was made', async () => {
    const asked = {
      scale: 2,
      expiryPolicy: { kind: 'end_of', period: 'quarter', after: 2 },
      transferable: false,
      guidance: { points: 3, fen: 10 },
    };
    expect(await shown(await programme(asked))).toEqual([
      { code: 'points', name: 'points', ...asked },
    ]);
  });

  it('come later too, once, and it is kept who added them', async () => {
    const code = await programme();
    const asked = {
      code: 'leaves',
      name: '叶',
      expiryPolicy: year,
      guidance: { points: 1, fen: 2 },
    };
    const made = await add(code, asked, { key: `leaves-${code}` });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({ ...usual, ...asked });
    expect((await add(code, asked, { key: `leaves-${code}` })).text).toBe(made.text);
    expect((await add(code, asked)).body).toMatchObject({
      code: 'point_type_exists',
      pointType: 'leaves',
    });
    expect((await shown(code))[1]).toEqual(made.body);
    const found = await changes(code);
    expect(found).toMatchObject([{ before: {}, after: { pointTypes: [made.body] } }]);
    expect(found[0].changedBy).toMatch(/^key_/);
    expect(found[0].changedAt).toBe(new Date(START).toISOString());
    const merchantId = await t.merchant({ programme: code });
    const memberId = await t.member();
    const issue = { kind: 'issue', merchantId, memberId, points: 5, pointType: 'leaves' };
    expect((await t.call('POST', '/transactions', issue)).status).toBe(201);
  });

  it('are twenty at most', async () => {
    const code = await programme();
    for (let n = 2; n <= 20; n += 1) {
      expect((await add(code, { code: `t${n}`, name: 'x' })).status).toBe(201);
    }
    expect((await add(code, { code: 't21', name: 'x' })).body).toMatchObject({
      code: 'too_many_point_types',
      max: 20,
    });
  });

  it('are added once, whoever tries at the same time', async () => {
    const code = await programme();
    const tries = Array.from({ length: 5 }, () => add(code, { code: 'leaves', name: '叶' }));
    const statuses = (await Promise.all(tries)).map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 409, 409, 409, 409]);
    expect(await shown(code)).toHaveLength(2);
  });

  it('change as asked, the rest of them stays, and it is kept what they were', async () => {
    const code = await programme({ guidance: { points: 1, fen: 10 } });
    const [before] = await shown(code);
    const asked = { name: 'Points', expiryPolicy: year, transferable: false };
    const { status, body } = await change(code, asked);
    expect(status).toBe(200);
    expect(body).toEqual({ ...before, ...asked });
    expect((await change(code, { guidance: null })).body.guidance).toBeNull();
    await change(code, { guidance: null, name: 'Points' });
    expect(await shown(code)).toEqual([{ ...body, guidance: null }]);
    expect(await changes(code)).toMatchObject([
      { before: { pointTypes: [before] }, after: { pointTypes: [body] } },
      { before: { pointTypes: [body] }, after: { pointTypes: [{ ...body, guidance: null }] } },
    ]);
  });

  it('stay when what is asked makes no sense, or by who may not', async () => {
    const code = await programme();
    const before = await shown(code);
    for (const expiryPolicy of [
      { kind: 'sliding' },
      { kind: 'sliding', months: 0 },
      { kind: 'rolling' },
      { kind: 'rolling', days: 0 },
      { kind: 'rolling', days: 1.5 },
      { kind: 'rolling', weeks: 1 },
      { kind: 'end_of', period: 'week', after: 0 },
      { kind: 'end_of', period: 'year' },
      { kind: 'end_of', period: 'year', after: -1 },
      { kind: 'fixed', date: '2027-02-29' },
      { kind: 'fixed', date: '2027-02-28T00:00:00Z' },
      { kind: 'none', days: 1 },
      'none',
      null,
    ]) {
      const what = JSON.stringify(expiryPolicy);
      expect((await change(code, { expiryPolicy })).body.code, what).toBe('invalid_request');
    }
    const over = { expiryPolicy: { kind: 'fixed', date: '2026-02-28' } };
    expect((await change(code, over)).body).toMatchObject({ status: 422, code: 'expiry_in_past' });
    expect((await add(code, { code: 'x', name: 'x', ...over })).body.code).toBe('expiry_in_past');
    const today = { expiryPolicy: { kind: 'fixed', date: '2026-03-01' } };
    expect((await change(await programme(), today)).status).toBe(200);
    for (const guidance of [{ points: 0, fen: 1 }, { points: 1 }, { points: 1, fen: 0.5 }])
      expect((await change(code, { guidance })).body.code).toBe('invalid_request');
    expect((await change(code, { scale: 2 })).body.code).toBe('invalid_request');
    expect((await change(code, {}, 'other')).body.code).toBe('point_type_not_found');
    expect((await change('nowhere', {})).body.code).toBe('programme_not_found');
    expect((await add('nowhere', { code: 'x', name: 'x' })).body.code).toBe('programme_not_found');
    const auth = await t.apiKey(['programmes:read']);
    expect((await add(code, { code: 'x', name: 'x' }, { auth })).body.code).toBe('scope_missing');
    expect(await shown(code)).toEqual(before);
    expect(await changes(code)).toEqual([]);
  });

  it('of the default programme: its points never expire', async () => {
    const refused = await change('default', { expiryPolicy: year });
    expect(refused.body).toMatchObject({ status: 409, code: 'points_never_expire' });
    expect((await change('default', { guidance: { points: 1, fen: 10 } })).status).toBe(200);
    expect((await add('default', { code: 'gems', name: 'Gems', expiryPolicy: year })).status).toBe(
      201,
    );
  });
});

describe('points that are issued', () => {
  /** A programme whose points last a year, and how to issue some to a member of it. */
  async function stage(expiryPolicy: object = year) {
    const code = await programme({ expiryPolicy });
    const merchantId = await t.merchant({ programme: code });
    const memberId = await t.member();
    const issue = (more: object = {}, key?: string): Promise<Answered> =>
      t.call(
        'POST',
        '/transactions',
        { kind: 'issue', merchantId, memberId, points: 10, ...more },
        key === undefined ? {} : { key },
      );
    const ends = async (): Promise<(string | undefined)[]> =>
      (await t.ok('GET', `/members/${memberId}/lots`)).items.map(
        (lot: { expiresAt?: string }) => lot.expiresAt,
      );
    return { code, memberId, issue, ends };
  }

  it('last as long as their point type says, by the day of the programme', async () => {
    const { issue, ends } = await stage();
    expect((await issue()).status).toBe(201);
    // At START it is eight in the morning of the first of March in Shanghai.
    expect(await ends()).toEqual(['2027-03-01T16:00:00.000Z']);
  });

  it('last as long as they are said to last, if that is said; null is for ever', async () => {
    const { issue, ends } = await stage();
    await issue({ expiresAt: null });
    await issue({ expiresAt: '2026-04-01T00:00:00Z' });
    expect(await ends()).toEqual(['2026-04-01T00:00:00.000Z', undefined]);
  });

  it('count from when they were earned, also when that is told later', async () => {
    const { issue, ends } = await stage();
    expect((await issue({ effectiveAt: '2025-06-15T04:00:00Z' })).status).toBe(201);
    expect(await ends()).toEqual(['2026-06-15T16:00:00.000Z']);
  });

  it('keep their terms when the point type gets others', async () => {
    const { code, issue, ends } = await stage();
    await issue();
    expect(
      (await change(code, { expiryPolicy: { kind: 'end_of', period: 'month', after: 0 } })).status,
    ).toBe(200);
    await issue();
    expect(await ends()).toEqual(['2026-03-31T16:00:00.000Z', '2027-03-01T16:00:00.000Z']);
  });

  it('are issued once per key, whatever the day and the terms when it is repeated', async () => {
    const { code, issue, ends } = await stage();
    const first = await issue({}, `one-${code}`);
    const aloud = await issue({ expiresAt: null }, `two-${code}`);
    await change(code, { expiryPolicy: { kind: 'rolling', days: 3 } });
    t.clock.advance(2 * 24 * 3600_000);
    const again = await issue({}, `one-${code}`);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await issue({ expiresAt: null }, `two-${code}`)).text).toBe(aloud.text);
    for (const [told, key] of [
      [{ expiresAt: null }, 'one'],
      [{ expiresAt: '2027-03-01T16:00:00Z' }, 'one'],
      [{}, 'two'],
    ] as const)
      expect((await issue(told, `${key}-${code}`)).body.code).toBe('idempotency_key_reused');
    expect(await ends()).toHaveLength(2);
    t.clock.set(START);
  });

  it('cannot be spent when their time is over, whether or not a job ran', async () => {
    const { memberId, issue } = await stage({ kind: 'fixed', date: '2026-03-01' });
    await issue();
    t.clock.set(Date.parse('2026-03-01T15:59:59.999Z'));
    const balance = async () =>
      (await t.ok('GET', `/members/${memberId}/balance`)).balances.at(-1).available;
    expect(await balance()).toBe(10);
    t.clock.advance(1);
    expect(await balance()).toBe(0);
    expect((await issue()).body.code).toBe('expires_before_available');
    t.clock.set(START);
  });
});

describe('points that may not be given away', () => {
  it('are refused as a gift, and go along when two members become one', async () => {
    const code = await programme({ transferable: false });
    const merchantId = await t.merchant({ programme: code });
    const joined = { programme: code };
    const [giverId, receiverId] = [
      (await t.ok('POST', '/members', joined)).id,
      (await t.ok('POST', '/members', joined)).id,
    ];
    const issue = { kind: 'issue', merchantId, memberId: giverId, points: 10 };
    await t.ok('POST', '/transactions', issue);
    const gift = { giverId, receiverId, programme: code, points: 5, purpose: 'family_gift' };
    for (const more of [{}, { dryRun: true }]) {
      const refused = await t.call('POST', '/transfers', { ...gift, ...more });
      expect(refused.body).toMatchObject({ status: 422, code: 'points_not_transferable' });
    }
    await t.ok('PATCH', `/programmes/${code}/point-types/points`, { transferable: true });
    const given = await t.call('POST', '/transfers', gift, { key: `gift-${code}` });
    expect(given.body.status).toBe('arrived');
    await t.ok('PATCH', `/programmes/${code}/point-types/points`, { transferable: false });
    // What was given before is answered as it was.
    expect((await t.call('POST', '/transfers', gift, { key: `gift-${code}` })).text).toBe(
      given.text,
    );
    const merge = { from: giverId, reason: 'one person', actor: 'Li Lei' };
    expect((await t.call('POST', `/members/${receiverId}/merges`, merge)).status).toBe(201);
    const { balances } = await t.ok('GET', `/members/${receiverId}/balance`);
    expect(balances[0].available).toBe(10);
  });
});
