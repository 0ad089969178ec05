import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { manualClock } from '../../kernel/clock.ts';
import { newId, showId, type Uuid } from '../../kernel/id.ts';
import { createPool, type Pool, withTransaction } from '../../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/postgres/test-database.ts';
import { makeBudget } from '../budget.ts';
import type { Command } from '../command.ts';
import { createLedger } from '../create-ledger.ts';
import type { Ledger } from '../ledger.ts';
import { createLedgerPool } from '../pool.ts';
import { writePrices } from '../price-list.ts';
import { reconcileShard } from '../reconcile/reconcile-shard.ts';
import { ledgerIdentity, verifyLedger } from '../verify.ts';
import { exportLedger } from './export-write.ts';
import { verifyExport } from './verify-export.ts';

const DAY = 86_400_000;
const clock = manualClock(Date.parse('2027-01-05T08:00:00Z'));
const [shop, bank, cinema, prepaid] = [1, 2, 3, 4].map(() => newId(clock.now())) as [
  Uuid,
  Uuid,
  Uuid,
  Uuid,
];
const member = newId(clock.now());
const SECOND = fileURLToPath(new URL('../../../../docs/verify/verify.py', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hongmi-accruals-'));
let database: TestDatabase;
let pool: Pool;
let plain: Pool;
let ledger: Ledger;
const made: Record<string, Uuid> = {};

async function run(name: string, command: Record<string, unknown>): Promise<void> {
  const common = { key: name, programme: 1, pointType: 1, member, effectiveAt: null };
  const answer = await ledger.submit({ ...common, ...command } as Command);
  expect(answer, name).toMatchObject({ status: 'applied' });
  made[name] = answer.transaction?.id as Uuid;
}

/** What counts from now on: 10 fen a point, of which its taker gets `fen`. */
async function priced(merchant: Uuid | null, fen: number, funding: Uuid | null = null) {
  const money = { issuePrice: 10_000_000, reimbursement: fen * 1_000_000, fee: 100_000 };
  const open = { issuing: null, accepting: null, funding, quota: null };
  const row = { pointType: 1, from: clock.now(), ...money, ...open };
  await withTransaction(pool, (tx) => writePrices(tx, 1, merchant, [row], clock.now()));
}

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 2);
  plain = createPool({ url: database.url, name: 'test', connectionsMax: 1 });
  ledger = await createLedger({ pool, clock, programmeClock: () => clock.now(), shards: 2 });
  await run('before', { kind: 'issue', merchant: shop, points: 10 });
  const budget = { programme: 1, pointType: 1, merchant: null, createdAt: clock.now() };
  await withTransaction(pool, (tx) =>
    makeBudget(tx, { ...budget, id: prepaid, name: 'prepaid' }, 9_000_000),
  );
  clock.advance(DAY);
  await priced(null, 9);
  await priced(bank, 9, prepaid);
  clock.advance(DAY);
  const funders = [
    { merchant: shop, share: 2 },
    { merchant: bank, share: 1 },
  ];
  await run('earn', { kind: 'issue', merchant: shop, points: 100, funders });
  await run('used', { kind: 'burn', merchant: cinema, points: 60 });
  clock.advance(DAY);
  await priced(cinema, 8);
  clock.advance(DAY);
  await run('used later', { kind: 'burn', merchant: cinema, points: 20 });
  await run('back', { kind: 'refund', burn: made.used, points: 13, graceMs: DAY });
  await run('returned', { kind: 'return', earn: made.earn, points: 100, policy: 'debt' });
  await run('settled', { kind: 'issue', merchant: bank, points: 50 });
  await run('lent', { kind: 'burn', merchant: cinema, points: 40, overdraftMax: 100 });
  await run('repaid', { kind: 'issue', merchant: shop, points: 70 });
  await run('given back', { kind: 'refund', burn: made.lent, graceMs: DAY });
  await run('used of it', { kind: 'burn', merchant: shop, points: 63 });
});
afterAll(async () => {
  await Promise.all([pool.end(), plain.end()]);
  await database.drop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  expect((await verifyLedger(pool)).findings).toEqual([]);
});

