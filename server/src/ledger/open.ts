import type { Pool } from 'pg';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import { hashGenesis } from './encode.ts';

/** Which ledger this is and how it is divided; both fixed when it was made. */
export interface LedgerIdentity {
  readonly ledgerId: Uuid;
  readonly shards: number;
}

export async function readIdentity(sql: Sql): Promise<LedgerIdentity | undefined> {
  const found = await sql.query<{ ledger_id: Uuid; shards: number }>(
    'select ledger_id, shards from ledger.setting',
  );
  const row = found.rows[0];
  return row === undefined ? undefined : { ledgerId: row.ledger_id, shards: Number(row.shards) };
}

/** The identity of the ledger in this database; the first time, it is made with `shards` empty chains. */
export async function openLedger(
  pool: Pool,
  shards: number,
  now: Instant,
): Promise<LedgerIdentity> {
  const existing = await readIdentity(pool);
  if (existing !== undefined) return existing;
  const client = await pool.connect();
  try {
    await client.query('begin');
    // Two processes may start on a fresh database at once: the second finds the row of the first.
    await client.query('insert into ledger.setting (shards) values ($1) on conflict do nothing', [
      shards,
    ]);
    const made = await client.query<{ ledger_id: Uuid; shards: number }>(
      'select ledger_id, shards from ledger.setting for update',
    );
    const row = made.rows[0];
    if (row === undefined) throw new Error('the ledger was not made');
    const count = Number(row.shards);
    for (let shard = 0; shard < count; shard += 1) {
      await client.query(
        `insert into ledger.head (shard, block, entries, hash, recorded_at_ms) values ($1, 0, 0, $2, $3) on conflict do nothing`,
        [shard, hashGenesis(row.ledger_id, count, shard), now],
      );
    }
    await client.query('commit');
    return { ledgerId: row.ledger_id, shards: count };
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
