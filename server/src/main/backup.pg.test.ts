import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Heads, readHeads } from '../ledger/read.ts';
import { lineOf, showSeal } from '../ledger/seals/seal-json.ts';
import { readConfig } from '../platform/config.ts';
import { BackupError, type BackupMade, backUp } from './backup.ts';
import { restoreBackup } from './restore.ts';
import { type RunningServer, runServer } from './server.ts';

const MASTER_KEY = randomBytes(32).toString('hex');
const ROOT_KEY = `hm_${randomBytes(16).toString('hex')}`;

let folder: string;
let server: RunningServer;
let merchantId: string;
const members: string[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hongmi-backup 备份-'));
  server = await serve('original');
  const shop = { name: 'Shop', category: 'fruit', earnRatio: { points: 1, perFen: 100 } };
  merchantId = (await write('/merchants', shop)).id;
  for (let n = 0; n < 12; n += 1)
    members.push((await write('/members', { externalIds: { test: `${n}` } })).id);
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function serve(name: string): Promise<RunningServer> {
  const env = {
    HONGMI_LEDGER_THREADS: '0',
    HONGMI_PORT: '0',
    HONGMI_DEMO: 'off',
    HONGMI_DATA_DIR: join(folder, name),
    HONGMI_MASTER_KEY: MASTER_KEY,
    HONGMI_ROOT_KEY: ROOT_KEY,
  };
  return runServer(readConfig(env), { log: pino({ level: 'silent' }) });
}

let keys = 0;
async function call(path: string, body?: object, key?: string): Promise<Told> {
  keys += 1;
  const answer = await fetch(`${server.url}/v1${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${ROOT_KEY}`,
      'idempotency-key': key ?? `k${keys}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const told = (await answer.json()) as Told;
  expect(answer.status, JSON.stringify(told)).toBeLessThan(300);
  return told;
}
const write = (path: string, body: object, key?: string): Promise<Told> => call(path, body, key);
interface Told {
  readonly id: string;
  readonly balances: readonly { readonly available: number }[];
  readonly transaction: { readonly id: string };
}

/** One issue for a member, under a key; answers its transaction. */
async function issue(n: number, key: string): Promise<string> {
  const memberId = members[n % members.length];
  const body = { kind: 'issue', memberId, merchantId, points: 10, reason: 'test' };
  return (await write('/transactions', body, key)).transaction.id;
}

test('a backup taken under load restores to what was acknowledged, and names what came later', async () => {
  const before = new Map<string, string>();
  for (let n = 0; n < 30; n += 1) before.set(`before-${n}`, await issue(n, `before-${n}`));

  let backed: BackupMade | undefined;
  const file = join(folder, 'backup.tar.gz');
  const backing = backUp({ dataDir: join(folder, 'original'), file }).then((made) => {
    backed = made;
  });
  for (let n = 0; backed === undefined; n += 1) await issue(n, `during-${n}`);
  await backing;
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  // One name is never written twice.
  await expect(backUp({ dataDir: join(folder, 'original'), file })).rejects.toThrow(BackupError);

  for (let n = 0; n < 12; n += 1) await issue(n, `after-${n}`);
  const end: Heads = await readHeads(server.pool);
  const sealFile = join(folder, 'seals.jsonl');
  writeFileSync(sealFile, `not a seal\n${sealOf(end)}`);
  await server.close();

  const restored = await restoreBackup({ dataDir: join(folder, 'restored'), file, sealFile });
  expect(restored.verification.findings).toEqual([]);
  expect(restored.broken).toEqual([]);
  expect(restored.backup.heads).toHaveLength(8);

  server = await serve('restored');
  const now = await readHeads(server.pool);
  expect(restored.seals?.seal).toBe(7);
  expect(restored.seals?.gaps).toEqual(
    end.heads.flatMap(({ shard, block }) => {
      const from = (now.heads[shard]?.block ?? 0) + 1;
      return from > block ? [] : [{ shard, from, to: block, kind: 'missing' }];
    }),
  );
  expect(restored.seals?.gaps.length).toBeGreaterThan(0);
  // Everything acknowledged before is there under its key, and what is missing can be sent again.
  for (const [key, id] of before) expect(await issue(Number(key.slice(7)), key)).toBe(id);
  for (let n = 0; n < 12; n += 1) await issue(n, `after-${n}`);
});

test('another history at a sealed place is told', async () => {
  const dataDir = join(folder, 'stopped');
  const file = join(folder, 'other.tar');
  const sealFile = join(folder, 'other.jsonl');
  const heads = await readHeads(server.pool);
  const one = heads.heads.find((head) => head.block > 0);
  if (one === undefined) throw new Error('nothing was written');
  const { shard, block } = one;
  const changed = heads.heads.map((head) =>
    head.shard === shard ? { ...head, hash: 'ab'.repeat(32) } : head,
  );
  writeFileSync(sealFile, sealOf({ ...heads, heads: changed }));
  await server.close();
  // Without a server, the database is started for the purpose; the archive is not compressed.
  await backUp({ dataDir: join(folder, 'restored'), file });
  const { seals } = await restoreBackup({ dataDir, file, sealFile });
  expect(seals?.gaps).toEqual([{ shard, from: block, to: block, kind: 'different' }]);
  server = await serve('restored');
});

test('a damaged or cut backup restores nothing', async () => {
  const whole = readFileSync(join(folder, 'backup.tar.gz'));
  const tar = gunzipSync(whole);
  const header = Buffer.from(tar);
  header.write('x', 3);
  const flipped = Buffer.from(whole);
  flipped[whole.length >> 1] = (flipped[whole.length >> 1] ?? 0) ^ 0xff;
  const bad: Record<string, Buffer> = {
    'cut.tar.gz': whole.subarray(0, whole.length >> 1),
    'cut.tar': tar.subarray(0, 5_000_000),
    'end.tar': tar.subarray(0, tar.length - 4096),
    'header.tar': header,
    'flipped.tar.gz': flipped,
    'letter.txt': Buffer.from('Dear customer, '.repeat(100)),
    empty: Buffer.alloc(0),
  };
  for (const [name, bytes] of Object.entries(bad)) {
    const file = join(folder, name);
    const dataDir = join(folder, `of ${name}`);
    writeFileSync(file, bytes);
    await expect(restoreBackup({ dataDir, file }), name).rejects.toThrow(BackupError);
    expect(existsSync(join(dataDir, 'postgres')), name).toBe(false);
    expect(readdirSync(dataDir).filter((each) => each.includes('unfinished'))).toEqual([]);
  }
});

test('a file that is not there is told before anything is restored', async () => {
  const dataDir = join(folder, 'nothing');
  const there = join(folder, 'backup.tar.gz');
  const gone = join(folder, 'gone');
  await expect(restoreBackup({ dataDir, file: gone })).rejects.toThrow(BackupError);
  await expect(restoreBackup({ dataDir, file: there, sealFile: gone })).rejects.toThrow(
    BackupError,
  );
  expect(existsSync(dataDir)).toBe(false);
});

test('a folder with a database in it, or a server on it, is left alone', async () => {
  const file = join(folder, 'backup.tar.gz');
  await expect(restoreBackup({ dataDir: join(folder, 'stopped'), file })).rejects.toThrow(
    'holds a database already',
  );
  await expect(restoreBackup({ dataDir: join(folder, 'restored'), file })).rejects.toThrow(
    'already runs',
  );
});

function sealOf({ ledgerId, heads }: Heads): string {
  const hash = Buffer.alloc(32);
  return lineOf(ledgerId, {
    seal: showSeal({
      number: 7,
      sealedAt: Date.UTC(2027, 0, 1),
      previousHash: hash,
      keyId: '00'.repeat(16),
      root: hash,
      hash,
      signature: Buffer.alloc(64),
      heads: heads.map((head) => ({ block: head.block, hash: Buffer.from(head.hash, 'hex') })),
    }),
  });
}
