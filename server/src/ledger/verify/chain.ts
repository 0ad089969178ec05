import type { Instant } from '../../kernel/clock.ts';
import { sha256Latin1 } from '../../kernel/hash.ts';
import { hashBlock, hashGenesis } from '../encode.ts';
import { about, type Problem, problem, type Subject } from './finding.ts';
import { equal, LEAF, readUuid } from './leaf.ts';
import type { LedgerIdentity, StoredAccrual, StoredBlock, StoredTransaction } from './source.ts';

/** The block that the next one must follow. */
export interface Tip {
  readonly number: number;
  readonly hash: Uint8Array;
  /** The number of the next entry. */
  readonly entries: number;
  readonly recordedAt: Instant;
}

/** Before a shard's first block. */
export function beginning({ ledgerId, shards }: LedgerIdentity, shard: number): Tip {
  return { number: 0, hash: hashGenesis(ledgerId, shards, shard), entries: 0, recordedAt: 0 };
}

export interface ChainListener {
  /** Something that does not hold; of no block when it belongs to none. */
  report(subject: Subject, what: Problem, block?: number): void;
  /** A transaction's leaf in its turn, valid until the next; its id as the block lists it; and what it accrued. */
  play(
    leaf: Buffer,
    block: StoredBlock,
    listedAt: number,
    accruals: readonly StoredAccrual[],
  ): void;
}

/** Checks the blocks of a shard one after the other: hashes, links and counts. */
export class Chain {
  /** The block before the one that comes next. */
  tip: Tip;
  readonly total = { blocks: 0, transactions: 0, entries: 0, erased: 0 };
  private readonly shard: number;
  private readonly listener: ChainListener;

  constructor(shard: number, tip: Tip, listener: ChainListener) {
    this.shard = shard;
    this.tip = tip;
    this.listener = listener;
  }

  /** Checks one block against the one before it and its transactions; moves the tip to it. */
  add(block: StoredBlock): void {
    const { tip } = this;
    const { number, entryFirst } = block;
    const report = (what: Problem): void =>
      this.listener.report({ code: 'block', facts: { number } }, what, number);
    if (number !== tip.number + 1) report(problem('blocks_missing', { after: tip.number }));
    if (!equalBytes(block.previousHash, tip.hash)) report(problem('previous_hash'));
    if (block.recordedAt < tip.recordedAt) report(problem('recorded_before'));
    if (entryFirst !== tip.entries)
      report(problem('block_entry_first', { stored: entryFirst, expected: tip.entries }));
    const { leaves, entries } = this.transactions(block);
    for (const stray of block.strays) this.listener.report(stray, problem('in_no_block'), number);
    if (entries !== block.entries)
      report(problem('block_entries', { expected: block.entries, found: entries }));
    if (leaves.length > 0 && !isHash(merkleRoot(leaves), block.merkleRoot))
      report(problem('merkle_root'));
    const header = { ...block, shard: this.shard, transactions: block.listed.length / 16 };
    if (!equalBytes(hashBlock(header), block.hash)) report(problem('block_hash'));
    this.total.blocks += 1;
    // Going on from the stored hash keeps one broken block from accusing every later one.
    const { hash, recordedAt } = block;
    this.tip = { number, hash, entries: entryFirst + block.entries, recordedAt };
  }

  private transactions(block: StoredBlock): { leaves: string[]; entries: number } {
    const leaves: string[] = [];
    let position = 0;
    let entries = 0;
    for (const stored of block.transactions()) {
      const listedAt = 16 * position;
      position += 1;
      if (stored === undefined) {
        const id = readUuid(block.listed, listedAt);
        this.listener.report(about('transaction', id), problem('missing'), block.number);
        continue;
      }
      this.total.transactions += 1;
      this.total.entries += stored.entries;
      if (stored.isErased) this.total.erased += 1;
      leaves.push(this.transaction(block, listedAt, stored, block.entryFirst + entries));
      entries += stored.entries;
    }
    return { leaves, entries };
  }

  /** Checks one transaction and hands it on; answers the hash of its leaf. */
  private transaction(
    block: StoredBlock,
    listedAt: number,
    stored: StoredTransaction,
    entryFirst: number,
  ): string {
    const { leaf, opening, problems } = stored;
    const report = (what: Problem): void =>
      this.listener.report(
        about('transaction', readUuid(block.listed, listedAt)),
        what,
        block.number,
      );
    if (stored.entryFirst !== entryFirst)
      report(problem('entry_first', { stored: stored.entryFirst, expected: entryFirst }));
    for (const each of problems) report(each);
    if (leaf === null) return Buffer.from(stored.leafHash).toString('latin1');
    if (!equal(leaf, LEAF.id, block.listed, listedAt, 16)) report(problem('listed_otherwise'));
    if (opening !== null && !isHash(sha256Latin1(opening), leaf, LEAF.commitment))
      report(problem('commitment'));
    const hash = sha256Latin1(leaf);
    if (!isHash(hash, stored.leafHash)) report(problem('leaf'));
    this.listener.play(leaf, block, listedAt, stored.accruals);
    return hash;
  }
}

const HASH_BYTES = 32;

/** Whether bytes are those of a hash that is told as one character for each. */
function isHash(hash: string, bytes: Uint8Array, at = 0): boolean {
  if (bytes.length < at + HASH_BYTES) return false;
  for (let byte = 0; byte < HASH_BYTES; byte += 1)
    if (hash.charCodeAt(byte) !== bytes[at + byte]) return false;
  return true;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && equal(a, 0, b, 0, a.length);
}

const node = Buffer.alloc(1 + 2 * HASH_BYTES);
node[0] = 0x01;

/** Merkle root over leaves in order (RFC 6962), apart from the one in encode.ts on purpose. */
function merkleRoot(leaves: readonly string[]): string {
  let level = leaves;
  while (level.length > 1) {
    const next: string[] = [];
    for (let left = 0; left + 1 < level.length; left += 2) {
      putHash(level[left] as string, 1);
      putHash(level[left + 1] as string, 1 + HASH_BYTES);
      next.push(sha256Latin1(node));
    }
    if (level.length % 2 === 1) next.push(level.at(-1) as string);
    level = next;
  }
  return level[0] as string;
}

function putHash(hash: string, at: number): void {
  for (let byte = 0; byte < HASH_BYTES; byte += 1) node[at + byte] = hash.charCodeAt(byte);
}
