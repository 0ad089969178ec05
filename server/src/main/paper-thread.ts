import { parentPort, workerData } from 'node:worker_threads';
import type { PressOrder } from '../platform/papers/paper-press.ts';
import { renderPages } from '../platform/papers/render.ts';

// Makes one long paper (platform/papers/paper-press.ts) and ends.
const { paper, format } = workerData as PressOrder;
const bytes = await renderPages(paper, format);
parentPort?.postMessage(bytes);
