import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { readId } from '../../kernel/id.ts';
import type { ReceiptPin } from './pins.ts';
import type { Seal, SealKey } from './seal.ts';
import { isFields, readSealKeyShown, readSealShown } from './seal-json.ts';

/** A file that does not hold what it was said to hold. */
export class EvidenceError extends Error {
  override readonly name = 'EvidenceError';
  readonly holdsNo: 'seals' | 'keys' | 'receipts' | 'proof';
  readonly path: string;
  constructor(holdsNo: EvidenceError['holdsNo'], path: string) {
    super(`${path} holds no ${holdsNo}`);
    this.holdsNo = holdsNo;
    this.path = path;
  }
}

/** What a seal file holds, in its order. */
export interface SealRecord {
  readonly ledgerId: unknown;
  readonly seals: readonly Seal[];
  readonly keys: readonly SealKey[];
}

/** A publication or an answer of the API is one JSON document; a seal file has a document per line. */
const DOCUMENT_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Reads seals from a seal file, a publication, or an answer of `GET /v1/ledger/seals`. Lines that are
 * nothing of the kind are passed over: a crash may leave one, and what is missing shows in the numbers.
 *
 * @throws {EvidenceError} when there is no seal in it
 */
export async function* readSealFile(path: string): AsyncGenerator<SealRecord> {
  const whole =
    (await stat(path)).size <= DOCUMENT_BYTES_MAX
      ? recordOf(parse(await readFile(path, 'utf8')))
      : undefined;
  if (whole !== undefined) {
    yield whole;
    return;
  }
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: 1_000 })) {
    const record = recordOf(parse(line));
    if (record === undefined) continue;
    count += record.seals.length;
    yield record;
  }
  if (count === 0) throw new EvidenceError('seals', path);
}

function recordOf(document: unknown): SealRecord | undefined {
  if (!isFields(document)) return undefined;
  const { ledgerId, seal, seals, key, keys } = document;
  const found = {
    ledgerId,
    seals: [seal, ...listOf(seals)].map(readSealShown).filter((each) => each !== undefined),
    keys: [key, ...listOf(keys)].map(readSealKeyShown).filter((each) => each !== undefined),
  };
  return found.seals.length + found.keys.length === 0 ? undefined : found;
}

/**
 * Reads public keys: one per line, 32 bytes in hex or base64, `#` begins a comment; or an answer of
 * `GET /v1/ledger/seal-keys`.
 *
 * @throws {EvidenceError} when a line is none, or there is no key in it
 */
export async function readPublicKeys(path: string): Promise<Buffer[]> {
  const text = await readFile(path, 'utf8');
  const document = parse(text);
  const keys = isFields(document)
    ? listOf(document.keys).map((each) => readSealKeyShown(each)?.publicKey)
    : text
        .split(/\r?\n/)
        .map((line) => line.replace(/#.*/, '').trim())
        .filter((line) => line !== '')
        .map(keyOf);
  const known = keys.filter((key) => key !== undefined);
  if (known.length === 0 || known.length < keys.length) throw new EvidenceError('keys', path);
  return known;
}

function keyOf(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  const bytes = Buffer.from(text, 'base64');
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) && bytes.length === 32 ? bytes : undefined;
}

/**
 * Reads the receipts in a file of answers of the API: one JSON document, or one per line; receipts
 * alone, or inside the answers they came with, whose transaction is then checked as well.
 *
 * @throws {EvidenceError} when there is none in it
 */
export async function readReceipts(path: string): Promise<ReceiptPin[]> {
  const text = await readFile(path, 'utf8');
  const whole = parse(text);
  const documents = whole === undefined ? text.split('\n').map(parse) : [whole];
  const found = documents.flatMap((document) => receiptsIn(document, null));
  if (found.length === 0) throw new EvidenceError('receipts', path);
  return found;
}

function receiptsIn(node: unknown, transaction: ReceiptPin['transaction']): ReceiptPin[] {
  if (Array.isArray(node)) return node.flatMap((each) => receiptsIn(each, null));
  if (!isFields(node)) return [];
  const { shard, block, position, hash } = node;
  const isReceipt =
    isCount(shard) &&
    isCount(block) &&
    isCount(position) &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash);
  if (isReceipt) return [{ shard, block, position, hash: Buffer.from(hash, 'hex'), transaction }];
  const of = isFields(node.transaction) ? node.transaction.id : node.id;
  const id = typeof of === 'string' ? (readId('transaction', of) ?? null) : null;
  return Object.entries(node).flatMap(([name, value]) =>
    receiptsIn(value, name === 'receipt' ? id : null),
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
