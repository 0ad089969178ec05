import { afterEach, beforeEach, expect, it, test } from 'vitest';
import { reconcile } from '../../jobs/reconcile.ts';
import { manualClock } from '../../kernel/clock.ts';
import { newId, showId, type Uuid } from '../../kernel/id.ts';
import { createPool, type Pool, withTransaction } from '../../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/postgres/test-database.ts';
import { Meter } from '../../platform/telemetry/meter.ts';
import type { Command } from '../command.ts';
import { createLedger } from '../create-ledger.ts';
import type { Ledger } from '../ledger.ts';
import { createLedgerPool } from '../pool.ts';
import { acknowledgeFinding, countOpenFindings, readFindings } from './finding.ts';
import { patrolShard } from './patrol-shard.ts';

const DAY = 86_400_000;
const clock = manualClock(Date.parse('2026-01-05T08:00:00Z'));
const member = newId(clock.now());
const [shop, cinema] = [newId(clock.now()), newId(clock.now())];
let database: TestDatabase;
let ledgerPool: Pool;
let pool: Pool;
let ledger: Ledger;
let meter: Meter;
let logged: object[];
const log = { error: (facts: object) => void logged.push(facts) };
/** Ids of the transactions of the history, by name. */
const made: Record<string, Uuid> = {};

async function run(name: string, command: Record<string, unknown>): Promise<void> {
  const common = { key: name, programme: 1, pointType: 1, member, effectiveAt: null };
  const answer = await ledger.submit({ ...common, ...command } as Command);
  if (answer.transaction === null) throw new Error(`${name} was not recorded`);
  made[name] = answer.transaction.id;
}

const round = (options: { page?: number; pagesMax?: number } = {}): Promise<number> =>
  reconcile({ pool, clock, log, meter, ...options });
const found = async (): Promise<string[]> =>
  (await readFindings(pool, { before: null, limit: 50, open: false }))
    .map(({ invariant, about, message }) => `${invariant} | ${about}: ${message}`)
    .reverse();
const counted = (invariant: string): number =>
  [...(meter.all().get('hongmi_ledger_invariant_failures_total') ?? [])].find(
    (series) => series.labels[0] === invariant,
  )?.value ?? 0;

beforeEach(async () => {
  database = await createTestDatabase();
  ledgerPool = createLedgerPool(database.url, 2);
  pool = createPool({ url: database.url, name: 'reconcile-test', connectionsMax: 4 });
  ledger = await createLedger({
    pool: ledgerPool,
    clock,
    programmeClock: () => clock.now(),
    shards: 1,
  });
  meter = new Meter();
  logged = [];
  const limits = [{ counter: 'signup', max: 100, mode: 'all' }];
  await run('earn', { kind: 'issue', merchant: shop, points: 100, limits });
  await run('spent', { kind: 'issue', merchant: shop, points: 30 });
  await run('burn', { kind: 'burn', merchant: cinema, points: 90 });
  const back = { kind: 'return', earn: made.earn, points: 60, policy: 'debt' };
  await run('return', { ...back, limits: [{ counter: 'signup' }] });
  await run('owed', { kind: 'return', earn: made.earn, points: 40, policy: 'debt' });
  await run('more', { kind: 'issue', merchant: shop, points: 80 });
  await run('hold', { kind: 'hold', merchant: cinema, points: 4, expiresAt: clock.now() + DAY });
  expect(await round()).toBe(7);
  expect(await found()).toEqual([]);
});
afterEach(async () => {
  await pool.end();
  await ledgerPool.end();
  await database.drop();
});

/** Touches every row of the member that there is. */
async function touch(): Promise<void> {
  await run('release', { kind: 'release', hold: made.hold });
  const limits = [{ counter: 'signup', max: 200, mode: 'all' }];
  await run('again', { kind: 'issue', merchant: shop, points: 5, limits });
  await run('use', { kind: 'burn', merchant: cinema, points: 3 });
}

test('what is replayed is replayed once, a page at a time, by any number of processes', async () => {
  await touch();
  // One page of one block, and no more.
  expect(await round({ page: 1, pagesMax: 1 })).toBe(1);
  const counts = await Promise.all([round({ page: 1 }), round({ page: 1 }), round({ page: 1 })]);
  expect(counts.reduce((sum, each) => sum + each) + (await round())).toBe(2);
  expect(await round()).toBe(0);
  expect(await found()).toEqual([]);
});

const lot = (name: string) => `(select id from ledger.lot where transaction = '${made[name]}')`;
const changes: [what: string, sql: () => string, finding: RegExp][] = [
  [
    'a lot with more left',
    () => `update ledger.lot set remaining = remaining + 1 where id = ${lot('more')}`,
    /^state \| lot lot_.*: remaining is \d+, the entries say \d+$/m,
  ],
  [
    'an account that has more',
    () => 'update ledger.member_account set free = free + 7',
    /^state \| account of member mem_.*: free is \d+, the entries say \d+/m,
  ],
  [
    'an account that earned more',
    () => 'update ledger.member_account set earned = earned + 7',
    /^state \| account of member mem_.*: earned is \d+, the entries say \d+$/m,
  ],
  [
    'an account of a merchant that nothing touched',
    () =>
      `insert into ledger.counter_account values (1 - 1, 4, '${newId(clock.now())}', 1, 1, -50)`,
    /^state \| point type 1: all accounts of the shard add up to -50, not to 0$/m,
  ],
  [
    'an issuer that owes less',
    () => 'update ledger.counter_account set balance = balance + 9 where role = 4',
    /^state \| issuer account of mer_.*: its balance is -\d+, the entries say -\d+$/m,
  ],
  [
    'a hold that is forgotten',
    () => 'delete from ledger.hold',
    /^state \| hold hold_.*: it is missing$/m,
  ],
  [
    'a debt that was paid',
    () =>
      'update ledger.debt set remaining = amount where seq = (select min(seq) from ledger.debt)',
    /^state \| debt about lot lot_.*: \d+ is owed, the entries say 0$/m,
  ],
  [
    'a limit that forgot',
    () => 'update ledger.counter set value = value - 5',
    /^state \| counter signup of member mem_.*: it stands at 40, the transactions say 45$/m,
  ],
  [
    'a new entry that says more',
    () => `update ledger.entry set points = points + 1 where transaction = '${made.again}'`,
    /^chain \| transaction txn_.*: its row, its entries or its lots were changed/m,
  ],
  [
    'a new transaction that is missing',
    () => `delete from ledger.transaction where id = '${made.use}'`,
    /^chain \| transaction txn_.*: it is missing$/m,
  ],
];

