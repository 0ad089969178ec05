import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { createLedgerPool } from '../ledger/pool.ts';
import { exportLedger } from '../ledger/verify/export-write.ts';
import { ledgerIdentity } from '../ledger/verify.ts';
import { type DatabaseOptions, withDatabase } from './with-database.ts';

export interface ExportOptions extends DatabaseOptions {
  /** Where the export goes; packed with gzip when its name ends in `.gz`. */
  readonly file: string;
  /** Keys and free text go with it; otherwise only the commitments to them. */
  readonly withDetail: boolean;
  readonly onProgress?: ((done: { shard: number; shards: number }) => void) | undefined;
}

/** What was exported. */
export interface Exported {
  readonly ledgerId: string;
  readonly lines: number;
  readonly transactions: number;
}

/** Exports the ledger straight from its database, beside a running server or without one. */
export function exportDataDir(options: ExportOptions): Promise<Exported> {
  return withDatabase(options, async (url) => {
    const pool = createLedgerPool(url, 1);
    try {
      const identity = await ledgerIdentity(pool);
      const written = await writeFile(options.file, (write) =>
        exportLedger(pool, identity, write, options),
      );
      return { ledgerId: identity.ledgerId, ...written };
    } finally {
      await pool.end();
    }
  });
}

/** Writes beside the file and renames at the end: what has the name is whole. */
async function writeFile<T>(
  path: string,
  work: (write: (text: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  const part = `${path}.part`;
  const into = path.endsWith('.gz') ? createGzip() : new PassThrough();
  const done = pipeline(into, createWriteStream(part));
  // Told to whoever waits for it below, not to the process.
  done.catch(() => {});
  try {
    const result = await work(async (text) => {
      if (into.write(text)) return;
      const drained = new Promise<void>((resolve) => into.once('drain', resolve));
      await Promise.race([drained, done]);
    });
    into.end();
    await done;
    await rename(part, path);
    return result;
  } catch (error) {
    into.destroy();
    await done.catch(() => {});
    await rm(part, { force: true });
    throw error;
  }
}
