import { addToDate, startOfDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import { type EntryGroup, KINDS_READ } from './movement.ts';

/** Months that cohorts can be of; what lies before or after is counted with the first or last of them. */
const [FIRST_YEAR, LAST_YEAR] = [1970, 2169];

/** The months of a time zone: when each begins, and how it is called. */
export interface Months {
  readonly starts: readonly Instant[];
  readonly names: readonly string[];
}

/** 2,400 look-ups in the time zone database; once for each closing. */
export function monthsOf(timeZone: string): Months {
  const names: string[] = [];
  const starts: Instant[] = [];
  for (let date = `${FIRST_YEAR}-01-01`; Number(date.slice(0, 4)) <= LAST_YEAR; ) {
    names.push(date.slice(0, 7));
    starts.push(startOfDate(date, timeZone));
    date = addToDate(date, { months: 1 });
  }
  return { starts, names };
}

/** Some of a shard's entries: by their place, and by when they took effect. */
export interface EntryRange {
  readonly shard: number;
  readonly fromSeq: number;
  readonly untilSeq: number;
  readonly from: Instant;
  readonly until: Instant;
}

interface GroupRow extends Omit<EntryGroup, 'vintage' | 'points' | 'unitCost'> {
  readonly isLater: boolean;
  readonly month: number;
  readonly points: string;
  readonly unitCost: string;
  readonly firstSeq: number;
}

/**
 * Adds up what a shard's entries of a programme did, by cohort, price and kind; `nextSeq` is where the first of those stands that took
 * effect at `until` or later, `untilSeq` when none did. The rows are read in the order they were written, and what they are about is looked
 * up by its key: some 4 µs an entry, whatever else there is.
 */
export async function readEntries(
  sql: Sql,
  programme: number,
  { shard, fromSeq, untilSeq, from, until }: EntryRange,
  { starts, names }: Months,
): Promise<{ readonly groups: EntryGroup[]; readonly nextSeq: number }> {
  const { rows } = await sql.query<GroupRow>(
    `select g.is_later as "isLater", g.point_type as "pointType", g.month, g.kind, g.from_role as "fromRole", g.to_role as "toRole",
        g.repays, g.cost::text as "unitCost", sum(g.points)::text as points, min(g.seq) as "firstSeq"
      from (
        select e.seq, e.point_type, e.kind, e.from_role, e.to_role, e.points, t.effective_at_ms >= $6 as is_later,
          width_bucket(l.available_at_ms, $7::int8[]) as month,
          coalesce(l.unit_cost, (select v.value_micro from book_value v where v.programme = e.programme and v.point_type = e.point_type
            and v.vintage <= ($8::text[])[greatest(width_bucket(l.available_at_ms, $7::int8[]), 1)] order by v.vintage desc limit 1), 0) as cost,
          e.kind = 8 and e.ref is not null and not exists (
            with recursive origin (lot) as (
              select e.lot
              union select i.ref from origin o join ledger.entry i on i.lot = o.lot and i.kind = 1 and i.ref is not null)
            select from origin o where o.lot = e.ref) as repays
        from ledger.entry e
        join ledger.transaction t on t.id = e.transaction and t.shard = e.shard
        join ledger.lot l on l.id = e.lot and l.shard = e.shard
        where e.shard = $1 and e.seq >= $2 and e.seq < $3 and e.programme = $4 and e.kind = any ($9::int2[]) and t.effective_at_ms >= $5
      ) g
      group by g.is_later, g.point_type, g.month, g.kind, g.from_role, g.to_role, g.repays, g.cost`,
    [shard, fromSeq, untilSeq, programme, from, until, starts, names, KINDS_READ],
  );
  const groups: EntryGroup[] = [];
  let nextSeq = untilSeq;
  for (const { isLater, month, points, unitCost, firstSeq, ...row } of rows) {
    if (isLater) nextSeq = Math.min(nextSeq, firstSeq);
    else
      groups.push({
        ...row,
        vintage: names[Math.max(month, 1) - 1] as string,
        points: BigInt(points),
        unitCost: BigInt(unitCost),
      });
  }
  return { groups, nextSeq };
}

/** Where a cut's markers stand among the entries of each shard; fewer than there are shards while it is being marked. */
export async function readMarkerSeqs(
  sql: Sql,
  cut: Uuid,
  shards: number,
): Promise<{ readonly shard: number; readonly seq: number }[]> {
  const { rows } = await sql.query<{ shard: number; seq: number }>(
    `select w.shard, t.entry_first as seq from generate_series(0, $2::int - 1) as w (shard)
      cross join lateral (select * from ledger.transaction t where t.key = $1 and t.shard = w.shard offset 0) t order by w.shard`,
    [`cut:${cut}`, shards],
  );
  return rows;
}
