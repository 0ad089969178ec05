import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, shardOfMember, showId, type Uuid } from '../kernel/id.ts';
import { PATIENCE_MS } from '../kernel/testing/patience.ts';
import { type Pool, withTransaction } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { findBudget, makeBudget, setBudgetTotal } from './budget.ts';
import type { Command, Limit } from './command.ts';
import { createLedger } from './create-ledger.ts';
import type { Ledger } from './ledger.ts';
import { createLedgerPool } from './pool.ts';
import type { Answer } from './transaction.ts';
import { verifyLedger } from './verify.ts';

const SHARDS = 4;
const clock = manualClock(Date.UTC(2027, 0, 1));
/** One member in each shard, and the merchant. */
const members: Uuid[] = [];
for (let shard = 0; shard < SHARDS; ) {
  const id = newId(clock.now());
  if (shardOfMember(id, SHARDS) !== shard) continue;
  members.push(id);
  shard += 1;
}
const merchant = newId(clock.now());
let database: TestDatabase;
let pools: Pool[];
let pool: Pool;
let ledgers: Ledger[];
let keys = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  pools = [1, 2, 3].map(() => createLedgerPool(database.url, 4));
  pool = pools[0] as Pool;
  ledgers = [];
  for (const each of pools) {
    const programmeClock = () => clock.now();
    ledgers.push(await createLedger({ pool: each, clock, programmeClock, shards: SHARDS }));
  }
});
afterEach(async () => {
  expect((await verifyLedger(pool)).findings).toEqual([]);
});
afterAll(async () => {
  await Promise.all(pools.map((each) => each.end()));
  await database.drop();
});

async function budgetOf(total: number): Promise<Uuid> {
  const id = newId(clock.now());
  const budget = { id, programme: 1, pointType: 1, name: id, merchant: null, createdAt: 0 };
  await withTransaction(pool, (tx) => makeBudget(tx, budget, total));
  return id;
}

function commandOf(member: Uuid, points: number, limits: readonly Limit[]): Command {
  keys += 1;
  const base = { programme: 1, pointType: 1, member, merchant, effectiveAt: null };
  return { ...base, kind: 'issue', key: `k${keys}`, points, limits };
}

function issue(shard: number, points: number, budget: Uuid, mode: 'trim' | 'all' = 'all') {
  const command = commandOf(members[shard] as Uuid, points, [{ budget, mode }]);
  return (ledgers[0] as Ledger).submit(command);
}

const told = (answer: Answer): string | number =>
  answer.status === 'applied' ? answer.transaction.points : answer.refusal.code;

/** What each shard was lent and has not used. */
async function unusedOf(budget: Uuid): Promise<number[]> {
  const { rows } = await pool.query<{ unused: number }>(
    'select granted - spent as unused from ledger.allotment where budget = $1 order by shard',
    [budget],
  );
  return rows.map((row) => row.unused);
}

it('gives exactly its total to those who race for it through three processes', async () => {
  const budget = await budgetOf(777);
  const everyone = Array.from({ length: 300 }, () => newId(clock.now()));
  const answers = await Promise.all(
    ledgers.map((ledger) =>
      ledger.submitAll(everyone.map((member) => commandOf(member, 1, [{ budget, mode: 'all' }]))),
    ),
  );
  const applied = answers.flat().filter((answer) => answer.status === 'applied');
  expect(applied).toHaveLength(777);
  expect(await findBudget(pool, budget)).toMatchObject({ total: 777, spent: 777 });
});

it('recalls what other shards were lent before it refuses', async () => {
  const budget = await budgetOf(100);
  // Each loan is a share of what is left, more than these need.
  for (const shard of [0, 1, 2])
    for (const _ of [1, 2]) expect(told(await issue(shard, 1, budget))).toBe(1);
  const unused = await unusedOf(budget);
  expect(unused.filter((points) => points > 0).length).toBeGreaterThan(1);
  // All but one of the 94 that are left, from home and from three other shards.
  expect(told(await issue(3, 95, budget))).toBe('budget_exhausted');
  expect(told(await issue(3, 93, budget))).toBe(93);
  expect(told(await issue(0, 5, budget, 'trim'))).toBe(1);
  const refused = await issue(1, 1, budget, 'trim');
  expect(refused).toMatchObject({
    refusal: { code: 'budget_exhausted', facts: { budgetId: showId('budget', budget), left: 0 } },
  });
});

it('can be raised, and lowered as far as what is spent', async () => {
  const budget = await budgetOf(10);
  const setTotal = (total: number): Promise<number> =>
    withTransaction(pool, (tx) => setBudgetTotal(tx, budget, total));
  expect(told(await issue(0, 4, budget))).toBe(4);
  expect(told(await issue(1, 3, budget))).toBe(3);
  expect(told(await issue(2, 4, budget))).toBe('budget_exhausted');
  await setTotal(50);
  expect(told(await issue(2, 4, budget))).toBe(4);
  // More is lent than the new total leaves room for.
  expect(told(await issue(2, 4, budget))).toBe(4);
  expect(await setTotal(14)).toBe(15);
  expect(await findBudget(pool, budget)).toMatchObject({ total: 50, spent: 15 });
  expect(await setTotal(15)).toBe(15);
  expect(await unusedOf(budget)).toEqual([0, 0, 0, 0]);
  expect(told(await issue(2, 1, budget))).toBe('budget_exhausted');
});

