import type { KeyObject } from 'node:crypto';
import { sha256 } from '../../kernel/hash.ts';
import type { Uuid } from '../../kernel/id.ts';
import { keyBytes, keyIdOf, rootOfHeads, type Seal, type SealKey, sealBytes } from './seal.ts';
import { isSignedBy, verifyingKey } from './signing-keys.ts';

/** Raw public keys that whoever checks trusts, handed over some other way than with the seals. */
export type TrustedKeys = readonly Buffer[];

interface AcceptedKey {
  readonly verifying: KeyObject;
  /** Undefined for a key that was only given, so that its span is not known. */
  readonly key?: SealKey;
}

/**
 * Checks keys and seals of one source as they come, in order: that trusted keys or keys they introduced
 * signed them, and that each follows from the one before it. A seal without a problem tells the truth
 * about every head in it, as far as its key does.
 */
export class SealChecker {
  private readonly ledgerId: Uuid;
  private readonly shards: number;
  private readonly trusted: ReadonlySet<string> | null;
  private readonly accepted = new Map<string, AcceptedKey>();
  /** By number. */
  private readonly keys = new Map<number, SealKey>();
  private last: Seal | undefined;

  /** @param trusted null: nobody gave keys, so the first key of the source is taken at its word */
  constructor(ledgerId: Uuid, shards: number, trusted: TrustedKeys | null) {
    this.ledgerId = ledgerId;
    this.shards = shards;
    this.trusted = trusted === null ? null : new Set(trusted.map((key) => key.toString('hex')));
    for (const key of trusted ?? [])
      this.accepted.set(keyIdOf(key), { verifying: verifyingKey(key) });
  }

  /** What is wrong with a key, or null. A key may come again. */
  key(key: SealKey): string | null {
    const known = this.keys.get(key.number);
    if (known !== undefined && known.id !== key.id)
      return `another key was number ${key.number} before`;
    if (known !== undefined) return null;
    if (key.id !== keyIdOf(key.publicKey)) return 'its id does not belong to its public key';
    const before = this.keys.get(key.number - 1);
    const isTrusted =
      this.trusted === null ? key.number === 1 : this.trusted.has(key.publicKey.toString('hex'));
    const isIntroduced =
      before !== undefined &&
      key.signature !== null &&
      key.firstSeal >= before.firstSeal &&
      isSignedBy(
        verifyingKey(before.publicKey),
        keyBytes(this.ledgerId, key, before.publicKey),
        key.signature,
      );
    // An introduction counts only from a key that is accepted itself.
    if (!isTrusted && !(isIntroduced && this.accepted.has(before.id)))
      return this.trusted === null
        ? 'the key before it did not introduce it'
        : 'it is not among the keys given, and none of them introduced it';
    this.keys.set(key.number, key);
    this.accepted.set(key.id, { verifying: verifyingKey(key.publicKey), key });
    return null;
  }

  /** What is wrong with a seal. A seal that comes again as it was is passed over. */
  seal(seal: Seal): string[] {
    const last = this.last;
    if (last?.number === seal.number && last.hash.equals(seal.hash)) return [];
    const wrong = [...this.statement(seal), ...followsFrom(last, seal)];
    // Going on from a seal that was read, wrong or not, keeps one bad seal from accusing every later one.
    this.last = seal;
    return wrong;
  }

  private statement(seal: Seal): string[] {
    const bytes = sealBytes(this.ledgerId, { ...seal, shards: seal.heads.length });
    const isWhole =
      seal.heads.length === this.shards &&
      rootOfHeads(seal.heads).equals(seal.root) &&
      sha256(bytes).equals(seal.hash);
    if (!isWhole) return ['it was changed: heads, root and hash do not belong together'];
    const key = this.accepted.get(seal.keyId);
    if (key === undefined) return [`no accepted key has the id ${seal.keyId} that it names`];
    if (!isSignedBy(key.verifying, bytes, seal.signature))
      return ['its signature is not by the key it names'];
    const next = key.key === undefined ? undefined : this.keys.get(key.key.number + 1);
    const isInSpan =
      seal.number >= (key.key?.firstSeal ?? 1) &&
      seal.number < (next?.firstSeal ?? Number.POSITIVE_INFINITY);
    return isInSpan ? [] : ['a key signed it that was not in use for seals of this number'];
  }
}

function followsFrom(last: Seal | undefined, seal: Seal): string[] {
  if (last === undefined) {
    const isLinked = seal.number !== 1 || seal.previousHash.every((byte) => byte === 0);
    return isLinked ? [] : ['it is the first, but names one before it'];
  }
  if (seal.number <= last.number) return [`it comes after seal ${last.number}`];
  const wrong: string[] = [];
  if (seal.number > last.number + 1)
    wrong.push(`it follows seal ${last.number}: seals between them are missing`);
  else if (!seal.previousHash.equals(last.hash))
    wrong.push('it does not name the hash of the seal before it');
  if (seal.sealedAt < last.sealedAt) wrong.push('it is dated before the seal before it');
  if (seal.heads.some((head, shard) => head.block < (last.heads[shard]?.block ?? 0)))
    wrong.push('a chain in it is shorter than in the seal before it');
  return wrong;
}
