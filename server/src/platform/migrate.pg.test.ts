import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { MigrationError, migrate } from './migrate.ts';
import { administer, createTestDatabase, withDatabase } from './postgres/test-database.ts';

let folder: string;
let url: string;
let name: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hongmi-migrations-'));
  name = `migrate_${process.pid}_${Date.now()}`;
  await administer(inject('adminDatabaseUrl'), `CREATE DATABASE ${name} TEMPLATE template0`);
  url = withDatabase(inject('adminDatabaseUrl'), name);
});

afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await administer(inject('adminDatabaseUrl'), `DROP DATABASE ${name} WITH (FORCE)`);
});

const write = (file: string, sql: string) => writeFileSync(join(folder, file), sql);

async function rows(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

async function refusal(): Promise<MigrationError> {
  const error = await migrate(url, folder).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MigrationError);
  return error as MigrationError;
}

const recorded = () => rows('SELECT number, name FROM hongmi_migration ORDER BY number');

test('applies what is new, in order, once, and records it', async () => {
  write('0001_first.sql', 'CREATE TABLE t (n int); INSERT INTO t VALUES (1);');
  await migrate(url, folder);
  write('0003_third.sql', 'INSERT INTO t SELECT n + 1 FROM t;');
  await migrate(url, folder);
  await migrate(url, folder);
  expect(await rows('SELECT n FROM t ORDER BY n')).toEqual([[1], [2]]);
  expect(await recorded()).toEqual([
    [1, 'first'],
    [3, 'third'],
  ]);
  expect(
    await rows(`SELECT count(*)::int FROM hongmi_migration WHERE sha256 ~ '^[0-9a-f]{64}$'`),
  ).toEqual([[2]]);
});

test('many processes at once do it once', async () => {
  write('0001_slow.sql', 'SELECT pg_sleep(0.1); CREATE TABLE t (n int); INSERT INTO t VALUES (1);');
  await Promise.all(Array.from({ length: 6 }, () => migrate(url, folder)));
  expect(await rows('SELECT n FROM t')).toEqual([[1]]);
});

test('a failing migration is undone whole, the ones before it stay, and the next attempt continues', async () => {
  write('0001_good.sql', 'CREATE TABLE t (n int);');
  write(
    '0002_bad.sql',
    'INSERT INTO t VALUES (1);\nCREATE TABLE u (n int);\nINSERT INTO nowhere VALUES (1);',
  );
  const error = await refusal();
  expect(error.code).toBe('migration_failed');
  expect(error.message).toContain('0002_bad.sql');
  expect(error.message).toContain('line 3');
  expect(await rows(`SELECT n, to_regclass('u') FROM t`)).toEqual([]);
  expect(await recorded()).toEqual([[1, 'good']]);
  write('0002_bad.sql', 'INSERT INTO t VALUES (2);');
  await migrate(url, folder);
  expect(await rows('SELECT n FROM t')).toEqual([[2]]);
});

test('a file that ends its own transaction is refused', async () => {
  write('0001_commits.sql', 'CREATE TABLE t (n int); COMMIT; CREATE TABLE u (n int);');
  expect((await refusal()).message).toContain('ends its transaction itself');
  expect(await recorded()).toEqual([]);
});

test('a newer database, a changed file and a late number are refused; nothing is changed', async () => {
  write('0001_first.sql', 'CREATE TABLE t (n int);\n');
  write('0003_third.sql', 'CREATE TABLE u (n int);\n');
  await migrate(url, folder);

  write('0002_late.sql', 'CREATE TABLE v (n int);');
  expect((await refusal()).code).toBe('migration_misnumbered');
  rmSync(join(folder, '0002_late.sql'));

  rmSync(join(folder, '0003_third.sql'));
  write('0004_other.sql', 'CREATE TABLE w (n int);');
  expect((await refusal()).code).toBe('database_newer');
  rmSync(join(folder, '0004_other.sql'));

  write('0003_third.sql', 'CREATE TABLE u (n bigint);\n');
  expect((await refusal()).code).toBe('migration_changed');
  // Line ends as Windows checks them out are no change.
  write('0003_third.sql', 'CREATE TABLE u (n int);\r\n');
  await migrate(url, folder);
  expect(await rows(`SELECT to_regclass('v'), to_regclass('w')`)).toEqual([[null, null]]);
});

test('files that are misnamed, share a number or are missing altogether', async () => {
  write('0001_first.sql', 'SELECT 1;');
  write('0001_second.sql', 'SELECT 1;');
  expect((await refusal()).code).toBe('migration_misnumbered');
  rmSync(join(folder, '0001_second.sql'));
  write('2_second.sql', 'SELECT 1;');
  expect((await refusal()).code).toBe('migration_misnumbered');
  rmSync(folder, { recursive: true });
  expect((await refusal()).code).toBe('migrations_missing');
});

test("the repository's own migrations: a test database is a clone of its own", async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  expect(one.url).not.toBe(two.url);
  await administer(one.url, 'CREATE TABLE only_here ()');
  await expect(administer(two.url, 'SELECT FROM only_here')).rejects.toThrow('does not exist');
  await administer(one.url, 'SELECT FROM hongmi_migration');
  await Promise.all([one.drop(), two.drop()]);
  await expect(administer(one.url, 'SELECT 1')).rejects.toThrow('does not exist');
});
