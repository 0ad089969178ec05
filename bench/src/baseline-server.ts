/** The two baselines behind the same application: BENCH_BASELINE is `echo` or `naive`. */
import type { AddressInfo } from 'node:net';
import { createApp } from '@hongmi/server/http/app';
import { systemClock } from '@hongmi/server/kernel/clock';
import { createKeyring } from '@hongmi/server/keys/authenticate';
import { createPool } from '@hongmi/server/platform/database';
import { echoHandlers, naiveHandlers } from './baseline-handlers.ts';
import { withOwnHandlers } from './baseline-routes.ts';
import { errorLog } from './error-log.ts';
import { createNaiveLedger } from './naive/naive-ledger.ts';

const {
  BENCH_BASELINE,
  BENCH_KEY = '',
  BENCH_AUTH_DATABASE = '',
  BENCH_NAIVE_DATABASE = '',
} = process.env;

// Keys are looked up where the ledger's server made them.
const pool = createPool({ url: BENCH_AUTH_DATABASE, name: 'bench-baseline', connectionsMax: 2 });
const handlers =
  BENCH_BASELINE === 'naive'
    ? naiveHandlers(await createNaiveLedger(BENCH_NAIVE_DATABASE))
    : echoHandlers();
const { authenticate } = createKeyring(pool, systemClock);
// The ledger's server knows its key from the setting of the stage; here 256 first requests at once
// would count as attempts at guessing one.
await authenticate(BENCH_KEY, '127.0.0.1');

const app = await createApp({
  authenticate,
  sql: pool,
  clock: systemClock,
  log: errorLog(),
  version: '0.0.0',
  features: [(v1) => withOwnHandlers(v1, handlers)],
});
await app.listen({ host: '127.0.0.1', port: 0 });
process.on('SIGTERM', () => process.exit(0));
process.send?.({ port: (app.server.address() as AddressInfo).port });
