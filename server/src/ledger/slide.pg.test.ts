import { afterAll, beforeAll, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId } from '../kernel/id.ts';
import { createPool, type Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import type { IssueCommand } from './command.ts';
import { createLedger } from './create-ledger.ts';
import type { Ledger } from './ledger.ts';
import { createLedgerPool } from './pool.ts';
import { readBalancesAsOf } from './read-as-of.ts';
import { createBalanceReader } from './read-balance.ts';
import { readSent } from './read-sent.ts';
import { findBreaches } from './testing/invariants.ts';
import type { Transaction } from './transaction.ts';
import { verifyLedger } from './verify.ts';

const ZONE = 'Asia/Shanghai';
const at = (date: string, time = '00:00'): number => Date.parse(`${date}T${time}:00+08:00`);

let database: TestDatabase;
let pool: Pool;
let plain: Pool;
let ledger: Ledger;
const clock = manualClock(at('2027-01-10'));
const member = newId(clock.now());
const shop = newId(clock.now());
let keys = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 2);
  plain = createPool({ url: database.url, name: 'test', connectionsMax: 1 });
  ledger = await createLedger({
    ...{ pool, clock, programmeClock: clock.now, shards: 2 },
    slidesOf: (programme) => (programme === 1 ? { timeZone: ZONE, months: [12] } : null),
  });
});
afterAll(async () => {
  await Promise.all([pool.end(), plain.end()]);
  await database.drop();
});

const base = (of = member) => {
  keys += 1;
  return { key: `k${keys}`, programme: 1, pointType: 1, member: of, effectiveAt: null };
};
const earn = (points: number, of = member): IssueCommand => ({
  ...{ ...base(of), kind: 'issue', merchant: shop, points },
  ...{ expiresAt: at('2028-02-01'), slideMonths: 12 },
});
const burn = (points: number, of = member) =>
  ({ ...base(of), kind: 'burn', merchant: shop, points }) as const;
const times = () => [{ programme: 1, now: clock.now(), timeZone: ZONE }];
const calendar = async () => {
  const reader = createBalanceReader(pool, ledger.shardOf, times);
  return (await reader.balancesOf(member))[0]?.expiring;
};

it('extends more lots than a batch loads, once, whatever the command and its batch', async () => {
  clock.set(at('2027-01-10'));
  await ledger.submitAll(Array.from({ length: 700 }, () => earn(1)));
  expect(await calendar()).toEqual([{ at: at('2028-02-01'), points: 700 }]);
  clock.set(at('2027-02-03'));
  const [first, second, third] = await ledger.submitAll([burn(2), earn(5), burn(40)]);
  expect(first?.transaction?.entries.map(({ kind }) => kind).slice(0, 3)).toEqual([
    ...['take', 'take', 'extend'],
  ]);
  expect(first?.transaction?.entries).toHaveLength(2 + 698);
  expect(second?.transaction?.entries).toHaveLength(1);
  expect(third?.transaction?.entries.every(({ kind }) => kind === 'take')).toBe(true);
  expect(await calendar()).toEqual([{ at: at('2028-03-01'), points: 663 }]);
  clock.set(at('2027-03-01'));
  const alone = await ledger.submit(earn(1));
  expect(alone.transaction?.entries.filter(({ kind }) => kind === 'extend').length).toBeGreaterThan(
    600,
  );
  expect(await calendar()).toEqual([{ at: at('2028-04-01'), points: 664 }]);
});

it('tells what stood at any time, and what will be if nobody comes', async () => {
  const shard = ledger.shardOf(member);
  const then = async (date: string, time?: string) =>
    (await readBalancesAsOf(pool, shard, member, at(date, time), times()))[0];
  expect(await then('2027-01-31')).toMatchObject({
    expiring: [{ at: at('2028-02-01'), points: 700 }],
  });
  expect(await then('2027-02-28')).toMatchObject({
    expiring: [{ at: at('2028-03-01'), points: 663 }],
  });
  expect(await then('2028-03-31', '23:59')).toMatchObject({ available: 664 });
  expect(await then('2028-04-01')).toMatchObject({ available: 0, lifetimeExpired: 664 });
});

it('lets an activity and a sweep of the same instant have but one winner', async () => {
  const racer = newId(clock.now());
  clock.set(at('2027-05-05'));
  await ledger.submit({ ...earn(10, racer), expiresAt: at('2028-06-01') });
  clock.set(at('2028-06-01') - 1);
  const answers = await Promise.all([
    ledger.submit(burn(1, racer)),
    ledger.submit({ ...base(racer), kind: 'expire', effectiveAt: at('2028-06-01') - 1 }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['applied', 'refused']);
  clock.set(at('2029-07-01'));
  const late = await Promise.all([
    ledger.submit(burn(1, racer)),
    ledger.submit({ ...base(racer), kind: 'expire' }),
  ]);
  expect(late.map(({ status }) => status)).toEqual(['refused', 'applied']);
});

it('sends on by how much a lot slides', async () => {
  const [giver, friend] = [newId(clock.now()), newId(clock.now())];
  clock.set(at('2029-07-02'));
  await ledger.submit({ ...earn(10, giver), expiresAt: at('2030-08-01') });
  const id = ledger.newId(giver);
  const source = { kind: 'transfer', id } as const;
  const out = await ledger.submit({
    ...{ ...base(giver), kind: 'transfer_out', id, source, to: friend, points: 4 },
  });
  const sent = await readSent(pool, out.transaction as Transaction);
  expect(sent.lots).toMatchObject([{ points: 4, slideMonths: 12, expiresAt: at('2030-08-01') }]);
  await ledger.submit({ ...base(friend), kind: 'transfer_in', from: giver, source, ...sent });
  clock.set(at('2029-12-31', '23:59'));
  const { transaction } = await ledger.submit(burn(1, friend));
  expect(transaction?.entries).toMatchObject([
    { kind: 'take' },
    { kind: 'extend', expiresAt: at('2031-01-01') },
  ]);
});

it('leaves a ledger that verifies', async () => {
  expect((await verifyLedger(pool)).findings).toEqual([]);
  expect(await findBreaches(plain)).toEqual([]);
  const { rows } = await plain.query(
    'select count(*)::int8 as n from ledger.lot where slide_months = 12',
  );
  expect(rows[0]?.n).toBeGreaterThan(700);
});
