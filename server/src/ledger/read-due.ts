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

/** A shard of a programme. */
export interface Place {
  readonly programme: number;
  readonly shard: number;
}

const LAPSED =
  'l.open and l.expires_at_ms is not null and l.expires_at_ms <= w.now and l.remaining > l.held';
const MATURE = 'l.pending and l.open and l.available_at_ms <= w.now';
const TIMED_OUT = 'l.open and l.expires_at_ms <= w.now';

const DUE = {
  lapsed: `ledger.lot l where ${LAPSED}`,
  mature: `ledger.lot l where ${MATURE}`,
  timedOut: `ledger.hold l where ${TIMED_OUT}`,
};

/** Where something of a kind is due by these clocks, shard by shard. */
export async function placesDue(
  sql: Sql,
  kind: keyof typeof DUE,
  clocks: readonly { readonly programme: number; readonly now: Instant }[],
  shards: number,
): Promise<Place[]> {
  const { rows } = await sql.query<Place>({
    name: `ledger-places-${kind}`,
    text: `select w.programme, s.shard from unnest($1::int4[], $2::int8[]) as w (programme, now)
      cross join generate_series(0, $3::int4 - 1) as s (shard)
      where exists (select from ${DUE[kind]} and l.shard = s.shard and l.programme = w.programme)
      order by w.programme, s.shard`,
    values: [int4s(clocks, (each) => each.programme), int8s(clocks, (each) => each.now), shards],
  });
  return rows;
}

/**
 * Accounts of a place with lots that have lapsed and are neither booked nor held, longest lapsed first, but none of
 * these. The mark names the lot and what was booked of it: a lot whose hold was released later is due again.
 */
export async function readLapsed(
  sql: Sql,
  { shard, programme }: Place,
  now: Instant,
  but: readonly DueAccount[],
  limit: number,
): Promise<DueAccount[]> {
  const { rows } = await sql.query<DueAccount>({
    name: 'ledger-due-lapsed',
    text: `select member, point_type as "pointType", min(id::text || ' ' || expires_at_ms || ' ' || expired) as mark from (
        select l.* from ledger.lot l, (values ($3::int8)) as w (now)
        where l.shard = $1 and l.programme = $2 and ${LAPSED} and ${NOT_AMONG}
        order by l.expires_at_ms limit ${LOTS_MAX}
      ) due group by member, point_type order by min(expires_at_ms) limit $6`,
    values: [shard, programme, now, ...accountsOf(but), limit],
  });
  return rows;
}

/** Accounts of a place with pending lots whose time has come, earliest first, but none of these. */
export async function readMature(
  sql: Sql,
  { shard, programme }: Place,
  now: Instant,
  but: readonly DueAccount[],
  limit: number,
): Promise<DueAccount[]> {
  const { rows } = await sql.query<DueAccount>({
    name: 'ledger-due-pending',
    text: `select member, point_type as "pointType", min(id::text) as mark from (
        select l.* from ledger.lot l, (values ($3::int8)) as w (now)
        where l.shard = $1 and l.programme = $2 and ${MATURE} and ${NOT_AMONG}
        order by l.available_at_ms limit ${LOTS_MAX}
      ) due group by member, point_type order by min(available_at_ms) limit $6`,
    values: [shard, programme, now, ...accountsOf(but), limit],
  });
  return rows;
}

// A subquery is hashed once and asked of each lot along the index; the lots stay in its order.
const NOT_AMONG = `(l.member, l.point_type) not in (select * from unnest($4::uuid[], $5::int4[]))`;

const accountsOf = (list: readonly DueAccount[]) => [
  uuids(list, (each) => each.member),
  int4s(list, (each) => each.pointType),
];

/** A hold whose time has passed while something of it was left. */
export interface DueHold {
  readonly id: Uuid;
  readonly member: Uuid;
  readonly pointType: number;
}

/** Holds of a place that have timed out, earliest first, but none of these. */
export async function readTimedOut(
  sql: Sql,
  { shard, programme }: Place,
  now: Instant,
  but: readonly DueHold[],
  limit: number,
): Promise<DueHold[]> {
  const { rows } = await sql.query<DueHold>({
    name: 'ledger-due-holds',
    text: `select l.id, l.member, l.point_type as "pointType" from ledger.hold l, (values ($3::int8)) as w (now)
      where l.shard = $1 and l.programme = $2 and ${TIMED_OUT} and l.id not in (select unnest($4::uuid[]))
      order by l.expires_at_ms limit $5`,
    values: [shard, programme, now, uuids(but, (each) => each.id), limit],
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
      if (rows.length > 0) yield rows;
      if (rows.length < page) break;
    }
    await client.query('commit');
    hasEnded = true;
  } finally {
    // Whoever left early or failed leaves a transaction open: that connection is not used again.
    client.release(!hasEnded);
  }
}

/** A part of a shard's index of what lapses: after one instant, up to and with another. */
export interface ExpiringSpan {
  readonly shard: number;
  readonly after: Instant;
  readonly until: Instant;
}

/** Those of a programme's spans in which something lapses. */
export async function spansExpiring<T extends ExpiringSpan>(
  sql: Sql,
  programme: number,
  spans: readonly T[],
): Promise<T[]> {
  const { rows } = await sql.query<{ place: number }>({
    name: 'ledger-spans-expiring',
    text: `select a.place::int4 as place from unnest($1::int4[], $2::int8[], $3::int8[]) with ordinality as a (shard, after, until, place)
      where exists (select from ledger.lot l where l.shard = a.shard and l.programme = $4 and l.open
        and l.expires_at_ms is not null and l.expires_at_ms > a.after and l.expires_at_ms <= a.until)
      order by a.place`,
    values: [
      int4s(spans, (each) => each.shard),
      int8s(spans, (each) => each.after),
      int8s(spans, (each) => each.until),
      programme,
    ],
  });
  return rows.flatMap(({ place }) => spans[place - 1] ?? []);
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
