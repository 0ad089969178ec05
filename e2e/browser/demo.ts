import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PATIENCE_MS, reach } from '@hongmi/server/kernel/testing/patience';
import { type ProcessLock, tryLock } from '@hongmi/server/platform/process-lock';
import { inject } from 'vitest';
import {
  freePort,
  interrupt,
  makeScene,
  type ServerProcess,
  startServer,
} from '../running-server.ts';

/** Few, but each of them is a story or plays in one: every page has something to show. */
const MEMBERS = 60;

/** A server with the demo, for one test file alone. */
export interface DemoServer {
  readonly url: string;
  /** Where its database is, for who changes something behind its back. */
  readonly dataDir: string;
  /** The last of what it said, where the codes of members stand. */
  said(): string;
  /** Stops the server as Ctrl-C does; `start` brings it back at the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it for good and removes what it wrote. */
  close(): Promise<void>;
}

/**
 * Starts the built product with a copy of the demo. Loading that takes half a minute, so that the first file of the run does it for
 * all; what a file changes, the others do not see. `HONGMI_DEMO_URL` names a server that runs already, for who writes a page and
 * wants to see it now: what tests change there stays, and those that stop it fail. Where `HONGMI_DATA_DIR` says, its database is.
 */
export async function openDemo(env: Readonly<Record<string, string>> = {}): Promise<DemoServer> {
  const running = process.env.HONGMI_DEMO_URL;
  if (running !== undefined) return foreign(running);
  const loaded = await loadOnce();
  const scene = makeScene();
  const dataDir = scene.dir('data');
  // The database belongs to another user when root runs the tests; only cp keeps that.
  await promisify(execFile)('cp', ['-a', loaded, dataDir]);
  const port = await freePort();
  const options = { dataDir, port, env: { HONGMI_DEMO: 'still', ...env } };
  let server: ServerProcess | undefined = await startServer(options);
  const stop = async (): Promise<void> => {
    if (server === undefined) return;
    const running = server;
    server = undefined;
    const { code, stderr } = await interrupt(running);
    if (code !== 0) throw new Error(`the server did not stop well: ${stderr}`);
  };
  return {
    // As people type it: passkeys and secure cookies treat no other plain address as safe.
    url: `http://localhost:${port}`,
    dataDir,
    said: () => server?.lastWords() ?? '',
    stop,
    async start() {
      server ??= await startServer(options);
    },
    async close() {
      try {
        await stop();
      } finally {
        await scene.clear();
      }
    },
  };
}

function foreign(url: string): DemoServer {
  const refuse = async (): Promise<void> => {
    throw new Error('the server of HONGMI_DEMO_URL is not ours to stop');
  };
  const dataDir = process.env.HONGMI_DATA_DIR ?? '';
  // Where the log of that server is, HONGMI_DEMO_LOG says.
  const said = (): string => readFileSync(process.env.HONGMI_DEMO_LOG ?? '', 'utf8');
  return { url, dataDir, said, stop: refuse, start: refuse, close: async () => undefined };
}

async function loadOnce(): Promise<string> {
  const run = inject('browserRun');
  const done = join(run, 'demo');
  const lock = await takeLock(run);
  try {
    if (existsSync(done)) return done;
    const dataDir = join(run, 'loading');
    const env = { HONGMI_DEMO: 'still', HONGMI_DEMO_MEMBERS: String(MEMBERS) };
    const server = await startServer({ dataDir, port: await freePort(), env });
    const { code, stderr } = await interrupt(server);
    if (code !== 0) throw new Error(`the demo was not loaded: ${stderr}`);
    await rename(dataDir, done);
    return done;
  } finally {
    await lock.release();
  }
}

async function takeLock(folder: string): Promise<ProcessLock> {
  let taken: ProcessLock | undefined;
  await reach(
    async () => {
      const answer = await tryLock(folder, 'loading-demo');
      if ('release' in answer) taken = answer;
      return taken !== undefined;
    },
    () => `another test file has been loading the demo for ${PATIENCE_MS} ms`,
  );
  if (taken === undefined) throw new Error('the lock was not taken');
  return taken;
}
