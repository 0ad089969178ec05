import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { texts, uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { GoodsReturn, ReturnState } from './goods-return.ts';
import { RETURN_COLUMNS, type ReturnRow, returnOf } from './return-store.ts';

/** An order as a merchant numbers it. */
export interface OrderNumber {
  readonly merchant: Uuid;
  readonly orderNo: string;
}

/** An order that a return names by its number. */
export interface NamedOrder extends OrderNumber {
  readonly id: Uuid;
  readonly member: Uuid;
}

/** Of orders with these numbers, those that are recorded. */
export async function findNamed(sql: Sql, asked: readonly OrderNumber[]): Promise<NamedOrder[]> {
  if (asked.length === 0) return [];
  const { rows } = await sql.query<NamedOrder>({
    name: 'orders-named',
    text: `select o.id, o.member, o.merchant, o.order_no as "orderNo" from unnest($1::uuid[], $2::text[]) as a (merchant, order_no)
      cross join lateral (select * from orders o where o.merchant = a.merchant and o.order_no = a.order_no offset 0) o`,
    values: [uuids(asked.map((each) => each.merchant)), texts(asked.map((each) => each.orderNo))],
  });
  return rows;
}

/** Returns that wait for orders with these numbers. */
export async function findAwaiting(sql: Sql, orders: readonly OrderNumber[]): Promise<Uuid[]> {
  const { rows } = await sql.query<{ id: Uuid }>({
    name: 'returns-awaiting',
    text: `select r.id from unnest($1::uuid[], $2::text[]) as a (merchant, order_no)
      cross join lateral (select id from goods_return r
        where r.merchant = a.merchant and r.order_no = a.order_no and r.state = 'waiting' offset 0) r`,
    values: [uuids(orders.map((each) => each.merchant)), texts(orders.map((each) => each.orderNo))],
  });
  return rows.map((row) => row.id);
}

/** Of these returns those that wait although their order is there, as they came. */
export async function findCome(
  sql: Sql,
  ids: readonly Uuid[],
): Promise<(NamedOrder & { readonly returnId: Uuid })[]> {
  const { rows } = await sql.query<NamedOrder & { readonly returnId: Uuid }>({
    name: 'returns-come',
    text: `select r.id as "returnId", o.id, o.member, o.merchant, o.order_no as "orderNo" from goods_return r
      cross join lateral (select * from orders o where o.merchant = r.merchant and o.order_no = r.order_no offset 0) o
      where r.id = any ($1::uuid[]) and r.state = 'waiting' order by r.arrival`,
    values: [uuids(ids)],
  });
  return rows;
}

/** Of these returns those that still wait, locked: nobody applies or withdraws them until the transaction ends. */
export async function lockWaiting(
  tx: Transaction,
  ids: readonly Uuid[],
): Promise<Map<Uuid, GoodsReturn>> {
  const { rows } = await tx.query<ReturnRow>({
    name: 'returns-lock-waiting',
    text: `select ${RETURN_COLUMNS} from goods_return r where r.id = any ($1::uuid[]) and r.state = 'waiting'
      order by r.id for update of r`,
    values: [uuids(ids)],
  });
  return new Map(rows.map((row) => [row.id, returnOf(row)]));
}

/** Ends returns that wait with the reason why they come to nothing. */
export async function refuseWaiting(
  tx: Transaction,
  refused: readonly { readonly id: Uuid; readonly refusal: Refusal }[],
  now: Instant,
): Promise<void> {
  await tx.query({
    name: 'returns-refuse',
    text: `update goods_return g set state = 'refused', refusal = r.refusal::jsonb, ended_at_ms = $3
      from unnest($1::uuid[], $2::text[]) as r (id, refusal) where g.id = r.id and g.state = 'waiting'`,
    values: [
      uuids(refused.map((each) => each.id)),
      texts(refused.map((each) => JSON.stringify(each.refusal))),
      now,
    ],
  });
}

/** Refuses those of these that have waited for their order long enough; answers how many. */
export async function refuseOverdue(
  sql: Sql,
  ids: readonly Uuid[],
  refusal: Refusal,
  now: Instant,
): Promise<number> {
  const { rowCount } = await sql.query({
    name: 'returns-overdue',
    text: `update goods_return r set state = 'refused', refusal = $2::jsonb, ended_at_ms = $3
      where r.id = any ($1::uuid[]) and r.state = 'waiting' and r.wait_until_ms <= $3
        and not exists (select from orders o where o.merchant = r.merchant and o.order_no = r.order_no)`,
    values: [uuids(ids), JSON.stringify(refusal), now],
  });
  return rowCount ?? 0;
}

/** Withdraws a return if it still waits; answers whether it did. */
export async function withdrawWaiting(tx: Transaction, id: Uuid, now: Instant): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update goods_return set state = 'withdrawn', ended_at_ms = $2 where id = $1 and state = 'waiting'`,
    [id, now],
  );
  return rowCount === 1;
}

/** Returns recorded before `before` that wait without need: their order is there, or will not come any more; by id. */
export async function readOverdue(
  sql: Sql,
  { before, now }: { readonly before: Instant; readonly now: Instant },
  after: Uuid | null,
  limit: number,
): Promise<{ readonly id: Uuid }[]> {
  const { rows } = await sql.query<{ id: Uuid }>({
    name: 'returns-left-waiting',
    text: `select r.id from goods_return r
      where r.state = 'waiting' and ($1::uuid is null or r.id > $1) and r.recorded_at_ms < $2
        and (r.wait_until_ms <= $3 or exists (select from orders o where o.merchant = r.merchant and o.order_no = r.order_no))
      order by r.id limit $4`,
    values: [after, before, now, limit],
  });
  return rows;
}

/** Returns in a state by age, of a merchant or a programme, or of all. */
export async function listReturns(
  sql: Sql,
  {
    state,
    merchant,
    programme,
  }: {
    readonly state: Exclude<ReturnState, 'applied'>;
    readonly merchant: Uuid | null;
    readonly programme: number | null;
  },
  after: Uuid | null,
  limit: number,
): Promise<GoodsReturn[]> {
  // Not named, so that each is planned for what it asks; the index holds only what is not applied.
  const { rows } = await sql.query<ReturnRow>(
    `select ${RETURN_COLUMNS} from goods_return r where r.state = $1 and r.state <> 'applied'
      ${merchant === null ? 'and $2::uuid is null' : 'and r.merchant = $2'}
      and ($3::int is null or r.programme = $3) and ($4::uuid is null or r.id > $4)
      order by r.id limit $5`,
    [state, merchant, programme, after, limit],
  );
  return rows.map(returnOf);
}

/** Since when the return that waits longest for its order does; null: none waits. */
export async function readOldestWaiting(sql: Sql): Promise<Instant | null> {
  const { rows } = await sql.query<{ since: Instant }>({
    name: 'returns-oldest-waiting',
    text: `select recorded_at_ms as since from goods_return where state = 'waiting' order by id limit 1`,
  });
  return rows[0]?.since ?? null;
}
