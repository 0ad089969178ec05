import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { instrument } from './instrument.mjs';
import { MutationReport } from './report.mjs';

// Given by scripts/mutation.mjs.
const mutation = await instrument((process.env.HONGMI_MUTATE ?? '').split('\n'));
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const conditions = ['source', 'node'];

/**
 * The fast tests of the ledger in one worker: no database, no simulation, always the same scenarios. The
 * mutated sources are loaded once with every mutant in them, behind switches that runner.mjs turns.
 */
export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  plugins: [
    {
      name: 'mutants',
      enforce: 'pre',
      transform: (_code, id) => mutation.sources.get(id.split('?', 1)[0]),
    },
  ],
  test: {
    include: ['server/src/ledger/**/*.test.ts'],
    exclude: ['**/*.pg.test.ts', '**/simulation.test.ts', '**/testing/*.test.ts'],
    provide: { mutationSeed: 20_261_122 },
    setupFiles: [here('setup.mjs')],
    runner: here('runner.mjs'),
    reporters: [new MutationReport(mutation.mutants)],
    pool: 'forks',
    fileParallelism: false,
    isolate: false,
    testTimeout: 0,
    silent: true,
  },
});
