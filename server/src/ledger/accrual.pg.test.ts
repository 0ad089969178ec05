import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, shardOfMember, type Uuid } from '../kernel/id.ts';
import { PATIENCE_MS } from '../kernel/testing/patience.ts';
import { createPool, type Pool, withTransaction } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { findBudget, makeBudget } from './budget.ts';
import type { Command } from './command.ts';
import { createLedger } from './create-ledger.ts';
import type { Ledger } from './ledger.ts';
import { createLedgerPool } from './pool.ts';
import { lockPrices, type PriceRow, writePrices } from './price-list.ts';
import type { Answer, Transaction } from './transaction.ts';
import { verifyLedger } from './verify.ts';

const SHARDS = 4;
const START = Date.UTC(2027, 0, 1);
const [SHOP, BANK, CINEMA] = [newId(START), newId(START), newId(START)];
const NAMES = new Map<Uuid, string>([
  [SHOP, 'shop'],
  [BANK, 'bank'],
  [CINEMA, 'cinema'],
]);
const clock = manualClock(START);

let database: TestDatabase;
let pools: Pool[];
let pool: Pool;
/** Each as another process has it. */
let ledgers: Ledger[];
let ledger: Ledger;
let keys = 0;
/** Each test has its own, so that its prices are its own; and point types, which have one programme. */
let programme = 0;
let points = 0;
let miles = 0;
let member: Uuid;

beforeAll(async () => {
  database = await createTestDatabase();
  pools = [1, 2, 3].map(() => createLedgerPool(database.url, 4));
  pool = pools[0] as Pool;
  ledgers = [];
  for (const each of pools) {
    const programmeClock = () => clock.now();
    ledgers.push(await createLedger({ pool: each, clock, programmeClock, shards: SHARDS }));
  }
  ledger = ledgers[0] as Ledger;
});
beforeEach(() => {
  programme += 1;
  [points, miles] = [2 * programme, 2 * programme + 1];
  member = newId(clock.now());
  clock.advance(1000);
});
afterEach(async () => {
  expect((await verifyLedger(pool)).findings).toEqual([]);
});
afterAll(async () => {
  await Promise.all(pools.map((each) => each.end()));
  await database.drop();
});

const row = (more: Partial<PriceRow> = {}): PriceRow => ({
  ...{ pointType: points, from: clock.now(), issuePrice: 10_000_000 },
  ...{ reimbursement: 9_000_000, fee: 500_000 },
  ...{ issuing: null, accepting: null, funding: null, quota: null },
  ...more,
});
const price = (merchant: Uuid | null, ...rows: PriceRow[]): Promise<void> =>
  withTransaction(pool, (tx) => writePrices(tx, programme, merchant, rows, clock.now()));

async function budgetOf(total: number): Promise<Uuid> {
  const id = newId(clock.now());
  const budget = { id, programme, pointType: points, name: id, merchant: null, createdAt: 0 };
  await withTransaction(pool, (tx) => makeBudget(tx, budget, total));
  return id;
}

type Loose<T> = T extends Command
  ? Omit<T, 'key' | 'programme' | 'pointType' | 'member' | 'effectiveAt' | 'merchant'>
  : never;
type Said = Loose<Command> & { member?: Uuid; pointType?: number; merchant?: Uuid };

function commandOf(said: Said): Command {
  keys += 1;
  const base = { key: `k${keys}`, programme, pointType: points, member, effectiveAt: null };
  return { ...base, merchant: SHOP, ...said } as Command;
}
const submit = (said: Said): Promise<Answer> => ledger.submit(commandOf(said));
async function apply(said: Said): Promise<Transaction> {
  const answer = await submit(said);
  if (answer.status === 'refused') throw new Error(answer.refusal.code);
  return answer.transaction;
}
const refused = async (said: Said): Promise<string> => {
  const answer = await submit(said);
  return answer.status === 'refused' ? answer.refusal.code : 'applied';
};

