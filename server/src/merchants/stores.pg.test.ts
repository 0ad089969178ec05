import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from '../http/test-points-app.ts';
import { readId, type Uuid } from '../kernel/id.ts';
import { createMerchants } from './registry.ts';

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const open = (merchant: string, body: object, options?: object): Promise<Answered> =>
  t.call('POST', `/merchants/${merchant}/stores`, body, options);
const change = (merchant: string, code: string, body: object, options?: object) =>
  t.call('PATCH', `/merchants/${merchant}/stores/${code}`, body, options);
const stores = async (merchant: string): Promise<Answered['body'][]> =>
  (await t.ok('GET', `/merchants/${merchant}/stores`)).items;

describe('the stores of a merchant', () => {
  it('are opened, listed by code, and changed', async () => {
    const merchantId = await t.merchant();
    const made = await open(merchantId, { code: 'west', name: '西湖店', zone: '西湖' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      ...{ merchantId, code: 'west', name: '西湖店', zone: '西湖', state: 'open' },
      createdAt: new Date(START).toISOString(),
    });
    const east = (await open(merchantId, { code: 'east', name: 'East', state: 'closed' })).body;
    expect(east.zone).toBeNull();
    expect(await stores(merchantId)).toEqual([east, made.body]);
    const moved = await change(merchantId, 'west', { zone: null, state: 'closed' });
    expect(moved.body).toEqual({ ...made.body, zone: null, state: 'closed' });
    expect((await change(merchantId, 'east', {})).body).toEqual(east);
    expect(await stores(merchantId)).toEqual([east, moved.body]);
    const page = await t.ok('GET', `/merchants/${merchantId}/stores?limit=1`);
    expect(page.items).toEqual([east]);
    const rest = `/merchants/${merchantId}/stores?limit=1&cursor=${page.nextCursor}`;
    expect(await t.ok('GET', rest)).toEqual({ items: [moved.body], nextCursor: null });
  });

  it('have codes of their own, also when two open one at the same time', async () => {
    const [merchantId, other] = [await t.merchant(), await t.merchant()];
    const tries = Array.from({ length: 4 }, () => open(merchantId, { code: 'a', name: 'A' }));
    const answers = await Promise.all(tries);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'store_exists',
      store: 'a',
    });
    expect((await open(other, { code: 'a', name: 'A' })).status).toBe(201);
    const key = `again-${merchantId}`;
    const first = await open(merchantId, { code: 'b', name: 'B' }, { key });
    expect((await open(merchantId, { code: 'b', name: 'B' }, { key })).text).toBe(first.text);
  });

  it('are opened by the keys of their merchant, and by no other', async () => {
    const [merchantId, other] = [await t.merchant(), await t.merchant()];
    const auth = await t.apiKey(['stores:write', 'merchants:read'], merchantId);
    expect((await open(merchantId, { code: 'a', name: 'A' }, { auth })).status).toBe(201);
    expect((await change(merchantId, 'a', { name: 'B' }, { auth })).body.name).toBe('B');
    await open(other, { code: 'a', name: 'A' });
    for (const answer of [
      await open(other, { code: 'c', name: 'C' }, { auth }),
      await change(other, 'a', { name: 'C' }, { auth }),
      await t.call('GET', `/merchants/${other}/stores`, undefined, { auth }),
    ])
      expect(answer.body).toMatchObject({ status: 403, code: 'merchant_out_of_reach' });
    expect((await stores(other)).map(({ name }) => name)).toEqual(['A']);
    const reader = await t.apiKey(['merchants:read'], merchantId);
    expect((await open(merchantId, { code: 'c', name: 'C' }, { auth: reader })).body.code).toBe(
      'scope_missing',
    );
  });

  it('stay when what is asked makes no sense', async () => {
    const merchantId = await t.merchant();
    const nobody = 'mer_01h455vb4pex5vsknk084sn02q';
    expect((await open(nobody, { code: 'a', name: 'A' })).body.code).toBe('merchant_not_found');
    expect((await t.call('GET', `/merchants/${nobody}/stores`)).body.code).toBe(
      'merchant_not_found',
    );
    expect((await change(merchantId, 'a', { name: 'A' })).body.code).toBe('store_not_found');
    for (const body of [{ code: 'A', name: 'A' }, { code: 'a' }, { code: 'a', name: '', zone: 1 }])
      expect((await open(merchantId, body)).body.code).toBe('invalid_request');
    await open(merchantId, { code: 'a', name: 'A' });
    for (const body of [{ state: 'gone' }, { name: null }, { code: 'b' }])
      expect((await change(merchantId, 'a', body)).body.code).toBe('invalid_request');
    expect((await t.call('GET', `/merchants/${merchantId}/stores?cursor=nothing`)).body.code).toBe(
      'cursor_invalid',
    );
  });

  it('are found by the code of an order, at once when known, and as they are after a change', async () => {
    const merchantId = await t.merchant();
    const merchant = readId('merchant', merchantId) as Uuid;
    await open(merchantId, { code: 'a', name: 'A' });
    const merchants = createMerchants(t.pool);
    const [a, none, again] = await Promise.all([
      merchants.findStore(merchant, 'a'),
      merchants.findStore(merchant, 'b'),
      merchants.findStore(merchant, 'a'),
    ]);
    expect(a).toMatchObject({ merchant, code: 'a', name: 'A', state: 'open' });
    expect(again).toEqual(a);
    expect(none).toBeUndefined();
    expect(merchants.findStore(merchant, 'a')).toEqual(a);
    await open(merchantId, { code: 'b', name: 'B' });
    expect(await merchants.findStore(merchant, 'b')).toMatchObject({ name: 'B' });
    await change(merchantId, 'a', { state: 'closed' });
    merchants.forget(merchant);
    expect(await merchants.findStore(merchant, 'a')).toMatchObject({ state: 'closed' });
    merchants.forgetAll();
    const asked = merchants.findStore(merchant, 'b');
    expect(asked).toBeInstanceOf(Promise);
    await asked;
  });
});
