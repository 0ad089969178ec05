import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { readTransactions } from '../ledger/read.ts';
import type { Sql } from '../platform/database.ts';
import { earnsOf } from './earns.ts';
import { grantedBy } from './settling.ts';
import { readOrders } from './store.ts';

/** What is left of an order, for whoever counts what members do. */
export interface OrderDeed {
  readonly deed: Uuid;
  readonly member: Uuid;
  readonly merchant: Uuid;
  readonly programme: number;
  readonly at: Instant;
  readonly spendFen: number;
  /** What is left of the points it was granted, by the number of their type. */
  readonly points: ReadonlyMap<number, number>;
}

/** Orders as returns have left them; of points that are not in the ledger yet nothing. */
export async function readOrderDeeds(sql: Sql, ids: readonly Uuid[]): Promise<OrderDeed[]> {
  const orders = await readOrders(sql, ids);
  const recorded = await readTransactions(
    sql,
    orders.flatMap((order) => earnsOf(order).map(({ earn }) => earn)),
  );
  return orders.map((order) => {
    const points = new Map<number, number>();
    for (const { earn, pointType, due } of earnsOf(order)) {
      const found = recorded.get(earn)?.transaction;
      // Limits may have granted less than was asked for; a return takes back from that.
      const left = found === undefined ? 0 : Math.min(grantedBy(found), due);
      points.set(pointType, (points.get(pointType) ?? 0) + left);
    }
    const { id, member, merchant, programme, paidAt: at, dueFen: spendFen } = order;
    return { deed: id, member, merchant, programme, at, spendFen, points };
  });
}

/** Those among the next `limit` orders by id that belong to a programme, and where those end; null: there are no more. */
export async function walkOrders(
  sql: Sql,
  programme: number,
  after: Uuid,
  limit: number,
): Promise<{
  readonly deeds: Pick<OrderDeed, 'deed' | 'member' | 'merchant' | 'programme'>[];
  readonly last: Uuid | null;
}> {
  const { rows } = await sql.query<Pick<OrderDeed, 'deed' | 'member' | 'merchant' | 'programme'>>({
    name: 'orders-walk',
    text: 'select id as deed, member, merchant, programme from orders where id > $1 order by id limit $2',
    values: [after, limit],
  });
  const last = rows.length < limit ? null : (rows.at(-1)?.deed ?? null);
  return { deeds: rows.filter((row) => row.programme === programme), last };
}
