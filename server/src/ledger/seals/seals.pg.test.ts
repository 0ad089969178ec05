import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Pool } from '../../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/postgres/test-database.ts';
import { createLedger } from '../create-ledger.ts';
import type { Ledger } from '../ledger.ts';
import { readIdentity } from '../open.ts';
import { createLedgerPool } from '../pool.ts';
import { readHeads } from '../read.ts';
import { checkProof } from './check-proof.ts';
import { type Proof, proveTransaction } from './prove-transaction.ts';
import { keyBytes, rootOfHeads, sealBytes } from './seal.ts';
import { readSealKeyShown, readSealShown } from './seal-json.ts';
import { createSealing, type Sealing } from './sealing.ts';
import { isSignedBy, openSigningKeys, verifyingKey } from './signing-keys.ts';
import { findCovering, readSealKeys, readSeals } from './store.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-01-05T08:00:00Z');
let database: TestDatabase;
let pool: Pool;
let ledger: Ledger;
let dataDir: string;
let sealing: Sealing;
let ledgerId: Uuid;
let clock = manualClock(START);

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 4);
  ledger = await createLedger({
    pool,
    clock: { now: () => clock.now() },
    programmeClock: () => clock.now(),
    shards: 3,
  });
  ledgerId = (await readIdentity(pool))?.ledgerId as Uuid;
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'hongmi-seals-'));
  sealing = open();
});
afterEach(async () => {
  await pool.query('truncate ledger.seal, ledger.seal_key');
  rmSync(dataDir, { recursive: true });
});

function open(given?: string, folder = dataDir, timeZone = 'Asia/Shanghai'): Sealing {
  return createSealing({
    pool,
    clock: { now: () => clock.now() },
    keys: openSigningKeys(folder, given),
    dataDir: folder,
    programmes: () => [{ code: 'default', timeZone }],
  });
}

const shop = newId(START);
let keys = 0;
/** Issues a point in a shard and answers the transaction. */
async function issue(shard = 0): Promise<Uuid> {
  let member = newId(clock.now());
  while (ledger.shardOf(member) !== shard) member = newId(clock.now());
  keys += 1;
  const common = { key: `k${keys}`, programme: 1, pointType: 1, member, effectiveAt: null };
  const answer = await ledger.submit({ ...common, kind: 'issue', merchant: shop, points: 7 });
  if (answer.transaction === null) throw new Error('not recorded');
  return answer.transaction.id;
}

async function sealed(shard = 0): Promise<Uuid> {
  const id = await issue(shard);
  clock.advance(MINUTE);
  expect(await sealing.seal()).toBe(1);
  return id;
}

