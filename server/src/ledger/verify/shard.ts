import { sha256Latin1 } from '../../kernel/hash.ts';
import { hashBlock, hashGenesis } from '../encode.ts';
import type { PinnedBlock, PinWalk, ShardPins } from '../seals/pins.ts';
import type { TransferEnds } from './between.ts';
import { StateComparison } from './compare.ts';
import { about, type CodedFinding, coded, type Problem, problem, type Subject } from './finding.ts';
import { equal, LEAF, readUuid } from './leaf.ts';
import { Replay } from './replay.ts';
import type { LedgerIdentity, ShardSource, StoredBlock, StoredTransaction } from './source.ts';

export interface ShardVerification {
  readonly shard: number;
  readonly blocks: number;
  readonly transactions: number;
  readonly entries: number;
  readonly lots: number;
  readonly accounts: number;
  readonly erased: number;
  readonly transfers: TransferEnds;
  readonly findings: readonly CodedFinding[];
}

/** Findings kept of a shard: what is broken early accuses much of what comes later. */
export const FINDINGS_MAX = 50;

/** Verifies one shard, wherever its rows come from. */
export function verifyShard(
  identity: LedgerIdentity,
  shard: number,
  source: ShardSource,
  pins: ShardPins,
): Promise<ShardVerification> {
  return new ShardVerifier(identity, shard, pins.walk()).run(source);
}

class ShardVerifier {
  private readonly findings: CodedFinding[] = [];
  private readonly replay = new Replay();
  private readonly shard: number;
  /** What seals and receipts say of the chain. */
  private readonly pins: PinWalk;
  private readonly total = { blocks: 0, transactions: 0, entries: 0, erased: 0 };
  /** The block before the one being read. */
  private readonly tip: { number: number; hash: Uint8Array; entries: number; recordedAt: number };

  constructor({ ledgerId, shards }: LedgerIdentity, shard: number, pins: PinWalk) {
    this.shard = shard;
    this.pins = pins;
    const genesis = hashGenesis(ledgerId, shards, shard);
    this.tip = { number: 0, hash: genesis, entries: 0, recordedAt: 0 };
  }

  async run(source: ShardSource): Promise<ShardVerification> {
    const { shard, total, tip, findings } = this;
    for await (const block of source.blocks()) this.block(block);
    for (const stray of await source.strays()) this.report(stray, problem('in_no_block'));
    const head = await source.head();
    const isTip = equalBytes(head.hash, tip.hash) && head.entries === tip.entries;
    if (head.block !== tip.number || !isTip) {
      const facts = { stored: head.block, found: tip.number };
      this.report({ code: 'head', facts: {} }, problem('head', facts));
    }
    for (const found of this.pins.end(tip.number)) this.keep(found);
    const compared = new StateComparison(this.replay, this.report);
    await source.state(compared);
    compared.finish();
    for (const { subject, ...facts } of (await source.repeats?.()) ?? [])
      this.report(subject, problem('state_differs', facts));
    const { lots, accounts } = compared;
    const { sent, arrived, returned } = this.replay.between;
    const transfers = { sent, arrived, returned };
    return { shard, ...total, lots, accounts, transfers, findings };
  }

  private readonly report = (subject: Subject, what: Problem, block?: number): void => {
    const place = block === undefined ? {} : { block };
    this.keep(coded({ shard: this.shard, ...place }, subject, what));
  };

  private keep(finding: CodedFinding): void {
    if (this.findings.length < FINDINGS_MAX) this.findings.push(finding);
  }

  /** Checks one block against the one before it and its transactions; moves the tip to it. */
  private block(block: StoredBlock): void {
    const { tip } = this;
    const { number, entryFirst } = block;
    const report = (what: Problem): void =>
      this.report({ code: 'block', facts: { number } }, what, number);
    if (number !== tip.number + 1) report(problem('blocks_missing', { after: tip.number }));
    if (!equalBytes(block.previousHash, tip.hash)) report(problem('previous_hash'));
    if (block.recordedAt < tip.recordedAt) report(problem('recorded_before'));
    if (entryFirst !== tip.entries)
      report(problem('block_entry_first', { stored: entryFirst, expected: tip.entries }));
    const { leaves, entries } = this.transactions(block);
    for (const stray of block.strays) this.report(stray, problem('in_no_block'), number);
    if (entries !== block.entries)
      report(problem('block_entries', { expected: block.entries, found: entries }));
    if (leaves.length > 0 && !isHash(merkleRoot(leaves), block.merkleRoot))
      report(problem('merkle_root'));
    const header = { ...block, shard: this.shard, transactions: block.listed.length / 16 };
    if (!equalBytes(hashBlock(header), block.hash)) report(problem('block_hash'));
    this.total.blocks += 1;
    for (const found of this.pins.see(pinned(block))) this.keep(found);
    // Going on from the stored hash keeps one broken block from accusing every later one.
    tip.number = number;
    tip.hash = block.hash;
    tip.entries = entryFirst + block.entries;
    tip.recordedAt = block.recordedAt;
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
        this.report(about('transaction', id), problem('missing'), block.number);
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

  /** Checks and replays one transaction; answers the hash of its leaf. */
  private transaction(
    block: StoredBlock,
    listedAt: number,
    stored: StoredTransaction,
    entryFirst: number,
  ): string {
    const { leaf, opening, problems } = stored;
    const report = (what: Problem): void =>
      this.report(about('transaction', readUuid(block.listed, listedAt)), what, block.number);
    if (stored.entryFirst !== entryFirst)
      report(problem('entry_first', { stored: stored.entryFirst, expected: entryFirst }));
    for (const each of problems) report(each);
    if (leaf === null) return Buffer.from(stored.leafHash).toString('latin1');
    if (!equal(leaf, LEAF.id, block.listed, listedAt, 16)) report(problem('listed_otherwise'));
    if (opening !== null && !isHash(sha256Latin1(opening), leaf, LEAF.commitment))
      report(problem('commitment'));
    const hash = sha256Latin1(leaf);
    if (!isHash(hash, stored.leafHash)) report(problem('leaf'));
    for (const each of this.replay.play(leaf)) report(each);
    return hash;
  }
}

function pinned({ number, hash, listed }: StoredBlock): PinnedBlock {
  return {
    number,
    hash,
    transactionAt: (position) =>
      position * 16 < listed.length ? readUuid(listed, position * 16) : undefined,
  };
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
