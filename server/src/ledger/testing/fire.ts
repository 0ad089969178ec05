import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { type Instant, manualClock } from '../../kernel/clock.ts';
import { createPool, type Pool } from '../../platform/database.ts';
import { ledgerOver } from '../create-ledger.ts';
import { createEngine, type Engine } from '../engine.ts';
import { openLedger } from '../open.ts';
import { createLedgerPool } from '../pool.ts';
import { postgresStorage } from '../storage.ts';
import { callerOf, serveEngine } from '../threads.ts';
import { verifyLedger } from '../verify.ts';
import { findBreaches } from './invariants.ts';
import { judge } from './judge.ts';
import { castOf, play, type Stage, worldOf } from './play.ts';
import { SLIDES, scenario } from './scenario.ts';
import { readRecorded, readState } from './witness.ts';
import { worldIn } from './world-in.ts';

export interface FireOptions {
  /** A migrated database that no one else uses. */
  readonly url: string;
  readonly seed: number;
  readonly runs: number;
  /** Stops early, as a success, when this much time has passed. */
  readonly limitMs: number;
  /** fast-check's path of one counterexample, to play only that. */
  readonly path?: string;
}

const SHARDS = 3;
const START: Instant = Date.UTC(2027, 0, 1);

/**
 * Plays random scenarios against three ledgers on one database, with batches of at most 2, 5 and 512
 * commands, one of them reached as an engine in another thread is, and judges each by the model and by
 * the invariants. Throws with fast-check's seed and path and the smallest scenario found; returns how
 * many scenarios were played.
 */
export async function underFire({ url, seed, runs, limitMs, path }: FireOptions): Promise<number> {
  const machine = manualClock(START);
  const programme = manualClock(START);
  const pools = [1, 2, 3].map(() => createLedgerPool(url, 3));
  const pool = createPool({ url: url, name: 'test', connectionsMax: 4 });
  const channel = new MessageChannel();
  try {
    await openLedger(pool, SHARDS, START);
    const ledgers = [512, 2, 5].map((maxBatch, index) => {
      const ledgerPool = pools[index] as Pool;
      const engine = createEngine({
        storage: postgresStorage(ledgerPool),
        clock: machine,
        shards: SHARDS,
        maxBatch,
      });
      const programmeClock = (): Instant => programme.now();
      const reached = index === 0 ? overChannel(engine, channel) : engine;
      return ledgerOver(reached, {
        pool: ledgerPool,
        shards: SHARDS,
        clock: machine,
        programmeClock,
        slidesOf: () => SLIDES,
      });
    });
    const stage: Stage = {
      ledgers,
      shards: SHARDS,
      start: START,
      ...worldIn(pool),
      setMachine: machine.set,
      setProgramme: programme.set,
    };
    let run = 0;
    // A breach stays in the database: only the run that made it may be blamed, or nothing shrinks.
    const breached = new Set<string>();
    const until = performance.now() + limitMs;
    const property = fc.asyncProperty(scenario, async (drafted) => {
      // A run is not cut off: what it has under way would outlive the test.
      if (run > 0 && performance.now() > until) return;
      run += 1;
      const cast = castOf(seed, run, drafted.members, SHARDS);
      const asked = await play(drafted, cast, stage);
      const recorded = await readRecorded(pool, cast.members);
      const state = await readState(pool, cast.members, cast.pointTypes);
      const faults = judge(asked, SHARDS, recorded, state, worldOf(drafted, cast, START));
      for (const breach of await findBreaches(pool)) {
        if (!breached.has(breach)) faults.push(breach);
        breached.add(breach);
      }
      if (faults.length > 0)
        throw new Error(`not equal to a serial order:\n${faults.slice(-100).join('\n')}`);
    });
    await fc.assert(property, {
      seed,
      numRuns: runs,
      ...(path === undefined ? {} : { path }),
    });
    const verified = await verifyLedger(pools[0] as Pool);
    if (!verified.ok)
      throw new Error(
        `verify finds fault with it: ${JSON.stringify(verified.findings.slice(0, 5))}`,
      );
    return run;
  } finally {
    channel.port1.close();
    await Promise.all([...pools, pool].map((each) => each.end()));
  }
}

function overChannel(engine: Engine, { port1, port2 }: MessageChannel): Engine {
  serveEngine(port2, engine, async () => undefined);
  const { ask } = callerOf(port1);
  return {
    submit: (submissions) => ask('submit', submissions),
    preview: (submissions) => ask('preview', submissions),
    drain: () => engine.drain(),
  };
}
