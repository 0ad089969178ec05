import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readConfig } from '../platform/config.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { CATALOGUE } from '../platform/telemetry/catalogue.ts';
import { type RunningServer, runServer } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'hongmi-metrics-'));
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

let requests = 0;
async function post(path: string, body: object) {
  requests += 1;
  const answer = await fetch(server.url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${server.rootKey.secret}`,
      'content-type': 'application/json',
      'idempotency-key': `metrics-${requests}`,
    },
    body: JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers is looked at below
  return { status: answer.status, body: (await answer.json()) as any };
}

async function scrape(key = server.rootKey.secret): Promise<string> {
  const answer = await fetch(`${server.url}/metrics`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return answer.text();
}

/** The figure of one series; undefined when it is not there. */
function figure(text: string, series: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

test('a request leaves its trace in every layer it passes', async () => {
  const earnRatio = { points: 1, perFen: 100 };
  const shop = await post('/v1/merchants', { name: '果', category: 'fruit', earnRatio });
  const member = await post('/v1/members', { externalIds: { metrics: 'm1' } });
  const ids = { memberId: member.body.id, merchantId: shop.body.id };
  expect((await post('/v1/transactions', { kind: 'issue', points: 5, ...ids })).status).toBe(201);
  const refused = await post('/v1/transactions', { kind: 'burn', points: 9, ...ids });
  expect(refused.status).toBe(422);
  expect((await fetch(`${server.url}/v1/nothing/here`)).status).toBe(404);

  const text = await scrape();
  expect(figure(text, 'hongmi_ledger_commands_total{kind="issue",outcome="applied"}')).toBe(1);
  expect(figure(text, `hongmi_ledger_refusals_total{code="${refused.body.code}"}`)).toBe(1);
  expect(figure(text, 'hongmi_ledger_blocks_total')).toBe(2);
  expect(figure(text, 'hongmi_ledger_batch_size_bucket{le="1"}')).toBe(2);
  expect(figure(text, 'hongmi_ledger_lane_wait_seconds_count')).toBe(2);
  for (const step of ['load', 'decide', 'encode', 'append'])
    expect(figure(text, `hongmi_ledger_batch_seconds_count{step="${step}"}`), step).toBe(2);
  const route = 'method="POST",route="/v1/transactions"';
  expect(figure(text, `hongmi_http_requests_total{${route},status="201"}`)).toBe(1);
  expect(figure(text, `hongmi_http_requests_total{${route},status="422"}`)).toBe(1);
  expect(figure(text, `hongmi_http_request_seconds_count{${route}}`)).toBe(2);
  expect(figure(text, 'hongmi_http_requests_total{method="GET",route="none",status="404"}')).toBe(
    1,
  );
  expect(figure(text, 'hongmi_ledger_queue_depth{shard="1"}')).toBe(0);
  expect(figure(text, 'hongmi_database_connections_max{pool="main"}')).toBeGreaterThan(1);
  expect(figure(text, 'process_resident_memory_bytes')).toBeGreaterThan(1e7);
  expect(text).toContain('target_info{service_name="hongmi",service_version=');
});

test('every metric of the catalogue is shown with its help and type', async () => {
  const text = await scrape();
  for (const [name, { kind, help }] of Object.entries(CATALOGUE)) {
    expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${kind}`);
  }
});

test('only a key with the scope sees them', async () => {
  expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
  const other = await post('/v1/keys', { name: 'other', scopes: ['points:read'] });
  const refused = await fetch(`${server.url}/metrics`, {
    headers: { authorization: `Bearer ${other.body.secret}` },
  });
  expect(refused.status).toBe(403);
  const prometheus = await post('/v1/keys', { name: 'prometheus', scopes: ['metrics:read'] });
  expect(await scrape(prometheus.body.secret)).toContain('hongmi_ledger_batch_size');
});
