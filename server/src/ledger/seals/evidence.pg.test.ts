import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../kernel/clock.ts';
import { newId, showId, type Uuid } from '../../kernel/id.ts';
import type { Pool } from '../../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/postgres/test-database.ts';
import { createLedger } from '../create-ledger.ts';
import { hashBlock } from '../encode.ts';
import type { Ledger } from '../ledger.ts';
import { createLedgerPool } from '../pool.ts';
import { showReceipt } from '../shown.ts';
import type { Receipt } from '../transaction.ts';
import { verifyLedger } from '../verify.ts';
import type { Evidence } from './evidence.ts';
import { EvidenceError, readPublicKeys, readReceipts, readSealFile } from './read-evidence.ts';
import { createSealing, type Sealing } from './sealing.ts';
import { openSigningKeys } from './signing-keys.ts';
import { readSealKeys } from './store.ts';

const clock = manualClock(Date.parse('2026-01-05T08:00:00Z'));
const SHARD = 1;
const member = newId(clock.now());
const shop = newId(clock.now());
const SEEDS = ['11'.repeat(32), '22'.repeat(32)];
let database: TestDatabase;
let pool: Pool;
let ledger: Ledger;
let folder: string;
let sealing: Sealing;
const receipts: { transaction: { id: string }; receipt: Receipt }[] = [];

/** Ten blocks of one shard, sealed after the 3rd, 6th and 9th; the second key signs from the 6th on. */
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 3);
  ledger = await createLedger({ pool, clock, programmeClock: () => clock.now(), shards: 2 });
  folder = mkdtempSync(join(tmpdir(), 'hongmi-evidence-'));
  sealing = createSealing({
    pool,
    clock,
    keys: openSigningKeys(folder, SEEDS.join(',')),
    dataDir: folder,
    programmes: () => [],
  });
  // The last of the given keys would be taken first.
  await createSealing({
    pool,
    clock,
    keys: openSigningKeys(folder, SEEDS[0]),
    dataDir: folder,
    programmes: () => [],
  }).seal();
  let [owner, n] = [member, 0];
  while (ledger.shardOf(owner) !== SHARD) owner = newId(clock.now());
  for (n = 1; n <= 10; n += 1) {
    const key = `earn ${n}`;
    const common = { key, programme: 1, pointType: 1, member: owner, effectiveAt: null };
    const answer = await ledger.submit({ ...common, kind: 'issue', merchant: shop, points: n });
    receipts.push({
      transaction: { id: showId('transaction', answer.transaction?.id as Uuid) },
      receipt: answer.receipt as Receipt,
    });
    clock.advance(60_000);
    if (n === 3)
      await createSealing({
        pool,
        clock,
        keys: openSigningKeys(folder, SEEDS[0]),
        dataDir: folder,
        programmes: () => [],
      }).seal();
    if (n === 5) await sealing.rotateKey();
    if (n === 6 || n === 9) await sealing.seal();
  }
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const TABLES = [
  'head',
  'block',
  'transaction',
  'entry',
  'lot',
  'member_account',
  'counter_account',
];
const SEALED = ['seal', 'seal_key'];
const kept = [...TABLES, ...SEALED];
beforeEach(async () => {
  for (const table of kept) await pool.query(`create table kept_${table} as table ledger.${table}`);
});
afterEach(async () => {
  await pool.query(`truncate ${kept.map((table) => `ledger.${table}`).join(', ')}`);
  for (const table of [...TABLES, 'seal_key', 'seal']) {
    await pool.query(`insert into ledger.${table} table kept_${table}`);
    await pool.query(`drop table kept_${table}`);
  }
});

const sealFile = (): string => join(folder, 'seals.jsonl');
async function found(evidence: Evidence = {}): Promise<string[]> {
  const { findings, ok } = await verifyLedger(pool, undefined, evidence);
  expect(ok).toBe(findings.length === 0);
  return findings.map(({ shard, block, about, message }) =>
    `${shard === undefined ? '' : `${shard}/${block} `}${about}: ${message}`.trim(),
  );
}

/** Deletes the blocks after `last` with everything in them and sets the state back, as a forger would. */
async function truncate(last: number): Promise<void> {
  const gone = `select id from ledger.transaction where shard = ${SHARD} and block > ${last}`;
  await pool.query(`delete from ledger.lot where transaction in (${gone})`);
  await pool.query(`delete from ledger.entry where transaction in (${gone})`);
  await pool.query(`delete from ledger.transaction where id in (${gone})`);
  await pool.query(`delete from ledger.block where shard = ${SHARD} and number > ${last}`);
  await pool.query(
    `update ledger.head h set block = b.number, hash = b.hash, recorded_at_ms = b.recorded_at_ms,
      entries = b.entry_first + b.entries from ledger.block b
      where b.shard = h.shard and b.number = $1 and h.shard = $2`,
    [last, SHARD],
  );
  await pool.query(`update ledger.member_account a set (free, earned, last_effective_at_ms) =
    (select sum(l.amount), sum(l.amount), max(t.effective_at_ms) from ledger.lot l
      join ledger.transaction t on t.id = l.transaction where l.member = a.member)`);
  await pool.query(
    `update ledger.counter_account c set balance = -(select sum(amount) from ledger.lot)`,
  );
}

