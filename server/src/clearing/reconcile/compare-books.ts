import { showId } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import type { Programme } from '../../programs/programme.ts';
import type { BookPeriod } from '../books/book-period.ts';
import { EVER, readSlicesOf, rollAll } from '../books/close-books.ts';
import { type CohortState, keyOf } from '../books/cohort.ts';
import type { JournalEntry } from '../books/journal.ts';
import { MOVEMENTS } from '../books/liability.ts';
import { movementsOf, tallyOf } from '../books/movement.ts';
import { monthsOf } from '../books/read-entries.ts';
import { readJournal } from '../books/read-journal.ts';
import {
  hashFigures,
  readRollForward,
  sumByPointType,
  writeFigures,
} from '../books/roll-forward.ts';
import { pointTypeCodeIn } from '../books/show.ts';
import {
  listBookPeriods,
  readBookSlices,
  readCohorts,
  readCohortsUpTo,
  readEstimatesAt,
} from '../books/store.ts';
import { type Compared, compare } from './finding.ts';

/** Compares what is written of closed books with what they were closed with, with the books before, and with their journal. */
export async function compareBooks(
  sql: Sql,
  period: BookPeriod,
  programme: Programme,
): Promise<Compared[]> {
  const scope = showId('bookPeriod', period.id);
  const codeOf = pointTypeCodeIn(programme);
  const figures = await readRollForward(sql, period);
  const sums = sumByPointType(figures.lines);
  const [before] = await listBookPeriods(sql, period.programme, period.number - 2, 1);
  const closed =
    before === undefined || before.number !== period.number - 1
      ? new Map()
      : sumByPointType((await readRollForward(sql, before)).lines);
  const { entries, opening } = await readJournal(sql, period, programme);
  const left = liabilityOf([...opening, ...entries]);
  return [
    compare('books_figures', scope, [
      {
        about: scope,
        expected: period.figuresHash.toString('hex'),
        found: hashFigures(writeFigures(figures, codeOf)).toString('hex'),
      },
    ]),
    compare(
      'books_opening',
      scope,
      [...new Set([...sums.keys(), ...closed.keys()])].map((id) => ({
        about: `${scope} ${codeOf(id)}`,
        expected: tell(closed.get(id)?.points.closing, closed.get(id)?.fen.closing),
        found: tell(sums.get(id)?.points.opening, sums.get(id)?.fen.opening),
      })),
    ),
    compare(
      'journal',
      scope,
      [...sums].map(([id, { fen }]) => ({
        about: `${scope} ${codeOf(id)}`,
        expected: String(fen.closing),
        found: String(left.get(codeOf(id)) ?? 0n),
      })),
    ),
  ];
}

const tell = (points = 0n, fen = 0n): string => `${points} points ${fen} fen`;

/** What entries leave on the liability accounts, by point type; every one of them must balance by itself. */
function liabilityOf(entries: readonly JournalEntry[]): Map<string, bigint> {
  const left = new Map<string, bigint>();
  for (const { pointType, postings } of entries)
    for (const { account, fen } of postings)
      if (account === 'liability') left.set(pointType, (left.get(pointType) ?? 0n) - fen);
  return left;
}

/**
 * Works closed books out of the ledger again, every entry of the period, and names the cohorts that say something else; and holds what the
 * books say was used against what was accrued for the same entries.
 */
