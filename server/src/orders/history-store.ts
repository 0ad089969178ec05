import type { Instant } from '../kernel/clock.ts';
import type { GreenStanding } from '../kernel/green-standing.ts';
import type { Uuid } from '../kernel/id.ts';
import { int4s, int8s, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import type { OccasionJson } from './store.ts';

/** Orders of a programme, or of one merchant in it, that were paid in [from, until). */
export interface Period {
  readonly programme: number;
  readonly merchant: Uuid | null;
  readonly from: Instant;
  readonly until: Instant;
}

export interface PastRow {
  readonly id: Uuid;
  readonly merchant: Uuid;
  readonly member: Uuid;
  readonly paidAt: Instant;
  readonly points: number;
  readonly perFen: number;
  readonly occasion: OccasionJson | null;
  /** Of the merchant, today. */
  readonly category: string;
  /** Columns of {@link LINE_COLUMNS}. */
  readonly lines: readonly PastLine[];
}
export type PastLine = readonly [
  lineNo: number,
  sku: string,
  brand: string | null,
  category: string | null,
  zone: string | null,
  greenCertificate: string | null,
  green: GreenStanding | null,
  quantity: number,
  amountFen: number,
];

const WHERE = `o.programme = $1 and ($2::uuid is null or o.merchant = $2) and o.paid_at_ms < $4`;

export async function countOrders(
  sql: Sql,
  { programme, merchant, from, until }: Period,
): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    `select count(*) as count from orders o where ${WHERE} and o.paid_at_ms >= $3`,
    [programme, merchant, from, until],
  );
  return rows[0]?.count ?? 0;
}

const LINE_COLUMNS =
  'line_no, sku, brand, category, zone, green_certificate, green, quantity, amount_fen';
/** The lines come as one text for each order: a row for each line took half as long again. */
const PAGE = `select o.id, o.merchant, o.member, o.paid_at_ms as "paidAt", o.earn_points as points, o.earn_per_fen as "perFen",
    o.occasion, m.category, l.lines
  from (select * from orders o where ${WHERE} and (o.paid_at_ms, o.merchant, o.id) > ($3, $5::uuid, $6::uuid)
    order by o.paid_at_ms, o.merchant, o.id limit $7) o
  join merchant m on m.id = o.merchant
  cross join lateral (select json_agg(json_build_array(${LINE_COLUMNS}) order by line_no) as lines
    from order_line where order_id = o.id) l
  order by o.paid_at_ms, o.merchant, o.id`;
const NIL = '00000000-0000-0000-0000-000000000000';

/** The next of them by time, after `last`. */
export async function readPage(
  sql: Sql,
  { programme, merchant, from, until }: Period,
  last: Pick<PastRow, 'paidAt' | 'merchant' | 'id'> | undefined,
  limit: number,
): Promise<PastRow[]> {
  const { paidAt, merchant: at, id } = last ?? { paidAt: from, merchant: NIL, id: NIL };
  const { rows } = await sql.query<PastRow>({
    name: 'orders-past',
    text: PAGE,
    values: [programme, merchant, paidAt, until, at, id, limit],
  });
  return rows;
}

/** How many orders, for which something was paid, any of these members had at a merchant before an instant; answered in order. */
export async function countOrdersBefore(
  sql: Sql,
  asked: readonly {
    readonly merchant: Uuid;
    readonly members: readonly Uuid[];
    readonly at: Instant;
  }[],
): Promise<number[]> {
  const each = asked.flatMap(({ merchant, members, at }, index) =>
    members.map((member) => ({ merchant, member, at, index })),
  );
  const { rows } = await sql.query<{ index: number; count: number }>({
    name: 'orders-before',
    text: `select a.index, sum(n.count)::int8 as count
      from unnest($1::uuid[], $2::uuid[], $3::int8[], $4::int4[]) as a (member, merchant, at, index)
      cross join lateral (
        select count(*) from orders o
          where o.member = a.member and o.merchant = a.merchant and o.net_fen > 0 and o.paid_at_ms < a.at
      ) n group by a.index`,
    values: [
      uuids(each, ({ member }) => member),
      uuids(each, ({ merchant }) => merchant),
      int8s(each, ({ at }) => at),
      int4s(each, ({ index }) => index),
    ],
  });
  const counts = new Map(rows.map(({ index, count }) => [index, count]));
  return asked.map((_, index) => counts.get(index) ?? 0);
}
