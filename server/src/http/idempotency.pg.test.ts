import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from './test-app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

const merchant = (name: string) => ({
  name,
  category: 'fruit',
  earnRatio: { points: 1, perFen: 100 },
});
const admit = (body: object, key: string, auth?: string) =>
  api.call('POST', '/v1/merchants', body, auth === undefined ? { key } : { key, auth });

test('the same request gets the same bytes, whatever the order of its fields', async () => {
  const first = await admit(merchant('A'), 'a');
  expect(first.headers['idempotency-replayed']).toBeUndefined();
  const { name, category, earnRatio } = merchant('A');
  const again = await admit(
    { earnRatio: { perFen: earnRatio.perFen, points: earnRatio.points }, category, name },
    'a',
  );
  expect(again.status).toBe(201);
  expect(again.text).toBe(first.text);
  expect(again.headers['idempotency-replayed']).toBe('true');
});

test('another request under a used key is refused and changes nothing', async () => {
  await admit(merchant('B'), 'b');
  expect((await admit(merchant('B2'), 'b')).body).toMatchObject({
    status: 422,
    code: 'idempotency_key_reused',
  });
  expect((await api.call('GET', '/v1/merchants?name=B2')).body.items).toEqual([]);
  const otherOperation = await api.call('POST', '/v1/members', {}, { key: 'b' });
  expect(otherOperation.body.code).toBe('idempotency_key_reused');
});

test('of many concurrent requests with one key one acts and all get its answer', async () => {
  const answers = await Promise.all(Array.from({ length: 16 }, () => admit(merchant('C'), 'c')));
  expect(new Set(answers.map((each) => each.text)).size).toBe(1);
  expect(answers.every((each) => each.status === 201)).toBe(true);
  expect(answers.filter((each) => each.headers['idempotency-replayed'] === undefined)).toHaveLength(
    1,
  );
});

test('a refusal of the domain is an answer too, one that says "not yet" is not', async () => {
  const { id } = (await admit(merchant('D'), 'd1')).body;
  const refused = await admit(merchant('D'), 'd2');
  expect(refused.body).toMatchObject({ code: 'merchant_exists', merchantId: id });
  expect((await admit(merchant('D'), 'd2')).headers['idempotency-replayed']).toBe('true');

  const early = { ...merchant('E'), programme: 'later' };
  expect((await admit(early, 'e')).body.code).toBe('programme_not_found');
  await api.call('POST', '/v1/programmes', { code: 'later', name: 'Later' });
  expect((await admit(early, 'e')).status).toBe(201);
});

test('keys belong to their tenant', async () => {
  const keyOf = async (name: string) => {
    const shop = (await admit(merchant(name), `shop ${name}`.replace(' ', '-'))).body;
    const key = await api.call('POST', '/v1/keys', {
      name,
      scopes: ['members:write'],
      merchantId: shop.id,
    });
    return key.body.secret as string;
  };
  const [one, two] = [await keyOf('one'), await keyOf('two')];
  const register = (auth: string, externalId: string) =>
    api.call('POST', '/v1/members', { externalIds: { t: externalId } }, { key: 'same', auth });
  expect((await register(one, '1')).status).toBe(201);
  expect((await register(two, '2')).status).toBe(201);
  expect((await register(one, '1')).headers['idempotency-replayed']).toBe('true');
  expect((await register(two, '1')).body.code).toBe('idempotency_key_reused');
});
