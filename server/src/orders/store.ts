import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Limit } from '../ledger/command.ts';
import { int4s, texts, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { OrderAward } from './award.ts';
import type { OrderOccasion } from './occasion.ts';
import type { Order, OrderLine } from './order.ts';

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
  expires_at_ms: Instant | null;
  slide_months: number | null;
  occasion: OccasionJson | null;
  awards: AwardJson[] | null;
  request_key: string;
  fingerprint: Buffer;
}

/** `rated` is null when no rule was in force. */
export interface OccasionJson {
  store: string | null;
  channel: string | null;
  tenders: string[];
  rated: OrderOccasion | null;
}

export interface AwardJson {
  place: number;
  earn: Uuid;
  rule_version: Uuid;
  point_type: number;
  points: number;
  due: number;
  available_at_ms: Instant | null;
  on_completion: boolean;
  expires_at_ms: Instant | null;
  slide_months: number | null;
  funders: { merchant: Uuid; share: number }[] | null;
  limits: Limit[] | null;
}

/** The awards of `orders o` as `AwardJson[]`; null when it has none. */
export const AWARDS_JSON = `case when o.occasion is not null then (
  select jsonb_agg(to_jsonb(a) - 'order_id' order by a.place) from order_award a where a.order_id = o.id) end`;

const ORDER_COLUMNS = `o.id, o.programme, o.point_type, o.merchant, o.member, o.order_no, o.paid_at_ms, o.effective_at_ms,
  o.source, o.earn_points, o.earn_per_fen, o.net_fen, o.points_earned, o.no_points_reason, o.due_fen, o.points_due,
  o.expires_at_ms, o.slide_months, o.occasion, ${AWARDS_JSON} as awards, o.request_key, o.fingerprint`;

export function awardsOf(rows: readonly AwardJson[] | null): OrderAward[] {
  return (rows ?? []).map((row) => ({
    place: row.place,
    earn: row.earn,
    version: row.rule_version,
    pointType: row.point_type,
    points: row.points,
    due: row.due,
    availableAt: row.available_at_ms,
    onCompletion: row.on_completion,
    expiresAt: row.expires_at_ms,
    slideMonths: row.slide_months,
    funders: row.funders,
    limits: row.limits ?? [],
  }));
}

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
    store: row.occasion?.store ?? null,
    channel: row.occasion?.channel ?? null,
    tenders: row.occasion?.tenders ?? [],
    ratio: { points: row.earn_points, perFen: row.earn_per_fen },
    netFen: row.net_fen,
    pointsEarned: row.points_earned,
    expiresAt: row.expires_at_ms,
    slideMonths: row.slide_months,
    awards: awardsOf(row.awards),
    noPointsReason: row.no_points_reason,
    dueFen: row.due_fen,
    pointsDue: row.points_due,
    occasion: row.occasion?.rated ?? null,
    requestKey: row.request_key,
    fingerprint: row.fingerprint,
  };
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

/** Orders by id; unknown ids are absent. */
export async function readOrders(sql: Sql, ids: readonly Uuid[]): Promise<Order[]> {
  const { rows } = await sql.query<OrderRow>({
    name: 'orders-by-ids',
    text: `select ${ORDER_COLUMNS} from orders o where o.id = any ($1::uuid[])`,
    values: [uuids(ids)],
  });
  return rows.map(orderOf);
}

/** Where a list of orders goes on: before this one. */
export interface OrderPosition {
  readonly paidAt: Instant;
  readonly id: Uuid;
}

/** Orders of members, at one merchant or in one programme where that is said, the last paid first. */
export async function listOrders(
  sql: Sql,
  by: {
    readonly members: readonly Uuid[];
    readonly merchant: Uuid | null;
    readonly programme: number | null;
  },
  before: OrderPosition | null,
  limit: number,
): Promise<Order[]> {
  const { rows } = await sql.query<OrderRow>({
    name: 'orders-of-members',
    // OFFSET 0: whoever looks for the last by time must not walk all orders of the programme until they come.
    text: `select ${ORDER_COLUMNS} from (
        select * from orders o where o.member = any ($1::uuid[]) and ($2::uuid is null or o.merchant = $2)
          and ($3::int is null or o.programme = $3) offset 0
      ) o
      where $4::int8 is null or (o.paid_at_ms, o.id) < ($4, $5::uuid)
      order by o.paid_at_ms desc, o.id desc limit $6`,
    values: [
      uuids(by.members),
      by.merchant,
      by.programme,
      before?.paidAt ?? null,
      before?.id ?? null,
      limit,
    ],
  });
  return rows.map(orderOf);
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

/** A line with what returns took of it. */
export interface LineNow extends OrderLine {
  readonly returned: number;
  readonly refundedFen: number;
}

const LINE_COLUMNS = `line_no as "lineNo", sku, name, brand, category, zone, green_certificate as "greenCertificate", green,
  certificate, quantity, amount_fen as "amountFen", returned, refunded_fen as "refundedFen"`;

/** An order's lines in their order. */
export async function readLines(sql: Sql, order: Uuid): Promise<LineNow[]> {
  const { rows } = await sql.query<LineNow>({
    name: 'order-lines',
    text: `select ${LINE_COLUMNS} from order_line where order_id = $1 order by line_no`,
    values: [order],
  });
  return rows;
}

/** The lines of orders, each in their order. */
export async function readLinesOf(
  sql: Sql,
  orders: readonly Uuid[],
): Promise<Map<Uuid, LineNow[]>> {
  const { rows } = await sql.query<LineNow & { readonly order: Uuid }>({
    name: 'order-lines-of',
    text: `select order_id as "order", ${LINE_COLUMNS} from order_line where order_id = any ($1::uuid[]) order by order_id, line_no`,
    values: [uuids(orders)],
  });
  const lines = new Map<Uuid, LineNow[]>();
  for (const { order, ...line } of rows) {
    const own = lines.get(order);
    if (own === undefined) lines.set(order, [line]);
    else own.push(line);
  }
  return lines;
}

/** How many orders, of which something paid is left, any of these members have at a merchant; answered in order. */
export async function countEarlierOrders(
  sql: Sql,
  asked: readonly { readonly merchant: Uuid; readonly members: readonly Uuid[] }[],
): Promise<number[]> {
  const each = asked.flatMap(({ merchant, members }, index) =>
    members.map((member) => ({ merchant, member, index })),
  );
  const { rows } = await sql.query<{ index: number; count: number }>({
    name: 'orders-earlier',
    text: `select a.index, sum(n.count)::int8 as count
      from unnest($1::uuid[], $2::uuid[], $3::int4[]) as a (member, merchant, index)
      cross join lateral (
        select count(*) from orders o where o.member = a.member and o.merchant = a.merchant and o.due_fen > 0
      ) n group by a.index`,
    values: [
      uuids(each, ({ member }) => member),
      uuids(each, ({ merchant }) => merchant),
      int4s(each, ({ index }) => index),
    ],
  });
  const counts = new Map(rows.map(({ index, count }) => [index, count]));
  return asked.map((_, index) => counts.get(index) ?? 0);
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
