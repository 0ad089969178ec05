import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pool } from './database.ts';
import {
  Conflict,
  createPool,
  databaseFailure,
  isUniqueViolation,
  withTransaction,
} from './database.ts';
import type { TestDatabase } from './postgres/test-database.ts';
import { createTestDatabase } from './postgres/test-database.ts';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, name: 'database-test', connectionsMax: 4 });
  await pool.query('create table thing (id int primary key, n int not null)');
  await pool.query('insert into thing values (1, 0), (2, 0)');
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

test('values have the types of this code', async () => {
  const { rows } = await pool.query(
    `select 9007199254740991::int8 as big, array[1, null, -5]::int8[] as many, timestamptz '1970-01-02 00:00:00.5+00' as at,
       date '2026-03-01' as day, 12345678901234567890::numeric as wide`,
  );
  expect(rows[0]).toEqual({
    big: Number.MAX_SAFE_INTEGER,
    many: [1, null, -5],
    at: 86_400_500,
    day: '2026-03-01',
    wide: '12345678901234567890',
  });
  await expect(pool.query('select 9007199254740992::int8')).rejects.toThrow(RangeError);
});

test('a transaction that stood still while this process did is one that may be repeated', async () => {
  const { connectionString } = pool.options;
  const failed = await withTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await tx.query("set local idle_in_transaction_session_timeout = '20ms'");
    // Nothing is heard here until the database has ended the session and said why.
    const script = `import pg from 'pg';
      const client = new pg.Client(${JSON.stringify(connectionString)});
      await client.connect();
      const isThere = async () =>
        (await client.query('select from pg_stat_activity where pid = ${rows[0]?.pid}')).rowCount > 0;
      while (await isThere());
      await client.end();`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', script]);
    return await tx.query('select 1');
  }).catch((error: unknown) => error);
  expect(databaseFailure(failed)).toBe('unavailable');
});

test('failures are told apart', async () => {
  const failureOf = (work: Promise<unknown>) => work.then(() => 'none', databaseFailure);
  expect(await failureOf(pool.query('select nonsense'))).toBe('statement');
  expect(await failureOf(pool.query("set statement_timeout = '20ms'; select pg_sleep(1)"))).toBe(
    'unavailable',
  );
  expect(await failureOf(pool.query('select pg_terminate_backend(pg_backend_pid())'))).toBe(
    'unavailable',
  );
  const nowhere = createPool({
    url: 'postgres://x@localhost:1/x',
    name: 'nowhere',
    connectionsMax: 1,
  });
  expect(await failureOf(nowhere.query('select 1'))).toBe('unavailable');
  await nowhere.end();
  expect(databaseFailure(new Error('no such member'))).toBeUndefined();
  const duplicate = await pool
    .query('insert into thing values (1, 0)')
    .catch((error: unknown) => error);
  expect(isUniqueViolation(duplicate)).toBe(true);
});

test('a transaction is kept whole or not at all', async () => {
  const failing = withTransaction(pool, async (tx) => {
    await tx.query('update thing set n = 100');
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  const { rows } = await pool.query('select sum(n) as n from thing');
  expect(rows[0]?.n).toBe(0);
});

test('deadlocks and conflicts are run again, a bounded number of times', async () => {
  let meet: () => void = () => {};
  const bothHaveOne = new Promise<void>((resolve) => {
    meet = resolve;
  });
  let holding = 0;
  const both = [
    [1, 2],
    [2, 1],
  ].map(([first, second]) =>
    withTransaction(pool, async (tx) => {
      await tx.query('update thing set n = n + 1 where id = $1', [first]);
      holding += 1;
      if (holding === 2) meet();
      await bothHaveOne;
      await tx.query('update thing set n = n + 1 where id = $1', [second]);
    }),
  );
  await Promise.all(both);
  expect(holding).toBeGreaterThan(2);
  const { rows } = await pool.query('select n from thing order by id');
  expect(rows).toEqual([{ n: 2 }, { n: 2 }]);

  let runs = 0;
  const hopeless = withTransaction(pool, async () => {
    runs += 1;
    throw new Conflict('again');
  });
  await expect(hopeless).rejects.toThrow(Conflict);
  expect(runs).toBe(4);
});

test('a connection that dies inside a transaction fails it and leaves the pool usable', async () => {
  const dying = withTransaction(pool, async (tx) => {
    const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await tx.query('select 1');
  });
  expect(await dying.catch(databaseFailure)).toBe('unavailable');
  const { rows } = await pool.query('select 1 as one');
  expect(rows).toEqual([{ one: 1 }]);
});
