import { int32, int64, type RowFields } from '../../platform/copy-rows.ts';
import { FORMAT } from '../encode.ts';
import { LeafWriter } from './leaf-writer.ts';

/** Columns of a row of the three tables that a leaf is made of, in the order in which {@link T}, {@link E} and {@link M} number them. */
export const TRANSACTION_COLUMNS = `id, block, position, key, fingerprint, kind, programme, point_type, member, points,
  effective_at_ms, merchant, subject, source_kind, source, refusal, refusal_facts, balance_after, entry_first, entries,
  detail, salt, commitment, leaf, marks`;
export const T = {
  id: 0,
  block: 1,
  position: 2,
  key: 3,
  fingerprint: 4,
  kind: 5,
  programme: 6,
  pointType: 7,
  member: 8,
  points: 9,
  effectiveAt: 10,
  merchant: 11,
  subject: 12,
  sourceKind: 13,
  source: 14,
  refusal: 15,
  refusalFacts: 16,
  balanceAfter: 17,
  entryFirst: 18,
  entries: 19,
  detail: 20,
  salt: 21,
  commitment: 22,
  leaf: 23,
  marks: 24,
  count: 25,
} as const;

export const ENTRY_COLUMNS = `seq, transaction, kind, programme, point_type, from_role, from_owner, to_role, to_owner,
  points, lot, ref, expires_at_ms`;
export const E = {
  seq: 0,
  transaction: 1,
  kind: 2,
  programme: 3,
  pointType: 4,
  fromRole: 5,
  fromOwner: 6,
  toRole: 7,
  toOwner: 8,
  points: 9,
  lot: 10,
  ref: 11,
  expiresAt: 12,
  count: 13,
} as const;

export const LOT_COLUMNS = `seq, transaction, id, issuer, funders, funder_shares, rule_version, evidence, unit_cost,
  available_at_ms, made_expires_at_ms, issued, amount, programme, point_type, member`;
export const M = {
  seq: 0,
  transaction: 1,
  id: 2,
  issuer: 3,
  funders: 4,
  shares: 5,
  ruleVersion: 6,
  evidence: 7,
  unitCost: 8,
  availableAt: 9,
  expiresAt: 10,
  issued: 11,
  amount: 12,
  programme: 13,
  pointType: 14,
  member: 15,
  count: 16,
} as const;

/** The rows that entries accrued; `place` among those of an entry. */
export const ACCRUAL_COLUMNS = `seq, place, kind, programme, point_type, effective_at_ms, payer, taker, points, owed, due, fee`;
export const A = {
  seq: 0,
  place: 1,
  kind: 2,
  programme: 3,
  pointType: 4,
  effectiveAt: 5,
  payer: 6,
  taker: 7,
  points: 8,
  owed: 9,
  due: 10,
  fee: 11,
  count: 12,
} as const;

/** Where fields stand in rows that begin with them, as none before them is ever null. */
export const TRANSACTION_ID_AT = 6;
/** Of entries and lots alike, which begin with their number and their transaction. */
export const SEQ_AT = 6;
export const OF_TRANSACTION_AT = 18;
export const MADE_BY_BYTES = 28;
export const LOT_ID_AT = 38;

/** Says which column holds what no leaf can: nobody but a forger writes it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const COMMITMENT_BYTES = 32;
const TEXT_BYTES_MAX = 0xffff;

/**
 * Makes the bytes of a leaf straight from the bytes of its rows: both are big-endian, so most fields are
 * only copied. It is written apart from encode.ts on purpose, and compared with what that one hashed.
 */
export class LeafOfRows {
  private readonly out = new LeafWriter();

  begin(row: RowFields): void {
    const { out } = this;
    out.begin();
    out.u8(0);
    out.u8(FORMAT);
    this.words(row, T.id, 4);
    this.small(row, T.kind, 'kind');
    this.words(row, T.programme, 1);
    this.words(row, T.pointType, 1);
    this.words(row, T.member, 4);
    this.words(row, T.points, 2);
    this.words(row, T.effectiveAt, 2);
    this.words(row, T.merchant, 4);
    this.words(row, T.subject, 4);
    this.small(row, T.sourceKind, 'source_kind');
    this.words(row, T.source, 4);
    this.words(row, T.balanceAfter, 2);
    if (row.length[T.commitment] !== COMMITMENT_BYTES) throw new Unreadable('commitment');
    this.words(row, T.commitment, COMMITMENT_BYTES / 4);
    this.refusal(row);
    this.words(row, T.entryFirst, 2);
  }

  entryCount(count: number): void {
    this.out.u32(count);
  }

