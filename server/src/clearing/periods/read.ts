import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type Accrual, type PairAsked, readAccruals } from '../../ledger/read-accruals.ts';
import type { Sql } from '../../platform/database.ts';
import type { Line, LinePlace, Pair, PairPlace, Period, Position } from './period.ts';

// What the other parts of clearing read of periods. Which accruals are a period's: those that took effect in [from, until).
// The cut at `until` keeps everything that is recorded behind its markers out of it, so that these never change;
// `clearing_slice` says where to look for them, for an accrual is found by its place in the ledger only.

const PERIOD = `select id, programme, number, from_ms as "from", until_ms as until, cut, begun_at_ms as "begunAt", state,
  closed_at_ms as "closedAt", figures_hash as "figuresHash" from clearing_period`;

export async function findPeriod(sql: Sql, id: Uuid): Promise<Period | undefined> {
  const { rows } = await sql.query<Period>(`${PERIOD} where id = $1`, [id]);
  return rows[0];
}

/** The periods of a programme behind number `after` (0: from the first on), in their order. */
export async function listPeriods(
  sql: Sql,
  programme: number,
  after: number,
  limit: number,
): Promise<Period[]> {
  const { rows } = await sql.query<Period>(
    `${PERIOD} where programme = $1 and number > $2 order by number limit $3`,
    [programme, after, limit],
  );
  return rows;
}

/** The period of a programme that has this number. */
export async function findPeriodOf(
  sql: Sql,
  programme: number,
  number: number,
): Promise<Period | undefined> {
  const [found] = await listPeriods(sql, programme, number - 1, 1);
  return found?.number === number ? found : undefined;
}

/** The period of a programme that ends at this instant. */
export async function findPeriodUntil(
  sql: Sql,
  programme: number,
  until: Instant,
): Promise<Period | undefined> {
  const { rows } = await sql.query<Period>(`${PERIOD} where programme = $1 and until_ms = $2`, [
    programme,
    until,
  ]);
  return rows[0];
}

/** The last period of a programme, closed or not yet. */
export async function readLastPeriod(sql: Sql, programme: number): Promise<Period | undefined> {
  const { rows } = await sql.query<Period>(
    `${PERIOD} where programme = $1 order by number desc limit 1`,
    [programme],
  );
  return rows[0];
}

/** Tables that hold pairs: those of closed periods, and figures that are only worked out. */
export type PairsTable = 'clearing_pair' | 'pg_temp.figure_pair';
export type PositionsTable = 'clearing_position' | 'pg_temp.figure_position';

type PairRow = PairPlace & { readonly points: number } & Record<
    | 'owed'
    | 'due'
    | 'fee'
    | 'owedFen'
    | 'dueFen'
    | 'feeFen'
    | 'carryOwed'
    | 'carryDue'
    | 'carryFee',
    string
  >;

/** Pairs of a period in which a merchant pays or takes (null: all), at most `limit` after `after`. */
export async function readPairs(
  sql: Sql,
  period: Uuid,
  merchant: Uuid | null,
  after: PairPlace | null,
  limit: number,
  table: PairsTable = 'clearing_pair',
): Promise<Pair[]> {
  const figures = `points, owed, due, fee, owed_fen as "owedFen", due_fen as "dueFen", fee_fen as "feeFen",
    carry_owed as "carryOwed", carry_due as "carryDue", carry_fee as "carryFee"`;
  const { rows } = await sql.query<PairRow>(
    ...pairsQuery(figures, { period, merchant, after, limit, table }),
  );
  return rows.map(({ payer, taker, pointType, points, ...row }) => ({
    ...{ payer, taker, pointType, points },
    exact: { owed: BigInt(row.owed), due: BigInt(row.due), fee: BigInt(row.fee) },
    fen: { owed: Number(row.owedFen), due: Number(row.dueFen), fee: Number(row.feeFen) },
    carry: { owed: Number(row.carryOwed), due: Number(row.carryDue), fee: Number(row.carryFee) },
  }));
}

/** A pair with its figures as the cells of a CSV, in the order of {@link Pair}: points, exact, in fen, carried. */
export type PairCells = PairPlace & { readonly cells: string };

/**
 * All pairs, as {@link readPairs} answers them, with their figures put together where they are: of the 250,000 pairs of 500 merchants
 * reading each figure on its own took most of the time.
 */
export async function readPairCells(
  sql: Sql,
  period: Uuid,
  after: PairPlace | null,
  limit: number,
  table: PairsTable = 'clearing_pair',
): Promise<PairCells[]> {
  const cells = `concat_ws(',', points, owed, due, fee, owed_fen, due_fen, fee_fen, carry_owed, carry_due, carry_fee) as cells`;
  const { rows } = await sql.query<PairCells>(
    ...pairsQuery(cells, { period, merchant: null, after, limit, table }),
  );
  return rows;
}

