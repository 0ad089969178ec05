import type { Uuid } from '../../kernel/id.ts';
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
const PATIENCE = "set local statement_timeout = '15min'";
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
  let counted = 0;
  for (const { programme, number } of rows) {
    const last = await findPeriodOf(pool, programme, number);
    if (last !== undefined) counted += await countIssued(pool, last);
  }
  return counted;
}

async function isCounted(sql: Sql, period: Uuid): Promise<boolean> {
  const { rows } = await sql.query('select from clearing_issued_slice where period = $1 limit 1', [
    period,
  ]);
  return rows.length > 0;
}

/** Entries of the period: those up to its marker that took effect within it. Of the first one, what was before opens it. */
const ENTRIES = `
  from unnest($3::smallint[], $4::int8[], $5::int8[]) as r (shard, since, until)
  join ledger.entry e on e.shard = r.shard and e.seq >= r.since and e.seq < r.until and e.programme = $2
  join ledger.transaction t on t.id = e.transaction and t.shard = e.shard`;

// Points are a member's, or held for one (roles 1 and 2); what they move to or from says why: the issuer (4), who took them (5),
// breakage (6), or something else. A lot is made with its issuer's name on it and keeps it wherever it goes.
const COUNT = `
  insert into clearing_issued (period, issuer, point_type, opening, opening_cost, issued, issued_cost, used, used_cost, expired,
    expired_cost, other, other_cost)
  with moved as (
    select l.issuer, e.point_type, t.effective_at_ms < $6 as before, w.points, w.points * coalesce(l.unit_cost, 0)::numeric as cost,
      case when e.from_role in (1, 2) then e.to_role else e.from_role end as other_role
    ${ENTRIES}
    join ledger.lot l on l.id = e.lot and l.shard = e.shard
    cross join lateral (select case when e.to_role in (1, 2) then e.points else -e.points end as points) w
    where (e.from_role in (1, 2)) <> (e.to_role in (1, 2)) and t.effective_at_ms < $7 and ($8::uuid is null or t.effective_at_ms >= $6)
  ), parts as (
    select issuer, point_type, before,
      case when other_role = 4 and points > 0 then 'issued' when other_role = 5 then 'used' when other_role = 6 then 'expired' else 'other' end as part,
      points, cost
    from moved
  ), sums as (
    select issuer, point_type,
      sum(points) filter (where before) as opening, sum(cost) filter (where before) as opening_cost,
      sum(points) filter (where not before and part = 'issued') as issued, sum(cost) filter (where not before and part = 'issued') as issued_cost,
      -sum(points) filter (where not before and part = 'used') as used, -sum(cost) filter (where not before and part = 'used') as used_cost,
      -sum(points) filter (where not before and part = 'expired') as expired, -sum(cost) filter (where not before and part = 'expired') as expired_cost,
      sum(points) filter (where not before and part = 'other') as other, sum(cost) filter (where not before and part = 'other') as other_cost
    from parts group by issuer, point_type
  ), earlier as (
    select issuer, point_type, opening + issued - used - expired + other as opening,
      opening_cost + issued_cost - used_cost - expired_cost + other_cost as opening_cost
    from clearing_issued where period = $8
  )
  select $1, issuer, point_type, coalesce(b.opening, s.opening, 0), coalesce(b.opening_cost, s.opening_cost, 0), coalesce(s.issued, 0), coalesce(s.issued_cost, 0),
    coalesce(s.used, 0), coalesce(s.used_cost, 0), coalesce(s.expired, 0), coalesce(s.expired_cost, 0), coalesce(s.other, 0), coalesce(s.other_cost, 0)
  from sums s full join earlier b using (issuer, point_type)`;

const NEXT = `
  insert into clearing_issued_slice (period, shard, next_seq)
  select $1, r.shard, coalesce((
      select min(e.seq) from ledger.entry e join ledger.transaction t on t.id = e.transaction and t.shard = e.shard
      where e.shard = r.shard and e.seq >= r.since and e.seq < r.until and e.programme = $2 and t.effective_at_ms >= $6), r.until)
  from unnest($3::smallint[], $4::int8[], $5::int8[]) as r (shard, since, until)`;

async function count(
  tx: Transaction,
  { id, programme, number, from, until }: Period,
): Promise<void> {
  const before = await findPeriodOf(tx, programme, number - 1);
  const { rows } = await tx.query<{ shard: number; next: number }>(
    'select shard, next_seq as next from clearing_issued_slice where period = $1',
    [before?.id ?? null],
  );
  const starts = new Map(rows.map(({ shard, next }) => [shard, next]));
  const slices = await readSlices(tx, id);
  const ranges = [
    slices.map(({ shard }) => shard),
    slices.map(({ shard }) => starts.get(shard) ?? 0),
    slices.map((slice) => slice.until),
  ];
  await tx.query(COUNT, [id, programme, ...ranges, from, until, before?.id ?? null]);
  await tx.query(NEXT, [id, programme, ...ranges, until]);
}
