import type { Uuid } from '../../kernel/id.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import type { Pool, Sql, Transaction } from '../../platform/database.ts';
import { withTransaction } from '../../platform/database.ts';
import type { Period } from '../periods/period.ts';
import { findPeriodOf, readSlices } from '../periods/read.ts';

/** Points, and what they cost their funders in micro-fen. */
export interface Costed {
  readonly points: number;
  readonly cost: bigint;
}

/** What became in a period of the points of one type that a merchant issued. */
export interface IssuedPoints {
  readonly issuer: Uuid;
  readonly pointType: number;
  readonly opening: Costed;
  readonly issued: Costed;
  /** Less what was given back. */
  readonly used: Costed;
  /** Less what was opened again. */
  readonly expired: Costed;
  /** Taken back, corrected, converted, on the way between members: above zero, more came than went. */
  readonly other: Costed;
  /** opening + issued − used − expired + other. */
  readonly closing: Costed;
}

const PARTS = ['opening', 'issued', 'used', 'expired', 'other'] as const;
type Part = (typeof PARTS)[number];
type Row = { readonly issuer: Uuid; readonly pointType: number } & Record<Part, number> &
  Record<`${Part}Cost`, string>;

/** Those of a merchant in a closed period (null: of all), once {@link countIssued} has counted it. */
export async function readIssued(
  sql: Sql,
  { id }: Period,
  issuer: Uuid | null,
): Promise<IssuedPoints[]> {
  const columns = PARTS.map((part) => `${part}, ${part}_cost::text as "${part}Cost"`);
  const { rows } = await sql.query<Row>(
    `select issuer, point_type as "pointType", ${columns.join(', ')} from clearing_issued
      where period = $1 and ($2::uuid is null or issuer = $2) order by issuer, point_type`,
    [id, issuer],
  );
  return rows.map((row) => {
    const costed = (part: Part): Costed => ({
      points: row[part],
      cost: BigInt(row[`${part}Cost`]),
    });
    const [opening, issued, used, expired, other] = PARTS.map(costed) as [
      Costed,
      Costed,
      Costed,
      Costed,
      Costed,
    ];
    const closing = {
      points: opening.points + issued.points - used.points - expired.points + other.points,
      cost: opening.cost + issued.cost - used.cost - expired.cost + other.cost,
    };
    const { pointType } = row;
    return { issuer: row.issuer, pointType, opening, issued, used, expired, other, closing };
  });
}

// A long period is counted for minutes, and nobody waits for it but statements.
const PATIENCE = "set local statement_timeout = '15min'; set local work_mem = '128MB'";
/** One at a time, in the order of the periods; the number is nobody else's. */
const LOCK = 'select pg_advisory_xact_lock(1094, $1)';

/** By period. Whoever else asks waits here, and not with a connection that others need. */
const underWay = new Map<Uuid, Promise<number>>();

/**
 * Counts what became of issued points in a closed period, and in those before it that nobody asked for yet. Counted
 * once; answers how many periods were.
 */
export function countIssued(pool: Pool, period: Period): Promise<number> {
  const running = underWay.get(period.id);
  if (running !== undefined) return running;
  const counting = countMissing(pool, period).finally(() => underWay.delete(period.id));
  underWay.set(period.id, counting);
  return counting;
}

async function countMissing(pool: Pool, period: Period): Promise<number> {
  const missing: Period[] = [];
  for (let each: Period | undefined = period; each !== undefined; ) {
    if (await isCounted(pool, each.id)) break;
    missing.unshift(each);
    each = await findPeriodOf(pool, each.programme, each.number - 1);
  }
  let counted = 0;
  for (const each of missing)
    counted += await withTransaction(pool, async (tx) => {
      await tx.query(LOCK, [each.programme]);
      if (await isCounted(tx, each.id)) return 0;
      await tx.query(PATIENCE);
      await count(tx, each);
      return 1;
    });
  return counted;
}

/** Counts every closed period that was not yet, for the job; answers how many. */
export async function countAllIssued(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ programme: number; number: number }>(
    `select programme, max(number) as number from clearing_period p
      where state = 'closed' and not exists (select from clearing_issued_slice s where s.period = p.id) group by programme`,
  );
  return eachAlone(
    rows,
    async ({ programme, number }) => {
      const last = await findPeriodOf(pool, programme, number);
      return last === undefined ? 0 : countIssued(pool, last);
    },
    'issued points of a programme could not be counted',
  );
}

async function isCounted(sql: Sql, period: Uuid): Promise<boolean> {
  const { rows } = await sql.query('select from clearing_issued_slice where period = $1 limit 1', [
    period,
  ]);
  return rows.length > 0;
}

interface Range {
  readonly shard: number;
  readonly since: number;
  readonly until: number;
}

