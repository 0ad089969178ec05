import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';

/** An account with something due, and a mark of what: the same while that is the same. */
export interface DueAccount {
  readonly member: Uuid;
  readonly pointType: number;
  readonly mark: string;
}

/** How many lots are looked at for a page of accounts. */
const LOTS_MAX = 2000;

/**
 * Accounts of one shard with lots that have lapsed and are neither booked nor held, longest lapsed first.
 * The mark names the lot and what was booked of it: a lot whose hold was released later is due again.
 */
export async function readLapsed(
  sql: Sql,
  shard: number,
  programme: number,
  now: Instant,
  limit: number,
): Promise<DueAccount[]> {
  const { rows } = await sql.query<DueAccount>({
    name: 'ledger-due-lapsed',
    text: `select member, point_type as "pointType", min(id::text || ' ' || expires_at_ms || ' ' || expired) as mark from (
        select * from ledger.lot
        where shard = $1 and programme = $2 and open and expires_at_ms is not null and expires_at_ms <= $3 and remaining > held
        order by expires_at_ms limit ${LOTS_MAX}
      ) due group by member, point_type order by min(expires_at_ms) limit $4`,
    values: [shard, programme, now, limit],
  });
  return rows;
}

/** Accounts of one shard with pending lots whose time has come, earliest first. */
export async function readMature(
  sql: Sql,
  shard: number,
  programme: number,
  now: Instant,
  limit: number,
): Promise<DueAccount[]> {
  const { rows } = await sql.query<DueAccount>({
    name: 'ledger-due-pending',
    text: `select member, point_type as "pointType", min(id::text) as mark from (
        select * from ledger.lot where shard = $1 and programme = $2 and pending and open and available_at_ms <= $3
        order by available_at_ms limit ${LOTS_MAX}
      ) due group by member, point_type order by min(available_at_ms) limit $4`,
    values: [shard, programme, now, limit],
  });
  return rows;
}

/** A hold whose time has passed while something of it was left. */
export interface DueHold {
  readonly id: Uuid;
  readonly member: Uuid;
  readonly pointType: number;
}

/** Holds of one shard that have timed out, earliest first. */
export async function readTimedOut(
  sql: Sql,
  shard: number,
  programme: number,
  now: Instant,
  limit: number,
): Promise<DueHold[]> {
  const { rows } = await sql.query<DueHold>({
    name: 'ledger-due-holds',
    text: `select id, member, point_type as "pointType" from ledger.hold
      where shard = $1 and programme = $2 and open and expires_at_ms <= $3 order by expires_at_ms limit $4`,
    values: [shard, programme, now, limit],
  });
  return rows;
}
