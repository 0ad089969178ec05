import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { int4s, int8s, uuids } from '../platform/columns.ts';
import type { Pool, Sql } from '../platform/database.ts';

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

/** Points of an account that are going to lapse. */
export interface ExpiringAccount {
  readonly expiresAt: Instant;
  readonly member: Uuid;
  readonly pointType: number;
}

/**
 * Walks the accounts of one shard whose lots lapse after `after`, up to and with `until`, in the order in which they
 * do: once along the index of what is due, however many there are. An account is told for each of its lots. It
 * keeps a connection until it is done.
 */
export async function* walkExpiring(
  pool: Pool,
  { shard, programme }: { readonly shard: number; readonly programme: number },
  { after, until }: { readonly after: Instant; readonly until: Instant },
  page: number,
): AsyncGenerator<readonly ExpiringAccount[]> {
  const client = await pool.connect();
  let hasEnded = false;
  try {
    await client.query('begin read only');
    await client.query(
      `declare expiring no scroll cursor for select expires_at_ms as "expiresAt", member, point_type as "pointType"
        from ledger.lot
        where shard = $1 and programme = $2 and open and expires_at_ms is not null and expires_at_ms > $3 and expires_at_ms <= $4
        order by expires_at_ms`,
      [shard, programme, after, until],
    );
    for (;;) {
      // FETCH takes no parameters.
      const { rows } = await client.query<ExpiringAccount>(`fetch ${page} from expiring`);
      if (rows.length === 0) break;
      yield rows;
    }
    await client.query('commit');
    hasEnded = true;
  } finally {
    // Whoever left early or failed leaves a transaction open: that connection is not used again.
    client.release(!hasEnded);
  }
}

/** Of these shards, each with its own `after`, those where something lapses up to and with `until`. */
export async function shardsExpiring(
  sql: Sql,
  programme: number,
  asked: readonly { readonly shard: number; readonly after: Instant }[],
  until: Instant,
): Promise<Set<number>> {
  const { rows } = await sql.query<{ shard: number }>({
    name: 'ledger-shards-expiring',
    text: `select a.shard from unnest($1::int4[], $2::int8[]) as a (shard, after)
      where exists (select from ledger.lot l where l.shard = a.shard and l.programme = $3 and l.open
        and l.expires_at_ms is not null and l.expires_at_ms > a.after and l.expires_at_ms <= $4)`,
    values: [
      int4s(asked, (each) => each.shard),
      int8s(asked, (each) => each.after),
      programme,
      until,
    ],
  });
  return new Set(rows.map(({ shard }) => shard));
}

/** Unheld points of an account that lapse after one instant, up to and with another. */
export interface ExpiringWindow {
  readonly member: Uuid;
  readonly pointType: number;
  readonly after: Instant;
  readonly until: Instant;
}

/** How many points lapse in each of these windows, in their order. */
export async function readExpiring(
  sql: Sql,
  windows: readonly ExpiringWindow[],
): Promise<number[]> {
  const { rows } = await sql.query<{ points: number }>({
    name: 'ledger-expiring',
    text: `select coalesce((select sum(l.remaining - l.held)::int8 from ledger.lot l
        where l.member = w.member and l.point_type = w.point_type and l.open
          and l.expires_at_ms > w.after and l.expires_at_ms <= w.until), 0) as points
      from unnest($1::uuid[], $2::int4[], $3::int8[], $4::int8[]) with ordinality as w (member, point_type, after, until, n)
      order by n`,
    values: [
      uuids(windows, (each) => each.member),
      int4s(windows, (each) => each.pointType),
      int8s(windows, (each) => each.after),
      int8s(windows, (each) => each.until),
    ],
  });
  return rows.map(({ points }) => points);
}
