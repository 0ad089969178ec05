import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Most mutants die of the first test that meets them: the quick ones come first. */
class QuickOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => Number(moduleId.includes('.property.'));
    return files.toSorted((a, b) => isSlow(a) - isSlow(b));
  }
}

const conditions = ['source', 'node'];

/** The tests that Stryker runs for every mutant: no database, no simulation, always the same scenarios. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['server/src/ledger/**/*.test.ts'],
    exclude: ['**/*.pg.test.ts', '**/simulation.test.ts', '**/testing/*.test.ts'],
    provide: { mutationSeed: 20_261_122 },
    testTimeout: 120_000,
    sequence: { sequencer: QuickOnesFirst },
  },
});
