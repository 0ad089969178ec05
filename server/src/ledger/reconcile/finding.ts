import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { type Problem, type Subject, tell } from '../verify/finding.ts';
import type { Finding } from '../verify-finding.ts';

/** chain: hashes and links · entries: what an entry may do · state: rows and sums. */
export type Invariant = 'chain' | 'entries' | 'state';

/** A finding that the reconciliation came upon. */
export interface Seen extends Finding {
  readonly shard: number;
  readonly invariant: Invariant;
}

export function seen(
  invariant: Invariant,
  { shard, block }: { readonly shard: number; readonly block?: number | undefined },
  subject: Subject,
  what: Problem,
): Seen {
  const { about, message } = tell(subject, what, 'en');
  return { shard, ...(block === undefined ? {} : { block }), invariant, about, message };
}

/** One that was recorded. */
export interface RecordedFinding extends Omit<Seen, 'block'> {
  readonly id: number;
  /** Null for a row that no block made or explains. */
  readonly block: number | null;
  readonly firstSeenAt: Instant;
  readonly lastSeenAt: Instant;
  /** How often it was come upon. */
  readonly seen: number;
  readonly acknowledgedAt: Instant | null;
  /** The API key that acknowledged it. */
  readonly acknowledgedBy: Uuid | null;
  readonly note: string | null;
}

const FIELDS = `id, shard, block, invariant, about, message, first_seen_at_ms as "firstSeenAt",
  last_seen_at_ms as "lastSeenAt", seen, acknowledged_at_ms as "acknowledgedAt", acknowledged_by as "acknowledgedBy", note`;

/** Newest first, those with an id below `before`. */
export async function readFindings(
  sql: Sql,
  options: { readonly before: number | null; readonly limit: number; readonly open: boolean },
): Promise<RecordedFinding[]> {
  const { before, limit, open } = options;
  const { rows } = await sql.query<RecordedFinding>(
    `select ${FIELDS} from ledger.finding where id < coalesce($1, 9223372036854775807)
      ${open ? 'and acknowledged_at_ms is null' : ''} order by id desc limit $2`,
    [before, limit],
  );
  return rows;
}

/** How many wait to be acknowledged; counting stops at 1,000. */
export async function countOpenFindings(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ count: number }>({
    name: 'finding-count',
    text: 'select count(*) as count from (select from ledger.finding where acknowledged_at_ms is null limit 1000) f',
  });
  return rows[0]?.count ?? 0;
}

/** Someone has looked into a finding and says what came of it. It stays on record. */
export async function acknowledgeFinding(
  tx: Transaction,
  id: number,
  by: { readonly key: Uuid; readonly note: string; readonly now: Instant },
): Promise<RecordedFinding | Refusal> {
  const { rows } = await tx.query<RecordedFinding>(
    `update ledger.finding set acknowledged_at_ms = $2, acknowledged_by = $3, note = $4
      where id = $1 and acknowledged_at_ms is null returning ${FIELDS}`,
    [id, by.now, by.key, by.note],
  );
  const [acknowledged] = rows;
  if (acknowledged !== undefined) return acknowledged;
  const { rowCount } = await tx.query('select from ledger.finding where id = $1', [id]);
  return rowCount === 0
    ? refusal('finding_not_found', 'there is no such finding')
    : refusal('finding_acknowledged', 'the finding was acknowledged before');
}
