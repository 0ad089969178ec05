import type { Clock, Instant } from '../kernel/clock.ts';
import { eachAlone } from '../kernel/leftovers.ts';
import { type Meter, stopwatch } from '../platform/telemetry/meter.ts';
import { PAGES_MAX, reconcile } from './reconcile.ts';
import { type Rounds, runRounds } from './rounds.ts';
import { SWEEPS, type Sweep, type SweepDeps, sweep } from './sweep.ts';

/** Finishes what a crash left behind, of what is older than `before`; answers how much that was. */
export type Resume = (before: Instant) => Promise<number>;

export interface JobLog {
  info(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface JobsOptions extends SweepDeps {
  /** The machine's: recorded times are compared with it. */
  readonly clock: Clock;
  /** Of orders, returns, transfers and whatever else is recorded before it reaches the ledger. */
  readonly resumes: readonly Resume[];
  /** What else is done every minute, by name; each answers how many things it did. */
  readonly others?: Readonly<Record<string, () => Promise<number>>>;
  readonly log: JobLog;
}

/** A request in flight settles what it recorded itself; only what is older than this was left behind. */
const LEFT_BEHIND_MS = 60_000;

const SWEEP_NAMES = Object.keys(SWEEPS) as Sweep[];

/** Does everything that is due at once, and what was left behind. One kind that fails does not stop the others. */
export async function sweepNow(options: JobsOptions): Promise<Record<Sweep | 'settle', number>> {
  return await inTurn([...SWEEP_NAMES, 'settle'], (name) =>
    name === 'settle' ? settle(options) : sweep(options, name),
  );
}

/** The same without what was left behind, which no clock of a programme makes due. */
export function bookDue(deps: SweepDeps): Promise<Record<Sweep, number>> {
  return inTurn(SWEEP_NAMES, (name) => sweep(deps, name));
}

/** Timed-out holds first: what lapsed while it was pinned is then booked in the same round. */
async function inTurn<Name extends string>(
  names: readonly Name[],
  work: (name: Name) => Promise<number>,
): Promise<Record<Name, number>> {
  const done = {} as Record<Name, number>;
  await eachAlone(
    names,
    async (name) => {
      done[name] = await work(name);
      return 0;
    },
    'not everything that is due could be done',
  );
  return done;
}

/** Brings what was left behind into the ledger; answers how much that was. What fails keeps nothing else waiting. */
export function settle({ clock, resumes }: JobsOptions): Promise<number> {
  const before = clock.now() - LEFT_BEHIND_MS;
  const message = 'not everything that was left behind could be settled';
  return eachAlone(resumes, (resume) => resume(before), message);
}

/** Runs the jobs every minute, each in one of all processes: what fails is logged and comes again in the next minute. */
export function runJobs(
  options: JobsOptions & { readonly meter?: Meter; readonly as?: keyof typeof PAGES_MAX },
): Rounds {
  const { pool, log, meter, as = 'besideRequests' } = options;
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
    } finally {
      meter?.observe('hongmi_job_seconds', seconds(), name);
      meter?.add('hongmi_job_runs_total', 1, name, outcome);
    }
  };
  const works: Record<string, () => Promise<number>> = {
    settle: () => settle(options),
    reconcile: () => reconcile({ ...options, pagesMax: PAGES_MAX[as] }),
    ...options.others,
  };
  for (const name of SWEEP_NAMES) works[name] = () => sweep(options, name);
  return runRounds({
    pool,
    jobs: Object.fromEntries(
      Object.entries(works).map(([name, work]) => [name, timed(name, work)]),
    ),
    onError: (job, error) => log.error({ job, err: error }, 'the turn of a job was lost'),
  });
}
