import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import { createLedgerPool } from '../ledger/pool.ts';
import { type Verification, verifyLedger } from '../ledger/verify.ts';
import { acquire } from '../platform/instance-lock.ts';
import { giveToFolderOwner } from '../platform/ownership.ts';
import { POSTGRES_MAJOR } from '../platform/postgres/binaries.ts';
import { startEmbedded } from '../platform/postgres/embedded.ts';
import { layoutOf, UNFINISHED_PREFIX } from '../platform/postgres/layout.ts';
import { ensureServerRole } from '../platform/postgres/server-role.ts';
import { readTar, TarError } from '../platform/tar.ts';
import {
  BACKUP_FOLDER,
  BACKUP_SECRETS,
  BackupError,
  type BackupFacts,
  syncPath,
} from './backup.ts';
import { compareSeals, type SealComparison } from './compare-seals.ts';
import { prepareDatabase } from './prepare-database.ts';

export interface Restored {
  readonly backup: BackupFacts;
  readonly verification: Verification;
  /** Chains that do not hold what the backup says it holds; none in a good one. */
  readonly broken: readonly number[];
  /** Against the last seal of the file that was given; undefined without one, or when it has none of this ledger. */
  readonly seals: SealComparison | undefined;
}

export interface RestoreOptions {
  /** Must not hold a database yet. */
  readonly dataDir: string;
  readonly file: string;
  readonly sealFile?: string | undefined;
  readonly onProgress?: (done: { shard: number; shards: number; entries: number }) => void;
}

/**
 * Puts a backup into a data directory, recovers it, brings it to this version's schema, and verifies the
 * whole ledger. Nothing is in place before the archive was read to its end, and no server can start from the
 * directory meanwhile.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const dataDir = resolve(options.dataDir);
  for (const path of [options.file, options.sealFile]) {
    if (path !== undefined && (await lstat(path).catch(() => undefined)) === undefined)
      throw new BackupError(`${path} is not there. Nothing was restored.`);
  }
  const lock = await acquire(dataDir);
  try {
    const layout = layoutOf(dataDir);
    if (await exists(layout.cluster))
      throw new BackupError(
        `${dataDir} holds a database already. Restore into another folder (HONGMI_DATA_DIR), or move that one away first.`,
      );
    const backup = await unpack(dataDir, options.file);
    return await prove(dataDir, backup, options);
  } finally {
    await lock.release();
  }
}

async function unpack(dataDir: string, file: string): Promise<BackupFacts> {
  const layout = layoutOf(dataDir);
  const unfinished = join(dataDir, UNFINISHED_PREFIX + randomBytes(6).toString('hex'));
  const cluster = join(unfinished, 'cluster');
  const own = new Map<string, Buffer>();
  try {
    await mkdir(cluster, { recursive: true, mode: 0o700 });
    for await (const member of readTar(await openArchive(file))) {
      const parts = member.name.split('/').filter((part) => part !== '' && part !== '.');
      if (parts.includes('..') || member.name.startsWith('/'))
        throw new TarError(`${member.name} would lie outside`);
      if (member.name.startsWith(BACKUP_FOLDER)) {
        const chunks: Buffer[] = [];
        for await (const chunk of member.bytes) chunks.push(chunk);
        own.set(basename(member.name), Buffer.concat(chunks));
      } else if (member.isFolder) {
        await mkdir(join(cluster, ...parts), { recursive: true, mode: 0o700 });
      } else {
        await writeMember(join(cluster, ...parts), member.bytes);
      }
    }
    const backup = readFacts(own);
    for (const secret of BACKUP_SECRETS) {
      const bytes = own.get(secret);
      if (bytes === undefined) throw new TarError('the passwords are not in it');
      await writeFile(layout[secret], bytes, { mode: 0o600, flush: true });
      giveToFolderOwner(layout[secret]);
    }
    await rename(cluster, layout.cluster);
    await syncPath(dataDir);
    return backup;
  } catch (error) {
    if (!(error instanceof TarError) && (error as { code?: string }).code !== 'Z_DATA_ERROR')
      throw error;
    const { message } = error as Error;
    throw new BackupError(`${file} is no complete backup: ${message}. Nothing was restored.`, {
      cause: error,
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function openArchive(file: string): Promise<AsyncIterable<Buffer>> {
  const handle = await open(file, 'r');
  const magic = Buffer.alloc(2);
  try {
    await handle.read(magic, 0, 2, 0);
  } finally {
    await handle.close();
  }
  const input = createReadStream(file, { highWaterMark: 1024 * 1024 });
  if (magic[0] !== 0x1f || magic[1] !== 0x8b) return input;
  const gunzip = createGunzip();
  input.on('error', (error) => gunzip.destroy(error));
  gunzip.on('error', (error: NodeJS.ErrnoException) => {
    input.destroy();
    // A stream that ends too early has a code of its own.
    if (error.code === 'Z_BUF_ERROR') error.code = 'Z_DATA_ERROR';
  });
  return input.pipe(gunzip);
}

async function writeMember(path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of bytes) await handle.write(chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function readFacts(own: ReadonlyMap<string, Buffer>): BackupFacts {
  const told = own.get('backup.json');
  if (told === undefined) throw new TarError('it does not say what it holds');
  const facts = JSON.parse(told.toString('utf8')) as BackupFacts;
  if (facts.format !== 1 || facts.postgres !== POSTGRES_MAJOR)
    throw new TarError(
      `it is of format ${facts.format} and PostgreSQL ${facts.postgres}; this Hongmi reads format 1 of PostgreSQL ${POSTGRES_MAJOR}`,
    );
  return facts;
}

async function prove(
  dataDir: string,
  backup: BackupFacts,
  { sealFile, onProgress }: RestoreOptions,
): Promise<Restored> {
  const database = await startEmbedded({ dataDir, log: () => {} });
  try {
    await prepareDatabase(database.url, await ensureServerRole(database.url, dataDir));
    const pool = createLedgerPool(database.url, 1);
    try {
      const verification = await verifyLedger(pool, onProgress);
      const { rows } = await pool.query<{ shard: number }>(
        `select w.shard from unnest($1::int[], $2::bigint[], $3::text[]) as w (shard, block, hash)
         where w.block > 0 and not exists (select from ledger.block b
           where b.shard = w.shard and b.number = w.block and encode(b.hash, 'hex') = w.hash)`,
        [
          backup.heads.map((head) => head.shard),
          backup.heads.map((head) => head.block),
          backup.heads.map((head) => head.hash),
        ],
      );
      const seals =
        sealFile === undefined
          ? undefined
          : await compareSeals(pool, verification.ledgerId, sealFile);
      return { backup, verification, broken: rows.map((row) => row.shard), seals };
    } finally {
      await pool.end();
    }
  } finally {
    await database.stop();
  }
}

async function exists(path: string): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  return info !== undefined && (!info.isDirectory() || (await readdir(path)).length > 0);
}
