import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Pool } from '../../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/postgres/test-database.ts';
import type { Command } from '../command.ts';
import { createLedger } from '../create-ledger.ts';
import type { Ledger } from '../ledger.ts';
import { createLedgerPool } from '../pool.ts';
import { createSealing } from '../seals/sealing.ts';
import { openSigningKeys } from '../seals/signing-keys.ts';
import { ledgerIdentity, verifyLedger } from '../verify.ts';
import { exportLedger } from './export-write.ts';
import { tellFinding } from './finding.ts';
import { verifyExport } from './verify-export.ts';

const DAY = 86_400_000;
const clock = manualClock(Date.parse('2026-01-05T08:00:00Z'));
const shop = newId(clock.now());
const folder = mkdtempSync(join(tmpdir(), 'hongmi-export-'));
let database: TestDatabase;
let pool: Pool;
let ledger: Ledger;
/** The lines of the export that the tests change. */
let lines: string[];

let keys = 0;
async function run(member: Uuid, command: Record<string, unknown>): Promise<Uuid> {
  keys += 1;
  const common = { key: `key ${keys}`, programme: 1, pointType: 1, member, effectiveAt: null };
  const { transaction } = await ledger.submit({ ...common, ...command } as Command);
  return transaction?.id as Uuid;
}

async function written(withDetail = false): Promise<string> {
  let text = '';
  const write = async (more: string): Promise<void> => {
    text += more;
  };
  await exportLedger(pool, await ledgerIdentity(pool), write, { withDetail });
  return text;
}

function fileOf(text: string, name = 'export.jsonl'): string {
  const path = join(folder, name);
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  return path;
}

async function found(text: string): Promise<string[]> {
  const { ok, findings } = await verifyExport(fileOf(text), {});
  expect(ok).toBe(findings.length === 0);
  return findings.map(({ about, message }) => `${about}: ${message}`);
}

const SECOND = fileURLToPath(new URL('../../../../docs/verify/verify.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** What the second verifier thinks of a file; what is expected where there is no Python. */
function secondSays(verifies: boolean, path: string, ...seals: string[]): boolean {
  if (!hasPython) return verifies;
  const { status, stdout, stderr } = spawnSync('python3', [SECOND, path, ...seals]);
  expect([0, 1], `${stdout}${stderr}`).toContain(status);
  return status === 0;
}

/** The export with the first line that has `part` changed; the line must be there. */
function changed(part: string, change: (line: string) => string): string {
  const at = lines.findIndex((line) => line.includes(part));
  const line = lines[at] as string;
  const after = change(line);
  expect(after).not.toBe(line);
  return lines.with(at, after).join('\n');
}

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 2);
  ledger = await createLedger({ pool, clock, programmeClock: () => clock.now(), shards: 2 });
  for (let n = 0; n < 4; n += 1) {
    let member = newId(clock.now());
    while (ledger.shardOf(member) !== n % 2) member = newId(clock.now());
    const detail = { reason: `首单 ${n}` };
    const limits = [{ counter: 'signup', max: 1_000, mode: 'all' }];
    const expiresAt = clock.now() + 30 * DAY;
    const issue = { kind: 'issue', merchant: shop, points: 100 + n, expiresAt, detail, limits };
    const funders = [{ merchant: shop, share: 1 }];
    const evidence = 'ab'.repeat(32);
    const earn = await run(member, { ...issue, funders, evidence, unitCost: 7 });
    await run(member, { kind: 'burn', merchant: shop, points: 1_000 });
    const burn = await run(member, { kind: 'burn', merchant: shop, points: 30 });
    const until = clock.now() + DAY;
    await run(member, { kind: 'hold', merchant: shop, points: 20, expiresAt: until });
    await run(member, { kind: 'refund', burn, points: 5, graceMs: DAY });
    await run(member, { kind: 'return', earn, points: 100, policy: 'debt', limits });
  }
  lines = (await written()).trimEnd().split('\n');
});

afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

test('an export verifies as its database does, packed or not, with detail or without', async () => {
  const expected = await verifyLedger(pool);
  expect(expected).toMatchObject({ ok: true, transactions: 24 });
  for (const withDetail of [false, true])
    for (const name of ['whole.jsonl', 'whole.jsonl.gz']) {
      const path = fileOf(await written(withDetail), name);
      expect(await verifyExport(path, {})).toEqual(expected);
      expect(secondSays(true, path)).toBe(true);
    }
});

