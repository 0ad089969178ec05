// Mutation testing of the code that decides; docs/reliability.md has the figures and what survived.
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate: [
    'server/src/ledger/kinds/*.ts',
    'server/src/ledger/{book,claim,decide,encode,fingerprint,limits,lots,transaction}.ts',
    'server/src/ledger/seals/{merkle-path,check-proof}.ts',
    'server/src/ledger/verify/{replay,leaf,leaf-json,leaf-writer}.ts',
  ],
  timeoutMS: 3_000,
  coverageAnalysis: 'perTest',
  concurrency: 2,
  incremental: true,
  incrementalFile: 'tmp/mutation/incremental.json',
  tempDirName: 'tmp/mutation/sandbox',
  reporters: ['clear-text', 'json', 'html'],
  jsonReporter: { fileName: 'tmp/mutation/report.json' },
  htmlReporter: { fileName: 'tmp/mutation/report.html' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  ignorePatterns: ['/tmp', '/bench', '/e2e', 'dist', '.hongmi'],
  // Stryker would rewrite the paths of a tsconfig with TypeScript's own parser, which version 7 has not; ours has none.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  thresholds: { high: 90, low: 80, break: 80 },
};
