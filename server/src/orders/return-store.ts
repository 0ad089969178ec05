import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { ReturnPolicy } from '../ledger/command.ts';
import { int4s, int8s, texts, uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { OpenLine, RevaluedAward } from './goods.ts';
import type { AskedLine, GoodsReturn, ReturnPart, ReturnState } from './goods-return.ts';

/** What was told of returns and, unless they wait, what they did. Those that wait are numbered as they came. */
const INSERT_TOLD = `
    insert into goods_return (id, programme, point_type, merchant, member, return_no, order_id, returned_at_ms, effective_at_ms,
      source, policy, orders, owners, points_before, points_after, awards, request_key, fingerprint, recorded_at_ms, state, order_no,
      asked, wait_until_ms, arrival)
    select r.id, r.programme, r.point_type, r.merchant, r.member, r.return_no, r.order_id, r.returned_at_ms, r.effective_at_ms,
      r.source, r.policy, r.orders, r.owners, r.points_before, r.points_after, r.awards, r.request_key, decode(r.fingerprint, 'hex'), $2,
      r.state, r.order_no, r.asked, r.wait_until_ms, r.arrival
    from (
      select told.*, case when told.state = 'waiting' then nextval('order_arrival') end as arrival from (
        select * from json_to_recordset($1::json) as t (id uuid, programme int, point_type int, merchant uuid, member uuid, return_no text,
          order_id uuid, returned_at_ms int8, effective_at_ms int8, source text, policy text, orders uuid[], owners uuid[],
          points_before int8[], points_after int8[], awards jsonb, request_key text, fingerprint text, state text, order_no text,
          asked jsonb, wait_until_ms int8, place int)
        order by place
      ) told
    ) r
    order by r.merchant, r.return_no`;

/** What returns that waited have done, now that their order is there. */
const APPLY_WAITING = `
    update goods_return g set state = 'applied', ended_at_ms = $2, order_id = r.order_id, orders = r.orders, owners = r.owners,
      points_before = r.points_before, points_after = r.points_after, awards = r.awards
    from json_to_recordset($1::json) as r (id uuid, order_id uuid, orders uuid[], owners uuid[], points_before int8[],
      points_after int8[], awards jsonb)
    where g.id = r.id and g.state = 'waiting'`;

const withGoods = (made: string): string => `
  with made as (${made}
  ), lined as (
    insert into return_line (return_id, place, part, line_no, sku, quantity, amount_fen, order_id, order_line)
    select * from unnest($3::uuid[], $4::int4[], $5::int4[], $6::int4[], $7::text[], $8::int4[], $18::int8[], $9::uuid[],
      $10::int4[])
  ), goods as (
    update order_line l set returned = t.returned, refunded_fen = t.refunded_fen
    from unnest($11::uuid[], $12::int4[], $13::int4[], $19::int8[]) as t (order_id, line_no, returned, refunded_fen)
    where l.order_id = t.order_id and l.line_no = t.line_no
  ), awarded as (
    update order_award a set due = t.due from unnest($20::uuid[], $21::int4[], $22::int8[]) as t (order_id, place, due)
    where a.order_id = t.order_id and a.place = t.place
  ), worth as (
    update orders o set due_fen = t.due_fen, points_due = t.points_due
    from unnest($14::uuid[], $15::int8[], $16::int8[]) as t (id, due_fen, points_due) where o.id = t.id
  )
  insert into unsettled (id, kind, since_ms) select id, ${UNSETTLED.return}, $2 from unnest($17::uuid[]) as w (id)`;
const INSERT_RETURNS = withGoods(INSERT_TOLD);
const APPLY_RETURNS = withGoods(APPLY_WAITING);

/** Writes returns, and what they left of lines and orders. Throws a unique violation when a number or key was just taken. */
export function insertReturns(
  tx: Transaction,
  returns: readonly GoodsReturn[],
  lines: readonly OpenLine[],
  now: Instant,
): Promise<void> {
  return write(tx, { name: 'returns-insert', text: INSERT_RETURNS }, returns, lines, now);
}

/** The same for returns that waited, which the caller has locked. */
export function applyReturns(
  tx: Transaction,
  returns: readonly GoodsReturn[],
  lines: readonly OpenLine[],
  now: Instant,
): Promise<void> {
  return write(tx, { name: 'returns-apply', text: APPLY_RETURNS }, returns, lines, now);
}

async function write(
  tx: Transaction,
  statement: { readonly name: string; readonly text: string },
  returns: readonly GoodsReturn[],
  lines: readonly OpenLine[],
  now: Instant,
): Promise<void> {
  const parts = returns.flatMap((each) => each.parts.map((part) => ({ ...part, id: each.id })));
  const orders = [...new Set(lines.map((line) => line.order))];
  const awards = orders.flatMap(({ id, ruled }) =>
    (ruled?.awards ?? []).map(({ place, due }) => ({ id, place, due })),
  );
  const waiting = returns.filter((each) => each.orders.length > 0);
  await tx.query({
    ...statement,
    values: [
      JSON.stringify(returns.map(rowOf)),
      now,
      uuids(parts.map((part) => part.id)),
      int4s(parts.map((part) => part.place)),
      int4s(parts.map((part) => part.part)),
      int4s(parts.map((part) => part.lineNo)),
      texts(parts.map((part) => part.sku)),
      int4s(parts.map((part) => part.quantity)),
      uuids(parts.map((part) => part.from?.order ?? null)),
      int4s(parts.map((part) => part.from?.lineNo ?? null)),
      uuids(lines.map((line) => line.order.id)),
      int4s(lines.map((line) => line.lineNo)),
      int4s(lines.map((line) => line.returned)),
      uuids(orders.map((order) => order.id)),
      int8s(orders.map((order) => order.dueFen)),
      int8s(orders.map((order) => order.pointsDue)),
      uuids(waiting.map((each) => each.id)),
      int8s(parts.map((part) => part.amountFen)),
      int8s(lines.map((line) => line.refundedFen)),
      uuids(awards.map((award) => award.id)),
      int4s(awards.map((award) => award.place)),
      int8s(awards.map((award) => award.due)),
    ],
  });
}

function rowOf(each: GoodsReturn, place: number): object {
  const isAllOwn = each.orders.every((order) => order.member === each.member);
  return {
    id: each.id,
    programme: each.programme,
    point_type: each.pointType,
    merchant: each.merchant,
    member: each.member,
    return_no: each.returnNo,
    order_id: each.order,
    returned_at_ms: each.returnedAt,
    effective_at_ms: each.effectiveAt,
    source: each.source,
    policy: each.policy,
    orders: each.orders.map((order) => order.order),
    owners: isAllOwn ? null : each.orders.map((order) => order.member),
    points_before: each.orders.map((order) => order.pointsBefore),
    points_after: each.orders.map((order) => order.pointsAfter),
    awards: each.orders.some((order) => order.awards.length > 0)
      ? each.orders.map((order) => order.awards)
      : null,
    request_key: each.requestKey,
    fingerprint: each.fingerprint.toString('hex'),
    state: each.state,
    order_no: each.orderNo,
    asked: each.waited?.lines ?? null,
    wait_until_ms: each.waited?.until ?? null,
    place,
  };
}

export interface ReturnRow {
  id: Uuid;
  programme: number;
  point_type: number;
  merchant: Uuid;
  member: Uuid;
  return_no: string;
  order_id: Uuid | null;
  returned_at_ms: Instant;
  effective_at_ms: Instant | null;
  source: string | null;
  policy: ReturnPolicy;
  orders: Uuid[];
  owners: Uuid[] | null;
  points_before: number[];
  points_after: number[];
  awards: RevaluedAward[][] | null;
  request_key: string;
  fingerprint: Buffer;
  state: ReturnState;
  order_no: string | null;
  asked: AskedLine[] | null;
  wait_until_ms: Instant | null;
  refusal: Refusal | null;
  parts: {
    place: number;
    part: number;
    line_no: number | null;
    sku: string;
    quantity: number | null;
    amount_fen: number | null;
    order_id: Uuid | null;
    order_line: number | null;
  }[];
}

export const RETURN_COLUMNS = `r.id, r.programme, r.point_type, r.merchant, r.member, r.return_no, r.order_id, r.returned_at_ms,
  r.effective_at_ms, r.source, r.policy, r.orders, r.owners, r.points_before, r.points_after, r.awards, r.request_key, r.fingerprint,
  r.state, r.order_no, r.asked, r.wait_until_ms, r.refusal,
  (select coalesce(json_agg(l order by l.place, l.part), '[]') from return_line l where l.return_id = r.id) as parts`;

export function returnOf(row: ReturnRow): GoodsReturn {
  const { asked, wait_until_ms: until } = row;
  return {
    id: row.id,
    programme: row.programme,
    pointType: row.point_type,
    merchant: row.merchant,
    member: row.member,
    returnNo: row.return_no,
    order: row.order_id,
    orderNo: row.order_no,
    returnedAt: row.returned_at_ms,
    effectiveAt: row.effective_at_ms,
    source: row.source,
    policy: row.policy,
    state: row.state,
    waited: asked === null || until === null ? null : { lines: asked, until },
    refusal: row.refusal,
    parts: row.parts.map(
      ({
        place,
        part,
        line_no: lineNo,
        sku,
        quantity,
        amount_fen: amountFen,
        order_id: order,
        order_line: line,
      }): ReturnPart => ({
        place,
        part,
        lineNo,
        sku,
        quantity,
        amountFen,
        from: order === null || line === null ? null : { order, lineNo: line },
      }),
    ),
    orders: row.orders.map((order, index) => ({
      order,
      member: row.owners?.[index] ?? row.member,
      pointsBefore: row.points_before[index] ?? 0,
      pointsAfter: row.points_after[index] ?? 0,
      awards: row.awards?.[index] ?? [],
    })),
    requestKey: row.request_key,
    fingerprint: row.fingerprint,
  };
}

/** Recorded returns that have one of these numbers at its merchant, or one of these request keys. */
export async function findTakenReturns(
  sql: Sql,
  asked: readonly {
    readonly merchant: Uuid;
    readonly returnNo: string;
    readonly requestKey: string;
  }[],
): Promise<GoodsReturn[]> {
  const { rows } = await sql.query<ReturnRow>({
    name: 'returns-taken',
    text: `select ${RETURN_COLUMNS} from goods_return r where r.id in (
        select t.id from unnest($1::uuid[], $2::text[]) as a (merchant, return_no)
          cross join lateral (select id from goods_return g where g.merchant = a.merchant and g.return_no = a.return_no offset 0) t
        union
        select t.id from unnest($3::text[]) as a (request_key)
          cross join lateral (select id from goods_return g where g.request_key = a.request_key offset 0) t)`,
    values: [
      uuids(asked.map((each) => each.merchant)),
      texts(asked.map((each) => each.returnNo)),
      texts(asked.map((each) => each.requestKey)),
    ],
  });
  return rows.map(returnOf);
}

/** Recorded returns by id. */
export async function readReturns(sql: Sql, ids: readonly Uuid[]): Promise<GoodsReturn[]> {
  const { rows } = await sql.query<ReturnRow>({
    name: 'returns-by-id',
    text: `select ${RETURN_COLUMNS} from goods_return r where r.id = any ($1::uuid[])`,
    values: [uuids(ids)],
  });
  return rows.map(returnOf);
}
