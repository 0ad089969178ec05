import type { Marker } from '../../ledger/cuts/cut.ts';
import { firstAccruals, sumAccruals } from '../../ledger/read-accruals.ts';
import { type Pool, type Transaction, withTransaction } from '../../platform/database.ts';
import { CLOSED, type FiguresTables, hashFigures, type Names } from './figures-csv.ts';
import type { Period } from './period.ts';
import { findPeriodOf, readSlices, type Slice } from './read.ts';
import {
  allowMuch,
  createFigureTables,
  sumPositions,
  writePairs,
  writePositions,
} from './store.ts';

/** Where to look for a period's accruals: from where the one before ended looking, up to the markers of its own cut. */
export async function sliceShards(
  tx: Transaction,
  { programme, until }: Period,
  before: Period | undefined,
  markers: readonly Marker[],
): Promise<Slice[]> {
  const begun = new Map<number, number>();
  if (before !== undefined)
    for (const { shard, next } of await readSlices(tx, before.id)) begun.set(shard, next);
  const ranges = markers.map(({ shard, entry }) => {
    const from = begun.get(shard) ?? 0;
    // A marker that was held up until a later cut was marked stands behind that one's.
    return { shard, from, until: Math.max(from, entry) };
  });
  // What took effect after the period and was recorded before its marker belongs to the next one, which begins to look there.
  const next = await firstAccruals(tx, { programme, from: until, ranges });
  return ranges.map((range) => ({ ...range, next: next.get(range.shard) ?? range.until }));
}

const SUMS = 'figure_sum';

/** Works the figures of a period out of the ledger, by its slices; answers the sum of all positions, which is 0. */
export async function makeFigures(
  tx: Transaction,
  period: Period,
  before: Period | undefined,
  slices: readonly Slice[],
  { pairs, positions }: FiguresTables = CLOSED,
): Promise<string> {
  await sumAccruals(tx, SUMS, { ...period, ranges: slices });
  await writePairs(tx, pairs, SUMS, period.id, before?.id ?? null);
  await writePositions(tx, positions, pairs, period.id);
  const sum = await sumPositions(tx, positions, period.id);
  if (sum !== '0') throw new Error(`the positions of period ${period.id} sum to ${sum} fen`);
  return sum;
}

/** The hash of a closed period's figures as the ledger has them now, and whether it is the one it was closed with. */
export async function verifyFigures(
  pool: Pool,
  period: Period,
  names: Names,
): Promise<{ readonly hash: Buffer; readonly same: boolean }> {
  return withTransaction(pool, async (tx) => {
    await allowMuch(tx);
    await createFigureTables(tx);
    const tables = { pairs: 'pg_temp.figure_pair', positions: 'pg_temp.figure_position' } as const;
    const before = await findPeriodOf(tx, period.programme, period.number - 1);
    await makeFigures(tx, period, before, await readSlices(tx, period.id), tables);
    const hash = await hashFigures(tx, period, names, tables);
    return { hash, same: period.figuresHash?.equals(hash) ?? false };
  });
}
