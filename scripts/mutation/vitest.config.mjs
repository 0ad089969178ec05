import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';
import { instrument } from './instrument.mjs';
import { MutationReport } from './report.mjs';

// Given by scripts/mutation.mjs.
const paths = (process.env.HONGMI_MUTATE ?? '').split('\n');
const mutation = await instrument(paths);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
/**
 * Most mutants die of the first test that meets them: a file's own tests come first, the properties, which take
 * seconds, last.
 */
class QuickOnesFirst extends BaseSequencer {
  async sort(files) {
    const rank = ({ moduleId }) => {
      if (moduleId.includes('.property.')) return 2;
      return paths.some((path) => moduleId === path.replace(/\.ts$/, '.test.ts')) ? 0 : 1;
    };
    return files.toSorted((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

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
    sequence: { sequencer: QuickOnesFirst },
    testTimeout: 0,
    silent: true,
  },
});