test('keys and free text stay out unless they are asked for', async () => {
  expect(lines.join('\n')).not.toMatch(/首单|key 1|salt/);
  expect(await written(true)).toMatch(/"key":"key 1".*首单 0/);
});

test.each<[what: string, change: () => string, words: RegExp]>([
  [
    'points of an entry',
    () =>
      changed('{"transaction"', (line) => line.replace('"entries":[[1,1,4', '"entries":[[1,1,7')),
    /transaction txn_\w+: its row, its entries or its lots were changed/,
  ],
  [
    'the terms of a lot',
    () => changed('"lots":[{', (line) => line.replace('"unitCost":7', '"unitCost":8')),
    /its row, its entries or its lots were changed/,
  ],
  [
    'a mark',
    () => changed('counter signup', (line) => line.replace('counter signup', 'counter Signup')),
    /its row, its entries or its lots were changed/,
  ],
  [
    'a transaction that is not there',
    () =>
      lines
        .toSpliced(
          lines.findIndex((line) => line.startsWith('{"transaction"')),
          1,
        )
        .join('\n'),
    /it is missing/,
  ],
  [
    'a block header',
    () => changed('{"block"', (line) => line.replace(/"recordedAt":\d/, '"recordedAt":2')),
    /block 1: its header was changed/,
  ],
  [
    'a block that is not there',
    () => {
      const at = lines.findIndex((line) => line.startsWith('{"block"'));
      return lines.toSpliced(at, 2).join('\n');
    },
    /blocks between them are missing/,
  ],
  [
    'a balance',
    () => changed('{"account"', (line) => line.replace(/"held":\d+/, '"held":999')),
    /account of member mem_\w+: held is 999, the entries say 20/,
  ],
  [
    'a lot of the state',
    () => changed('{"lot"', (line) => line.replace(/"remaining":\d+/, '"remaining":77')),
    /lot lot_\w+: remaining is 77, the entries say/,
  ],
  [
    'a lot of the state that is not there',
    () =>
      lines
        .toSpliced(
          lines.findIndex((line) => line.startsWith('{"lot"')),
          1,
        )
        .join('\n'),
    /lot lot_\w+: it is missing/,
  ],
  [
    'an issuer',
    () => changed('{"counterAccount"', (line) => line.replace(/"balance":"-?\d+/, '"balance":"12')),
    /account of mer_\w+: its balance is/,
  ],
  [
    'the head',
    () => changed('{"head"', (line) => line.replace(/"block":\d+/, '"block":99')),
    /head: it names block 99/,
  ],
  [
    'the ledger it says it is',
    () =>
      changed('"header"', (line) => line.replace(/"ledgerId":"......../, '"ledgerId":"00000000')),
    /it does not name the hash of the block before it/,
  ],
])('finds %s that was changed', async (_what, change, words) => {
  const text = change();
  const count = text.split('\n').length;
  const whole = text.replace(/"lines":\d+/, `"lines":${count}`);
  expect((await found(whole)).join('\n')).toMatch(words);
  expect(secondSays(false, fileOf(whole))).toBe(false);
});

test('finds free text that was changed, in either language', async () => {
  const text = (await written(true)).replace('首单 0', '首单 9');
  expect(secondSays(false, fileOf(text))).toBe(false);
  const { findings } = await verifyExport(fileOf(text), {});
  expect(findings.map((each) => tellFinding(each, 'en').message)).toEqual([
    'its key, request or free text were changed: they no longer match its commitment',
  ]);
  expect(findings.map((each) => tellFinding(each, 'zh'))).toEqual([
    { about: expect.stringMatching(/^交易 txn_/), message: expect.stringContaining('承诺值不符') },
  ]);
});

test.each<[what: string, text: () => string, words: RegExp]>([
  ['was cut off', () => lines.slice(0, -1).join('\n'), /the end is missing/],
  ['was cut off within a line', () => lines.join('\n').slice(0, -5), /not a JSON object/],
  ['has a line twice', () => lines.toSpliced(-1, 0, lines.at(-2) as string).join('\n'), /lines/],
  ['is of another format', () => changed('"header"', (l) => l.replace('n":1', 'n":2')), /format/],
  ['is something else', () => 'id,points\n1,2\n', /not a JSON object/],
  ['is empty', () => '', /not the head of an export/],
])('refuses a file that %s', async (_what, text, words) => {
  await expect(verifyExport(fileOf(text()), {})).rejects.toThrow(words);
  expect(secondSays(false, fileOf(text()))).toBe(false);
});

test('refuses what only looks packed', async () => {
  const path = join(folder, 'false.jsonl.gz');
  writeFileSync(path, readFileSync(fileOf(lines.join('\n'))));
  await expect(verifyExport(path, {})).rejects.toThrow(/header/);
});

test('an export that is made while others write is of one moment for every shard', async () => {
  let writing = true;
  const members = Array.from({ length: 20 }, () => newId(clock.now()));
  const writers = members.map(async (member) => {
    while (writing) await run(member, { kind: 'issue', merchant: shop, points: 3 });
  });
  for (let round = 0; round < 3; round += 1) expect(await found(await written())).toEqual([]);
  writing = false;
  await Promise.all(writers);
  expect(await found(await written())).toEqual([]);
});

test('holds an export against seals that were kept elsewhere, as the second verifier does', async () => {
  const keys = openSigningKeys(folder, undefined);
  const programmes = () => [];
  const sealing = createSealing({ pool, clock, keys, dataDir: folder, programmes });
  const sealFile = join(folder, 'seals.jsonl');
  await sealing.seal();
  const path = fileOf(await written());
  const first = readFileSync(sealFile, 'utf8').split('\n', 1)[0] as string;
  const { key } = JSON.parse(first) as { key: { publicKey: string } };
  const judge = async (publicKey: string): Promise<[ours: boolean, second: boolean]> => {
    const trusted = [Buffer.from(publicKey, 'hex')];
    const { ok } = await verifyExport(path, { sealFile, trusted });
    return [ok, secondSays(ok, path, sealFile, publicKey)];
  };
  expect(await judge(key.publicKey)).toEqual([true, true]);
  const another = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c';
  expect(await judge(another)).toEqual([false, false]);
  // What a crash left half written is passed over.
  writeFileSync(sealFile, `{"ledgerId":"${'\n'}${readFileSync(sealFile, 'utf8')}`);
  expect(await judge(key.publicKey)).toEqual([true, true]);
  // A later seal has blocks that the export lacks, as if its end had been cut off.
  await run(newId(clock.now()), { kind: 'issue', merchant: shop, points: 3 });
  clock.advance(60_000);
  await sealing.seal();
  expect(await judge(key.publicKey)).toEqual([false, false]);
  // A key that the trusted one introduced signs on; a day's publication is one document.
  await sealing.rotateKey();
  await run(newId(clock.now()), { kind: 'issue', merchant: shop, points: 3 });
  await sealing.seal();
  const rotated = fileOf(await written(), 'rotated.jsonl');
  const kept = readFileSync(sealFile, 'utf8').trimEnd().split('\n').slice(1);
  const told = kept.map((line) => JSON.parse(line) as Record<string, object | undefined>);
  const publication = fileOf(
    JSON.stringify(
      {
        ledgerId: told[0]?.ledgerId,
        format: 1,
        keys: told.flatMap((line) => line.key ?? []),
        seal: told.at(-1)?.seal,
      },
      null,
      2,
    ),
    'publication.json',
  );
  for (const file of [sealFile, publication]) {
    const trusted = [Buffer.from(key.publicKey, 'hex')];
    const { ok } = await verifyExport(rotated, { sealFile: file, trusted });
    expect([ok, secondSays(ok, rotated, file, key.publicKey)]).toEqual([true, true]);
  }
  // A forger's first key introduces a second, as if that made it one that is trusted.
  const forged = mkdtempSync(join(folder, 'forged-'));
  const other = createSealing({
    pool,
    clock,
    keys: openSigningKeys(forged, ['22', '33'].map((seed) => seed.repeat(32)).join(',')),
    dataDir: forged,
    programmes,
  });
  await pool.query('delete from ledger.seal');
  await pool.query('delete from ledger.seal_key');
  await other.rotateKey();
  await other.rotateKey();
  await other.seal();
  const forgery = join(forged, 'seals.jsonl');
  const own = fileOf(await written());
  const { ok } = await verifyExport(own, {
    sealFile: forgery,
    trusted: [Buffer.from(key.publicKey, 'hex')],
  });
  expect([ok, secondSays(ok, own, forgery, key.publicKey)]).toEqual([false, false]);
});
