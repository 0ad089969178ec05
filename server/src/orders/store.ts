import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { byteas, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import { databaseFailure, type Sql } from '../platform/database.ts';
import type { Order, OrderLine } from './order.ts';

/** Numbers of the `unsettled` table. */
export const UNSETTLED = { order: 1, return: 2 } as const;

interface OrderRow {
  id: Uuid;
  programme: number;
  point_type: number;
  merchant: Uuid;
  member: Uuid;
  order_no: string;
  paid_at_ms: Instant;
  effective_at_ms: Instant | null;
  source: string | null;
  earn_points: number;
  earn_per_fen: number;
  net_fen: number;
  points_earned: number;
  no_points_reason: string | null;
  due_fen: number;
  points_due: number;
  request_key: string;
  fingerprint: Buffer;
}

const ORDER_COLUMNS = `o.id, o.programme, o.point_type, o.merchant, o.member, o.order_no, o.paid_at_ms, o.effective_at_ms,
  o.source, o.earn_points, o.earn_per_fen, o.net_fen, o.points_earned, o.no_points_reason, o.due_fen, o.points_due,
  o.request_key, o.fingerprint`;

function orderOf(row: OrderRow): Order {
  return {
    id: row.id,
    programme: row.programme,
    pointType: row.point_type,
    merchant: row.merchant,
    member: row.member,
    orderNo: row.order_no,
    paidAt: row.paid_at_ms,
    effectiveAt: row.effective_at_ms,
    source: row.source,
    ratio: { points: row.earn_points, perFen: row.earn_per_fen },
    netFen: row.net_fen,
    pointsEarned: row.points_earned,
    noPointsReason: row.no_points_reason,
    dueFen: row.due_fen,
    pointsDue: row.points_due,
    requestKey: row.request_key,
    fingerprint: row.fingerprint,
  };
}

// One statement is one transaction: an order, its lines and its place in the queue of the unsettled
// appear together or not at all. Arrival numbers follow the order of the request; the insert itself
// goes by key, so that two statements never wait for each other crosswise.
const INSERT_ORDERS = `
  with incoming as (
    select told.*, nextval('order_arrival') as arrival from (
      select * from unnest($1::uuid[], $2::int4[], $3::int4[], $4::uuid[], $5::uuid[], $6::text[], $7::int8[], $8::int8[],
        $9::text[], $10::int8[], $11::int8[], $12::int8[], $13::int8[], $14::text[], $15::text[], $16::bytea[])
        with ordinality as t (id, programme, point_type, merchant, member, order_no, paid_at_ms, effective_at_ms, source,
          earn_points, earn_per_fen, net_fen, points_earned, no_points_reason, request_key, fingerprint, place)
      order by place
    ) told
  ), placed as (
    insert into orders (id, arrival, programme, point_type, merchant, member, order_no, paid_at_ms, effective_at_ms, source,
      earn_points, earn_per_fen, net_fen, points_earned, due_fen, points_due, no_points_reason, request_key, fingerprint,
      recorded_at_ms)
    select id, arrival, programme, point_type, merchant, member, order_no, paid_at_ms, effective_at_ms, source,
      earn_points, earn_per_fen, net_fen, points_earned, net_fen, points_earned, no_points_reason, request_key, fingerprint, $17
    from incoming order by merchant, order_no, place
    on conflict do nothing
    returning id, points_earned
  ), lined as (
    insert into order_line (order_id, line_no, sku, name, category, quantity, amount_fen)
    select i.id, l.line_no, l.sku, l.name, l.category, l.quantity, l.amount_fen
    from unnest($18::int4[], $19::int4[], $20::text[], $21::text[], $22::text[], $23::int4[], $24::int8[])
      as l (place, line_no, sku, name, category, quantity, amount_fen)
    join incoming i on i.place = l.place join placed p on p.id = i.id
  ), waiting as (
    insert into unsettled (id, kind, since_ms) select id, ${UNSETTLED.order}, $17 from placed where points_earned > 0
  )
  select id from placed`;

const ATTEMPTS_MAX = 4;

/** Records orders; answers the ids of those whose merchant and number (and key) were not taken. */
export async function insertOrders(
  sql: Sql,
  orders: readonly (Order & { readonly lines: readonly OrderLine[] })[],
  now: Instant,
): Promise<Set<Uuid>> {
  const lines: OrderLine[] = [];
  const places: number[] = [];
  for (const [index, order] of orders.entries()) {
    for (const line of order.lines) {
      lines.push(line);
      places.push(index + 1);
    }
  }
  const statement = {
    name: 'orders-insert',
    text: INSERT_ORDERS,
    values: [
      uuids(orders, (order) => order.id),
      int4s(orders, (order) => order.programme),
      int4s(orders, (order) => order.pointType),
      uuids(orders, (order) => order.merchant),
      uuids(orders, (order) => order.member),
      texts(orders, (order) => order.orderNo),
      int8s(orders, (order) => order.paidAt),
      int8s(orders, (order) => order.effectiveAt),
      texts(orders, (order) => order.source),
      int8s(orders, (order) => order.ratio.points),
      int8s(orders, (order) => order.ratio.perFen),
      int8s(orders, (order) => order.netFen),
      int8s(orders, (order) => order.pointsEarned),
      texts(orders, (order) => order.noPointsReason),
      texts(orders, (order) => order.requestKey),
      byteas(orders, (order) => order.fingerprint),
      now,
      int4s(places),
      int4s(lines, (line) => line.lineNo),
      texts(lines, (line) => line.sku),
      texts(lines, (line) => line.name),
      texts(lines, (line) => line.category),
      int4s(lines, (line) => line.quantity),
      int8s(lines, (line) => line.amountFen),
    ],
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { rows } = await sql.query<{ id: Uuid }>(statement);
      return new Set(rows.map((row) => row.id));
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || databaseFailure(error) !== 'conflict') throw error;
    }
  }
}

