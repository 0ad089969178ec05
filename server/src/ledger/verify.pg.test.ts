import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, showId, type Uuid } from '../kernel/id.ts';
import type { Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import type { Command } from './command.ts';
import { createLedger } from './create-ledger.ts';
import type { Ledger } from './ledger.ts';
import { createLedgerPool } from './pool.ts';
import { verifyLedger } from './verify.ts';

const DAY = 86_400_000;
const clock = manualClock(Date.parse('2026-01-05T08:00:00Z'));
const member = newId(clock.now());
const [shop, cinema] = [newId(clock.now()), newId(clock.now())];
let database: TestDatabase;
let pool: Pool;
let ledger: Ledger;
/** Ids of the transactions of the history, by name. */
const made: Record<string, Uuid> = {};

async function run(name: string, command: Record<string, unknown>): Promise<void> {
  const common = { key: name, programme: 1, pointType: 1, member, effectiveAt: null };
  const answer = await ledger.submit({ ...common, ...command } as Command);
  if (answer.transaction === null) throw new Error(`${name} was not recorded`);
  made[name] = answer.transaction.id;
}

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 2);
  const programmeClock = () => clock.now();
  ledger = await createLedger({ pool, clock, programmeClock, shards: 2 });
  const expiresAt = clock.now() + 30 * DAY;
  const detail = { reason: '首单' };
  const limits = [{ counter: 'signup', max: 100, mode: 'all' }];
  await run('earn', { kind: 'issue', merchant: shop, points: 100, expiresAt, detail, limits });
  await run('pending', {
    kind: 'issue',
    merchant: shop,
    points: 50,
    availableAt: clock.now() + DAY,
  });
  await run('burn', { kind: 'burn', merchant: cinema, points: 30 });
  await run('refused', { kind: 'burn', merchant: cinema, points: 999 });
  await run('hold', { kind: 'hold', merchant: cinema, points: 40, expiresAt: clock.now() + DAY });
  await run('capture', { kind: 'capture', hold: made.hold, points: 15 });
  await run('refund', { kind: 'refund', burn: made.burn, points: 10, graceMs: 30 * DAY });
  clock.advance(2 * DAY);
  await run('mature', { kind: 'mature' });
  const counted = { limits: [{ counter: 'signup' }] };
  await run('return', { kind: 'return', earn: made.earn, points: 80, policy: 'debt', ...counted });
  await run('rest', { kind: 'return', earn: made.earn, points: 20, policy: 'debt' });
  await run('release', { kind: 'release', hold: made.hold });
  clock.advance(40 * DAY);
  await run('expire', { kind: 'expire' });
  await run('adjust', { kind: 'adjust', merchant: shop, points: 500, detail: { actor: 'Li' } });
  // Another member, so that what is deleted is not the last of its shard.
  for (let n = 0; n < 4; n += 1) {
    const other = newId(clock.now());
    const limits = [{ counter: 'first', max: 1, unit: 'times' }];
    await run(`other ${n}`, { kind: 'issue', member: other, merchant: shop, points: 5, limits });
  }
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

beforeEach(async () => {
  expect((await verifyLedger(pool)).findings).toEqual([]);
});

/** Runs the change, verifies, and puts everything back as it was. */
async function findingsAfter(sql: string, values: unknown[] = []): Promise<string[]> {
  const tables = [
    'head',
    'block',
    'transaction',
    'entry',
    'lot',
    'member_account',
    'counter_account',
    'hold',
    'debt',
    'counter',
  ];
  for (const table of tables)
    await pool.query(`create table kept_${table} as table ledger.${table}`);
  try {
    const { rowCount } = await pool.query(sql, values);
    expect(rowCount, sql).toBeGreaterThan(0);
    const { ok, findings } = await verifyLedger(pool);
    expect(ok).toBe(findings.length === 0);
    return findings.map(({ about, message }) => `${about}: ${message}`);
  } finally {
    for (const table of tables) {
      await pool.query(`truncate ledger.${table}`);
      await pool.query(`insert into ledger.${table} table kept_${table}`);
      await pool.query(`drop table kept_${table}`);
    }
  }
}