export async function compareBooksWhole(
  sql: Sql,
  period: BookPeriod,
  programme: Programme,
): Promise<Compared[]> {
  const scope = showId('bookPeriod', period.id);
  const codeOf = pointTypeCodeIn(programme);
  const time = { from: period.number === 1 ? EVER : period.from, until: period.until };
  const slices = await readBookSlices(sql, period.id);
  const months = monthsOf(period.timeZone);
  const { groups } = await readSlicesOf(sql, period.programme, slices, time, months);
  const before = await readCohortsUpTo(sql, period.programme, period.number - 1);
  const estimates = await readEstimatesAt(sql, period.programme, period.until);
  const made = rollAll(
    before,
    movementsOf(groups),
    (pointType) => estimates.get(pointType)?.breakagePpm ?? null,
  );
  const stored = await readCohorts(sql, period.id);
  const [expected, found] = [byKey(made), byKey(stored)];
  const cohorts = [...new Set([...expected.keys(), ...found.keys()])].map((key) => {
    const [one, other] = [expected.get(key), found.get(key)];
    const { pointType, vintage } = (one ?? other) as CohortState;
    const differs = FIELDS.filter(([, of]) => said(one, of) !== said(other, of));
    const words = (state: CohortState | undefined): string =>
      differs.map(([name, of]) => `${name} ${said(state, of)}`).join(' ');
    return {
      about: `${scope} ${codeOf(pointType)} ${vintage}`,
      expected: words(one),
      found: words(other),
    };
  });
  const used = new Map<number, bigint>();
  for (const group of groups.filter(({ priced }) => priced)) {
    const { pointType, points, unitCost } = group;
    const { redeemed = 0n } = tallyOf(group, points * unitCost);
    used.set(pointType, (used.get(pointType) ?? 0n) + redeemed);
  }
  const accrued = await readAccrued(sql, period, time, slices);
  return [
    compare('cohort', scope, cohorts),
    compare(
      'books_accruals',
      scope,
      [...accrued].map(([id, owed]) => ({
        ...{ about: `${scope} ${codeOf(id)}`, expected: owed, found: String(used.get(id) ?? 0n) },
      })),
    ),
  ];
}

const byKey = (states: readonly CohortState[]): Map<string, CohortState> =>
  new Map(states.map((each) => [keyOf(each), each]));

type Field = readonly [name: string, of: (state: CohortState) => bigint | number | null];
const FIELDS: readonly Field[] = [
  ...MOVEMENTS.map((each): Field => [each, ({ points }) => points[each]]),
  ...MOVEMENTS.map((each): Field => [`${each}MicroFen`, ({ worth }) => worth[each]]),
  ['breakagePpm', ({ breakagePpm }) => breakagePpm],
  ['recognisedMicroFen', ({ recognised }) => recognised],
  ['catchUpMicroFen', ({ catchUp }) => catchUp],
];
const said = (state: CohortState | undefined, of: Field[1]): string =>
  state === undefined ? 'nothing' : String(of(state));

/**
 * What was accrued for points that were used or given back, in micro-fen, of point types that had prices all the time. What repays a
 * debt is accrued by other rules, and has a column of its own in the books.
 */
async function readAccrued(
  sql: Sql,
  { programme, number, from }: BookPeriod,
  time: { readonly from: number; readonly until: number },
  slices: readonly { readonly shard: number; readonly from: number; readonly until: number }[],
): Promise<Map<number, string>> {
  const { rows } = await sql.query<{ pointType: number; owed: string }>(
    `select y.id as "pointType", coalesce(sum(a.owed), 0)::text as owed
      from point_type y
      left join (
        select a.point_type, a.owed from unnest($4::int2[], $5::int8[], $6::int8[]) as w (shard, from_seq, until_seq)
        join ledger.accrual a on a.shard = w.shard and a.seq >= w.from_seq and a.seq < w.until_seq
        join ledger.entry e on e.shard = a.shard and e.seq = a.seq and e.kind in (2, 5, 12)
        where a.programme = $1 and a.effective_at_ms >= $2 and a.effective_at_ms < $3) a on a.point_type = y.id
      where y.programme = $1 and exists (select from ledger.price p where p.programme = $1 and p.point_type = y.id
        and p.merchant = '00000000-0000-0000-0000-000000000000' and p.from_ms <= $7)
      group by y.id`,
    [
      ...[programme, time.from, time.until],
      slices.map((each) => each.shard),
      slices.map((each) => each.from),
      slices.map((each) => each.until),
      // In the first books is everything that was before prices, too.
      number === 1 ? from : time.from,
    ],
  );
  return new Map(rows.map(({ pointType, owed }) => [pointType, owed]));
}
