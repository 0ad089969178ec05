import { parentPort, workerData } from 'node:worker_threads';
import { createClient } from '@hongmi/sdk';
import { loadYear } from './load.ts';
import { type DemoState, writeState } from './state-file.ts';
import type { Tally } from './tally.ts';
import { DAYS, type Plan } from './year/plan.ts';

/** What the thread is started with; it posts lines to be said. */
export interface LoadThreadData {
  readonly url: string;
  readonly key: string;
  readonly dataDir: string;
  readonly state: DemoState;
}

const TOLD_TIMES = 12;
/** A machine that is busy elsewhere, as while it installs, may lose its database for a while. */
const RETRY = { attempts: 12 };

const { url, key, dataDir, state } = workerData as LoadThreadData;
const { plan, sent } = state;
const say = (line: string): void => parentPort?.postMessage(line);

const begins = sent === 0 ? 'Loading the demo: a year of a coalition' : 'Going on with the demo';
say(`${begins}. ${url} answers already ...`);
await writeState(dataDir, state);
const began = Date.now();
const toldAt = (day: number): number => Math.floor((day * TOLD_TIMES) / DAYS);
let told = toldAt(sent);
const tally = await loadYear({
  hongmi: createClient({ url, key, retry: RETRY }),
  plan,
  sent,
  now: Date.now,
  async onDay(day) {
    await writeState(dataDir, { plan, sent: day, isLoaded: false });
    if (toldAt(day) > told) say(`  ${day} days`);
    told = toldAt(day);
  },
});
const seconds = (Date.now() - began) / 1_000;
const { counts, refused } = tally;
await writeState(dataDir, {
  plan,
  sent: DAYS,
  isLoaded: true,
  loaded: { counts, refused, seconds },
});
say(summaryOf(plan, tally, seconds));

function summaryOf({ until }: Plan, { counts, refused }: Tally, seconds: number): string {
  const told = Object.entries(counts).map(
    ([what, count]) => `${count.toLocaleString('en')} ${what}`,
  );
  const no = Object.entries(refused).map(([why, count]) => `${count} ${why}`);
  const not = no.length === 0 ? '' : `; refused: ${no.join(', ')}`;
  return `The demo: the year until ${until}, ${told.join(', ')}${not}, in ${seconds.toFixed(0)} s.`;
}
