import { showId, type Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import { roleName } from '../record.ts';
import { PLATFORM } from '../transaction.ts';
import type { AccountShadow, Shadow } from './shadow.ts';

export type Report = (about: string, message: string) => void;

/** What a replay of a few blocks knows, and so all that can be compared. */
export interface Touched {
  readonly lots: readonly Uuid[];
  readonly holds: readonly Uuid[];
  /** All accounts and debts of each are known. */
  readonly members: readonly Uuid[];
  readonly counters: readonly { readonly member: Uuid; readonly name: string }[];
  /** By their hash in hex. */
  readonly claims: readonly string[];
  /** All accounts of each are known. */
  readonly owners: readonly Uuid[];
  readonly budgets: readonly Uuid[];
}

/** Compares those rows with what the entries say, and the sums that concern them; answers how many rows that were. */
export async function compareRows(
  sql: Sql,
  shard: number,
  replay: Shadow,
  touched: Touched,
  report: Report,
): Promise<number> {
  await compareLots(sql, shard, replay, touched.lots, report);
  await compareAccounts(sql, shard, replay, touched.members, report);
  await compareBalances(sql, shard, touched.members, report);
  await compareHolds(sql, shard, replay, touched.holds, report);
  await compareDebts(sql, shard, replay, touched.members, report);
  await compareCounters(sql, shard, replay, touched.counters, report);
  await compareClaims(sql, shard, replay, touched.claims, report);
  await compareOwners(sql, shard, replay, touched.owners, report);
  await compareBudgets(sql, shard, replay, touched.budgets, report);
  return Object.values(touched).reduce((sum, each) => sum + each.length, 0);
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
  slide_months: number | null;
}

async function compareLots(
  sql: Sql,
  shard: number,
  replay: Shadow,
  ids: readonly Uuid[],
  report: Report,
): Promise<void> {
  const { rows } = await sql.query<LotState>(
    `select id, member, expires_at_ms, remaining, held, expired, expired_recovered, returned, pending, slide_months
      from ledger.lot where shard = $1 and id = any($2::uuid[])`,
    [shard, ids],
  );
  const left = new Set(ids);
  for (const row of rows) {
    left.delete(row.id);
    const lot = replay.lots.get(row.id);
    if (lot === undefined) continue;
    const wrong = differences(row, {
      member: lot.member,
      expires_at_ms: lot.expiresAt,
      remaining: lot.remaining,
      held: lot.held,
      expired: lot.expired,
      expired_recovered: lot.expiredRecovered,
      returned: lot.returned,
      pending: lot.pending,
      slide_months: lot.slideMonths ?? null,
    });
    if (wrong !== '') report(`lot ${showId('lot', row.id)}`, wrong);
  }
  for (const id of left) report(`lot ${showId('lot', id)}`, 'it is missing');
}

type AccountState = Omit<AccountShadow, 'lastEffectiveAt'> & {
  member: Uuid;
  point_type: number;
  last_effective_at_ms: number;
};

async function compareAccounts(
  sql: Sql,
  shard: number,
  replay: Shadow,
  members: readonly Uuid[],
  report: Report,
): Promise<void> {
  const { rows } = await sql.query<AccountState>(
    `select member, point_type, free, held, debt, earned, redeemed, expired, last_effective_at_ms
      from ledger.member_account where shard = $1 and member = any($2::uuid[])`,
    [shard, members],
  );
  const known = new Set<string>();
  for (const row of rows) {
    const key = `${row.member}/${row.point_type}`;
    known.add(key);
    const account = replay.accounts.get(key);
    if (account === undefined) {
      report(accountOf(row.member), 'no transaction opened it');
      continue;
    }
    const { lastEffectiveAt, ...sums } = account;
    const wrong = differences(row, { ...sums, last_effective_at_ms: lastEffectiveAt });
    if (wrong !== '') report(accountOf(row.member), wrong);
  }
  for (const key of replay.accounts.keys())
    if (!known.has(key)) report(accountOf(key.slice(0, 36) as Uuid), 'it is missing');
}

/** An account holds what its open lots hold, each found by their index. */
async function compareBalances(
  sql: Sql,
  shard: number,
  members: readonly Uuid[],
  report: Report,
): Promise<void> {
  const { rows } = await sql.query<{ member: Uuid; balance: number; lots: number }>(
    `select a.member, a.free + a.held as balance, l.remaining::bigint as lots
      from unnest($2::uuid[]) as w (member)
      cross join lateral (select * from ledger.member_account a where a.shard = $1 and a.member = w.member offset 0) a
      cross join lateral (select coalesce(sum(l.remaining), 0) as remaining from ledger.lot l
        where l.shard = $1 and l.member = a.member and l.point_type = a.point_type and l.open) l
      where a.free + a.held <> l.remaining`,
    [shard, members],
  );
  for (const { member, balance, lots } of rows)
    report(accountOf(member), `it holds ${balance} points, its open lots ${lots}`);
}

async function compareHolds(
  sql: Sql,
  shard: number,
  replay: Shadow,
  ids: readonly Uuid[],
  report: Report,
): Promise<void> {
  interface HoldState {
    id: Uuid;
    member: Uuid;
    expires_at_ms: number;
    lots: string;
    remaining: number;
  }
  const { rows } = await sql.query<HoldState>(
    `select id, member, expires_at_ms, remaining,
        (select coalesce(string_agg(t.lot || ' ' || t.points, ',' order by t.place), '')
          from unnest(lots, points) with ordinality as t (lot, points, place)) as lots
      from ledger.hold where shard = $1 and id = any($2::uuid[])`,
    [shard, ids],
  );
  const left = new Set(ids);
  for (const row of rows) {
    left.delete(row.id);
    const hold = replay.holds.get(row.id);
    if (hold === undefined) continue;
    const wrong = differences(row, {
      member: hold.member,
      expires_at_ms: hold.expiresAt ?? 0,
      remaining: hold.remaining,
      lots: hold.lots.map(([lot, points]) => `${lot} ${points}`).join(),
    });
    if (wrong !== '') report(`hold ${showId('hold', row.id)}`, wrong);
  }
  for (const id of left) report(`hold ${showId('hold', id)}`, 'it is missing');
}

async function compareDebts(
  sql: Sql,
  shard: number,
  replay: Shadow,
  members: readonly Uuid[],
  report: Report,
): Promise<void> {
  const { rows } = await sql.query<{ lot: Uuid; remaining: number }>(
    `select lot, sum(remaining)::bigint as remaining from ledger.debt
      where shard = $1 and member = any($2::uuid[]) group by lot`,
    [shard, members],
  );
  const left = new Map(replay.debts);
  for (const { lot, remaining } of rows) {
    const said = left.get(lot)?.points ?? 0;
    left.delete(lot);
    if (remaining !== said)
      report(
        `debt about lot ${showId('lot', lot)}`,
        `${remaining} is owed, the entries say ${said}`,
      );
  }
  for (const [lot, { points }] of left)
    if (points !== 0) report(`debt about lot ${showId('lot', lot)}`, 'it is missing');
}

async function compareCounters(
  sql: Sql,
  shard: number,
  replay: Shadow,
  counters: Touched['counters'],
  report: Report,
): Promise<void> {
  const { rows } = await sql.query<{ member: Uuid; name: string; value: number | null }>(
    `select w.member, w.name, c.value from unnest($2::uuid[], $3::text[]) as w (member, name)
      left join lateral (select c.value from ledger.counter c
        where c.shard = $1 and c.member = w.member and c.name = w.name offset 0) c on true`,
    [shard, counters.map((each) => each.member), counters.map((each) => each.name)],
  );
  for (const { member, name, value } of rows) {
    const about = `counter ${name} of member ${showId('member', member)}`;
    const said = replay.counters.get(`${member}/${name}`) ?? 0;
    if (value === null) report(about, 'it is missing');
    else if (value !== said) report(about, `it stands at ${value}, the transactions say ${said}`);
  }
}

async function compareClaims(
  sql: Sql,
  shard: number,
  replay: Shadow,
  hashes: readonly string[],
  report: Report,
): Promise<void> {
  interface ClaimState {
    hash: string;
    there: boolean | null;
    transaction: Uuid | null;
  }
  const { rows } = await sql.query<ClaimState>(
    `select w.hash, c.there, c.transaction from unnest($2::text[]) as w (hash)
      left join lateral (select true as there, c.transaction from ledger.claim c
        where c.hash = decode(w.hash, 'hex') and c.shard = $1 offset 0) c on true`,
    [shard, hashes],
  );
  for (const { hash, there, transaction } of rows) {
    // Without a transaction it is open: whoever meets it next writes down which.
    if (there === null) report(`claim ${hash}`, 'it is missing');
    else if (transaction !== null && transaction !== replay.claims.get(hash))
      report(
        `claim ${hash}`,
        `it names transaction ${showId('transaction', transaction)}, which does not use it`,
      );
  }
}

async function compareOwners(
  sql: Sql,
  shard: number,
  replay: Shadow,
  owners: readonly Uuid[],
  report: Report,
): Promise<void> {
  interface OwnerState {
    role: number;
    owner: Uuid;
    point_type: number;
    balance: string;
  }
  const { rows } = await sql.query<OwnerState>(
    `select role, owner, point_type, balance from ledger.counter_account
      where shard = $1 and owner = any($2::uuid[])`,
    [shard, owners],
  );
  const left = new Map(owners.length === 0 ? [] : replay.counterAccounts);
  for (const { role, owner, point_type, balance } of rows) {
    const key = `${roleName(role)}/${owner}/${point_type}`;
    const said = left.get(key) ?? 0n;
    left.delete(key);
    const whose = owner === PLATFORM ? 'the platform' : showId('merchant', owner);
    if (BigInt(balance) !== said)
      report(
        `${roleName(role)} account of ${whose}`,
        `its balance is ${balance}, the entries say ${said}`,
      );
  }
  for (const [key, said] of left) if (said !== 0n) report(`account ${key}`, 'it is missing');
}

async function compareBudgets(
  sql: Sql,
  shard: number,
  replay: Shadow,
  budgets: readonly Uuid[],
  report: Report,
): Promise<void> {
  const { rows } = await sql.query<{ budget: Uuid; spent: number }>(
    'select budget, spent from ledger.allotment where shard = $1 and budget = any($2::uuid[])',
    [shard, budgets],
  );
  const left = new Set(budgets);
  for (const { budget, spent } of rows) {
    left.delete(budget);
    const said = replay.budgets.get(budget) ?? 0;
    if (spent !== said)
      report(
        `budget ${showId('budget', budget)}`,
        `this shard spent ${spent} of it, the transactions say ${said}`,
      );
  }
  for (const budget of left)
    report(`budget ${showId('budget', budget)}`, 'its allotment is missing');
}
