import { createWriteStream, existsSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { systemClock } from '../kernel/clock.ts';
import { readHeads } from '../ledger/read.ts';
import { createPool } from '../platform/database.ts';
import { takeBaseBackup } from '../platform/postgres/base-backup.ts';
import { POSTGRES_MAJOR } from '../platform/postgres/binaries.ts';
import { findRunning, startEmbedded } from '../platform/postgres/embedded.ts';
import { layoutOf } from '../platform/postgres/layout.ts';
import { TAR_END, tarFile } from '../platform/tar.ts';

/** What a backup says about itself, in `hongmi/backup.json`. */
export interface BackupFacts {
  readonly format: 1;
  readonly postgres: number;
  readonly madeAt: number;
  readonly ledgerId: string;
  /** Where each chain stood when the backup began: it holds at least this. */
  readonly heads: readonly {
    readonly shard: number;
    readonly block: number;
    readonly hash: string;
  }[];
}

export interface BackupMade extends BackupFacts {
  readonly bytes: number;
}

/** The message says what happened and what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** Files of the data directory that go along: the cluster knows these passwords and no others. */
export const BACKUP_SECRETS = ['password', 'serverPassword'] as const;
/** Members of the archive that are not the cluster's. */
export const BACKUP_FOLDER = 'hongmi/';

/**
 * Writes the embedded database to one file (a tar, compressed when it is called `.gz`), beside a running
 * server or without one: a base backup with its log, so it is consistent at the moment it ends. What
 * another key opens, or signs, is not in it: `master-key`, `seal-keys`.
 */
export async function backUp(options: {
  readonly dataDir: string;
  readonly file: string;
}): Promise<BackupMade> {
  const { dataDir, file } = options;
  if (existsSync(file)) throw new BackupError(`${file} is there already; choose another name`);
  const running = await findRunning(dataDir);
  if (running !== undefined) return writeBackup(running, dataDir, file);
  const database = await startEmbedded({ dataDir, log: () => {} });
  try {
    return await writeBackup(database.url, dataDir, file);
  } finally {
    await database.stop();
  }
}

async function writeBackup(url: string, dataDir: string, file: string): Promise<BackupMade> {
  const facts = await readFacts(url);
  const beside = `${file}.partial`;
  await rm(beside, { force: true });
  try {
    const output = createWriteStream(beside, { flags: 'wx', mode: 0o600 });
    const source = wholeBackup(url, dataDir, facts);
    if (file.endsWith('.gz')) await pipeline(source, createGzip({ level: 1 }), output);
    else await pipeline(source, output);
    await syncPath(beside);
    // Never over another file, even one that came meanwhile.
    if (existsSync(file)) throw new BackupError(`${file} is there already; choose another name`);
    await rename(beside, file);
    await syncPath(dirname(file));
    return { ...facts, bytes: output.bytesWritten };
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** The cluster's archive with our own files before its end: without them it is no complete backup. */
async function* wholeBackup(
  url: string,
  dataDir: string,
  facts: BackupFacts,
): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of takeBaseBackup(url)) {
    const all = Buffer.concat([held, chunk]);
    const keep = Math.min(all.length, TAR_END.length);
    yield all.subarray(0, all.length - keep);
    held = Buffer.from(all.subarray(all.length - keep));
  }
  if (!held.equals(TAR_END))
    throw new BackupError('PostgreSQL did not send its archive to the end');
  const layout = layoutOf(dataDir);
  for (const secret of BACKUP_SECRETS)
    yield tarFile(`${BACKUP_FOLDER}${secret}`, await readFile(layout[secret]), facts.madeAt);
  yield tarFile(
    `${BACKUP_FOLDER}backup.json`,
    Buffer.from(`${JSON.stringify(facts, null, 2)}\n`),
    facts.madeAt,
  );
  yield TAR_END;
}

async function readFacts(url: string): Promise<BackupFacts> {
  const pool = createPool({ url, name: 'hongmi-backup', connectionsMax: 1 });
  try {
    const { ledgerId, heads } = await readHeads(pool);
    return {
      format: 1,
      postgres: POSTGRES_MAJOR,
      madeAt: systemClock.now(),
      ledgerId,
      heads: heads.map(({ shard, block, hash }) => ({ shard, block, hash })),
    };
  } finally {
    await pool.end();
  }
}

/** A file or a folder on disk; a folder cannot be opened for this on Windows. */
export async function syncPath(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
