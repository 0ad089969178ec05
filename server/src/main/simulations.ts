import { Worker } from 'node:worker_threads';
import type { Pool } from '../platform/database.ts';
import { isAnyUnfinished } from '../rules/simulation/store.ts';
import type { SimulationThreadData } from './simulation-thread.ts';

/** Two million orders, their members and their counters; more ends the thread and not the server. */
const MEMORY_MAX_MB = 1_024;

export interface Simulations {
  /** There may be something to do. */
  wake(): void;
  /** Ends what is under way: the next start begins it again. */
  close(): Promise<void>;
}

/** Works simulations off in a thread of their own, which lives as long as there are any: traffic does not wait for them. */
export function openSimulations({
  pool,
  data,
  onError,
}: {
  readonly pool: Pool;
  readonly data: SimulationThreadData;
  readonly onError: (error: unknown) => void;
}): Simulations {
  let working: Promise<void> | undefined;
  let worker: Worker | undefined;
  let wanted = false;
  let closed = false;

  async function runThread(): Promise<void> {
    const started = new Worker(new URL('./simulation-thread.js', import.meta.url), {
      workerData: data,
      // As `npm start` gives the server: a page of orders does not outlive it then.
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MAX_MB, maxYoungGenerationSizeMb: 96 },
    });
    worker = started;
    await new Promise<void>((resolve) => {
      started.on('error', onError);
      started.on('exit', () => resolve());
    });
    worker = undefined;
  }

  async function work(): Promise<void> {
    // Who asked while the last look was under way is looked for again.
    while (wanted && !closed) {
      wanted = false;
      try {
        if ((await isAnyUnfinished(pool)) && !closed) await runThread();
      } catch (error) {
        onError(error);
      }
    }
  }

  return {
    wake() {
      wanted = true;
      working ??= work().finally(() => {
        working = undefined;
      });
    },
    async close() {
      closed = true;
      await worker?.terminate();
      await working;
    },
  };
}