/** What verify finds after a change, which is then taken back. */
async function found(sql: string, values: unknown[] = []): Promise<string[]> {
  const tables = ['accrual', 'price'];
  for (const table of tables)
    await plain.query(`create table kept_${table} as table ledger.${table}`);
  try {
    expect((await plain.query(sql, values)).rowCount, sql).toBeGreaterThan(0);
    const { findings } = await verifyLedger(pool);
    return findings.map(({ about, message }) => `${about}: ${message}`);
  } finally {
    for (const table of tables) {
      await plain.query(`truncate ledger.${table}`);
      await plain.query(`insert into ledger.${table} table kept_${table}`);
      await plain.query(`drop table kept_${table}`);
    }
  }
}

const of = (name: string): string => `transaction ${showId('transaction', made[name] as Uuid)}`;
/** The rows that a transaction's entries accrued. */
const accrued = (name: string): string =>
  `(shard, seq) in (select shard, seq from ledger.entry where transaction = '${made[name]}')`;

describe('of what was accrued, verify finds', () => {
  it.each(['points', 'owed', 'due', 'fee', 'programme', 'point_type', 'effective_at_ms'])(
    'a row with another %s',
    async (column) => {
      const sql = `update ledger.accrual set ${column} = ${column} + 1 where ${accrued('used')} and place = 0`;
      expect(await found(sql)).toEqual([expect.stringContaining(`${of('used')}: `)]);
    },
  );

  it.each(['used', 'back', 'settled', 'repaid', 'used of it'])(
    'a row of "%s" that is gone, is another’s, or more',
    async (name) => {
      const gone = await found(`delete from ledger.accrual where ${accrued(name)} and place = 0`);
      expect(gone).toContainEqual(expect.stringMatching(`${of(name)}: .*and did not`));
      for (const column of ['payer', 'taker']) {
        const sql = `update ledger.accrual set ${column} = $1 where ${accrued(name)}`;
        expect(await found(sql, [prepaid])).toContainEqual(expect.stringContaining(of(name)));
      }
      const more = `insert into ledger.accrual select shard, seq, place + 9::smallint, kind, programme, point_type, effective_at_ms,
      payer, taker, points, owed, due, fee from ledger.accrual where ${accrued(name)}`;
      expect(await found(more)).toContainEqual(
        expect.stringMatching(`${of(name)}: .*follows from nothing`),
      );
    },
  );

  it('a row of an entry that accrues nothing, and one of no entry', async () => {
    const row = `kind, programme, point_type, effective_at_ms, payer, taker, points, owed, due, fee from ledger.accrual limit 1`;
    const entry = `select seq from ledger.entry where transaction = '${made.earn}' limit 1`;
    const shard = ledger.shardOf(member);
    expect(
      await found(`insert into ledger.accrual select ${shard}, (${entry}), 0, ${row}`),
    ).toEqual([expect.stringMatching(`${of('earn')}: .*follows from nothing`)]);
    expect(await found(`insert into ledger.accrual select ${shard}, 9999, 0, ${row}`)).toEqual([
      'accrual 0 of entry 9999: it stands in no block',
    ]);
  });
});