/** Moves the recorded time of every block from `first` on and computes the later chain anew: consistent, and false. */
async function rewriteFrom(first: number): Promise<void> {
  const { rows } = await pool.query(
    `select shard, number, previous_hash as "previousHash", recorded_at_ms as "recordedAt", merkle_root as "merkleRoot",
      cardinality(transactions) as transactions, entry_first as "entryFirst", entries
      from ledger.block where shard = $1 and number >= $2 order by number`,
    [SHARD, first],
  );
  let previousHash: Buffer = rows[0].previousHash;
  for (const row of rows) {
    const recordedAt = row.recordedAt + 1;
    const hash = hashBlock({ ...row, previousHash, recordedAt });
    await pool.query(
      'update ledger.block set previous_hash = $3, hash = $4, recorded_at_ms = $5 where shard = $1 and number = $2',
      [SHARD, row.number, previousHash, hash, recordedAt],
    );
    previousHash = hash;
  }
  await pool.query(
    'update ledger.head set hash = $2, recorded_at_ms = recorded_at_ms + 1 where shard = $1',
    [SHARD, previousHash],
  );
}

const trusted = async (): Promise<Buffer[]> =>
  (await readSealKeys(pool)).slice(0, 1).map((key) => key.publicKey);

describe('an honest ledger', () => {
  it('agrees with its seals, with those of the file and with every receipt', async () => {
    expect(await found()).toEqual([]);
    const path = join(folder, 'receipts.json');
    writeFileSync(path, JSON.stringify({ results: receipts }));
    const evidence = { sealFile: sealFile(), trusted: await trusted() };
    expect(await found({ ...evidence, receipts: await readReceipts(path) })).toEqual([]);
    expect((await verifyLedger(pool, undefined, evidence)).seals).toBe(3);
  });

  it('agrees with a file that is behind, or begins late, and with seals made meanwhile', async () => {
    const lines = readFileSync(sealFile(), 'utf8').trimEnd().split('\n');
    const path = join(folder, 'part.jsonl');
    writeFileSync(path, `${lines.slice(0, 2).join('\n')}\n`);
    expect(await found({ sealFile: path })).toEqual([]);
    writeFileSync(path, `${lines[0]}\n${lines.slice(2).join('\n')}\nnot json\n`);
    expect(await found({ sealFile: path })).toEqual([]);
  });
});

describe('a tail', () => {
  it('that was cut off is found by the seals of the database, with the block it ends at', async () => {
    await truncate(7);
    expect(await found()).toEqual([
      `1/8 block 8: the chain was cut off: it ends with block 7, but seal 3 of 2026-01-05T08:09:00.000Z has block 9; seal 2 still agrees with block 6`,
    ]);
  });

  it('that was cut off with its seals is found by the file, and not without it', async () => {
    await truncate(7);
    await pool.query('delete from ledger.seal where number = 3');
    expect(await found()).toEqual([]);
    const told = await found({ sealFile: sealFile(), trusted: await trusted() });
    expect(told).toHaveLength(2);
    expect(told[0]).toBe('seal 3 of the file: it is not in the database');
    expect(told[1]).toMatch(/^1\/8 block 8: the chain was cut off: it ends with block 7/);
  });

  it('that was cut off after the last seal is found by a receipt alone', async () => {
    await truncate(9);
    expect(await found({ sealFile: sealFile() })).toEqual([]);
    const path = join(folder, 'receipt.json');
    writeFileSync(path, JSON.stringify(receipts[9]));
    expect(await found({ receipts: await readReceipts(path) })).toEqual([
      `1/10 receipt 1/10/0 of transaction ${receipts[9]?.transaction.id}: its block is not in the chain, which ends with block 9`,
    ]);
  });

  it('that was rewritten is found between the last seal that agrees and the first that does not', async () => {
    await rewriteFrom(5);
    expect(await found({ sealFile: sealFile(), trusted: await trusted() })).toEqual([
      '1/4 block 4: the chain was rewritten from here or later: seal 2 of 2026-01-05T08:06:00.000Z has another block 6; seal 1 still agrees with block 3',
    ]);
  });

  it('that was rewritten and sealed anew with a stolen retired key is found', async () => {
    await rewriteFrom(5);
    await pool.query('delete from ledger.seal where number > 1');
    await pool.query('delete from ledger.seal_key where number > 1');
    const forger = createSealing({
      pool,
      clock,
      keys: openSigningKeys(folder, SEEDS[0]),
      dataDir: mkdtempSync(join(folder, 'forger-')),
      programmes: () => [],
    });
    await forger.seal();
    expect(await found({ trusted: await trusted() })).toEqual([]);
    const told = await found({ sealFile: sealFile(), trusted: await trusted() });
    expect(told).toContain('seal 2 of the database: the file has another seal of this number');
    expect(told.at(-1)).toMatch(/^1\/4 block 4: the chain was rewritten/);
  });

  it('that begins inside a receipt’s block is found by the receipt', async () => {
    await rewriteFrom(5);
    await pool.query('truncate ledger.seal, ledger.seal_key');
    const path = join(folder, 'receipts.jsonl');
    const shown = receipts.map(({ receipt, ...of }) => ({ ...of, receipt: showReceipt(receipt) }));
    writeFileSync(path, shown.map((each) => JSON.stringify(each)).join('\n'));
    const told = await found({ receipts: await readReceipts(path) });
    expect(told).toHaveLength(6);
    expect(told[0]).toMatch(
      /^1\/5 receipt 1\/5\/0 of transaction txn_\w+: its block is not in the chain$/,
    );
  });
});