it.each(changes)('finds %s, once', async (_what, sql, finding) => {
  await touch();
  expect((await pool.query(sql())).rowCount).toBe(1);
  await round();
  const findings = await found();
  expect(findings.join('\n')).toMatch(finding);
  expect(logged).toHaveLength(findings.length);
  const invariant = finding.source.split(' ')[0]?.slice(1) as string;
  expect(counted(invariant)).toBeGreaterThan(0);
  expect(await countOpenFindings(pool)).toBe(findings.length);
  // What was recorded stays, and the next round goes on from there.
  expect(await round()).toBe(0);
  expect(await found()).toEqual(expect.arrayContaining(findings));
});

test('finds what stands behind a block that writers have gone past, with the block that catches up', async () => {
  await touch();
  await pool.query('update ledger.member_account set expired = expired + 1');
  // Later blocks touch the same rows: the first pages cannot tell yet.
  await round({ page: 1, pagesMax: 2 });
  expect(await found()).toEqual([]);
  await round();
  expect((await found()).join('\n')).toMatch(/: expired is 1, the entries say 0$/m);
});

test('notices a tail that was cut off, or written anew, before what was replayed', async () => {
  await pool.query(`delete from ledger.block where number = 7;
    update ledger.head h set block = 6, entries = b.entry_first + b.entries, hash = b.hash
      from ledger.block b where b.number = 6`);
  await round();
  await round();
  expect(await found()).toEqual([
    'chain | block 7: it was cut off: it stood in the chain when it was replayed',
  ]);
  const [finding] = await readFindings(pool, { before: null, limit: 1, open: true });
  expect(finding).toMatchObject({ seen: 2, firstSeenAt: clock.now(), block: 7 });

  const restarted = createLedgerPool(database.url, 1);
  const programmeClock = () => clock.now();
  const again = await createLedger({ pool: restarted, clock, programmeClock, shards: 1 });
  await pool.query(`delete from ledger.transaction where block = 7; delete from ledger.entry where seq >= (
    select entries from ledger.head); delete from ledger.hold`);
  await again.submit({
    kind: 'issue',
    key: 'false',
    programme: 1,
    pointType: 1,
    member,
    merchant: shop,
    points: 9,
    effectiveAt: null,
  } as Command);
  await restarted.end();
  await round();
  expect((await found()).at(-1)).toBe(
    'chain | block 7: it was written anew: it had another hash when it was replayed',
  );
});

test('patrols rows that nothing touches, and comes round', async () => {
  const others: Uuid[] = [];
  for (let n = 0; n < 5; n += 1) {
    others.push(newId(clock.now() + n));
    await run(`other ${n}`, { kind: 'issue', member: others[n], merchant: shop, points: 5 });
  }
  await round();
  expect(await found()).toEqual([]);
  // A row of an account and a lot that no block made.
  const extra = newId(clock.now());
  await pool.query(
    `insert into ledger.lot select shard, $2, seq + 1000, transaction, programme, point_type, member, issuer,
        funders, funder_shares, rule_version, evidence, unit_cost, available_at_ms, made_expires_at_ms, expires_at_ms,
        issued, amount, remaining, held, expired, expired_recovered, returned, pending, open
      from ledger.lot where member = $1`,
    [others[1], extra],
  );
  await pool.query('update ledger.member_account set redeemed = 3 where member = $1', [others[4]]);
  const seen: number[] = [];
  for (let steps = 0; steps < 30; steps += 1)
    seen.push((await patrolShard({ pool, clock, step: 3 }, 0)).findings.length);
  const findings = await found();
  expect(findings).toHaveLength(2);
  expect(findings.join('\n')).toMatch(/it holds 5 points, its open lots 10$/m);
  expect(findings.join('\n')).toMatch(/redeemed is 3, the entries say 0$/m);
  // Each is come upon again on every way round.
  expect(seen.reduce((sum, each) => sum + each)).toBeGreaterThan(2);
});

test('a finding is acknowledged once, by someone, with a note', async () => {
  await pool.query('update ledger.head set block = block + 1');
  await round();
  const [finding] = await readFindings(pool, { before: null, limit: 1, open: true });
  const id = finding?.id ?? 0;
  const by = { key: newId(clock.now()), note: 'restored', now: clock.now() };
  const acknowledge = (which: number) =>
    withTransaction(pool, (tx) => acknowledgeFinding(tx, which, by));
  expect(await acknowledge(id)).toMatchObject({ id, note: 'restored', acknowledgedBy: by.key });
  expect(await acknowledge(id)).toMatchObject({ code: 'finding_acknowledged' });
  expect(await acknowledge(id + 1)).toMatchObject({ code: 'finding_not_found' });
  expect(await countOpenFindings(pool)).toBe(0);
  expect(await found()).toHaveLength(1);
  expect(showId('apiKey', by.key)).toMatch(/^key_/);
});
