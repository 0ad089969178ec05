import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, type Uuid } from '../kernel/id.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import { createPool, type Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import type { Command } from './command.ts';
import { createLedger } from './create-ledger.ts';
import type { Ledger } from './ledger.ts';
import { createLedgerPool } from './pool.ts';
import { findBreaches } from './testing/invariants.ts';
import type { Answer } from './transaction.ts';

const START = Date.UTC(2027, 0, 1);
const POINTS = 1;
const SHOP = newId(START);

let database: TestDatabase;
let pool: Pool;
let ledger: Ledger;
let statements = 0;
const clock = manualClock(START);
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 4);
  const query = pool.query.bind(pool) as (...asked: unknown[]) => unknown;
  pool.query = ((...asked: unknown[]) => {
    statements += 1;
    return query(...asked);
  }) as never;
  ledger = await createLedger({ pool, clock, programmeClock: clock.now, shards: 1 });
});
afterAll(async () => {
  await pool.end();
  // The ledger's own connections may not plan what these queries need.
  const plain = createPool({ url: database.url, name: 'test', connectionsMax: 10 });
  const breaches = await findBreaches(plain);
  await plain.end();
  await database.drop();
  expect(breaches).toEqual([]);
});

type Loose<T> = T extends Command
  ? Omit<T, 'key' | 'programme' | 'pointType' | 'member' | 'effectiveAt' | 'merchant'>
  : never;

let keys = 0;
function commandOf(member: Uuid, what: Loose<Command>): Command {
  keys += 1;
  const base = { key: `k${keys}`, programme: 1, pointType: POINTS, member, effectiveAt: null };
  return { ...base, merchant: SHOP, ...what } as Command;
}
const submit = (member: Uuid, what: Loose<Command>): Promise<Answer> =>
  ledger.submit(commandOf(member, what));
const codeOf = (answer: Answer | undefined): string =>
  answer?.status === 'refused' ? answer.refusal.code : (answer?.status ?? 'nothing');
const idOf = (answer: Answer): Uuid => answer.transaction?.id as Uuid;

describe('points never leave the safe range', () => {
  it('by refunding what was spent while new points came in', async () => {
    const member = newId(START);
    await submit(member, { kind: 'adjust', points: POINTS_MAX });
    const burn = await submit(member, { kind: 'burn', points: POINTS_MAX });
    const again = await submit(member, { kind: 'adjust', points: POINTS_MAX });
    expect(codeOf(again)).toBe('points_out_of_range');
    const refund = await submit(member, { kind: 'refund', burn: idOf(burn), graceMs: 0 });
    expect(refund.transaction?.balanceAfter).toBe(POINTS_MAX);
    const last = await submit(member, { kind: 'burn', points: 1 });
    expect(last.transaction?.balanceAfter).toBe(POINTS_MAX - 1);
  });

  it('by owing twice what can be counted', async () => {
    const member = newId(START);
    const earns: Uuid[] = [];
    for (let i = 0; i < 2; i += 1) {
      earns.push(idOf(await submit(member, { kind: 'adjust', points: POINTS_MAX })));
      // Downward adjustments leave no trace in what was redeemed, so they alone could be repeated for ever.
      await submit(member, { kind: 'adjust', points: -POINTS_MAX });
    }
    const returned = { kind: 'return', points: POINTS_MAX, policy: 'debt' } as const;
    const first = await submit(member, { ...returned, earn: earns[0] as Uuid });
    expect(first.transaction?.balanceAfter).toBe(-POINTS_MAX);
    const second = await submit(member, { ...returned, earn: earns[1] as Uuid });
    expect(codeOf(second)).toBe('points_out_of_range');
    expect(second.transaction?.balanceAfter).toBe(-POINTS_MAX);
  });
});

it('counts once what two limits of one name grant', async () => {
  const member = newId(START);
  const limits = [
    { counter: 'day', max: 10, mode: 'all' },
    { counter: 'day', max: 15, mode: 'trim' },
  ] as const;
  expect(codeOf(await submit(member, { kind: 'issue', points: 10, limits }))).toBe('applied');
  const counted = await pool.query('select value from ledger.counter where member = $1', [member]);
  expect(counted.rows).toEqual([{ value: 10 }]);
});

