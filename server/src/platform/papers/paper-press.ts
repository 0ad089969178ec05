import { Worker } from 'node:worker_threads';
import { createLane } from '../lane.ts';
import type { Paper } from './paper.ts';
import type { PageFormat, RenderApart } from './render.ts';

/** How many papers wait for the one that is being made; further ones are told to come again. */
const WAITING_MAX = 20;
/** A workbook of 20,000 rows takes a quarter of it. */
const MEMORY_MAX_MB = 768;

/** What the thread is given; what it posts is the paper's bytes. */
export interface PressOrder {
  /** Its rows are arrays, since they go from thread to thread. */
  readonly paper: Paper;
  readonly format: PageFormat;
}

/**
 * Makes long papers one after the other, each in a thread of its own: a workbook keeps a processor for two seconds, in which the
 * server would answer nobody. `entry` is the built file of the thread, which calls {@link renderPages} and posts the answer.
 * Fails with `LaneFull` when too many wait.
 */
export function createPaperPress(entry: URL): RenderApart {
  const lane = createLane<PressOrder, Buffer>({
    maxBatch: 1,
    maxQueue: WAITING_MAX,
    run: async (orders) => Promise.all(orders.map((order) => press(entry, order))),
  });
  return (paper, format) => lane.push({ paper, format });
}

function press(entry: URL, order: PressOrder): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(entry, {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MAX_MB },
    });
    worker.once('message', (bytes: Uint8Array) => {
      resolve(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    });
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}, and no paper`)));
  });
}