/** Recorded orders that have one of these numbers at its merchant, or one of these request keys. */
export async function findTaken(
  sql: Sql,
  asked: readonly {
    readonly merchant: Uuid;
    readonly orderNo: string;
    readonly requestKey: string;
  }[],
): Promise<Order[]> {
  const { rows } = await sql.query<OrderRow>({
    name: 'orders-taken',
    text: `select ${ORDER_COLUMNS} from unnest($1::uuid[], $2::text[]) as a (merchant, order_no)
        cross join lateral (select * from orders o where o.merchant = a.merchant and o.order_no = a.order_no offset 0) o
      union
      select ${ORDER_COLUMNS} from unnest($3::text[]) as a (request_key)
        cross join lateral (select * from orders o where o.request_key = a.request_key offset 0) o`,
    values: [
      uuids(asked.map((each) => each.merchant)),
      texts(asked.map((each) => each.orderNo)),
      texts(asked.map((each) => each.requestKey)),
    ],
  });
  return rows.map(orderOf);
}

export async function findOrder(sql: Sql, id: Uuid): Promise<Order | undefined> {
  const { rows } = await sql.query<OrderRow>({
    name: 'orders-by-id',
    text: `select ${ORDER_COLUMNS} from orders o where o.id = $1`,
    values: [id],
  });
  return rows[0] === undefined ? undefined : orderOf(rows[0]);
}

export async function findOrderByNumber(
  sql: Sql,
  merchant: Uuid,
  orderNo: string,
): Promise<Order | undefined> {
  const { rows } = await sql.query<OrderRow>({
    name: 'orders-by-number',
    text: `select ${ORDER_COLUMNS} from orders o where o.merchant = $1 and o.order_no = $2`,
    values: [merchant, orderNo],
  });
  return rows[0] === undefined ? undefined : orderOf(rows[0]);
}

/** An order's lines in their order, with how many of each came back. */
export async function readLines(
  sql: Sql,
  order: Uuid,
): Promise<(OrderLine & { readonly returned: number })[]> {
  const { rows } = await sql.query<OrderLine & { returned: number }>({
    name: 'order-lines',
    text: `select line_no as "lineNo", sku, name, category, quantity, amount_fen as "amountFen", returned
      from order_line where order_id = $1 order by line_no`,
    values: [order],
  });
  return rows;
}

/** The numbers that orders have at their merchants, for those of these ids that are orders. */
export async function readOrderNumbers(sql: Sql, ids: readonly Uuid[]): Promise<Map<Uuid, string>> {
  const { rows } = await sql.query<{ id: Uuid; order_no: string }>({
    name: 'order-numbers',
    text: 'select id, order_no from orders where id = any ($1::uuid[])',
    values: [uuids(ids)],
  });
  return new Map(rows.map((row) => [row.id, row.order_no]));
}

/** Of these orders, those whose earn is not known to be in the ledger. */
export async function readUnsettledOrders(sql: Sql, ids: readonly Uuid[]): Promise<Order[]> {
  const { rows } = await sql.query<OrderRow>({
    name: 'orders-unsettled',
    text: `select ${ORDER_COLUMNS} from unsettled u join orders o on o.id = u.id
      where u.id = any ($1::uuid[]) and u.kind = ${UNSETTLED.order}`,
    values: [uuids(ids)],
  });
  return rows.map(orderOf);
}

/** Ids that have waited since before `before`, oldest first. */
export async function readWaiting(
  sql: Sql,
  kind: number,
  before: Instant,
  limit: number,
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ id: Uuid }>({
    name: 'unsettled-waiting',
    text: 'select id from unsettled where kind = $1 and since_ms < $2 order by since_ms, id limit $3',
    values: [kind, before, limit],
  });
  return rows.map((row) => row.id);
}

/** Notes that the ledger has answered for these. */
export async function markSettled(sql: Sql, ids: readonly Uuid[]): Promise<void> {
  await sql.query({
    name: 'unsettled-done',
    text: 'delete from unsettled where id = any ($1::uuid[])',
    values: [uuids(ids)],
  });
}
