import { mkdir } from 'node:fs/promises';
import { Client } from 'pg';
import { giveToFolderOwner } from '../ownership.ts';
import { isLock, type ProcessLock, tryLock, waitForLock } from '../process-lock.ts';
import { type BinariesOptions, findBinaries } from './binaries.ts';
import { createCluster, giveCluster, inspectCluster, readPassword } from './cluster.ts';
import { DatabaseStartError, fromFileError } from './errors.ts';
import { launch } from './launch.ts';
import { DATABASE_NAME, databaseUrl, type Layout, layoutOf } from './layout.ts';
import { chooseRunAs } from './run-as.ts';
import { askServer, isServing, readPostmaster } from './running.ts';
import { stopServer } from './stop.ts';

export interface EmbeddedDatabase {
  readonly url: string;
  /** Stops it (smart, then fast) if this process owns it; otherwise does nothing. Idempotent. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions
  extends Partial<Pick<BinariesOptions, 'nativeDir' | 'copyFolders'>> {
  readonly dataDir: string;
  readonly log: (line: string) => void;
  /**
   * postgresql.conf settings; durability, address and port cannot be changed. Ignored when a live
   * one is adopted.
   */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * The only port it may be started on: where everybody looks for the one that died. While another
   * program has it, the start fails with `port_taken`. Ignored when a live one is adopted.
   */
  readonly onlyPort?: number;
}

const ANOTHER_START_WAIT_MS = 120_000;
const SILENCE_MAX_MS = 30_000;
const OWNER_LOCK = 'postgres-owner';
const START_LOCK = 'postgres-start';

/**
 * Owner locks of this process by data directory: a second start in one process shares the ownership
 * of the first.
 */
const owned = new Map<string, ProcessLock>();

/**
 * Makes sure PostgreSQL runs from `<dataDir>/postgres`: adopts the one that runs (left by a killed
 * process), starts it, or creates it first. Calling it again after the database died starts it
 * again, on the same port if that is free (or on no other, with `onlyPort`). Fails with DatabaseStartError; never changes a directory
 * it does not fully understand.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const layout = layoutOf(options.dataDir);
  const lock = await prepareDataDir(layout);
  try {
    const { port, launched } = await ensureRunning(layout, options);
    try {
      await takeOwnership(layout);
      const password = await readPassword(layout);
      await ensureDatabase(layout, password, port);
      return { url: databaseUrl(password, port), stop: () => stopIfOwned(layout, options.log) };
    } catch (error) {
      if (launched) await stopServer(layout, options.log);
      await releaseOwnership(layout);
      throw error;
    }
  } finally {
    await lock.release();
  }
}

/**
 * The url of the PostgreSQL that runs from this data directory, proven to be its own, or undefined.
 */
export async function findRunning(dataDir: string): Promise<string | undefined> {
  const layout = layoutOf(dataDir);
  const postmaster = await readPostmaster(layout);
  if (postmaster?.port === undefined || isServing(layout, postmaster.pid) === 'no')
    return undefined;
  const password = await readPassword(layout);
  const answer = await askServer(layout, password, postmaster.port);
  return answer === 'ours' ? databaseUrl(password, postmaster.port) : undefined;
}

async function prepareDataDir(layout: Layout): Promise<ProcessLock> {
  try {
    const created = await mkdir(layout.dataDir, { recursive: true, mode: 0o700 });
    if (created !== undefined) giveToFolderOwner(layout.dataDir);
    const lock = await waitForLock(layout.locks, START_LOCK, ANOTHER_START_WAIT_MS);
    if (lock !== null) return lock;
  } catch (error) {
    throw fromFileError(error, `using the data directory ${layout.dataDir}`);
  }
  throw new DatabaseStartError(
    'database_busy',
    `Another process has been starting the database in ${layout.dataDir} for ${ANOTHER_START_WAIT_MS / 1000} s. ` +
      `Stop it, then start again.`,
  );
}

