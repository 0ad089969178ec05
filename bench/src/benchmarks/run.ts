import type { LoadJob, LoadResult } from '../load/drive.ts';
import { TRANSACTIONS } from '../load/workload.ts';
import { measure, type Measured as Run } from '../processes/load.ts';
import type { TestedServer } from '../processes/server.ts';
import type { ThreadWindow } from '../processes/window.ts';
import { countOrders, countRecorded, readHeads, type Stage } from '../stage.ts';

/** A run with the mean size of the ledger's batches, where the ledger was what ran. */
export interface Measured extends Run {
  readonly batch?: number;
  /** What an order asked the ledger for: an award each. */
  readonly earnsPerOrder?: number;
}

type Job = Omit<LoadJob, 'address' | 'warmupSeconds'>;

export const WARMUP_SECONDS = 2;

/** Runs a job; anything but success is an error of the bench. */
export async function run(
  stage: Stage,
  server: TestedServer,
  job: Job,
  profile = false,
): Promise<Measured> {
  const whole = { ...job, warmupSeconds: WARMUP_SECONDS };
  const measured = await measure(stage.load, server, stage.ledger.dataDir, whole, profile);
  assertApplied(measured);
  // Costs per command of no commands would be infinite, and shares of them nothing.
  if (measured.requestsPerSecond === 0)
    throw new Error('nothing was answered within the measured seconds: measure longer');
  return measured;
}

/** Runs a job of writes against the ledger and counts in its database what it acknowledged. */
export function runLedger(stage: Stage, job: Job, profile = false): Promise<Measured> {
  const each = TRANSACTIONS[job.workload.kind];
  const write = () => run(stage, stage.ledger, job, profile);
  return each === undefined ? ordersCountedIn(stage, write) : countedIn(stage, write, each);
}

/** Does what writes to the ledger, and fails unless the database holds exactly what was acknowledged, `each` times. */
export async function countedIn<T extends LoadResult>(
  stage: Stage,
  write: () => Promise<T>,
  each = 1,
): Promise<T & { readonly batch: number }> {
  const before = await readHeads(stage.ledger);
  const written = await write();
  const { transactions, blocks } = await countRecorded(stage.ledger, before);
  assertHeld(written.acknowledged, 'commands', written.acknowledged * each, transactions);
  return { ...written, batch: transactions / blocks };
}

/** The same of orders, each of which is as many transactions as it asked for points. */
async function ordersCountedIn<T extends LoadResult>(
  stage: Stage,
  write: () => Promise<T>,
): Promise<T & { readonly batch: number; readonly earnsPerOrder: number }> {
  const before = await countOrders(stage.ledger);
  const heads = await readHeads(stage.ledger);
  const written = await write();
  const after = await countOrders(stage.ledger);
  const { transactions, blocks } = await countRecorded(stage.ledger, heads);
  const orders = after.orders - before.orders;
  const earns = after.earns - before.earns;
  assertHeld(written.acknowledged, 'orders', written.acknowledged, orders);
  assertHeld(earns, 'earns of orders', earns, transactions);
  return { ...written, batch: transactions / blocks, earnsPerOrder: earns / orders };
}

function assertHeld(acknowledged: number, what: string, wanted: number, held: number): void {
  if (held !== wanted)
    throw new Error(`${acknowledged} ${what} were acknowledged, and the database holds ${held}`);
}

/** One more run under the profiler; it costs a tenth of the throughput, so its figures are not used. */
export async function profileLedger(stage: Stage, job: Job): Promise<readonly ThreadWindow[]> {
  const measured = await runLedger(stage, job, true);
  return measured.server.threads;
}

/** The load is made so that nothing has to be refused: what was, or was not answered, spoils a run. */
export function assertApplied({ statuses, lost, refused }: LoadResult): void {
  const bad = Object.entries(statuses).filter(([status]) => !['200', '201'].includes(status));
  if (bad.length > 0 || lost > 0 || refused > 0) {
    throw new Error(`not everything was applied: ${JSON.stringify({ statuses, lost, refused })}`);
  }
}

/** What a run used, as figures of a round: cores, and what a command cost of them in microseconds. */
export function usage(name: string, measured: Measured): Record<string, number> {
  const { serverCores, databaseCores, otherCores, commandsPerSecond, server } = measured;
  const used: Record<string, number> = {
    [`${name} server µs`]: (serverCores / commandsPerSecond) * 1e6,
    [`${name} server cores`]: serverCores,
    [`${name} generator cores`]: measured.cores,
  };
  if (databaseCores !== undefined) {
    used[`${name} database µs`] = (databaseCores / commandsPerSecond) * 1e6;
    used[`${name} database cores`] = databaseCores;
  }
  if (otherCores !== undefined) used[`${name} other cores`] = otherCores;
  if (measured.batch !== undefined) used[`${name} batch`] = measured.batch;
  if (measured.earnsPerOrder !== undefined) used[`${name} awards`] = measured.earnsPerOrder;
  for (const { thread, busy } of server.threads) used[`${name} ${thread} busy`] = busy;
  return used;
}

/** What the notes say about the cost figures. */
export const COST_NOTE =
  'The µs are processor time per command, in all threads of the server and in all processes of PostgreSQL; ' +
  'the batch is the mean number of commands per block; other cores are what the rest of the machine used meanwhile.';

/** Columns of a round, of those it has. */
export function show(
  figures: Readonly<Record<string, number>>,
  columns: readonly string[],
): string {
  const rounded = (value: number): string =>
    value < 100 ? value.toFixed(2) : String(Math.round(value));
  return columns
    .flatMap((name) => {
      const value = figures[name];
      return value === undefined ? [] : [`${name} ${rounded(value)}`];
    })
    .join(', ');
}
