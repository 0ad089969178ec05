import { resolve } from 'node:path';
import { systemClock } from '../kernel/clock.ts';
import { readConfig } from '../platform/config.ts';
import { createLog } from '../platform/log.ts';
import type { DemoAccount } from '../staff/demo-accounts.ts';
import { type DemoPayments, openDemoPayments } from './demo-payments.ts';
import type { RunningServer } from './server.ts';
import { runServer, VERSION } from './server.ts';
import { readContents, redactUrl, summarise } from './summary.ts';

// Ctrl-C under `npm start` arrives twice within milliseconds: from the terminal and from npm.
const SAME_SIGNAL_MS = 1_000;

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /**
   * Fills an embedded database with something to look at; called once the server answers. What goes on afterwards
   * is stopped before the server is.
   */
  readonly loadDemo?: (options: {
    readonly url: string;
    readonly key: string;
    readonly dataDir: string;
    readonly members: number;
    readonly isLiving: boolean;
    /** Makes accounts that people sign in to, past the API. */
    readonly openAccounts: (accounts: readonly DemoAccount[]) => Promise<void>;
    readonly say: (line: string) => void;
    readonly signal: AbortSignal;
  }) => Promise<{ stop(): Promise<void> } | undefined>;
}

/** `npm start`: runs until a signal, then ends the process. */
export async function start({ env = process.env, loadDemo }: StartOptions = {}): Promise<void> {
  const interrupt = new AbortController();
  let server: RunningServer | undefined;
  let demo: { stop(): Promise<void> } | undefined;
  let pay: DemoPayments | undefined;
  let stopping: Promise<void> | undefined;
  let firstAt = 0;
  const stop = (): void => {
    const now = performance.now();
    if (stopping !== undefined || interrupt.signal.aborted) {
      // A second wish to stop is not patient: PostgreSQL may stay behind, and the next start adopts it.
      if (now - firstAt > SAME_SIGNAL_MS) process.exit(130);
      return;
    }
    firstAt = now;
    tell('Stopping ...');
    interrupt.abort(new Interrupted());
    const running = server;
    if (running === undefined) return;
    const stopped = Promise.resolve(demo?.stop());
    stopping = stopped
      .then(() => running.close())
      .then(() => pay?.close())
      .then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  try {
    const config = readConfig(env);
    const log = createLog(config.log);
    const isDemo = config.demo !== 'off' && loadDemo !== undefined;
    if (isDemo) pay = await openDemoPayments(resolve(config.dataDir), systemClock);
    const running = await runServer(config, {
      ...{ log, say: tell, signal: interrupt.signal },
      ...(pay === undefined ? {} : { payments: pay.payments }),
    });
    server = running;
    pay?.tellAt(`${running.url}/v1/payments/notices`);
    if (interrupt.signal.aborted) {
      await running.close();
      process.exit(0);
    }
    const { url, shownUrl, lanUrls, dataDir, rootKey, pool } = running;
    if (isDemo) {
      const { signal } = interrupt;
      const isLiving = config.demo === 'on';
      const openAccounts = running.openDemoAccounts;
      const known = { url, key: rootKey.secret, dataDir, members: config.demoMembers };
      const options = { ...known, isLiving, openAccounts };
      // The demo is a convenience: without it the server is as good as with it.
      demo = await loadDemo({ ...options, say: tell, signal }).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        if (!signal.aborted)
          tell(`The demo was not loaded, the next start goes on with it: ${why}`);
        return undefined;
      });
    }
    const rootKeyFrom = rootKey.from;
    const database =
      config.databaseUrl === undefined
        ? `PostgreSQL, embedded, in ${dataDir}`
        : redactUrl(config.databaseUrl);
    const contents = await readContents(pool);
    process.stdout.write(
      `${summarise({ role: config.role, version: VERSION, isDemo, shownUrl, lanUrls, dataDir, rootKeyFrom, database, contents })}\n`,
    );
  } catch (error) {
    if (stopping !== undefined) return;
    if (interrupt.signal.aborted) process.exit(0);
    tell(messageOf(error));
    process.exit(1);
  }
}

class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What a person needs to know; the errors of this code say it themselves. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `Hongmi could not start: ${String(error)}`;
  const reasons =
    error instanceof AggregateError
      ? error.errors.map((each: Error) => each.message).join('; ')
      : error.message;
  return KNOWN_ERRORS.has(error.name) ? error.message : `Hongmi could not start: ${reasons}`;
}

const KNOWN_ERRORS = new Set([
  'AlreadyRunningError',
  'ConfigError',
  'DatabaseStartError',
  'ListenError',
  'MigrationError',
  'PaymentKeyError',
  'SecretFileError',
]);
