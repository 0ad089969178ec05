import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { setBudgetTotal } from '../../ledger/budget.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { type EntryKind, type FundingAccount, type FundingEntry, totalMilliOf } from './account.ts';

const COLUMNS = `a.id, a.programme, a.merchant, a.budget, a.from_ms as "from", a.alert_fen as "alertFen",
  a.deposited_fen as "depositedFen", a.withdrawn_fen as "withdrawnFen", a.paid_out_fen as "paidOutFen",
  a.settled_fen as "settledFen", a.kept_fen as "keptFen", a.credit_fen as "creditFen", a.released_milli as "releasedMilli",
  a.used_milli as "usedMilli", a.low_since_ms as "lowSince", a.opened_at_ms as "openedAt", a.actor,
  (select sum(spent) from ledger.allotment l where l.budget = a.budget)::int8 as "drawnMilli"`;
const AVAILABLE_FEN = `div((a.deposited_fen - a.withdrawn_fen + a.settled_fen + a.credit_fen) * 1000 + a.released_milli
  - (select sum(spent) from ledger.allotment l where l.budget = a.budget), 1000)`;

export type Opened = Pick<
  FundingAccount,
  | 'id'
  | 'programme'
  | 'merchant'
  | 'budget'
  | 'from'
  | 'alertFen'
  | 'creditFen'
  | 'openedAt'
  | 'actor'
> & { readonly openedBy: Uuid };

/** False when the merchant has an account in the programme already. */
export async function insertAccount(tx: Transaction, made: Opened): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into funding_account (id, programme, merchant, budget, from_ms, alert_fen, credit_fen, opened_at_ms, opened_by, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (programme, merchant) do nothing`,
    [
      ...[made.id, made.programme, made.merchant, made.budget, made.from, made.alertFen],
      ...[made.creditFen, made.openedAt, made.openedBy, made.actor],
    ],
  );
  return rowCount === 1;
}

export async function findAccount(sql: Sql, id: Uuid): Promise<FundingAccount | undefined> {
  const { rows } = await sql.query<FundingAccount>(
    `select ${COLUMNS} from funding_account a where a.id = $1`,
    [id],
  );
  return rows[0];
}

export async function findAccountOf(
  sql: Sql,
  programme: number,
  merchant: Uuid,
): Promise<FundingAccount | undefined> {
  const { rows } = await sql.query<FundingAccount>(
    `select ${COLUMNS} from funding_account a where a.programme = $1 and a.merchant = $2`,
    [programme, merchant],
  );
  return rows[0];
}

export interface AccountFilter {
  readonly programme: number | null;
  readonly merchant: Uuid | null;
  /** Only those of which less than their alert value is available. */
  readonly low: boolean;
}

/** Accounts by age, after the account `after`. */
export async function listAccounts(
  sql: Sql,
  { programme, merchant, low }: AccountFilter,
  after: Uuid | null,
  limit: number,
): Promise<FundingAccount[]> {
  const { rows } = await sql.query<FundingAccount>(
    `select ${COLUMNS} from funding_account a
      where ($1::int is null or a.programme = $1) and ($2::uuid is null or a.merchant = $2)
        and ($3::uuid is null or a.id > $3) ${low ? `and ${AVAILABLE_FEN} < a.alert_fen` : ''}
      order by a.id limit $4`,
    [programme, merchant, after, limit],
  );
  return rows;
}

/**
 * The account with what is drawn of it, both fixed until the transaction ends: whoever issues meanwhile waits. The
 * locks are taken in the order in which the ledger's own functions take them (0006_wide_limits.sql).
 */
export async function lockAccount(tx: Transaction, id: Uuid): Promise<FundingAccount | undefined> {
  // Not its key: rows that are made about it meanwhile refer to that, and need not wait.
  const { rows } = await tx.query<{ budget: Uuid }>(
    'select budget from funding_account where id = $1 for no key update',
    [id],
  );
  const [found] = rows;
  if (found === undefined) return undefined;
  await tx.query('select from ledger.budget where id = $1 for update', [found.budget]);
  await tx.query('select from ledger.allotment where budget = $1 order by shard for update', [
    found.budget,
  ]);
  return await findAccount(tx, id);
}

/** Locks accounts in one order; answers those that are there. */
export async function lockAccounts(
  tx: Transaction,
  ids: readonly Uuid[],
): Promise<FundingAccount[]> {
  const found: FundingAccount[] = [];
  // By their budgets: blocks of the ledger spend several in that order.
  const { rows } = await tx.query<{ id: Uuid }>(
    'select id from funding_account where id = any ($1::uuid[]) order by budget',
    [ids],
  );
  for (const { id } of rows) {
    const account = await lockAccount(tx, id);
    if (account !== undefined) found.push(account);
  }
  return found;
}

const SUM_OF: Record<EntryKind, string> = {
  deposit: 'deposited_fen = deposited_fen + $2',
  withdrawal: 'withdrawn_fen = withdrawn_fen + $2',
  paid_out: 'paid_out_fen = paid_out_fen + $2',
  settled: 'settled_fen = settled_fen + $2',
  kept: 'kept_fen = kept_fen + $2',
  undone: 'settled_fen = settled_fen - $2',
};

/** Books an entry and its sum; false when the programme has one of this kind and reference. The account is locked. */
export async function insertEntry(
  tx: Transaction,
  { programme }: Pick<FundingAccount, 'programme'>,
  entry: FundingEntry & { readonly madeBy: Uuid },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into funding_entry (id, account, programme, kind, fen, reference, paid_on, at_ms, made_by, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (programme, kind, reference) do nothing`,
    [
      ...[entry.id, entry.account, programme, entry.kind, entry.fen, entry.reference],
      ...[entry.paidOn, entry.at, entry.madeBy, entry.actor],
    ],
  );
  if (rowCount !== 1) return false;
  await tx.query(`update funding_account set ${SUM_OF[entry.kind]} where id = $1`, [
    entry.account,
    entry.fen,
  ]);
  return true;
}

