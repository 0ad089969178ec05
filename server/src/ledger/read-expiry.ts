import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { int4s, int8s, texts } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import type { ProgrammeTime } from './read-balance.ts';

/** Points of one type that can be spent on this day for the last time. */
export interface ExpiringDay {
  readonly programme: number;
  readonly pointType: number;
  /** `2027-12-31`, by the programme's time zone. */
  readonly day: string;
  /** The first moment of loss: at the latest where the next day begins. */
  readonly at: Instant;
  readonly points: number;
}

/** Where a page of the calendar goes on. */
export type AfterDay = Pick<ExpiringDay, 'day' | 'pointType'>;

// Added up in the database: an account of thousands of lots is read in one pass over its index, and told in
// as many rows as there are days.
const DAYS = `
  with clock as (
    select * from unnest($3::int4[], $4::int8[], $5::text[]) as c (programme, now_ms, zone)
  )
  select a.programme, a.point_type as "pointType", d.day::text as day, d.points, d.at_ms as at
  from clock c join ledger.member_account a on a.programme = c.programme and a.shard = $1 and a.member = $2
  cross join lateral (
    select (to_timestamp((l.expires_at_ms - 1) / 1000.0) at time zone c.zone)::date as day,
      sum(l.remaining - l.held)::int8 as points, min(l.expires_at_ms) as at_ms
    from ledger.lot l
    where l.shard = $1 and l.member = $2 and l.point_type = a.point_type and l.open and l.remaining > l.held
      and l.expires_at_ms > greatest(c.now_ms, a.last_effective_at_ms)
    group by 1
  ) d
  where (d.day, a.point_type) > ($6::date, $7::int4)
  order by d.day, a.point_type limit $8`;

const FROM_THE_START: AfterDay = { day: '-infinity', pointType: 0 };

/** Unheld points of a member by the last day on which they can be spent, soonest first, in the programmes of `times`. */
export async function readExpiringDays(
  sql: Sql,
  shard: number,
  member: Uuid,
  times: readonly ProgrammeTime[],
  page: { readonly after: AfterDay | null; readonly limit: number },
): Promise<ExpiringDay[]> {
  const { day, pointType } = page.after ?? FROM_THE_START;
  const { rows } = await sql.query<ExpiringDay>({
    name: 'ledger-expiring-days',
    text: DAYS,
    values: [
      shard,
      member,
      int4s(times.map((time) => time.programme)),
      int8s(times.map((time) => time.now)),
      texts(times.map((time) => time.timeZone)),
      day,
      pointType,
      page.limit,
    ],
  });
  return rows;
}
