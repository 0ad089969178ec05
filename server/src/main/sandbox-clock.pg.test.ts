import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../platform/config.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { type RunningServer, runServer } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'hongmi-clock-'));
let database: TestDatabase;
let server: RunningServer;

beforeAll(async () => {
  database = await createTestDatabase();
  const config = readConfig({
    // Threads run the built code; sources run in this one.
    HONGMI_LEDGER_THREADS: '0',
    HONGMI_PORT: '0',
    HONGMI_DATA_DIR: folder,
    DATABASE_URL: database.url,
    HONGMI_SHARDS: '2',
  });
  server = await runServer(config, { log: pino({ level: 'silent' }) });
});

afterAll(async () => {
  await server.close();
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: object) {
  const answer = await fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${server.rootKey.secret}`,
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers is looked at below
  return { status: answer.status, body: (await answer.json()) as any };
}

test('moving a sandbox clock books at once what the new time makes due', async () => {
  const post = async (path: string, body: object) => (await call('POST', path, body)).body;
  await post('/v1/programmes', { code: 'lab', name: 'Lab', sandbox: true });
  const earnRatio = { points: 1, perFen: 100 };
  const shop = { name: 'Lab shop', category: 'fruit', earnRatio, programme: 'lab' };
  const { id: merchantId } = await post('/v1/merchants', shop);
  const { id: memberId } = await post('/v1/members', { programme: 'lab' });
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  await post('/v1/transactions', { kind: 'issue', memberId, merchantId, points: 70, expiresAt });
  const now = new Date(Date.now() + 3 * 86_400_000).toISOString();
  const moved = await call('PUT', '/v1/programmes/lab/clock', { now });
  expect(moved.status).toBe(200);
  const { body } = await call('GET', `/v1/members/${memberId}/transactions`);
  expect(body.items.map((each: { kind: string }) => each.kind)).toEqual(['expire', 'issue']);
});

test('a sandbox may begin in the past, and its rules count from then on; nothing else may', async () => {
  const post = (path: string, body: object) => call('POST', path, body);
  const begun = { code: 'past', name: 'Past', ruleNoticeDays: 0, now: '2025-01-31T00:00:00Z' };
  const refused = await post('/v1/programmes', { ...begun, ruleNoticeDays: 7 });
  expect(refused).toMatchObject({ status: 409, body: { code: 'not_a_sandbox' } });
  const { body } = await post('/v1/programmes', { ...begun, sandbox: true });
  expect(body.now.slice(0, 16)).toBe('2025-01-31T00:00');
  const earnRatio = { points: 1, perFen: 100 };
  const shop = { name: 'Past shop', category: 'fruit', earnRatio, programme: 'past' };
  const { id: merchantId, joinedAt } = (await post('/v1/merchants', shop)).body;
  expect(joinedAt.slice(0, 13)).toBe('2025-01-31T00');
  const rule = { name: 'Double', on: 'order', when: {}, earn: { kind: 'times', num: 2, den: 1 } };
  const { id } = (await post('/v1/rules', { code: 'double', merchantId, body: rule })).body;
  await post(`/v1/rules/${id}/publish`, {});
  await call('PUT', '/v1/programmes/past/clock', { now: '2025-02-02T00:00:00Z' });
  const { id: memberId } = (await post('/v1/members', { programme: 'past' })).body;
  const order = { merchantId, memberId, orderNo: '1', paidAt: '2025-02-01T10:00:00Z' };
  const lines = [{ lineNo: 1, sku: 'A', quantity: 1, amountFen: 1_000 }];
  const placed = await post('/v1/orders', { ...order, lines });
  expect(placed).toMatchObject({ status: 201, body: { points: 20 } });
});