describe('a receipt', () => {
  it('of another transaction, place or shard is found', async () => {
    const [first, second] = receipts as [(typeof receipts)[0], (typeof receipts)[0]];
    const path = join(folder, 'other.json');
    writeFileSync(
      path,
      JSON.stringify([
        { ...first, transaction: second.transaction },
        { receipt: { ...first.receipt, position: 3 } },
        { receipt: { ...first.receipt, shard: 9 } },
      ]),
    );
    expect(await found({ receipts: await readReceipts(path) })).toEqual([
      'receipt of shard 9: there is no such shard',
      `1/1 receipt 1/1/0 of transaction ${second.transaction.id}: its block has another transaction at its place`,
      '1/1 receipt 1/1/3: its block has another transaction at its place',
    ]);
  });
});

describe('seals that are not right', () => {
  const changes: [sql: string, finding: RegExp][] = [
    [`update ledger.seal set blocks[2] = blocks[2] + 1 where number = 2`, /seal 2 .*do not belong/],
    [`update ledger.seal set root = hash where number = 2`, /seal 2 .*do not belong/],
    [`update ledger.seal set sealed_at_ms = sealed_at_ms + 1 where number = 2`, /seal 2 .*do not/],
    [
      `update ledger.seal set signature = (select signature from ledger.seal where number = 1) where number = 2`,
      /seal 2 .*its signature is not by the key it names/,
    ],
    [`delete from ledger.seal where number = 2`, /seal 3 .*follows seal 1: seals between them are/],
    [`update ledger.seal set number = 7 where number = 3`, /seal 7 .*do not belong together/],
    [
      `update ledger.seal_key set first_seal = 3 where number = 2`,
      /seal key 2 .*the key before it did not introduce it/,
    ],
    [
      `update ledger.seal_key set public_key = (select k.public_key from ledger.seal_key k where k.number = 1) where number = 2`,
      /seal key 2 .*its id does not belong/,
    ],
  ];
  it.each(changes)('%s', async (sql, finding) => {
    await pool.query(sql);
    expect((await found())[0]).toMatch(finding);
  });

  it('are those of keys that nobody trusts', async () => {
    const stranger = openSigningKeys(folder, '99'.repeat(32)).next(new Set()).publicKey;
    const told = await found({ trusted: [stranger] });
    expect(told[0]).toMatch(/^seal key 1 of the database: it is not among the keys given/);
    expect(
      told.filter((each) => /^seal \d of the database: no accepted key/.test(each)),
    ).toHaveLength(3);
    const [, second] = await readSealKeys(pool);
    const late = await found({ trusted: [second?.publicKey as Buffer] });
    expect(late.some((each) => each.startsWith('seal 1 '))).toBe(true);
    expect(late.some((each) => each.startsWith('seal 3 '))).toBe(false);
  });

  it('are those of another ledger', async () => {
    const path = join(folder, 'foreign.jsonl');
    writeFileSync(
      path,
      readFileSync(sealFile(), 'utf8').replace(/"ledgerId":"[^"]+"/g, '"ledgerId":"x"'),
    );
    expect(await found({ sealFile: path })).toEqual(['seal file: it is of another ledger: x']);
  });
});

describe('files', () => {
  it('of public keys are lines or the API’s answer, and nothing else', async () => {
    const path = join(folder, 'keys.txt');
    const keys = (await readSealKeys(pool)).map((key) => key.publicKey);
    const [one, two] = keys as [Buffer, Buffer];
    writeFileSync(path, `# ours\n${one.toString('hex')}  # 2026\r\n\n${two.toString('base64')}\n`);
    expect(await readPublicKeys(path)).toEqual(keys);
    writeFileSync(path, `${one.toString('hex')}\nnot a key\n`);
    await expect(readPublicKeys(path)).rejects.toThrow(EvidenceError);
    writeFileSync(path, '');
    await expect(readPublicKeys(path)).rejects.toThrow(EvidenceError);
  });

  it('without receipts or seals say so', async () => {
    const path = join(folder, 'nothing.json');
    writeFileSync(path, '{"receipt": {"shard": 1}}');
    await expect(readReceipts(path)).rejects.toThrow(/holds no receipts/);
    await expect(readSealFile(path).next()).rejects.toThrow(/holds no seals/);
  });
});