export async function listEntries(
  sql: Sql,
  account: Uuid,
  after: Uuid | null,
  limit: number,
): Promise<FundingEntry[]> {
  const { rows } = await sql.query<FundingEntry>(
    `select id, account, kind, fen, reference, paid_on as "paidOn", at_ms as at, actor from funding_entry
      where account = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
    [account, after, limit],
  );
  return rows;
}

export async function setAlert(tx: Transaction, id: Uuid, alertFen: number): Promise<void> {
  await tx.query('update funding_account set alert_fen = $2 where id = $1', [id, alertFen]);
}

export async function setCredit(tx: Transaction, id: Uuid, creditFen: number): Promise<void> {
  await tx.query('update funding_account set credit_fen = $2 where id = $1', [id, creditFen]);
}

/** Adds what the follower learnt; used points may come back, released ones never do. */
export async function addFollowed(
  tx: Transaction,
  id: Uuid,
  releasedMilli: number,
  usedMilli: number,
): Promise<void> {
  await tx.query(
    'update funding_account set released_milli = released_milli + $2, used_milli = used_milli + $3 where id = $1',
    [id, releasedMilli, usedMilli],
  );
}

/**
 * Makes the ledger's budget what the account's sums say; of a locked account. Where that is less than what is drawn (a
 * credit line was lowered), nothing more can be drawn until it is not.
 */
export async function settleTotal(tx: Transaction, id: Uuid): Promise<FundingAccount> {
  const account = await findAccount(tx, id);
  if (account === undefined) throw new Error('what is locked is there');
  const total = Math.max(totalMilliOf(account), account.drawnMilli);
  const spent = await setBudgetTotal(tx, account.budget, total);
  if (spent > total) throw new Error('nothing is drawn of a locked account');
  return account;
}

/** Notes that an account became low, or has enough again. */
export async function insertAlert(
  tx: Transaction,
  alert: {
    readonly account: Uuid;
    readonly at: Instant;
    readonly isLow: boolean;
    readonly availableFen: number;
    readonly alertFen: number;
  },
): Promise<void> {
  const { account, at, availableFen, alertFen } = alert;
  await tx.query(
    `insert into funding_alert (account, at_ms, is_low, available_fen, alert_fen)
      select $1, greatest($2, max(at_ms) + 1), $3, $4, $5 from funding_alert where account = $1`,
    [account, at, alert.isLow, availableFen, alertFen],
  );
  await tx.query('update funding_account set low_since_ms = $2 where id = $1', [
    account,
    alert.isLow ? at : null,
  ]);
}

/** Accounts whose standing is another one than was noted. */
export async function readTurned(sql: Sql): Promise<Uuid[]> {
  const { rows } = await sql.query<{ id: Uuid }>(
    `select a.id from funding_account a where (${AVAILABLE_FEN} < a.alert_fen) <> (a.low_since_ms is not null) order by a.id`,
  );
  return rows.map(({ id }) => id);
}

export async function countLow(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ count: number }>(
    'select count(*) as count from funding_account where low_since_ms is not null',
  );
  return rows[0]?.count ?? 0;
}