const transaction = (name: string): string =>
  `transaction ${showId('transaction', made[name] as Uuid)}`;

test('a history of every kind verifies, and is counted', async () => {
  const verified = await verifyLedger(pool);
  expect(verified).toMatchObject({ ok: true, shards: 2, transactions: 17, lots: 7, accounts: 5 });
});

const inTransaction: [column: string, value: string][] = [
  ['points', 'points + 1'],
  ['kind', '10'],
  ['kind', '99'],
  ['source_kind', '77, source = id'],
  ['key', `'another'`],
  ['fingerprint', `sha256('x')`],
  ['detail', `'{"reason":"forged"}'`],
  ['detail', 'null'],
  ['salt', `decode(repeat('00', 16), 'hex')`],
  ['commitment', `sha256('x')`],
  ['leaf', `sha256('x')`],
  ['member', `'01a200f2-4ba4-70d8-b21c-3651fe1196c8'`],
  ['merchant', 'null'],
  ['effective_at_ms', 'effective_at_ms - 1'],
  ['balance_after', 'balance_after + 1'],
  ['programme', '2'],
  ['refusal', `'insufficient_points'`],
  ['marks', 'null'],
  ['marks', `marks || '{counter daily}'`],
  ['marks', `array['counter Signup']`],
];

test.each(inTransaction)(
  'names the transaction whose %s was changed to %s',
  async (column, value) => {
    const sql = `update ledger.transaction set ${column} = ${value} where id = $1`;
    const findings = await findingsAfter(sql, [made.earn]);
    expect(findings.join('\n')).toContain(transaction('earn'));
  },
);

test.each([
  ['points', 'points + 1'],
  ['to_owner', 'null'],
  ['from_role', '5'],
  ['lot', `'01a200f2-4ba4-70d8-b21c-3651fe1196c8'`],
  ['kind', '12'],
  ['kind', '99'],
  ['to_role', '0'],
])('names the transaction of the entry whose %s was changed', async (column, value) => {
  const sql = `update ledger.entry set ${column} = ${value} where transaction = $1`;
  expect((await findingsAfter(sql, [made.earn])).join('\n')).toContain(transaction('earn'));
});

test.each([
  ['issuer', `'01a200f2-4ba4-70d8-b21c-3651fe1196c8'`],
  ['made_expires_at_ms', 'null'],
  ['available_at_ms', 'available_at_ms - 1'],
  ['unit_cost', '5'],
])('names the transaction of the lot whose %s was fixed otherwise', async (column, value) => {
  const sql = `update ledger.lot set ${column} = ${value} where transaction = $1`;
  expect((await findingsAfter(sql, [made.earn])).join('\n')).toContain(transaction('earn'));
});

test.each([
  ['lot', `remaining = remaining - 1`, 'remaining is 489, the entries say 490'],
  ['lot', `expires_at_ms = 5`, 'expires_at_ms is 5, the entries say null'],
  ['lot', `returned = 1`, 'returned is 1, the entries say 0'],
])('names the %s whose state was set to %s', async (table, change, words) => {
  const sql = `update ledger.${table} set ${change} where transaction = $1`;
  const findings = await findingsAfter(sql, [made.adjust]);
  expect(findings.join('\n')).toMatch(/lot lot_\w{26}: /);
  expect(findings.join('\n')).toContain(words);
});

test('names accounts, holds and debts that were changed', async () => {
  const account = `account of member ${showId('member', member)}`;
  const richer = await findingsAfter(
    'update ledger.member_account set free = free + 7 where member = $1',
    [member],
  );
  expect(richer.join('\n')).toContain(`${account}: free is`);
  expect(richer.join('\n')).toContain('all accounts of the shard add up to 7, not to 0');
  const hold = await findingsAfter('update ledger.hold set expires_at_ms = expires_at_ms + 1');
  expect(hold).toEqual([expect.stringMatching(/^hold hold_\w{26}: expires_at_ms is/)]);
  const debt = await findingsAfter('update ledger.debt set remaining = amount, amount = amount');
  expect(debt.join('\n')).toMatch(/debt about lot lot_\w{26}: /);
  const counter = await findingsAfter(
    'update ledger.counter_account set balance = balance + 1 where role = 6',
  );
  expect(counter.join('\n')).toContain('breakage account of the platform: its balance is');
});

