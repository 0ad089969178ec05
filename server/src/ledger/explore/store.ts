import type { Instant } from '../../kernel/clock.ts';
import type { Sql } from '../../platform/database.ts';

/** A block as its row has it, without its transactions. */
export interface BlockRow {
  readonly number: number;
  readonly recordedAt: Instant;
  readonly previousHash: Buffer;
  readonly merkleRoot: Buffer;
  readonly hash: Buffer;
  /** How many transactions it has. */
  readonly transactions: number;
  readonly entryFirst: number;
  readonly entries: number;
}

const BLOCK = `number, recorded_at_ms as "recordedAt", previous_hash as "previousHash", merkle_root as "merkleRoot", hash,
  cardinality(transactions) as transactions, entry_first as "entryFirst", entries`;

/** Blocks of a shard below a number, newest first. */
export async function readBlocksBelow(
  sql: Sql,
  shard: number,
  below: number,
  limit: number,
): Promise<BlockRow[]> {
  const { rows } = await sql.query<BlockRow>({
    name: 'ledger-blocks-below',
    text: `select ${BLOCK} from ledger.block where shard = $1 and number < $2 order by number desc limit $3`,
    values: [shard, below, limit],
  });
  return rows;
}

/** Blocks of a shard after a number, up to and with another, oldest first. */
export async function readBlocksAfter(
  sql: Sql,
  shard: number,
  { after, upTo }: { readonly after: number; readonly upTo: number },
  limit: number,
): Promise<BlockRow[]> {
  const { rows } = await sql.query<BlockRow>({
    name: 'ledger-blocks-after',
    text: `select ${BLOCK} from ledger.block where shard = $1 and number > $2 and number <= $3 order by number limit $4`,
    values: [shard, after, upTo, limit],
  });
  return rows;
}

export interface ShardHead {
  readonly shard: number;
  readonly blocks: number;
  readonly entries: number;
  readonly hash: Buffer;
  readonly recordedAt: Instant;
  /** The last block that a seal covers; 0 when none does. */
  readonly sealed: number;
}

/** Where every chain ends, and how far the last seal reaches. */
export async function readShardHeads(sql: Sql): Promise<ShardHead[]> {
  const { rows } = await sql.query<ShardHead>({
    name: 'ledger-shard-heads',
    text: `select h.shard, h.block as blocks, h.entries, h.hash, h.recorded_at_ms as "recordedAt",
        coalesce(s.blocks[h.shard + 1], 0) as sealed
      from ledger.head h
      left join (select blocks from ledger.seal order by number desc limit 1) s on true
      order by h.shard`,
  });
  return rows;
}
