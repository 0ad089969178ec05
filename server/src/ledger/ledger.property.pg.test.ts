import { afterAll, beforeAll, expect, it } from 'vitest';
import { testSeed } from '../kernel/testing/seed.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { underFire } from './testing/fire.ts';

/** To see a failure again, put fast-check's path here, and its seed into HONGMI_SEED. */
const PATH: string | undefined = undefined;
const RUNS = 400;
const LIMIT_MS = 45_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

it('equals a serial order of the reference model, whatever the interleaving and the batches', async () => {
  const seed = testSeed('ledger property');
  const path = PATH === undefined ? {} : { path: PATH };
  const played = await underFire({
    url: database.url,
    seed,
    runs: RUNS,
    limitMs: LIMIT_MS,
    ...path,
  });
  console.info(`ledger property: ${played} scenarios`);
  expect(played).toBeGreaterThan(0);
});
