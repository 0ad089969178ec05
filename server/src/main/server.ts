import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { watchDisputes } from '../clearing/disputes/watch-disputes.ts';
import { watchDossiers } from '../clearing/dossiers/watch-dossiers.ts';
import { watchFunding } from '../clearing/funding/keep-accounts.ts';
import { watchGuard } from '../clearing/guard/look-around.ts';
import { watchClearing } from '../clearing/reconcile/watch-findings.ts';
import { createApp } from '../http/app.ts';
import type { Rounds } from '../jobs/rounds.ts';
import { runJobs } from '../jobs/run-jobs.ts';
import type { Clock } from '../kernel/clock.ts';
import { systemClock } from '../kernel/clock.ts';
import type { RootKey } from '../keys/root-key.ts';
import { createLedger } from '../ledger/create-ledger.ts';
import { createLedgerPool } from '../ledger/pool.ts';
import { watchTrust } from '../ledger/watch-trust.ts';
import { watchWaiting } from '../orders/watch-waiting.ts';
import type { Config } from '../platform/config.ts';
import type { Pool } from '../platform/database.ts';
import { createPool } from '../platform/database.ts';
import { rightsTooMany } from '../platform/grant.ts';
import { acquire, readInstance } from '../platform/instance-lock.ts';
import { openWechatPay } from '../platform/payment/config.ts';
import type { Payments } from '../platform/payment/payment.ts';
import { assertDurable } from '../platform/postgres/durability.ts';
import { Meter } from '../platform/telemetry/meter.ts';
import { watchEventLoop, watchPool, watchProcess } from '../platform/telemetry/runtime.ts';
import { watchCases } from '../redemptions/after-sales/watch-cases.ts';
import { watchCash } from '../redemptions/cash/watch-cash.ts';
import { type DemoAccount, openDemoAccounts } from '../staff/demo-accounts.ts';
import type { Closers } from './closers.ts';
import { createClosers } from './closers.ts';
import { openFeatures } from './features.ts';
import {
  assertListenable,
  ListenError,
  lanUrls,
  listenErrorOf,
  localUrl,
  shownUrl,
} from './listen-address.ts';
import { openMetrics } from './metrics.ts';
import { openDatabase } from './open-database.ts';
import { openThreadedLedger } from './open-ledger.ts';
import type { DatabaseWatch } from './watch-database.ts';
import { watchDatabase } from './watch-database.ts';

/** Open requests are given this long to be answered. */
const DRAIN_MS = 15_000;
const CONNECTIONS = 16;
const ONE_ROLE =
  'the role of DATABASE_URL may change and delete what the ledger recorded; give the server a role of its own (docs/operations.md)';

/** Built pages, beside the server in its repository; `/` leads to the first. */
const PAGES = {
  '/console/': builtPages('console'),
  '/m/': builtPages('h5'),
  '/till/': builtPages('till'),
};

function builtPages(workspace: string): string {
  return fileURLToPath(new URL(`../../../${workspace}/dist/`, import.meta.url));
}

export interface RunOptions {
  readonly log: FastifyBaseLogger;
  readonly clock?: Clock;
  /** Who takes cash, instead of the provider that the configuration names. */
  readonly payments?: Payments;
  /** Told what takes long, in words for a person. */
  readonly say?: (line: string) => void;
  /** Aborted while starting: what was started is stopped again, and `runServer` throws its reason. */
  readonly signal?: AbortSignal;
}

export interface RunningServer {
  /** Where programs on this machine reach it. */
  readonly url: string;
  readonly shownUrl: string;
  /** Where phones and tablets of the same network reach it; see {@link lanUrls}. */
  readonly lanUrls: readonly string[];
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly pool: Pool;
  /** The operator's; never to be logged. */
  readonly rootKey: RootKey;
  /** Makes the accounts of the demo; throws where there is none. */
  openDemoAccounts(accounts: readonly DemoAccount[]): Promise<void>;
  /** Answers what is under way, then stops everything that was started. Idempotent. */
  close(): Promise<void>;
}

export const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  }
).version;

