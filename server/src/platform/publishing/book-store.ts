import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../database.ts';
import type { Family } from './family.ts';
import type { Version } from './published.ts';

/** Whoever decides what is in force holds this lock of the family; who reads it shares it. */
const lockOf = (family: Family): string => `hashtext('hongmi ${family} books'), 0`;
/** A process that stops in the middle of a publication must not keep the others from reading. */
const IDLE_MAX = '2s';

/** Waits for readers, and keeps them away until the transaction ends: nobody reads what is just being changed. */
export async function holdBooks(tx: Transaction, family: Family): Promise<void> {
  await tx.query(`set local idle_in_transaction_session_timeout = '${IDLE_MAX}'`);
  await tx.query(`select pg_advisory_xact_lock(${lockOf(family)})`);
}

/** Waits for publications under way: what is read afterwards has all that was decided before. */
export async function shareBooks(tx: Transaction, family: Family): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock_shared(${lockOf(family)})`);
}

export interface BookState {
  readonly programme: number;
  readonly clockOffsetMs: number;
  /** The number of the last publication or retirement; 0: there was none. */
  readonly revision: number;
}

/** Every programme, with what tells whether what is published there changed. */
export async function readBookStates(sql: Sql, family: Family): Promise<BookState[]> {
  const { rows } = await sql.query<BookState>({
    name: `read-${family}-book-states`,
    text: `select p.id as programme, p.clock_offset_ms as "clockOffsetMs", coalesce(c.number, 0)::int8 as revision
      from programme p left join lateral (
        select number from ${family}_change c where c.programme = p.id and c.kind in ('published', 'retired')
        order by number desc limit 1) c on true`,
  });
  return rows;
}

const versionsOf = (
  family: Family,
): string => `select r.programme, v.id, v.${family} as "of", r.code, v.number, r.merchant, v.body, v.from_ms as "from",
  v.until_ms as until from ${family}_version v join ${family} r on r.id = v.${family}`;

type Row<Body> = Version<Body> & { readonly programme: number };
const versionOf = <Body>({ programme: _, ...version }: Row<Body>): Version<Body> => version;

/** Of each of these programmes all versions that are in force at `since` or later. */
export async function readVersionsSince<Body>(
  sql: Sql,
  family: Family,
  programmes: readonly { readonly programme: number; readonly since: Instant }[],
): Promise<Map<number, Version<Body>[]>> {
  const { rows } = await sql.query<Row<Body>>({
    name: `read-${family}-versions-since`,
    text: `${versionsOf(family)} join unnest($1::int[], $2::int8[]) as asked (programme, since) on asked.programme = r.programme
      where (v.until_ms is null or v.until_ms > asked.since) and v.until_ms is distinct from v.from_ms order by v.id`,
    values: [programmes.map((each) => each.programme), programmes.map((each) => each.since)],
  });
  const found = new Map(programmes.map(({ programme }) => [programme, [] as Version<Body>[]]));
  for (const row of rows) found.get(row.programme)?.push(versionOf<Body>(row));
  return found;
}

/** The versions in force at an instant of the past, and from when until when they were just these. */
export async function readVersionsAt<Body>(
  sql: Sql,
  family: Family,
  programme: number,
  at: Instant,
): Promise<{
  readonly versions: Version<Body>[];
  readonly from: Instant;
  readonly until: Instant;
}> {
  const { rows } = await sql.query<Row<Body>>({
    name: `read-${family}-versions-at`,
    text: `${versionsOf(family)} where r.programme = $1 and v.from_ms <= $2 and (v.until_ms is null or v.until_ms > $2) order by v.id`,
    values: [programme, at],
  });
  const bounds = await sql.query<{ from: Instant | null; until: Instant | null }>({
    name: `read-${family}-set-bounds`,
    text: `select max(b) filter (where b <= $2) as "from", min(b) filter (where b > $2) as until
      from ${family}_version v join ${family} r on r.id = v.${family}
      cross join lateral (values (v.from_ms), (v.until_ms)) as t (b) where r.programme = $1`,
    values: [programme, at],
  });
  const { from = null, until = null } = bounds.rows[0] ?? {};
  return {
    versions: rows.map((row) => versionOf<Body>(row)),
    from: from ?? -Infinity,
    until: until ?? Infinity,
  };
}

/** The published versions among `ids`. */
export async function readVersions<Body>(
  sql: Sql,
  family: Family,
  ids: readonly Uuid[],
): Promise<Version<Body>[]> {
  const { rows } = await sql.query<Row<Body>>({
    name: `read-${family}-versions`,
    text: `${versionsOf(family)} where v.id = any ($1::uuid[])`,
    values: [ids],
  });
  return rows.map((row) => versionOf<Body>(row));
}
