import { readFile } from 'node:fs/promises';
import { isUuid } from '../../kernel/id.ts';
import type { Proof } from './prove-transaction.ts';
import { EvidenceError } from './read-evidence.ts';
import { SEAL_FORMAT } from './seal.ts';
import { isFields, readSealShown } from './seal-json.ts';

const HEX = /^([0-9a-f]{2})*$/;
const SHARDS_MAX = 256;

/**
 * Reads a saved answer of `GET /v1/ledger/proofs/{transaction}`, which anyone may have written.
 *
 * @throws {EvidenceError} when it is none
 */
export async function readProof(path: string): Promise<Proof> {
  const proof = proofOf(await readFile(path, 'utf8'));
  if (proof === undefined) throw new EvidenceError('proof', path);
  return proof;
}

function proofOf(text: string): Proof | undefined {
  const shown = parse(text);
  if (!isFields(shown) || shown.format !== SEAL_FORMAT) return undefined;
  const { ledgerId, leaf, position, path, blocks, seal, shards, headPath } = shown;
  const isProof =
    typeof ledgerId === 'string' &&
    isUuid(ledgerId) &&
    isHex(leaf) &&
    [path, blocks, headPath].every((list) => Array.isArray(list) && list.every(isHex)) &&
    isCount(position) &&
    isCount(shards) &&
    shards <= SHARDS_MAX &&
    (seal === null || isSeal(seal));
  return isProof ? (shown as unknown as Proof) : undefined;
}

/** A proof names its seal without the heads of the other shards. */
function isSeal(seal: unknown): boolean {
  if (!isFields(seal)) return false;
  const heads = [{ shard: 0, block: 0, hash: seal.root }];
  return readSealShown({ ...seal, heads }) !== undefined;
}

function isHex(value: unknown): value is string {
  return typeof value === 'string' && HEX.test(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
