import type { KeyObject } from 'node:crypto';
import { sha256 } from '../../kernel/hash.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type Problem, problem } from '../verify/finding.ts';
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
  key(key: SealKey): Problem | null {
    const known = this.keys.get(key.number);
    if (known !== undefined && known.id !== key.id)
      return problem('key_otherwise', { number: key.number });
    if (known !== undefined) return null;
    if (key.id !== keyIdOf(key.publicKey)) return problem('key_id');
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
      return problem(this.trusted === null ? 'key_not_introduced' : 'key_not_trusted');
    this.keys.set(key.number, key);
    this.accepted.set(key.id, { verifying: verifyingKey(key.publicKey), key });
    return null;
  }

  /** What is wrong with a seal. A seal that comes again as it was is passed over. */
  seal(seal: Seal): Problem[] {
    const last = this.last;
    if (last?.number === seal.number && last.hash.equals(seal.hash)) return [];
    const wrong = [...this.statement(seal), ...followsFrom(last, seal)];
    // Going on from a seal that was read, wrong or not, keeps one bad seal from accusing every later one.
    this.last = seal;
    return wrong;
  }

  private statement(seal: Seal): Problem[] {
    const bytes = sealBytes(this.ledgerId, { ...seal, shards: seal.heads.length });
    const isWhole =
      seal.heads.length === this.shards &&
      rootOfHeads(seal.heads).equals(seal.root) &&
      sha256(bytes).equals(seal.hash);
    if (!isWhole) return [problem('seal_changed')];
    const key = this.accepted.get(seal.keyId);
    if (key === undefined) return [problem('seal_key_unknown', { keyId: seal.keyId })];
    if (!isSignedBy(key.verifying, bytes, seal.signature)) return [problem('seal_signature')];
    const next = key.key === undefined ? undefined : this.keys.get(key.key.number + 1);
    const isInSpan =
      seal.number >= (key.key?.firstSeal ?? 1) &&
      seal.number < (next?.firstSeal ?? Number.POSITIVE_INFINITY);
    return isInSpan ? [] : [problem('seal_key_out_of_use')];
  }
}

function followsFrom(last: Seal | undefined, seal: Seal): Problem[] {
  if (last === undefined) {
    const isLinked = seal.number !== 1 || seal.previousHash.every((byte) => byte === 0);
    return isLinked ? [] : [problem('seal_not_first')];
  }
  if (seal.number <= last.number) return [problem('seal_out_of_order', { last: last.number })];
  const wrong: Problem[] = [];
  if (seal.number > last.number + 1) wrong.push(problem('seals_missing', { last: last.number }));
  else if (!seal.previousHash.equals(last.hash)) wrong.push(problem('seal_unlinked'));
  if (seal.sealedAt < last.sealedAt) wrong.push(problem('sealed_before'));
  if (seal.heads.some((head, shard) => head.block < (last.heads[shard]?.block ?? 0)))
    wrong.push(problem('seal_shorter'));
  return wrong;
}
