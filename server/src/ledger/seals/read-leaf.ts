import type { Instant } from '../../kernel/clock.ts';
import { shardOf, type Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import type { BlockHeader, Leaf } from '../encode.ts';
import {
  ENTRY_JSON,
  type EntryJson,
  readEntry,
  readFields,
  TRANSACTION_FIELDS,
  type TransactionFields,
} from '../record.ts';
import type { LotTerms } from '../transaction.ts';

/** A transaction as its block holds it, and the leaves beside it. */
export interface PlacedLeaf {
  readonly leaf: Leaf;
  readonly block: number;
  readonly position: number;
  /** Of the whole block, in order. */
  readonly leaves: readonly Buffer[];
}

type LotJson = [
  id: Uuid,
  issuer: Uuid,
  funders: Uuid[] | null,
  shares: number[] | null,
  ruleVersion: Uuid | null,
  evidence: string | null,
  unitCost: number | null,
  availableAt: Instant,
  expiresAt: Instant | null,
  issued: number,
  amount: number,
];

interface Row {
  fields: TransactionFields;
  refusal: string | null;
  refusalFacts: string | null;
  commitment: Buffer;
  entryFirst: number;
  block: number;
  position: number;
  entries: EntryJson[] | null;
  lots: LotJson[] | null;
  marks: string[] | null;
  leaves: Buffer[];
}

const LEAF = `
  select ${TRANSACTION_FIELDS} as fields, t.refusal, t.refusal_facts as "refusalFacts", t.commitment,
    t.entry_first as "entryFirst", t.block, t.position, t.marks,
    (select json_agg(${ENTRY_JSON} order by e.seq) from ledger.entry e
      where e.shard = $1 and e.seq >= t.entry_first and e.seq < t.entry_first + t.entries) as entries,
    (select json_agg(json_build_array(l.id, l.issuer, l.funders, l.funder_shares, l.rule_version,
        encode(l.evidence, 'hex'), l.unit_cost, l.available_at_ms, l.made_expires_at_ms, l.issued, l.amount) order by l.seq)
      from (select distinct e.lot from ledger.entry e
        where e.shard = $1 and e.seq >= t.entry_first and e.seq < t.entry_first + t.entries) e
      cross join lateral (select * from ledger.lot l where l.shard = $1 and l.id = e.lot offset 0) l
      where l.transaction = t.id) as lots,
    (select array_agg(o.leaf order by w.place) from ledger.block b
      cross join lateral unnest(b.transactions) with ordinality as w (id, place)
      cross join lateral (select o.leaf from ledger.transaction o where o.shard = $1 and o.id = w.id offset 0) o
      where b.shard = $1 and b.number = t.block) as leaves
  from ledger.transaction t where t.shard = $1 and t.id = $2`;

/** Everything that enters a transaction's leaf, read anew; undefined when there is no such transaction. */
export async function readLeaf(sql: Sql, id: Uuid): Promise<PlacedLeaf | undefined> {
  const { rows } = await sql.query<Row>({
    name: 'ledger-leaf',
    text: LEAF,
    values: [shardOf(id), id],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    leaf: {
      transaction: {
        ...readFields(row.fields),
        refusal: row.refusal === null ? null : { code: row.refusal },
        entries: (row.entries ?? []).map(readEntry),
      },
      refusalFacts: row.refusalFacts,
      commitment: row.commitment,
      entryFirst: row.entryFirst,
      lotsMade: (row.lots ?? []).map(readTerms),
      marks: row.marks ?? [],
    },
    block: row.block,
    position: row.position,
    leaves: row.leaves,
  };
}

function readTerms(lot: LotJson): LotTerms {
  const [id, issuer, funders, shares, ruleVersion, evidence, unitCost] = lot;
  const [, , , , , , , availableAt, expiresAt, issued, amount] = lot;
  return {
    id,
    issuer,
    funders: funders?.map((merchant, index) => ({ merchant, share: shares?.[index] ?? 0 })) ?? null,
    ruleVersion,
    evidence,
    unitCost,
    availableAt,
    expiresAt,
    issued,
    amount,
  };
}

/** Headers of a shard's blocks from `first` to `last`, in order. */
export async function readHeaders(
  sql: Sql,
  shard: number,
  first: number,
  last: number,
): Promise<BlockHeader[]> {
  const { rows } = await sql.query<BlockHeader>({
    name: 'ledger-headers',
    text: `select shard, number, previous_hash as "previousHash", recorded_at_ms as "recordedAt",
        merkle_root as "merkleRoot", cardinality(transactions) as transactions, entry_first as "entryFirst", entries
      from ledger.block where shard = $1 and number between $2 and $3 order by number`,
    values: [shard, first, last],
  });
  return rows;
}
