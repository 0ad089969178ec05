import { Bytes, hex, instant, Unencodable } from './bytes.ts';
import type { Finding } from './finding.ts';
import { hashLeaf, type Leaf } from './leaf.ts';
import { merkleRoot } from './merkle.ts';

/** A leaf and the hash that is stored for it. */
export type StoredLeaf = Leaf & { readonly leaf: string };

export interface BlockHeader {
  readonly number: number;
  /** RFC 3339, as the API has it, or milliseconds, as the export has it. */
  readonly recordedAt: string | number;
  readonly previousHash: string;
  readonly merkleRoot: string;
  readonly hash: string;
  /** How many transactions it says it has. */
  readonly transactions: number;
  readonly entryFirst: number;
  readonly entries: number;
}

/** A block of `GET /v1/ledger/shards/{shard}/chain`. */
export interface Block extends BlockHeader {
  /** Null: the server could not read it. */
  readonly leaves: readonly (StoredLeaf | null)[];
}

/** Where a chain stands: what its next block follows. */
export interface Tip {
  readonly shard: number;
  /** The number of the last block; 0 before the first. */
  readonly number: number;
  readonly hash: string;
  /** How many entries there are so far; null when that is not known. */
  readonly entries: number | null;
  /** When the last block was recorded, ms; null when that is not known. */
  readonly recordedAt: number | null;
}

/** Which ledger it is, and how many chains it has. */
export interface LedgerIdentity {
  readonly ledgerId: string;
  readonly shards: number;
}

const BLOCK = 2;
const GENESIS = 3;
const FORMAT = 1;

/** Where a chain stands before its first block: nothing needs to be trusted to begin here. */
export function genesis({ ledgerId, shards }: LedgerIdentity, shard: number): Tip {
  const bytes = new Bytes().u8(GENESIS).u8(FORMAT).uuid(ledgerId).u16(shards).u16(shard);
  return { shard, number: 0, hash: hex(bytes.hash()), entries: 0, recordedAt: null };
}

/** Begins at a block whose hash is known from elsewhere: a seal, or what was verified before. */
export function tipAt(shard: number, number: number, hash: string): Tip {
  return { shard, number, hash, entries: null, recordedAt: null };
}

/** The 100 bytes of a block's header. */
export function headerBytes(shard: number, block: BlockHeader): Uint8Array {
  return writeHeader(shard, block).written();
}

/** SHA-256 of {@link headerBytes}. */
export function hashBlock(shard: number, block: BlockHeader): Uint8Array {
  return writeHeader(shard, block).hash();
}

function writeHeader(shard: number, block: BlockHeader): Bytes {
  return new Bytes()
    .u8(BLOCK)
    .u8(FORMAT)
    .u16(shard)
    .i64(block.number)
    .hex(block.previousHash, 32)
    .i64(instant(block.recordedAt))
    .hex(block.merkleRoot, 32)
    .u32(block.transactions)
    .i64(block.entryFirst)
    .u32(block.entries);
}

/** What became of one block. */
export interface BlockVerdict {
  readonly number: number;
  /** Causes before consequences. Empty: it follows from the tip, and from all it holds. */
  readonly findings: readonly Finding[];
  /** Where the chain stands after it, as the block itself says: what comes next is judged by that. */
  readonly tip: Tip;
}

/** Computes everything a block says about itself, its transactions, and the block before it. */
export function verifyBlock(block: Block, previous: Tip): BlockVerdict {
  const { shard } = previous;
  const { number } = block;
  const findings: Finding[] = [];
  const report = (found: Omit<Finding, 'shard' | 'block'>): void => {
    findings.push({ shard, block: number, ...found });
  };
  const differs = (code: Finding['code'], expected: unknown, found: unknown): void => {
    if (expected !== found) report({ code, expected: String(expected), found: String(found) });
  };
  let recordedAt = previous.recordedAt;
  try {
    checkLeaves(block, report);
    if (previous.entries !== null) differs('entry_numbers', previous.entries, block.entryFirst);
    recordedAt = instant(block.recordedAt);
    if (previous.recordedAt !== null && recordedAt < previous.recordedAt)
      report({
        code: 'block_time',
        expected: new Date(previous.recordedAt).toISOString(),
        found: new Date(recordedAt).toISOString(),
      });
    differs('block_hash', hex(hashBlock(shard, block)), block.hash);
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    report({ code: 'block_unreadable', found: error.message });
  }
  if (number !== previous.number + 1) differs('block_missing', previous.number + 1, number);
  else differs('block_link', previous.hash, block.previousHash);
  const entries = block.entryFirst + block.entries;
  return { number, findings, tip: { shard, number, hash: block.hash, entries, recordedAt } };
}

type Report = (found: Omit<Finding, 'shard' | 'block'>) => void;

/** That the Merkle root follows from the transactions, and their entries are numbered on. */
function checkLeaves(block: Block, report: Report): void {
  const { leaves } = block;
  if (leaves.length !== block.transactions)
    report({
      code: 'leaf_count',
      expected: String(block.transactions),
      found: String(leaves.length),
    });
  const hashes = leaves.map((leaf, position) => hashOf(leaf, position, report));
  const known = hashes.filter((hash) => hash !== null);
  // A leaf that is missing was reported; without it there is no root.
  const root = known.length === hashes.length ? merkleRoot(known) : null;
  if (known.length === hashes.length && (root === null || hex(root) !== block.merkleRoot))
    report({
      code: 'merkle_root',
      expected: root === null ? '' : hex(root),
      found: block.merkleRoot,
    });
  let next = block.entryFirst;
  for (const [position, leaf] of leaves.entries()) {
    if (leaf === null) return;
    if (leaf.entryFirst !== next)
      report({
        code: 'entry_numbers',
        position,
        expected: String(next),
        found: String(leaf.entryFirst),
      });
    // One that is wrong does not accuse those that go on from it.
    next = (leaf.entryFirst ?? next) + leaf.entries.length;
  }
  if (next !== block.entryFirst + block.entries)
    report({
      code: 'entry_numbers',
      expected: String(block.entryFirst + block.entries),
      found: String(next),
    });
}

/**
 * The hash a block must be over; null when that cannot be known. Of a transaction that does not hash to what is
 * stored for it, what is stored counts further: so a finding about the root says that the tree is wrong as well.
 */
function hashOf(leaf: StoredLeaf | null, position: number, report: Report): Uint8Array | null {
  if (leaf === null) {
    report({ code: 'leaf_missing', position });
    return null;
  }
  const of = leaf.id === null ? { position } : { position, transaction: leaf.id };
  try {
    const hash = hashLeaf(leaf);
    if (hex(hash) === leaf.leaf) return hash;
    report({ code: 'leaf_hash', ...of, expected: leaf.leaf, found: hex(hash) });
    return new Bytes().hex(leaf.leaf, 32).written();
  } catch (error) {
    if (!(error instanceof Unencodable)) throw error;
    report({ code: 'leaf_unreadable', ...of, found: error.message });
    return null;
  }
}