async function ensureRunning(
  layout: Layout,
  options: EmbeddedOptions,
): Promise<{ port: number; launched: boolean }> {
  const absent = (await inspectCluster(layout)) === 'absent';
  const adopted = absent ? undefined : await adopt(layout, options.log);
  if (adopted !== undefined) return { port: adopted, launched: false };

  const runAs = chooseRunAs(layout.dataDir, layout.cluster);
  const binaries = findBinaries({ ...options, dataDir: layout.dataDir, runAs });
  if (absent) {
    options.log(
      `Creating the database in ${layout.cluster}${runAs === undefined ? '' : ` (as user ${runAs.name})`}`,
    );
    await createCluster(layout, binaries, runAs);
  } else {
    await giveCluster(layout.cluster, runAs);
  }
  const extra = options.settings ?? {};
  return {
    port: await launch({
      layout,
      binaries,
      runAs,
      extra,
      log: options.log,
      onlyPort: options.onlyPort,
    }),
    launched: true,
  };
}

/**
 * The port of a live PostgreSQL of this directory, waited for while it starts; undefined when there
 * is none.
 */
async function adopt(layout: Layout, log: (line: string) => void): Promise<number | undefined> {
  const password = await readPassword(layout);
  let told = false;
  const giveUpAt = performance.now() + SILENCE_MAX_MS;
  for (;;) {
    const postmaster = await readPostmaster(layout);
    const serving = postmaster === undefined ? 'no' : isServing(layout, postmaster.pid);
    if (postmaster === undefined || serving === 'no') return undefined;
    const { port } = postmaster;
    const answer = port === undefined ? 'starting' : await askServer(layout, password, port);
    if (answer === 'ours' && port !== undefined) {
      log(`Adopted the running database (process ${postmaster.pid})`);
      return port;
    }
    // Not provably ours and not provably foreign: PostgreSQL's own checks decide when it is
    // started.
    if (serving === 'unknown' && answer !== 'starting' && answer !== 'stopping') return undefined;
    if (answer === 'wrong_password') throw wrongPassword(layout);
    if (answer !== 'starting' && answer !== 'stopping' && performance.now() > giveUpAt)
      throw silent(layout, postmaster.pid);
    if (!told) log(`Waiting for the running database (process ${postmaster.pid})`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ensureDatabase(layout: Layout, password: string, port: number): Promise<void> {
  const client = new Client({ connectionString: databaseUrl(password, port, 'postgres') });
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [
      DATABASE_NAME,
    ]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE_NAME}`);
  } catch (error) {
    const { code } = error as { code?: string };
    throw code === '28P01' ? wrongPassword(layout, error) : error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function takeOwnership(layout: Layout): Promise<void> {
  if (owned.has(layout.dataDir)) return;
  const result = await tryLock(layout.locks, OWNER_LOCK);
  // Held by another living process: that one started it and will stop it.
  if (isLock(result)) owned.set(layout.dataDir, result);
}

async function stopIfOwned(layout: Layout, log: (line: string) => void): Promise<void> {
  if (!owned.has(layout.dataDir)) return;
  try {
    await stopServer(layout, log);
  } finally {
    await releaseOwnership(layout);
  }
}

async function releaseOwnership(layout: Layout): Promise<void> {
  const lock = owned.get(layout.dataDir);
  owned.delete(layout.dataDir);
  await lock?.release();
}

function silent(layout: Layout, pid: number): DatabaseStartError {
  return new DatabaseStartError(
    'database_busy',
    `PostgreSQL (process ${pid}) holds ${layout.cluster} but does not answer. Stop that process, then start again.`,
  );
}

function wrongPassword(layout: Layout, cause?: unknown): DatabaseStartError {
  return new DatabaseStartError(
    'database_password_wrong',
    `The database runs but does not accept the password in ${layout.password}. Put the right file back (it lies beside the ` +
      `\`postgres\` folder in every backup); nothing was changed.`,
    { cause },
  );
}
