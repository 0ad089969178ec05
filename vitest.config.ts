import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './server/src/kernel/testing/patience.ts';

// Workspace packages name their TypeScript under `source`, so tests need no build. Nothing like
// `import` or `module` may stand here: the list also reaches the workers' own node, whose require()
// would then load the wrong half of a package.
const conditions = ['source', 'node'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      '{server,cli,sdk,ui,console,h5,till,bench}/src/**/*.test.ts',
      'ui/build/**/*.test.ts',
      'e2e/**/*.test.ts',
    ],
    pool: 'forks',
    // Longer than any wait within a test (kernel/testing/patience.ts), whose message says more.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // Its own is a second.
    expect: { poll: { timeout: PATIENCE_MS } },
    setupFiles: ['server/src/kernel/testing/seed.setup.ts'],
    globalSetup: ['server/src/platform/postgres/test-server.setup.ts', 'e2e/browser/run.setup.ts'],
    provide: { externalDatabaseUrl: process.env.TEST_DATABASE_URL ?? '' },
  },
});