/** API, jobs or both (`role`) and, unless DATABASE_URL names another, the database, in this process. */
export async function runServer(config: Config, options: RunOptions): Promise<RunningServer> {
  const { log } = options;
  const closers = createClosers();
  const close = (): Promise<void> =>
    closers.close((name, error) => log.error({ err: error }, `stopping the ${name} failed`));
  try {
    return { ...(await startAll(config, options, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startAll(
  config: Config,
  options: RunOptions,
  closers: Closers,
): Promise<Omit<RunningServer, 'close'>> {
  const { log, clock = systemClock, say = () => {}, signal } = options;
  const dataDir = resolve(config.dataDir);
  await assertFree(config, dataDir);
  const lock = await acquire(dataDir);
  closers.add('instance lock', () => lock.release());

  const { url: databaseUrl, revive } = await openDatabase(config, dataDir, { log, say }, closers);
  signal?.throwIfAborted();

  let watch: DatabaseWatch | undefined;
  const onIdleError = (error: Error): void => {
    log.warn({ reason: error.message }, 'an idle database connection broke');
    watch?.look();
  };
  const meter = new Meter();
  const pool = createPool({
    url: databaseUrl,
    name: 'hongmi',
    connectionsMax: CONNECTIONS,
    onIdleError,
  });
  closers.add('database connections', () => pool.end());
  watchPool(meter, 'main', pool);
  await assertDurable(pool);
  if (await rightsTooMany(pool)) log.warn(ONE_ROLE);
  if (revive !== undefined) {
    const watching = watchDatabase({
      pool,
      clock,
      revive,
      onError: (error) => log.error({ err: error }, 'the database is down'),
    });
    watch = watching;
    closers.add('database watch', () => watching.close());
  }

  const { shards, ledgerConnections, ledgerThreads, wechatPay } = config;
  const payments = options.payments ?? (wechatPay && openWechatPay(wechatPay, clock));
  const { features, authenticate, sessions, staff, jobs, rootKey } = await openFeatures({
    config: { ...config, dataDir },
    pool,
    databaseUrl,
    clock,
    log,
    closers,
    payments,
    async openLedger({ programmeClock, slidesOf }) {
      if (ledgerThreads > 0) {
        const threaded = await openThreadedLedger({
          pool,
          url: databaseUrl,
          clock,
          programmeClock,
          slidesOf,
          shards,
          threads: ledgerThreads,
          connections: ledgerConnections,
          meter,
          onCrash: (error) => log.error({ err: error }, 'a ledger thread crashed; it is replaced'),
        });
        closers.add('ledger', () => threaded.close());
        return threaded;
      }
      const ledgerPool = createLedgerPool(databaseUrl, ledgerConnections, onIdleError);
      closers.add('ledger connections', () => ledgerPool.end());
      watchPool(meter, 'ledger', ledgerPool);
      const ledger = await createLedger({
        ...{ pool: ledgerPool, clock, programmeClock, slidesOf, shards, meter },
      });
      closers.add('ledger', () => ledger.drain());
      return ledger;
    },
  });
  signal?.throwIfAborted();

  let running: Rounds | undefined;
  // Stopped after the API, which is opened below.
  closers.add('jobs', async () => running?.stop());
  closers.add('event loop watch', watchEventLoop(meter, 'main'));
  watchTrust(meter, pool, clock);
  watchWaiting(meter, pool, clock);
  watchClearing(meter, pool);
  watchCases(meter, pool, clock);
  watchCash(meter, pool);
  watchFunding(meter, pool);
  watchDisputes(meter, pool);
  watchDossiers(meter, pool, clock);
  watchGuard(meter, pool);
  watchProcess(meter, clock.now() - process.uptime() * 1_000);
  const metrics = openMetrics({
    meter,
    clock,
    version: VERSION,
    onError: (error) => log.warn({ err: error }, 'a metric could not be read'),
  });
  closers.add('metrics', () => metrics.close());
  const logRequests = config.log === 'debug';
  const isHttps = config.publicUrl.protocol === 'https:';
  const app = await createApp({
    authenticate,
    sessions,
    sql: pool,
    clock,
    log,
    audit: { sql: pool },
    trustedProxies: config.trustedProxies,
    version: VERSION,
    logRequests,
    metrics: { meter, read: metrics.read },
    // A worker answers for its health and metrics alone.
    features: config.role === 'worker' ? [] : features,
    ...(config.role === 'worker' ? {} : { pages: { folders: PAGES, isHttps } }),
  });
  closers.add('API', () => drain(app));
  const port = await listen(app, config);
  const url = localUrl(config.host, port);
  await lock.publish(url);
  // Last: putting the API together keeps the thread for seconds on a busy machine, and connections would time out.
  if (config.role !== 'api')
    running = runJobs({
      ...jobs,
      meter,
      as: config.role === 'worker' ? 'alone' : 'besideRequests',
    });
  return {
    ...{ url, shownUrl: shownUrl(config.host, port), dataDir, databaseUrl, pool, rootKey },
    // Cookies of an https address come back by nothing else.
    lanUrls: isHttps ? [] : lanUrls(config.host, port, networkInterfaces()),
    async openDemoAccounts(accounts) {
      if (config.demo === 'off' || config.databaseUrl !== undefined)
        throw new Error('accounts whose password everybody knows are for the demo alone');
      await openDemoAccounts({ pool, clock, engine: staff.engine }, accounts);
    },
  };
}

/** A taken port is told before anything is started or changed; when it is our own server's, by its name. */
async function assertFree({ host, port }: Config, dataDir: string): Promise<void> {
  if (port === 0) return;
  try {
    await assertListenable(host, port);
  } catch (error) {
    const running = await readInstance(dataDir);
    if (
      !(error instanceof ListenError) ||
      running === undefined ||
      new URL(running.url).port !== String(port)
    )
      throw error;
    throw new ListenError(
      `Hongmi already runs from ${dataDir} (process ${running.pid}), listening on ${running.url}.`,
    );
  }
}

async function listen(app: FastifyInstance, { host, port }: Config): Promise<number> {
  try {
    await app.listen({ host, port, exclusive: true });
  } catch (error) {
    throw listenErrorOf(error, host, port);
  }
  return (app.server.address() as AddressInfo).port;
}

async function drain(app: FastifyInstance): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}