/** What stands in the table of a transaction, in fen: `use 4: shop 40 → cinema 36 - 2`. */
async function owedBy({ id }: Transaction): Promise<string[]> {
  const { rows } = await pool.query<
    Record<'kind' | 'points' | 'owed' | 'due' | 'fee', number> & { payer: Uuid; taker: Uuid }
  >(
    `select a.kind, a.points, a.payer, a.taker, a.owed, a.due, a.fee from ledger.transaction t
      join ledger.accrual a on a.shard = t.shard and a.seq >= t.entry_first and a.seq < t.entry_first + t.entries
      where t.id = $1 and a.programme = t.programme and a.effective_at_ms = t.effective_at_ms order by a.seq, a.place`,
    [id],
  );
  const fen = (micro: number): number => micro / 1_000_000;
  return rows.map(({ kind, points, payer, taker, owed, due, fee }) => {
    const sides = `${NAMES.get(payer)} ${fen(owed)} → ${NAMES.get(taker)} ${fen(due)} - ${fen(fee)}`;
    return `${['', 'use', 'reversal', 'repayment'][kind]} ${points}: ${sides}`;
  });
}
const funders = [
  { merchant: SHOP, share: 1 },
  { merchant: BANK, share: 1 },
];

it('finds in the tables what it needs of earlier batches: who pays, marks, debts, holds and their prices', async () => {
  const quota = await budgetOf(100);
  await price(null, row(), row({ from: clock.now() + 5, reimbursement: 8_000_000 }));
  await price(CINEMA, row({ quota }));
  const earn = await apply({ kind: 'issue', points: 40, funders });
  const burn = await apply({ kind: 'burn', points: 10, merchant: CINEMA });
  expect(await owedBy(burn)).toEqual([
    'use 5: shop 50 → cinema 45 - 2.5',
    'use 5: bank 50 → cinema 45 - 2.5',
  ]);
  const hold = await apply({
    kind: 'hold',
    points: 6,
    expiresAt: clock.now() + 9999,
    merchant: CINEMA,
  });
  clock.advance(10);
  // Its own price goes on, whatever the standard one has become; the other merchant has none.
  const capture = await apply({ kind: 'capture', hold: hold.id, points: 4 });
  expect(await owedBy(capture)).toEqual([
    'use 2: shop 20 → cinema 18 - 1',
    'use 2: bank 20 → cinema 18 - 1',
  ]);
  expect(await owedBy(await apply({ kind: 'burn', points: 2, merchant: BANK }))).toEqual([
    'use 1: shop 10 → bank 8 - 0.5',
    'use 1: bank 10 → bank 10 - 0',
  ]);
  expect(await findBudget(pool, quota)).toMatchObject({ spent: 16 });
  await apply({ kind: 'release', hold: hold.id });
  expect(await findBudget(pool, quota)).toMatchObject({ spent: 14 });
  for (const [of, points] of [[burn, 3] as const, [burn, 7] as const, [capture, 4] as const])
    await apply({ kind: 'refund', burn: of.id, points, graceMs: 0 });
  expect(await findBudget(pool, quota)).toMatchObject({ spent: 0 });
  // 2 of 40 are spent for good: the rest is returned, and what was spent becomes a debt.
  await apply({ kind: 'return', earn: earn.id, points: 40, policy: 'debt' });
  const repaid = await apply({ kind: 'issue', points: 1, merchant: CINEMA });
  expect(await owedBy(repaid)).toEqual(['repayment 1: cinema 10 → shop 10 - 0']);
  const overdrawn = await apply({ kind: 'burn', points: 3, overdraftMax: 3, merchant: CINEMA });
  expect(await owedBy(overdrawn)).toEqual([]);
  const settled = await apply({ kind: 'issue', points: 4, merchant: BANK });
  expect(await owedBy(settled)).toEqual([
    'repayment 1: bank 10 → shop 10 - 0',
    'use 3: bank 30 → cinema 27 - 1.5',
  ]);
  // What was lent and repaid comes back as points of the merchant, at its price: nothing else of this batch names it.
  await price(CINEMA, row({ issuePrice: 7_000_000, issuing: 'merchant_leaving' }));
  clock.advance(1);
  expect(await owedBy(await apply({ kind: 'refund', burn: overdrawn.id, graceMs: 0 }))).toEqual([]);
  expect(await owedBy(await apply({ kind: 'burn', points: 3, merchant: SHOP }))).toEqual([
    'use 3: cinema 21 → shop 24 - 1.5',
  ]);
});

