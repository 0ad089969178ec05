import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { int4s, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/** What a member has bought in a programme, by when it was paid; orders of nothing do not count. */
export interface Purchases {
  /** When the first one was paid, whatever became of it. */
  readonly firstAt: Instant | null;
  /** The first one of which something is left. */
  readonly kept: { readonly order: Uuid; readonly paidAt: Instant } | null;
}

/** Answers in order. */
export async function readPurchases(
  sql: Sql,
  asked: readonly { readonly member: Uuid; readonly programme: number }[],
): Promise<Purchases[]> {
  const { rows } = await sql.query<{
    first_at: Instant | null;
    kept: Uuid | null;
    kept_at: Instant | null;
  }>({
    name: 'orders-purchases',
    text: `select f.paid_at_ms as first_at, k.id as kept, k.paid_at_ms as kept_at
      from unnest($1::uuid[], $2::int4[]) with ordinality as a (member, programme, place)
      left join lateral (
        select o.paid_at_ms from orders o where o.member = a.member and o.programme = a.programme and o.net_fen > 0
        order by o.paid_at_ms limit 1
      ) f on true
      left join lateral (
        select o.id, o.paid_at_ms from orders o where o.member = a.member and o.programme = a.programme and o.due_fen > 0
        order by o.paid_at_ms, o.id limit 1
      ) k on true order by a.place`,
    values: [uuids(asked, (each) => each.member), int4s(asked, (each) => each.programme)],
  });
  return rows.map(({ first_at: firstAt, kept, kept_at: paidAt }) => ({
    firstAt,
    kept: kept === null || paidAt === null ? null : { order: kept, paidAt },
  }));
}
