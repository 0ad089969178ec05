import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { bools, byteas, int8s, texts, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { Completion } from './completion.ts';

/** A completion about to be recorded, and whether points wait for it. */
export type NewCompletion = Completion & { readonly isAwaited: boolean };

/** Records those whose orders, and whose keys, have none yet: each with its place in the queue of the unsettled, if points wait for it. */
export async function insertCompletions(
  sql: Sql,
  completions: readonly NewCompletion[],
  now: Instant,
): Promise<void> {
  await sql.query({
    name: 'completions-insert',
    text: `
      with told as (
        select * from unnest($1::uuid[], $2::uuid[], $3::int8[], $4::int8[], $5::text[], $6::bytea[], $7::bool[])
          as t (id, order_id, completed_at_ms, effective_at_ms, request_key, fingerprint, awaited)
      ), placed as (
        insert into order_completion (id, order_id, completed_at_ms, effective_at_ms, request_key, fingerprint, recorded_at_ms)
        select id, order_id, completed_at_ms, effective_at_ms, request_key, fingerprint, $8 from told order by order_id
        on conflict do nothing returning id
      )
      insert into unsettled (id, kind, since_ms)
      select p.id, ${UNSETTLED.completion}, $8 from placed p join told t on t.id = p.id where t.awaited`,
    values: [
      uuids(completions, (each) => each.id),
      uuids(completions, (each) => each.order),
      int8s(completions, (each) => each.completedAt),
      int8s(completions, (each) => each.effectiveAt),
      texts(completions, (each) => each.requestKey),
      byteas(completions, (each) => each.fingerprint),
      bools(completions, (each) => each.isAwaited),
      now,
    ],
  });
}

const COLUMNS = `c.id, c.order_id as "order", c.completed_at_ms as "completedAt", c.effective_at_ms as "effectiveAt",
  c.request_key as "requestKey", c.fingerprint`;

/** What was recorded of these orders, or under one of these keys. */
export async function findCompletions(
  sql: Sql,
  asked: readonly { readonly order: Uuid; readonly requestKey?: string }[],
): Promise<Completion[]> {
  const { rows } = await sql.query<Completion>({
    name: 'completions-taken',
    text: `select ${COLUMNS} from order_completion c where c.order_id = any ($1::uuid[])
      union select ${COLUMNS} from order_completion c where c.request_key = any ($2::text[])`,
    values: [
      uuids(asked, (each) => each.order),
      texts(asked.flatMap(({ requestKey }) => requestKey ?? [])),
    ],
  });
  return rows;
}

/** Completions by id. */
export async function readCompletions(sql: Sql, ids: readonly Uuid[]): Promise<Completion[]> {
  const { rows } = await sql.query<Completion>({
    name: 'completions-by-ids',
    text: `select ${COLUMNS} from order_completion c where c.id = any ($1::uuid[])`,
    values: [uuids(ids)],
  });
  return rows;
}

/** The ids of orders by their merchants' numbers; those that are not there are absent. */
export async function readOrderIds(
  sql: Sql,
  asked: readonly { readonly merchant: Uuid; readonly orderNo: string }[],
): Promise<{ readonly id: Uuid; readonly merchant: Uuid; readonly orderNo: string }[]> {
  const { rows } = await sql.query<{ id: Uuid; merchant: Uuid; orderNo: string }>({
    name: 'orders-ids-by-numbers',
    text: `select o.id, o.merchant, o.order_no as "orderNo" from unnest($1::uuid[], $2::text[]) as a (merchant, order_no)
      cross join lateral (select * from orders o where o.merchant = a.merchant and o.order_no = a.order_no offset 0) o`,
    values: [uuids(asked, (each) => each.merchant), texts(asked, (each) => each.orderNo)],
  });
  return rows;
}
