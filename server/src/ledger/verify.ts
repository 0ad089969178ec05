import type { Instant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import type { Pool } from '../platform/database.ts';
import { hashBlock, hashGenesis, merkleRoot } from './encode.ts';
import { readIdentity } from './open.ts';
import { type Evidence, readEvidence } from './seals/evidence.ts';
import type { PinWalk, ShardPins } from './seals/pins.ts';
import { compareState } from './verify-compare.ts';
import type { Finding } from './verify-finding.ts';
import { readShard, type StoredBlock, type StoredTransaction } from './verify-read.ts';
import { Replay } from './verify-replay.ts';

export interface Verification {
  readonly ok: boolean;
  readonly ledgerId: string;
  readonly shards: number;
  readonly blocks: number;
  readonly transactions: number;
  readonly entries: number;
  readonly lots: number;
  readonly accounts: number;
  /** Transactions whose free text was erased, as the register says. */
  readonly erased: number;
  /** How many seals it was held against. */
  readonly seals: number;
  /** At most {@link FINDINGS_MAX} per shard, in chain order, causes before consequences. */
  readonly findings: readonly Finding[];
}

export const FINDINGS_MAX = 50;

/**
 * Replays the whole ledger from its first block and compares: every transaction's leaf, every Merkle
 * root and block hash, the links between blocks, and then accounts, lots, holds, debts and sums with
 * what the entries say. Finds whatever was changed, deleted, inserted or reordered inside the chain. A
 * tail that was cut off or rewritten consistently is found against the seals and the evidence.
 * Each shard is read in one snapshot, so it may run beside writes.
 */
export async function verifyLedger(
  pool: Pool,
  onProgress: (done: { shard: number; shards: number; entries: number }) => void = () => {},
  evidence: Evidence = {},
): Promise<Verification> {
  const identity = await readIdentity(pool);
  if (identity === undefined) throw new Error('there is no ledger in this database');
  const { ledgerId, shards } = identity;
  const total = { blocks: 0, transactions: 0, entries: 0, lots: 0, accounts: 0, erased: 0 };
  // Read before the chains, which may only grow meanwhile.
  const pinned = await readEvidence(ledgerId, shards, evidence, pool);
  const findings = [...pinned.findings];
  for (let shard = 0; shard < shards; shard += 1) {
    const genesis = hashGenesis(ledgerId, shards, shard);
    const pins = pinned.pins[shard] as ShardPins;
    const found = await verifyShard(pool, shard, genesis, pins.walk(), total);
    findings.push(...found.slice(0, FINDINGS_MAX));
    onProgress({ shard: shard + 1, shards, entries: total.entries });
  }
  return { ok: findings.length === 0, ledgerId, shards, ...total, seals: pinned.seals, findings };
}

async function verifyShard(
  pool: Pool,
  shard: number,
  genesis: Buffer,
  pins: PinWalk,
  total: {
    blocks: number;
    transactions: number;
    entries: number;
    lots: number;
    accounts: number;
    erased: number;
  },
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const replay = new Replay();
  const tip: Tip = { number: 0, hash: genesis, entries: 0, recordedAt: 0 };
  await readShard(pool, shard, async (reading) => {
    for await (const { block, transactions, strays } of reading.blocks()) {
      const report = (about: string, message: string): void => {
        findings.push({ shard, block: block.number, about, message });
      };
      for (const stray of strays) report(stray, 'it stands in no block');
      verifyBlock(block, transactions, tip, report);
      findings.push(...pins.see(block));
      for (const stored of transactions) {
        if (stored.transaction === null) continue;
        for (const problem of replay.play(stored.transaction, stored.lotsMade, stored.marks))
          report(`transaction ${showId('transaction', stored.id)}`, problem);
        total.entries += stored.transaction.entries.length;
      }
      total.blocks += 1;
      total.transactions += transactions.length;
      total.erased += transactions.filter((each) => each.isErased).length;
    }
    for (const stray of reading.strays())
      findings.push({ shard, about: stray, message: 'it stands in no block' });
    const head = await reading.head();
    if (head.block !== tip.number || !head.hash.equals(tip.hash) || head.entries !== tip.entries) {
      findings.push({
        shard,
        about: 'head',
        message: `it names block ${head.block}, but the chain ends with block ${tip.number}`,
      });
    }
    findings.push(...pins.end(tip.number));
    const compared = await compareState(reading.sql, shard, replay);
    total.lots += compared.lots;
    total.accounts += compared.accounts;
    findings.push(...compared.findings);
  });
  return findings;
}

/** The block that the next one must follow. */
export interface Tip {
  number: number;
  hash: Buffer;
  /** The number of the next entry. */
  entries: number;
  recordedAt: Instant;
}

/** Checks one block against the one before it and its transactions; moves `tip` to it. */
export function verifyBlock(
  block: StoredBlock,
  transactions: readonly StoredTransaction[],
  tip: Tip,
  report: (about: string, message: string) => void,
): void {
  const about = `block ${block.number}`;
  if (block.number !== tip.number + 1)
    report(about, `it follows block ${tip.number}: blocks between them are missing`);
  if (!block.previousHash.equals(tip.hash))
    report(about, 'it does not name the hash of the block before it');
  if (block.recordedAt < tip.recordedAt)
    report(about, 'it was recorded before the block before it');
  if (block.entryFirst !== tip.entries)
    report(about, `its entries begin at ${block.entryFirst}, not at ${tip.entries}`);
  let entries = block.entryFirst;
  const leaves: Buffer[] = [];
  for (const [position, stored] of transactions.entries()) {
    const of = (problem: string): void =>
      report(`transaction ${showId('transaction', stored.id)}`, problem);
    if (block.transactions[position] !== stored.id)
      of('the block names another transaction at its place');
    if (stored.entryFirst !== entries)
      of(`its entries begin at ${stored.entryFirst}, not at ${entries}`);
    stored.problems.forEach(of);
    if (stored.recomputedLeaf !== null && !stored.leaf.equals(stored.recomputedLeaf))
      of('its row, its entries or its lots were changed: they no longer hash to its leaf');
    entries += stored.transaction?.entries.length ?? stored.entries;
    leaves.push(stored.recomputedLeaf ?? stored.leaf);
  }
  for (const id of block.transactions.slice(transactions.length))
    report(`transaction ${showId('transaction', id)}`, 'it is missing');
  if (entries !== block.entryFirst + block.entries)
    report(
      about,
      `it should hold ${block.entries} entries and holds ${entries - block.entryFirst}`,
    );
  if (leaves.length > 0 && !merkleRoot(leaves).equals(block.merkleRoot))
    report(about, 'its transactions do not hash to its Merkle root');
  const hash = hashBlock({ ...block, transactions: block.transactions.length });
  if (!hash.equals(block.hash))
    report(about, 'its header was changed: it no longer hashes to its hash');
  // Going on from the stored hash keeps one broken block from accusing every later one.
  tip.number = block.number;
  tip.hash = block.hash;
  tip.entries = block.entryFirst + block.entries;
  tip.recordedAt = block.recordedAt;
}
