import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATIENCE_MS, reach } from '@hongmi/server/kernel/testing/patience';
import { testSeed } from '@hongmi/server/kernel/testing/seed';
import { findRunning } from '@hongmi/server/platform/postgres/embedded';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { auditDatabase, reconcile, repeatAll, statusOf } from './audit.ts';
import { type Bank, createDice, openBank, visit } from './bank.ts';
import { type Answered, type Caller, createCaller } from './caller.ts';
import {
  freePort,
  interrupt,
  makeScene,
  postmasterOf,
  ROOT_KEY,
  type ServerProcess,
  startServer,
} from './running-server.ts';
import { countAnswered, reachUnderLoad } from './under-load.ts';

// What surrounds the server fails under load. Every answer is right or says "try later", with the time to
// wait; when the fault is gone, everything goes on without anybody's hand.

const CLIENTS = 12;
const VISITS = 150;

let scene: ReturnType<typeof makeScene>;
let dataDir: string;
let port: number;
let server: ServerProcess;
beforeEach(async () => {
  scene = makeScene();
  dataDir = scene.dir('data');
  port = await freePort();
});
afterEach(async () => {
  try {
    if (server.child.exitCode === null && server.child.signalCode === null) await interrupt(server);
  } finally {
    await scene.clear();
  }
});

interface Load {
  readonly caller: Caller;
  readonly bank: Bank;
  /** How often a request was answered 503. */
  refused(): number;
  /** Waits until that many more requests were answered for good. */
  more(count: number): Promise<void>;
  /** Ends the load and holds every answer against the books. */
  settle(): Promise<void>;
}

async function startLoad(): Promise<Load> {
  const seed = testSeed('faults');
  const caller = createCaller(`http://127.0.0.1:${port}`);
  const bank = await openBank(caller, 6, 2);
  const bad: string[] = [];
  let refused = 0;
  let stopped = false;
  const send = async (body: object, key: string): Promise<Answered[]> => {
    for (;;) {
      const response = await fetch(`http://127.0.0.1:${port}/v1/transactions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ROOT_KEY}`,
          'idempotency-key': key,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await response.text();
      const answered = {
        status: response.status,
        replayed: response.headers.get('idempotency-replayed') === 'true',
        text,
        body: JSON.parse(text),
      };
      if (response.status === 201 || response.status === 422) return [answered];
      refused += 1;
      const wait = response.headers.get('retry-after');
      if (response.status !== 503 || wait !== '1') bad.push(`${response.status} ${wait} ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const clients = Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const dice = createDice(seed + client);
      for (let i = 0; !stopped; i += 1) await visit(bank, dice, `f${client}-${i}`, send);
    }),
  );
  clients.catch(() => undefined);
  return {
    caller,
    bank,
    refused: () => refused,
    async more(count) {
      const wanted = countAnswered(bank) + count;
      await reachUnderLoad(() => countAnswered(bank) >= wanted, server, clients);
    },
    async settle() {
      stopped = true;
      await clients;
      expect(bad).toEqual([]);
      expect(caller.failures).toEqual([]);
      expect(bank.slips.map(statusOf).every((status) => status === 201 || status === 422)).toBe(
        true,
      );
      await reconcile(caller, bank);
      await repeatAll(bank, ({ body, key }) => caller.until('POST', '/transactions', body, key));
      await reconcile(caller, bank);
      expect(await auditDatabase(dataDir)).toBe(bank.slips.length);
    },
  };
}

it('goes on by itself when PostgreSQL is stopped and when its connections are cut', async () => {
  server = await startServer({ dataDir, port });
  const load = await startLoad();
  await load.more(VISITS);
  // As an administrator stops it: every session is ended, and nobody starts it again but the server.
  process.kill(postmasterOf(dataDir) as number, 'SIGINT');
  await load.more(VISITS);
  const admin = new Client({ connectionString: await findRunning(dataDir) });
  await admin.connect();
  for (let round = 0; round < 10; round += 1) {
    const { rowCount } = await admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'hongmi_server'`,
    );
    expect(rowCount).toBeGreaterThan(0);
    await load.more(20);
  }
  await admin.end();
  await load.settle();
});

it('keeps its books while the machine’s clock jumps back and forth', async () => {
  const file = join(scene.dir('clock'), 'offset');
  mkdirSync(scene.dir('clock'), { recursive: true });
  writeFileSync(file, '0');
  const preload = new URL('./clock-that-jumps.mjs', import.meta.url).href;
  server = await startServer({
    dataDir,
    port,
    env: { NODE_OPTIONS: `--import=${preload}`, HONGMI_TEST_CLOCK: file },
  });
  const load = await startLoad();
  const hour = 3_600_000;
  // It ends at its furthest: points earned in a future that was taken back are pending until then.
  for (const offset of [2 * hour, -3 * hour, 400 * 24 * hour, -hour, 401 * 24 * hour]) {
    writeFileSync(file, String(offset));
    await load.more(VISITS);
  }
  expect(load.refused()).toBe(0);
  await load.settle();
});

const DISK_MB = 256;
it.skipIf(!canMount())(
  'answers 503 on a full disk, and goes on when there is room again',
  async () => {
    mkdirSync(dataDir, { recursive: true });
    run('/bin/mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=700`, 'tmpfs', dataDir]);
    const ballast = join(dataDir, 'ballast');
    try {
      server = await startServer({ dataDir, port });
      const load = await startLoad();
      await load.more(VISITS);
      const { bavail, bsize } = statfsSync(dataDir);
      fill(ballast, bavail * bsize);
      const before = load.refused();
      await reach(
        () => load.refused() >= before + CLIENTS,
        () => 'nothing was refused on a full disk',
      );
      rmSync(ballast);
      await load.more(VISITS);
      await load.settle();
      // Stopped here: the disk goes away below.
      expect((await interrupt(server)).code).toBe(0);
    } finally {
      rmSync(ballast, { force: true });
      server.child.kill('SIGKILL');
      const postgres = postmasterOf(dataDir);
      if (postgres !== undefined) process.kill(postgres, 'SIGKILL');
      run('/bin/umount', ['-l', dataDir]);
    }
  },
);

/** Only root may, and not in every container. */
function canMount(): boolean {
  const place = makeScene();
  const dir = place.dir('mount');
  mkdirSync(dir, { recursive: true });
  const isMounted = spawnSync('/bin/mount', ['-t', 'tmpfs', 'tmpfs', dir]).status === 0;
  if (isMounted) spawnSync('/bin/umount', [dir]);
  void place.clear();
  return isMounted;
}

function run(program: string, args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}

/** A file that leaves no room on its disk. */
function fill(path: string, bytes: number): void {
  writeFileSync(path, Buffer.alloc(Math.max(0, bytes - 1024 * 1024)));
  const rest = Buffer.alloc(4096);
  try {
    for (;;) writeFileSync(path, rest, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
