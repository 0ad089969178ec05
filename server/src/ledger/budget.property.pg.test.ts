import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, type Uuid } from '../kernel/id.ts';
import { testSeed } from '../kernel/testing/seed.ts';
import { type Pool, withTransaction } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { findBudget, makeBudget, setBudgetTotal } from './budget.ts';
import type { Command } from './command.ts';
import { createLedger } from './create-ledger.ts';
import type { Ledger } from './ledger.ts';
import { createLedgerPool } from './pool.ts';
import type { Answer } from './transaction.ts';
import { verifyLedger } from './verify.ts';

const RUNS = 60;
const LIMIT_MS = 12_000;
const SHARDS = 4;
const TOTAL_MAX = 400;

interface Ask {
  readonly instance: number;
  readonly member: number;
  readonly points: number;
  readonly mode: 'trim' | 'all';
  readonly second: boolean;
}
type Step =
  | { readonly what: 'together'; readonly asks: readonly Ask[] }
  | { readonly what: 'total'; readonly total: number; readonly during: readonly Ask[] };

const ask = fc.record({
  instance: fc.nat(2),
  member: fc.nat(11),
  points: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 150 })),
  mode: fc.constantFrom('trim' as const, 'all' as const),
  second: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  // One alone is decided exactly as the model does.
  fc.record({
    what: fc.constant('together' as const),
    asks: fc.array(ask, { minLength: 1, maxLength: 1 }),
  }),
  fc.record({
    what: fc.constant('together' as const),
    asks: fc.array(ask, { minLength: 2, maxLength: 24 }),
  }),
  fc.record({
    what: fc.constant('total' as const),
    total: fc.nat(TOTAL_MAX),
    during: fc.array(ask, { maxLength: 8 }),
  }),
);
const scenario = fc.record({
  totals: fc.tuple(fc.nat(TOTAL_MAX), fc.nat(TOTAL_MAX)),
  steps: fc.array(step, { minLength: 3, maxLength: 14 }),
});

const clock = manualClock(Date.UTC(2027, 0, 1));
let database: TestDatabase;
let pools: Pool[];
let ledgers: Ledger[];
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  pools = [1, 2, 3].map(() => createLedgerPool(database.url, 3));
  ledgers = [];
  for (const [index, maxBatch] of [512, 2, 5].entries()) {
    const pool = pools[index] as Pool;
    const programmeClock = () => clock.now();
    ledgers.push(await createLedger({ pool, clock, programmeClock, shards: SHARDS, maxBatch }));
  }
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await database.drop();
});

async function newBudget(total: number): Promise<Uuid> {
  const id = newId(clock.now());
  const budget = { id, programme: 1, pointType: 1, name: id, merchant: null, createdAt: 0 };
  expect(await withTransaction(pools[0] as Pool, (tx) => makeBudget(tx, budget, total))).toBe(true);
  return id;
}

async function leftOf(id: Uuid): Promise<number> {
  const state = await findBudget(pools[0] as Pool, id);
  if (state === undefined) throw new Error('the budget is gone');
  expect(state.spent).toBeLessThanOrEqual(state.total);
  return state.total - state.spent;
}

async function send(ask: Ask, members: readonly Uuid[], budgets: readonly Uuid[]): Promise<Answer> {
  const named = ask.second ? budgets : budgets.slice(0, 1);
  const { mode, points } = ask;
  const command: Command = {
    kind: 'issue',
    key: `k${count++}`,
    programme: 1,
    pointType: 1,
    member: members[ask.member] as Uuid,
    merchant: members[0] as Uuid,
    effectiveAt: null,
    points,
    // In either order: blocks must not wait for each other in a circle.
    limits: (ask.instance === 1 ? named.toReversed() : named).map((budget) => ({ budget, mode })),
  };
  return (ledgers[ask.instance] as Ledger).submit(command);
}

/** What must be so of answers that were given while what is left went from `most` to `least`. */
function judge(
  asks: readonly Ask[],
  answers: readonly Answer[],
  least: readonly number[],
  most: readonly number[],
): void {
  for (const [index, answer] of answers.entries()) {
    const { points, mode, second } = asks[index] as Ask;
    const rooms = (from: readonly number[]) => Math.min(...(second ? from : from.slice(0, 1)));
    if (answer.status === 'applied') {
      const granted = answer.transaction.points;
      expect(granted).toBeLessThanOrEqual(Math.min(points, rooms(most)));
      expect(granted).toBeGreaterThanOrEqual(
        mode === 'all' ? points : Math.min(points, Math.max(1, rooms(least))),
      );
    } else {
      expect(answer.refusal.code).toBe('budget_exhausted');
      // While something was left for it all along, nobody may be refused.
      expect(rooms(least)).toBeLessThan(mode === 'all' ? points : 1);
    }
  }
}

const granted = (asks: readonly Ask[], answers: readonly Answer[], isSecond: boolean): number =>
  answers.reduce((sum, answer, index) => {
    const counts = !isSecond || asks[index]?.second === true;
    return sum + (counts && answer.status === 'applied' ? answer.transaction.points : 0);
  }, 0);

it('is never exceeded, and refuses only what is not left anywhere', async () => {
  const seed = testSeed('budget property');
  let runs = 0;
  const until = performance.now() + LIMIT_MS;
  const members: Uuid[] = Array.from({ length: 12 }, () => newId(clock.now()));
  const property = fc.asyncProperty(scenario, async ({ totals, steps }) => {
    // A run is not cut off: what it has under way would outlive the test.
    if (performance.now() > until) return;
    runs += 1;
    const budgets = [await newBudget(totals[0]), await newBudget(totals[1])];
    let left: number[] = [...totals];
    let first = totals[0];
    for (const step of steps) {
      const asks = step.what === 'together' ? step.asks : step.during;
      const sent = asks.map((each) => send(each, members, budgets));
      const changing =
        step.what === 'total'
          ? withTransaction(pools[1] as Pool, (tx) =>
              setBudgetTotal(tx, budgets[0] as Uuid, step.total),
            )
          : undefined;
      const answers = await Promise.all(sent);
      const spent = await changing;
      const after = await Promise.all(budgets.map(leftOf));
      const changed =
        step.what === 'total' && spent !== undefined && step.total >= spent
          ? step.total - first
          : 0;
      const used = [granted(asks, answers, false), granted(asks, answers, true)];
      expect(after).toEqual([
        (left[0] as number) + changed - (used[0] as number),
        (left[1] as number) - (used[1] as number),
      ]);
      first += changed;
      const least = [
        Math.min((after[0] as number) - Math.max(0, changed), after[0] as number),
        after[1] as number,
      ];
      const most = [(left[0] as number) + Math.max(0, changed), left[1] as number];
      judge(asks, answers, least, most);
      // One alone: neither more nor less than the model grants.
      if (step.what === 'together' && asks.length === 1) {
        const only = asks[0] as Ask;
        const room = Math.min(...(only.second ? left : left.slice(0, 1)));
        const fits = only.mode === 'all' ? only.points <= room : room > 0;
        expect(used[0]).toBe(fits ? Math.min(only.points, room) : 0);
      }
      left = after;
    }
  });
  await fc.assert(property, { seed, numRuns: RUNS });
  console.info(`budget property: ${runs} scenarios`);
  expect(runs).toBeGreaterThan(0);
  expect((await verifyLedger(pools[0] as Pool)).findings).toEqual([]);
});