it('carries the cost of points along: to another member, in another shard, and into other points', async () => {
  await price(
    null,
    row(),
    row({ pointType: miles, issuePrice: 1, reimbursement: 3_000_000, fee: 0 }),
  );
  await apply({ kind: 'issue', points: 10, funders });
  let friend = newId(clock.now());
  while (shardOfMember(friend, SHARDS) === shardOfMember(member, SHARDS))
    friend = newId(clock.now());
  const sent = await apply({ kind: 'transfer_out', to: friend, points: 10 });
  const lots = sent.entries.map(({ lot, points }) => ({
    ...{ lot, points, issuer: SHOP, funders, unitCost: 10_000_000 },
    ...{ availableAt: 0, expiresAt: null, ruleVersion: null, evidence: null },
  }));
  const source = { kind: 'transfer', id: sent.id } as const;
  await apply({ kind: 'transfer_in', from: member, member: friend, lots, debt: 0, source });
  await apply({ kind: 'convert', to: miles, points: 10, member: friend, rate: { num: 2, den: 1 } });
  const used = {
    kind: 'burn',
    points: 4,
    member: friend,
    pointType: miles,
    merchant: CINEMA,
  } as const;
  expect(await owedBy(await apply(used))).toEqual([
    'use 2: shop 10 → cinema 6 - 0',
    'use 2: bank 10 → cinema 6 - 0',
  ]);
});

it('decides by the price of the instant, of those who have one, and refuses who may not', async () => {
  const [now, later] = [clock.now(), clock.now() + 50];
  await price(null, row(), row({ from: later, issuePrice: 1_000_000 }));
  await price(SHOP, row({ from: later, issuePrice: 2_000_000, accepting: 'merchant_left' }));
  await price(BANK, row({ issuing: 'dossier_missing' }), row({ from: later }));
  const made = async (said: Said): Promise<number | null> => {
    const { id } = await apply(said);
    const { rows } = await pool.query('select unit_cost from ledger.lot where transaction = $1', [
      id,
    ]);
    return rows[0].unit_cost;
  };
  expect(await made({ kind: 'issue', points: 5 })).toBe(10_000_000);
  expect(await refused({ kind: 'issue', points: 5, merchant: BANK })).toBe('dossier_missing');
  clock.set(later - 1);
  expect(await refused({ kind: 'burn', points: 1 })).toBe('applied');
  clock.set(later);
  expect(await refused({ kind: 'burn', points: 1 })).toBe('merchant_left');
  expect(await made({ kind: 'issue', points: 5 })).toBe(2_000_000);
  expect(await made({ kind: 'issue', points: 5, merchant: BANK })).toBe(10_000_000);
  expect(await made({ kind: 'issue', points: 5, merchant: CINEMA })).toBe(1_000_000);
  // What comes late goes by the prices of its time.
  member = newId(now);
  const late = { ...commandOf({ kind: 'issue', points: 5, merchant: BANK }), effectiveAt: now };
  expect(await ledger.submit(late as Command)).toMatchObject({
    refusal: { code: 'dossier_missing' },
  });
});

it('never issues more than what is paid in, nor less, whoever races through three processes', async () => {
  const funding = await budgetOf(777 * 10_000 + 9_999);
  await price(null, row());
  await price(SHOP, row({ funding }));
  const everyone = Array.from({ length: 120 }, () => newId(clock.now()));
  const issue = (member: Uuid): Command => commandOf({ kind: 'issue', points: 3, member });
  const answers = await Promise.all(ledgers.map((each) => each.submitAll(everyone.map(issue))));
  const applied = answers.flat().filter(({ status }) => status === 'applied');
  expect(applied).toHaveLength(259);
  const codes = new Set(
    answers.flat().map((each) => (each.status === 'refused' ? each.refusal.code : '')),
  );
  expect([...codes].sort()).toEqual(['', 'funding_exhausted']);
  expect(await findBudget(pool, funding)).toMatchObject({ spent: 259 * 30_000 });
  expect(await refused({ kind: 'issue', points: 1 })).toBe('funding_exhausted');
});

