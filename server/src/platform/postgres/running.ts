import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchownSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { isRoot } from '../ownership.ts';
import { identifyProcess, processName } from '../process-identity.ts';
import { databaseUrl, type Layout } from './layout.ts';
import { IDENTITY_SETTING } from './settings.ts';

/** What PostgreSQL writes into postmaster.pid. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number | undefined;
  /** `starting`, `ready`, `stopping`; empty while the file is being written. */
  readonly status: string;
}

export async function readPostmaster(layout: Layout): Promise<Postmaster | undefined> {
  const text = await readFile(join(layout.cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const port = Number(lines[3]);
  return {
    pid,
    port: Number.isInteger(port) && port > 0 ? port : undefined,
    status: lines[7] ?? '',
  };
}

/**
 * Names the directory itself, so a copy of it, or another one at the same path, has another mark.
 */
export function clusterIdentity(layout: Layout): string {
  const { dev, ino } = statSync(layout.cluster, { bigint: true });
  return `${dev}:${ino}`;
}

/**
 * Whether the process named in postmaster.pid is a PostgreSQL serving this very directory. The
 * number alone says little: after `kill -9` or a reboot anything may have it. `unknown` must be
 * treated as `yes` by whoever would delete something.
 */
export function isServing(layout: Layout, pid: number): 'yes' | 'no' | 'unknown' {
  if (identifyProcess(pid) === undefined) return 'no';
  const name = processName(pid);
  if (name !== undefined && name !== 'postgres') return 'no';
  if (process.platform !== 'linux') return 'unknown';
  try {
    // A server's working directory is its data directory. A container's root may lack the right to
    // look.
    const cwd = statSync(`/proc/${pid}/cwd`, { bigint: true });
    return `${cwd.dev}:${cwd.ino}` === clusterIdentity(layout) ? 'yes' : 'no';
  } catch {
    return hasIdentityInArguments(layout, pid);
  }
}

function hasIdentityInArguments(layout: Layout, pid: number): 'yes' | 'no' | 'unknown' {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const mark = args.find((arg) => arg.startsWith(`${IDENTITY_SETTING}=`));
    if (mark === undefined) return 'unknown';
    return mark === `${IDENTITY_SETTING}=${clusterIdentity(layout)}` ? 'yes' : 'no';
  } catch {
    return 'unknown';
  }
}

export type Answer = 'ours' | 'other' | 'starting' | 'stopping' | 'wrong_password' | 'no_answer';

/**
 * Asks the server on this port to read a file we have just put into the directory: only the one
 * that serves this very directory can. A copy of a data directory has the same password, pid file
 * and system identifier as the original.
 */
export async function askServer(layout: Layout, password: string, port: number): Promise<Answer> {
  const secret = randomBytes(16).toString('hex');
  const name = `hongmi.probe.${secret.slice(0, 8)}`;
  const file = join(layout.cluster, name);
  const client = new Client({
    connectionString: databaseUrl(password, port, 'postgres'),
    connectionTimeoutMillis: 10_000,
  });
  // The server may go away at any moment; the query below then fails.
  client.on('error', () => undefined);
  try {
    await client.connect();
    writeForServer(layout, file, secret);
    const sql = 'SELECT pg_read_file($1, true) AS text';
    const { rows } = await client.query<{ text: string | null }>(sql, [name]);
    return rows[0]?.text === secret ? 'ours' : 'other';
  } catch (error) {
    return classify(error);
  } finally {
    rmSync(file, { force: true });
    await client.end().catch(() => undefined);
  }
}

/** Through the descriptor: the folder is not root's, so a name in it may change hands any moment. */
function writeForServer(layout: Layout, file: string, text: string): void {
  const fd = openSync(file, 'wx', 0o600);
  try {
    const owner = statSync(layout.cluster);
    if (isRoot()) fchownSync(fd, owner.uid, owner.gid);
    writeSync(fd, text);
  } finally {
    closeSync(fd);
  }
}

function classify(error: unknown): Answer {
  const { code, message } = error as { code?: string; message: string };
  if (code === '57P03')
    return /starting up|recovery|not yet accepting/.test(message) ? 'starting' : 'stopping';
  if (code === '28P01' || code === '28000') return 'wrong_password';
  return 'no_answer';
}
