import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readHeads } from '../ledger/read.ts';
import { readConfig } from '../platform/config.ts';
import { createPool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { runServer } from './server.ts';

const folder = mkdtempSync(join(tmpdir(), 'hongmi-last-seal-'));
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** Runs a server, issues points at it, stops it; answers the messages of its log. */
async function runOnce(key: string, sealFile: string, role: string): Promise<string[]> {
  const logged: string[] = [];
  const write = (line: string): void => void logged.push((JSON.parse(line) as { msg: string }).msg);
  const config = readConfig({
    HONGMI_LEDGER_THREADS: '0',
    HONGMI_PORT: '0',
    HONGMI_DATA_DIR: join(folder, 'data'),
    HONGMI_SEAL_FILE: sealFile,
    HONGMI_ROLE: role,
    HONGMI_ROOT_KEY: 'hm_root_of_the_test',
    HONGMI_MASTER_KEY: 'ab'.repeat(32),
    DATABASE_URL: database.url,
    HONGMI_SHARDS: '4',
  });
  const server = await runServer(config, { log: pino({ level: 'error' }, { write }) });
  const post = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${server.url}/v1/${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${server.rootKey.secret}`,
        'content-type': 'application/json',
        'idempotency-key': `${path}-${key}`,
      },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as Record<string, unknown>;
  };
  try {
    const earnRatio = { points: 1, perFen: 100 };
    const { id: merchantId } = await post('merchants', { name: key, category: 'fruit', earnRatio });
    const { id: memberId } = await post('members', { externalIds: { pos: key } });
    await post('transactions', {
      kind: 'issue',
      memberId,
      merchantId,
      points: 7,
      reason: 'welcome',
    });
  } finally {
    await server.close();
  }
  return logged;
}

async function heads(): Promise<readonly { block: number; hash: string }[]> {
  const pool = createPool({ url: database.url, name: 'test', connectionsMax: 1 });
  try {
    return (await readHeads(pool)).heads.map(({ block, hash }) => ({ block, hash }));
  } finally {
    await pool.end();
  }
}

function sealed(file: string): unknown[] {
  const last = readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) as string;
  const { seal } = JSON.parse(last) as { seal: { heads: { block: number; hash: string }[] } };
  return seal.heads.map(({ block, hash }) => ({ block, hash }));
}

test('a server that stops seals what is not sealed yet; one that only serves leaves it to the workers', async () => {
  const file = join(folder, 'seals.jsonl');
  expect(await runOnce('first', file, 'all')).toEqual([]);
  const before = sealed(file);
  expect(before).toEqual(await heads());
  expect(await runOnce('second', file, 'api')).toEqual([]);
  expect(sealed(file)).toEqual(before);
});

test('a seal that cannot be made is told and does not keep the server from stopping', async () => {
  const noFile = join(folder, 'no-file');
  mkdirSync(noFile);
  expect(await runOnce('third', noFile, 'all')).toContain(
    'what changed since the last seal was not sealed; the next start will',
  );
});
