import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { checkProof, type ProofFault, type Proven } from '../ledger/seals/check-proof.ts';
import { SealChecker } from '../ledger/seals/check-seals.ts';
import type { Proof } from '../ledger/seals/prove-transaction.ts';
import { readPublicKeys, readSealFile } from '../ledger/seals/read-evidence.ts';
import { readProof } from '../ledger/seals/read-proof.ts';
import { keyIdOf } from '../ledger/seals/seal.ts';

/** What a proof proves, with ids and times as the API shows them. */
export interface ProvenShown
  extends Omit<Proven, 'transaction' | 'member' | 'effectiveAt' | 'recordedAt' | 'seal'> {
  readonly transaction: string;
  readonly member: string;
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly seal: { readonly number: number; readonly sealedAt: string; readonly keyId: string };
}

/**
 * `unsealed`: no seal covers it yet, and nothing but a seal proves it. `seal_missing`, `seal_otherwise`:
 * the seal file has no good seal of its number, or another one.
 */
export type ProofVerdict =
  | { readonly ok: true; readonly proven: ProvenShown }
  | {
      readonly ok: false;
      readonly fault: ProofFault | 'unsealed' | 'seal_missing' | 'seal_otherwise';
    };

/**
 * Checks a saved answer of `GET /v1/ledger/proofs/{transaction}` with nothing but files: the public keys
 * one trusts and, when given, the seals one kept, which introduce later keys and must have the same seal.
 *
 * @throws {EvidenceError} when a file does not hold what it should
 */
export async function checkProofFile(paths: {
  readonly proof: string;
  readonly keys: string;
  readonly seals?: string | undefined;
}): Promise<ProofVerdict> {
  const proof = await readProof(paths.proof);
  const trusted = await readPublicKeys(paths.keys);
  const keys = new Map(trusted.map((key) => [keyIdOf(key), key]));
  if (proof.seal === null) return { ok: false, fault: 'unsealed' };
  const kept = paths.seals === undefined ? null : await findSeal(paths.seals, proof, keys);
  if (kept !== null && kept !== proof.seal.hash)
    return { ok: false, fault: kept === undefined ? 'seal_missing' : 'seal_otherwise' };
  const proven = checkProof(proof, keys);
  return typeof proven === 'string'
    ? { ok: false, fault: proven }
    : { ok: true, proven: showProven(proven, proof.seal) };
}

function showProven(proven: Proven, { number, sealedAt, keyId }: ProvenShown['seal']): ProvenShown {
  return {
    ...proven,
    transaction: showId('transaction', proven.transaction),
    member: showId('member', proven.member),
    effectiveAt: showInstant(proven.effectiveAt),
    recordedAt: showInstant(proven.recordedAt),
    seal: { number, sealedAt, keyId },
  };
}

/** The hash of the proof's seal as the file has it; undefined without a good one. Adds the keys the file introduces. */
async function findSeal(
  path: string,
  { ledgerId, shards, seal: wanted }: Proof,
  keys: Map<string, Buffer>,
): Promise<string | undefined> {
  const checker = new SealChecker(ledgerId, shards, [...keys.values()]);
  let found: string | undefined;
  for await (const record of readSealFile(path)) {
    if (record.ledgerId !== ledgerId) continue;
    for (const key of record.keys) if (checker.key(key) === null) keys.set(key.id, key.publicKey);
    for (const seal of record.seals)
      if (seal.number === wanted?.number && checker.seal(seal).length === 0)
        found = seal.hash.toString('hex');
  }
  return found;
}
