import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { createLedgerPool } from '../ledger/pool.ts';
import { type Evidence, type Pinned, readEvidence } from '../ledger/seals/evidence.ts';
import type { ShardPins } from '../ledger/seals/pins.ts';
import { readPublicKeys, readReceipts } from '../ledger/seals/read-evidence.ts';
import type { ShardVerification } from '../ledger/verify/shard.ts';
import type { LedgerIdentity } from '../ledger/verify/source.ts';
import { verifyExport } from '../ledger/verify/verify-export.ts';
import {
  laterIn,
  ledgerIdentity,
  type OnProgress,
  type Verification,
  verifyLedger,
  verifyShards,
} from '../ledger/verify.ts';
import type { VerifyThreadAnswer, VerifyThreadData, VerifyThreadTask } from './verify-thread.ts';
import { type DatabaseOptions, withDatabase } from './with-database.ts';

export { EvidenceError } from '../ledger/seals/read-evidence.ts';
export { ExportFileError } from '../ledger/verify/export-lines.ts';
export { type CodedFinding as Finding, tellFinding } from '../ledger/verify/finding.ts';
export type { Verification } from '../ledger/verify.ts';

/** Paths of what left the ledger: see `hongmi help verify`. */
interface EvidencePaths {
  readonly seals?: string | undefined;
  readonly keys?: string | undefined;
  readonly receipts?: string | undefined;
}

export interface VerifyOptions extends DatabaseOptions, EvidencePaths {
  /** Shards verified at once, each in a thread of its own; as many as there are cores when absent. */
  readonly threads?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Verifies the ledger straight in its database, without asking the server: beside a running server, or
 * with the embedded database started for the purpose and stopped again.
 */
export async function verifyDataDir(options: VerifyOptions): Promise<Verification> {
  const evidence = await readPaths(options);
  return withDatabase(options, (url) => verifyUrl(url, evidence, options));
}

/** Verifies an export, on a machine that needs no database. */
export async function verifyExportFile({
  file,
  onProgress,
  ...paths
}: EvidencePaths & {
  readonly file: string;
  readonly onProgress?: OnProgress;
}): Promise<Verification> {
  return verifyExport(file, await readPaths(paths), onProgress);
}

async function readPaths({ seals, keys, receipts }: EvidencePaths): Promise<Evidence> {
  return {
    sealFile: seals,
    trusted: keys === undefined ? undefined : await readPublicKeys(keys),
    receipts: receipts === undefined ? undefined : await readReceipts(receipts),
  };
}

async function verifyUrl(
  url: string,
  evidence: Evidence,
  { threads = availableParallelism(), onProgress }: VerifyOptions,
): Promise<Verification> {
  // Node runs no TypeScript in threads: under test it is done in this one.
  if (!import.meta.url.endsWith('.js')) return verifyHere(url, evidence, onProgress);
  const { identity, pinned } = await prepare(url, evidence);
  const atOnce = Math.min(threads, identity.shards);
  const idle = Array.from({ length: atOnce }, () => startThread({ url, identity }));
  const all = [...idle];
  const pool = createLedgerPool(url, 1);
  const verifyOne = async (shard: number, pins: ShardPins): Promise<ShardVerification> => {
    const thread = idle.pop() as VerifyThread;
    try {
      return await thread.verify({ shard, pins });
    } finally {
      idle.push(thread);
    }
  };
  try {
    const later = laterIn(pool);
    return await verifyShards({ identity, pinned, verifyOne, later, atOnce, onProgress });
  } finally {
    await pool.end();
    await Promise.all(all.map((thread) => thread.stop()));
  }
}

async function verifyHere(
  url: string,
  evidence: Evidence,
  onProgress: OnProgress | undefined,
): Promise<Verification> {
  const pool = createLedgerPool(url, 1);
  try {
    return await verifyLedger(pool, onProgress, evidence);
  } finally {
    await pool.end();
  }
}

/** What all threads need; seals are read before the chains, which may only grow meanwhile. */
async function prepare(
  url: string,
  evidence: Evidence,
): Promise<{ identity: LedgerIdentity; pinned: Pinned }> {
  const pool = createLedgerPool(url, 1);
  try {
    const identity = await ledgerIdentity(pool);
    const { ledgerId, shards } = identity;
    return { identity, pinned: await readEvidence(ledgerId, shards, evidence, pool) };
  } finally {
    await pool.end();
  }
}

interface VerifyThread {
  verify(task: VerifyThreadTask): Promise<ShardVerification>;
  stop(): Promise<void>;
}

/** Rows live as long as their range: with V8's small default most are copied once before they die. */
const YOUNG_GENERATION_MB = 64;

function startThread(data: VerifyThreadData): VerifyThread {
  const worker = new Worker(new URL('./verify-thread.js', import.meta.url), {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  let answered: (answer: VerifyThreadAnswer) => void = () => {};
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.on('message', (answer: VerifyThreadAnswer) => answered(answer));
  worker.on('error', (error) => answered({ failure: error.message }));
  worker.on('exit', () => answered({ failure: 'a thread ended before it was done' }));
  return {
    verify: (task) =>
      new Promise((resolve, reject) => {
        answered = (answer) => {
          if ('verification' in answer) resolve(answer.verification);
          else reject(new Error(answer.failure));
        };
        worker.postMessage(task);
      }),
    stop() {
      worker.postMessage(null);
      return ended;
    },
  };
}
