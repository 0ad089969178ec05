import type { PoolClient } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyInto, copyOut } from './copy-out.ts';
import { RowFields, RowStore } from './copy-rows.ts';
import { createPool, type Pool } from './database.ts';
import { createTestDatabase, type TestDatabase } from './postgres/test-database.ts';

let database: TestDatabase;
let pool: Pool;
let client: PoolClient;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, name: 'test', connectionsMax: 1 });
  client = await pool.connect();
});
afterAll(async () => {
  client.release();
  await pool.end();
  await database.drop();
});

/** Rows of all sizes up to some that come in many pieces, and values that look like the end of them all. */
const ROWS = `select n, repeat('x', (n * n) % 3000 + case when n % 500 = 0 then 200000 else 0 end), 458751::int8, (-1)::int2,
    case when n % 2 = 0 then n end from generate_series(1, 3000) as n`;

function expected(n: number): unknown[] {
  const length = ((n * n) % 3000) + (n % 500 === 0 ? 200_000 : 0);
  return [n, length, 458_751, -1, n % 2 === 0 ? n : null];
}

function read(fields: RowFields): unknown[] {
  return [
    fields.int4(0),
    fields.text(1)?.length,
    fields.int8(2),
    fields.int2(3),
    fields.isNull(4) ? null : fields.int4(4),
  ];
}

async function stillAnswers(): Promise<void> {
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
}

test('rows arrive whole and in order, however they are cut', async () => {
  const fields = new RowFields(5);
  const rows: unknown[][] = [];
  await copyOut(client, ROWS, (bytes, at) => void rows.push(read(fields.read(bytes, at))));
  expect(rows).toEqual(Array.from({ length: 3000 }, (_, index) => expected(index + 1)));
  await stillAnswers();
});

test('rows are kept, also while some of them are taken', async () => {
  const fields = new RowFields(5);
  const store = new RowStore();
  await copyInto(store, client, ROWS);
  for (let n = 1; n <= 1000; n += 1) {
    expect(read(fields.read(store.bytes, store.peek() ?? -1))).toEqual(expected(n));
    store.take();
  }
  store.trim();
  await copyInto(store, client, ROWS);
  expect(store.count).toBe(5000);
  expect(read(fields.read(store.bytes, store.at(1999) ?? -1))).toEqual(expected(3000));
  expect(read(fields.read(store.bytes, store.at(2000) ?? -1))).toEqual(expected(1));
  store.clear();
  expect(store.peek()).toBeUndefined();
  await stillAnswers();
});

test('no rows are none', async () => {
  const store = new RowStore();
  await copyInto(store, client, 'select 1 where false');
  expect(store.count).toBe(0);
  await stillAnswers();
});

test('an error of the database, before or among the rows, leaves the connection usable', async () => {
  await expect(copyOut(client, 'select nothing', () => {})).rejects.toThrow(/nothing/);
  await stillAnswers();
  const failing = 'select 1 / (2000 - n) from generate_series(1, 3000) as n';
  let rows = 0;
  await expect(
    copyOut(client, failing, () => {
      rows += 1;
    }),
  ).rejects.toThrow(/division by zero/);
  expect(rows).toBe(1999);
  await stillAnswers();
});

test('whoever takes the rows may fail, at once or later', async () => {
  const fail = (): never => {
    throw new Error('enough');
  };
  await expect(copyOut(client, ROWS, fail)).rejects.toThrow('enough');
  await stillAnswers();
  await expect(copyOut(client, ROWS, async () => fail())).rejects.toThrow('enough');
  await stillAnswers();
});