  entry(row: RowFields): void {
    this.small(row, E.kind, 'entry.kind');
    this.words(row, E.pointType, 1);
    this.small(row, E.fromRole, 'entry.from_role');
    this.words(row, E.fromOwner, 4);
    this.small(row, E.toRole, 'entry.to_role');
    this.words(row, E.toOwner, 4);
    this.words(row, E.points, 2);
    this.words(row, E.lot, 4);
    this.words(row, E.ref, 4);
    this.instant(row, E.expiresAt);
  }

  lotCount(count: number): void {
    this.out.u16(count);
  }

  lot(row: RowFields): void {
    this.words(row, M.id, 4);
    this.words(row, M.issuer, 4);
    this.words(row, M.availableAt, 2);
    this.instant(row, M.expiresAt);
    this.words(row, M.issued, 2);
    this.words(row, M.amount, 2);
    this.instant(row, M.unitCost);
    this.words(row, M.ruleVersion, 4);
    const evidence = row.length[M.evidence] as number;
    if (evidence !== 32 && evidence !== -1) throw new Unreadable('lot.evidence');
    this.words(row, M.evidence, 8);
    this.funders(row);
  }

  marks(row: RowFields): void {
    if (row.isNull(T.marks)) {
      this.out.u16(0);
      return;
    }
    const marks = textsOf(row, T.marks);
    this.out.u16(marks.length);
    for (const { at, length } of marks) {
      if (length > TEXT_BYTES_MAX) throw new Unreadable('marks');
      this.out.u16(length);
      this.out.raw(row.row, at, length);
    }
  }

  written(): Buffer {
    return this.out.written();
  }

  private refusal(row: RowFields): void {
    const length = row.length[T.refusal] as number;
    if (length < 0) {
      this.out.u16(0);
      return;
    }
    const facts = Math.max(0, row.length[T.refusalFacts] as number);
    if (length + 1 + facts > TEXT_BYTES_MAX) throw new Unreadable('refusal');
    this.out.u16(length + 1 + facts);
    this.out.raw(row.row, row.at[T.refusal] as number, length);
    this.out.u8(0x20);
    this.out.raw(row.row, row.at[T.refusalFacts] as number, facts);
  }

  private funders(row: RowFields): void {
    if (row.isNull(M.funders) && row.isNull(M.shares)) {
      this.out.u16(0);
      return;
    }
    const merchants = elements(row, M.funders, 16);
    const shares = elements(row, M.shares, 8);
    if (merchants.length !== shares.length) throw new Unreadable('lot.funders');
    this.out.u16(merchants.length);
    for (const [index, at] of merchants.entries()) {
      this.out.raw(row.row, at, 16);
      this.out.raw(row.row, shares[index] as number, 8);
    }
  }

  /** A field of so many words of four bytes; zeros when it is null. */
  private words(row: RowFields, field: number, words: number): void {
    if ((row.length[field] as number) < 0) this.out.zeros(4 * words);
    else this.out.words(row.view, row.at[field] as number, words);
  }

  /** An int8 that may be null, which is not the same as 0. */
  private instant(row: RowFields, field: number): void {
    if ((row.length[field] as number) < 0) this.out.i64(null);
    else this.out.words(row.view, row.at[field] as number, 2);
  }

  /** An int2 that the chain holds in one byte; 0 when it is null. */
  private small(row: RowFields, field: number, name: string): void {
    const value = (row.length[field] as number) < 0 ? 0 : row.int2(field);
    if (value < 0 || value > 255) throw new Unreadable(`${name} ${value}`);
    this.out.u8(value);
  }
}

const ARRAY_HEADER = 12;

/** Where the elements of an array without nulls stand, all of the same width; none when it is null. */
export function elements(row: RowFields, field: number, width: number): number[] {
  return textsOf(row, field).map(({ at, length }) => {
    if (length !== width) throw new Unreadable('an array');
    return at;
  });
}

/** As {@link elements}; none when the array is not of that kind, which only a forger writes. */
export function elementsIfAny(row: RowFields, field: number, width: number): number[] {
  try {
    return elements(row, field, width);
  } catch (error) {
    if (error instanceof Unreadable) return [];
    throw error;
  }
}

/** Where the elements of an array of any width stand. */
function textsOf(row: RowFields, field: number): { at: number; length: number }[] {
  if (row.isNull(field)) return [];
  const at = row.at[field] as number;
  const dimensions = int32(row.row, at);
  if (dimensions === 0) return [];
  if (dimensions !== 1) throw new Unreadable('an array');
  const count = int32(row.row, at + ARRAY_HEADER);
  const found: { at: number; length: number }[] = [];
  for (let element = 0, next = at + ARRAY_HEADER + 8; element < count; element += 1) {
    const length = int32(row.row, next);
    if (length < 0) throw new Unreadable('an array');
    found.push({ at: next + 4, length });
    next += 4 + length;
  }
  return found;
}

export function int64sOf(row: RowFields, field: number): number[] {
  return elementsIfAny(row, field, 8).map((at) => int64(row.row, at));
}