/**
 * What moved in the ranges, into a temporary table: as a table of a query, because that is planned with several workers, which
 * an insert is not. Such a statement takes no parameters: nothing goes into it but integers.
 *
 * Points are a member's, or held for one (roles 1 and 2); what they move to or from says why: the issuer (4), who took them (5),
 * breakage (6), or something else. A lot is made with its issuer's name on it and keeps it wherever it goes.
 */
function moved({ programme, from, until }: Period, ranges: readonly Range[]): string {
  const within = ranges.map(
    (range) =>
      `e.shard = ${integer(range.shard)} and e.seq >= ${integer(range.since)} and e.seq < ${integer(range.until)}`,
  );
  return `create temp table issued_moved on commit drop as
    select e.shard, l.issuer, e.point_type,
      case when t.effective_at_ms < ${integer(from)} then 'before' when t.effective_at_ms < ${integer(until)} then 'within' else 'after' end as "when",
      case when w.role = 4 and w.points > 0 then 'issued' when w.role = 5 then 'used' when w.role = 6 then 'expired' else 'other' end as part,
      sum(w.points) as points, sum(w.points * coalesce(l.unit_cost, 0)::numeric) as cost, min(e.seq) as seq
    from ledger.entry e
    join ledger.transaction t on t.id = e.transaction and t.shard = e.shard
    join ledger.lot l on l.id = e.lot and l.shard = e.shard
    cross join lateral (
      select case when e.to_role in (1, 2) then e.points else -e.points end as points,
        case when e.to_role in (1, 2) then e.from_role else e.to_role end as role) w
    where e.programme = ${integer(programme)} and (e.from_role in (1, 2)) <> (e.to_role in (1, 2))
      and (${within.join(' or ') || 'false'})
    group by 1, 2, 3, 4, 5`;
}

function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not an integer`);
  return String(value);
}

// What was before the first period opens it; every other one opens with what the one before ($2) closed with.
const COUNT = `
  insert into clearing_issued (period, issuer, point_type, opening, opening_cost, issued, issued_cost, used, used_cost, expired,
    expired_cost, other, other_cost)
  with sums as (
    select issuer, point_type,
      sum(points) filter (where "when" = 'before') as opening, sum(cost) filter (where "when" = 'before') as opening_cost,
      sum(points) filter (where "when" = 'within' and part = 'issued') as issued, sum(cost) filter (where "when" = 'within' and part = 'issued') as issued_cost,
      -sum(points) filter (where "when" = 'within' and part = 'used') as used, -sum(cost) filter (where "when" = 'within' and part = 'used') as used_cost,
      -sum(points) filter (where "when" = 'within' and part = 'expired') as expired, -sum(cost) filter (where "when" = 'within' and part = 'expired') as expired_cost,
      sum(points) filter (where "when" = 'within' and part = 'other') as other, sum(cost) filter (where "when" = 'within' and part = 'other') as other_cost
    from issued_moved
    where "when" = 'within' or ("when" = 'before' and $2::uuid is null)
    group by issuer, point_type
  ), earlier as (
    select issuer, point_type, opening + issued - used - expired + other as opening,
      opening_cost + issued_cost - used_cost - expired_cost + other_cost as opening_cost
    from clearing_issued where period = $2
  )
  select $1, issuer, point_type, coalesce(b.opening, s.opening, 0), coalesce(b.opening_cost, s.opening_cost, 0), coalesce(s.issued, 0), coalesce(s.issued_cost, 0),
    coalesce(s.used, 0), coalesce(s.used_cost, 0), coalesce(s.expired, 0), coalesce(s.expired_cost, 0), coalesce(s.other, 0), coalesce(s.other_cost, 0)
  from sums s full join earlier b using (issuer, point_type)`;

const NEXT = `
  insert into clearing_issued_slice (period, shard, next_seq)
  select $1, r.shard, coalesce((select min(m.seq) from issued_moved m where m.shard = r.shard and m."when" = 'after'), r.until)
  from unnest($2::smallint[], $3::int8[]) as r (shard, until)`;

async function count(tx: Transaction, period: Period): Promise<void> {
  const before = await findPeriodOf(tx, period.programme, period.number - 1);
  const { rows } = await tx.query<{ shard: number; next: number }>(
    'select shard, next_seq as next from clearing_issued_slice where period = $1',
    [before?.id ?? null],
  );
  const starts = new Map(rows.map(({ shard, next }) => [shard, next]));
  const ranges = (await readSlices(tx, period.id)).map(
    ({ shard, until }): Range => ({ shard, since: starts.get(shard) ?? 0, until }),
  );
  await tx.query(moved(period, ranges));
  await tx.query(COUNT, [period.id, before?.id ?? null]);
  const untils = [ranges.map(({ shard }) => shard), ranges.map(({ until }) => until)];
  await tx.query(NEXT, [period.id, ...untils]);
}
