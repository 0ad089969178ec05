import { afterAll, beforeAll, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId } from '../kernel/id.ts';
import { createPool, type Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import type { Command } from './command.ts';
import { createLedger } from './create-ledger.ts';
import { LedgerUnavailable } from './ledger.ts';
import { createLedgerPool } from './pool.ts';
import { findBreaches } from './testing/invariants.ts';
import { verifyLedger } from './verify.ts';

// The database fails while commands are under way: each is answered as unavailable or as done, and sent
// again with its key it is found done once.

const START = Date.UTC(2027, 0, 1);
const SHOP = newId(START);
const clock = manualClock(START);

let database: TestDatabase;
let admin: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = createPool({ url: database.url, name: 'test', connectionsMax: 2 });
});
afterAll(async () => {
  expect(await findBreaches(admin)).toEqual([]);
  await admin.end();
  await database.drop();
});

function issue(key: string): Command {
  return {
    kind: 'issue',
    key,
    programme: 1,
    pointType: 1,
    member: newId(START),
    merchant: SHOP,
    points: 10,
    effectiveAt: null,
  } as Command;
}

async function ledgerOver(pool: Pool, patienceMs: number) {
  return createLedger({ pool, clock, programmeClock: clock.now, shards: 2, patienceMs });
}

it('answers unavailable when a statement takes too long, and the same command is done once afterwards', async () => {
  const pool = createPool({
    url: database.url,
    name: 'faults-timeout',
    connectionsMax: 2,
    statementTimeoutMs: 100,
  });
  const blocker = await admin.connect();
  try {
    const ledger = await ledgerOver(pool, 300);
    await blocker.query('begin');
    await blocker.query('select from ledger.head for update');
    const commands = Array.from({ length: 8 }, (_, n) => issue(`timeout-${n}`));
    const answers = await Promise.allSettled(commands.map((each) => ledger.submit(each)));
    expect(answers.map((each) => each.status)).toEqual(commands.map(() => 'rejected'));
    for (const each of answers)
      expect((each as PromiseRejectedResult).reason).toBeInstanceOf(LedgerUnavailable);
    await blocker.query('rollback');
    const again = await ledger.submitAll(commands);
    expect(again.map(({ status, replayed }) => [status, replayed])).toEqual(
      commands.map(() => ['applied', false]),
    );
  } finally {
    blocker.release();
    await pool.end();
  }
});

it('does every command once while its connections are cut again and again', async () => {
  const pool = createLedgerPool(database.url, 3);
  let cut = 0;
  const cutAll = async (): Promise<void> => {
    const { rowCount } = await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'hongmi-ledger'`,
    );
    cut += rowCount ?? 0;
  };
  try {
    const ledger = await ledgerOver(pool, 60_000);
    const commands = Array.from({ length: 300 }, (_, n) => issue(`cut-${n}`));
    for (let from = 0; from < commands.length; from += 10) {
      const some = commands.slice(from, from + 10);
      const answers = Promise.all(some.map((each) => ledger.submit(each)));
      for (let n = 0; n < 3; n += 1) await cutAll();
      expect((await answers).map((each) => each.status)).toEqual(some.map(() => 'applied'));
    }
    expect(cut).toBeGreaterThan(20);
    const again = await ledger.submitAll(commands);
    expect(again.every(({ status, replayed }) => status === 'applied' && replayed)).toBe(true);
    const { rows } = await admin.query(
      `select count(*)::int as n, count(distinct key)::int as keys from ledger.transaction where key like 'cut-%'`,
    );
    expect(rows[0]).toEqual({ n: 300, keys: 300 });
    expect((await verifyLedger(pool)).findings).toEqual([]);
  } finally {
    await pool.end();
  }
});

it('refuses nothing and reorders nothing when the machine’s clock jumps back and forth', async () => {
  const pool = createLedgerPool(database.url, 2);
  try {
    const ledger = await ledgerOver(pool, 1_000);
    const member = newId(START);
    const at = (key: string): Command => ({ ...issue(key), member }) as Command;
    const hours = [0, 5, -7, 24 * 365, -24 * 30, 1];
    const seen: { effective: number; recorded: number }[] = [];
    for (const [n, jump] of hours.entries()) {
      clock.advance(jump * 3_600_000);
      const answer = await ledger.submit(at(`jump-${n}`));
      expect(answer.status).toBe('applied');
      seen.push({
        effective: answer.transaction?.effectiveAt ?? 0,
        recorded: answer.receipt?.recordedAt ?? 0,
      });
    }
    for (const of of ['effective', 'recorded'] as const) {
      const times = seen.map((each) => each[of]);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
    expect((await verifyLedger(pool)).findings).toEqual([]);
  } finally {
    clock.set(START);
    await pool.end();
  }
});
