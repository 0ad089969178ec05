import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Outstanding } from './compare-live.ts';
import type { Compared, Finding } from './finding.ts';

/** What was compared, as the page shows it. Money in micro-fen, as text: sums pass what a number can say. */
export interface Figures {
  readonly outstanding: readonly Outstanding[];
  readonly money: Money;
}

export interface Money {
  readonly closedPeriods: number;
  readonly closedBooks: number;
  /** Accrued in closed periods, from payers to the platform. */
  readonly owedMicroFen: string;
  /** Of it: rounded to fen and put into positions; and carried into the next period. */
  readonly clearedMicroFen: string;
  readonly carriedMicroFen: string;
}

/** The last time a programme was reconciled. */
export interface Reconciliation {
  readonly programme: number;
  readonly at: Instant;
  readonly checks: number;
  readonly differences: number;
  readonly figures: Figures;
}

export async function readReconciliation(
  sql: Sql,
  programme: number,
): Promise<Reconciliation | undefined> {
  const { rows } = await sql.query<Reconciliation>(
    `select programme, at_ms as "at", checks, differences, figures from clearing_reconciliation where programme = $1`,
    [programme],
  );
  return rows[0];
}

export async function writeReconciliation(tx: Transaction, made: Reconciliation): Promise<void> {
  await tx.query(
    `insert into clearing_reconciliation (programme, at_ms, checks, differences, figures) values ($1, $2, $3, $4, $5)
      on conflict (programme) do update set at_ms = excluded.at_ms, checks = excluded.checks, differences = excluded.differences,
        figures = excluded.figures`,
    [made.programme, made.at, made.checks, made.differences, JSON.stringify(made.figures)],
  );
}

/** One at a time, or two would each find what the other is about to resolve. */
export async function lockReconciliation(tx: Transaction, programme: number): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('hongmi clearing reconciliation'), $1)", [
    programme,
  ]);
}

/** Keeps what was found, and resolves what was looked for again and not found. */
export async function writeFindings(
  tx: Transaction,
  programme: number,
  { code, scope, differences }: Compared,
  now: Instant,
): Promise<void> {
  await tx.query(
    `insert into clearing_finding as f (programme, code, about, expected, found, first_seen_at_ms, last_seen_at_ms)
      select $1, $2, *, $6, $6 from unnest($3::text[], $4::text[], $5::text[])
      on conflict (programme, code, about) where resolved_at_ms is null
      do update set expected = excluded.expected, found = excluded.found, last_seen_at_ms = excluded.last_seen_at_ms, seen = f.seen + 1`,
    [
      ...[programme, code],
      differences.map((each) => each.about),
      differences.map((each) => each.expected),
      differences.map((each) => each.found),
      now,
    ],
  );
  await tx.query(
    `update clearing_finding set resolved_at_ms = $5
      where programme = $1 and code = $2 and resolved_at_ms is null and starts_with(about, $3) and about <> all ($4)`,
    [programme, code, scope, differences.map((each) => each.about), now],
  );
}

const FINDING = `select id, code, about, expected, found, first_seen_at_ms as "firstSeenAt", last_seen_at_ms as "lastSeenAt", seen,
  resolved_at_ms as "resolvedAt" from clearing_finding`;

/** Findings of a programme that are not resolved, oldest first; at most `limit`. */
export async function readOpenFindings(
  sql: Sql,
  programme: number,
  limit: number,
): Promise<Finding[]> {
  const { rows } = await sql.query<Finding>(
    `${FINDING} where programme = $1 and resolved_at_ms is null order by id limit $2`,
    [programme, limit],
  );
  return rows;
}

/** How many findings are open, of all programmes. */
export async function countOpenFindings(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ count: number }>({
    name: 'clearing-findings-open',
    text: 'select count(*) as count from clearing_finding where resolved_at_ms is null',
  });
  return rows[0]?.count ?? 0;
}

/** When each closed period of a programme was last worked out again; null: never. */
export async function readWholeChecks(
  sql: Sql,
  programme: number,
): Promise<{ readonly period: Uuid; readonly at: Instant | null }[]> {
  const { rows } = await sql.query<{ period: Uuid; at: Instant | null }>(
    `select p.id as period, r.at_ms as "at" from clearing_period p left join clearing_reconciled r on r.period = p.id
      where p.programme = $1 and p.state = 'closed' order by p.number`,
    [programme],
  );
  return rows;
}

export async function noteWholeCheck(tx: Transaction, period: Uuid, now: Instant): Promise<void> {
  await tx.query(
    `insert into clearing_reconciled (period, at_ms) values ($1, $2)
      on conflict (period) do update set at_ms = excluded.at_ms`,
    [period, now],
  );
}

/** How much there is to compare. */
export async function countClosed(
  sql: Sql,
  programme: number,
): Promise<Pick<Money, 'closedPeriods' | 'closedBooks'>> {
  const { rows } = await sql.query<Pick<Money, 'closedPeriods' | 'closedBooks'>>({
    name: 'clearing-closed',
    text: `select (select count(*) from clearing_period where programme = $1 and state = 'closed') as "closedPeriods",
        (select count(*) from book_period where programme = $1) as "closedBooks"`,
    values: [programme],
  });
  return rows[0] ?? { closedPeriods: 0, closedBooks: 0 };
}

/** What was accrued in closed periods, and where it went: reads every pair there ever was. */
export async function readMoney(sql: Sql, programme: number): Promise<Money> {
  const { rows } = await sql.query<Omit<Money, 'closedPeriods' | 'closedBooks'>>(
    `select coalesce(sum(s.owed), 0)::text as "owedMicroFen", (coalesce(sum(s.fen), 0) * 1000000)::text as "clearedMicroFen",
        coalesce(sum(s.carried) filter (where p.number = l.number), 0)::text as "carriedMicroFen"
      from clearing_period p
      cross join (select max(number) as number from clearing_period where programme = $1 and state = 'closed') l
      cross join lateral (select sum(owed) as owed, sum(owed_fen) as fen, sum(carry_owed) as carried
        from clearing_pair where period = p.id) s
      where p.programme = $1 and p.state = 'closed'`,
    [programme],
  );
  const sums = rows[0] ?? { owedMicroFen: '0', clearedMicroFen: '0', carriedMicroFen: '0' };
  return { ...(await countClosed(sql, programme)), ...sums };
}
