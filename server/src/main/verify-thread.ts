import { parentPort, workerData } from 'node:worker_threads';
import { createLedgerPool } from '../ledger/pool.ts';
import { ShardPins } from '../ledger/seals/pins.ts';
import type { ShardVerification } from '../ledger/verify/shard.ts';
import type { LedgerIdentity } from '../ledger/verify/source.ts';
import { verifyShardOf } from '../ledger/verify.ts';

/** What a thread is told once; then it is sent shards, and null at the end. */
export interface VerifyThreadData {
  readonly url: string;
  readonly identity: LedgerIdentity;
}

export interface VerifyThreadTask {
  readonly shard: number;
  readonly pins: ShardPins;
}

/** What it answers for each shard. */
export type VerifyThreadAnswer =
  | { readonly verification: ShardVerification }
  | { readonly failure: string };

const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const { url, identity } = workerData as VerifyThreadData;
const pool = createLedgerPool(url, 1);
const answer = (message: VerifyThreadAnswer): void => port.postMessage(message);
port.on('message', (task: VerifyThreadTask | null) => {
  if (task === null) {
    void pool.end().then(() => port.close());
    return;
  }
  verifyShardOf(pool, identity, task.shard, ShardPins.received(task.pins)).then(
    (verification) => answer({ verification }),
    (error: unknown) => answer({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
