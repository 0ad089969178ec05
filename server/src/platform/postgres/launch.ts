import type { ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { giveToFolderOwner } from '../ownership.ts';
import type { Binaries } from './binaries.ts';
import { handDown, start } from './child.ts';
import { DatabaseStartError, fromPostgresOutput, lastLines } from './errors.ts';
import type { Layout } from './layout.ts';
import type { RunAs } from './run-as.ts';
import { clusterIdentity, isServing, readPostmaster } from './running.ts';
import { serverArguments } from './settings.ts';

const PORT_ATTEMPTS_MAX = 5;
const LOG_BYTES_MAX = 16 * 1024 * 1024;
/**
 * Backends whose postmaster was killed leave within moments unless they are inside a long
 * statement.
 */
const LINGERING_WAIT_MS = 30_000;

export interface LaunchOptions {
  readonly layout: Layout;
  readonly binaries: Binaries;
  readonly runAs: RunAs | undefined;
  readonly extra: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
  /** The only port it may listen on; undefined: the last one when that is free, else another. */
  readonly onlyPort: number | undefined;
}

/** Starts PostgreSQL and returns its port once it accepts connections. */
export async function launch(options: LaunchOptions): Promise<number> {
  await removeStalePidFile(options);
  const { layout, onlyPort } = options;
  let port = onlyPort ?? (await freePort(await rememberedPort(layout)));
  const giveUpAt = performance.now() + LINGERING_WAIT_MS;
  for (let attempt = 1; ; attempt++) {
    const failure = await launchOn(port, options);
    if (failure === undefined) {
      await writeFile(layout.port, `${port}\n`);
      giveToFolderOwner(layout.port);
      return port;
    }
    if (
      /Address already in use|could not create any TCP\/IP sockets/.test(failure) &&
      attempt < PORT_ATTEMPTS_MAX
    ) {
      if (onlyPort !== undefined) throw portTaken(onlyPort);
      port = await freePort(0); // taken between our look and PostgreSQL's
    } else if (/pre-existing shared memory block/.test(failure) && performance.now() < giveUpAt) {
      options.log('waiting for processes of the killed database to leave');
      await new Promise((resolve) => setTimeout(resolve, 500));
    } else {
      throw explain(failure, layout);
    }
  }
}

/** Undefined when it accepts connections; else what it printed before it ended. */
async function launchOn(port: number, options: LaunchOptions): Promise<string | undefined> {
  const { layout, binaries, runAs } = options;
  rotateLog(layout.log);
  const logFd = openSync(layout.log, 'a', 0o600);
  giveToFolderOwner(layout.log);
  const logStart = fstatSync(logFd).size;
  const directory = handDown(layout.cluster);
  let child: ChildProcess;
  try {
    const args = serverArguments({ port, identity: clusterIdentity(layout), extra: options.extra });
    // Its own session: Ctrl-C in the terminal must reach the server alone, which drains and then
    // stops the database.
    const detached = true;
    child = start(binaries.postgres, ['-D', directory.path, ...args], {
      runAs,
      directory,
      output: logFd,
      detached,
    });
  } finally {
    directory.close();
    closeSync(logFd);
  }
  const ended = watchEnd(child);
  // No time limit: after a crash it replays up to max_wal_size of log, and every second of that is
  // progress.
  let nextWord = performance.now() + 5_000;
  while (ended.reason === undefined) {
    const postmaster = await readPostmaster(layout);
    if (postmaster?.pid === child.pid && postmaster?.status === 'ready') {
      child.unref();
      return undefined;
    }
    if (performance.now() > nextWord) {
      options.log('the database is still recovering from an unclean stop');
      nextWord += 10_000;
    }
    await Promise.race([ended.promise, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  return `${ended.reason}\n${readFrom(layout.log, logStart)}`;
}

function watchEnd(child: ChildProcess): { reason: string | undefined; promise: Promise<void> } {
  const state = { reason: undefined as string | undefined, promise: Promise.resolve() };
  state.promise = new Promise((resolve) => {
    const end = (reason: string) => {
      state.reason ??= reason;
      resolve();
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(`postgres ended (${signal ?? code})`));
  });
  return state;
}

/**
 * PostgreSQL refuses to start when the process number in postmaster.pid is taken by any process of
 * its user. We know better when that process is no PostgreSQL of this directory. It still detects
 * surviving processes of the old server by the shared memory segment, which it finds through the
 * directory's inode.
 */
async function removeStalePidFile({ layout, log }: LaunchOptions): Promise<void> {
  const stale = await readPostmaster(layout);
  if (stale === undefined || isServing(layout, stale.pid) !== 'no') return;
  log(
    `the database was not stopped cleanly (process ${stale.pid} is gone); it will recover by itself`,
  );
  rmSync(join(layout.cluster, 'postmaster.pid'), { force: true });
}

async function rememberedPort(layout: Layout): Promise<number> {
  const port = Number(await readFile(layout.port, 'utf8').catch(() => ''));
  return Number.isInteger(port) && port > 0 ? port : 0;
}

/** The wanted port when free, else one chosen by the system. */
async function freePort(wanted: number): Promise<number> {
  const tryPort = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const server = createServer();
      server.once('error', reject);
      server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
        const address = server.address();
        server.close(() =>
          resolve(typeof address === 'object' && address !== null ? address.port : 0),
        );
      });
    });
  return await tryPort(wanted).catch(() => tryPort(0));
}

function portTaken(port: number): DatabaseStartError {
  return new DatabaseStartError(
    'port_taken',
    `Another program took port ${port}, on which PostgreSQL listened before it stopped. Stop that program, or restart Hongmi.`,
  );
}

function rotateLog(file: string): void {
  if (existsSync(file) && statSync(file).size > LOG_BYTES_MAX) renameSync(file, `${file}.1`);
}

function readFrom(file: string, offset: number): string {
  const fd = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(Math.max(fstatSync(fd).size - offset, 0), 256 * 1024));
    return buffer.toString('utf8', 0, readSync(fd, buffer, 0, buffer.length, offset));
  } finally {
    closeSync(fd);
  }
}

function explain(failure: string, layout: Layout): DatabaseStartError {
  const known = fromPostgresOutput(failure, 'starting the database');
  if (known !== undefined) return known;
  return new DatabaseStartError(
    'database_broken',
    `PostgreSQL could not open ${layout.cluster}. Nothing was overwritten; its own words (more in ${layout.log}):\n` +
      `${lastLines(failure, 8)}\nIf the files are damaged, restore them from a backup.`,
  );
}
