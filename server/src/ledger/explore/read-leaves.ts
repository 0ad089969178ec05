import { type Pool, type Transaction, withTransaction } from '../../platform/database.ts';
import type { LeafJson } from '../verify/leaf-json.ts';
import { showLeaf } from '../verify/leaf-json.ts';
import { DatabaseShard } from '../verify/read.ts';
import { type BlockRow, readBlocksAfter } from './store.ts';

/** A transaction as the export has it, without key and free text. */
export type StoredLeaf = LeafJson & {
  /** The hash that is stored for all the rest, in hex. */
  readonly leaf: string;
  /** Its text was erased; the commitment stayed. */
  readonly erased?: true;
};

/** A block with what its Merkle tree is over, in order. Null stands for rows that are missing or that no leaf can hold. */
export interface BlockWithLeaves extends BlockRow {
  readonly leaves: readonly (StoredLeaf | null)[];
}

/** Transactions and entries of one answer, unless a single block has more; some 250 bytes of JSON each. */
export const WEIGHT_MAX = 4_000;
const BLOCKS_MAX = 1_000;

const weightOf = ({ transactions, entries }: BlockRow): number => transactions + entries;

/** Runs in one snapshot, beside whatever writes. */
export function inSnapshot<T>(pool: Pool, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return withTransaction(pool, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    return work(tx);
  });
}

/**
 * Blocks of a shard after a number, oldest first: as many as weigh {@link WEIGHT_MAX} together, and at least
 * one. What a block holds is read as verify and the export read it, out of the rows and not out of anything kept.
 */
export async function readChain(
  tx: Transaction,
  shard: number,
  range: { readonly after: number; readonly upTo: number },
): Promise<{ readonly blocks: readonly BlockWithLeaves[]; readonly more: boolean }> {
  const found = await readBlocksAfter(tx, shard, range, BLOCKS_MAX + 1);
  let weight = 0;
  const taken = found.slice(0, BLOCKS_MAX).filter((block, place) => {
    weight += weightOf(block);
    return place === 0 || weight <= WEIGHT_MAX;
  });
  return { blocks: await withLeaves(tx, shard, taken), more: taken.length < found.length };
}

/** One block with its leaves; undefined when there is none of this number. */
export async function readBlock(
  tx: Transaction,
  shard: number,
  number: number,
): Promise<BlockWithLeaves | undefined> {
  const range = { after: number - 1, upTo: number };
  const [block] = await withLeaves(tx, shard, await readBlocksAfter(tx, shard, range, 1));
  return block;
}

async function withLeaves(
  tx: Transaction,
  shard: number,
  blocks: readonly BlockRow[],
): Promise<BlockWithLeaves[]> {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined) return [];
  const page = { after: first.number - 1, upTo: last.number, entryFirst: first.entryFirst };
  const leaves = new Map<number, (StoredLeaf | null)[]>();
  for await (const block of new DatabaseShard(tx, shard, page).blocks())
    leaves.set(
      block.number,
      Array.from(block.transactions(), (stored) => {
        if (stored === undefined || stored.leaf === null) return null;
        const leaf = Buffer.from(stored.leafHash).toString('hex');
        return { ...showLeaf(stored.leaf), leaf, ...(stored.isErased ? { erased: true } : {}) };
      }),
    );
  return blocks.map((block) => ({ ...block, leaves: leaves.get(block.number) ?? [] }));
}

/**
 * The leaves of a block from one place on, as many as weigh {@link WEIGHT_MAX} together, and at least one. A
 * transaction cannot be divided: one that touches 50,000 lots comes whole.
 */
export function pageOfLeaves(
  leaves: readonly (StoredLeaf | null)[],
  from: number,
): { readonly page: readonly (StoredLeaf | null)[]; readonly next: number | null } {
  let weight = 0;
  let end = from;
  while (end < leaves.length && (end === from || weight < WEIGHT_MAX)) {
    weight += 1 + (leaves[end]?.entries.length ?? 0);
    end += 1;
  }
  return { page: leaves.slice(from, end), next: end < leaves.length ? end : null };
}
