import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { drive, type LoadJob } from './drive.ts';
import type { WorkloadSpec } from './workload.ts';

const folder = mkdtempSync(join(tmpdir(), 'hongmi-drive-'));
const membersFile = join(folder, 'members.txt');
writeFileSync(membersFile, ['mem_a', 'mem_b', 'mem_c'].join('\n'));
afterAll(() => rmSync(folder, { recursive: true }));
const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanUps.splice(0)) clean();
});

interface Seen {
  readonly keys: Set<string>;
  requests: number;
  commands: number;
}

/** A server that counts what it gets and answers what it is told. */
async function countingServer(answer: (nth: number) => { status: number; body: string }) {
  const seen: Seen = { keys: new Set(), requests: 0, commands: 0 };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      seen.requests += 1;
      seen.keys.add(String(request.headers['idempotency-key']));
      const body = JSON.parse(Buffer.concat(parts).toString('utf8') || 'null') as {
        transactions?: unknown[];
      } | null;
      seen.commands += body?.transactions?.length ?? 1;
      const { status, body: text } = answer(seen.requests);
      response.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close());
  const job = (workload: Partial<WorkloadSpec>, rest: Partial<LoadJob> = {}): LoadJob => ({
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    workload: {
      kind: 'single',
      members: 'uniform',
      merchants: ['mer_a'],
      membersFile,
      key: 'k',
      run: 'r',
      seed: 1,
      ...workload,
    },
    connections: 4,
    warmupSeconds: 0.05,
    seconds: 0.3,
    ...rest,
  });
  return { seen, job };
}

test('everything the server answered is acknowledged, warm-up and end included, each under its own key', async () => {
  const { seen, job } = await countingServer(() => ({ status: 201, body: '{}' }));
  const windows: string[] = [];
  const result = await drive(job({}), (at) => windows.push(at));
  expect(result.acknowledged).toBe(seen.requests);
  expect(seen.keys.size).toBe(seen.requests);
  expect(result.statuses).toEqual({ 201: seen.requests });
  expect(result.lost).toBe(0);
  expect(result.requestsPerSecond).toBeGreaterThan(0);
  expect(result.requestsPerSecond * 0.3).toBeLessThanOrEqual(seen.requests);
  expect(windows).toEqual(['begin', 'end']);
});

test('refused items of a bulk request and refused single requests are counted', async () => {
  const problem = '{"status":"refused","problem":{"code":"x"}}';
  const many = await countingServer(() => ({
    status: 200,
    body: `{"results":[${problem},${problem},{"status":"applied"}]}`,
  }));
  const bulk = await drive(many.job({ kind: 'bulk', commands: 3 }), () => undefined);
  expect(bulk.acknowledged).toBe(many.seen.commands);
  expect(bulk.refused).toBe(many.seen.requests * 2);

  const one = await countingServer((nth) => ({ status: nth % 2 === 0 ? 422 : 201, body: '{}' }));
  const single = await drive(one.job({}), () => undefined);
  expect(single.acknowledged).toBe(one.seen.requests);
  expect(single.refused).toBe(single.statuses['422']);
});

test('what the server cannot do is not acknowledged', async () => {
  const { seen, job } = await countingServer((nth) => ({
    status: nth <= 3 ? 503 : 201,
    body: '{}',
  }));
  const result = await drive(job({}), () => undefined);
  expect(result.statuses['503']).toBe(3);
  expect(result.acknowledged).toBe(seen.requests - 3);
});

test('a pace is kept', async () => {
  const { seen, job } = await countingServer(() => ({ status: 201, body: '{}' }));
  await drive(job({}, { requestsPerSecond: 100, warmupSeconds: 0, seconds: 1 }), () => undefined);
  expect(seen.requests).toBeGreaterThan(85);
  expect(seen.requests).toBeLessThanOrEqual(104);
});