test('names counters of limits that were changed, deleted or made up', async () => {
  const about = `counter signup of member ${showId('member', member)}`;
  expect(
    await findingsAfter(`update ledger.counter set value = value - 1 where name = 'signup'`),
  ).toEqual([`${about}: it stands at 19, the transactions say 20`]);
  expect(await findingsAfter(`delete from ledger.counter where name = 'signup'`)).toEqual([
    `${about}: it is missing`,
  ]);
  const invented = `insert into ledger.counter select shard, member, 'daily', 7 from ledger.counter where name = 'signup'`;
  expect((await findingsAfter(invented)).join('\n')).toContain(
    'it stands at 7, the transactions say 0',
  );
});

test('finds what was deleted', async () => {
  const entry = await findingsAfter('delete from ledger.entry where transaction = $1', [made.burn]);
  expect(entry.join('\n')).toContain(`${transaction('burn')}: it should have 1 entries and has 0`);
  const whole = await findingsAfter('delete from ledger.transaction where id = $1', [made.earn]);
  expect(whole.join('\n')).toContain(`${transaction('earn')}: it is missing`);
  const lot = await findingsAfter('delete from ledger.lot where transaction = $1', [made.adjust]);
  expect(lot.join('\n')).toMatch(/lot lot_\w{26}/);
  const block = await findingsAfter(
    'delete from ledger.block where (shard, number) in (select shard, block from ledger.transaction where id = $1)',
    [made.burn],
  );
  expect(block.join('\n')).toContain('blocks between them are missing');
  expect(block.join('\n')).toContain(`${transaction('burn')}: it stands in no block`);
});

test('finds what was inserted', async () => {
  const lot = await findingsAfter(
    `insert into ledger.lot select shard, gen_random_uuid(), seq + 1000, transaction, programme, point_type, member, issuer,
       funders, funder_shares, rule_version, evidence, unit_cost, available_at_ms, made_expires_at_ms, expires_at_ms,
       issued, amount, remaining, held, expired, expired_recovered, returned, pending, open
     from ledger.lot where transaction = $1`,
    [made.adjust],
  );
  expect(lot.join('\n')).toContain('it stands in no block');
  expect(lot.join('\n')).toContain('no transaction made it');
  const entry = await findingsAfter(
    `insert into ledger.entry select shard, seq + 1000, transaction, kind, programme, point_type, from_role, from_owner,
       to_role, to_owner, points, lot, ref, expires_at_ms from ledger.entry where transaction = $1`,
    [made.adjust],
  );
  expect(entry.join('\n')).toContain(`${transaction('adjust')}: it stands in no block`);
});

test('finds what was reordered, and a head that was moved', async () => {
  const swapped = await findingsAfter(
    `with two as (select id, block, lead(block) over w as next, lag(block) over w as previous
       from ledger.transaction where member = $1 window w as (order by block) limit 2)
     update ledger.transaction t set block = coalesce(two.next, two.previous) from two where t.id = two.id`,
    [member],
  );
  expect(swapped.join('\n')).toContain('the block names another transaction at its place');
  const head = await findingsAfter('update ledger.head set block = block - 1 where block > 0');
  expect(head.join('\n')).toContain('head: it names block');
});

test('names the programme of an account that was changed, though all it has was converted', async () => {
  const owner = newId(clock.now());
  await run('to convert', { kind: 'issue', member: owner, merchant: shop, points: 4 });
  const rate = { num: 1, den: 2 };
  await run('converted', { kind: 'convert', member: owner, points: 4, to: 2, rate });
  expect(
    await findingsAfter('update ledger.member_account set programme = 2 where point_type = 2'),
  ).toEqual([`account of member ${showId('member', owner)}: programme is 2, the entries say 1`]);
});
