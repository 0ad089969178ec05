import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, type Uuid } from '../kernel/id.ts';
import { type Pool, withTransaction } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { makeBudget } from './budget.ts';
import type { IssueCommand, Limit, ReturnCommand } from './command.ts';
import { createLedger } from './create-ledger.ts';
import type { Ledger } from './ledger.ts';
import { createLedgerPool } from './pool.ts';
import type { Answer } from './transaction.ts';
import { verifyLedger } from './verify.ts';

// What an order asks for is several commands of one member: of the merchant's ratio, of rules, of other point
// types. Whoever places it or asks what it would give relies on what is said here.

const DAY = 24 * 3600 * 1000;
const clock = manualClock(Date.UTC(2027, 0, 1));
const merchant = newId(clock.now());
let database: TestDatabase;
let pool: Pool;
let ledger: Ledger;
/** The same with batches of two, so that an order takes several. */
let small: Ledger;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 4);
  const options = { pool, clock, programmeClock: () => clock.now(), shards: 4 };
  ledger = await createLedger(options);
  small = await createLedger({ ...options, maxBatch: 2 });
});
afterEach(async () => {
  expect((await verifyLedger(pool)).findings).toEqual([]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** The base, a bonus of the same type, and green points, within a cap, a budget and both. */
async function orderOf(member: Uuid, name: string, budget: Uuid): Promise<IssueCommand[]> {
  const id = ledger.newId(member);
  const source = { kind: 'order', id } as const;
  const common = {
    kind: 'issue',
    programme: 1,
    member,
    merchant,
    effectiveAt: null,
    source,
  } as const;
  const cap: Limit = { counter: 'month', max: 50, mode: 'trim' };
  const total: Limit = { budget, mode: 'trim' };
  const terms = { availableAt: clock.now() + DAY, expiresAt: clock.now() + 9 * DAY };
  return [
    { ...common, key: `order:${name}`, id, pointType: 1, points: 30, limits: [cap] },
    { ...common, key: `order:${name}:1`, pointType: 1, points: 40, limits: [cap, total], ...terms },
    { ...common, key: `order:${name}:2`, pointType: 2, points: 25, limits: [total] },
    { ...common, key: `order:${name}:3`, pointType: 1, points: 5, limits: [cap] },
  ];
}
async function newBudget(total: number): Promise<Uuid> {
  const id = newId(clock.now());
  const budget = { id, programme: 1, pointType: 1, name: id, merchant: null, createdAt: 0 };
  await withTransaction(pool, (tx) => makeBudget(tx, budget, total));
  return id;
}
const told = (answers: readonly Answer[]): (string | number)[] =>
  answers.map((each) => (each.status === 'applied' ? each.transaction.points : each.refusal.code));
const placesOf = (answers: readonly Answer[]): number[][] =>
  answers.map(({ receipt }) => [receipt?.block ?? -1, receipt?.position ?? -1]);

/** 20 left of the cap for the bonus, 15 of the budget for the green points, and nothing for the last. */
const GIVEN = [30, 20, 15, 'limit_reached'];

it('is decided in one batch, in the order of the request, each within what those before it left', async () => {
  const member = newId(clock.now());
  const commands = await orderOf(member, `one ${member}`, await newBudget(35));
  const answers = await ledger.submitAll(commands);
  expect(told(answers)).toEqual(GIVEN);
  const [first] = placesOf(answers) as [number[]];
  expect(placesOf(answers)).toEqual([0, 1, 2, 3].map((place) => [first[0], place]));
  expect(told(await ledger.submitAll(commands))).toEqual(GIVEN);
});

it('is decided in its order also when it takes several batches, among others’ orders', async () => {
  const budgets = await Promise.all(Array.from({ length: 12 }, () => newBudget(35)));
  const orders = await Promise.all(
    budgets.map((budget) => {
      const member = newId(clock.now());
      return orderOf(member, `small ${member}`, budget);
    }),
  );
  const answers = await Promise.all(orders.map((commands) => small.submitAll(commands)));
  for (const each of answers) {
    expect(told(each)).toEqual(GIVEN);
    const places = placesOf(each).map(
      ([block, position]) => (block as number) * 2 + (position as number),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  }
});

it('is previewed as it would be decided: each within what those before it would use', async () => {
  const member = newId(clock.now());
  const budget = await newBudget(35);
  const commands = await orderOf(member, `dry ${member}`, budget);
  const again = await orderOf(member, `dry again ${member}`, budget);
  // Two orders of one request, and the return of the first that gives the cap room again for the second.
  const [base] = commands as [IssueCommand];
  const back: ReturnCommand = {
    ...{ kind: 'return', key: `back ${member}`, programme: 1, pointType: 1, member },
    ...{ earn: base.id as Uuid, points: 30, policy: 'debt', effectiveAt: null },
    limits: [{ counter: 'month' }],
  };
  const all = [...commands, back, ...again];
  const foretold = told(await ledger.preview(all));
  expect(foretold).toEqual([
    ...GIVEN,
    30,
    30,
    'limit_reached',
    'budget_exhausted',
    'limit_reached',
  ]);
  expect(told(await ledger.preview(all))).toEqual(foretold);
  expect(told(await small.preview(all))).toEqual(foretold);
  expect(told(await ledger.submitAll(all))).toEqual(foretold);
});