it('spends of several budgets at once, or of none', async () => {
  const [wide, narrow] = [await budgetOf(100), await budgetOf(5)];
  const submit = (points: number, limits: readonly Limit[]) =>
    (ledgers[1] as Ledger).submit(commandOf(members[0] as Uuid, points, limits));
  const both = (mode: 'trim' | 'all'): Limit[] => [
    { budget: wide, mode },
    { budget: narrow, mode },
    { budget: wide, mode },
  ];
  expect(told(await submit(9, both('trim')))).toBe(5);
  expect(told(await submit(1, both('trim')))).toBe('budget_exhausted');
  expect(await findBudget(pool, wide)).toMatchObject({ spent: 5 });
  const nobody = newId(clock.now());
  expect(told(await submit(1, [{ budget: nobody, mode: 'trim' }]))).toBe('budget_not_found');
});

const giveBack = (answer: Answer, points: number, budget: Uuid): Promise<Answer> => {
  keys += 1;
  const { id: earn, member } = answer.transaction as { id: Uuid; member: Uuid };
  const base = { key: `k${keys}`, programme: 1, pointType: 1, member, effectiveAt: null };
  const back = { kind: 'return', earn, points, policy: 'debt', limits: [{ budget }] } as const;
  return (ledgers[1] as Ledger).submit({ ...base, ...back });
};

it('gets back what a return takes, for whichever shard asks next', async () => {
  const budget = await budgetOf(100);
  const earn = await issue(0, 60, budget);
  await issue(1, 40, budget);
  expect(told(await issue(2, 1, budget))).toBe('budget_exhausted');
  expect(told(await giveBack(earn, 25, budget))).toBe(25);
  expect(await findBudget(pool, budget)).toMatchObject({ total: 100, spent: 75 });
  expect(await unusedOf(budget)).toEqual([25, 0, 0, 0]);
  expect(told(await issue(2, 30, budget))).toBe('budget_exhausted');
  expect(told(await issue(2, 30, budget, 'trim'))).toBe(25);
  expect(await unusedOf(budget)).toEqual([0, 0, 0, 0]);
  const nobody = newId(clock.now());
  expect(told(await giveBack(earn, 1, nobody))).toBe('budget_not_found');
});

it('lends all that a block spends before it gets some back', async () => {
  const budget = await budgetOf(100);
  const member = members[0] as Uuid;
  const id = (ledgers[0] as Ledger).newId(member);
  const first: Command = { ...commandOf(member, 100, [{ budget, mode: 'all' }]), id };
  const base = { programme: 1, pointType: 1, member, effectiveAt: null, limits: [{ budget }] };
  const back = { ...base, kind: 'return', key: `back ${id}`, earn: id, policy: 'debt' } as const;
  const both = [first, { ...back, points: 70 }];
  expect((await (ledgers[0] as Ledger).submitAll(both)).map(told)).toEqual([100, 70]);
  expect(await findBudget(pool, budget)).toMatchObject({ spent: 30 });
  // The block stands in the chain with 100 spent: as much had to be there.
  expect(await unusedOf(budget)).toEqual([70, 0, 0, 0]);
});

it('previews what is left without lending', async () => {
  const budget = await budgetOf(10);
  const commands = [8, 8].map((points) =>
    commandOf(members[0] as Uuid, points, [{ budget, mode: 'trim' }]),
  );
  expect((await (ledgers[0] as Ledger).preview(commands)).map(told)).toEqual([8, 2]);
  expect(await unusedOf(budget)).toEqual([0, 0, 0, 0]);
});

it('lends and spends in one transaction: killed in between, neither has happened', async () => {
  const budget = await budgetOf(10);
  const holder = await pool.connect();
  try {
    await holder.query('begin');
    await holder.query('select 1 from ledger.budget where id = $1 for update', [budget]);
    const answer = issue(0, 6, budget);
    // The block waits inside `ledger.lend` now: its head is moved, its rows are written, not committed.
    const waiting = `select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%ledger.append%'
      and datname = current_database()`;
    const found = await vi.waitFor(
      async () => {
        const { rows } = await (pools[1] as Pool).query<{ pid: number }>(waiting);
        expect(rows).toHaveLength(1);
        return rows;
      },
      { timeout: PATIENCE_MS },
    );
    await (pools[1] as Pool).query('select pg_terminate_backend($1)', [found[0]?.pid]);
    await holder.query('rollback');
    expect(told(await answer)).toBe(6);
    expect(await findBudget(pool, budget)).toMatchObject({ spent: 6 });
  } finally {
    holder.release();
  }
});

it('is found out when somebody changes what was spent or lent', async () => {
  const budget = await budgetOf(10);
  await issue(0, 6, budget);
  const about = `budget ${showId('budget', budget)}`;
  const change = async (sql: string, back: string): Promise<string[]> => {
    await pool.query(sql, [budget]);
    const { findings } = await verifyLedger(pool);
    await pool.query(back, [budget]);
    return findings.map((finding) => `${finding.about}: ${finding.message}`);
  };
  const spent = (by: string) =>
    `update ledger.allotment set spent = spent ${by} where budget = $1 and shard = 0`;
  expect(await change(spent('- 1'), spent('+ 1'))).toEqual([
    `${about}: this shard spent 5 of it, the transactions say 6`,
  ]);
  const lent = (by: string) => `update ledger.budget set lent = lent ${by} where id = $1`;
  expect(await change(lent('- 2'), lent('+ 2'))).toEqual([
    `${about}: it has lent 4 points, its shards were granted 6`,
  ]);
});
