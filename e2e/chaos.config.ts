import { defineConfig } from 'vitest/config';

const conditions = ['source', 'node'];
const DAY_MS = 24 * 3_600_000;

/** For `npm run chaos kills`, which takes as long as it is told to. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: { include: ['e2e/**/*.chaos.ts'], pool: 'forks', testTimeout: DAY_MS },
});
