import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../database.ts';
import type { Family } from './family.ts';
import type { Item, Published } from './published.ts';

const versionsOf = (
  family: Family,
): string => `select id, ${family} as "of", number, body, made_at_ms as "madeAt", made_by as "madeBy", published_at_ms as "publishedAt",
  published_by as "publishedBy", comparison, notice_days as "noticeDays", from_ms as "from", until_ms as until,
  ended_at_ms as "endedAt", ended_by as "endedBy", retired from ${family}_version`;

/** The published versions of an item, oldest first, after the one numbered `after`. */
export async function listVersions<Body>(
  sql: Sql,
  family: Family,
  of: Uuid,
  after = 0,
  limit: number | null = null,
): Promise<Published<Body>[]> {
  const { rows } = await sql.query<Published<Body>>(
    `${versionsOf(family)} where ${family} = $1 and number > $2 order by number limit $3`,
    [of, after, limit],
  );
  return rows;
}

export async function findVersion<Body>(
  sql: Sql,
  family: Family,
  id: Uuid,
): Promise<Published<Body> | undefined> {
  const { rows } = await sql.query<Published<Body>>(`${versionsOf(family)} where id = $1`, [id]);
  return rows[0];
}

/** Of these items what is in force `now` or is announced. */
export async function readStanding<Body>(
  sql: Sql,
  family: Family,
  items: readonly { readonly id: Uuid; readonly now: Instant }[],
): Promise<Map<Uuid, Published<Body>[]>> {
  const { rows } = await sql.query<Published<Body>>(
    `${versionsOf(family)} join unnest($1::uuid[], $2::int8[]) as asked (${family}, now) using (${family})
      where until_ms is null or until_ms > asked.now and until_ms > from_ms order by number`,
    [items.map(({ id }) => id), items.map(({ now }) => now)],
  );
  const found = new Map(items.map(({ id }) => [id, [] as Published<Body>[]]));
  for (const row of rows) found.get(row.of)?.push(row);
  return found;
}

/** The versions of an item that are in force at `at` or later, by when they begin. */
export async function readVersionsFrom<Body>(
  tx: Transaction,
  family: Family,
  of: Uuid,
  at: Instant,
): Promise<Published<Body>[]> {
  const { rows } = await tx.query<Published<Body>>(
    `${versionsOf(family)} where ${family} = $1 and (until_ms is null or until_ms > $2)
       and until_ms is distinct from from_ms order by from_ms`,
    [of, at],
  );
  return rows;
}

export async function insertVersion<Body>(
  tx: Transaction,
  family: Family,
  version: Omit<Published<Body>, 'until' | 'endedAt' | 'endedBy' | 'retired'>,
): Promise<void> {
  await tx.query(
    `insert into ${family}_version (id, ${family}, number, body, made_at_ms, made_by, published_at_ms, published_by, comparison,
       notice_days, from_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      version.id,
      version.of,
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
  /** From here on no version of the item that there is holds any more. */
  readonly from: Instant;
  readonly retired: boolean;
}

/** Ends what holds of an item at `from`; what would have begun later is withdrawn: it ends where it begins. */
export async function endVersions(
  tx: Transaction,
  family: Family,
  of: Uuid,
  ending: Ending,
): Promise<void> {
  await tx.query(
    `update ${family}_version set until_ms = greatest(from_ms, $2), ended_at_ms = $3, ended_by = $4, retired = $5
     where ${family} = $1 and (until_ms is null or until_ms > $2) and until_ms is distinct from from_ms`,
    [of, ending.from, ending.at, ending.by, ending.retired],
  );
}

/** How many other items of the same owner are in force at `at` or announced. */
export async function countOthers(
  tx: Transaction,
  family: Family,
  { id, programme, merchant }: Pick<Item, 'id' | 'programme' | 'merchant'>,
  at: Instant,
): Promise<number> {
  const { rows } = await tx.query<{ others: number }>(
    `select count(distinct r.id)::int as others from ${family} r join ${family}_version v on v.${family} = r.id
      where r.programme = $1 and r.merchant is not distinct from $2 and r.id <> $3
        and (v.until_ms is null or v.until_ms > $4 and v.until_ms > v.from_ms)`,
    [programme, merchant, id, at],
  );
  return rows[0]?.others ?? 0;
}

/** The number of the version that was published last; 0: none was. */
export async function readLastNumber(sql: Sql, family: Family, of: Uuid): Promise<number> {
  const { rows } = await sql.query<{ number: number }>(
    `select coalesce(max(number), 0) as number from ${family}_version where ${family} = $1`,
    [of],
  );
  return rows[0]?.number ?? 0;
}
