import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import { testSeed } from '../../kernel/testing/seed.ts';
import { createPool, type Pool } from '../../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/postgres/test-database.ts';
import { type LedgerIdentity, readIdentity } from '../open.ts';
import { underFire } from '../testing/fire.ts';
import { readFindings } from './finding.ts';
import { patrolShard } from './patrol-shard.ts';
import { reconcileShard } from './reconcile-shard.ts';
import { readLags } from './store.ts';

const RUNS = 40;
const LIMIT_MS = 8_000;

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, name: 'reconcile-test', connectionsMax: 4 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

it('finds nothing in a sound ledger, whatever is written meanwhile and however small its pages', async () => {
  const seed = testSeed('reconcile property');
  let playing = true;
  const fire = underFire({ url: database.url, seed, runs: RUNS, limitMs: LIMIT_MS }).finally(() => {
    playing = false;
  });
  const reconciled = reconcileWhile(() => playing);
  const [scenarios, meanwhile] = await Promise.all([fire, reconciled]);
  console.info(`reconcile property: ${scenarios} scenarios, ${meanwhile} transactions meanwhile`);
  expect(scenarios).toBeGreaterThan(0);
  expect(meanwhile).toBeGreaterThan(0);

  const rest = await reconcileWhile(() => false);
  const { rows } = await pool.query<{ count: number }>('select count(*) from ledger.transaction');
  expect(meanwhile + rest).toBe(rows[0]?.count);
  expect((await readLags(pool)).map(({ blocks, since }) => [blocks, since])).toEqual([
    [0, null],
    [0, null],
    [0, null],
  ]);
  expect(await readFindings(pool, { before: null, limit: 10, open: false })).toEqual([]);
});

/** Reconciles round after round, and to the end of the chains; answers how many transactions that were. */
async function reconcileWhile(playing: () => boolean): Promise<number> {
  let transactions = 0;
  let round = 0;
  for (let last = false; !last; ) {
    last = !playing();
    const identity = await readIdentity(pool);
    if (identity === undefined) continue;
    round += 1;
    for (let shard = 0; shard < identity.shards; shard += 1) {
      const { findings } = await patrolShard({ pool, clock: systemClock, step: 10 * round }, shard);
      expect(findings).toEqual([]);
      transactions += await reconcileToEnd(identity, shard, 1 + (round % 7));
    }
  }
  return transactions;
}

async function reconcileToEnd(
  identity: LedgerIdentity,
  shard: number,
  page: number,
): Promise<number> {
  let transactions = 0;
  for (let done = false; !done; ) {
    const result = await reconcileShard({ pool, clock: systemClock, identity, page }, shard);
    expect(result.findings).toEqual([]);
    transactions += result.transactions;
    done = result.done;
  }
  return transactions;
}
