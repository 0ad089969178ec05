import type { Instant } from '../kernel/clock.ts';
import { int4s, int8s } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';

/** How far the notices of each programme have come, by `shard days`. */
export async function readWalks(sql: Sql): Promise<Map<number, Map<string, Instant>>> {
  const { rows } = await sql.query<{
    programme: number;
    shard: number;
    days: number;
    through: Instant;
  }>({
    name: 'read-expiry-walks',
    text: 'select programme, shard, days, through_ms as through from expiry_walk',
  });
  const walks = new Map<number, Map<string, Instant>>();
  for (const { programme, shard, days, through } of rows) {
    const own = walks.get(programme) ?? new Map<string, Instant>();
    walks.set(programme, own.set(`${shard} ${days}`, through));
  }
  return walks;
}

/** How far notices so many days ahead have come in a shard. */
export interface Walked {
  readonly shard: number;
  readonly days: number;
  readonly through: Instant;
}

/** Notes how far the notices of a programme have come: never back, whoever was slower. */
export async function advanceWalks(
  tx: Transaction,
  programme: number,
  walked: readonly Walked[],
): Promise<void> {
  await tx.query({
    name: 'advance-expiry-walks',
    text: `insert into expiry_walk (programme, shard, days, through_ms)
      select $1, shard, days, through from unnest($2::int4[], $3::int4[], $4::int8[]) as w (shard, days, through) order by days, shard
      on conflict (programme, shard, days) do update set through_ms = excluded.through_ms
      where expiry_walk.through_ms < excluded.through_ms`,
    values: [
      programme,
      int4s(walked, (each) => each.shard),
      int4s(walked, (each) => each.days),
      int8s(walked, (each) => each.through),
    ],
  });
}
