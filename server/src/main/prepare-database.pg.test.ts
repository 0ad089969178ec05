import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { readConfig } from '../platform/config.ts';
import { createPool, type Pool } from '../platform/database.ts';
import {
  administer,
  createTestDatabase,
  type TestDatabase,
  withDatabase,
} from '../platform/postgres/test-database.ts';
import { prepareDatabase } from './prepare-database.ts';
import { runServer } from './server.ts';

const role = `server_${randomBytes(6).toString('hex')}`;
let folder: string;
let database: TestDatabase;
let serverUrl: string;
let server: Pool;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hongmi-roles-'));
  database = await createTestDatabase();
  await administer(database.url, `create role ${role} login password '${role}'`);
  serverUrl = asServer(database.url);
  await prepareDatabase(database.url, serverUrl);
  server = createPool({ url: serverUrl, name: 'test', connectionsMax: 2 });
});
afterAll(async () => {
  await server.end();
  await administer(database.url, `drop owned by ${role}`);
  await database.drop();
  await administer(inject('adminDatabaseUrl'), `drop role ${role}`);
  rmSync(folder, { recursive: true, force: true });
});

function asServer(url: string): string {
  const asked = new URL(url);
  asked.username = role;
  asked.password = role;
  return asked.href;
}

/** Starts a server, works with it, and answers what it logged. */
async function withServer(
  name: string,
  env: Record<string, string>,
  work: (call: (path: string, body?: object) => Promise<{ status: number; body: Told }>) => unknown,
): Promise<string> {
  const logged: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) });
  const dataDir = join(folder, name);
  const config = readConfig({
    HONGMI_LEDGER_THREADS: '0',
    HONGMI_PORT: '0',
    HONGMI_DATA_DIR: dataDir,
    HONGMI_MASTER_KEY: '11'.repeat(32),
    ...env,
  });
  const running = await runServer(config, { log });
  try {
    const key = readFileSync(join(dataDir, 'root-key'), 'utf8').trim();
    await work(async (path, body) => {
      const answer = await fetch(`${running.url}/v1${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'idempotency-key': randomBytes(8).toString('hex'),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as Told };
    });
  } finally {
    await running.close();
  }
  return logged.join('');
}
interface Told {
  readonly id: string;
  readonly balances: readonly { readonly available: number }[];
}

test('the server works as a role of its own, which may not rewrite what it recorded', async () => {
  const logged = await withServer('own role', { DATABASE_URL: serverUrl }, async (call) => {
    const shop = { name: 'Shop', category: 'fruit', earnRatio: { points: 1, perFen: 100 } };
    const merchantId = (await call('/merchants', shop)).body.id;
    const memberId = (await call('/members', { phone: '13800138000' })).body.id;
    const move = (kind: string, points: number) =>
      call('/transactions', { kind, memberId, merchantId, points, reason: 'test' });
    expect((await move('issue', 700)).status).toBe(201);
    expect((await move('burn', 500)).status).toBe(201);
    const { balances } = (await call(`/members/${memberId}/balance`)).body;
    expect(balances[0]?.available).toBe(200);
  });
  expect(logged).toBe('');
});

test.each([
  'update ledger.entry set points = points + 1',
  'delete from ledger.entry',
  'truncate ledger.entry',
  'alter table ledger.entry add column x int',
  'alter table ledger.entry disable trigger all',
  'drop table ledger.entry',
  'update ledger.block set hash = hash',
  'delete from ledger.block',
  'truncate ledger.block',
  'drop table ledger.block',
  'update ledger.transaction set points = points',
  'update ledger.transaction set leaf = leaf',
  'update ledger.transaction set commitment = commitment',
  'delete from ledger.transaction',
  'truncate ledger.transaction',
  'update ledger.lot set amount = amount',
  'update ledger.lot set made_expires_at_ms = null',
  'delete from ledger.lot',
  'delete from ledger.head',
  'update ledger.transaction set salt = salt',
  'delete from audit_entry',
  'delete from audit_outcome',
  'update audit_entry set operation = operation',
  'truncate audit_entry cascade',
  'update ledger.seal set hash = hash',
  'delete from ledger.seal',
  'delete from ledger.seal_key',
  'insert into ledger.erasure select * from ledger.erasure',
  'delete from ledger.erasure',
  'update ledger.transaction set salt = null, fingerprint = null, detail = null',
  'update ledger.seal set hash = hash',
  'delete from ledger.seal',
  'update ledger.seal_key set first_seal = 1',
  'delete from ledger.seal_key',
  "insert into ledger.erasure values (gen_random_uuid(), gen_random_uuid(), 0, 9, 9, 'x', 'x', 0)",
  'update ledger.erasure set last_block = 9',
  'delete from ledger.erasure',
  'update audit_entry set operation = operation',
  'delete from audit_entry',
  'truncate audit_entry cascade',
  'update audit_outcome set status = 200',
  'delete from audit_outcome',
  'update programme_change set before = after',
  'delete from programme_change',
  'update merchant_term set changed_by = changed_by',
  'delete from merchant_term',
  ...['rule', 'reward', 'promotion'].flatMap((of) => [
    `update ${of} set code = code`,
    `update ${of}_version set body = body`,
    `update ${of}_version set from_ms = from_ms`,
    `delete from ${of}_version`,
    `truncate ${of}_version`,
    `alter table ${of}_version disable trigger all`,
    `update ${of}_change set changed_by = changed_by`,
    `delete from ${of}_change`,
  ]),
  'update consent_change set state = state',
  'delete from consent_change',
  'update consent_notice set zh = zh',
  'delete from consent_notice',
  'update message set facts = facts',
  'delete from message',
  'update message_evidence set what = what',
  'delete from message_evidence',
  'delete from message_policy',
  'drop function ledger.append',
  'alter schema ledger rename to x',
  'create table ledger.x (y int)',
  'create table public.x (y int)',
  'drop schema ledger cascade',
  'update hongmi_migration set sha256 = sha256',
  'insert into hongmi_migration (number, name, sha256) values (9999, $$x$$, $$x$$)',
  'set session_replication_role = replica',
  'create role somebody',
  "copy member to program 'cat'",
])('permission denied: %s', async (sql) => {
  const failed = await server.query(sql).then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
  expect(failed).toBe('42501');
});

test('texts are erased by the function that says so in the register', async () => {
  await administer(
    database.url,
    `insert into ledger.head values (200, 0, 0, decode(repeat('00', 32), 'hex'), 0)`,
  );
  const erase = `select * from ledger.erase(gen_random_uuid(), 200::smallint, gen_random_uuid(), 'Li', 'asked', 0)`;
  expect((await server.query(erase)).rows).toEqual([{ last_block: 0, transactions: 0 }]);
  expect((await server.query('select actor from ledger.erasure')).rows).toEqual([{ actor: 'Li' }]);
  await administer(database.url, 'delete from ledger.head where shard = 200');
});

test('every table of the ledger has its place in grants.sql', async () => {
  // A new table falls to the rest, whose rows the server may delete: say there what it holds.
  const { rows } = await server.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where relnamespace = 'ledger'::regnamespace and relkind = 'r' and has_table_privilege(c.oid, 'DELETE') order by 1`,
  );
  // A claim whose command came to nothing is given back, and a price that has not begun is taken back.
  expect(rows.map(({ name }) => name)).toEqual(['ledger.claim', 'ledger.price']);
});

test('of orders, activities and certificates only what returns and reviews change can be changed, and none is removed', async () => {
  const changeable = {
    orders: ['due_fen', 'points_due'],
    order_line: ['refunded_fen', 'returned'],
    order_award: ['due'],
    activity: ['facts_sealed', 'no_points_reason', 'rated_at_ms', 'verified_by'],
    certificate: [
      'last_checked_at_ms',
      'revoked_at_ms',
      'revoked_by',
      'revoked_why',
      'scope',
      'valid_until_ms',
    ],
    goods_return: [
      'awards',
      'ended_at_ms',
      'order_id',
      'orders',
      'owners',
      'points_after',
      'points_before',
      'refusal',
      'state',
    ],
    return_line: [],
  };
  for (const [table, columns] of Object.entries(changeable)) {
    const { rows } = await server.query<{ name: string }>(
      `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1
         and has_column_privilege(table_name, column_name, 'UPDATE') order by 1`,
      [table],
    );
    expect([table, ...rows.map(({ name }) => name)]).toEqual([table, ...columns]);
    await expect(server.query(`delete from ${table}`), table).rejects.toMatchObject({
      code: '42501',
    });
  }
});
test('granting again takes away what was given beyond', async () => {
  await administer(database.url, `grant update, delete, truncate on ledger.entry to ${role}`);
  await administer(database.url, `grant update (points) on ledger.transaction to ${role}`);
  await prepareDatabase(database.url, serverUrl);
  for (const sql of [
    'update ledger.entry set points = 1',
    'update ledger.transaction set points = 1',
  ])
    await expect(server.query(sql), sql).rejects.toMatchObject({ code: '42501' });
});

test('one role for everything works too, and is told once', async () => {
  const logged = await withServer('one role', { DATABASE_URL: database.url }, async (call) => {
    expect((await call('/health')).status).toBe(200);
  });
  expect(logged.match(/a role of its own/g)).toHaveLength(1);
});

test('a server that may not migrate says who must, and migrates when it is given the owner', async () => {
  const name = `unmigrated_${randomBytes(6).toString('hex')}`;
  const admin = inject('adminDatabaseUrl');
  await administer(admin, `create database ${name} template template0`);
  const owner = withDatabase(admin, name);
  try {
    const env = { DATABASE_URL: asServer(owner) };
    await expect(withServer('late', env, () => {})).rejects.toMatchObject({
      code: 'migration_needs_owner',
      message: expect.stringContaining('hongmi migrate'),
    });
    const logged = await withServer('late', { ...env, HONGMI_MIGRATION_URL: owner }, (call) =>
      call('/health'),
    );
    expect(logged).toBe('');
    // From now on it starts without the owner.
    expect(await withServer('late', env, (call) => call('/health'))).toBe('');
  } finally {
    await administer(admin, `drop database ${name} with (force)`);
  }
});
