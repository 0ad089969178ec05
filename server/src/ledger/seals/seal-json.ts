import { readInstant, showInstant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { SEAL_FORMAT, type Seal, type SealKey } from './seal.ts';

/** A seal as the API, the seal file and publications show it: hashes, ids and signatures in hex. */
export interface SealShown {
  readonly number: number;
  readonly sealedAt: string;
  readonly previousHash: string;
  readonly root: string;
  readonly hash: string;
  readonly keyId: string;
  readonly signature: string;
  readonly heads: readonly {
    readonly shard: number;
    readonly block: number;
    readonly hash: string;
  }[];
}

export interface SealKeyShown {
  readonly number: number;
  readonly id: string;
  readonly publicKey: string;
  readonly firstSeal: number;
  readonly madeAt: string;
  readonly signature: string | null;
}

/** What a line of the seal file holds. */
export type SealLine = { readonly ledgerId: Uuid; readonly format: number } & (
  | { readonly seal: SealShown }
  | { readonly key: SealKeyShown }
);

const hex = (bytes: Buffer): string => bytes.toString('hex');

export function showSeal(seal: Seal): SealShown {
  return {
    number: seal.number,
    sealedAt: showInstant(seal.sealedAt),
    previousHash: hex(seal.previousHash),
    root: hex(seal.root),
    hash: hex(seal.hash),
    keyId: seal.keyId,
    signature: hex(seal.signature),
    heads: seal.heads.map(({ block, hash }, shard) => ({ shard, block, hash: hex(hash) })),
  };
}

export function showSealKey(key: SealKey): SealKeyShown {
  return {
    number: key.number,
    id: key.id,
    publicKey: hex(key.publicKey),
    firstSeal: key.firstSeal,
    madeAt: showInstant(key.madeAt),
    signature: key.signature === null ? null : hex(key.signature),
  };
}

export function lineOf(ledgerId: Uuid, shown: { seal: SealShown } | { key: SealKeyShown }): string {
  return `${JSON.stringify({ ledgerId, format: SEAL_FORMAT, ...shown })}\n`;
}

type Fields = Readonly<Record<string, unknown>>;

/** The seal that was shown, or undefined when this is none: it comes from a file that anyone may have written. */
export function readSealShown(shown: unknown): Seal | undefined {
  if (!isFields(shown) || !Array.isArray(shown.heads)) return undefined;
  const number = count(shown.number);
  const sealedAt = typeof shown.sealedAt === 'string' ? readInstant(shown.sealedAt) : undefined;
  const [previousHash, root, hash] = [shown.previousHash, shown.root, shown.hash].map((each) =>
    bytes(each, 32),
  );
  const [keyId, signature] = [bytes(shown.keyId, 16), bytes(shown.signature, 64)];
  const heads = shown.heads.map((head: unknown, shard) => {
    if (!isFields(head) || head.shard !== shard) return undefined;
    const block = count(head.block);
    const at = bytes(head.hash, 32);
    return block === undefined || at === undefined ? undefined : { block, hash: at };
  });
  if (
    number === undefined ||
    sealedAt === undefined ||
    previousHash === undefined ||
    root === undefined ||
    hash === undefined ||
    keyId === undefined ||
    signature === undefined ||
    heads.length === 0
  )
    return undefined;
  const known = heads.filter((head) => head !== undefined);
  if (known.length < heads.length) return undefined;
  return {
    number,
    sealedAt,
    previousHash,
    root,
    hash,
    keyId: hex(keyId),
    signature,
    heads: known,
  };
}

/** The key that was shown, or undefined when this is none. */
export function readSealKeyShown(shown: unknown): SealKey | undefined {
  if (!isFields(shown)) return undefined;
  const [number, firstSeal] = [count(shown.number), count(shown.firstSeal)];
  const madeAt = typeof shown.madeAt === 'string' ? readInstant(shown.madeAt) : undefined;
  const [id, publicKey] = [bytes(shown.id, 16), bytes(shown.publicKey, 32)];
  const signature = shown.signature === null ? null : bytes(shown.signature, 64);
  if (
    number === undefined ||
    firstSeal === undefined ||
    madeAt === undefined ||
    id === undefined ||
    publicKey === undefined ||
    signature === undefined
  )
    return undefined;
  return { number, id: hex(id), publicKey, firstSeal, madeAt, signature };
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function bytes(value: unknown, length: number): Buffer | undefined {
  if (typeof value !== 'string' || value.length !== 2 * length || !/^[0-9a-f]*$/.test(value))
    return undefined;
  return Buffer.from(value, 'hex');
}
