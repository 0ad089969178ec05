import { Logger, parseCronItems, run, type TaskList } from 'graphile-worker';
import type { Clock } from '../kernel/clock.ts';
import { type Meter, stopwatch } from '../platform/telemetry/meter.ts';
import { PAGES_MAX, reconcile } from './reconcile.ts';
import { SWEEPS, type Sweep, type SweepDeps, sweep } from './sweep.ts';

/** Sends again what a crash left recorded but not in the ledger: at most `limit` of what is older than `before`. */
export type Resume = (before: number, limit: number) => Promise<number>;

export interface JobLog {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface JobsOptions extends SweepDeps {
  /** The machine's: recorded times are compared with it. */
  readonly clock: Clock;
  /** Orders, returns and adjustments that were recorded without reaching the ledger. */
  readonly resumes: readonly Resume[];
  /** What else is done every minute, by name; each answers how many things it did. */
  readonly others?: Readonly<Record<string, () => Promise<number>>>;
  readonly log: JobLog;
}

/** A request in flight settles what it recorded itself; only what is older than this was left behind. */
const LEFT_BEHIND_MS = 60_000;
const RESUME_PAGE = 500;
const RESUME_PAGES_MAX = 200;

const SWEEP_NAMES = Object.keys(SWEEPS) as Sweep[];

/** Does everything that is due at once, say after a sandbox's clock was moved. One kind that fails does not stop the others. */
export async function sweepNow(options: JobsOptions): Promise<Record<Sweep | 'settle', number>> {
  const done = { timeOut: 0, mature: 0, expire: 0, settle: 0 };
  const failures: unknown[] = [];
  // Timed-out holds first: what lapsed while it was pinned is then booked in the same round.
  for (const name of [...SWEEP_NAMES, 'settle'] as const) {
    try {
      done[name] = await (name === 'settle' ? settle(options) : sweep(options, name));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, 'not everything that is due could be done');
  return done;
}

/** Brings what was left behind into the ledger; answers how much that was. */
export async function settle({ clock, resumes }: JobsOptions): Promise<number> {
  let total = 0;
  for (const resume of resumes) {
    for (let page = 0; page < RESUME_PAGES_MAX; page += 1) {
      const done = await resume(clock.now() - LEFT_BEHIND_MS, RESUME_PAGE);
      total += done;
      if (done < RESUME_PAGE) break;
    }
  }
  return total;
}

export interface Jobs {
  /** Waits for the jobs under way. */
  stop(): Promise<void>;
}

/**
 * Runs the jobs every minute in this process. Any number of processes may: the queue gives each job to
 * one of them. A job that fails is logged and simply comes again in the next minute.
 */
export async function runJobs(
  options: JobsOptions & { readonly meter?: Meter; readonly as?: keyof typeof PAGES_MAX },
): Promise<Jobs> {
  const { log, meter, as = 'besideRequests' } = options;
  const timed = (name: string, work: () => Promise<number>) => async (): Promise<void> => {
    const seconds = stopwatch();
    let outcome = 'failed';
    try {
      const count = await work();
      outcome = 'done';
      meter?.add('hongmi_job_items_total', count, name);
      if (count > 0) log.info({ job: name, count }, 'job done');
    } catch (error) {
      log.error({ job: name, err: error }, 'job failed');
      throw error;
    } finally {
      meter?.observe('hongmi_job_seconds', seconds(), name);
      meter?.add('hongmi_job_runs_total', 1, name, outcome);
    }
  };
  const taskList: TaskList = {
    settle: timed('settle', () => settle(options)),
    reconcile: timed('reconcile', () => reconcile({ ...options, pagesMax: PAGES_MAX[as] })),
  };
  for (const name of SWEEP_NAMES) taskList[name] = timed(name, () => sweep(options, name));
  for (const [name, work] of Object.entries(options.others ?? {}))
    taskList[name] = timed(name, work);
  const runner = await run({
    pgPool: options.pool,
    taskList,
    // Reconciling takes longest, and must not keep the others waiting.
    concurrency: 3,
    noHandleSignals: true,
    // Nobody enqueues jobs between the minutes, so the queue need not be asked more often.
    pollInterval: 5_000,
    logger: new Logger(() => (level, message) => {
      if (level === 'error') log.error({ worker: message }, 'the job queue reports an error');
    }),
    parsedCronItems: parseCronItems(
      Object.keys(taskList).map((task) => ({
        task,
        match: '* * * * *',
        // One of each waits at most: a round that takes longer than a minute is not queued up behind.
        options: {
          maxAttempts: 1,
          backfillPeriod: 0,
          jobKey: task,
          jobKeyMode: 'preserve_run_at',
          queueName: task,
        },
      })),
    ),
  });
  // A runner that ends by itself rejects this promise; the operator sees the log, and the process goes on serving.
  runner.promise.catch((error: unknown) => log.error({ err: error }, 'the job runner has stopped'));
  return { stop: () => runner.stop() };
}
