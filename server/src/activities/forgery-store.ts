import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { Forgery } from './forgery.ts';

const COLUMNS = `f.id, f.activity, f.reason, f.actor, f.policy, f.request_key as "requestKey", f.noted_by as "notedBy",
  f.noted_at_ms as "notedAt"`;

/** Takes back what the activity saved of emissions as well. False when one was noted before of this activity, or under this key. */
export async function insertForgery(sql: Sql, forgery: Forgery): Promise<boolean> {
  const { rowCount } = await sql.query(
    `with noted as (
        insert into activity_forgery (id, activity, reason, actor, policy, request_key, noted_by, noted_at_ms)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id
      ), waiting as (
        insert into unsettled (id, kind, since_ms) select id, ${UNSETTLED.forgery}, $8::int8 from noted
      ), unsaved as (
        insert into carbon_entry (id, activity, programme, member, merchant, method, quantity, grams, at_ms, recorded_at_ms)
        select noted.id, e.activity, e.programme, e.member, e.merchant, e.method, -e.quantity, -e.grams, e.at_ms, $8
        from noted join carbon_entry e on e.id = $2
      ) select id from noted`,
    [
      forgery.id,
      forgery.activity,
      forgery.reason,
      forgery.actor,
      forgery.policy,
      forgery.requestKey,
      forgery.notedBy,
      forgery.notedAt,
    ],
  );
  return rowCount === 1;
}

/** What was noted of this activity, or under this key. */
export async function findForgeries(
  sql: Sql,
  { activity, requestKey }: Pick<Forgery, 'activity' | 'requestKey'>,
): Promise<Forgery[]> {
  const { rows } = await sql.query<Forgery>(
    `select ${COLUMNS} from activity_forgery f where f.activity = $1 or f.request_key = $2`,
    [activity, requestKey],
  );
  return rows;
}

/** Those of these that were noted. */
export async function readForgeries(sql: Sql, ids: readonly Uuid[]): Promise<Forgery[]> {
  const { rows } = await sql.query<Forgery>(
    `select ${COLUMNS} from activity_forgery f where f.id = any ($1::uuid[]) order by f.id`,
    [uuids(ids)],
  );
  return rows;
}
