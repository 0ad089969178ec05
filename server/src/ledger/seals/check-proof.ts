import type { Instant } from '../../kernel/clock.ts';
import { sha256 } from '../../kernel/hash.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Kind } from '../command.ts';
import { LEAF, LeafView, readUuid } from '../verify/leaf.ts';
import { rootOfPath } from './merkle-path.ts';
import type { Proof } from './prove-transaction.ts';
import { hashHead, sealBytes } from './seal.ts';
import { readSealShown } from './seal-json.ts';
import { isSignedBy, verifyingKey } from './signing-keys.ts';

/** What a proof proves, read from its own bytes. */
export interface Proven {
  readonly ledgerId: Uuid;
  readonly transaction: Uuid;
  readonly kind: Kind;
  /** A refused transaction is recorded, and moved nothing. */
  readonly isRefused: boolean;
  readonly member: Uuid;
  readonly points: number;
  readonly effectiveAt: Instant;
  readonly shard: number;
  readonly block: number;
  readonly position: number;
  readonly recordedAt: Instant;
  /** Null: no seal covers it yet, so it is only shown to be in a block. */
  readonly seal: {
    readonly number: number;
    readonly sealedAt: Instant;
    readonly keyId: string;
  } | null;
}

/** Where a check of a proof failed. */
export type ProofFault = 'form' | 'path' | 'blocks' | 'head' | 'root' | 'signature' | 'key';

const HEADER_BYTES = 100;
/** Of a transaction without refusal, entries, lots and marks. */
const LEAF_BYTES_MIN = 166;

/**
 * Checks a proof with public keys alone (raw, 32 bytes each): leaf and path give the Merkle root of the
 * first header, every header names the hash of the one before it, the last one's hash is a sealed head,
 * and one of the keys signed the seal. Answers what it proves, or where it fails.
 */
export function checkProof(proof: Proof, keys: ReadonlyMap<string, Buffer>): Proven | ProofFault {
  const leaf = Buffer.from(proof.leaf, 'hex');
  const headers = proof.blocks.map((each) => Buffer.from(each, 'hex'));
  const [first] = headers;
  const last = headers.at(-1);
  const isForm =
    first !== undefined &&
    last !== undefined &&
    leaf.length >= LEAF_BYTES_MIN &&
    leaf[0] === 0x00 &&
    leaf[1] === 0x01 &&
    headers.every((each) => each.length === HEADER_BYTES && each[0] === 0x02 && each[1] === 0x01);
  if (!isForm) return 'form';
  const { kind, isRefused, points, effectiveAt } = new LeafView().read(leaf);
  if (kind === undefined) return 'form';

  const root = rootOfPath(
    sha256(leaf),
    proof.position,
    first.readUInt32BE(84),
    proof.path.map((each) => Buffer.from(each, 'hex')),
  );
  if (root === null || !root.equals(first.subarray(52, 84))) return 'path';

  const [shard, block] = [first.readUInt16BE(2), Number(first.readBigInt64BE(4))];
  for (const [index, header] of headers.entries()) {
    const before = headers[index - 1];
    const follows =
      before === undefined ||
      (header.readUInt16BE(2) === shard &&
        Number(header.readBigInt64BE(4)) === block + index &&
        header.subarray(12, 44).equals(sha256(before)));
    if (!follows) return 'blocks';
  }
  const proven = {
    ledgerId: proof.ledgerId,
    transaction: readUuid(leaf, LEAF.id),
    kind,
    isRefused,
    member: readUuid(leaf, LEAF.member),
    points,
    effectiveAt,
    shard,
    block,
    position: proof.position,
    recordedAt: Number(first.readBigInt64BE(44)),
  };
  if (proof.seal === null) return { ...proven, seal: null };

  const seal = readSealShown({
    ...proof.seal,
    heads: [{ shard: 0, block: 0, hash: proof.seal.root }],
  });
  if (seal === undefined) return 'form';
  const head = { block: block + headers.length - 1, hash: sha256(last) };
  const sealed = rootOfPath(
    hashHead(shard, head),
    shard,
    proof.shards,
    proof.headPath.map((each) => Buffer.from(each, 'hex')),
  );
  if (sealed === null || !sealed.equals(seal.root)) return 'head';
  const key = keys.get(seal.keyId);
  if (key === undefined) return 'key';
  const bytes = sealBytes(proof.ledgerId, { ...seal, shards: proof.shards });
  if (!sha256(bytes).equals(seal.hash)) return 'root';
  if (!isSignedBy(verifyingKey(key), bytes, seal.signature)) return 'signature';
  return { ...proven, seal: { number: seal.number, sealedAt: seal.sealedAt, keyId: seal.keyId } };
}
