import type { Instant } from '../../kernel/clock.ts';
import { sha256 } from '../../kernel/hash.ts';
import type { Uuid } from '../../kernel/id.ts';
import { writeInt64, writeUuid } from '../../platform/columns.ts';
import { merkleRoot } from '../encode.ts';

/** Format 1 of seals; docs/ledger.md describes the same bytes, docs/test-vectors.json fixes examples. */
export const SEAL_FORMAT = 1;

/** Domain separation, beside 00–03 of encode.ts. */
const HEAD = 0x04;
const SEAL = 0x05;
const KEY = 0x06;

export const NO_HASH = Buffer.alloc(32);

/** Where a shard's chain ended: block 0 is the genesis. */
export interface SealedHead {
  readonly block: number;
  readonly hash: Buffer;
}

/** Everything a seal states, before it is signed. */
export interface SealStatement {
  /** From 1, without gaps. */
  readonly number: number;
  readonly sealedAt: Instant;
  /** The hash of the seal before it; 32 zero bytes in the first. */
  readonly previousHash: Buffer;
  /** Hex. */
  readonly keyId: string;
  /** By shard. */
  readonly heads: readonly SealedHead[];
}

export interface Seal extends SealStatement {
  readonly root: Buffer;
  /** SHA-256 of the signed bytes. */
  readonly hash: Buffer;
  /** Ed25519. */
  readonly signature: Buffer;
}

/** A public key, and its introduction by the key before it. */
export interface SealKey {
  readonly number: number;
  /** Hex, of the first 16 bytes of the SHA-256 of the public key. */
  readonly id: string;
  readonly publicKey: Buffer;
  readonly firstSeal: number;
  readonly madeAt: Instant;
  /** Null in the first key. */
  readonly signature: Buffer | null;
}

export function keyIdOf(publicKey: Uint8Array): string {
  return sha256(publicKey).toString('hex', 0, 16);
}

/** The leaf of one shard's head in the tree a seal signs. */
export function hashHead(shard: number, head: SealedHead): Buffer {
  const bytes = Buffer.alloc(44);
  bytes[0] = HEAD;
  bytes[1] = SEAL_FORMAT;
  bytes.writeUInt16BE(shard, 2);
  writeInt64(head.block, bytes, 4);
  head.hash.copy(bytes, 12);
  return sha256(bytes);
}

export function headLeaves(heads: readonly SealedHead[]): Buffer[] {
  return heads.map((head, shard) => hashHead(shard, head));
}

export function rootOfHeads(heads: readonly SealedHead[]): Buffer {
  return merkleRoot(headLeaves(heads));
}

/** The 116 bytes a seal's signature is over. */
export function sealBytes(
  ledgerId: Uuid,
  seal: Omit<SealStatement, 'heads'> & { readonly shards: number; readonly root: Buffer },
): Buffer {
  const bytes = Buffer.alloc(116);
  bytes[0] = SEAL;
  bytes[1] = SEAL_FORMAT;
  writeUuid(ledgerId, bytes, 2);
  writeInt64(seal.number, bytes, 18);
  seal.previousHash.copy(bytes, 26);
  writeInt64(seal.sealedAt, bytes, 58);
  bytes.write(seal.keyId, 66, 'hex');
  bytes.writeUInt16BE(seal.shards, 82);
  seal.root.copy(bytes, 84);
  return bytes;
}

/** The bytes by which one key introduces the next. */
export function keyBytes(
  ledgerId: Uuid,
  key: Pick<SealKey, 'number' | 'firstSeal' | 'madeAt' | 'publicKey'>,
  before: Buffer,
): Buffer {
  const bytes = Buffer.alloc(102);
  bytes[0] = KEY;
  bytes[1] = SEAL_FORMAT;
  writeUuid(ledgerId, bytes, 2);
  bytes.writeUInt32BE(key.number, 18);
  writeInt64(key.firstSeal, bytes, 22);
  writeInt64(key.madeAt, bytes, 30);
  before.copy(bytes, 38);
  key.publicKey.copy(bytes, 70);
  return bytes;
}
