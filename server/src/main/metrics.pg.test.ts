import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { reconcile } from '../jobs/reconcile.ts';
import { systemClock } from '../kernel/clock.ts';
import { PATIENCE_MS } from '../kernel/testing/patience.ts';
import { readConfig } from '../platform/config.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { CATALOGUE, type MetricName } from '../platform/telemetry/catalogue.ts';
import { Meter } from '../platform/telemetry/meter.ts';
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
  // The jobs of the start are over: what a test leaves unsealed is not sealed by the first round.
  await vi.waitFor(
    async () =>
      expect(
        (await scrape())
          .split('\n')
          .some((line) => /^hongmi_job_runs_total\{.*"seal".*\} [1-9]/.test(line)),
      ).toBe(true),
    { timeout: PATIENCE_MS, interval: 100 },
  );
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

/** What a PromQL expression names, without what a histogram adds to its name. */
function namesIn(expression: string): string[] {
  const names = expression.replace(/"[^"]*"/g, '""').match(/\b(hongmi|process)_[a-z_]+/g) ?? [];
  return names.map((name) => name.replace(/_(bucket|sum|count)$/, ''));
}

test('the dashboard draws every metric, and no other', async () => {
  const file = new URL('../../../docs/grafana/hongmi.json', import.meta.url);
  const dashboard = JSON.parse(readFileSync(file, 'utf8'));
  expect(dashboard).toMatchObject({ uid: 'hongmi', schemaVersion: 41 });
  const text = await scrape();
  const drawn = new Set<string>();
  const ids = new Set<number>();
  for (const panel of dashboard.panels) {
    ids.add(panel.id);
    if (panel.type === 'row') continue;
    expect(panel.datasource.uid, panel.title).toMatch(/^\$\{datasource\}$/);
    expect(panel.targets.length, panel.title).toBeGreaterThan(0);
    for (const { expr } of panel.targets) {
      expect(namesIn(expr).length, expr).toBeGreaterThan(0);
      for (const name of namesIn(expr)) {
        expect(text, `${panel.title}: ${expr}`).toContain(`# TYPE ${name} `);
        drawn.add(name);
      }
      for (const [, labels = ''] of expr.matchAll(/by \(([^)]*)\)/g)) {
        const known = namesIn(expr).flatMap((name) => [...CATALOGUE[name as MetricName].labels]);
        for (const label of labels.split(', '))
          expect([...known, 'le', 'instance'], expr).toContain(label);
      }
    }
  }
  expect(ids.size).toBe(dashboard.panels.length);
  expect([...drawn].sort()).toEqual(Object.keys(CATALOGUE).sort());
});

test.each(['metrics.md', 'metrics.zh-CN.md'])(
  'docs/%s names every metric, and no other',
  (name) => {
    const text = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
    const rows = [...text.matchAll(/^\| `((?:hongmi|process)_[a-z_]+)` \| (\w+) \| ([^|]*) \|/gm)];
    const described = rows.map(([, metric, kind, labels = '']) => [
      metric,
      kind,
      [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
    ]);
    expect(described).toEqual(
      Object.entries(CATALOGUE).map(([metric, { kind, labels }]) => [metric, kind, [...labels]]),
    );
  },
);

test('a finding shows in the metrics, in health and in its list, until someone acknowledges it', async () => {
  const health = async () => {
    const answer = await fetch(`${server.url}/v1/health`);
    return [answer.status, ((await answer.json()) as { status: string }).status];
  };
  const get = async (path: string) => {
    const headers = { authorization: `Bearer ${server.rootKey.secret}` };
    const answer = await fetch(`${server.url}/v1${path}`, { headers });
    // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers is looked at below
    return (await answer.json()) as any;
  };
  const meter = new Meter();
  const log = { error: () => {} };
  const round = () => reconcile({ pool: server.pool, clock: systemClock, log, meter });
  expect(await health()).toEqual([200, 'ok']);
  const before = await scrape();
  const lagging = [0, 1].map((shard) =>
    figure(before, `hongmi_ledger_verify_lag_blocks{shard="${shard}"}`),
  );
  expect((lagging[0] ?? 0) + (lagging[1] ?? 0)).toBe(2);
  expect(figure(before, 'hongmi_ledger_unsealed_seconds')).toBeGreaterThan(0);

  await server.pool.query('update ledger.member_account set free = free + 1');
  expect(await round()).toBe(2);
  // Health is asked of the database once a second at most.
  await expect.poll(health, { timeout: PATIENCE_MS }).toEqual([200, 'degraded']);
  const after = await scrape();
  for (const shard of [0, 1]) {
    expect(figure(after, `hongmi_ledger_verify_lag_blocks{shard="${shard}"}`)).toBe(0);
    expect(figure(after, `hongmi_ledger_verify_lag_seconds{shard="${shard}"}`)).toBe(0);
  }
  const { items } = await get('/ledger/findings?open=true');
  expect(items.length).toBeGreaterThan(0);
  expect(figure(after, 'hongmi_ledger_findings')).toBe(items.length);
  expect(items[0]).toMatchObject({ invariant: 'state', acknowledged: null });
  const { items: first, nextCursor } = await get('/ledger/findings?limit=1');
  expect(first).toEqual([items[0]]);
  expect((await get(`/ledger/findings?limit=1&cursor=${nextCursor}`)).items).toEqual([items[1]]);
  expect(await get('/ledger/findings?cursor=x')).toMatchObject({ code: 'cursor_invalid' });

  const note = 'a test changed it';
  for (const { id } of items) {
    const done = await post(`/v1/ledger/findings/${id}/acknowledgement`, { note });
    expect(done).toMatchObject({ status: 200, body: { id, acknowledged: { note } } });
  }
  const path = `/v1/ledger/findings/${items[0].id}/acknowledgement`;
  expect(await post(path, { note })).toMatchObject({ status: 409 });
  expect(await post('/v1/ledger/findings/99/acknowledgement', { note })).toMatchObject({
    status: 404,
  });
  await expect.poll(health, { timeout: PATIENCE_MS }).toEqual([200, 'ok']);
  expect((await get('/ledger/findings?open=true')).items).toEqual([]);
  expect((await get('/ledger/findings')).items).toHaveLength(items.length);
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
