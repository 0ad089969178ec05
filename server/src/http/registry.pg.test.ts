import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, START, type TestApp } from './test-app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

const ratio = { points: 1, perFen: 100 };
const merchant = (name: string, more = {}) => ({
  name,
  category: 'fruit',
  earnRatio: ratio,
  ...more,
});

describe('programmes', () => {
  test('the default programme is there from the start', async () => {
    const { body } = await api.call('GET', '/v1/programmes');
    expect(body.items[0]).toMatchObject({
      code: 'default',
      name: '红米好物',
      timeZone: 'Asia/Shanghai',
      sandbox: false,
      returnPolicy: 'debt',
      pointTypes: [{ code: 'points', name: '消费积分', scale: 0 }],
    });
  });

  test('a new programme has what was asked for, and can be used at once', async () => {
    const asked = {
      code: 'miles',
      name: 'Miles',
      timeZone: 'Europe/Berlin',
      returnPolicy: 'within_balance',
      refundGraceDays: 7,
      adjustLimit: 5,
      giftMax: 50,
      giftDayMax: 60,
      offlineDayMax: 70,
      ruleNoticeDays: 10,
      merchantsRegisterMembers: false,
      membersJoinThemselves: true,
      pointTypes: [
        { code: 'miles', name: 'Miles' },
        { code: 'status', name: 'Status', scale: 2 },
      ],
      conversions: [{ from: 'miles', to: 'status', num: 3, den: 10 }],
    };
    const made = await api.call('POST', '/v1/programmes', asked);
    expect(made.status).toBe(201);
    const usual = { expiryPolicy: { kind: 'none' }, transferable: true, guidance: null };
    const pointTypes = [
      { code: 'miles', name: 'Miles', scale: 0, ...usual },
      { code: 'status', name: 'Status', scale: 2, ...usual },
    ];
    expect(made.body).toEqual({
      ...asked,
      sandbox: false,
      pointTypes,
      announced: [],
      now: '2026-03-01T00:00:00.000Z',
      createdAt: '2026-03-01T00:00:00.000Z',
    });
    expect(
      (await api.call('POST', '/v1/merchants', merchant('in miles', { programme: 'miles' }))).body
        .programme,
    ).toBe('miles');
    expect((await api.call('POST', '/v1/programmes', asked)).body).toMatchObject({
      status: 409,
      code: 'programme_exists',
    });
  });

  test('what makes no sense is refused', async () => {
    const refusedAs = async (more: object) =>
      (await api.call('POST', '/v1/programmes', { code: 'x', name: 'X', ...more })).body.code;
    expect(await refusedAs({ ruleNoticeDays: 6 })).toBe('invalid_request');
    expect(await refusedAs({ ruleNoticeDays: 366, sandbox: true })).toBe('invalid_request');
    for (const timeZone of ['Mars/Olympus', '+08:00', ''])
      expect(await refusedAs({ timeZone }), timeZone).toBe('invalid_request');
    expect(await refusedAs({ code: 'Upper' })).toBe('invalid_request');
    expect(await refusedAs({ pointTypes: [] })).toBe('invalid_request');
    const rate = { from: 'points', to: 'points', num: 1, den: 1 };
    for (const more of [{}, { to: 'other' }, { from: 'other' }, { num: 0 }, { den: 1.5 }])
      expect(await refusedAs({ conversions: [{ ...rate, ...more }] })).toBe('invalid_request');
    const twice = { code: 'a', name: 'A' };
    expect(await refusedAs({ pointTypes: [twice, twice] })).toBe('invalid_request');
    expect(
      (await api.call('POST', '/v1/merchants', merchant('lost', { programme: 'x' }))).body,
    ).toMatchObject({ status: 404, code: 'programme_not_found' });
  });

  test('a sandbox has a clock that is set forward and runs on from there', async () => {
    await api.call('POST', '/v1/programmes', { code: 'play', name: 'Play', sandbox: true });
    const set = (code: string, now: string) =>
      api.call('PUT', `/v1/programmes/${code}/clock`, { now });
    expect((await set('default', '2027-01-01T00:00:00Z')).body).toMatchObject({
      status: 409,
      code: 'not_a_sandbox',
    });
    expect((await set('nowhere', '2027-01-01T00:00:00Z')).body).toMatchObject({
      status: 404,
      code: 'programme_not_found',
    });
    expect((await set('play', '2026-02-28T00:00:00Z')).body).toMatchObject({
      status: 409,
      code: 'clock_backwards',
      now: '2026-03-01T00:00:00.000Z',
    });
    expect((await set('play', '2027-01-01T08:00:00+08:00')).body).toEqual({
      programme: 'play',
      now: '2027-01-01T00:00:00.000Z',
    });
    const times = async () => {
      const { items } = (await api.call('GET', '/v1/programmes')).body;
      return items.map((each: { code: string; now: string }) => [each.code, each.now]);
    };
    api.clock.set(START + 1_000);
    expect(await times()).toContainEqual(['play', '2027-01-01T00:00:01.000Z']);
    expect(await times()).toContainEqual(['default', '2026-03-01T00:00:01.000Z']);
    api.clock.set(START);
  });
});

describe('merchants', () => {
  test('a merchant is found by id, by name and in the list', async () => {
    const made = await api.call('POST', '/v1/merchants', merchant('水果店'));
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...merchant('水果店'), programme: 'default' });
    expect((await api.call('GET', `/v1/merchants/${made.body.id}`)).body).toEqual(made.body);
    const found = await api.call('GET', `/v1/merchants?name=${encodeURIComponent('水果店')}`);
    expect(found.body).toEqual({ items: [made.body], nextCursor: null });
    expect((await api.call('GET', '/v1/merchants?programme=nowhere')).body.code).toBe(
      'programme_not_found',
    );
    expect(
      (await api.call('GET', '/v1/merchants/mer_01h455vb4pex5vsknk084sn02q')).body,
    ).toMatchObject({ status: 404, code: 'merchant_not_found' });
  });

  test('a name is taken once per programme, also in a race', async () => {
    await api.call('POST', '/v1/programmes', { code: 'other', name: 'Other' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.call('POST', '/v1/merchants', merchant('race'))),
    );
    const made = answers.filter((each) => each.status === 201);
    expect(made).toHaveLength(1);
    for (const each of answers.filter((answer) => answer.status !== 201)) {
      expect(each.body).toMatchObject({
        status: 409,
        code: 'merchant_exists',
        merchantId: made[0]?.body.id,
      });
    }
    expect(
      (await api.call('POST', '/v1/merchants', merchant('race', { programme: 'other' }))).status,
    ).toBe(201);
  });

  test('pages hold every merchant once', async () => {
    for (let n = 0; n < 7; n += 1) {
      // Ids of one millisecond have no order.
      api.clock.advance(1);
      await api.call('POST', '/v1/merchants', merchant(`page ${n}`, { programme: 'other' }));
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { items: { name: string }[]; nextCursor: string | null } = (
        await api.call(
          'GET',
          `/v1/merchants?programme=other&limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
        )
      ).body;
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map((each) => each.name));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['race', ...Array.from({ length: 7 }, (_, n) => `page ${n}`)]);
  });
});
