import type { Instant } from '../kernel/clock.ts';
import { int4s, int8s } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';

/** How far the notices of a programme have come, by `shard days`. */
export async function readWalks(sql: Sql, programme: number): Promise<Map<string, Instant>> {
  const { rows } = await sql.query<{ shard: number; days: number; through: Instant }>({
    name: 'read-expiry-walks',
    text: 'select shard, days, through_ms as through from expiry_walk where programme = $1',
    values: [programme],
  });
  return new Map(rows.map(({ shard, days, through }) => [`${shard} ${days}`, through]));
}

/** Notes how far notices so many days ahead have come in shards: never back, whoever was slower. */
export async function advanceWalks(
  tx: Transaction,
  programme: number,
  days: number,
  walked: readonly { readonly shard: number; readonly through: Instant }[],
): Promise<void> {
  await tx.query({
    name: 'advance-expiry-walks',
    text: `insert into expiry_walk (programme, shard, days, through_ms)
      select $1, shard, $2, through from unnest($3::int4[], $4::int8[]) as w (shard, through) order by shard
      on conflict (programme, shard, days) do update set through_ms = excluded.through_ms
      where expiry_walk.through_ms < excluded.through_ms`,
    values: [
      programme,
      days,
      int4s(walked, (each) => each.shard),
      int8s(walked, (each) => each.through),
    ],
  });
}
