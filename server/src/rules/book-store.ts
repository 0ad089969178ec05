import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { RuleBody, RuleVersion } from './rule.ts';

/** Whoever decides what is in force holds this lock; who reads it shares it. */
const LOCK = "hashtext('hongmi rule books'), 0";
/** A process that stops in the middle of a publication must not keep the others from reading. */
const IDLE_MAX = '2s';

/** Waits for readers, and keeps them away until the transaction ends: nobody reads what is just being changed. */
export async function holdBooks(tx: Transaction): Promise<void> {
  await tx.query(`set local idle_in_transaction_session_timeout = '${IDLE_MAX}'`);
  await tx.query(`select pg_advisory_xact_lock(${LOCK})`);
}

/** Waits for publications under way: what is read afterwards has all that was decided before. */
export async function shareBooks(tx: Transaction): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock_shared(${LOCK})`);
}

export interface BookState {
  readonly programme: number;
  readonly clockOffsetMs: number;
  /** The number of the last publication or retirement; 0: there was none. */
  readonly revision: number;
}

/** Every programme, with what tells whether its rules changed. */
export async function readBookStates(sql: Sql): Promise<BookState[]> {
  const { rows } = await sql.query<BookState>({
    name: 'read-rule-book-states',
    text: `select p.id as programme, p.clock_offset_ms as "clockOffsetMs", coalesce(c.number, 0)::int8 as revision
      from programme p left join lateral (
        select number from rule_change c where c.programme = p.id and c.kind in ('published', 'retired')
        order by number desc limit 1) c on true`,
  });
  return rows;
}

interface Row {
  id: Uuid;
  programme: number;
  rule: Uuid;
  code: string;
  number: number;
  merchant: Uuid | null;
  body: RuleBody;
  from_ms: Instant;
  until_ms: Instant | null;
}

const SELECT = `select v.id, r.programme, v.rule, r.code, v.number, r.merchant, v.body, v.from_ms, v.until_ms
  from rule_version v join rule r on r.id = v.rule`;

function versionOf(row: Row): RuleVersion {
  const { id, rule, code, number, merchant, body, from_ms: from, until_ms: until } = row;
  return { id, rule, code, number, merchant, body, from, until };
}

/** Of each of these programmes all versions that are in force at `since` or later. */
export async function readVersionsSince(
  sql: Sql,
  programmes: readonly { readonly programme: number; readonly since: Instant }[],
): Promise<Map<number, RuleVersion[]>> {
  const { rows } = await sql.query<Row>({
    name: 'read-rule-versions-since',
    text: `${SELECT} join unnest($1::int[], $2::int8[]) as asked (programme, since) on asked.programme = r.programme
      where (v.until_ms is null or v.until_ms > asked.since) and v.until_ms is distinct from v.from_ms order by v.id`,
    values: [programmes.map((each) => each.programme), programmes.map((each) => each.since)],
  });
  const found = new Map(programmes.map(({ programme }) => [programme, [] as RuleVersion[]]));
  for (const row of rows) found.get(row.programme)?.push(versionOf(row));
  return found;
}

/** The versions in force at an instant of the past, and from when until when they were just these. */
export async function readVersionsAt(
  sql: Sql,
  programme: number,
  at: Instant,
): Promise<{
  readonly versions: RuleVersion[];
  readonly from: Instant;
  readonly until: Instant;
}> {
  const { rows } = await sql.query<Row>({
    name: 'read-rule-versions-at',
    text: `${SELECT} where r.programme = $1 and v.from_ms <= $2 and (v.until_ms is null or v.until_ms > $2) order by v.id`,
    values: [programme, at],
  });
  const bounds = await sql.query<{ from: Instant | null; until: Instant | null }>({
    name: 'read-rule-set-bounds',
    text: `select max(b) filter (where b <= $2) as "from", min(b) filter (where b > $2) as until
      from rule_version v join rule r on r.id = v.rule
      cross join lateral (values (v.from_ms), (v.until_ms)) as t (b) where r.programme = $1`,
    values: [programme, at],
  });
  const { from = null, until = null } = bounds.rows[0] ?? {};
  return { versions: rows.map(versionOf), from: from ?? -Infinity, until: until ?? Infinity };
}

/** The published versions among `ids`. */
export async function readVersions(sql: Sql, ids: readonly Uuid[]): Promise<RuleVersion[]> {
  const { rows } = await sql.query<Row>({
    name: 'read-rule-versions',
    text: `${SELECT} where v.id = any ($1::uuid[])`,
    values: [ids],
  });
  return rows.map(versionOf);
}
