import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type Uuid } from '../kernel/id.ts';
import { createPool, type Pool, withTransaction } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { COMMON } from './ladder.ts';
import { lockMembers, writeMembers } from './member-store.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  // One connection, as its plans are what this is about.
  pool = createPool({ url: database.url, name: 'test', connectionsMax: 1 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const AGAIN = 8;
const OTHERS = 3_000;
const MEMBERS = 20;

it('members are locked and written by plans of a young table without reading the others', async () => {
  const keyOf = (member: Uuid) => ({ programme: 1, ladder: COMMON, member });
  const keys = Array.from({ length: MEMBERS }, () => keyOf(newId(0)));
  const lockAndWrite = () =>
    withTransaction(pool, async (tx) => {
      const locked = await lockMembers(tx, keys);
      await writeMembers(tx, locked);
      const { rows } = await tx.query<{ read: number }>(
        `select seq_tup_read + coalesce(idx_tup_fetch, 0) as read from pg_stat_xact_user_tables where relname = 'member_tier'`,
      );
      return { locked: locked.length, read: rows[0]?.read ?? 0 };
    });
  // What is prepared is planned for good after a few times.
  for (let times = 0; times < AGAIN; times += 1) await lockAndWrite();
  await pool.query(
    'insert into member_tier (programme, ladder, member) select 1, $1, gen_random_uuid() from generate_series(1, $2)',
    [COMMON, OTHERS],
  );

  const { locked, read } = await lockAndWrite();

  expect(locked).toBe(MEMBERS);
  expect(read).toBeLessThan(OTHERS / 2);
});
