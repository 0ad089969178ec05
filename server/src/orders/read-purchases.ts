import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { int4s, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/** What a person has bought in a programme, by when it was paid; orders of nothing do not count. */
export interface Purchases {
  /** When the first one was paid, whatever became of it. */
  readonly firstAt: Instant | null;
  /** The first one of which something is left. */
  readonly kept: { readonly order: Uuid; readonly paidAt: Instant } | null;
}

const NOTHING: Purchases = { firstAt: null, kept: null };

/** Of persons by their members, who are one; answers in order. */
export async function readPurchases(
  sql: Sql,
  asked: readonly { readonly members: readonly Uuid[]; readonly programme: number }[],
): Promise<Purchases[]> {
  const each = asked.flatMap(({ members, programme }, place) =>
    members.map((member) => ({ member, programme, place })),
  );
  // OFFSET 0: whoever looks for the first by time must not walk all orders of the programme until it comes.
  const { rows } = await sql.query<{
    place: number;
    first_at: Instant | null;
    kept: Uuid | null;
    kept_at: Instant | null;
  }>({
    name: 'orders-purchases',
    text: `select a.place, f.paid_at_ms as first_at, k.id as kept, k.paid_at_ms as kept_at
      from unnest($1::uuid[], $2::int4[], $3::int4[]) as a (member, programme, place)
      left join lateral (
        select * from (
          select o.paid_at_ms from orders o where o.member = a.member and o.programme = a.programme and o.net_fen > 0 offset 0
        ) o order by o.paid_at_ms limit 1
      ) f on true
      left join lateral (
        select * from (
          select o.id, o.paid_at_ms from orders o
          where o.member = a.member and o.programme = a.programme and o.due_fen > 0 offset 0
        ) o order by o.paid_at_ms, o.id limit 1
      ) k on true`,
    values: [
      uuids(each, ({ member }) => member),
      int4s(each, ({ programme }) => programme),
      int4s(each, ({ place }) => place),
    ],
  });
  const bought = asked.map(() => NOTHING);
  for (const { place, first_at: firstAt, kept, kept_at: paidAt } of rows) {
    const own = {
      firstAt,
      kept: kept === null || paidAt === null ? null : { order: kept, paidAt },
    };
    bought[place] = earlier(bought[place] ?? NOTHING, own);
  }
  return bought;
}

function earlier(one: Purchases, other: Purchases): Purchases {
  const kept = [one.kept, other.kept].filter((each) => each !== null);
  return {
    firstAt:
      one.firstAt === null || other.firstAt === null
        ? (one.firstAt ?? other.firstAt)
        : Math.min(one.firstAt, other.firstAt),
    kept: kept.sort((a, b) => a.paidAt - b.paidAt || (a.order < b.order ? -1 : 1))[0] ?? null,
  };
}
