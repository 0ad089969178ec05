import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATIENCE_MS } from '@hongmi/server/kernel/testing/patience';

const START = fileURLToPath(new URL('../scripts/start.mjs', import.meta.url));
const READY_MS = PATIENCE_MS;
const LAST_WORDS_MAX = 20_000;
export const ROOT_KEY = 'hm_end-to-end-tests-only-0123456789abcdef';

/** What a server process was, once it ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ServerProcess {
  readonly child: ChildProcess;
  /** Resolves with `ready` once the summary is printed, or with how it ended before. */
  readonly started: Promise<'ready' | Ended>;
  readonly ended: Promise<Ended>;
  /** The last of what it said, both streams together. */
  readonly lastWords: () => string;
}

export interface ServerOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the server as `npm start` does, in a process group of its own like a terminal's. */
export function spawnServer({ dataDir, port, env = {} }: ServerOptions): ServerProcess {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('HONGMI_') && name !== 'DATABASE_URL' && name !== 'NODE_OPTIONS',
  );
  const child = spawn(process.execPath, [START], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...Object.fromEntries(inherited),
      HONGMI_DATA_DIR: dataDir,
      HONGMI_PORT: String(port),
      HONGMI_ROOT_KEY: ROOT_KEY,
      HONGMI_DEMO: 'off',
      HONGMI_LOG: 'warn',
      ...env,
    },
  });
  let stdout = '';
  let stderr = '';
  const closed = once(child, 'close');
  const ended = closed.then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
    stdout,
    stderr,
  }));
  let lastWords = '';
  const hear = (text: string): void => {
    lastWords = `${lastWords}${text}`.slice(-LAST_WORDS_MAX);
  };
  const ready = new Promise<'ready'>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      hear(text);
      stdout += text;
      if (stdout.includes('is ready.')) resolve('ready');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      hear(text);
      stderr += text;
    });
  });
  return { child, started: Promise.race([ready, ended]), ended, lastWords: () => lastWords };
}

/** Starts a server that must come up. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const server = spawnServer(options);
  const timer = setTimeout(() => server.child.kill('SIGKILL'), READY_MS);
  const started = await server.started;
  clearTimeout(timer);
  if (started !== 'ready')
    throw new Error(`the server did not start: ${started.stderr}${started.stdout}`);
  return server;
}

/** Ctrl-C: the signal reaches the whole process group. */
export async function interrupt(server: ServerProcess): Promise<Ended> {
  signalGroup(server, 'SIGINT');
  return await server.ended;
}

/** kill -9 of the server alone; whatever it started lives on. */
export async function killServer(server: ServerProcess): Promise<void> {
  server.child.kill('SIGKILL');
  await server.ended;
}

function signalGroup({ child }: ServerProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) throw new Error('the server has no process');
  process.kill(-child.pid, signal);
}

/** The first process of the embedded PostgreSQL of a data directory, or undefined when none is recorded. */
export function postmasterOf(dataDir: string): number | undefined {
  try {
    return Number(
      readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n', 1)[0],
    );
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A place for data directories that ends with the test: whatever still runs there is killed first. */
export function makeScene(): { readonly dir: (name: string) => string; clear(): Promise<void> } {
  const root = mkdtempSync(join(tmpdir(), 'hongmi-e2e-'));
  const dirs: string[] = [];
  return {
    dir(name) {
      const dir = join(root, name);
      dirs.push(dir);
      return dir;
    },
    async clear() {
      for (const dir of dirs) {
        for (const pid of [serverPidOf(dir), postmasterOf(dir)]) {
          if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
        }
      }
      // The last processes of a killed PostgreSQL may still be writing.
      rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function serverPidOf(dataDir: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as {
      pid: number;
    };
    return pid;
  } catch {
    return undefined;
  }
}

/** What a command said, and how it ended. */
export async function outputOf(child: ChildProcess) {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}
