import type { Instant } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import { writeInt64, writeUuid } from '../platform/columns.ts';
import { KINDS, SOURCE_KINDS } from './command.ts';
import { ENTRY_KINDS, type LotTerms, ROLES, type Transaction } from './transaction.ts';

/**
 * Format 1 of what the chain hashes. All integers are big-endian; an absent UUID is 16 zero bytes, an
 * absent instant or value is the smallest 64-bit integer. docs/ledger.md describes the same bytes in
 * prose, and docs/test-vectors.json fixes examples: a change needs a new format number.
 */
export const FORMAT = 1;

/** Domain separation of the four things hashed (after RFC 6962). */
const LEAF = 0x00;
const NODE = 0x01;
const BLOCK = 0x02;
const GENESIS = 0x03;

const NO_UUID = '00000000-0000-0000-0000-000000000000';

let scratch = Buffer.allocUnsafe(64 * 1024);
let at = 0;

function room(bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafe(Math.max(scratch.length * 2, at + bytes));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}
const u8 = (value: number): void => {
  scratch[at] = value;
  at += 1;
};
const u16 = (value: number): void => {
  at = scratch.writeUInt16BE(value, at);
};
const u32 = (value: number): void => {
  at = scratch.writeUInt32BE(value, at);
};
const i64 = (value: number | null): void => {
  if (value === null) {
    scratch.writeInt32BE(-0x8000_0000, at);
    scratch.writeUInt32BE(0, at + 4);
  } else writeInt64(value, scratch, at);
  at += 8;
};
const uuid = (value: Uuid | null): void => {
  writeUuid(value ?? NO_UUID, scratch, at);
  at += 16;
};
const bytes = (value: Uint8Array): void => {
  scratch.set(value, at);
  at += value.length;
};

const text = (value: string): void => {
  const length = scratch.write(value, at + 2);
  u16(length);
  at += length;
};

/** A transaction as it enters the chain: everything about it but the free text, which is committed to. */
export interface Leaf {
  readonly transaction: Omit<Transaction, 'key' | 'detail' | 'refusal'> & {
    readonly refusal: { readonly code: string } | null;
  };
  readonly refusalFacts: string | null;
  readonly commitment: Uint8Array;
  readonly entryFirst: number;
  readonly lotsMade: readonly LotTerms[];
  readonly marks: readonly string[];
}

/** SHA-256 of a transaction's leaf: 0x00, then the transaction, its entries, the lots it made, and its marks. */
export function hashLeaf(leaf: Leaf): Buffer {
  return sha256(writeLeaf(leaf));
}

/** The bytes that {@link hashLeaf} hashes. */
export function leafBytes(leaf: Leaf): Buffer {
  return Buffer.from(writeLeaf(leaf));
}

/** Valid until the next thing is encoded. */
function writeLeaf(leaf: Leaf): Uint8Array {
  const { transaction, lotsMade, marks } = leaf;
  const refusal =
    transaction.refusal === null ? '' : `${transaction.refusal.code} ${leaf.refusalFacts ?? ''}`;
  at = 0;
  room(256 + refusal.length * 3 + transaction.entries.length * 128);
  u8(LEAF);
  u8(FORMAT);
  uuid(transaction.id);
  u8(KINDS[transaction.kind]);
  u32(transaction.programme);
  u32(transaction.pointType);
  uuid(transaction.member);
  i64(transaction.points);
  i64(transaction.effectiveAt);
  uuid(transaction.merchant);
  uuid(transaction.subject);
  u8(transaction.source === null ? 0 : SOURCE_KINDS[transaction.source.kind]);
  uuid(transaction.source?.id ?? null);
  i64(transaction.balanceAfter);
  bytes(leaf.commitment);
  text(refusal);
  i64(leaf.entryFirst);
  u32(transaction.entries.length);
  for (const entry of transaction.entries) {
    u8(ENTRY_KINDS[entry.kind]);
    u32(entry.pointType);
    u8(ROLES[entry.from.role]);
    uuid(entry.from.owner);
    u8(ROLES[entry.to.role]);
    uuid(entry.to.owner);
    i64(entry.points);
    uuid(entry.lot);
    uuid(entry.ref);
    i64(entry.expiresAt);
  }
  room(2);
  u16(lotsMade.length);
  for (const terms of lotsMade) lot(terms);
  room(2);
  u16(marks.length);
  for (const mark of marks) {
    room(2 + mark.length * 3);
    text(mark);
  }
  return scratch.subarray(0, at);
}

function lot(terms: LotTerms): void {
  room(192 + (terms.funders?.length ?? 0) * 24);
  uuid(terms.id);
  uuid(terms.issuer);
  i64(terms.availableAt);
  i64(terms.expiresAt);
  i64(terms.issued);
  i64(terms.amount);
  i64(terms.unitCost);
  uuid(terms.ruleVersion);
  bytes(terms.evidence === null ? new Uint8Array(32) : Buffer.from(terms.evidence, 'hex'));
  u16(terms.funders?.length ?? 0);
  for (const funder of terms.funders ?? []) {
    uuid(funder.merchant);
    i64(funder.share);
  }
}

/** What the chain holds of a transaction's request and free text: SHA-256 of salt ‖ fingerprint ‖ key ‖ 0x00 ‖ detail. */
export function commit(
  salt: Uint8Array,
  fingerprint: Uint8Array,
  key: string,
  detail: string | null,
): Buffer {
  at = 0;
  room(64 + 3 * (key.length + (detail?.length ?? 0)));
  bytes(salt);
  bytes(fingerprint);
  at += scratch.write(key, at);
  u8(0);
  if (detail !== null) at += scratch.write(detail, at);
  return sha256(scratch.subarray(0, at));
}

/** Merkle root over leaves in order (RFC 6962: the left subtree is the largest full one). */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) throw new Error('a block has at least one transaction');
  let level = leaves;
  while (level.length > 1) {
    const next: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as Buffer;
      const right = level[i + 1];
      if (right === undefined) {
        next.push(left);
        continue;
      }
      const node = Buffer.allocUnsafe(65);
      node[0] = NODE;
      left.copy(node, 1);
      right.copy(node, 33);
      next.push(sha256(node));
    }
    level = next;
  }
  return level[0] as Buffer;
}

export interface BlockHeader {
  readonly shard: number;
  readonly number: number;
  readonly previousHash: Uint8Array;
  readonly recordedAt: Instant;
  readonly merkleRoot: Uint8Array;
  readonly transactions: number;
  readonly entryFirst: number;
  readonly entries: number;
}

/** SHA-256 of a block's header, which names the block before it. */
export function hashBlock(header: BlockHeader): Buffer {
  return sha256(writeHeader(header));
}

/** The bytes that {@link hashBlock} hashes. */
export function headerBytes(header: BlockHeader): Buffer {
  return Buffer.from(writeHeader(header));
}

/** Valid until the next thing is encoded. */
function writeHeader(header: BlockHeader): Uint8Array {
  at = 0;
  u8(BLOCK);
  u8(FORMAT);
  u16(header.shard);
  i64(header.number);
  bytes(header.previousHash);
  i64(header.recordedAt);
  bytes(header.merkleRoot);
  u32(header.transactions);
  i64(header.entryFirst);
  u32(header.entries);
  return scratch.subarray(0, at);
}

/** The hash before a shard's first block: it binds the chain to this ledger and its number of shards. */
export function hashGenesis(ledgerId: Uuid, shards: number, shard: number): Buffer {
  at = 0;
  u8(GENESIS);
  u8(FORMAT);
  uuid(ledgerId);
  u16(shards);
  u16(shard);
  return sha256(scratch.subarray(0, at));
}
