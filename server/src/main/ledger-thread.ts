import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../kernel/clock.ts';
import { createEngine } from '../ledger/engine.ts';
import { createLedgerPool } from '../ledger/pool.ts';
import { postgresStorage } from '../ledger/storage.ts';
import { serveEngine } from '../ledger/threads.ts';

/** What the composition root tells a ledger thread. */
export interface LedgerThreadData {
  readonly url: string;
  readonly shards: number;
  readonly connections: number;
}

const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const { url, shards, connections } = workerData as LedgerThreadData;
const pool = createLedgerPool(url, connections);
const storage = postgresStorage(pool);
serveEngine(port, createEngine({ storage, shards, clock: systemClock }), async () => {
  await pool.end();
  port.close();
});
