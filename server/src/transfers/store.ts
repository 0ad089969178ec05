import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Sql } from '../platform/database.ts';
import type { Transfer, TransferStatus } from './transfer.ts';

const COLUMNS = `id, programme, point_type as "pointType", giver, receiver, points, purpose, day::text, day_max as "dayMax",
  grace_days as "graceDays", status, refusal, request_key as "requestKey", fingerprint, recorded_at_ms as "recordedAt"`;

/** Writes a transfer down; false when its request key is taken. */
export async function insertTransfer(sql: Sql, transfer: Transfer): Promise<boolean> {
  const { rowCount } = await sql.query(
    `insert into transfer (id, programme, point_type, giver, receiver, points, purpose, day, day_max, grace_days,
      request_key, fingerprint, recorded_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      on conflict (request_key) do nothing`,
    [
      transfer.id,
      transfer.programme,
      transfer.pointType,
      transfer.giver,
      transfer.receiver,
      transfer.points,
      transfer.purpose,
      transfer.day,
      transfer.dayMax,
      transfer.graceDays,
      transfer.requestKey,
      transfer.fingerprint,
      transfer.recordedAt,
    ],
  );
  return rowCount === 1;
}

export async function findTransfer(sql: Sql, id: Uuid): Promise<Transfer | undefined> {
  const { rows } = await sql.query<Transfer>(`select ${COLUMNS} from transfer where id = $1`, [id]);
  return rows[0];
}

export async function findTransferByKey(sql: Sql, key: string): Promise<Transfer | undefined> {
  const { rows } = await sql.query<Transfer>(
    `select ${COLUMNS} from transfer where request_key = $1`,
    [key],
  );
  return rows[0];
}

/** Transfers that are open since before `before`, oldest first. */
export async function readOpenTransfers(
  sql: Sql,
  before: Instant,
  limit: number,
): Promise<Transfer[]> {
  const { rows } = await sql.query<Transfer>(
    `select ${COLUMNS} from transfer where status = 'open' and recorded_at_ms < $1 order by recorded_at_ms, id limit $2`,
    [before, limit],
  );
  return rows;
}

/** Notes how a transfer ended. It ends only once: whoever else brought it there found the same. */
export async function endTransfer(
  sql: Sql,
  id: Uuid,
  status: Exclude<TransferStatus, 'open'>,
  refusal: Refusal | null,
): Promise<void> {
  await sql.query(
    `update transfer set status = $2, refusal = $3 where id = $1 and status = 'open'`,
    [id, status, refusal === null ? null : JSON.stringify(refusal)],
  );
}
