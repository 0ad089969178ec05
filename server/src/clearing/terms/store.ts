import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { TermsBody, TermsVersion } from './terms.ts';

interface Row {
  id: Uuid;
  programme: number;
  merchant: Uuid | null;
  number: number;
  body: TermsBody;
  from: Instant;
  published_at: Instant;
  actor: string;
  withdrawn_at: Instant | null;
  withdrawn_actor: string | null;
  withdrawn_reason: string | null;
}

const SELECT = `select t.id, t.programme, t.merchant, t.number, t.body, t.from_ms as "from", t.published_at_ms as published_at,
    t.actor, w.withdrawn_at_ms as withdrawn_at, w.actor as withdrawn_actor, w.reason as withdrawn_reason
  from settlement_terms t left join settlement_terms_withdrawal w on w.terms = t.id`;

function versionOf(row: Row): TermsVersion {
  const { withdrawn_at: at, withdrawn_actor: actor, withdrawn_reason: reason } = row;
  return {
    ...{ id: row.id, programme: row.programme, merchant: row.merchant, number: row.number },
    ...{ body: row.body, from: row.from, publishedAt: row.published_at, actor: row.actor },
    withdrawn: at === null || actor === null || reason === null ? null : { at, actor, reason },
  };
}

/** All versions that are not withdrawn, by merchant (null: standard) and number. */
export async function readStanding(sql: Sql, programme: number): Promise<TermsVersion[]> {
  const { rows } = await sql.query<Row>(
    `${SELECT} where t.programme = $1 and w.terms is null order by t.merchant, t.number`,
    [programme],
  );
  return rows.map(versionOf);
}

/** All versions of one merchant, or the standard ones, withdrawn or not. */
export async function readVersions(
  sql: Sql,
  programme: number,
  merchant: Uuid | null,
): Promise<TermsVersion[]> {
  const { rows } = await sql.query<Row>(
    `${SELECT} where t.programme = $1 and t.merchant is not distinct from $2 order by t.number`,
    [programme, merchant],
  );
  return rows.map(versionOf);
}

export async function findTerms(sql: Sql, id: Uuid): Promise<TermsVersion | undefined> {
  const { rows } = await sql.query<Row>(`${SELECT} where t.id = $1`, [id]);
  return rows[0] === undefined ? undefined : versionOf(rows[0]);
}

export interface TermsFilter {
  readonly programme: number;
  /** Only those of this merchant; undefined: of all. */
  readonly merchant: Uuid | undefined;
  /** Beside the standard ones, whose may be seen; null: everybody's. */
  readonly seenBy: Uuid | null;
  /** Only what is in force then; null: all. */
  readonly inForceAt: Instant | null;
}

/** Versions in the order in which they were published, after the version `after`. */
export async function listTerms(
  sql: Sql,
  filter: TermsFilter,
  after: Uuid | null,
  limit: number,
): Promise<TermsVersion[]> {
  const { rows } = await sql.query<Row>(
    `${SELECT} where t.programme = $1 and ($2::uuid is null or t.merchant = $2)
        and ($3::uuid is null or t.merchant is null or t.merchant = $3)
        and ($4::int8 is null or w.terms is null and t.from_ms <= $4 and not exists (
          select from settlement_terms l left join settlement_terms_withdrawal lw on lw.terms = l.id
          where l.programme = t.programme and l.merchant is not distinct from t.merchant and lw.terms is null
            and l.from_ms <= $4 and (l.from_ms, l.number) > (t.from_ms, t.number)))
        and ($5::uuid is null or t.id > $5) order by t.id limit $6`,
    [filter.programme, filter.merchant ?? null, filter.seenBy, filter.inForceAt, after, limit],
  );
  return rows.map(versionOf);
}

export async function insertTerms(
  tx: Transaction,
  version: Omit<TermsVersion, 'withdrawn'>,
  by: Uuid,
): Promise<void> {
  await tx.query(
    `insert into settlement_terms (id, programme, merchant, number, body, from_ms, published_at_ms, published_by, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[version.id, version.programme, version.merchant, version.number],
      ...[JSON.stringify(version.body), version.from, version.publishedAt, by, version.actor],
    ],
  );
}

export interface Withdrawal {
  readonly at: Instant;
  readonly by: Uuid;
  readonly actor: string;
  readonly reason: string;
}

export async function insertWithdrawal(
  tx: Transaction,
  terms: Uuid,
  { at, by, actor, reason }: Withdrawal,
): Promise<void> {
  await tx.query(
    `insert into settlement_terms_withdrawal (terms, withdrawn_at_ms, withdrawn_by, actor, reason)
      values ($1, $2, $3, $4, $5)`,
    [terms, at, by, actor, reason],
  );
}

/** Numbers of a programme's point types by their codes. */
export async function readPointTypes(
  sql: Sql,
  programme: number,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ code: string; id: number }>(
    'select code, id from point_type where programme = $1 order by id',
    [programme],
  );
  return new Map(rows.map(({ code, id }) => [code, id]));
}

/** The programmes that have terms. */
export async function listCleared(sql: Sql): Promise<number[]> {
  const { rows } = await sql.query<{ programme: number }>(
    'select distinct programme from settlement_terms order by programme',
  );
  return rows.map(({ programme }) => programme);
}

export async function readTimeZone(sql: Sql, programme: number): Promise<string> {
  const { rows } = await sql.query<{ timeZone: string }>(
    'select time_zone as "timeZone" from programme where id = $1',
    [programme],
  );
  const [found] = rows;
  if (found === undefined) throw new Error(`there is no programme ${programme}`);
  return found.timeZone;
}

/** Lists by merchant, in the order given; what is nobody's is left out. */
export function groupByMerchant<T extends { readonly merchant: Uuid | null }>(
  list: readonly T[],
): Map<Uuid, T[]> {
  const groups = new Map<Uuid, T[]>();
  for (const each of list) {
    if (each.merchant === null) continue;
    const group = groups.get(each.merchant);
    if (group === undefined) groups.set(each.merchant, [each]);
    else group.push(each);
  }
  return groups;
}
