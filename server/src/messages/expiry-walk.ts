import type { Instant } from '../kernel/clock.ts';
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

/** Notes how far notices so many days ahead have come in a shard: never back, whoever was slower. */
export async function advanceWalk(
  tx: Transaction,
  at: { readonly programme: number; readonly shard: number; readonly days: number },
  through: Instant,
): Promise<void> {
  await tx.query({
    name: 'advance-expiry-walk',
    text: `insert into expiry_walk (programme, shard, days, through_ms) values ($1, $2, $3, $4)
      on conflict (programme, shard, days) do update set through_ms = excluded.through_ms
      where expiry_walk.through_ms < excluded.through_ms`,
    values: [at.programme, at.shard, at.days, through],
  });
}
