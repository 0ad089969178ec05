import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { administer, withDatabase } from '@hongmi/server/platform/postgres/test-database';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { auditDatabase, reconcile, repeatAll, statusOf } from './audit.ts';
import { createDice, openBank, visit } from './bank.ts';
import { createCaller } from './caller.ts';
import {
  freePort,
  interrupt,
  isAlive,
  killServer,
  makeScene,
  postmasterOf,
  spawnServer,
  startServer,
} from './running-server.ts';

const scene = makeScene();
afterAll(() => scene.clear());

it('drains on Ctrl-C: exit 0, PostgreSQL stopped, no acknowledged write lost; and starts again on the same data', async () => {
  const dataDir = scene.dir('drained');
  const port = await freePort();
  const first = await startServer({ dataDir, port });
  const caller = createCaller(`http://127.0.0.1:${port}`);
  const bank = await openBank(caller, 3, 1);
  // Clients that stop at the first missing answer: what they were told before must survive.
  const clients = Array.from({ length: 12 }, async (_, client) => {
    const dice = createDice(client);
    for (let i = 0; ; i += 1) {
      const key = `d${client}-${i}`;
      const slip = await visit(bank, dice, key, async (body) => [
        await caller.once('POST', '/transactions', body, key),
      ]).catch(() => undefined);
      if (slip === undefined || statusOf(slip) >= 500) return;
    }
  });
  while (bank.slips.length < 200) await new Promise((resolve) => setTimeout(resolve, 10));
  const postgres = postmasterOf(dataDir) as number;
  const ended = await interrupt(first);
  await Promise.all(clients);
  expect({ code: ended.code, signal: ended.signal }).toEqual({ code: 0, signal: null });
  expect(isAlive(postgres)).toBe(false);
  expect(postmasterOf(dataDir)).toBeUndefined();

  const second = await startServer({ dataDir, port });
  const unanswered = bank.slips.filter(
    (slip) => slip.answers.length === 0 || statusOf(slip) >= 500,
  );
  // What was not answered may or may not have happened: asking again settles it.
  for (const slip of unanswered)
    slip.answers[0] = await caller.until('POST', '/transactions', slip.body, slip.key);
  await reconcile(caller, bank);
  await repeatAll(bank, ({ body, key }) => caller.until('POST', '/transactions', body, key));
  expect(await auditDatabase(dataDir)).toBe(bank.slips.length);
  expect((await interrupt(second)).code).toBe(0);
});

describe('what cannot start says so and changes nothing', () => {
  it('a port that another program has', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const dataDir = scene.dir('no port');
    const ended = await spawnServer({ dataDir, port }).ended;
    taken.close();
    expect(ended.code).toBe(1);
    expectMessage(ended.stderr, String(port), 'HONGMI_PORT');
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
  });

  it('a data directory that is in use', async () => {
    const dataDir = scene.dir('in use');
    const first = await startServer({ dataDir, port: await freePort() });
    const second = await spawnServer({ dataDir, port: await freePort() }).ended;
    expect(second.code).toBe(1);
    expectMessage(second.stderr, dataDir, String(first.child.pid));
    // The first one must not have noticed.
    expect((await interrupt(first)).code).toBe(0);
  });

  for (const [what, spoil] of Object.entries<(dataDir: string) => void>({
    'of a newer PostgreSQL': (dataDir) =>
      writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '99\n'),
    'whose PG_VERSION is gone to noise': (dataDir) =>
      writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '\u0000\u0001broken'),
    'whose control file is damaged': (dataDir) => {
      const path = join(dataDir, 'postgres', 'global', 'pg_control');
      const bytes = readFileSync(path);
      bytes.fill(0xee, 0, 512);
      writeFileSync(path, bytes);
    },
    'that is some other folder': (dataDir) => {
      mkdirSync(join(dataDir, 'postgres'), { recursive: true });
      writeFileSync(join(dataDir, 'postgres', 'holiday.jpg'), 'not a database');
    },
  })) {
    it(`a data directory ${what}`, async () => {
      const dataDir = scene.dir(`spoilt ${what}`);
      if (what !== 'that is some other folder') {
        const made = await startServer({ dataDir, port: await freePort() });
        expect((await interrupt(made)).code).toBe(0);
      }
      spoil(dataDir);
      const before = fingerprintOf(join(dataDir, 'postgres'));
      const ended = await spawnServer({ dataDir, port: await freePort() }).ended;
      expect(ended.code, ended.stderr).toBe(1);
      expectMessage(ended.stderr, dataDir);
      expect(fingerprintOf(join(dataDir, 'postgres'))).toEqual(before);
    });
  }

  it('settings that make no sense, all named at once', async () => {
    const env = { HONGMI_SHARDS: '1000', HONGMI_ROOT_KEY: 'short' };
    const ended = await spawnServer({ dataDir: scene.dir('settings'), port: await freePort(), env })
      .ended;
    expect(ended.code).toBe(1);
    expectMessage(ended.stderr, 'HONGMI_SHARDS', 'HONGMI_ROOT_KEY');
  });
});

