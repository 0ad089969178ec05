import { createClient, type HongmiClient } from '@hongmi/sdk';
import { type Living, live } from './demo/live.ts';
import { loadYear } from './demo/load.ts';
import { type DemoState, readState, writeState } from './demo/state-file.ts';
import type { Tally } from './demo/tally.ts';
import { localTime } from './demo/year/calendar.ts';
import { DAYS, type Plan } from './demo/year/plan.ts';

export interface DemoOptions {
  /** The server that just started. */
  readonly url: string;
  readonly key: string;
  readonly dataDir: string;
  /** How many members, the first time. */
  readonly members: number;
  /** Whether visits go on while the server runs. */
  readonly isLiving: boolean;
  readonly say: (line: string) => void;
  /** Ends the loading: the next start goes on. */
  readonly signal: AbortSignal;
  /** The machine's time, in milliseconds since the Unix epoch. */
  readonly now?: () => number;
}

const SEED = 'hongmi';
const DAYS_TOLD = 73;
/** A machine that is busy elsewhere, as while it installs, may lose its database for a while. */
const RETRY = { attempts: 12 };

/**
 * Loads the demo once, a coalition and a year of its days, through the API. Interrupted, it goes on at the next start.
 * Answers what goes on afterwards: visits, until they are stopped.
 */
export async function loadDemo(options: DemoOptions): Promise<Living | undefined> {
  const { url, key, dataDir, members, isLiving, now = Date.now } = options;
  const hongmi = createClient({ url, key, retry: RETRY });
  const fresh: DemoState = {
    plan: { seed: SEED, until: localTime(now()).date, members },
    sent: 0,
    isLoaded: false,
  };
  const state = (await readState(dataDir)) ?? fresh;
  if (!hasPlan(state)) return undefined;
  if (!state.isLoaded) await load(hongmi, options, state, now);
  return isLiving ? live({ hongmi, plan: state.plan, now }) : undefined;
}

/** Makes the next start load no demo: nothing is to be added to a ledger that was restored. */
export async function declineDemo(dataDir: string): Promise<void> {
  await writeState(dataDir, {});
}

function hasPlan(state: Partial<DemoState>): state is DemoState {
  return state.plan !== undefined;
}

async function load(
  hongmi: HongmiClient,
  { dataDir, say, signal }: DemoOptions,
  { plan, sent }: DemoState,
  now: () => number,
): Promise<void> {
  say(sent === 0 ? 'Loading the demo: a year of a coalition ...' : 'Going on with the demo ...');
  await writeState(dataDir, { plan, sent, isLoaded: false });
  const began = now();
  const tally = await loadYear({
    hongmi,
    plan,
    sent,
    now,
    signal,
    async onDay(day) {
      await writeState(dataDir, { plan, sent: day, isLoaded: false });
      if (day % DAYS_TOLD === 0) say(`  ${day} days`);
    },
  });
  const seconds = (now() - began) / 1_000;
  const loaded = { ...tally, seconds };
  await writeState(dataDir, { plan, sent: DAYS, isLoaded: true, loaded });
  say(summaryOf(plan, tally, seconds));
}

function summaryOf({ until }: Plan, { counts, refused }: Tally, seconds: number): string {
  const told = Object.entries(counts).map(
    ([what, count]) => `${count.toLocaleString('en')} ${what}`,
  );
  const no = Object.entries(refused).map(([why, count]) => `${count} ${why}`);
  const not = no.length === 0 ? '' : `; refused: ${no.join(', ')}`;
  return `The demo: the year until ${until}, ${told.join(', ')}${not}, in ${seconds.toFixed(0)} s.`;
}
