import type { Uuid } from '../kernel/id.ts';
import { PLATFORM } from '../ledger/transaction.ts';
import type { Sql } from '../platform/database.ts';
import { type ActiveUnit, FIGURES, type Figures, type Outstanding } from './figures.ts';
import type { Range } from './range.ts';

/** Of which points figures are asked for. */
export interface Whose {
  readonly programme: number;
  /** Null: everybody's. */
  readonly merchant: Uuid | null;
  /** Null: of all types together. */
  readonly pointType: number | null;
}

/** What keeps of a number what it can: beyond 2^53 the last digits are lost. */
type Row<Name extends string> = Record<Name, string>;

const SUMS = FIGURES.map((figure) => `coalesce(sum(d.${figure}), 0) as ${figure}`).join(', ');
const OF = 'd.programme = $1 and d.merchant = $2 and ($3::int is null or d.point_type = $3)';

const valuesOf = ({ programme, merchant, pointType }: Whose) => [
  programme,
  merchant ?? PLATFORM,
  pointType,
];

const figuresOf = (row: Row<(typeof FIGURES)[number]>): Figures =>
  Object.fromEntries(FIGURES.map((figure) => [figure, Number(row[figure])])) as Figures;

/** What happened in each of the ranges, in their order. */
export async function readFigures(
  sql: Sql,
  whose: Whose,
  ranges: readonly Range[],
): Promise<Figures[]> {
  const { rows } = await sql.query<Row<(typeof FIGURES)[number]>>({
    name: 'insights-figures',
    text: `select ${SUMS} from unnest($4::date[], $5::date[]) with ordinality as r ("from", until, place)
        left join insight_day d on ${OF} and d.day >= r."from" and d.day < r.until
      group by r.place order by r.place`,
    values: [...valuesOf(whose), ranges.map(({ from }) => from), ranges.map(({ until }) => until)],
  });
  return rows.map(figuresOf);
}

type OutstandingRow = Row<'points' | 'priced' | 'cost'>;
const OUTSTANDING = `coalesce(sum(outstanding), 0) as points, coalesce(sum(priced), 0) as priced, coalesce(sum(cost_micro), 0) as cost`;

const outstandingOf = ({ points, priced, cost }: OutstandingRow): Outstanding => ({
  points: Number(points),
  unpriced: Number(BigInt(points) - BigInt(priced)),
  costMicro: BigInt(cost),
});

/** What members had at the beginning of each of the days, which are in order. */
export async function readOutstanding(
  sql: Sql,
  whose: Whose,
  days: readonly string[],
): Promise<Outstanding[]> {
  const { rows } = await sql.query<OutstandingRow>({
    name: 'insights-outstanding',
    // Every day once, into the first of the asked days that is after it; then from each of those to the next.
    text: `with changes as (
        select width_bucket(d.day, $4::date[]) as place, ${OUTSTANDING}
        from insight_day d where ${OF} and d.day < ($4::date[])[cardinality($4::date[])] group by 1)
      select coalesce(sum(c.points), 0) as points, coalesce(sum(c.priced), 0) as priced, coalesce(sum(c.cost), 0) as cost
      from generate_series(0, cardinality($4::date[]) - 1) as p (place) left join changes c on c.place <= p.place
      group by p.place order by p.place`,
    values: [...valuesOf(whose), days],
  });
  return rows.map(outstandingOf);
}

/** How many members were active in each of the days or months, which are named by their first day. */
export async function readActive(
  sql: Sql,
  { programme, merchant }: Whose,
  unit: ActiveUnit,
  days: readonly string[],
): Promise<number[]> {
  const { rows } = await sql.query<{ members: number }>(
    `select coalesce(c.members, 0)::int8 as members from unnest($4::date[]) with ordinality as w (day, place)
      left join insight_active_count c on c.programme = $1 and c.merchant = $2 and c.unit = $3 and c.day = w.day
      order by w.place`,
    [programme, merchant ?? PLATFORM, unit, days],
  );
  return rows.map(({ members }) => members);
}

/** What belongs to one merchant, or to one type of points. */
export interface Part {
  readonly merchant: Uuid;
  readonly pointType: number;
  readonly figures: Figures;
  readonly outstanding: Outstanding;
}

export const PART_KINDS = ['merchant', 'pointType'] as const;
export type PartKind = (typeof PART_KINDS)[number];

/** Which parts `m` a programme has, and which rows `d` of the sums are of one of them. */
const PARTS: Readonly<Record<PartKind, { table: string; where: string; own: string; of: string }>> =
  {
    merchant: {
      table: 'merchant',
      where: 'm.programme = $1 and ($2::uuid is null or m.id = $2)',
      own: 'm.id as merchant, 0',
      of: 'd.merchant = m.id and ($3::int is null or d.point_type = $3)',
    },
    pointType: {
      table: 'point_type',
      where: 'm.programme = $1 and ($3::int is null or m.id = $3)',
      own: `'${PLATFORM}'::uuid as merchant, m.id`,
      of: `d.merchant = coalesce($2::uuid, '${PLATFORM}') and d.point_type = m.id`,
    },
  };

/**
 * What happened in a range and what was outstanding at its end, merchant by merchant or type by type, of those with the most
 * issued and redeemed first. Of the years before the range only the rows of those that are told are read.
 */
export async function readParts(
  sql: Sql,
  { programme, merchant, pointType }: Whose,
  by: PartKind,
  { from, until }: Range,
  limit: number,
): Promise<Part[]> {
  const { table, where, own, of } = PARTS[by];
  const { rows } = await sql.query<
    Row<(typeof FIGURES)[number]> & OutstandingRow & { merchant: Uuid; pointType: number }
  >({
    name: `insights-by-${by}`,
    text: `select m.merchant, m."pointType", ${FIGURES.map((figure) => `m.${figure}`).join(', ')}, o.*
      from (
        select m.id, ${own} as "pointType", f.* from ${table} m
          cross join lateral (select ${SUMS} from insight_day d where d.programme = $1 and ${of} and d.day >= $4 and d.day < $5) f
        where ${where}
        order by f.issued + f.redeemed desc, m.id limit $6) m
      cross join lateral (select ${OUTSTANDING} from insight_day d where d.programme = $1 and ${of} and d.day < $5) o
      order by m.issued + m.redeemed desc, m.id`,
    values: [programme, merchant, pointType, from, until, limit],
  });
  return rows.map((row) => ({
    merchant: row.merchant,
    pointType: row.pointType,
    figures: figuresOf(row),
    outstanding: outstandingOf(row),
  }));
}

/** How many entries of the ledger are not counted yet. */
export async function readBehind(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ behind: number }>(
    `select coalesce(sum(greatest(h.entries - coalesce(w.next_seq, 0), 0)), 0)::int8 as behind
      from ledger.head h left join insight_walk w using (shard)`,
  );
  return rows[0]?.behind ?? 0;
}

/** What merchants are called. */
export async function readNames(
  sql: Sql,
  merchants: readonly Uuid[],
): Promise<ReadonlyMap<Uuid, string>> {
  const { rows } = await sql.query<{ id: Uuid; name: string }>(
    'select id, name from merchant where id = any ($1::uuid[])',
    [merchants],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