describe('with DATABASE_URL', () => {
  const name = `e2e_external_${process.pid}`;
  const admin = inject('adminDatabaseUrl');
  const url = withDatabase(admin, name);
  beforeAll(() => administer(admin, `CREATE DATABASE ${name}`));
  afterAll(() => administer(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));

  it('behaves the same on a PostgreSQL of one’s own, twice in a row and after kill -9', async () => {
    const dataDir = scene.dir('external');
    const port = await freePort();
    const options = { dataDir, port, env: { DATABASE_URL: url } };
    const caller = createCaller(`http://127.0.0.1:${port}`);
    let server = await startServer(options);
    const bank = await openBank(caller, 3, 1);
    const dice = createDice(7);
    const visits = async (from: number) => {
      for (let i = from; i < from + 60; i += 1) {
        await visit(bank, dice, `x${i}`, async (body, key) => [
          await caller.until('POST', '/transactions', body, key),
        ]);
      }
    };
    await visits(0);
    await killServer(server);
    server = await startServer(options);
    await visits(100);
    expect((await interrupt(server)).code).toBe(0);
    server = await startServer(options);
    await visits(200);
    await reconcile(caller, bank);
    await repeatAll(bank, ({ body, key }) => caller.until('POST', '/transactions', body, key));
    expect(await auditDatabase(dataDir, url)).toBe(180);
    expect(caller.failures).toEqual([]);
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
    expect((await interrupt(server)).code).toBe(0);
  });

  it('says when the database cannot be used, without its password', async () => {
    const wrong = new URL(url);
    wrong.password = 'wrong-password-in-test';
    const port = await freePort();
    const ended = await spawnServer({
      dataDir: scene.dir('wrong'),
      port,
      env: { DATABASE_URL: wrong.href },
    }).ended;
    expect(ended.code).toBe(1);
    expectMessage(ended.stderr, 'DATABASE_URL');
    expect(ended.stderr).not.toContain('wrong-password-in-test');
  });

  it('refuses a database that a newer Hongmi has migrated, and leaves it alone', async () => {
    const newer = `${name}_newer`;
    await administer(admin, `CREATE DATABASE ${newer}`);
    try {
      const env = { DATABASE_URL: withDatabase(admin, newer) };
      const made = await startServer({ dataDir: scene.dir('newer'), port: await freePort(), env });
      expect((await interrupt(made)).code).toBe(0);
      await administer(
        withDatabase(admin, newer),
        `insert into hongmi_migration (number, name, sha256) values (9999, '9999_future.sql', 'x')`,
      );
      const ended = await spawnServer({
        dataDir: scene.dir('newer too'),
        port: await freePort(),
        env,
      }).ended;
      expect(ended.code).toBe(1);
      expectMessage(ended.stderr, 'newer');
    } finally {
      await administer(admin, `DROP DATABASE ${newer} WITH (FORCE)`);
    }
  });
});

/** A message for a person: says these things, and shows no stack. */
function expectMessage(stderr: string, ...parts: string[]): void {
  for (const part of parts) expect(stderr).toContain(part);
  expect(stderr).not.toMatch(/^\s+at .*[:(]/m);
}

/** Names and contents of all files below a folder. */
function fingerprintOf(folder: string): Record<string, string> {
  const out: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    out[path.slice(folder.length)] = createHash('sha256').update(readFileSync(path)).digest('hex');
  }
  return out;
}
