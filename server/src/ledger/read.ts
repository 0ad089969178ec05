import type { Instant } from '../kernel/clock.ts';
import { shardOf, type Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import type { Detail } from './command.ts';
import {
  type RecordedTransaction,
  readTransaction,
  TRANSACTION_JSON,
  type TransactionJson,
} from './record.ts';
import type { Answer } from './transaction.ts';

// The ledger's read side: statements against what is committed, one shard each. Every id carries its
// shard, so nothing is looked up twice. read-account.ts and read-trail.ts hold the rest.

/** Recorded transactions by id; unknown ids are absent. The ids may live in several shards. */
export async function readTransactions(
  sql: Sql,
  ids: readonly Uuid[],
): Promise<Map<Uuid, RecordedTransaction>> {
  const byShard = new Map<number, Uuid[]>();
  for (const id of ids) {
    const shard = shardOf(id);
    const same = byShard.get(shard);
    if (same === undefined) byShard.set(shard, [id]);
    else same.push(id);
  }
  const found = new Map<Uuid, RecordedTransaction>();
  for (const [shard, wanted] of byShard) {
    const { rows } = await sql.query<{ json: TransactionJson }>({
      name: 'ledger-transactions',
      text: `select ${TRANSACTION_JSON} as json from ledger.transaction t
        join ledger.block b on b.shard = $1 and b.number = t.block
        where t.shard = $1 and t.id = any ($2::uuid[])`,
      values: [shard, uuids(wanted)],
    });
    for (const { json } of rows) {
      const recorded = readTransaction(json);
      found.set(recorded.transaction.id, recorded);
    }
  }
  return found;
}

/** One recorded transaction, or undefined. */
export async function findTransaction(
  sql: Sql,
  id: Uuid,
): Promise<RecordedTransaction | undefined> {
  return (await readTransactions(sql, [id])).get(id);
}

/** The transactions of one shard that came from one source: a return's claw-backs, an order's earn. */
export async function readSourced(
  sql: Sql,
  source: Uuid,
  shard: number = shardOf(source),
): Promise<RecordedTransaction[]> {
  const { rows } = await sql.query<{ json: TransactionJson }>({
    name: 'ledger-sourced',
    text: `select ${TRANSACTION_JSON} as json from ledger.transaction t
      join ledger.block b on b.shard = $1 and b.number = t.block
      where t.shard = $1 and t.source = $2 order by t.block, t.position`,
    values: [shard, source],
  });
  return rows.map((row) => readTransaction(row.json));
}

/** A recorded transaction as the answer its writer got. */
export function answerOf({ transaction, receipt }: RecordedTransaction): Answer {
  return transaction.refusal === null
    ? { status: 'applied', replayed: true, transaction, receipt }
    : { status: 'refused', replayed: true, refusal: transaction.refusal, transaction, receipt };
}

/** What was told with the transaction recorded under a key in a member's shard. */
export async function findDetail(
  sql: Sql,
  shard: number,
  key: string,
): Promise<Detail | undefined> {
  const { rows } = await sql.query<{ detail: string | null }>({
    name: 'ledger-detail-by-key',
    text: 'select detail from ledger.transaction where shard = $1 and key = $2',
    values: [shard, key],
  });
  const detail = rows[0]?.detail;
  return detail === undefined || detail === null ? undefined : (JSON.parse(detail) as Detail);
}

/** Who and what a transaction was about: enough to form a command that acts on it. */
export interface Subject {
  readonly id: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly member: Uuid;
  /** The merchant it happened at; for a transaction that acts on another, that one's merchant. */
  readonly merchant: Uuid | null;
  /** What it was counted on, as the chain says it; see `countedBy` of limits.ts. */
  readonly marks: readonly string[] | null;
}

// A refund acts on a capture, which acts on a hold: at most two steps lead to a merchant.
export const MERCHANT_OF = `coalesce(t.merchant, (
  select coalesce(s.merchant, (select r.merchant from ledger.transaction r where r.shard = s.shard and r.id = s.subject))
  from ledger.transaction s where s.shard = t.shard and s.id = t.subject))`;

/** What a command that acts on a transaction needs to know of it. It never changes once recorded. */
export async function findSubject(sql: Sql, id: Uuid): Promise<Subject | undefined> {
  const { rows } = await sql.query<Subject>({
    name: 'ledger-subject',
    text: `select t.id, t.programme, t.point_type as "pointType", t.member, ${MERCHANT_OF} as merchant, t.marks
      from ledger.transaction t where t.shard = $1 and t.id = $2`,
    values: [shardOf(id), id],
  });
  return rows[0];
}

/** The end of one shard's chain. */
export interface Head {
  readonly shard: number;
  readonly block: number;
  readonly entries: number;
  /** Hex. */
  readonly hash: string;
  readonly recordedAt: Instant;
}

export interface Heads {
  readonly ledgerId: Uuid;
  readonly format: number;
  readonly shards: number;
  readonly heads: readonly Head[];
}

/** Where every shard's chain ends, in one snapshot. */
export async function readHeads(sql: Sql): Promise<Heads> {
  const { rows } = await sql.query<Heads>({
    name: 'ledger-heads',
    text: `select ledger_id as "ledgerId", format, shards,
        (select coalesce(json_agg(json_build_object('shard', shard, 'block', block, 'entries', entries,
            'hash', encode(hash, 'hex'), 'recordedAt', recorded_at_ms) order by shard), '[]')
          from ledger.head) as heads
      from ledger.setting`,
  });
  const [heads] = rows;
  if (heads === undefined) throw new Error('the ledger has no settings row');
  return heads;
}
