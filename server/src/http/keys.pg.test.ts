import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestApp } from './test-app.ts';
import { createTestApp } from './test-app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

async function makeKey(body: Record<string, unknown>, options = {}) {
  return api.call('POST', '/v1/keys', { name: 'till', ...body }, options);
}

async function makeMerchant(name: string): Promise<string> {
  const made = await api.call('POST', '/v1/merchants', {
    name,
    category: 'shop',
    earnRatio: { points: 1, perFen: 100 },
  });
  return made.body.id;
}

test('a key works with its scopes and no others', async () => {
  const made = await makeKey({ scopes: ['members:read'] });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    name: 'till',
    scopes: ['members:read'],
    merchantId: null,
    root: false,
    revokedAt: null,
  });
  expect(made.body.secret).toMatch(/^hm_[\w-]{43}$/);
  const auth = made.body.secret;
  expect((await api.call('GET', '/v1/members?phone=13800138000', undefined, { auth })).status).toBe(
    200,
  );
  const refused = await api.call('GET', '/v1/merchants', undefined, { auth });
  expect(refused.body).toMatchObject({
    status: 403,
    code: 'scope_missing',
    scope: 'merchants:read',
  });
});

test('the secret is shown once and stored nowhere', async () => {
  const first = await makeKey({ scopes: ['members:read'] }, { key: 'once' });
  const again = await makeKey({ scopes: ['members:read'] }, { key: 'once' });
  expect(again.status).toBe(201);
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect(again.body).toEqual({ ...first.body, secret: null });
  const { rows } = await api.pool.query<{ all: string }>(
    `select coalesce((select string_agg(to_jsonb(k)::text, '') from api_key k), '') || (select string_agg(to_jsonb(a)::text, '') from idempotent_answer a) as all`,
  );
  expect(rows[0]?.all).toContain('till');
  expect(rows[0]?.all).not.toContain(first.body.secret);
  expect(api.logged()).not.toContain(first.body.secret);
});

test('a key can be revoked at once; the root key cannot', async () => {
  const { body: key } = await makeKey({ scopes: ['merchants:read'] });
  const use = () => api.call('GET', '/v1/merchants', undefined, { auth: key.secret });
  expect((await use()).status).toBe(200);
  const revoked = await api.call('DELETE', `/v1/keys/${key.id}`);
  expect(revoked.status).toBe(200);
  expect(revoked.body.revokedAt).not.toBeNull();
  const after = await use();
  expect(after.body).toMatchObject({ status: 401, code: 'unauthenticated' });
  expect(after.headers['www-authenticate']).toBe('Bearer realm="hongmi"');

  const keys = (await api.call('GET', '/v1/keys?limit=200')).body.items;
  const root = keys.find((each: { root: boolean }) => each.root);
  expect((await api.call('DELETE', `/v1/keys/${root.id}`)).body.code).toBe('key_is_root');
  expect((await api.call('GET', '/v1/keys')).status).toBe(200);
  expect((await api.call('DELETE', '/v1/keys/key_01h455vb4pex5vsknk084sn02q')).body.code).toBe(
    'key_not_found',
  );
});

test('a revocation by another process is noticed within ten seconds', async () => {
  const { body: key } = await makeKey({ scopes: ['merchants:read'] });
  const use = () => api.call('GET', '/v1/merchants', undefined, { auth: key.secret });
  expect((await use()).status).toBe(200);
  await api.pool.query('update api_key set revoked_at = now() where name = $1', ['till']);
  api.clock.advance(4_999);
  expect((await use()).status).toBe(200);
  api.clock.advance(5_001);
  expect((await use()).status).toBe(401);
});

test('nobody hands on what they lack, and a merchant key stays with its merchant', async () => {
  const { body: clerk } = await makeKey({ scopes: ['keys:write', 'members:read'] });
  const auth = clerk.secret;
  expect((await makeKey({ scopes: ['members:read'] }, { auth })).status).toBe(201);
  expect((await makeKey({ scopes: ['points:adjust'] }, { auth })).body).toMatchObject({
    code: 'scope_missing',
    scope: 'points:adjust',
  });

  const [mine, theirs] = [await makeMerchant('mine'), await makeMerchant('theirs')];
  expect((await makeKey({ scopes: ['keys:write'], merchantId: mine })).body).toMatchObject({
    status: 403,
    code: 'operator_only',
  });
  const { body: till } = await makeKey({ scopes: ['merchants:read'], merchantId: mine });
  expect(till.merchantId).toBe(mine);
  const see = (path: string) => api.call('GET', path, undefined, { auth: till.secret });
  expect((await see(`/v1/merchants/${mine}`)).status).toBe(200);
  expect((await see(`/v1/merchants/${theirs}`)).body.code).toBe('merchant_out_of_reach');
  expect((await see('/v1/merchants')).body.items.map((each: { id: string }) => each.id)).toEqual([
    mine,
  ]);
  expect(
    (await makeKey({ scopes: ['members:read'], merchantId: 'mer_01h455vb4pex5vsknk084sn02q' })).body
      .code,
  ).toBe('merchant_not_found');
});

test('guessing is slowed down per address, and a good key is not held to account for it', async () => {
  const guess = (n: number) =>
    api.call('GET', '/v1/merchants', undefined, { auth: `hm_guess${n}`, ip: '10.1.1.1' });
  const answers = await Promise.all(Array.from({ length: 120 }, (_, n) => guess(n)));
  expect(answers.filter((each) => each.status === 401)).toHaveLength(100);
  const limited = answers.find((each) => each.status === 429);
  expect(limited?.body.code).toBe('too_many_attempts');
  expect(Number(limited?.headers['retry-after'])).toBeGreaterThan(0);
  expect((await api.call('GET', '/v1/merchants', undefined, { ip: '10.1.1.1' })).status).toBe(200);
  api.clock.advance(60_000);
  expect((await guess(999)).status).toBe(401);
});

test('without a bearer there is a challenge', async () => {
  expect((await api.call('GET', '/v1/merchants', undefined, { auth: null })).body.code).toBe(
    'unauthenticated',
  );
  const basic = await api.app.inject({
    url: '/v1/merchants',
    headers: { authorization: 'Basic aGVsbG86d29ybGQ=' },
  });
  expect(basic.statusCode).toBe(401);
});

test('keys are listed in pages by age', async () => {
  const first = (await api.call('GET', '/v1/keys?limit=2')).body;
  const second = (await api.call('GET', `/v1/keys?limit=200&cursor=${first.nextCursor}`)).body;
  const ids = [...first.items, ...second.items].map((each: { id: string }) => each.id);
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(second.nextCursor).toBeNull();
  const { rows } = await api.pool.query('select count(*) from api_key where not person');
  expect(ids).toHaveLength(Number(rows[0]?.count));
  expect(JSON.stringify(first)).not.toContain('secret');
});
