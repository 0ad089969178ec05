import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { Bytes, hex, instant, Unencodable, unhex } from './bytes.ts';
import type { Finding } from './finding.ts';
import { merkleRoot } from './merkle.ts';

/** Where a shard's chain ended when it was sealed. */
export interface SealedHead {
  readonly shard: number;
  /** 0: the genesis. */
  readonly block: number;
  readonly hash: string;
}

/** What a seal says, without the heads under its root. */
export interface SealStatement {
  readonly number: number;
  readonly sealedAt: string | number;
  readonly previousHash: string;
  readonly root: string;
  readonly hash: string;
  readonly keyId: string;
  readonly signature: string;
}

/** A seal of `GET /v1/ledger/seals`, a publication or a seal file. */
export interface Seal extends SealStatement {
  readonly heads: readonly SealedHead[];
}

/** A public key of `GET /v1/ledger/seal-keys`. */
export interface SealKey {
  readonly number: number;
  readonly id: string;
  readonly publicKey: string;
  readonly firstSeal: number;
  readonly madeAt: string | number;
  /** By the key before it; null in the first. */
  readonly signature: string | null;
}

const HEAD = 4;
const SEAL = 5;
const KEY = 6;
const FORMAT = 1;
const NO_HASH = '00'.repeat(32);

/** SHA-256 of a head, of which a seal's root is made. */
export function hashHead({ shard, block, hash }: SealedHead): Uint8Array {
  return new Bytes().u8(HEAD).u8(FORMAT).u16(shard).i64(block).hex(hash, 32).hash();
}

/** The 116 bytes that a seal's signature is over. */
export function sealBytes(ledgerId: string, shards: number, seal: SealStatement): Uint8Array {
  const out = new Bytes().u8(SEAL).u8(FORMAT).uuid(ledgerId).i64(seal.number);
  out.hex(seal.previousHash, 32).i64(instant(seal.sealedAt)).hex(seal.keyId, 16);
  return out.u16(shards).hex(seal.root, 32).written();
}

/** The bytes by which the key before it introduces a key. */
export function keyBytes(ledgerId: string, key: SealKey, before: string): Uint8Array {
  const out = new Bytes().u8(KEY).u8(FORMAT).uuid(ledgerId).u32(key.number).i64(key.firstSeal);
  return out.i64(instant(key.madeAt)).hex(before, 32).hex(key.publicKey, 32).written();
}

/** The id that seals name a public key by: the first 16 bytes of its SHA-256, hex. What people compare. */
export function keyIdOf(publicKey: string): string {
  return hex(sha256(unhex(publicKey, 32)).subarray(0, 16));
}

/** True for a signature of these bytes; false too for what is none. */
function isSigned(bytes: Uint8Array, signature: string, publicKey: string): boolean {
  try {
    return ed25519.verify(unhex(signature, 64), bytes, unhex(publicKey, 32), { zip215: false });
  } catch {
    return false;
  }
}

/** Keys that seals may be signed with, and why they are trusted. */
export interface TrustedKeys {
  readonly ledgerId: string;
  readonly keys: readonly SealKey[];
  /** False: nobody named a key, and the first was taken at its word. */
  readonly isPinned: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Trusts the keys that are pinned and those they introduced, one after the other. `pinned` are public keys in hex,
 * known from elsewhere than from the server; without any, the first key is trusted, and so whoever forges all of it.
 */
export function trustKeys(
  ledgerId: string,
  keys: readonly SealKey[],
  pinned: readonly string[] = [],
): TrustedKeys {
  const findings: Finding[] = [];
  const trusted: SealKey[] = [];
  let before: SealKey | undefined;
  for (const key of keys) {
    const { number } = key;
    const code = flawOf(ledgerId, key, before);
    if (code !== undefined) findings.push({ code, key: number });
    const isAnchor = pinned.length === 0 ? before === undefined : pinned.includes(key.publicKey);
    const isIntroduced = before !== undefined && before === trusted.at(-1);
    if (code === undefined ? isAnchor || isIntroduced : isAnchor && code === 'key_introduction')
      trusted.push(key);
    before = key;
  }
  return { ledgerId, keys: trusted, isPinned: pinned.length > 0, findings };
}

function flawOf(
  ledgerId: string,
  key: SealKey,
  before: SealKey | undefined,
): 'key_unreadable' | 'key_order' | 'key_introduction' | undefined {
  try {
    if (keyIdOf(key.publicKey) !== key.id) return 'key_unreadable';
    if (before === undefined)
      return key.number === 1 && key.signature === null ? undefined : 'key_order';
    if (key.number !== before.number + 1 || key.firstSeal < before.firstSeal) return 'key_order';
    const bytes = keyBytes(ledgerId, key, before.publicKey);
    return isSigned(bytes, key.signature ?? '', before.publicKey) ? undefined : 'key_introduction';
  } catch (error) {
    if (error instanceof Unencodable) return 'key_unreadable';
    throw error;
  }
}

/** The key that may sign a seal: the one it names, whose turn it is. */
function keyOf({ keys }: TrustedKeys, { number, keyId }: SealStatement): SealKey | undefined {
  const inTurn = keys.filter((key) => key.firstSeal <= number).at(-1);
  return inTurn?.id === keyId ? inTurn : undefined;
}

/** That a statement of a seal is what its hash says, and was signed by a key whose turn it was. */
export function verifyStatement(
  seal: SealStatement,
  shards: number,
  trust: TrustedKeys,
): Finding[] {
  const { number } = seal;
  try {
    const bytes = sealBytes(trust.ledgerId, shards, seal);
    const hash = hex(sha256(bytes));
    if (hash !== seal.hash)
      return [{ code: 'seal_hash', seal: number, expected: hash, found: seal.hash }];
    const key = keyOf(trust, seal);
    if (key === undefined) return [{ code: 'seal_key', seal: number, found: seal.keyId }];
    return isSigned(bytes, seal.signature, key.publicKey)
      ? []
      : [{ code: 'seal_signature', seal: number }];
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    return [{ code: 'seal_unreadable', seal: number, found: error.message }];
  }
}

/**
 * That a seal is over the heads it names, signed by a trusted key, and follows the seal before it where that is
 * given (null: it must be the first).
 */
export function verifySeal(
  seal: Seal,
  trust: TrustedKeys,
  previous?: SealStatement | null,
): Finding[] {
  const { number, heads } = seal;
  const findings: Finding[] = [];
  try {
    const root = heads.every(({ shard }, place) => shard === place)
      ? merkleRoot(heads.map(hashHead))
      : null;
    if (root === null || hex(root) !== seal.root) {
      const expected = root === null ? '' : hex(root);
      findings.push({ code: 'seal_root', seal: number, expected, found: seal.root });
    }
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    return [{ code: 'seal_unreadable', seal: number, found: error.message }];
  }
  findings.push(...verifyStatement(seal, heads.length, trust));
  if (previous !== undefined) {
    const expected = previous?.hash ?? NO_HASH;
    const isNext =
      number === (previous?.number ?? 0) + 1 &&
      (previous === null || instant(previous.sealedAt) <= instant(seal.sealedAt));
    if (!isNext || seal.previousHash !== expected)
      findings.push({ code: 'seal_link', seal: number, expected, found: seal.previousHash });
  }
  return findings;
}
