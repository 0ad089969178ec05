import { afterAll, beforeAll, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId } from '../kernel/id.ts';
import { createPool, type Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { TURN_LOCK } from './append.ts';
import type { Command } from './command.ts';
import { createEngine } from './engine.ts';
import { openLedger } from './open.ts';
import { createLedgerPool } from './pool.ts';
import { postgresStorage } from './storage.ts';
import { findBreaches } from './testing/invariants.ts';

const START = Date.UTC(2027, 0, 1);
const clock = manualClock(START);

let database: TestDatabase;
let admin: Pool;
const pools: Pool[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  admin = createPool({ url: database.url, name: 'test', connectionsMax: 2 });
  await openLedger(admin, 1, START);
});
afterAll(async () => {
  for (const pool of pools) await pool.end();
  expect(await findBreaches(admin)).toEqual([]);
  await admin.end();
  await database.drop();
});

/** An engine as another process has it, and how its batches went. */
function rival(name: string) {
  const pool = createLedgerPool(database.url, 1);
  pools.push(pool);
  const real = postgresStorage(pool);
  const count = { appended: 0, inVain: 0 };
  const storage: typeof real = {
    ...real,
    async append(block, book) {
      const appended = await real.append(block, book);
      if (appended.done) count.appended += 1;
      else count.inVain += 1;
      return appended;
    },
  };
  const engine = createEngine({ storage, shards: 1, clock });
  let n = 0;
  const issue = () => {
    n += 1;
    const command = {
      kind: 'issue',
      key: `${name}-${n}`,
      programme: 1,
      pointType: 1,
      member: newId(START),
      merchant: newId(START),
      points: 1,
      effectiveAt: null,
    } as Command;
    return engine.submit([{ command, now: START }]);
  };
  return { count, issue };
}

it('rivals on one shard take turns: hardly a batch is decided in vain', async () => {
  const rivals = [rival('one'), rival('two')];
  await Promise.all(
    rivals.map(async ({ issue }) => {
      for (let n = 0; n < 150; n += 1) expect((await issue())[0]?.status).toBe('applied');
    }),
  );
  for (const { count } of rivals) {
    expect(count.appended).toBe(150);
    // Left to chance it is every third or second.
    expect(count.inVain).toBeLessThan(15);
  }
});

it('a process that hangs in its turn holds nobody up for long', async () => {
  const [one, two] = [rival('three'), rival('four')];
  // Until both know of each other.
  while (one.count.inVain + two.count.inVain === 0) await Promise.all([one.issue(), two.issue()]);
  const hung = await admin.connect();
  try {
    await hung.query('select pg_advisory_lock($1, 0)', [TURN_LOCK]);
    const answers = await Promise.all([one.issue(), two.issue()]);
    expect(answers.map(([answer]) => answer?.status)).toEqual(['applied', 'applied']);
  } finally {
    await hung.query('select pg_advisory_unlock_all()');
    hung.release();
  }
});
