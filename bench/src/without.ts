/**
 * Preloaded (`node --import`) into a server whose cost without some part is measured: puts modules of the
 * bench in the place of the product's, in every thread. BENCH_WITHOUT names the parts.
 */
import { register } from 'node:module';
import type { Replaced } from './without/hooks.ts';

/** The module that is replaced, and by which of those in `without/`. */
const PARTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  jobs: { 'jobs/run-jobs': 'jobs' },
  receipts: { 'ledger/wire': 'receipts-between-threads', 'ledger/shown': 'receipts-shown' },
  leaves: { 'ledger/encode': 'leaves' },
};

const data: Replaced[] = (process.env.BENCH_WITHOUT ?? '').split(',').flatMap((part) =>
  Object.entries(PARTS[part] ?? {}).map(([theirs, ours]) => ({
    theirs: import.meta.resolve(`@hongmi/server/${theirs}`),
    ours: new URL(`./without/${ours}.js`, import.meta.url).href,
  })),
);
register(new URL('./without/hooks.js', import.meta.url), { data });
