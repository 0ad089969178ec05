import { createLedgerPool } from '../ledger/pool.ts';
import type { Evidence } from '../ledger/seals/evidence.ts';
import { readPublicKeys, readReceipts } from '../ledger/seals/read-evidence.ts';
import { type Verification, verifyLedger } from '../ledger/verify.ts';
import { findRunning, startEmbedded } from '../platform/postgres/embedded.ts';

export type { Verification } from '../ledger/verify.ts';
export type { Finding } from '../ledger/verify-finding.ts';

export interface VerifyOptions {
  /** The data directory whose embedded database is checked. */
  readonly dataDir: string;
  /** An external database instead. */
  readonly databaseUrl?: string | undefined;
  /** Paths of what left the ledger: see `hongmi help verify`. */
  readonly seals?: string | undefined;
  readonly keys?: string | undefined;
  readonly receipts?: string | undefined;
  readonly onProgress?: (done: { shard: number; shards: number; entries: number }) => void;
  readonly log?: (line: string) => void;
}

/**
 * Verifies the ledger straight in its database, without asking the server: beside a running server, or
 * with the embedded database started for the purpose and stopped again.
 */
export async function verifyDataDir(options: VerifyOptions): Promise<Verification> {
  const { dataDir, databaseUrl, onProgress, log = () => {} } = options;
  const evidence: Evidence = {
    sealFile: options.seals,
    trusted: options.keys === undefined ? undefined : await readPublicKeys(options.keys),
    receipts: options.receipts === undefined ? undefined : await readReceipts(options.receipts),
  };
  const running = databaseUrl ?? (await findRunning(dataDir));
  if (running !== undefined) return verifyUrl(running, onProgress, evidence);
  const database = await startEmbedded({ dataDir, log });
  try {
    return await verifyUrl(database.url, onProgress, evidence);
  } finally {
    await database.stop();
  }
}

async function verifyUrl(
  url: string,
  onProgress: VerifyOptions['onProgress'],
  evidence: Evidence,
): Promise<Verification> {
  const pool = createLedgerPool(url, 1);
  try {
    return await verifyLedger(pool, onProgress, evidence);
  } finally {
    await pool.end();
  }
}
