import { Bytes } from './bytes.ts';

/** kind, point type, from role, from owner, to role, to owner, points, lot, ref, expires at (ms). */
export type LeafEntry = readonly [
  kind: number,
  pointType: number,
  fromRole: number,
  fromOwner: string | null,
  toRole: number,
  toOwner: string | null,
  points: number,
  lot: string | null,
  ref: string | null,
  expiresAt: number | null,
];

/** The terms of a lot as it was made. */
export interface LeafLot {
  readonly id: string | null;
  readonly issuer: string | null;
  readonly availableAt: number | null;
  readonly expiresAt: number | null;
  readonly issued: number | null;
  readonly amount: number | null;
  /** Micro-fen per point. */
  readonly unitCost: number | null;
  readonly ruleVersion: string | null;
  /** Hex. */
  readonly evidence: string | null;
  readonly funders: readonly (readonly [merchant: string | null, share: number | null])[];
}

/**
 * A transaction as its block hashes it: what `GET /v1/ledger/shards/{shard}/blocks/{number}` and the lines
 * `transaction` of an export hold. Ids are UUIDs, kinds and roles the numbers of docs/ledger.md, instants milliseconds.
 */
export interface Leaf {
  readonly id: string | null;
  readonly kind: number;
  readonly programme: number;
  readonly pointType: number;
  readonly member: string | null;
  readonly points: number | null;
  readonly effectiveAt: number | null;
  readonly merchant: string | null;
  readonly subject: string | null;
  readonly sourceKind: number;
  readonly source: string | null;
  readonly balanceAfter: number | null;
  /** Hex: see {@link hashCommitment}. */
  readonly commitment: string;
  /** Empty when it was applied. */
  readonly refusal: string;
  readonly entryFirst: number | null;
  readonly entries: readonly LeafEntry[];
  readonly lots: readonly LeafLot[];
  readonly marks: readonly string[];
}

/**
 * The bytes of a leaf.
 *
 * @throws {Unencodable} when no leaf can say this
 */
export function leafBytes(leaf: Leaf): Uint8Array {
  return writeLeaf(leaf).written();
}

/** SHA-256 of {@link leafBytes}. */
export function hashLeaf(leaf: Leaf): Uint8Array {
  return writeLeaf(leaf).hash();
}

const LEAF = 0;
const FORMAT = 1;

function writeLeaf(leaf: Leaf): Bytes {
  const out = new Bytes().u8(LEAF).u8(FORMAT);
  out.uuid(leaf.id).u8(leaf.kind).u32(leaf.programme).u32(leaf.pointType).uuid(leaf.member);
  out.i64OrNone(leaf.points).i64OrNone(leaf.effectiveAt).uuid(leaf.merchant).uuid(leaf.subject);
  out.u8(leaf.sourceKind).uuid(leaf.source).i64OrNone(leaf.balanceAfter).hex(leaf.commitment, 32);
  out.text(leaf.refusal).i64OrNone(leaf.entryFirst);
  out.u32(leaf.entries.length);
  for (const entry of leaf.entries) {
    const [kind, pointType, fromRole, fromOwner, toRole, toOwner] = entry;
    const [, , , , , , points, lot, ref, expiresAt] = entry;
    out.u8(kind).u32(pointType).u8(fromRole).uuid(fromOwner).u8(toRole).uuid(toOwner);
    out.i64(points).uuid(lot).uuid(ref).i64OrNone(expiresAt);
  }
  out.u16(leaf.lots.length);
  for (const lot of leaf.lots) writeLot(out, lot);
  out.u16(leaf.marks.length);
  for (const mark of leaf.marks) out.text(mark);
  return out;
}

const NO_EVIDENCE = new Uint8Array(32);

function writeLot(out: Bytes, lot: LeafLot): void {
  out.uuid(lot.id).uuid(lot.issuer).i64OrNone(lot.availableAt).i64OrNone(lot.expiresAt);
  out.i64OrNone(lot.issued).i64OrNone(lot.amount).i64OrNone(lot.unitCost).uuid(lot.ruleVersion);
  if (lot.evidence === null) out.raw(NO_EVIDENCE);
  else out.hex(lot.evidence, 32);
  out.u16(lot.funders.length);
  for (const [merchant, share] of lot.funders) out.uuid(merchant).i64OrNone(share);
}

/** What a commitment is the hash of; an export has it when it was made with detail. */
export interface Opening {
  /** 16 bytes, hex. */
  readonly salt: string;
  /** 32 bytes, hex. */
  readonly fingerprint: string;
  /** The tenant, a colon, and the idempotency key. */
  readonly key: string;
  /** The exact text; null when there is none. */
  readonly detail: string | null;
}

/** The commitment that stands in a leaf for key and free text, in whose place it stays when they are erased. */
export function hashCommitment({ salt, fingerprint, key, detail }: Opening): Uint8Array {
  return new Bytes()
    .hex(salt, 16)
    .hex(fingerprint, 32)
    .utf8(key)
    .u8(0)
    .utf8(detail ?? '')
    .hash();
}
