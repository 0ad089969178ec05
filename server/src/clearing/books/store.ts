import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { BookPeriod, BookValue, Estimate } from './book-period.ts';
import type { CohortState } from './cohort.ts';
import type { Tally } from './liability.ts';

const PERIOD = `select id, programme, number, clearing_period as "clearingPeriod", time_zone as "timeZone", from_ms as "from",
  until_ms as until, figures_hash as "figuresHash", closed_at_ms as "closedAt" from book_period`;

/** Nobody else closes the books of a programme, estimates, or sets values until the transaction ends. */
export async function lockBooks(tx: Transaction, programme: number): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('hongmi books'), $1)", [programme]);
}

export async function readLastBookPeriod(
  sql: Sql,
  programme: number,
): Promise<BookPeriod | undefined> {
  const { rows } = await sql.query<BookPeriod>(
    `${PERIOD} where programme = $1 order by number desc limit 1`,
    [programme],
  );
  return rows[0];
}

export async function findBookPeriod(sql: Sql, id: Uuid): Promise<BookPeriod | undefined> {
  const { rows } = await sql.query<BookPeriod>(`${PERIOD} where id = $1`, [id]);
  return rows[0];
}

/** The closed periods of a programme behind number `after`, in their order. */
export async function listBookPeriods(
  sql: Sql,
  programme: number,
  after: number,
  limit: number,
): Promise<BookPeriod[]> {
  const { rows } = await sql.query<BookPeriod>(
    `${PERIOD} where programme = $1 and number > $2 order by number limit $3`,
    [programme, after, limit],
  );
  return rows;
}

/** Where a period's entries are in each shard; {@link BookSlice.next}: where those of the next one begin. */
export interface BookSlice {
  readonly shard: number;
  readonly from: number;
  readonly until: number;
  readonly next: number;
}

export async function readBookSlices(sql: Sql, period: Uuid): Promise<BookSlice[]> {
  const { rows } = await sql.query<BookSlice>(
    `select shard, from_seq as "from", until_seq as until, next_seq as next from book_slice where period = $1 order by shard`,
    [period],
  );
  return rows;
}

const TALLIES = ['issued', 'moved', 'taken_back', 'redeemed', 'settled', 'expired'] as const;
const FIELDS = [...TALLIES, ...TALLIES.map((each) => `${each}_micro`)];
const NUMBERS = [...FIELDS, 'recognised_micro', 'catch_up_micro'];
const COHORT = `c.point_type, c.vintage, c.breakage_ppm, ${NUMBERS.map((each) => `c.${each}::text`).join(', ')}`;

type CohortRow = Readonly<Record<string, string>> & {
  readonly point_type: number;
  readonly vintage: string;
  readonly breakage_ppm: number | null;
};

function readState(row: CohortRow): CohortState {
  const number = (name: string): bigint => BigInt(row[name] ?? '0');
  const tally = (suffix: string): Tally => ({
    issued: number(`issued${suffix}`),
    moved: number(`moved${suffix}`),
    takenBack: number(`taken_back${suffix}`),
    redeemed: number(`redeemed${suffix}`),
    settled: number(`settled${suffix}`),
    expired: number(`expired${suffix}`),
  });
  return {
    pointType: row.point_type,
    vintage: row.vintage,
    points: tally(''),
    worth: tally('_micro'),
    breakagePpm: row.breakage_ppm,
    recognised: number('recognised_micro'),
    catchUp: number('catch_up_micro'),
  };
}

/** The cohorts that a period tells of. */
export async function readCohorts(sql: Sql, period: Uuid): Promise<CohortState[]> {
  const { rows } = await sql.query<CohortRow>(
    `select ${COHORT} from book_cohort c where c.period = $1 order by c.point_type, c.vintage`,
    [period],
  );
  return rows.map(readState);
}

/** Where every cohort of a programme that there ever was stood at the end of period `number`; of one that is over, its last row. */
export async function readCohortsUpTo(
  sql: Sql,
  programme: number,
  number: number,
): Promise<CohortState[]> {
  const { rows } = await sql.query<CohortRow>(
    `select distinct on (c.point_type, c.vintage) ${COHORT} from book_cohort c join book_period p on p.id = c.period
      where p.programme = $1 and p.number <= $2 order by c.point_type, c.vintage, p.number desc`,
    [programme, number],
  );
  return rows.map(readState);
}

