import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showInstant } from '../kernel/clock.ts';
import { createKeyring } from '../keys/authenticate.ts';
import { createTestApp, type TestApp } from './test-app.ts';

const HOUR_MS = 3_600_000;

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

const make = async (body: Record<string, unknown> = {}) =>
  (await api.call('POST', '/v1/keys', { name: 'till', scopes: ['merchants:read'], ...body })).body;
const rotate = (id: string, overlapHours: number, options = {}) =>
  api.call('POST', `/v1/keys/${id}/rotation`, { overlapHours }, options);
const opens = async (auth: string): Promise<boolean> =>
  (await api.call('GET', '/v1/merchants', undefined, { auth })).status === 200;
const ahead = (ms: number): string => showInstant(api.clock.now() + ms);

test('a rotated key has a new secret, and the old one works until the overlap ends', async () => {
  const { id, secret: old } = await make();
  expect(await opens(old)).toBe(true);
  const rotated = await rotate(id, 2);
  expect(rotated.body).toMatchObject({
    id,
    rotatedAt: ahead(0),
    previousUntil: ahead(2 * HOUR_MS),
  });
  const { secret } = rotated.body;
  expect(secret).toMatch(/^hm_[\w-]{43}$/);
  expect([await opens(old), await opens(secret)]).toEqual([true, true]);
  // Asked all along, so that a cache has it: it ends on the millisecond all the same.
  api.clock.advance(2 * HOUR_MS - 1);
  expect(await opens(old)).toBe(true);
  api.clock.advance(1);
  expect([await opens(old), await opens(secret)]).toEqual([false, true]);
});

test('without an overlap the old secret ends at once, and a second rotation ends the first overlap', async () => {
  const { id, secret: first } = await make();
  const { secret: second } = (await rotate(id, 100)).body;
  expect([await opens(first), await opens(second)]).toEqual([true, true]);
  const { secret: third } = (await rotate(id, 0)).body;
  expect(await Promise.all([first, second, third].map(opens))).toEqual([false, false, true]);
});

test('another process learns of a rotation', async () => {
  const { id, secret } = await make();
  const elsewhere = createKeyring(api.pool, api.clock);
  const works = async () => 'keyId' in (await elsewhere.authenticate(secret, '10.0.0.9'));
  expect(await works()).toBe(true);
  await rotate(id, 0);
  elsewhere.forgetAll();
  expect(await works()).toBe(false);
});

test('a look-up that began before a rotation does not keep the old secret', async () => {
  const { id, secret } = await make();
  const [read, held] = [new EventEmitter(), new EventEmitter()];
  const hasRead = once(read, 'now');
  const mayGo = once(held, 'now');
  const slow = {
    async query(text: string, values: unknown[]) {
      const found = await api.pool.query(text, values);
      read.emit('now');
      await mayGo;
      return found;
    },
  };
  const keyring = createKeyring(slow as never, api.clock);
  const before = keyring.authenticate(secret, '10.0.0.9');
  await hasRead;
  await rotate(id, 0);
  keyring.forgetAll();
  held.emit('now');
  await before;
  expect(await keyring.authenticate(secret, '10.0.0.9')).toEqual({ unknown: true });
});

test('the new secret is shown once and stored nowhere', async () => {
  const { id } = await make();
  const [first, again] = [await rotate(id, 1, { key: 'r' }), await rotate(id, 1, { key: 'r' })];
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect(again.body).toEqual({ ...first.body, secret: null });
  const read = (await api.call('GET', `/v1/keys/${id}`)).body;
  const { secret, ...shown } = first.body;
  expect(read).toEqual({ ...shown, lastUsedAt: read.lastUsedAt });
  expect(api.logged()).not.toContain(secret);
});

test('a key with an end opens nothing from then on, and is not rotated', async () => {
  const { id, secret, expiresAt } = await make({ expiresAt: ahead(HOUR_MS) });
  expect(expiresAt).toBe(ahead(HOUR_MS));
  expect(await opens(secret)).toBe(true);
  api.clock.advance(HOUR_MS - 1);
  expect(await opens(secret)).toBe(true);
  const { secret: rotated } = (await rotate(id, 5)).body;
  expect([await opens(secret), await opens(rotated)]).toEqual([true, true]);
  api.clock.advance(1);
  expect([await opens(secret), await opens(rotated)]).toEqual([false, false]);
  expect((await rotate(id, 1)).body.code).toBe('key_ended');
  const past = { name: 'late', scopes: ['merchants:read'], expiresAt: ahead(0) };
  expect((await api.call('POST', '/v1/keys', past)).body).toMatchObject({
    status: 422,
    code: 'key_ends_in_past',
  });
});

test('nobody gets a secret that opens more than their own, nor that of the root key or of a revoked one', async () => {
  const { secret: auth } = await make({ scopes: ['keys:write', 'keys:read', 'merchants:read'] });
  const { id: strong } = await make({ scopes: ['points:adjust', 'merchants:read'] });
  expect((await rotate(strong, 1, { auth })).body).toMatchObject({
    code: 'scope_missing',
    scope: 'points:adjust',
  });
  const { id: weak } = await make();
  expect((await rotate(weak, 1, { auth })).status).toBe(200);
  await api.call('DELETE', `/v1/keys/${weak}`);
  expect((await rotate(weak, 1)).body.code).toBe('key_ended');
  const { items } = (await api.call('GET', '/v1/keys?limit=200')).body;
  const root = items.find((each: { root: boolean }) => each.root);
  expect((await rotate(root.id, 1)).body.code).toBe('key_is_root');
  const nobody = 'key_01h455vb4pex5vsknk084sn02q';
  expect((await rotate(nobody, 1)).body.code).toBe('key_not_found');
  expect((await api.call('GET', `/v1/keys/${nobody}`)).body.code).toBe('key_not_found');
  for (const overlapHours of [-1, 169, 1.5])
    expect((await rotate(strong, overlapHours)).body.code).toBe('invalid_request');
});

test('when a key was used is known within the hour, at one write an hour', async () => {
  const { id, secret } = await make();
  const used = async () => {
    await opens(secret);
    await api.keyUses.write();
    return (await api.call('GET', `/v1/keys/${id}`)).body.lastUsedAt;
  };
  expect((await api.call('GET', `/v1/keys/${id}`)).body.lastUsedAt).toBeNull();
  const first = ahead(0);
  expect(await used()).toBe(first);
  api.clock.advance(HOUR_MS - 1);
  expect(await used()).toBe(first);
  // Whoever is used is looked up every five seconds.
  api.clock.advance(5_001);
  expect(await used()).toBe(ahead(0));
});
