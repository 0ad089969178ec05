import type { Pool } from 'pg';
import * as field from '../platform/rows.ts';
import { ACCRUAL_KINDS, type Accrual } from './accrual.ts';
import type { Allotment, Debt, Hold, Lot, MemberAccount, Written } from './book.ts';
import { KINDS, SOURCE_KINDS } from './command.ts';
import { type Account, ENTRY_KINDS, type Entry, type LotTerms, ROLES } from './transaction.ts';

// The fields of each table in the order of its columns (migrations/0002_ledger.sql), for arrays of its
// own row type.

export interface TransactionRow {
  readonly shard: number;
  readonly block: number;
  readonly position: number;
  readonly written: Written;
  readonly refusal: string | null;
  readonly detail: string | null;
  readonly salt: Buffer;
  readonly commitment: Buffer;
  readonly leaf: Buffer;
}

const TRANSACTION: readonly field.Field<TransactionRow>[] = [
  field.int2((row) => row.shard),
  field.uuid((row) => row.written.transaction.id),
  field.int8((row) => row.block),
  field.int4((row) => row.position),
  field.text((row) => row.written.transaction.key),
  field.bytea((row) => row.written.fingerprint),
  field.int2((row) => KINDS[row.written.transaction.kind]),
  field.int4((row) => row.written.transaction.programme),
  field.int4((row) => row.written.transaction.pointType),
  field.uuid((row) => row.written.transaction.member),
  field.int8((row) => row.written.transaction.points),
  field.int8((row) => row.written.transaction.effectiveAt),
  field.uuid((row) => row.written.transaction.merchant),
  field.uuid((row) => row.written.transaction.subject),
  field.int2(({ written: { transaction } }) =>
    transaction.source === null ? null : SOURCE_KINDS[transaction.source.kind],
  ),
  field.uuid((row) => row.written.transaction.source?.id ?? null),
  field.text((row) => row.written.transaction.refusal?.code ?? null),
  field.text((row) => row.refusal),
  field.int8((row) => row.written.transaction.balanceAfter),
  field.int8((row) => row.written.entryFirst),
  field.int4((row) => row.written.transaction.entries.length),
  field.text((row) => row.detail),
  field.bytea((row) => row.salt),
  field.bytea((row) => row.commitment),
  field.bytea((row) => row.leaf),
  field.textList(({ written: { marks } }) => (marks.length === 0 ? null : marks)),
];

export interface EntryRow {
  readonly shard: number;
  readonly seq: number;
  readonly transaction: Written['transaction'];
  readonly entry: Entry;
}

const ENTRY: readonly field.Field<EntryRow>[] = [
  field.int2((row) => row.shard),
  field.int8((row) => row.seq),
  field.uuid((row) => row.transaction.id),
  field.int2((row) => ENTRY_KINDS[row.entry.kind]),
  field.int4((row) => row.transaction.programme),
  field.int4((row) => row.entry.pointType),
  field.int2((row) => ROLES[row.entry.from.role]),
  field.uuid((row) => row.entry.from.owner),
  field.int2((row) => ROLES[row.entry.to.role]),
  field.uuid((row) => row.entry.to.owner),
  field.int8((row) => row.entry.points),
  field.uuid((row) => row.entry.lot),
  field.uuid((row) => row.entry.ref),
  field.int8((row) => row.entry.expiresAt),
];

export interface LotMadeRow {
  readonly shard: number;
  readonly transaction: Written['transaction'];
  readonly terms: LotTerms;
  readonly pointType: number;
  readonly lot: Lot;
}

const LOT_MADE: readonly field.Field<LotMadeRow>[] = [
  field.int2((row) => row.shard),
  field.uuid((row) => row.terms.id),
  field.int8((row) => row.lot.seq),
  field.uuid((row) => row.transaction.id),
  field.int4((row) => row.transaction.programme),
  field.int4((row) => row.pointType),
  field.uuid((row) => row.transaction.member),
  field.uuid((row) => row.terms.issuer),
  field.uuidList((row) => row.terms.funders?.map((each) => each.merchant) ?? null),
  field.int8List((row) => row.terms.funders?.map((each) => each.share) ?? null),
  field.uuid((row) => row.terms.ruleVersion),
  field.bytea(({ terms }) => (terms.evidence === null ? null : Buffer.from(terms.evidence, 'hex'))),
  field.int8((row) => row.terms.unitCost),
  field.int8((row) => row.terms.availableAt),
  field.int8((row) => row.terms.expiresAt),
  field.int8((row) => row.lot.expiresAt),
  field.int8((row) => row.terms.issued),
  field.int8((row) => row.terms.amount),
  field.int8((row) => row.lot.remaining),
  field.int8((row) => row.lot.held),
  field.int8((row) => row.lot.expired),
  field.int8((row) => row.lot.expiredRecovered),
  field.int8((row) => row.lot.returned),
  field.bool((row) => row.lot.pending),
  field.bool((row) => row.lot.remaining > 0),
  field.int2((row) => row.lot.slideMonths),
  field.uuid((row) => row.lot.root),
];

const LOT_STATE: readonly field.Field<Lot>[] = [
  field.uuid((lot) => lot.id),
  field.int8((lot) => lot.expiresAt),
  field.int8((lot) => lot.remaining),
  field.int8((lot) => lot.held),
  field.int8((lot) => lot.expired),
  field.int8((lot) => lot.expiredRecovered),
  field.int8((lot) => lot.returned),
  field.bool((lot) => lot.pending),
];

