import { spawn, spawnSync } from 'node:child_process';

import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId } from '../kernel/id.ts';
import type { Command } from '../ledger/command.ts';
import { createLedger } from '../ledger/create-ledger.ts';
import { createLedgerPool } from '../ledger/pool.ts';
import { readHeads } from '../ledger/read.ts';
import { verifyLedger } from '../ledger/verify.ts';
import { createPool, type Pool } from '../platform/database.ts';
import { chooseRunAs, type RunAs } from '../platform/postgres/run-as.ts';
import { administer, withDatabase } from '../platform/postgres/test-database.ts';
import { prepareDatabase } from './prepare-database.ts';

// docs/operations.md, "A PostgreSQL of your own": what it says is done here with the programs themselves,
// where they are installed (the embedded package has none of them).

const START = Date.UTC(2027, 0, 1);
const bin = findPrograms();
const PASSWORD = 'only-for-this-test';

function findPrograms(): string | undefined {
  const homes = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : [];
  return homes
    .map((version) => join('/usr/lib/postgresql', version, 'bin'))
    .find((path) =>
      ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore', 'pg_basebackup'].every((each) =>
        existsSync(join(path, each)),
      ),
    );
}

describe.skipIf(bin === undefined)('PostgreSQL’s own tools', () => {
  let folder: string;
  let runAs: RunAs | undefined;
  let owner: string;
  let server: string;
  const started: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hongmi-tools-'));
    chmodSync(folder, 0o755);
    runAs = chooseRunAs(folder, folder);
    if (runAs !== undefined) chownSync(folder, runAs.uid, runAs.gid);
    const cluster = join(folder, 'cluster');
    run('initdb', ['-D', cluster, '-U', 'admin', '--auth=trust', '-E', 'UTF8', '--locale=C']);
    const admin = await start(cluster);
    await administer(admin, `create role hongmi_owner login password '${PASSWORD}'`);
    await administer(admin, `create role hongmi_server login password '${PASSWORD}'`);
    await administer(admin, 'create database hongmi owner hongmi_owner');
    owner = as('hongmi_owner', withDatabase(admin, 'hongmi'));
    server = as('hongmi_server', owner);
    await prepareDatabase(owner, server);
    await issue(server, 'first');
  });
  afterAll(() => {
    for (const cluster of started) run('pg_ctl', ['-D', cluster, '-m', 'immediate', '-w', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  });

  function run(program: string, args: string[]): void {
    const user = runAs === undefined ? {} : { uid: runAs.uid, gid: runAs.gid };
    const result = spawnSync(join(bin ?? '', program), args, {
      ...user,
      cwd: '/',
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      // What pg_ctl starts keeps its output open: a pipe would never end.
      stdio: program === 'pg_ctl' ? 'ignore' : 'pipe',
    });
    if (result.status !== 0) throw new Error(`${program}: ${result.stderr ?? ''}`);
  }

  /** Starts a cluster; the URL of its administrator. */
  async function start(cluster: string): Promise<string> {
    const port = await freePort();
    const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`;
    run('pg_ctl', ['-D', cluster, '-w', '-o', settings, '-l', `${cluster}.log`, 'start']);
    started.push(cluster);
    return `postgres://admin@127.0.0.1:${port}/postgres`;
  }

  test('pg_dump and pg_restore: what was recorded, with the rights given again', async () => {
    const before = await withPool(owner, readHeads);
    const dump = join(folder, 'hongmi.dump');
    run('pg_dump', ['-Fc', '-d', owner, '-f', dump]);
    await administer(as('admin', owner), 'create database restored owner hongmi_owner');
    const [restored, itsServer] = [owner, server].map((url) => withDatabase(url, 'restored')) as [
      string,
      string,
    ];
    run('pg_restore', ['--exit-on-error', '--no-owner', '--no-acl', '-d', restored, dump]);
    await prepareDatabase(restored, itsServer);
    await expectSame(restored, before);
    await issue(itsServer, 'after the restore');
    await withPool(itsServer, (pool) =>
      expect(pool.query('delete from ledger.entry')).rejects.toMatchObject({ code: '42501' }),
    );
    expect((await withLedgerPool(restored, verifyLedger)).findings).toEqual([]);
  });

  test('pg_basebackup, taken while the ledger is written', async () => {
    let isTaken = false;
    const copy = join(folder, 'copy');
    const before = await withPool(owner, readHeads);
    const writing = (async () => {
      for (let n = 0; !isTaken; n += 1) await issue(server, `meanwhile ${n}`);
    })();
    const url = as('admin', owner);
    // In a process of its own, so that this one can write.
    mkdirSync(copy, { mode: 0o700 });
    if (runAs !== undefined) chownSync(copy, runAs.uid, runAs.gid);
    const child = spawn(join(bin ?? '', 'pg_basebackup'), ['-d', url, '-D', copy, '-c', 'fast'], {
      ...(runAs === undefined ? {} : { uid: runAs.uid, gid: runAs.gid }),
      cwd: '/',
      stdio: 'ignore',
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    isTaken = true;
    await writing;
    expect(code).toBe(0);
    const restored = withDatabase(await start(copy), 'hongmi');
    const after = await withPool(restored, readHeads);
    for (const head of before.heads)
      expect(after.heads[head.shard]?.block).toBeGreaterThanOrEqual(head.block);
    expect((await withLedgerPool(restored, verifyLedger)).findings).toEqual([]);
  });
});

async function expectSame(
  url: string,
  before: Awaited<ReturnType<typeof readHeads>>,
): Promise<void> {
  expect(await withPool(url, readHeads)).toEqual(before);
  expect((await withLedgerPool(url, verifyLedger)).findings).toEqual([]);
}

async function issue(url: string, name: string): Promise<void> {
  const clock = manualClock(START);
  await withLedgerPool(url, async (pool) => {
    const ledger = await createLedger({ pool, clock, programmeClock: clock.now, shards: 2 });
    const commands = Array.from(
      { length: 20 },
      (_, n) =>
        ({
          kind: 'issue',
          key: `${name} ${n}`,
          programme: 1,
          pointType: 1,
          member: newId(START),
          merchant: newId(START),
          points: 10,
          effectiveAt: null,
        }) as Command,
    );
    const answers = await ledger.submitAll(commands);
    expect(answers.every((each) => each.status === 'applied')).toBe(true);
  });
}

async function withPool<T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = createPool({ url: url, name: 'test', connectionsMax: 1 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

async function withLedgerPool<T>(
  url: string,
  work: (pool: ReturnType<typeof createLedgerPool>) => Promise<T>,
): Promise<T> {
  const pool = createLedgerPool(url, 1);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

function as(user: string, url: string): string {
  const asked = new URL(url);
  asked.username = user;
  asked.password = user === 'admin' ? '' : PASSWORD;
  return asked.href;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
