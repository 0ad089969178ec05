import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Published, Rule } from './stored.ts';

const SELECT = `select id, rule, number, body, made_at_ms as "madeAt", made_by as "madeBy", published_at_ms as "publishedAt",
  published_by as "publishedBy", comparison, notice_days as "noticeDays", from_ms as "from", until_ms as until,
  ended_at_ms as "endedAt", ended_by as "endedBy", retired from rule_version`;

/** The published versions of a rule, oldest first, after the one numbered `after`. */
export async function listVersions(
  sql: Sql,
  rule: Uuid,
  after = 0,
  limit: number | null = null,
): Promise<Published[]> {
  const { rows } = await sql.query<Published>(
    `${SELECT} where rule = $1 and number > $2 order by number limit $3`,
    [rule, after, limit],
  );
  return rows;
}

export async function findVersion(sql: Sql, id: Uuid): Promise<Published | undefined> {
  const { rows } = await sql.query<Published>(`${SELECT} where id = $1`, [id]);
  return rows[0];
}

/** Of these rules what is in force `now` or is announced. */
export async function readStanding(
  sql: Sql,
  rules: readonly { readonly id: Uuid; readonly now: Instant }[],
): Promise<Map<Uuid, Published[]>> {
  const { rows } = await sql.query<Published>(
    `${SELECT} join unnest($1::uuid[], $2::int8[]) as asked (rule, now) using (rule)
      where until_ms is null or until_ms > asked.now and until_ms > from_ms order by number`,
    [rules.map(({ id }) => id), rules.map(({ now }) => now)],
  );
  const found = new Map(rules.map(({ id }) => [id, [] as Published[]]));
  for (const row of rows) found.get(row.rule)?.push(row);
  return found;
}

/** The versions of a rule that are in force at `at` or later, by when they begin. */
export async function readVersionsFrom(
  tx: Transaction,
  rule: Uuid,
  at: Instant,
): Promise<Published[]> {
  const { rows } = await tx.query<Published>(
    `${SELECT} where rule = $1 and (until_ms is null or until_ms > $2) and until_ms is distinct from from_ms
     order by from_ms`,
    [rule, at],
  );
  return rows;
}

export async function insertVersion(
  tx: Transaction,
  version: Omit<Published, 'until' | 'endedAt' | 'endedBy' | 'retired'>,
): Promise<void> {
  await tx.query(
    `insert into rule_version (id, rule, number, body, made_at_ms, made_by, published_at_ms, published_by, comparison,
       notice_days, from_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      version.id,
      version.rule,
      version.number,
      JSON.stringify(version.body),
      version.madeAt,
      version.madeBy,
      version.publishedAt,
      version.publishedBy,
      JSON.stringify(version.comparison),
      version.noticeDays,
      version.from,
    ],
  );
}

export interface Ending {
  readonly at: Instant;
  readonly by: Uuid;
  /** From here on no version of the rule that there is holds any more. */
  readonly from: Instant;
  readonly retired: boolean;
}

/** Ends what holds of a rule at `from`; what would have begun later is withdrawn: it ends where it begins. */
export async function endVersions(tx: Transaction, rule: Uuid, ending: Ending): Promise<void> {
  await tx.query(
    `update rule_version set until_ms = greatest(from_ms, $2), ended_at_ms = $3, ended_by = $4, retired = $5
     where rule = $1 and (until_ms is null or until_ms > $2) and until_ms is distinct from from_ms`,
    [rule, ending.from, ending.at, ending.by, ending.retired],
  );
}

/** How many other rules of the same owner are in force at `at` or announced. */
export async function countOthers(
  tx: Transaction,
  { id, programme, merchant }: Pick<Rule, 'id' | 'programme' | 'merchant'>,
  at: Instant,
): Promise<number> {
  const { rows } = await tx.query<{ others: number }>(
    `select count(distinct r.id)::int as others from rule r join rule_version v on v.rule = r.id
      where r.programme = $1 and r.merchant is not distinct from $2 and r.id <> $3
        and (v.until_ms is null or v.until_ms > $4 and v.until_ms > v.from_ms)`,
    [programme, merchant, id, at],
  );
  return rows[0]?.others ?? 0;
}

/** The number of the version of a rule that was published last; 0: none was. */
export async function readLastNumber(sql: Sql, rule: Uuid): Promise<number> {
  const { rows } = await sql.query<{ number: number }>(
    'select coalesce(max(number), 0) as number from rule_version where rule = $1',
    [rule],
  );
  return rows[0]?.number ?? 0;
}
