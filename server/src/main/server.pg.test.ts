import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../platform/config.ts';
import { readInstance } from '../platform/instance-lock.ts';
import type { TestDatabase } from '../platform/postgres/test-database.ts';
import { createTestDatabase } from '../platform/postgres/test-database.ts';
import type { RunningServer } from './server.ts';
import { runServer } from './server.ts';
import { readContents, redactUrl, summarise } from './summary.ts';

let folder: string;
let database: TestDatabase;
let server: RunningServer;
const log = pino({ level: 'silent' });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hongmi 红米-'));
  database = await createTestDatabase();
  server = await runServer(configFor('one', { HONGMI_TRUSTED_PROXIES: '127.0.0.1' }), { log });
});
afterAll(async () => {
  await server.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

function configFor(name: string, more: Record<string, string> = {}) {
  const HONGMI_DATA_DIR = join(folder, name);
  return readConfig({
    // Threads run the built code; sources run in this one.
    HONGMI_LEDGER_THREADS: '0',
    HONGMI_PORT: '0',
    HONGMI_DATA_DIR,
    DATABASE_URL: database.url,
    HONGMI_SHARDS: '4',
    ...more,
  });
}

async function call(path: string, init: RequestInit = {}) {
  const key = readFileSync(join(folder, 'one', 'root-key'), 'utf8').trim();
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    ...init.headers,
  };
  const answer = await fetch(server.url + path, { ...init, headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test('behind a proxy that is believed the audit log has the address of who asks', async () => {
  const made = await call('/v1/keys', {
    method: 'POST',
    headers: { 'idempotency-key': 'proxied', 'x-forwarded-for': '198.51.100.1, 203.0.113.9' },
    body: JSON.stringify({ name: 'till', scopes: ['points:read'] }),
  });
  expect(made.status).toBe(201);
  const { items } = (await call(`/v1/audit?about=${made.body.id}`)).body;
  expect(items).toMatchObject([{ address: '203.0.113.9' }]);
});

test('it serves, keeps its secrets to itself and says where it listens', async () => {
  expect((await call('/v1/health')).body).toEqual({ status: 'ok', database: 'ok' });
  const merchant = { name: '水果店', category: 'fruit', earnRatio: { points: 1, perFen: 100 } };
  const init = {
    method: 'POST',
    headers: { 'idempotency-key': 'm1' },
    body: JSON.stringify(merchant),
  };
  expect((await call('/v1/merchants', init)).status).toBe(201);
  expect(statSync(join(folder, 'one')).mode & 0o777).toBe(0o700);
  for (const file of ['root-key', 'master-key', 'server.json']) {
    expect(statSync(join(folder, 'one', file)).mode & 0o777, file).toBe(0o600);
  }
  expect(await readInstance(join(folder, 'one'))).toEqual({ url: server.url, pid: process.pid });
});

test('the API describes itself in OpenAPI 3.1, and every write says it needs its key', async () => {
  const { body } = await call('/openapi.json');
  expect(body).toMatchObject({
    openapi: '3.1.0',
    components: { schemas: { Problem: {}, Merchant: {} } },
  });
  // The committed description, from which the SDK's types are made: `npm run generate` renews both.
  await expect(`${JSON.stringify(body, null, 2)}\n`).toMatchFileSnapshot(
    '../../../docs/openapi.json',
  );
  const paths = Object.entries(
    body.paths as Record<
      string,
      Record<string, { parameters?: { name: string }[]; responses: object; security: object[] }>
    >,
  );
  expect(paths.length).toBeGreaterThan(15);
  const page = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
  for (const [path, operations] of paths) {
    for (const [method, operation] of Object.entries(operations)) {
      const names = operation.parameters?.map((each) => each.name) ?? [];
      // Who has no key of ours has none of these either.
      const isKeyed = operation.security.some((each) => !('memberSession' in each));
      const isWrite = method !== 'get' && isKeyed;
      expect(names.includes('Idempotency-Key'), `${method} ${path}`).toBe(isWrite);
      expect(page, 'docs/api.md names every route').toContain(
        `\`${method.toUpperCase()} ${path.replace('/v1', '')}\``,
      );
      if (!path.startsWith('/v1/health')) expect(operation.responses, path).toHaveProperty('401');
    }
  }
  const docs = await fetch(`${server.url}/docs`);
  expect(docs.headers.get('content-security-policy')).toContain(
    "default-src 'none'; script-src 'self'",
  );
  expect(await docs.text()).not.toMatch(/<script>|<style>| style=| onload=/);
});

test('the summary names no secret', async () => {
  const { shownUrl, dataDir, rootKey, pool } = server;
  const text = summarise({
    version: '1',
    isDemo: false,
    shownUrl,
    lanUrls: [],
    dataDir,
    role: 'all',
    rootKeyFrom: rootKey.from,
    database: redactUrl(database.url),
    contents: await readContents(pool),
  });
  expect(text).toContain('http://localhost:');
  expect(text).toContain(join(folder, 'one', 'root-key'));
  expect(text).toContain('1 merchant');
  expect(text).not.toContain(readFileSync(join(folder, 'one', 'root-key'), 'utf8').trim());
  const password = new URL(database.url).password;
  if (password !== '') expect(text).not.toContain(password);
});

test('one data directory has one server, and a taken port is told by its name', async () => {
  await expect(runServer(configFor('one'), { log })).rejects.toThrow(/already runs from/);
  const { port } = new URL(server.url);
  await expect(runServer(configFor('one', { HONGMI_PORT: port }), { log })).rejects.toThrow(
    /already runs from .*one/,
  );
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const taken = (other.address() as AddressInfo).port;
  await expect(
    runServer(configFor('two', { HONGMI_PORT: String(taken) }), { log }),
  ).rejects.toThrow(`Port ${taken} on 127.0.0.1 is taken`);
  await new Promise((resolve) => other.close(resolve));
  await expect(
    runServer(configFor('two', { HONGMI_HOST: '203.0.113.7', HONGMI_PORT: '18999' }), { log }),
  ).rejects.toThrow(/HONGMI_HOST=203.0.113.7/);
  expect((await call('/v1/health')).status).toBe(200);
});

test('a database that cannot be used is told without its password', async () => {
  const url = new URL(database.url);
  url.password = 'wrong-password';
  url.pathname = '/no_such_database';
  const start = runServer(configFor('two', { DATABASE_URL: url.href }), { log });
  await expect(start).rejects.toThrow(
    /^The database at .*no_such_database \(DATABASE_URL\) cannot be used: /,
  );
  await expect(start).rejects.not.toThrow(/wrong-password/);
});

test('a master key that is not this database’s is refused before anything is written with it', async () => {
  const init = {
    method: 'POST',
    headers: { 'idempotency-key': 'p1' },
    body: JSON.stringify({ phone: '13800138000' }),
  };
  expect((await call('/v1/members', init)).status).toBe(201);
  await expect(runServer(configFor('two'), { log })).rejects.toThrow(
    /master key is not the one this database was written with/,
  );
});

test('an interrupted start stops what it had started', async () => {
  const interrupt = new AbortController();
  interrupt.abort(new Error('Ctrl-C'));
  await expect(runServer(configFor('three'), { log, signal: interrupt.signal })).rejects.toThrow(
    'Ctrl-C',
  );
  await expect(runServer(configFor('three'), { log, signal: interrupt.signal })).rejects.toThrow(
    'Ctrl-C',
  );
});

test('it stops for good, and starts again with the same keys', async () => {
  const { url } = server;
  const before = readFileSync(join(folder, 'one', 'root-key'), 'utf8');
  await Promise.all([server.close(), server.close()]);
  await expect(fetch(`${url}/v1/health/live`)).rejects.toThrow();
  expect(await readInstance(join(folder, 'one'))).toBeUndefined();
  server = await runServer(configFor('one'), { log });
  expect(readFileSync(join(folder, 'one', 'root-key'), 'utf8')).toBe(before);
  expect(((await call('/v1/merchants')).body.items as unknown[]).length).toBe(1);
});
