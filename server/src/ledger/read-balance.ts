import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { int2s, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import type { Pool } from '../platform/database.ts';
import { createLane, type Lane } from '../platform/lane.ts';

/** A programme's time: which lots are available, pending or lapsed is decided with it, not by a job. */
export interface ProgrammeTime {
  readonly programme: number;
  readonly now: Instant;
  /** IANA name; days of the expiry calendar are days there. */
  readonly timeZone: string;
}

/** Points of one type as their member may see them. */
export interface Balance {
  readonly programme: number;
  readonly pointType: number;
  /** What can be spent now: available lots, less the debt, never below zero. */
  readonly available: number;
  readonly pending: number;
  /** When the first pending points become available. */
  readonly nextAvailableAt: Instant | null;
  readonly held: number;
  readonly debt: number;
  readonly lifetimeEarned: number;
  readonly lifetimeRedeemed: number;
  readonly lifetimeExpired: number;
  /** Unheld points by the day they lapse, soonest first: `at` is the first moment of loss on that day. */
  readonly expiring: readonly { readonly at: Instant; readonly points: number }[];
}

/** How far the expiry calendar looks: it shows at most so many days. */
const EXPIRING_DAYS_MAX = 24;

// Both halves run as nested loops over the member's own rows, whatever the statistics say: the lateral
// halves cannot be flattened (an aggregate; OFFSET 0).
// What is pending or lapsed is decided at the instant at which the next transaction would take effect: never
// before the account's last one, should the clock have been set back since.
const BALANCES = `
  with wanted as (
    select * from unnest($1::int2[], $2::uuid[]) with ordinality as w (shard, member, place)
  ), clock as (
    select * from unnest($3::int4[], $4::int8[], $5::text[]) as c (programme, now_ms, zone)
  )
  select w.place, a.programme, a.point_type, 0 as state, a.free as points, a.held, a.debt, a.earned, a.redeemed,
    a.expired, null::date as day, null::int8 as at_ms, null::int8 as available_ms
  from wanted w cross join lateral (
    select * from ledger.member_account a where a.shard = w.shard and a.member = w.member offset 0
  ) a
  union all
  select w.place, l.programme, l.point_type, l.state, l.points::int8, null, null, null, null, null, l.day,
    l.at_ms, l.available_ms
  from wanted w cross join lateral (
    select a.point_type, greatest(c.now_ms, a.last_effective_at_ms) as now_ms, c.zone
    from ledger.member_account a join clock c on c.programme = a.programme
    where a.shard = w.shard and a.member = w.member offset 0
  ) c cross join lateral (
    select l.programme, l.point_type,
      case when l.expires_at_ms <= c.now_ms then 3 when l.pending and l.available_at_ms > c.now_ms then 2 else 1 end as state,
      case when l.expires_at_ms > c.now_ms then (to_timestamp(l.expires_at_ms / 1000.0) at time zone c.zone)::date end as day,
      sum(l.remaining - l.held) as points, min(l.expires_at_ms) as at_ms, min(l.available_at_ms) as available_ms
    from ledger.lot l
    where l.shard = w.shard and l.member = w.member and l.point_type = c.point_type and l.open and l.remaining > l.held
    group by 1, 2, 3, 4
  ) l`;

/** The four states a row of the statement can be in. */
const ACCOUNT = 0;
const AVAILABLE = 1;
const PENDING = 2;
const LAPSED = 3;

interface Row {
  place: number;
  programme: number;
  point_type: number;
  state: number;
  points: number;
  held: number;
  debt: number;
  earned: number;
  redeemed: number;
  expired: number;
  day: string | null;
  at_ms: Instant | null;
  available_ms: Instant | null;
}

/** A lot, or lots in one state, that {@link balanceOf} adds up. */
export type BalanceRow = Pick<Row, 'state' | 'points' | 'day' | 'at_ms' | 'available_ms'>;

interface Wanted {
  readonly shard: number;
  readonly member: Uuid;
}

export interface BalanceReader {
  /** The member's accounts; none when the member never had points. Sees everything answered before the call. */
  balancesOf(member: Uuid): Promise<readonly Balance[]>;
  drain(): Promise<void>;
}

/**
 * Reads balances. Reads that come at the same time share a statement: one statement for 64 members costs
 * the server and this process a fraction of 64 statements.
 */
export function createBalanceReader(
  pool: Pool,
  shardOf: (member: Uuid) => number,
  times: () => readonly ProgrammeTime[],
): BalanceReader {
  const lanes: Lane<Wanted, readonly Balance[]>[] = [0, 1].map(() =>
    createLane({
      run: (batch) => readBalances(pool, batch, times()),
      maxBatch: 128,
      maxQueue: 8192,
    }),
  );
  return {
    balancesOf(member) {
      const [first, second] = lanes as [(typeof lanes)[0], (typeof lanes)[0]];
      return (first.depth <= second.depth ? first : second).push({
        shard: shardOf(member),
        member,
      });
    },
    async drain() {
      await Promise.all(lanes.map((lane) => lane.drain()));
    },
  };
}

async function readBalances(
  pool: Pool,
  batch: readonly Wanted[],
  times: readonly ProgrammeTime[],
): Promise<Balance[][]> {
  const { rows } = await pool.query<Row>({
    name: 'ledger-balances',
    text: BALANCES,
    values: [
      int2s(batch.map((each) => each.shard)),
      uuids(batch.map((each) => each.member)),
      int4s(times.map((time) => time.programme)),
      int8s(times.map((time) => time.now)),
      texts(times.map((time) => time.timeZone)),
    ],
  });
  const byPlace: Row[][] = batch.map(() => []);
  for (const row of rows) byPlace[row.place - 1]?.push(row);
  return byPlace.map(balancesIn);
}

function balancesIn(rows: readonly Row[]): Balance[] {
  return rows
    .filter((row) => row.state === ACCOUNT)
    .sort((a, b) => a.point_type - b.point_type)
    .map((account) =>
      balanceOf(
        account,
        rows.filter((row) => row.state !== ACCOUNT && row.point_type === account.point_type),
      ),
    );
}

/** Adds up a member's account and the states of its lots. */
export function balanceOf(
  account: Pick<
    Row,
    'programme' | 'point_type' | 'held' | 'debt' | 'earned' | 'redeemed' | 'expired'
  >,
  lots: readonly BalanceRow[],
): Balance {
  let [available, pending, lapsed] = [0, 0, 0];
  let nextAvailableAt: Instant | null = null;
  const days = new Map<string, { at: Instant; points: number }>();
  for (const row of lots) {
    if (row.state === AVAILABLE) available += row.points;
    if (row.state === LAPSED) lapsed += row.points;
    if (row.state === PENDING) {
      pending += row.points;
      nextAvailableAt = Math.min(
        nextAvailableAt ?? Number.POSITIVE_INFINITY,
        row.available_ms ?? Number.POSITIVE_INFINITY,
      );
    }
    if (row.day !== null && row.at_ms !== null && row.points > 0) {
      const same = days.get(row.day) ?? { at: row.at_ms, points: 0 };
      days.set(row.day, { at: Math.min(same.at, row.at_ms), points: same.points + row.points });
    }
  }
  return {
    programme: account.programme,
    pointType: account.point_type,
    available: Math.max(0, available - account.debt),
    pending,
    nextAvailableAt,
    held: account.held,
    debt: account.debt,
    lifetimeEarned: account.earned,
    lifetimeRedeemed: account.redeemed,
    lifetimeExpired: account.expired + lapsed,
    expiring: [...days.values()].sort((a, b) => a.at - b.at).slice(0, EXPIRING_DAYS_MAX),
  };
}
