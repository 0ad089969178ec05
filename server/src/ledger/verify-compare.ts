import { showId, type Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import { accountKey } from './book.ts';
import { roleName } from './record.ts';
import { PLATFORM } from './transaction.ts';
import type { Finding } from './verify-finding.ts';
import type { Replay } from './verify-replay.ts';

const ROWS_PER_FETCH = 5_000;

/**
 * Compares the tables that keep the state of a shard with what its entries add up to, row by row, in
 * both directions, and checks the sums: balance = Σ open lots − debt, and Σ of all accounts = 0.
 */
export async function compareState(
  sql: Sql,
  shard: number,
  replay: Replay,
): Promise<{ findings: Finding[]; lots: number; accounts: number }> {
  const findings: Finding[] = [];
  const report = (about: string, message: string): void => {
    findings.push({ shard, about, message });
  };
  const lots = await compareLots(sql, shard, replay, report);
  const accounts = await compareAccounts(sql, shard, replay, report);
  await compareCounterAccounts(sql, shard, replay, report);
  await compareHolds(sql, shard, replay, report);
  await compareDebts(sql, shard, replay, report);
  await compareCounters(sql, shard, replay, report);
  await compareBudgets(sql, shard, replay, report);
  await compareClaims(sql, shard, replay, report);
  return { findings, lots, accounts };
}

type Report = (about: string, message: string) => void;

/** What a replay of a few blocks knows, and so all that can be compared. */
export interface Touched {
  readonly lots: readonly Uuid[];
  readonly holds: readonly Uuid[];
  /** All accounts and debts of each are known. */
  readonly members: readonly Uuid[];
  /** All accounts of each are known; null: other accounts cannot be compared now. */
  readonly owners: readonly Uuid[] | null;
  readonly counters: readonly { readonly member: Uuid; readonly name: string }[];
}

/** Compares those rows only, with the sums that concern them. Answers how many rows that were, at most. */
export async function compareTouched(
  sql: Sql,
  shard: number,
  replay: Replay,
  touched: Touched,
  report: Report,
): Promise<number> {
  const { lots, holds, members, owners, counters } = touched;
  await compareLots(sql, shard, replay, report, lots);
  await compareAccountRows(sql, shard, replay, report, members);
  await compareBalances(sql, shard, members, report);
  await compareHolds(sql, shard, replay, report, holds);
  await compareDebts(sql, shard, replay, report, members);
  await compareCounters(sql, shard, replay, report, counters);
  if (owners !== null) await compareCounterAccounts(sql, shard, replay, report, owners);
  const others = owners === null ? 0 : owners.length;
  return lots.length + holds.length + 2 * members.length + counters.length + others;
}

/** Narrows a statement about a shard to some ids; null: all. */
function only(column: string, ids: readonly Uuid[] | null): { sql: string; values: unknown[] } {
  return ids === null
    ? { sql: '', values: [] }
    : { sql: ` and ${column} = any($2::uuid[])`, values: [ids] };
}

async function* rows<Row extends object>(
  sql: Sql,
  name: string,
  select: string,
  values: unknown[],
): AsyncGenerator<Row> {
  await sql.query(`declare ${name} no scroll cursor for ${select}`, values);
  for (;;) {
    const fetched = await sql.query<Row>(`fetch ${ROWS_PER_FETCH} from ${name}`);
    if (fetched.rows.length === 0) break;
    yield* fetched.rows;
  }
  await sql.query(`close ${name}`);
}

function ownerOf(owner: Uuid): string {
  return owner === PLATFORM ? 'the platform' : showId('merchant', owner);
}

function accountOf(member: Uuid): string {
  return `account of member ${showId('member', member)}`;
}

function differences<Row extends object>(
  row: Row,
  said: { readonly [Key in keyof Row]?: Row[Key] },
): string {
  let wrong = '';
  for (const name in said) {
    if (row[name] !== said[name])
      wrong += `${wrong && '; '}${name} is ${String(row[name])}, the entries say ${String(said[name])}`;
  }
  return wrong;
}

interface LotState {
  id: Uuid;
  member: Uuid;
  expires_at_ms: number | null;
  remaining: number;
  held: number;
  expired: number;
  expired_recovered: number;
  returned: number;
  pending: boolean;
}

async function compareLots(
  sql: Sql,
  shard: number,
  replay: Replay,
  report: Report,
  ids: readonly Uuid[] | null = null,
): Promise<number> {
  let seen = 0;
  const some = only('id', ids);
  const select = `select id, member, expires_at_ms, remaining, held, expired, expired_recovered, returned, pending
    from ledger.lot where shard = $1${some.sql}`;
  const known = new Set<Uuid>();
  for await (const row of rows<LotState>(sql, 'state_lots', select, [shard, ...some.values])) {
    seen += 1;
    const lot = replay.lots.get(row.id);
    if (lot === undefined) {
      report(`lot ${showId('lot', row.id)}`, 'no transaction made it');
      continue;
    }
    known.add(row.id);
    const wrong = differences(row, {
      member: lot.member,
      expires_at_ms: lot.expiresAt,
      remaining: lot.remaining,
      held: lot.held,
      expired: lot.expired,
      expired_recovered: lot.expiredRecovered,
      returned: lot.returned,
      pending: lot.pending,
    });
    if (wrong !== '') report(`lot ${showId('lot', row.id)}`, wrong);
  }
  if (known.size < replay.lots.size) {
    for (const id of replay.lots.keys())
      if (!known.has(id)) report(`lot ${showId('lot', id)}`, 'it is missing');
  }
  return seen;
}

interface AccountState {
  member: Uuid;
  point_type: number;
  free: number;
  held: number;
  debt: number;
  earned: number;
  redeemed: number;
  expired: number;
  last_effective_at_ms: number;
}

async function compareAccounts(
  sql: Sql,
  shard: number,
  replay: Replay,
  report: Report,
): Promise<number> {
  const seen = await compareAccountRows(sql, shard, replay, report, null);
  const sums = await sql.query<Balance>(
    `select a.member, a.free + a.held as balance, coalesce(l.remaining, 0)::bigint as lots
      from ledger.member_account a
      left join (select member, point_type, sum(remaining) as remaining from ledger.lot where shard = $1 group by 1, 2) l
        on l.member = a.member and l.point_type = a.point_type
      where a.shard = $1 and a.free + a.held <> coalesce(l.remaining, 0) limit 100`,
    [shard],
  );
  reportBalances(sums.rows, report);
  return seen;
}

interface Balance {
  member: Uuid;
  balance: number;
  lots: number;
}

function reportBalances(wrong: readonly Balance[], report: Report): void {
  for (const { member, balance, lots } of wrong)
    report(accountOf(member), `it holds ${balance} points, its open lots ${lots}`);
}

/** The same sums for a few members, each by the index of open lots. */
async function compareBalances(
  sql: Sql,
  shard: number,
  members: readonly Uuid[],
  report: Report,
): Promise<void> {
  const sums = await sql.query<Balance>(
    `select a.member, a.free + a.held as balance, l.remaining::bigint as lots
      from unnest($2::uuid[]) as w (member)
      cross join lateral (select * from ledger.member_account a where a.shard = $1 and a.member = w.member offset 0) a
      cross join lateral (select coalesce(sum(l.remaining), 0) as remaining from ledger.lot l
        where l.shard = $1 and l.member = a.member and l.point_type = a.point_type and l.open) l
      where a.free + a.held <> l.remaining`,
    [shard, members],
  );
  reportBalances(sums.rows, report);
}

async function compareAccountRows(
  sql: Sql,
  shard: number,
  replay: Replay,
  report: Report,
  members: readonly Uuid[] | null,
): Promise<number> {
  let seen = 0;
  const some = only('member', members);
  const select = `select member, point_type, free, held, debt, earned, redeemed, expired, last_effective_at_ms
    from ledger.member_account where shard = $1${some.sql}`;
  const known = new Set<string>();
  for await (const row of rows<AccountState>(sql, 'state_accounts', select, [
    shard,
    ...some.values,
  ])) {
    seen += 1;
    const key = accountKey(row.member, row.point_type);
    const account = replay.accounts.get(key);
    if (account === undefined) {
      report(accountOf(row.member), 'no transaction opened it');
      continue;
    }
    known.add(key);
    const { lastEffectiveAt, ...sums } = account;
    const wrong = differences(row, { ...sums, last_effective_at_ms: lastEffectiveAt });
    if (wrong !== '') report(accountOf(row.member), wrong);
  }
  for (const key of replay.accounts.keys())
    if (!known.has(key)) report(accountOf(key.slice(0, 36) as Uuid), 'it is missing');
  return seen;
}

async function compareCounterAccounts(
  sql: Sql,
  shard: number,
  replay: Replay,
  report: Report,
  owners: readonly Uuid[] | null = null,
): Promise<void> {
  const some = only('owner', owners);
  const { rows: stored } = await sql.query<{
    role: number;
    owner: Uuid;
    point_type: number;
    balance: string;
  }>(
    `select role, owner, point_type, balance from ledger.counter_account where shard = $1${some.sql}`,
    [shard, ...some.values],
  );
  const left = new Map(replay.counterAccounts);
  for (const row of stored) {
    const key = `${roleName(row.role)}/${row.owner}/${row.point_type}`;
    const said = left.get(key) ?? 0n;
    left.delete(key);
    if (BigInt(row.balance) !== said)
      report(
        `${roleName(row.role)} account of ${ownerOf(row.owner)}`,
        `its balance is ${row.balance}, the entries say ${said}`,
      );
  }
  for (const [key, said] of left) if (said !== 0n) report(`account ${key}`, 'it is missing');
  // All of them are added up only where all were read.
  if (owners !== null) return;
  const { rows: sums } = await sql.query<{ point_type: number; sum: string }>(
    `select point_type, sum(points)::text as sum from (
      select point_type, free + held - debt as points from ledger.member_account where shard = $1
      union all select point_type, balance from ledger.counter_account where shard = $1) a
      group by point_type having sum(points) <> 0`,
    [shard],
  );
  for (const row of sums)
    report(
      `point type ${row.point_type}`,
      `all accounts of the shard add up to ${row.sum}, not to 0`,
    );
}

interface HoldState {
  id: Uuid;
  member: Uuid;
  expires_at_ms: number;
  lots: string;
  remaining: number;
}

async function compareHolds(
  sql: Sql,
  shard: number,
  replay: Replay,
  report: Report,
  ids: readonly Uuid[] | null = null,
): Promise<void> {
  const known = new Set<Uuid>();
  const some = only('id', ids);
  const select = `select id, member, expires_at_ms, remaining,
    (select coalesce(string_agg(t.lot || ' ' || t.points, ',' order by t.place), '')
      from unnest(lots, points) with ordinality as t (lot, points, place)) as lots
    from ledger.hold where shard = $1${some.sql}`;
  for await (const row of rows<HoldState>(sql, 'state_holds', select, [shard, ...some.values])) {
    const about = `hold ${showId('hold', row.id)}`;
    const hold = replay.holds.get(row.id);
    if (hold === undefined) {
      report(about, 'no transaction made it');
      continue;
    }
    known.add(row.id);
    const wrong = differences(row, {
      member: hold.member,
      expires_at_ms: hold.expiresAt ?? 0,
      remaining: hold.remaining,
      lots: [...hold.lots].map(([lot, points]) => `${lot} ${points}`).join(),
    });
    if (wrong !== '') report(about, wrong);
  }
  for (const id of replay.holds.keys())
    if (!known.has(id)) report(`hold ${showId('hold', id)}`, 'it is missing');
}

async function compareDebts(
  sql: Sql,
  shard: number,
  replay: Replay,
  report: Report,
  members: readonly Uuid[] | null = null,
): Promise<void> {
  const left = new Map(replay.debts);
  const some = only('member', members);
  const { rows: stored } = await sql.query<{ lot: Uuid; remaining: number }>(
    `select lot, sum(remaining)::bigint as remaining from ledger.debt where shard = $1${some.sql} group by lot`,
    [shard, ...some.values],
  );
  for (const row of stored) {
    const said = left.get(row.lot) ?? 0;
    left.delete(row.lot);
    if (row.remaining !== said)
      report(
        `debt about lot ${showId('lot', row.lot)}`,
        `${row.remaining} is owed, the entries say ${said}`,
      );
  }
  for (const [lot, said] of left)
    if (said !== 0) report(`debt about lot ${showId('lot', lot)}`, 'it is missing');
}

const COUNTERS_IN = ' and (member, name) in (select * from unnest($2::uuid[], $3::text[]))';

async function compareCounters(
  sql: Sql,
  shard: number,
  replay: Replay,
  report: Report,
  touched: Touched['counters'] | null = null,
): Promise<void> {
  const some = touched === null ? '' : COUNTERS_IN;
  const values =
    touched === null ? [] : [touched.map((each) => each.member), touched.map((each) => each.name)];
  const select = `select member, name, value from ledger.counter where shard = $1${some}`;
  const known = new Set<string>();
  type Counter = { member: Uuid; name: string; value: number };
  for await (const row of rows<Counter>(sql, 'state_counters', select, [shard, ...values])) {
    const key = `${row.member}/${row.name}`;
    known.add(key);
    const said = replay.counters.get(key) ?? 0;
    if (row.value !== said)
      report(
        `counter ${row.name} of member ${showId('member', row.member)}`,
        `it stands at ${row.value}, the transactions say ${said}`,
      );
  }
  for (const key of replay.counters.keys())
    if (!known.has(key))
      report(
        `counter ${key.slice(37)} of member ${showId('member', key.slice(0, 36) as Uuid)}`,
        'it is missing',
      );
}

async function compareBudgets(
  sql: Sql,
  shard: number,
  replay: Replay,
  report: Report,
): Promise<void> {
  const left = new Map(replay.budgets);
  const { rows: stored } = await sql.query<{ budget: Uuid; spent: number }>(
    'select budget, spent from ledger.allotment where shard = $1',
    [shard],
  );
  for (const { budget, spent } of stored) {
    const said = left.get(budget) ?? 0;
    left.delete(budget);
    if (spent !== said)
      report(
        `budget ${showId('budget', budget)}`,
        `this shard spent ${spent} of it, the transactions say ${said}`,
      );
  }
  for (const budget of left.keys())
    report(`budget ${showId('budget', budget as Uuid)}`, 'its allotment is missing');
  // Home is no shard's; it is looked at once.
  if (shard > 0) return;
  const { rows: unequal } = await sql.query<{ budget: Uuid; lent: number; granted: number }>(
    `select b.id as budget, b.lent, coalesce(a.granted, 0)::int8 as granted from ledger.budget b
      left join (select budget, sum(granted) as granted from ledger.allotment group by budget) a on a.budget = b.id
      where b.lent <> coalesce(a.granted, 0) or b.lent > b.total`,
  );
  for (const { budget, lent, granted } of unequal)
    report(
      `budget ${showId('budget', budget)}`,
      `it has lent ${lent} points, its shards were granted ${granted}`,
    );
}

async function compareClaims(
  sql: Sql,
  shard: number,
  replay: Replay,
  report: Report,
): Promise<void> {
  const select = `select encode(hash, 'hex') as hash, transaction from ledger.claim where shard = $1`;
  const known = new Set<string>();
  type ClaimState = { hash: string; transaction: Uuid | null };
  for await (const row of rows<ClaimState>(sql, 'state_claims', select, [shard])) {
    known.add(row.hash);
    // Without a transaction it is open: its command may or may not be in the ledger yet.
    if (row.transaction === null || row.transaction === replay.claims.get(row.hash)) continue;
    report(
      `claim ${row.hash}`,
      `it names transaction ${showId('transaction', row.transaction)}, which does not use it`,
    );
  }
  for (const hash of replay.claims.keys())
    if (!known.has(hash)) report(`claim ${hash}`, 'it is missing');
}