it.each([false, true])('matures no emptied lot, in one batch or in two (%s)', async (apart) => {
  const member = newId(START);
  const id = ledger.newId(member);
  const commands = [
    commandOf(member, { kind: 'issue', id, points: 5, availableAt: clock.now() + 10 }),
    commandOf(member, { kind: 'return', earn: id, points: 5, policy: 'pending_only' }),
    { ...commandOf(member, { kind: 'mature' }), effectiveAt: clock.now() + 20 },
  ];
  const answers: Answer[] = [];
  if (apart) for (const command of commands) answers.push(await ledger.submit(command));
  else answers.push(...(await ledger.submitAll(commands)));
  expect(answers.map(codeOf)).toEqual(['applied', 'applied', 'nothing_due']);
});

describe('a batch of accounts with many lots', () => {
  const MEMBERS = 120;
  const LOTS = 40;
  const STATEMENTS_MAX = 12;
  const members = Array.from({ length: MEMBERS }, () => newId(START));
  const lastEarns = new Map<Uuid, Uuid>();
  beforeAll(async () => {
    const issues = Array.from({ length: LOTS }).flatMap((_, lot) =>
      members.map((member) => {
        const id = ledger.newId(member);
        lastEarns.set(member, id);
        return commandOf(member, { kind: 'issue', id, points: 10, expiresAt: START + 1000 + lot });
      }),
    );
    await ledger.submitAll(issues);
  });

  it.each<[string, (member: Uuid) => Loose<Command>, string]>([
    ['burns beyond the first lots', () => ({ kind: 'burn', points: 375 }), 'applied'],
    ['asks for more than there is', () => ({ kind: 'burn', points: 9999 }), 'insufficient_points'],
    [
      'returns what was spent',
      (member) => ({
        kind: 'return',
        earn: lastEarns.get(member) as Uuid,
        points: 10,
        policy: 'debt',
      }),
      'applied',
    ],
    ['matures', () => ({ kind: 'mature' }), 'nothing_due'],
    ['expires', () => ({ kind: 'expire' }), 'nothing_due'],
  ])('%s with few statements', async (_, what, expected) => {
    statements = 0;
    const answers = await ledger.submitAll(
      members.map((member) => commandOf(member, what(member))),
    );
    expect([...new Set(answers.map(codeOf))]).toEqual([expected]);
    expect(statements).toBeLessThanOrEqual(STATEMENTS_MAX);
  });
});

it('lets no lot of the batch jump the queue of lots that were not loaded', async () => {
  const member = newId(START);
  const lots = Array.from({ length: 50 }, (_, lot) => {
    return commandOf(member, { kind: 'issue', points: 10, expiresAt: START + 1000 + lot });
  });
  const earned = await ledger.submitAll(lots);
  const spent = await ledger.submitAll([
    // Last of all in spending order, and enough to make the burns below look settled.
    commandOf(member, { kind: 'issue', points: 1000 }),
    commandOf(member, { kind: 'burn', points: 350 }),
    commandOf(member, { kind: 'burn', points: 150 }),
  ]);
  const inOrder = spent.flatMap((answer) => answer.transaction?.entries ?? []).slice(1);
  const made = earned.map((answer) => answer.transaction?.entries[0]?.lot);
  expect(inOrder.map((entry) => entry.lot)).toEqual(made);
  // Restored by a refund, the last lots stand again behind those that are not loaded.
  const again = await ledger.submitAll([
    commandOf(member, { kind: 'refund', burn: idOf(spent[1] as Answer), graceMs: 0 }),
    commandOf(member, { kind: 'refund', burn: idOf(spent[2] as Answer), points: 100, graceMs: 0 }),
    commandOf(member, { kind: 'burn', points: 460 }),
  ]);
  const retaken = again[2]?.transaction?.entries.map((entry) => entry.lot);
  expect(retaken).toEqual([...made.slice(0, 35), ...made.slice(40), spentLotOf(spent)]);
});

const spentLotOf = (answers: readonly Answer[]): Uuid =>
  answers[0]?.transaction?.entries[0]?.lot as Uuid;

it('answers a command whose id is taken with a failure of its own, and serves its neighbours', async () => {
  const member = newId(START);
  const id = ledger.newId(member);
  await submit(member, { kind: 'issue', id, points: 1 });
  const outcomes = await Promise.allSettled([
    submit(newId(START), { kind: 'issue', points: 2 }),
    submit(member, { kind: 'issue', id, points: 3 }),
    submit(member, { kind: 'issue', points: 4 }),
  ]);
  expect(outcomes.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  const last = await submit(member, { kind: 'burn', points: 5 });
  expect(last).toMatchObject({ status: 'applied', transaction: { balanceAfter: 0 } });
});