interface PairsAsked {
  readonly period: Uuid;
  readonly merchant: Uuid | null;
  readonly after: PairPlace | null;
  readonly limit: number;
  readonly table: PairsTable;
}

function pairsQuery(
  columns: string,
  { period, merchant, after, limit, table }: PairsAsked,
): [text: string, values: unknown[]] {
  const whose = merchant === null ? 'true' : '(payer = $6 or taker = $6)';
  return [
    `select payer, taker, point_type as "pointType", ${columns} from ${table}
      where period = $1 and ($2::uuid is null or (payer, taker, point_type) > ($2, $3::uuid, $4::int)) and ${whose}
      order by payer, taker, point_type limit $5`,
    [
      ...[period, after?.payer ?? null, after?.taker ?? null, after?.pointType ?? null, limit],
      ...(merchant === null ? [] : [merchant]),
    ],
  ];
}

/** Positions of a period, of one merchant (null: all), at most `limit` after `after`. */
export async function readPositions(
  sql: Sql,
  period: Uuid,
  merchant: Uuid | null,
  after: Uuid | null,
  limit: number,
  table: PositionsTable = 'clearing_position',
): Promise<Position[]> {
  const { rows } = await sql.query<Position>(
    `select merchant, owed_fen as owed, due_fen as due, fee_fen as fee, adjusted_fen as adjusted, net_fen as net
      from ${table} where period = $1 and ($2::uuid is null or merchant = $2) and ($3::uuid is null or merchant > $3)
      order by merchant limit $4`,
    [period, merchant, after, limit],
  );
  return rows;
}

const PAGE = 2_000;

/** All pairs of a period in their order, a page at a time in memory. */
export async function* eachPair(
  sql: Sql,
  period: Uuid,
  merchant: Uuid | null = null,
  table: PairsTable = 'clearing_pair',
): AsyncGenerator<Pair> {
  yield* inPages((after: Pair | null, limit) =>
    readPairs(sql, period, merchant, after, limit, table),
  );
}

/** All positions of a period in their order. */
export async function* eachPosition(
  sql: Sql,
  period: Uuid,
  merchant: Uuid | null = null,
  table: PositionsTable = 'clearing_position',
): AsyncGenerator<Position> {
  yield* inPages((after: Position | null, limit) =>
    readPositions(sql, period, merchant, after?.merchant ?? null, limit, table),
  );
}

/** All lines of a merchant in a period, in the order of the ledger. */
export async function* eachLine(
  sql: Sql,
  period: Period,
  merchant: Uuid | null,
): AsyncGenerator<Line> {
  yield* inPages((after: Line | null, limit) => readLines(sql, period, merchant, after, limit));
}

/** Everything there is, a page at a time: `read` answers at most `limit` of what comes after. */
export async function* pagesOf<T>(
  read: (after: T | null, limit: number) => Promise<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  let after: T | null = null;
  for (;;) {
    const page: readonly T[] = await read(after, PAGE);
    yield page;
    after = page.at(-1) ?? null;
    if (page.length < PAGE || after === null) return;
  }
}

async function* inPages<T>(
  read: (after: T | null, limit: number) => Promise<readonly T[]>,
): AsyncGenerator<T> {
  for await (const page of pagesOf(read)) yield* page;
}

/** Where a period's accruals are in a shard; {@link Slice.next}: where those of the next one begin. */
export interface Slice {
  readonly shard: number;
  readonly from: number;
  readonly until: number;
  readonly next: number;
}

/** None before the period is closed. */
export async function readSlices(sql: Sql, period: Uuid): Promise<Slice[]> {
  const { rows } = await sql.query<Slice>(
    `select shard, from_seq as "from", until_seq as until, next_seq as next from clearing_slice
      where period = $1 order by shard`,
    [period],
  );
  return rows;
}

/**
 * What a merchant owes and is owed in a closed period, line by line (null: everybody), at most `limit` after `after`, in the
 * order of the ledger. Their exact amounts add up to those of its pairs.
 */
export async function readLines(
  sql: Sql,
  period: Period,
  merchant: Uuid | null,
  after: LinePlace | null,
  limit: number,
  pair: PairAsked = {},
): Promise<Line[]> {
  const ranges = await readSlices(sql, period.id);
  const found = await readAccruals(sql, { ...period, ranges }, merchant, after, limit, pair);
  return found.map(toLine);
}

/** One line of a closed period. */
export async function findLine(
  sql: Sql,
  period: Period,
  { shard, seq, place }: LinePlace,
): Promise<Line | undefined> {
  const ranges = [{ shard, from: seq, until: seq + 1 }];
  const after = { shard, seq, place: place - 1 };
  const [found] = await readAccruals(sql, { ...period, ranges }, null, after, 1);
  return found?.place === place ? toLine(found) : undefined;
}

function toLine({ owed, due, fee, ...accrual }: Accrual): Line {
  return { ...accrual, exact: { owed, due, fee } };
}
