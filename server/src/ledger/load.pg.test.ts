import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { LOAD, LOAD_SUBJECTS } from './load-statements.ts';
import { createLedgerPool } from './pool.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 1);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

// A connection plans these once, and a new ledger is empty then: the plan must be right for ten million
// rows too, so nothing may be found by its shard alone and filtered.
test.each([
  ['the working set', LOAD],
  ['what commands act on', LOAD_SUBJECTS],
])('%s is found by index on an empty ledger too', async (_, sql) => {
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${sql}`);
  const plan = rows.map((row) => row['QUERY PLAN']);
  expect(plan.filter((line) => /Index Cond/.test(line)).length).toBeGreaterThan(3);
  // The head is a row for each shard.
  const byShardAlone = plan.filter(
    (line, place) =>
      /Index Cond: \(shard = \$1\)$/.test(line) && !/ on head h/.test(plan[place - 1] ?? ''),
  );
  expect([...byShardAlone, ...plan.filter((line) => /Seq Scan/.test(line))]).toEqual([]);
});
