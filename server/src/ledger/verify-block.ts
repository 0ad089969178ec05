import type { Instant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { hashBlock, merkleRoot } from './encode.ts';
import type { StoredBlock, StoredTransaction } from './verify-read.ts';

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
