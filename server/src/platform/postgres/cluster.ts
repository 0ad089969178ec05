import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';
import {
  lchown,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { giveToFolderOwner, isRoot } from '../ownership.ts';
import { type Binaries, POSTGRES_MAJOR } from './binaries.ts';
import { handDown, run } from './child.ts';
import { DatabaseStartError, fromFileError, fromPostgresOutput, lastLines } from './errors.ts';
import { DATABASE_USER, type Layout, UNFINISHED_PREFIX } from './layout.ts';
import type { RunAs } from './run-as.ts';

/**
 * Whether the data directory holds a cluster we can open. Throws when what lies there is not one:
 * it may be somebody's only copy, so nothing is ever overwritten, emptied or "repaired".
 */
export async function inspectCluster(layout: Layout): Promise<'absent' | 'present'> {
  const entries = await readdir(layout.cluster).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw broken(layout, 'it is a file, not a folder');
    throw fromFileError(error, `reading ${layout.cluster}`);
  });
  if (entries.length === 0) return 'absent';

  const version = await readFile(join(layout.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) throw broken(layout, 'it has no PG_VERSION');
  const major = Number(version.trim());
  if (!Number.isInteger(major)) throw broken(layout, 'its PG_VERSION is unreadable');
  if (major !== POSTGRES_MAJOR) throw otherVersion(layout, major);
  for (const part of ['global/pg_control', 'base', 'pg_wal', 'pg_hba.conf', 'postgresql.conf']) {
    const there = await lstat(join(layout.cluster, part)).catch(() => undefined);
    if (there === undefined) throw broken(layout, `it has no ${part}`);
  }
  return 'present';
}

export async function readPassword(layout: Layout): Promise<string> {
  const text = await readFile(layout.password, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw fromFileError(error, `reading ${layout.password}`);
  });
  const password = text.trim();
  if (password !== '') return password;
  throw new DatabaseStartError(
    'database_password_missing',
    `The database in ${layout.cluster} is there, but its password file ${layout.password} is missing or empty. Put the ` +
      `file back from a backup (it lies beside the \`postgres\` folder). If it is lost: set \`trust\` for 127.0.0.1 in ` +
      `pg_hba.conf, start, ALTER ROLE ${DATABASE_USER} PASSWORD, write the new password into the file, undo the change.`,
  );
}

/**
 * Makes a cluster in a folder beside and renames it into place when it is complete and on disk: a
 * process killed half-way leaves nothing that looks like a database.
 */
export async function createCluster(
  layout: Layout,
  binaries: Binaries,
  runAs: RunAs | undefined,
): Promise<void> {
  try {
    await removeUnfinished(layout);
    const password = await ensurePassword(layout);
    // The builtin provider sorts and folds case the same on every machine and version; the C
    // library's C.UTF-8 serves the few places that still ask it, and is absent from some systems.
    const output = await createWith('C.UTF-8', layout, password, binaries, runAs);
    if (output === undefined) return;
    const fallback = /invalid locale name/.test(output)
      ? await createWith('C', layout, password, binaries, runAs)
      : output;
    if (fallback !== undefined) throw explain(fallback, layout);
  } catch (error) {
    throw fromFileError(error, `creating the database in ${layout.cluster}`);
  }
}

/** Undefined when the cluster is in place; else what initdb said. */
async function createWith(
  ctype: string,
  layout: Layout,
  password: string,
  binaries: Binaries,
  runAs: RunAs | undefined,
): Promise<string | undefined> {
  const unfinished = join(layout.dataDir, UNFINISHED_PREFIX + randomBytes(6).toString('hex'));
  const cluster = join(unfinished, 'cluster');
  try {
    await mkdir(cluster, { recursive: true, mode: 0o700 });
    await writeFile(join(unfinished, 'password'), password, { mode: 0o600 });
    if (runAs !== undefined) {
      // The folder itself last: until then nobody else can put anything under these names.
      for (const path of [cluster, join(unfinished, 'password'), unfinished])
        await lchown(path, runAs.uid, runAs.gid);
    }
    const result = await initdb(unfinished, ctype, binaries, runAs);
    if (!result.ok) return result.output;
    // An empty folder may stand there; Windows does not rename over it.
    await rmdir(layout.cluster).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(cluster, layout.cluster);
    syncFolder(layout.dataDir);
    return undefined;
  } finally {
    await discard(unfinished);
  }
}

