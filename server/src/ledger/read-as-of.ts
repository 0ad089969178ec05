import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { bools, int8s, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import { countLifetime } from './book.ts';
import { type Balance, type BalanceRow, balanceOf, type ProgrammeTime } from './read-balance.ts';
import type { TransactionJson } from './record.ts';
import { type RecordedTransaction, readTransaction, roleName, TRANSACTION_JSON } from './record.ts';

/** What entries up to a moment add up to, for one point type of a member. */
export interface AccountAsOf {
  readonly programme: number;
  readonly pointType: number;
  free: number;
  held: number;
  debt: number;
  earned: number;
  redeemed: number;
  expired: number;
  /** Unheld points by lot, the expiry that it was given last, and whether it was told to wait no longer. */
  readonly lots: Map<Uuid, { points: number; extended: Instant | null; matured: boolean }>;
}

interface Moved {
  programme: number;
  pointType: number;
  from: number;
  to: number;
  lot: Uuid;
  points: number;
  extended: Instant | null;
  matured: boolean;
}

// One account's effective times never fall along the chain, so what took effect by a moment is what
// stood in the chain by then, and no later transaction changes it unless it is backdated to before.
const MOVED = `
  select e.programme, e.point_type as "pointType", e.from_role as "from", e.to_role as "to", e.lot,
    sum(e.points)::int8 as points, (array_agg(e.expires_at_ms order by e.seq desc) filter (where e.kind = 13))[1] as extended,
    bool_or(e.kind = 7) as matured
  from ledger.transaction t cross join lateral (
    select * from ledger.entry e where e.shard = $1 and e.seq >= t.entry_first and e.seq < t.entry_first + t.entries offset 0
  ) e
  where t.shard = $1 and t.member = $2 and t.refusal is null and t.effective_at_ms < $3
  group by 1, 2, 3, 4, 5`;

/** A member's accounts, by point type, as everything that took effect before an instant made them. */
export async function readAccountsBefore(
  sql: Sql,
  shard: number,
  member: Uuid,
  before: Instant,
): Promise<Map<number, AccountAsOf>> {
  const { rows } = await sql.query<Moved>({
    name: 'ledger-moved-before',
    text: MOVED,
    values: [shard, member, before],
  });
  const accounts = new Map<number, AccountAsOf>();
  for (const row of rows) {
    const { programme, pointType, points } = row;
    const account = accounts.get(pointType) ?? empty(programme, pointType);
    accounts.set(pointType, account);
    const [from, to] = [roleName(row.from), roleName(row.to)];
    const lot = account.lots.get(row.lot) ?? { points: 0, extended: null, matured: false };
    for (const [role, signed] of [
      [from, -points],
      [to, points],
    ] as const) {
      if (role === 'member') {
        account.free += signed;
        lot.points += signed;
      }
      if (role === 'held') account.held += signed;
      if (role === 'debt') account.debt -= signed;
    }
    lot.extended = row.extended ?? lot.extended;
    lot.matured ||= row.matured;
    account.lots.set(row.lot, lot);
    countLifetime(account, from, to, points);
  }
  return accounts;
}

function empty(programme: number, pointType: number): AccountAsOf {
  const sums = { free: 0, held: 0, debt: 0, earned: 0, redeemed: 0, expired: 0 };
  return { programme, pointType, ...sums, lots: new Map() };
}

/** The lots with unheld points as rows that {@link balanceOf} adds up, at `$4` by the clock. */
const LOTS = `
  select l.programme, l.point_type, w.points, null as held, null as debt, null as earned, null as redeemed, null as expired,
    case when x.expires <= $5 then 3 when l.available_at_ms > $5 and not w.matured then 2 else 1 end as state,
    case when x.expires > $5 then (to_timestamp(x.expires / 1000.0) at time zone $6)::date end as day,
    x.expires as at_ms, l.available_at_ms as available_ms
  from unnest($2::uuid[], $3::int8[], $4::int8[], $7::bool[]) as w (id, points, extended, matured)
  cross join lateral (select * from ledger.lot l where l.shard = $1 and l.id = w.id offset 0) l
  cross join lateral (select coalesce(w.extended, l.made_expires_at_ms) as expires) x`;

/**
 * A member's balances as they stood at an instant, by everything that took effect until then. At an
 * instant to come: what there will be if nothing else happens.
 */
export async function readBalancesAsOf(
  sql: Sql,
  shard: number,
  member: Uuid,
  at: Instant,
  times: readonly ProgrammeTime[],
): Promise<Balance[]> {
  const accounts = await readAccountsBefore(sql, shard, member, at + 1);
  const balances: Balance[] = [];
  for (const account of accounts.values()) {
    const { programme, pointType, ...sums } = account;
    const lots = [...account.lots].filter(([, lot]) => lot.points > 0);
    const timeZone = times.find((each) => each.programme === programme)?.timeZone ?? 'UTC';
    const { rows } = await sql.query<BalanceRow>({
      name: 'ledger-lots-as-of',
      text: LOTS,
      values: [
        shard,
        uuids(lots.map(([id]) => id)),
        int8s(lots.map(([, lot]) => lot.points)),
        int8s(lots.map(([, lot]) => lot.extended)),
        at,
        timeZone,
        bools(lots, ([, lot]) => lot.matured),
      ],
    });
    balances.push(balanceOf({ programme, point_type: pointType, ...sums }, rows));
  }
  return balances.sort((a, b) => a.pointType - b.pointType);
}

/** Up to when each programme is closed in a shard: nothing that comes takes effect before. */
export async function readClosed(sql: Sql, shard: number): Promise<Map<number, Instant>> {
  const { rows } = await sql.query<{ programme: number; at: Instant }>(
    `select programme, max(effective_at_ms) as at from ledger.transaction
      where shard = $1 and kind = 15 group by programme`,
    [shard],
  );
  return new Map(rows.map(({ programme, at }) => [programme, at]));
}

/** Applied transactions of a member that took effect from `from` until before `to`, in the chain's order. */
export async function readApplied(
  sql: Sql,
  shard: number,
  member: Uuid,
  page: {
    readonly from: Instant;
    readonly to: Instant;
    readonly after: { readonly block: number; readonly position: number };
    readonly limit: number;
    /** Null: of all programmes. */
    readonly programme: number | null;
  },
): Promise<RecordedTransaction[]> {
  const { after } = page;
  const { rows } = await sql.query<{ json: TransactionJson }>({
    name: 'ledger-statement',
    text: `select ${TRANSACTION_JSON} as json from (
        select * from ledger.transaction t
        where t.shard = $1 and t.member = $2 and t.refusal is null
          and t.effective_at_ms >= $3 and t.effective_at_ms < $4 and (t.block, t.position) > ($5, $6)
          and ($8::int is null or t.programme = $8)
        order by t.block, t.position limit $7
      ) t order by t.block, t.position`,
    values: [
      shard,
      member,
      page.from,
      page.to,
      after.block,
      after.position,
      page.limit,
      page.programme,
    ],
  });
  return rows.map((row) => readTransaction(row.json));
}