const file = (): string => join(dataDir, 'seals.jsonl');
const lines = (): { seal?: { number: number }; key?: { number: number } }[] =>
  readFileSync(file(), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const numbers = (): string[] =>
  lines().map((line) => (line.key ? `key ${line.key.number}` : `seal ${line.seal?.number}`));

describe('sealing', () => {
  it('signs where every chain ends, and says so again in the file', async () => {
    await sealed(0);
    const [seal] = await readSeals(pool, 0, 9);
    const [key] = await readSealKeys(pool);
    if (seal === undefined || key === undefined) throw new Error('nothing was sealed');
    const { heads } = await readHeads(pool);
    expect(seal.heads.map(({ block, hash }) => [block, hash.toString('hex')])).toEqual(
      heads.map(({ block, hash }) => [block, hash]),
    );
    const root = rootOfHeads(seal.heads);
    expect(seal).toMatchObject({ number: 1, sealedAt: clock.now(), root, keyId: key.id });
    const bytes = sealBytes(ledgerId, { ...seal, shards: 3, root });
    expect(isSignedBy(verifyingKey(key.publicKey), bytes, seal.signature)).toBe(true);
    bytes[20] = 1;
    expect(isSignedBy(verifyingKey(key.publicKey), bytes, seal.signature)).toBe(false);
    const [first, second] = lines() as { key: unknown; seal: unknown }[];
    expect(readSealKeyShown(first?.key)).toEqual(key);
    expect(readSealShown(second?.seal)).toEqual(seal);
  });

  it('waits until something changed, and chains each seal to the one before', async () => {
    await sealed(1);
    expect(await sealing.seal()).toBe(0);
    await sealed(2);
    const [first, second] = await readSeals(pool, 0, 9);
    expect(second?.previousHash).toEqual(first?.hash);
    expect(numbers()).toEqual(['key 1', 'seal 1', 'seal 2']);
  });

  it('never dates a seal before the one before it', async () => {
    await sealed();
    clock.advance(-MINUTE * 60);
    await issue();
    await sealing.seal();
    clock.advance(MINUTE * 60);
    const [first, second] = await readSeals(pool, 0, 9);
    expect(second?.sealedAt).toBe(first?.sealedAt);
  });

  it('of rounds that meet, one does it', async () => {
    await issue();
    const others = [open(), open(), open()];
    const made = await Promise.all([sealing, ...others].map((each) => each.seal()));
    expect(made.reduce((a, b) => a + b)).toBe(1);
    await sealing.seal();
    expect(numbers()).toEqual(['key 1', 'seal 1']);
    expect(readdirSync(join(dataDir, 'seal-keys'))).toHaveLength(1);
  });

  it('makes up for what a crash kept from the file, also after a half-written line', async () => {
    await sealed();
    const kept = readFileSync(file());
    await sealed();
    await sealed();
    writeFileSync(file(), Buffer.concat([kept, Buffer.from('{"ledgerId":"half')]));
    await sealing.seal();
    const text = readFileSync(file(), 'utf8').split('\n');
    expect(text[2]).toBe('{"ledgerId":"half');
    expect(text.filter((line) => line.includes('"seal":')).length).toBe(3);
    await sealed();
    expect(readFileSync(file(), 'utf8').split('\n')).toHaveLength(text.length + 1);
  });

  it('refuses to seal a database that lost what its file knows', async () => {
    await sealed();
    await sealed();
    await pool.query('delete from ledger.seal where number = 2');
    await issue();
    await expect(sealing.seal()).rejects.toThrow(/seal 2, which the database has not/);
    expect(await readSeals(pool, 0, 9)).toHaveLength(1);
    rmSync(file());
    expect(await sealing.seal()).toBe(1);
    expect(numbers()).toEqual(['key 1', 'seal 1', 'seal 2']);
    appendFileSync(file(), readFileSync(file(), 'utf8').replaceAll(ledgerId, newId(START)));
    await issue();
    await expect(sealing.seal()).rejects.toThrow(/another ledger/);
  });
});

describe('keys', () => {
  it('are files that only their owner reads', async () => {
    await sealed();
    const [name] = readdirSync(join(dataDir, 'seal-keys'));
    expect(name).toBe((await readSealKeys(pool))[0]?.id);
    const path = join(dataDir, 'seal-keys', name as string);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('are rotated: the old one introduces the new one, which signs from then on', async () => {
    await sealed();
    await sealing.rotateKey();
    await sealed();
    const [first, second] = await readSealKeys(pool);
    if (first === undefined || second === undefined) throw new Error('a key is missing');
    expect(second).toMatchObject({ number: 2, firstSeal: 2 });
    const bytes = keyBytes(ledgerId, second, first.publicKey);
    expect(isSignedBy(verifyingKey(first.publicKey), bytes, second.signature as Buffer)).toBe(true);
    const seals = await readSeals(pool, 0, 9);
    expect(seals.map((seal) => seal.keyId)).toEqual([first.id, second.id]);
    expect(numbers()).toEqual(['key 1', 'seal 1', 'key 2', 'seal 2']);
  });

  it('can be given, the newest last; a server without the current one says so', async () => {
    const [one, two] = ['11'.repeat(32), Buffer.alloc(32, 2).toString('base64')];
    await issue();
    await open(one).seal();
    await open(`${one},${two}`).rotateKey();
    await issue();
    const known = await readSealKeys(pool);
    await expect(open(one).seal()).rejects.toThrow(`the private key of seal key ${known[1]?.id}`);
    expect(await open(`${one}, ${two}`).seal()).toBe(1);
    expect(readdirSync(dataDir)).toEqual(['seals.jsonl']);
  });
});

describe('publications', () => {
  it('hold the last seal of every ended day of the programme, in its own time zone', async () => {
    clock = manualClock(Date.parse('2026-02-01T15:30:00Z')); // 23:30 in Shanghai
    await sealed();
    await sealed();
    clock.set(Date.parse('2026-02-01T16:00:00Z')); // the next day
    await sealed();
    const days = (): string[] => readdirSync(join(dataDir, 'publications', 'default')).sort();
    expect(days()).toEqual(['2026-02-01.json']);
    clock.advance(3 * 24 * 60 * MINUTE);
    await sealing.seal();
    expect(days()).toEqual(['2026-02-01.json', '2026-02-02.json']);
    const published = JSON.parse(
      readFileSync(join(dataDir, 'publications', 'default', '2026-02-01.json'), 'utf8'),
    );
    expect(published).toMatchObject({ ledgerId, programme: 'default', day: '2026-02-01' });
    expect(readSealShown(published.seal)).toEqual((await readSeals(pool, 1, 1))[0]);
    expect(readSealKeyShown(published.keys[0])).toEqual((await readSealKeys(pool))[0]);
  });
});

describe('a proof', () => {
  const trusted = async (): Promise<Map<string, Buffer>> =>
    new Map((await readSealKeys(pool)).map((key) => [key.id, key.publicKey]));
  const prove = async (id: Uuid): Promise<Proof> => (await proveTransaction(pool, id)) as Proof;

  it('leads from a transaction over later blocks to the first seal after it', async () => {
    await sealed(1);
    const id = await issue(1);
    const unsealed = await prove(id);
    expect(checkProof(unsealed, new Map())).toMatchObject({ transaction: id, seal: null });
    await issue(1);
    await sealed(2);
    await sealed(1);
    const proof = await prove(id);
    expect(proof.blocks).toHaveLength(2);
    expect(checkProof(proof, await trusted())).toMatchObject({
      transaction: id,
      shard: 1,
      seal: { number: 2 },
    });
    expect(checkProof(proof, new Map())).toBe('key');
  });

  it('holds for every transaction of a large block, and breaks with every part of it', async () => {
    const members = Array.from({ length: 60 }, () => newId(clock.now()));
    const answers = await ledger.submitAll(
      members.map((member, index) => ({
        kind: 'issue',
        key: `bulk ${index} ${members[0]}`,
        programme: 1,
        pointType: 1,
        member,
        effectiveAt: null,
        merchant: shop,
        points: 5,
        funders: [
          { merchant: shop, share: 2 },
          { merchant: member, share: 1 },
        ],
      })),
    );
    await sealed(0);
    const known = await trusted();
    for (const { transaction } of answers) {
      const proof = await prove(transaction?.id as Uuid);
      expect(checkProof(proof, known)).toMatchObject({ transaction: transaction?.id });
    }
    const proof = await prove(answers[0]?.transaction?.id as Uuid);
    const flip = (hex: string): string => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
    const end = (hex: string): string => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0');
    const seal = proof.seal as NonNullable<Proof['seal']>;
    const broken: [Proof, string][] = [
      [{ ...proof, leaf: end(proof.leaf) }, 'path'],
      [{ ...proof, position: proof.position + 1 }, 'path'],
      [{ ...proof, path: proof.path.map(flip) }, 'path'],
      [{ ...proof, blocks: proof.blocks.map(end) }, proof.blocks.length > 1 ? 'blocks' : 'head'],
      [{ ...proof, blocks: [] }, 'form'],
      [{ ...proof, headPath: proof.headPath.map(flip) }, 'head'],
      [{ ...proof, shards: 2 }, 'head'],
      [{ ...proof, ledgerId: newId(START) }, 'root'],
      [{ ...proof, seal: { ...seal, sealedAt: '2026-01-01T00:00:00.000Z' } }, 'root'],
      [{ ...proof, seal: { ...seal, root: flip(seal.root) } }, 'head'],
      [{ ...proof, seal: { ...seal, signature: end(seal.signature) } }, 'signature'],
      [{ ...proof, seal: { ...seal, keyId: flip(seal.keyId) } }, 'key'],
    ];
    for (const [bent, fault] of broken) expect(checkProof(bent, known)).toBe(fault);
  });

  it('holds for a refused transaction, whose leaf is the shortest', async () => {
    const member = newId(clock.now());
    const { transaction } = await ledger.submit({
      kind: 'burn',
      key: `refused ${member}`,
      programme: 1,
      pointType: 1,
      member,
      effectiveAt: null,
      merchant: shop,
      points: 5,
    });
    await sealed(0);
    const known = await trusted();
    expect(checkProof(await prove(transaction?.id as Uuid), known)).toMatchObject({
      transaction: transaction?.id,
      kind: 'burn',
      isRefused: true,
      member,
      points: 5,
    });
  });

  it('finds the first covering seal among many', async () => {
    const ids: Uuid[] = [];
    for (let n = 0; n < 12; n += 1) ids.push(await sealed(n % 3));
    const blocks = await Promise.all(ids.map(prove));
    expect(blocks.map((proof) => proof.seal?.number)).toEqual(ids.map((_, index) => index + 1));
    expect(await findCovering(pool, 0, 1_000_000)).toBeUndefined();
  });

  it('of a transaction that is not there is none', async () => {
    expect(await proveTransaction(pool, newId(START, 1))).toBeUndefined();
  });
});