describe('of the price list, verify finds', () => {
  const listed = (change: string, where: string) =>
    `update ledger.price set ${change} where ${where}`;

  it('another price than was marked', async () => {
    const nil = "merchant = '00000000-0000-0000-0000-000000000000'";
    expect(await found(listed('reimbursement = 9500000', nil))).toEqual([
      `${of('used')}: it was decided by the price 9000000 100000 of ${showId('merchant', cinema)}; the price list says 9500000 100000 for that time`,
      expect.stringContaining(of('used of it')),
    ]);
    expect(await found(listed('from_ms = from_ms - 172800000', `merchant = '${cinema}'`))).toEqual([
      expect.stringContaining(of('used')),
    ]);
    expect(await found(`delete from ledger.price where ${nil}`)).toContainEqual(
      expect.stringContaining(`${of('used')}: it was decided by the price`),
    );
  });

  it('another cost than its lots have, and other prepayment', async () => {
    const bankRow = `merchant = '${bank}'`;
    expect(await found(listed('issue_price = 1', bankRow))).toEqual([
      expect.stringContaining(`${of('settled')}: it was decided by the price`),
    ]);
    expect(await found(listed('issue_price = 1', `merchant = '${cinema}'`))).toEqual([
      expect.stringContaining(`${of('given back')}: it was decided by the price`),
    ]);
    expect(await found(listed('funding = null', bankRow))).toEqual([
      expect.stringContaining(`${of('earn')}: what was drawn in advance`),
      expect.stringContaining(`${of('settled')}: what was drawn in advance`),
    ]);
  });

  it('a merchant that could not do what it did', async () => {
    expect(await found(listed("accepting = 'merchant_left'", `merchant = '${cinema}'`))).toEqual([
      expect.stringContaining(`${of('used later')}: by the price list`),
      expect.stringContaining(`${of('lent')}: by the price list`),
    ]);
  });

  it('a merchant that could not pay for what was issued, beside one that could not issue it', async () => {
    const left = "issuing = 'merchant_left'";
    const told = (name: string, merchant: Uuid): unknown =>
      expect.stringMatching(
        new RegExp(`^${of(name)}: by the price list.*${showId('merchant', merchant)}`),
      );
    // The bank paid for a third of the first, and issued the second.
    expect(await found(listed(left, `merchant = '${bank}'`))).toEqual([
      told('earn', bank),
      told('settled', bank),
    ]);
    const nil = "merchant = '00000000-0000-0000-0000-000000000000'";
    expect(await found(listed(left, nil))).toEqual([told('earn', shop), told('repaid', shop)]);
  });
});

test('what is prepaid is drawn by each who pays, for its part', async () => {
  const { rows } = await plain.query(
    'select sum(spent)::int8 as spent from ledger.allotment where budget = $1',
    [prepaid],
  );
  // 33 of 100 points, and 50 alone, at 10 fen.
  expect(rows).toEqual([{ spent: (33 + 50) * 10_000 }]);
});

test('an export tells all of it, and the second verifier adds up who owes whom', async () => {
  let text = '';
  const write = async (more: string): Promise<void> => {
    text += more;
  };
  await exportLedger(pool, await ledgerIdentity(pool), write, { withDetail: false });
  const path = join(folder, 'export.jsonl');
  writeFileSync(path, text);
  expect((await verifyExport(path, {})).findings).toEqual([]);
  const second = spawnSync('python3', [SECOND, path], {
    encoding: 'utf8',
  });
  if (second.error === undefined) {
    const { rows } = await plain.query<{ line: string }>(
      `select concat_ws(' ', payer, taker, sum(points), sum(owed), sum(due), sum(fee)) as line from ledger.accrual
        group by payer, taker order by payer, taker`,
    );
    expect(second.stdout.trim().split('\n').slice(2)).toEqual(rows.map(({ line }) => line));
  }
  const forged = text.replace(
    /("accruals":\[\[.*?)(\d)("\])/,
    (_, before, digit, after) => `${before}${(Number(digit) + 1) % 10}${after}`,
  );
  expect(forged).not.toBe(text);
  writeFileSync(path, forged);
  expect((await verifyExport(path, {})).findings).toHaveLength(1);
  expect(spawnSync('python3', [SECOND, path]).status ?? 1).toBe(1);
});

test('the minute’s reconciliation finds it too, a block at a time', async () => {
  const identity = await ledgerIdentity(pool);
  const shard = ledger.shardOf(member);
  const findings: string[] = [];
  const through = async (): Promise<void> => {
    for (;;) {
      const page = await reconcileShard({ pool, clock, identity, page: 1 }, shard);
      findings.push(...page.findings.map(({ about, message }) => `${about}: ${message}`));
      if (page.done) return;
    }
  };
  await through();
  expect(findings).toEqual([]);
  await plain.query('delete from ledger.replayed');
  await plain.query('delete from ledger.shadow');
  await plain.query('update ledger.accrual set owed = owed + 1');
  await through();
  await plain.query('update ledger.accrual set owed = owed - 1');
  for (const name of ['used', 'used later', 'back', 'settled', 'repaid', 'used of it'])
    expect(findings).toContainEqual(expect.stringContaining(of(name)));
});
