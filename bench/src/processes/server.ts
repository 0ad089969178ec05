import { setTimeout as pause } from 'node:timers/promises';
import { readInstance } from '@hongmi/server/platform/instance-lock';
import { findRunning } from '@hongmi/server/platform/postgres/embedded';
import type { Address } from '../load/connection.ts';
import { type Child, startChild } from './child.ts';
import type { WindowMessage, WindowReply } from './window.ts';

/** A server under test in a process of its own. */
export interface TestedServer {
  readonly address: Address;
  begin(profile: boolean): Promise<void>;
  end(): Promise<WindowReply>;
  stop(): Promise<void>;
}

export interface LedgerServer extends TestedServer {
  readonly key: string;
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** The last that it wrote; codes of members who sign in are among it. */
  said(): string;
}

/** As `npm start` runs it (the young generation), and measured from inside; the baselines alike. */
const INSTRUMENT = [
  '--max-semi-space-size=32',
  '--import',
  new URL('../instrument.js', import.meta.url).href,
];
const WITHOUT = ['--import', new URL('../without.js', import.meta.url).href];
const START_PATIENCE_MS = 120_000;

/** What a server can be measured without; see without.ts. */
export type Part = 'jobs' | 'receipts' | 'leaves';

/** The real server on a new embedded PostgreSQL in `dataDir`, everything else as it comes. */
export async function startLedgerServer(
  dataDir: string,
  key: string,
  without: readonly Part[] = [],
): Promise<LedgerServer> {
  const child = startChild('server', new URL('../ledger-server.js', import.meta.url), {
    nodeArguments: without.length === 0 ? INSTRUMENT : [...INSTRUMENT, ...WITHOUT],
    env: {
      BENCH_WITHOUT: without.join(','),
      NODE_ENV: 'production',
      DATABASE_URL: '',
      HONGMI_DATA_DIR: dataDir,
      HONGMI_HOST: '127.0.0.1',
      HONGMI_PORT: '0',
      HONGMI_DEMO: 'off',
      HONGMI_SMS: 'console',
      HONGMI_LOG: 'warn',
      HONGMI_ROOT_KEY: key,
    },
  });
  const url = await Promise.race([listening(dataDir), child.ended.then(() => undefined)]);
  const databaseUrl = await findRunning(dataDir);
  if (url === undefined || databaseUrl === undefined) throw new Error('the server does not run');
  const tested = instrumented(child, Number(new URL(url).port));
  return { ...tested, key, dataDir, databaseUrl, said: child.said };
}

async function listening(dataDir: string): Promise<string> {
  const giveUpAt = performance.now() + START_PATIENCE_MS;
  while (performance.now() < giveUpAt) {
    const instance = await readInstance(dataDir);
    if (instance !== undefined) return instance.url;
    await pause(50);
  }
  throw new Error('the server did not start in time');
}

/** The echo route, or the naive ledger on its own database; keys are those of the ledger's server. */
export async function startBaseline(
  which: 'echo' | 'naive',
  ledger: LedgerServer,
  naiveDatabaseUrl = '',
): Promise<TestedServer> {
  const child = startChild(`${which} baseline`, new URL('../baseline-server.js', import.meta.url), {
    nodeArguments: INSTRUMENT,
    env: {
      NODE_ENV: 'production',
      BENCH_BASELINE: which,
      BENCH_KEY: ledger.key,
      BENCH_AUTH_DATABASE: ledger.databaseUrl,
      BENCH_NAIVE_DATABASE: naiveDatabaseUrl,
    },
  });
  const { port } = await child.ask<{ port: number }>(
    { ready: true },
    (answer) => answer.port !== undefined,
  );
  return instrumented(child, port);
}

function instrumented(child: Child, port: number): TestedServer {
  const ask = <T extends object>(message: WindowMessage, pick: (answer: Partial<T>) => boolean) =>
    child.ask<T>(message, pick);
  return {
    address: { host: '127.0.0.1', port },
    async begin(profile) {
      await ask<{ begun: true }>({ window: 'begin', profile }, (answer) => answer.begun === true);
    },
    async end() {
      const answer = await ask<{ reply: WindowReply }>(
        { window: 'end' },
        ({ reply }) => reply !== undefined,
      );
      return answer.reply;
    },
    stop: () => child.stop(),
  };
}
