import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createClient } from '@hongmi/sdk';
import { accountsOf, type DemoAccount } from './demo/accounts.ts';
import { type Living, live } from './demo/live.ts';
import type { LoadThreadData } from './demo/load-thread.ts';
import { type DemoState, readState, writeState } from './demo/state-file.ts';
import { localTime } from './demo/year/calendar.ts';

export interface DemoOptions {
  /** The server that just started. */
  readonly url: string;
  readonly key: string;
  readonly dataDir: string;
  /** How many members, the first time. */
  readonly members: number;
  /** Whether visits go on while the server runs. */
  readonly isLiving: boolean;
  /** Makes accounts that people sign in to, past the API: an embedded demo alone has any. */
  readonly openAccounts: (accounts: readonly DemoAccount[]) => Promise<void>;
  readonly say: (line: string) => void;
  /** Ends the loading: the next start goes on. */
  readonly signal: AbortSignal;
  /** The machine's time, in milliseconds since the Unix epoch. */
  readonly now?: () => number;
}

const SEED = 'hongmi';

/**
 * Loads the demo once, a coalition and a year of its days, through the API. Interrupted, it goes on at the next start.
 * Answers what goes on afterwards: visits, until they are stopped.
 */
export async function loadDemo(options: DemoOptions): Promise<Living | undefined> {
  const { url, key, dataDir, members, isLiving, now = Date.now } = options;
  const fresh: DemoState = {
    plan: { seed: SEED, until: localTime(now()).date, members },
    sent: 0,
    isLoaded: false,
  };
  const state = (await readState(dataDir)) ?? fresh;
  if (!hasPlan(state)) return undefined;
  if (!state.isLoaded) await load(options, state);
  const hongmi = createClient({ url, key });
  await options.openAccounts(await accountsOf(hongmi));
  return isLiving ? live({ hongmi, plan: state.plan, now }) : undefined;
}

/** Makes the next start load no demo: nothing is to be added to a ledger that was restored. */
export async function declineDemo(dataDir: string): Promise<void> {
  await writeState(dataDir, {});
}

function hasPlan(state: Partial<DemoState>): state is DemoState {
  return state.plan !== undefined;
}

/** In a thread of its own, so that the server has this one to itself. */
async function load(
  { url, key, dataDir, say, signal }: DemoOptions,
  state: DemoState,
): Promise<void> {
  signal.throwIfAborted();
  const workerData: LoadThreadData = { url, key, dataDir, state };
  const worker = new Worker(new URL('./demo/load-thread.js', import.meta.url), { workerData });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  worker.on('message', say);
  try {
    // Rejects with what the thread failed with.
    const [code] = await once(worker, 'exit');
    if (code !== 0) throw new Error('it was stopped');
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
