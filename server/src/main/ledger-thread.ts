import { parentPort, threadId, workerData } from 'node:worker_threads';
import { systemClock } from '../kernel/clock.ts';
import { createEngine } from '../ledger/engine.ts';
import { createLedgerPool } from '../ledger/pool.ts';
import { postgresStorage } from '../ledger/storage.ts';
import { serveEngine } from '../ledger/threads.ts';
import { Meter } from '../platform/telemetry/meter.ts';
import { watchEventLoop, watchPool } from '../platform/telemetry/runtime.ts';
import { reportMetrics } from './metrics-channel.ts';

/** What the composition root tells a ledger thread. */
export interface LedgerThreadData {
  readonly url: string;
  readonly shards: number;
  readonly connections: number;
  /** Where it tells what it counted. */
  readonly metricsChannel: string;
}

const port = parentPort;
if (port === null) throw new Error('this module runs as a worker thread');
const { url, shards, connections, metricsChannel } = workerData as LedgerThreadData;
const pool = createLedgerPool(url, connections);
const storage = postgresStorage(pool);
// A thread that replaces a crashed one has another number: what it shows stands beside, not over, the old.
const name = `ledger-${threadId}`;
const meter = new Meter();
watchPool(meter, name, pool);
watchEventLoop(meter, name);
const stopReporting = reportMetrics(metricsChannel, meter);
serveEngine(port, createEngine({ storage, shards, clock: systemClock, meter }), async () => {
  stopReporting();
  await pool.end();
  port.close();
});
