import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Detail, KINDS, type Kind, SOURCE_KINDS, type SourceKind } from './command.ts';
import {
  type Account,
  ENTRY_KINDS,
  type Entry,
  type EntryKind,
  type Receipt,
  ROLES,
  type Role,
  type Transaction,
} from './transaction.ts';

/** A transaction as the database keeps it, with its place in the chain. */
export interface RecordedTransaction {
  readonly transaction: Transaction;
  readonly receipt: Receipt;
  /** SHA-256 of the request, in hex; null when it was erased. */
  readonly fingerprint: string | null;
}

/** What a transaction says, of one row of `ledger.transaction t`, for {@link readFields}. */
export const TRANSACTION_FIELDS = `json_build_array(t.id, t.key, t.kind, t.programme, t.point_type, t.member, t.points,
  t.effective_at_ms, t.merchant, t.subject, t.source_kind, t.source, t.balance_after)`;

export const ENTRY_JSON = `json_build_array(e.kind, e.point_type, e.from_role, e.from_owner, e.to_role, e.to_owner, e.points, e.lot,
  e.ref, e.expires_at_ms)`;

/** One row of `ledger.transaction t` with its entries, as a JSON array that {@link readTransaction} reads. */
export const TRANSACTION_JSON = `json_build_array(${TRANSACTION_FIELDS}, t.refusal, t.refusal_facts, t.detail,
  encode(t.fingerprint, 'hex'), t.shard, t.block, t.position,
  (select json_build_array(encode(b.hash, 'hex'), b.recorded_at_ms) from ledger.block b
    where b.shard = t.shard and b.number = t.block),
  (select json_agg(${ENTRY_JSON} order by e.seq) from ledger.entry e
    where e.shard = t.shard and e.seq >= t.entry_first and e.seq < t.entry_first + t.entries))`;

export type EntryJson = [
  number,
  number,
  number,
  Uuid | null,
  number,
  Uuid | null,
  number,
  Uuid,
  Uuid | null,
  Instant | null,
];
export type TransactionFields = [
  id: Uuid,
  key: string,
  kind: number,
  programme: number,
  pointType: number,
  member: Uuid,
  points: number,
  effectiveAt: Instant,
  merchant: Uuid | null,
  subject: Uuid | null,
  sourceKind: number | null,
  source: Uuid | null,
  balanceAfter: number,
];
export type TransactionJson = [
  fields: TransactionFields,
  refusal: string | null,
  refusalFacts: string | null,
  detail: string | null,
  fingerprint: string | null,
  shard: number,
  block: number,
  position: number,
  inBlock: [hash: string, recordedAt: Instant],
  entries: EntryJson[] | null,
];

function namesByNumber<Name extends string>(
  table: Readonly<Record<Name, number>>,
): (number: number) => Name {
  const names = new Map(Object.entries(table).map(([name, number]) => [number, name as Name]));
  return (number) => {
    const name = names.get(number);
    if (name === undefined) throw new Error(`the database holds an unknown number ${number}`);
    return name;
  };
}

export const kindName: (number: number) => Kind = namesByNumber(KINDS);
export const roleName: (number: number) => Role = namesByNumber(ROLES);
export const entryKindName: (number: number) => EntryKind = namesByNumber(ENTRY_KINDS);
export const sourceKindName: (number: number) => SourceKind = namesByNumber(SOURCE_KINDS);

export function readEntry([
  kind,
  pointType,
  fromRole,
  fromOwner,
  toRole,
  toOwner,
  points,
  lot,
  ref,
  expiresAt,
]: EntryJson): Entry {
  const from: Account = { role: roleName(fromRole), owner: fromOwner };
  const to: Account = { role: roleName(toRole), owner: toOwner };
  return { kind: entryKindName(kind), pointType, from, to, points, lot, ref, expiresAt };
}

/** What a transaction says, without its refusal, free text and entries. */
export function readFields([
  id,
  key,
  kind,
  programme,
  pointType,
  member,
  points,
  effectiveAt,
  merchant,
  subject,
  sourceKind,
  source,
  balanceAfter,
]: TransactionFields): Omit<Transaction, 'refusal' | 'detail' | 'entries'> {
  return {
    id,
    key,
    kind: kindName(kind),
    programme,
    pointType,
    member,
    points,
    effectiveAt,
    merchant,
    subject,
    source:
      sourceKind === null || source === null
        ? null
        : { kind: sourceKindName(sourceKind), id: source },
    balanceAfter,
  };
}

export function readTransaction(json: TransactionJson): RecordedTransaction {
  const [fields, code, facts, detail, fingerprint, shard, block, position, inBlock, entries] = json;
  const [hash, recordedAt] = inBlock;
  return {
    fingerprint,
    receipt: { shard, block, position, hash, recordedAt },
    transaction: {
      ...readFields(fields),
      refusal: code === null ? null : readRefusal(code, facts),
      detail: detail === null ? null : (JSON.parse(detail) as Detail),
      entries: (entries ?? []).map(readEntry),
    },
  };
}

/** The stored form of a refusal's message and facts, which a replay repeats word for word. */
export function writeRefusal(refusal: NonNullable<Transaction['refusal']>): string {
  return JSON.stringify(
    refusal.facts === undefined ? [refusal.message] : [refusal.message, refusal.facts],
  );
}

function readRefusal(code: string, stored: string | null): NonNullable<Transaction['refusal']> {
  const [message, facts] = JSON.parse(stored ?? '[""]') as [
    string,
    NonNullable<Transaction['refusal']>['facts'],
  ];
  return facts === undefined ? { code, message } : { code, message, facts };
}
