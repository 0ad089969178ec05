import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import type { Forgery } from './forgery.ts';

/** Number of the `unsettled` table: what was given for forged evidence is not known to be taken back yet. */
const UNSETTLED_FORGERY = 6;

const COLUMNS = `f.id, f.activity, f.reason, f.actor, f.policy, f.request_key as "requestKey", f.noted_by as "notedBy",
  f.noted_at_ms as "notedAt"`;

/** False when one was noted before of this activity, or under this key. */
export async function insertForgery(sql: Sql, forgery: Forgery): Promise<boolean> {
  const { rowCount } = await sql.query(
    `with noted as (
        insert into activity_forgery (id, activity, reason, actor, policy, request_key, noted_by, noted_at_ms)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id
      ), waiting as (
        insert into unsettled (id, kind, since_ms) select id, ${UNSETTLED_FORGERY}, $8::int8 from noted
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

/** Those that have waited for the ledger since before `before`, oldest first. */
export async function readOpenForgeries(
  sql: Sql,
  before: Instant,
  limit: number,
): Promise<Forgery[]> {
  const { rows } = await sql.query<Forgery>(
    `select ${COLUMNS} from unsettled u join activity_forgery f on f.id = u.id
      where u.kind = $1 and u.since_ms < $2 order by u.since_ms, u.id limit $3`,
    [UNSETTLED_FORGERY, before, limit],
  );
  return rows;
}

/** Notes that the ledger has answered for these. */
export async function endForgeries(sql: Sql, ids: readonly Uuid[]): Promise<void> {
  await sql.query('delete from unsettled where id = any ($1::uuid[])', [uuids(ids)]);
}