it('never takes more points than a quota says, nor less', async () => {
  const quota = await budgetOf(100);
  await price(null, row());
  await price(CINEMA, row({ quota }));
  const everyone = Array.from({ length: 80 }, () => newId(clock.now()));
  await ledger.submitAll(everyone.map((member) => commandOf({ kind: 'issue', points: 4, member })));
  const use = (member: Uuid, place: number): Command =>
    place % 2 === 0
      ? commandOf({ kind: 'burn', points: 2, member, merchant: CINEMA })
      : commandOf({
          kind: 'hold',
          points: 2,
          member,
          merchant: CINEMA,
          expiresAt: clock.now() + 9999,
        });
  const answers = await Promise.all(
    ledgers.slice(0, 2).map((each) => each.submitAll(everyone.map(use))),
  );
  expect(answers.flat().filter(({ status }) => status === 'applied')).toHaveLength(50);
  expect(await findBudget(pool, quota)).toMatchObject({ total: 100, spent: 100 });
});

async function blocksWaiting(): Promise<number> {
  const { rows } = await pool.query(
    `select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%ledger.append%'`,
  );
  return rows[0].n;
}

it('decides nothing by a price that was not in force any more, however prices change meanwhile', async () => {
  await price(null, row());
  const everyone = Array.from({ length: 40 }, () => newId(clock.now()));
  const changes: { from: number; issuePrice: number }[] = [
    { from: clock.now(), issuePrice: 10_000_000 },
  ];
  const answering: Promise<Answer[]>[] = [];
  const submitToAll = (): void => {
    for (const each of ledgers) {
      const commands = everyone.map((member) => commandOf({ kind: 'issue', points: 1, member }));
      answering.push(each.submitAll(commands));
    }
  };
  const turns = 8;
  for (let issuePrice = 1; issuePrice <= turns; issuePrice += 1) {
    await withTransaction(pool, async (tx) => {
      await lockPrices(tx);
      clock.advance(1);
      const from = clock.now();
      changes.push({ from, issuePrice });
      // These are of the new price’s time, and find the old one.
      submitToAll();
      await vi.waitFor(async () => expect(await blocksWaiting()).toBeGreaterThan(0), {
        timeout: PATIENCE_MS,
      });
      await writePrices(tx, programme, null, [row({ from, issuePrice })], from);
    });
    await Promise.all(answering);
  }
  const applied = (await Promise.all(answering))
    .flat()
    .flatMap((answer) => (answer.status === 'applied' ? [answer.transaction] : []));
  expect(applied).toHaveLength(turns * ledgers.length * everyone.length);
  const { rows } = await pool.query<{ transaction: Uuid; cost: number }>(
    'select transaction, unit_cost as cost from ledger.lot where programme = $1',
    [programme],
  );
  const costs = new Map(rows.map(({ transaction, cost }) => [transaction, cost]));
  for (const { id, effectiveAt } of applied) {
    const inForce = changes.findLast(({ from }) => from <= effectiveAt)?.issuePrice;
    expect(costs.get(id)).toBe(inForce);
  }
  expect(new Set(costs.values()).size).toBeGreaterThan(3);
});

it('accrues every use once while connections are cut again and again', async () => {
  const admin = createPool({ url: database.url, name: 'test', connectionsMax: 2 });
  const own = createPool({ url: database.url, name: 'cut-often', connectionsMax: 4 });
  try {
    await price(null, row());
    const programmeClock = () => clock.now();
    const cut = await createLedger({ pool: own, clock, programmeClock, patienceMs: 60_000 });
    const everyone = Array.from({ length: 60 }, () => newId(clock.now()));
    await ledger.submitAll(
      everyone.map((member) => commandOf({ kind: 'issue', points: 9, member })),
    );
    for (let from = 0; from < everyone.length; from += 10) {
      const some = everyone
        .slice(from, from + 10)
        .map((member) =>
          cut.submit(commandOf({ kind: 'burn', points: 4, member, merchant: CINEMA })),
        );
      for (let n = 0; n < 3; n += 1)
        await admin.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and application_name = 'hongmi-cut-often'`,
        );
      expect((await Promise.all(some)).map(({ status }) => status)).toEqual(
        some.map(() => 'applied'),
      );
    }
    const { rows } = await pool.query(
      'select count(*)::int as rows, sum(points)::int as points, sum(owed)::int8 as owed from ledger.accrual where programme = $1',
      [programme],
    );
    expect(rows).toEqual([{ rows: 60, points: 240, owed: 2_400_000_000 }]);
  } finally {
    await own.end();
    await admin.end();
  }
});
