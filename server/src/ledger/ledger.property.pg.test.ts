import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { underFire } from './testing/fire.ts';

/** To see a failure again, put its seed (and fast-check's path) here. */
const SEED: number | undefined = undefined;
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
  const seed = SEED ?? randomInt(2 ** 31);
  console.info(`ledger property: seed ${seed}`);
  const path = PATH === undefined ? {} : { path: PATH };
  const played = await underFire({
    url: database.url,
    seed,
    runs: RUNS,
    limitMs: LIMIT_MS,
    ...path,
  });
  console.info(`ledger property: ${played} scenarios`);
  expect(played).toBeGreaterThan(PATH === undefined ? 20 : 0);
});
