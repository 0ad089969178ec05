import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId } from '../kernel/id.ts';
import { createPool, type Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { forgetEntries } from './forget-entries.ts';
import { noteHappened } from './note.ts';
import { insertEntry } from './store.ts';

const DAY_MS = 86_400_000;
// The function measures half a year by the database's clock, which is the machine's.
const now = Date.now();

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, name: 'test', connectionsMax: 4 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
beforeEach(() => pool.query('truncate audit_outcome, audit_entry'));

const from = { address: '127.0.0.1', userAgent: null, request: 'req_1' };
const note = (daysAgo: number, operation = `d${daysAgo}`) =>
  noteHappened(pool, manualClock(now - daysAgo * DAY_MS), { ...from, operation, status: 200 });
async function left() {
  const { rows } = await pool.query<{ operation: string; outcomes: number }>(
    `select e.operation, (select count(*)::int from audit_outcome o where o.entry = e.id) as outcomes
       from audit_entry e order by e.id`,
  );
  return rows.map(({ operation, outcomes }) => [operation, outcomes]);
}
const forget = (days: number, page?: number) =>
  forgetEntries(
    { sql: pool, clock: manualClock(now), ...(page === undefined ? {} : { page }) },
    days,
  );

test('what is older than it is kept goes with what came of it, and nothing else', async () => {
  for (const daysAgo of [2_000, 1_097, 1_095, 1]) await note(daysAgo);
  const id = newId(now - 1_500 * DAY_MS);
  const nobody = { actor: null, staff: null, tenant: null, merchant: null, programme: null };
  // Of which nobody knows what came.
  await insertEntry(pool, {
    ...{ ...from, ...nobody, id, at: now - 1_500 * DAY_MS, operation: 'unknown', about: [] },
  });
  expect(await forget(1_096)).toBe(3);
  expect(await left()).toEqual([
    ['d1095', 1],
    ['d1', 1],
  ]);
  expect(await forget(1_096)).toBe(0);
});

test('long logs are shortened page by page, the oldest first, and no round does all of it', async () => {
  await Promise.all(Array.from({ length: 45 }, (_, at) => note(1_200 + at)));
  expect(await forget(1_096, 2)).toBe(40);
  expect((await left()).map(([operation]) => operation)).toEqual([
    ...['d1204', 'd1203', 'd1202', 'd1201', 'd1200'],
  ]);
  expect(await forget(1_096, 2)).toBe(5);
});

test('nothing younger than 183 days goes, whatever is asked for', async () => {
  await note(184);
  await note(182);
  expect(await forget(0)).toBe(1);
  const { rows } = await pool.query('select audit_forget($1, 100) as dropped', [now + 99 * DAY_MS]);
  expect(rows).toEqual([{ dropped: 0 }]);
  expect(await left()).toEqual([['d182', 1]]);
});

test('nobody may call it but whom grants.sql names', async () => {
  const { rows } = await pool.query<{ acl: string[] }>(
    `select array(select a.grantee::regrole::text from aclexplode(p.proacl) a) as acl from pg_proc p where proname = 'audit_forget'`,
  );
  expect(rows[0]?.acl).not.toContain('-');
});
