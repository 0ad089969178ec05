import type { Clock, Instant } from '../../kernel/clock.ts';
import { newId } from '../../kernel/id.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import type { Pool, Sql, Transaction } from '../../platform/database.ts';
import { withTransaction } from '../../platform/database.ts';
import type { ProgrammeRegistry } from '../../programs/registry.ts';
import { findPeriodOf } from '../periods/read.ts';
import { allowMuch } from '../periods/store.ts';
import type { BookPeriod } from './book-period.ts';
import { type CohortState, isLeft, keyOf, type Movement, roll, unborn } from './cohort.ts';
import { NOTHING } from './liability.ts';
import { type EntryGroup, movementsOf } from './movement.ts';
import {
  type EntryRange,
  type Months,
  monthsOf,
  readEntries,
  readMarkerSeqs,
} from './read-entries.ts';
import { hashFigures, linesOf, writeFigures } from './roll-forward.ts';
import {
  type BookSlice,
  insertBookPeriod,
  lockBooks,
  readBookSlices,
  readCohortsUpTo,
  readEstimatesAt,
  readLastBookPeriod,
} from './store.ts';

export interface BooksDeps {
  readonly clock: Clock;
  readonly programmes: ProgrammeRegistry;
  readonly shards: number;
}

/** Everything before the first period of clearing is in the first period of the books. */
export const EVER: Instant = -8_640_000_000_000_000;

/**
 * Closes the books of the next period of a programme that clearing has closed: adds up what its entries did to every cohort, and
 * writes where each stands now. All of it is one transaction, so a crash leaves nothing behind; who comes second finds it done. Undefined
 * when clearing has closed no other period.
 */
export async function closeNextBooks(
  tx: Transaction,
  { clock, programmes, shards }: BooksDeps,
  programme: number,
): Promise<BookPeriod | undefined> {
  await allowMuch(tx);
  await lockBooks(tx, programme);
  const last = await readLastBookPeriod(tx, programme);
  const next = await findPeriodOf(tx, programme, (last?.number ?? 0) + 1);
  if (next === undefined || next.state !== 'closed') return undefined;
  const found = programmes.byId(programme);
  if (found === undefined) throw new Error('a period of a programme that is not there');
  const timeZone = last?.timeZone ?? found.timeZone;
  const months = monthsOf(timeZone);
  const markers = await readMarkerSeqs(tx, next.cut, shards);
  if (markers.length !== shards) throw new Error('a closed period has no marker in some shard');
  const begins = await beginningsOf(tx, last);
  const ranges = markers.map(({ shard, seq }) => {
    const from = begins.get(shard) ?? 0;
    // A marker that was held up stands behind a later cut's.
    return { shard, from, until: Math.max(seq, from) };
  });
  const time = { from: last === undefined ? EVER : next.from, until: next.until };
  const { groups, slices } = await readSlicesOf(tx, programme, ranges, time, months);
  const before = await readCohortsUpTo(tx, programme, last?.number ?? 0);
  const estimates = await readEstimatesAt(tx, programme, next.until);
  const states = rollAll(
    before,
    movementsOf(groups),
    (pointType) => estimates.get(pointType)?.breakagePpm ?? null,
  );
  const codes = new Map(found.pointTypes.map((each) => [each.id, each.code]));
  const figures = writeFigures(
    { lines: linesOf(before, states), states },
    (id) => codes.get(id) ?? String(id),
  );
  const period: BookPeriod = {
    id: newId(clock.now()),
    programme,
    number: next.number,
    clearingPeriod: next.id,
    timeZone,
    from: next.from,
    until: next.until,
    figuresHash: hashFigures(figures),
    closedAt: programmes.programmeClock(programme),
  };
  await insertBookPeriod(tx, period, slices, states);
  return period;
}

/** What entries within these ranges and times did, and where those stand that took effect later. */
export async function readSlicesOf(
  sql: Sql,
  programme: number,
  ranges: readonly Omit<BookSlice, 'next'>[],
  time: Pick<EntryRange, 'from' | 'until'>,
  months: Months,
): Promise<{ readonly groups: EntryGroup[]; readonly slices: BookSlice[] }> {
  const groups: EntryGroup[] = [];
  const slices: BookSlice[] = [];
  for (const range of ranges) {
    const { shard, from: fromSeq, until: untilSeq } = range;
    const read = await readEntries(sql, programme, { shard, fromSeq, untilSeq, ...time }, months);
    groups.push(...read.groups);
    slices.push({ ...range, next: read.nextSeq });
  }
  return { groups, slices };
}

/** Where the entries behind a period begin in each shard. */
export async function beginningsOf(
  sql: Sql,
  last: BookPeriod | undefined,
): Promise<Map<number, number>> {
  if (last === undefined) return new Map();
  return new Map((await readBookSlices(sql, last.id)).map(({ shard, next }) => [shard, next]));
}

/** Where cohorts stand after a period, in order; without those of which nothing changed and nothing is left. */
export function rollAll(
  before: readonly CohortState[],
  movements: ReadonlyMap<string, Movement>,
  breakageOf: (pointType: number) => number | null,
): CohortState[] {
  const known = new Map(before.map((each) => [keyOf(each), each]));
  const rolled: CohortState[] = [];
  for (const key of new Set([...known.keys(), ...movements.keys()])) {
    const movement = movements.get(key);
    const was = known.get(key) ?? unborn(movement as Movement);
    if (movement === undefined && !isLeft(was)) continue;
    const still = { ...was, points: NOTHING, worth: NOTHING };
    rolled.push(roll(was, movement ?? still, breakageOf(was.pointType)));
  }
  return rolled.sort((a, b) => a.pointType - b.pointType || (a.vintage < b.vintage ? -1 : 1));
}

/** Closes the books of every period that clearing has closed, of all programmes; answers how many. */
export function closeAllBooks(deps: BooksDeps & { readonly pool: Pool }): Promise<number> {
  return eachAlone(
    deps.programmes.all(),
    async ({ id }) => {
      let closed = 0;
      while ((await withTransaction(deps.pool, (tx) => closeNextBooks(tx, deps, id))) !== undefined)
        closed += 1;
      return closed;
    },
    'books of a programme could not be closed',
  );
}