interface Placed<T> {
  readonly shard: number;
  readonly of: T;
}

const MEMBER_ACCOUNT: readonly field.Field<Placed<MemberAccount>>[] = [
  field.int2((row) => row.shard),
  field.uuid((row) => row.of.member),
  field.int4((row) => row.of.pointType),
  field.int4((row) => row.of.programme),
  field.int8((row) => row.of.free),
  field.int8((row) => row.of.held),
  field.int8((row) => row.of.debt),
  field.int8((row) => row.of.earned),
  field.int8((row) => row.of.redeemed),
  field.int8((row) => row.of.expired),
  field.int8((row) => row.of.lastEffectiveAt),
];

interface Delta {
  readonly account: Account;
  readonly pointType: number;
  readonly programme: number;
  readonly points: bigint;
}

const COUNTER_DELTA: readonly field.Field<Delta>[] = [
  field.int2((row) => ROLES[row.account.role]),
  field.uuid((row) => row.account.owner),
  field.int4((row) => row.pointType),
  field.int4((row) => row.programme),
  field.bigint8((row) => row.points),
];

const HOLD: readonly field.Field<Placed<Hold>>[] = [
  field.int2((row) => row.shard),
  field.uuid((row) => row.of.id),
  field.int4((row) => row.of.programme),
  field.int4((row) => row.of.pointType),
  field.uuid((row) => row.of.member),
  field.uuid((row) => row.of.merchant),
  field.int8((row) => row.of.expiresAt),
  field.uuidList((row) => row.of.takes.map((take) => take.lot)),
  field.int8List((row) => row.of.takes.map((take) => take.points)),
  field.int8((row) => row.of.remaining),
  field.bool((row) => row.of.remaining > 0),
];

interface DebtRow {
  readonly shard: number;
  readonly account: MemberAccount;
  readonly debt: Debt;
}

const DEBT: readonly field.Field<DebtRow>[] = [
  field.int2((row) => row.shard),
  field.uuid((row) => row.account.member),
  field.int4((row) => row.account.pointType),
  field.uuid((row) => row.debt.lot),
  field.int8((row) => row.debt.seq),
  field.int8((row) => row.debt.amount),
  field.int8((row) => row.debt.remaining),
];

interface CounterRow {
  readonly shard: number;
  readonly member: string;
  readonly name: string;
  readonly value: number;
}

const COUNTER: readonly field.Field<CounterRow>[] = [
  field.int2((row) => row.shard),
  field.uuid((row) => row.member),
  field.text((row) => row.name),
  field.int8((row) => row.value),
];

interface AccrualOfEntry {
  readonly shard: number;
  readonly accrual: Accrual;
}

const ACCRUAL: readonly field.Field<AccrualOfEntry>[] = [
  field.int2((row) => row.shard),
  field.int8((row) => row.accrual.seq),
  field.int2((row) => row.accrual.place),
  field.int2((row) => ACCRUAL_KINDS[row.accrual.kind]),
  field.int4((row) => row.accrual.programme),
  field.int4((row) => row.accrual.pointType),
  field.int8((row) => row.accrual.effectiveAt),
  field.uuid((row) => row.accrual.payer),
  field.uuid((row) => row.accrual.taker),
  field.int8((row) => row.accrual.points),
  field.bigint8((row) => row.accrual.owed),
  field.bigint8((row) => row.accrual.due),
  field.bigint8((row) => row.accrual.fee),
];

const ALLOTMENT_STATE: readonly field.Field<Pick<Allotment, 'budget' | 'spent'>>[] = [
  field.uuid((row) => row.budget),
  field.int8((row) => row.spent),
];

const TYPES = {
  transaction: TRANSACTION,
  entry: ENTRY,
  lot: LOT_MADE,
  lot_state: LOT_STATE,
  member_account: MEMBER_ACCOUNT,
  counter_delta: COUNTER_DELTA,
  hold: HOLD,
  debt: DEBT,
  counter: COUNTER,
  allotment_state: ALLOTMENT_STATE,
  accrual: ACCRUAL,
};
type TypeName = keyof typeof TYPES;
type RowOf<Name extends TypeName> = (typeof TYPES)[Name] extends readonly field.Field<infer Row>[]
  ? Row
  : never;

/** Encodes rows of the ledger's types for one database. */
export type Encode = <Name extends TypeName>(type: Name, rows: readonly RowOf<Name>[]) => Buffer;

const encoders = new WeakMap<Pool, Promise<Encode>>();

/** Row types have numbers of their own in every database; they are asked for once per pool. */
export function rowEncoder(pool: Pool): Promise<Encode> {
  let encoder = encoders.get(pool);
  if (encoder === undefined) {
    encoder = readTypes(pool);
    encoders.set(pool, encoder);
    encoder.catch(() => encoders.delete(pool));
  }
  return encoder;
}

async function readTypes(pool: Pool): Promise<Encode> {
  const { rows } = await pool.query<{ name: string; oid: number }>(
    `select t.name, ('ledger.' || t.name)::regtype::oid::int as oid from unnest($1::text[]) as t (name)`,
    [Object.keys(TYPES)],
  );
  const oids = new Map(rows.map((row) => [row.name, row.oid]));
  return (type, rowsOfType) =>
    field.encodeRows(
      oids.get(type) as number,
      TYPES[type] as readonly field.Field<(typeof rowsOfType)[number]>[],
      rowsOfType,
    );
}
