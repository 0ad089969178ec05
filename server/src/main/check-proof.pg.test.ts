import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, showId, type Uuid } from '../kernel/id.ts';
import { createLedger } from '../ledger/create-ledger.ts';
import { createLedgerPool } from '../ledger/pool.ts';
import { type Proof, proveTransaction } from '../ledger/seals/prove-transaction.ts';
import { createSealing, type Sealing } from '../ledger/seals/sealing.ts';
import { openSigningKeys } from '../ledger/seals/signing-keys.ts';
import { readSealKeys } from '../ledger/seals/store.ts';
import type { Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { checkProofFile } from './check-proof.ts';

const SECOND = fileURLToPath(new URL('../../../docs/verify/verify_proof.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
const clock = manualClock(Date.parse('2026-01-05T08:00:00Z'));
const folder = mkdtempSync(join(tmpdir(), 'hongmi-proof-'));
const [proofFile, keyFile, sealFile] = ['proof.json', 'keys.txt', 'seals.jsonl'].map((name) =>
  join(folder, name),
) as [string, string, string];
const member = newId(clock.now());
let database: TestDatabase;
let pool: Pool;
let sealing: Sealing;
let transaction: Uuid;
let unsealed: Proof;
let proof: Proof;
let keys: string[];

/** Two transactions in blocks of their own and a seal over both, by the second of two keys. */
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 2);
  const ledger = await createLedger({ pool, clock, programmeClock: () => clock.now(), shards: 5 });
  const seeds = ['22', '11'].map((seed) => seed.repeat(32)).join(',');
  const signing = openSigningKeys(folder, seeds);
  sealing = createSealing({ pool, clock, keys: signing, dataDir: folder, programmes: () => [] });
  await sealing.rotateKey();
  await sealing.rotateKey();
  const prove = async (): Promise<Proof> => (await proveTransaction(pool, transaction)) as Proof;
  for (const points of [700, 5]) {
    const of = { programme: 1, pointType: 1, member, effectiveAt: null, merchant: member };
    const answer = await ledger.submit({ ...of, kind: 'issue', key: `issue ${points}`, points });
    transaction ??= answer.transaction?.id as Uuid;
    unsealed ??= await prove();
  }
  await sealing.seal();
  proof = await prove();
  keys = (await readSealKeys(pool)).map((key) => key.publicKey.toString('hex'));
});

afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

/** What both checks say of a proof. */
async function judge(shown: object, key: string, seals?: string): Promise<string> {
  writeFileSync(proofFile, JSON.stringify(shown));
  writeFileSync(keyFile, `# ours\n${key}\n`);
  const verdict = await checkProofFile({ proof: proofFile, keys: keyFile, seals });
  if (hasPython && seals === undefined) {
    const { status, stderr } = spawnSync('python3', ['-B', SECOND, proofFile, key]);
    expect([status, String(stderr)]).toEqual([verdict.ok ? 0 : 1, '']);
  }
  return verdict.ok ? 'ok' : verdict.fault;
}

test('a proof holds with the key alone, and says what it proves', async () => {
  expect(await judge(proof, keys[1] as string)).toBe('ok');
  expect(await checkProofFile({ proof: proofFile, keys: keyFile })).toMatchObject({
    proven: {
      transaction: showId('transaction', transaction),
      kind: 'issue',
      isRefused: false,
      member: showId('member', member),
      points: 700,
      effectiveAt: '2026-01-05T08:00:00.000Z',
      block: 1,
      position: 0,
      seal: { number: 1, sealedAt: '2026-01-05T08:00:00.000Z' },
    },
  });
});

test('an unsealed one does not, nor one with another key', async () => {
  expect(await judge(unsealed, keys[1] as string)).toBe('unsealed');
  expect(await judge(proof, keys[0] as string)).toBe('key');
});

test('whatever is changed in it, both checks say no', async () => {
  const flip = (hex: string): string => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0');
  const seal = proof.seal as NonNullable<Proof['seal']>;
  const changed: [fault: string, change: Partial<Proof>][] = [
    ['path', { leaf: flip(proof.leaf) }],
    ['path', { position: 1 }],
    ['path', { path: [flip(proof.leaf.slice(0, 64))] }],
    ['blocks', { blocks: proof.blocks.map(flip) }],
    ['blocks', { blocks: [proof.blocks[0] as string, proof.blocks[0] as string] }],
    ['form', { blocks: [] }],
    ['head', { headPath: proof.headPath.map(flip) }],
    ['head', { shards: 4 }],
    ['root', { ledgerId: member }],
    ['root', { seal: { ...seal, number: 2 } }],
    ['signature', { seal: { ...seal, signature: flip(seal.signature) } }],
  ];
  for (const [fault, change] of changed)
    expect([change, await judge({ ...proof, ...change }, keys[1] as string)]).toEqual([
      change,
      fault,
    ]);
});

test('kept seals introduce later keys, and must have the same seal', async () => {
  expect(await judge(proof, keys[0] as string, sealFile)).toBe('ok');
  const kept = readFileSync(sealFile, 'utf8');
  const without = join(folder, 'without.jsonl');
  writeFileSync(without, kept.replace(/"number":1,"sealedAt"/, '"number":7,"sealedAt"'));
  expect(await judge(proof, keys[1] as string, without)).toBe('seal_missing');
  const bent = { ...proof, seal: { ...proof.seal, hash: 'ab'.repeat(32) } };
  expect(await judge(bent, keys[1] as string, sealFile)).toBe('seal_otherwise');
});

test('what is no proof is told by its file', async () => {
  for (const text of ['', '[]', '{}', JSON.stringify({ ...proof, ledgerId: 'x' })]) {
    writeFileSync(proofFile, text);
    await expect(checkProofFile({ proof: proofFile, keys: keyFile })).rejects.toThrow('holds no');
  }
});