export async function insertBookPeriod(
  tx: Transaction,
  period: BookPeriod,
  slices: readonly BookSlice[],
  cohorts: readonly CohortState[],
): Promise<void> {
  const { id, programme, number, clearingPeriod, timeZone, from, until, figuresHash, closedAt } =
    period;
  await tx.query(
    `insert into book_period (id, programme, number, clearing_period, time_zone, from_ms, until_ms, figures_hash, closed_at_ms)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, programme, number, clearingPeriod, timeZone, from, until, figuresHash, closedAt],
  );
  await tx.query(
    `insert into book_slice (period, shard, from_seq, until_seq, next_seq)
      select $1, * from unnest($2::int2[], $3::int8[], $4::int8[], $5::int8[])`,
    [
      id,
      slices.map((each) => each.shard),
      slices.map((each) => each.from),
      slices.map((each) => each.until),
      slices.map((each) => each.next),
    ],
  );
  const rows = cohorts.map((each) => {
    const { points, worth } = each;
    const row: Record<string, unknown> = {
      point_type: each.pointType,
      vintage: each.vintage,
      breakage_ppm: each.breakagePpm,
      recognised_micro: String(each.recognised),
      catch_up_micro: String(each.catchUp),
    };
    for (const [tally, suffix] of [
      [points, ''],
      [worth, '_micro'],
    ] as const) {
      row[`issued${suffix}`] = String(tally.issued);
      row[`moved${suffix}`] = String(tally.moved);
      row[`taken_back${suffix}`] = String(tally.takenBack);
      row[`redeemed${suffix}`] = String(tally.redeemed);
      row[`settled${suffix}`] = String(tally.settled);
      row[`expired${suffix}`] = String(tally.expired);
    }
    return row;
  });
  const columns = ['point_type', 'vintage', 'breakage_ppm', ...NUMBERS].join(', ');
  await tx.query(
    `insert into book_cohort (period, ${columns})
      select $1, ${columns} from json_populate_recordset(null::book_cohort, $2)`,
    [id, JSON.stringify(rows)],
  );
}

const ESTIMATE = `select id, programme, point_type as "pointType", number, from_ms as "from", breakage_ppm as "breakagePpm", method,
  cohorts, measured_ppm as "measuredPpm", error_ppm as "errorPpm", reason, actor, created_at_ms as "createdAt" from book_estimate`;

/** The estimates of a programme by which a period that ends at `until` is closed: of each point type the last one. */
export async function readEstimatesAt(
  sql: Sql,
  programme: number,
  until: Instant,
): Promise<Map<number, Estimate>> {
  const { rows } = await sql.query<Estimate>(
    `select distinct on ("pointType") * from (${ESTIMATE} where programme = $1 and from_ms <= $2) e
      order by "pointType", "from" desc, number desc`,
    [programme, until],
  );
  return new Map(rows.map((each) => [each.pointType, each]));
}

/** Estimates of a programme by age. */
export async function listEstimates(
  sql: Sql,
  programme: number,
  after: Uuid | null,
  limit: number,
): Promise<Estimate[]> {
  const { rows } = await sql.query<Estimate>(
    `${ESTIMATE} where programme = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
    [programme, after, limit],
  );
  return rows;
}

export async function countEstimates(
  sql: Sql,
  programme: number,
  pointType: number,
): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    'select count(*) as count from book_estimate where programme = $1 and point_type = $2',
    [programme, pointType],
  );
  return rows[0]?.count ?? 0;
}

export async function insertEstimate(tx: Transaction, made: Estimate): Promise<void> {
  await tx.query(
    `insert into book_estimate (id, programme, point_type, number, from_ms, breakage_ppm, method, cohorts, measured_ppm, error_ppm,
        reason, actor, created_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      ...[made.id, made.programme, made.pointType, made.number, made.from, made.breakagePpm],
      ...[made.method, made.cohorts, made.measuredPpm, made.errorPpm, made.reason, made.actor],
      made.createdAt,
    ],
  );
}

const VALUE = `select programme, point_type as "pointType", vintage, value_micro as value, reason, actor,
  created_at_ms as "createdAt" from book_value`;

export async function listValues(sql: Sql, programme: number): Promise<BookValue[]> {
  const { rows } = await sql.query<BookValue>(
    `${VALUE} where programme = $1 order by point_type, vintage`,
    [programme],
  );
  return rows;
}

/** The last month of which closed books have a cohort, or a value was set; null: none. */
export async function readLastVintage(
  sql: Sql,
  programme: number,
  pointType: number,
): Promise<string | null> {
  const { rows } = await sql.query<{ last: string | null }>(
    `select greatest((select max(c.vintage) from book_cohort c where c.point_type = $2),
        (select max(v.vintage) from book_value v where v.programme = $1 and v.point_type = $2)) as last`,
    [programme, pointType],
  );
  return rows[0]?.last ?? null;
}

export async function insertValue(tx: Transaction, made: BookValue): Promise<void> {
  await tx.query(
    `insert into book_value (programme, point_type, vintage, value_micro, reason, actor, created_at_ms)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      ...[made.programme, made.pointType, made.vintage, made.value, made.reason, made.actor],
      made.createdAt,
    ],
  );
}

/** Where the cohorts of a point type that were born within the books stood at the end of each closed period, oldest first. */
export async function readHistory(
  sql: Sql,
  programme: number,
  pointType: number,
  fromVintage: string,
): Promise<CohortState[][]> {
  const { rows } = await sql.query<CohortRow & { readonly number: number }>(
    `select p.number, ${COHORT} from book_cohort c join book_period p on p.id = c.period
      where p.programme = $1 and c.point_type = $2 and c.vintage >= $3 order by p.number, c.vintage`,
    [programme, pointType, fromVintage],
  );
  const periods = new Map<number, CohortState[]>();
  for (const row of rows) {
    const states = periods.get(row.number) ?? [];
    states.push(readState(row));
    periods.set(row.number, states);
  }
  return [...periods.values()];
}
