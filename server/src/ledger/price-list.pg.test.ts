import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId, type Uuid } from '../kernel/id.ts';
import { type Pool, withTransaction } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { createLedgerPool } from './pool.ts';
import { PRICE_MAX, type PriceRow, readPrices, writePrices } from './price-list.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 2);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const row = (from: number, more: Partial<PriceRow> = {}): PriceRow => ({
  ...{ pointType: 1, from, issuePrice: 10, reimbursement: 9, fee: 1 },
  ...{ issuing: null, accepting: null, funding: null, quota: null },
  ...more,
});
const write = (merchant: Uuid | null, rows: readonly PriceRow[], now: number) =>
  withTransaction(pool, (tx) => writePrices(tx, 1, merchant, rows, now));
const froms = async (merchant: Uuid | null) =>
  (await readPrices(pool, 1, merchant)).map(({ from, issuePrice }) => [from, issuePrice]);

it('replaces what is to come, and never what was in force', async () => {
  const merchant = newId(0);
  const [funding, quota] = [newId(0), newId(0)];
  const told = row(100, { issuing: 'merchant_left', accepting: 'merchant_left', funding, quota });
  await write(merchant, [told, row(200, { issuePrice: 20 }), row(300)], 50);
  expect(await readPrices(pool, 1, merchant)).toEqual([
    told,
    row(200, { issuePrice: 20 }),
    row(300),
  ]);
  await write(merchant, [row(100, { issuePrice: 77 }), row(400)], 250);
  // The first of them counts now, and is another than the one in force; it did not count before.
  expect(await froms(merchant)).toEqual([
    [100, 10],
    [200, 20],
    [250, 77],
    [400, 10],
  ]);
  await write(merchant, [row(1, { issuePrice: 77 })], 260);
  expect(await froms(merchant)).toHaveLength(3);
});

it('changes a price twice in a millisecond', async () => {
  const merchant = newId(0);
  await write(merchant, [row(5)], 5);
  await write(merchant, [row(5, { issuePrice: 11 }), row(6, { issuePrice: 12 })], 5);
  expect(await froms(merchant)).toEqual([
    [5, 10],
    [6, 11],
  ]);
});

it('keeps what is in force of points that it is not told about now', async () => {
  await write(null, [row(0), row(0, { pointType: 2 })], 0);
  await write(null, [row(0, { issuePrice: 3 }), row(90, { pointType: 2, issuePrice: 4 })], 50);
  expect(await froms(null)).toEqual([
    [0, 10],
    [50, 3],
    [0, 10],
    [90, 4],
  ]);
});

it('takes no prices that make no sense', async () => {
  const merchant = newId(0);
  for (const rows of [
    [row(5), row(5)],
    [row(6), row(5)],
    [row(0, { fee: 10 })],
    [row(0, { issuePrice: -1 })],
    [row(0, { reimbursement: PRICE_MAX + 1 })],
    [row(0, { reimbursement: 1.5 })],
    [row(0.5)],
  ])
    await expect(write(merchant, rows, 0)).rejects.toThrow(RangeError);
  expect(await froms(merchant)).toEqual([]);
});
