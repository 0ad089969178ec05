import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { byteas, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import { databaseFailure, type Sql } from '../platform/database.ts';
import type { Ended, Transfer } from './transfer.ts';

const COLUMNS = `t.id, t.programme, t.point_type as "pointType", t.giver, t.receiver, t.points, t.purpose, t.day::text,
  t.day_max as "dayMax", t.grace_days as "graceDays", t.status, t.refusal, t.request_key as "requestKey", t.fingerprint,
  t.recorded_at_ms as "recordedAt"`;

// Arrival numbers follow the order of the request; the insert itself goes by key, so that two statements
// never wait for each other crosswise, and of two with one key the first stays.
const INSERT = `
  with incoming as (
    select told.*, nextval('transfer_arrival') as arrival from (
      select * from unnest($1::uuid[], $2::int4[], $3::int4[], $4::uuid[], $5::uuid[], $6::int8[], $7::text[], $8::text[],
        $9::int8[], $10::int4[], $11::text[], $12::bytea[], $13::int8[])
        with ordinality as t (id, programme, point_type, giver, receiver, points, purpose, day, day_max, grace_days,
          request_key, fingerprint, recorded_at_ms, place)
      order by place
    ) told
  )
  insert into transfer (id, arrival, programme, point_type, giver, receiver, points, purpose, day, day_max, grace_days,
    request_key, fingerprint, recorded_at_ms)
  select id, arrival, programme, point_type, giver, receiver, points, purpose, day::date, day_max, grace_days, request_key,
    fingerprint, recorded_at_ms
  from incoming order by request_key, place
  on conflict (request_key) do nothing
  returning id`;

/** Writes transfers down; answers the ids of those whose request keys were not taken. */
export async function insertTransfers(
  sql: Sql,
  transfers: readonly Transfer[],
): Promise<ReadonlySet<Uuid>> {
  if (transfers.length === 0) return new Set();
  const { rows } = await sql.query<{ id: Uuid }>({
    name: 'transfers-insert',
    text: INSERT,
    values: [
      uuids(transfers, (each) => each.id),
      int4s(transfers, (each) => each.programme),
      int4s(transfers, (each) => each.pointType),
      uuids(transfers, (each) => each.giver),
      uuids(transfers, (each) => each.receiver),
      int8s(transfers, (each) => each.points),
      texts(transfers, (each) => each.purpose),
      texts(transfers, (each) => each.day),
      int8s(transfers, (each) => each.dayMax),
      int4s(transfers, (each) => each.graceDays),
      texts(transfers, (each) => each.requestKey),
      byteas(transfers, (each) => each.fingerprint),
      int8s(transfers, (each) => each.recordedAt),
    ],
  });
  return new Set(rows.map((row) => row.id));
}

export async function findTransfer(sql: Sql, id: Uuid): Promise<Transfer | undefined> {
  const { rows } = await sql.query<Transfer>({
    name: 'transfers-by-id',
    text: `select ${COLUMNS} from transfer t where t.id = $1`,
    values: [id],
  });
  return rows[0];
}

/** The transfers that have these request keys, by key. */
export async function findTransfersByKey(
  sql: Sql,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Transfer>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql.query<Transfer>({
    name: 'transfers-by-key',
    text: `select ${COLUMNS} from unnest($1::text[]) as a (request_key)
      cross join lateral (select * from transfer t where t.request_key = a.request_key offset 0) t`,
    values: [texts(keys)],
  });
  return new Map(rows.map((transfer) => [transfer.requestKey, transfer]));
}

/** Transfers that are open since before `before`, in the order in which they were asked for, behind `after`. */
export async function readOpenTransfers(
  sql: Sql,
  before: Instant,
  after: Transfer | null,
  limit: number,
): Promise<Transfer[]> {
  const { rows } = await sql.query<Transfer>({
    name: 'transfers-open',
    text: `select ${COLUMNS} from transfer t where t.status = 'open' and t.recorded_at_ms < $1
        and t.arrival > coalesce((select arrival from transfer where id = $2), 0)
      order by t.arrival limit $3`,
    values: [before, after?.id ?? null, limit],
  });
  return rows;
}

const ATTEMPTS_MAX = 4;

/**
 * Notes how transfers ended. One ends only once: whoever else brought it there found the same, and of two
 * processes that note the same ones crosswise the database makes one begin again.
 */
export async function endTransfers(sql: Sql, ended: readonly Ended[]): Promise<void> {
  // Without a name, so that it is planned for the size the table has now.
  const statement = {
    text: `update transfer t set status = e.status, refusal = e.refusal::json
      from unnest($1::uuid[], $2::text[], $3::text[]) as e (id, status, refusal)
      where t.id = e.id and t.status = 'open'`,
    values: [
      uuids(ended, (each) => each.id),
      texts(ended, (each) => each.status),
      texts(ended, ({ refusal }) => (refusal === null ? null : JSON.stringify(refusal))),
    ],
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sql.query(statement);
      return;
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || databaseFailure(error) !== 'conflict') throw error;
    }
  }
}