function explain(output: string, layout: Layout): DatabaseStartError {
  const doing = `creating the database in ${layout.cluster}`;
  return (
    fromPostgresOutput(output, doing) ??
    new DatabaseStartError('start_failed', `${doing} failed:\n${lastLines(output, 8)}`)
  );
}

async function initdb(
  unfinished: string,
  ctype: string,
  binaries: Binaries,
  runAs: RunAs | undefined,
) {
  const directory = handDown(unfinished);
  try {
    const locale = [
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      `--lc-ctype=${ctype}`,
    ];
    const access = [
      '-U',
      DATABASE_USER,
      '--auth=scram-sha-256',
      `--pwfile=${directory.path}/password`,
    ];
    const args = [
      '-D',
      `${directory.path}/cluster`,
      ...access,
      '-E',
      'UTF8',
      ...locale,
      '--no-instructions',
    ];
    return await run(binaries.initdb, args, { runAs, directory });
  } finally {
    directory.close();
  }
}

/**
 * Kept when it exists: a start killed between the password and the rename must not leave the two
 * disagreeing.
 */
async function ensurePassword(layout: Layout): Promise<string> {
  const existing = await readFile(layout.password, 'utf8').catch(() => '');
  if (existing.trim() !== '') return existing.trim();
  const password = randomBytes(32).toString('base64url');
  const file = `${layout.password}.new`;
  await rm(file, { force: true });
  writeFileSync(file, `${password}\n`, { mode: 0o600, flag: 'wx', flush: true });
  giveToFolderOwner(file);
  await rename(file, layout.password);
  return password;
}

async function removeUnfinished(layout: Layout): Promise<void> {
  for (const entry of await readdir(layout.dataDir)) {
    if (!entry.startsWith(UNFINISHED_PREFIX)) continue;
    await discard(join(layout.dataDir, entry));
  }
}

/** Best effort: an initdb that outlived its parent may still write there; the next start retries. */
async function discard(unfinished: string): Promise<void> {
  // Taken back first, so that its other owner cannot lead root's deletion elsewhere.
  if (isRoot()) await lchown(unfinished, 0, 0).catch(() => undefined);
  await rm(unfinished, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

/** A backup restored by root belongs to root; PostgreSQL insists on owning its files. */
export async function giveCluster(cluster: string, runAs: RunAs | undefined): Promise<void> {
  if (runAs === undefined || (await lstat(cluster)).uid === runAs.uid) return;
  await lchown(cluster, 0, 0);
  await giveTree(cluster, runAs);
}

/**
 * The folder itself last, so that an interrupted walk is noticed and walked again. Links are not
 * followed.
 */
async function giveTree(path: string, runAs: RunAs): Promise<void> {
  const info = await lstat(path);
  if (info.isDirectory()) {
    for (const entry of await readdir(path)) await giveTree(join(path, entry), runAs);
  }
  await lchown(path, runAs.uid, runAs.gid);
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function broken(layout: Layout, why: string): DatabaseStartError {
  return new DatabaseStartError(
    'database_broken',
    `${layout.cluster} is not a complete PostgreSQL data directory: ${why}. Nothing was changed. Restore it from a ` +
      `backup, or move it away to begin with an empty database.`,
  );
}

function otherVersion(layout: Layout, major: number): DatabaseStartError {
  const newer = major > POSTGRES_MAJOR;
  return new DatabaseStartError(
    newer ? 'database_newer' : 'database_older',
    `${layout.cluster} was made by PostgreSQL ${major}; this Hongmi brings PostgreSQL ${POSTGRES_MAJOR}. Nothing was ` +
      `changed. ${newer ? 'Update Hongmi to the version that made it.' : `Dump it with PostgreSQL ${major} (pg_dump) and load the dump here (or pg_upgrade it).`}`,
  );
}
