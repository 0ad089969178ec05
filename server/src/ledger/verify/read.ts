import type { Uuid } from '../../kernel/id.ts';
import { copyInto, copyOut } from '../../platform/copy-out.ts';
import { RowFields } from '../../platform/copy-rows.ts';
import type { Pool, Sql } from '../../platform/database.ts';
import { readErased } from '../erasures/erase-member.ts';
import { ENTRY_KINDS } from '../transaction.ts';
import { about, type Subject } from './finding.ts';
import { RangeRows, strayAccrual, strayEntry } from './range-rows.ts';
import { readPriceList } from './read-price-list.ts';
import { readRepeats } from './read-repeats.ts';
import { readState } from './read-state.ts';
import {
  ACCRUAL_COLUMNS,
  ENTRY_COLUMNS,
  elementsIfAny,
  LOT_COLUMNS,
  TRANSACTION_COLUMNS,
} from './rows.ts';
import type { ShardSource, StoredBlock, StoredTransaction } from './source.ts';

const BLOCKS_PER_READ = 512;
/** Transactions whose rows are in memory at once, but for a block that has more. */
const TRANSACTIONS_PER_RANGE = 4_096;
const STRAYS_MAX = 100;

/** Reads shards, one after the other, in one snapshot and on one connection, beside whatever writes. */
export async function withShards<T>(
  pool: Pool,
  work: (shard: (number: number) => ShardSource) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query(
      'set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0',
    );
    const result = await work((shard) => new DatabaseShard(client, shard));
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

/** Some blocks of a chain: those after the first number, up to and with the second. */
export interface Page {
  readonly after: number;
  readonly upTo: number;
  /** The number of its first entry. */
  readonly entryFirst: number;
}

const ALL: Page = { after: 0, upTo: Number.MAX_SAFE_INTEGER, entryFirst: 0 };

/** One shard of a database, whole or a page of it. */
export class DatabaseShard implements ShardSource {
  private readonly client: Sql;
  private readonly shard: number;
  private readonly page: Page;
  private rows = new RangeRows(() => 0);
  /** Entries below this number were read. */
  private entriesRead: number;
  private transactionsFound = 0;

  /** @param client one connection, in a transaction that is one snapshot */
  constructor(client: Sql, shard: number, page: Page = ALL) {
    this.client = client;
    this.shard = shard;
    this.page = page;
    this.entriesRead = page.entryFirst;
  }

  async *blocks(): AsyncGenerator<StoredBlock> {
    const erased = await readErased(this.client, this.shard);
    this.rows = new RangeRows((member) => erased.get(member) ?? 0);
    // What reading the state of the shard before it turned on.
    await this.client.query(
      'set local enable_seqscan to default; set local enable_hashjoin to default',
    );
    const { upTo } = this.page;
    for (let { after } = this.page; after < upTo; ) {
      const blocks = await this.readBlocks(after, upTo);
      if (blocks.length === 0) return;
      after = (blocks.at(-1) as BlockRow).number;
      for (let first = 0; first < blocks.length; ) {
        const range = blocks.slice(first, endOfRange(blocks, first));
        first += range.length;
        yield* this.range(range);
      }
    }
  }

  private async readBlocks(after: number, upTo: number): Promise<BlockRow[]> {
    const rows: BlockRow[] = [];
    const fields = new RowFields(8);
    await copyOut(
      this.client,
      `select number, recorded_at_ms, previous_hash, merkle_root, hash, transactions, entry_first, entries
        from ledger.block where shard = ${this.shard} and number > ${integer(after)} and number <= ${integer(upTo)}
        order by number limit ${BLOCKS_PER_READ}`,
      (bytes, at) => rows.push(readBlock(fields.read(bytes, at))),
    );
    return rows;
  }

  private async *range(blocks: readonly BlockRow[]): AsyncGenerator<StoredBlock> {
    const { client, shard, rows } = this;
    const [first, last] = [blocks[0] as BlockRow, blocks.at(-1) as BlockRow];
    rows.clear();
    const { entriesRead } = this;
    const end = integer(Math.max(entriesRead, ...blocks.map((b) => b.entryFirst + b.entries)));
    const inRange = `shard = ${shard} and seq >= ${entriesRead} and seq < ${end}`;
    this.entriesRead = end;
    await copyInto(
      rows.entries,
      client,
      `select ${ENTRY_COLUMNS} from ledger.entry where ${inRange} order by seq`,
    );
    await copyInto(
      rows.accruals,
      client,
      `select ${ACCRUAL_COLUMNS} from ledger.accrual where ${inRange} order by seq, place`,
    );
    // One search for all, and then each page once in the order of the table, which is nearly that of the
    // chain: looked up one by one they cost twice as much.
    await client.query('set local enable_indexscan = off; set local enable_bitmapscan = on');
    await copyInto(
      rows.transactions,
      client,
      `select ${TRANSACTION_COLUMNS} from ledger.transaction where shard = ${shard} and id = any (array(
        select unnest(transactions) from ledger.block
        where shard = ${shard} and number between ${integer(first.number)} and ${integer(last.number)}))`,
    );
    await copyInto(
      rows.lots,
      client,
      `select ${LOT_COLUMNS} from ledger.lot where shard = ${shard} and id = any (array(
        select lot from ledger.entry where ${inRange} and kind = ${ENTRY_KINDS.issue}))`,
    );
    await client.query(
      'set local enable_indexscan to default; set local enable_bitmapscan to default',
    );
    for (const block of blocks) {
      const strays: Subject[] = [];
      yield { ...block, strays, transactions: () => this.transactionsOf(block, strays) };
    }
  }

  private *transactionsOf(
    block: BlockRow,
    strays: Subject[],
  ): Generator<StoredTransaction | undefined> {
    const { listed, number } = block;
    for (let position = 0; position * 16 < listed.length; position += 1) {
      const found = this.rows.transaction(listed, position * 16, number, position, strays);
      if (found !== undefined) this.transactionsFound += 1;
      yield found;
    }
  }

  /** Entries among those that were read which belong to no transaction. */
  strayEntries(): Subject[] {
    return this.rows.strayEntries(STRAYS_MAX);
  }

  async strays(): Promise<readonly Subject[]> {
    const { client, shard } = this;
    const strays = this.strayEntries();
    await client.query('set local enable_seqscan = on; set local enable_hashjoin = on');
    const counted = await client.query<{ count: number }>(
      'select count(*) as count from ledger.transaction where shard = $1',
      [shard],
    );
    if (counted.rows[0]?.count !== this.transactionsFound) {
      const { rows } = await client.query<{ id: Uuid }>(
        `select id from ledger.transaction where shard = $1
         except select unnest(transactions) from ledger.block where shard = $1 limit ${STRAYS_MAX}`,
        [shard],
      );
      strays.push(...rows.map(({ id }) => about('transaction', id)));
    }
    await copyOut(
      client,
      `select ${ENTRY_COLUMNS} from ledger.entry
        where shard = ${shard} and (seq < 0 or seq >= ${this.entriesRead}) limit ${STRAYS_MAX}`,
      (bytes, at) => strays.push(strayEntry(bytes, at)),
    );
    const accruals = await client.query<{ seq: number; place: number }>(
      `select seq, place from ledger.accrual where shard = $1 and (seq < 0 or seq >= $2) limit ${STRAYS_MAX}`,
      [shard, this.entriesRead],
    );
    strays.push(...accruals.rows.map(strayAccrual));
    return strays;
  }

  async head() {
    const { rows } = await this.client.query<{ block: number; entries: number; hash: Buffer }>(
      'select block, entries, hash from ledger.head where shard = $1',
      [this.shard],
    );
    return rows[0] ?? { block: 0, entries: 0, hash: Buffer.alloc(0) };
  }

  repeats = (programmes: ReadonlyMap<number, number>) =>
    readRepeats(this.client, this.shard, programmes);
  prices = () => readPriceList(this.client);
  state: ShardSource['state'] = (to) => readState(this.client, this.shard, to);
}

type BlockRow = Omit<StoredBlock, 'transactions' | 'strays'>;

function readBlock(row: RowFields): BlockRow {
  const ids = elementsIfAny(row, 5, 16);
  const listed = Buffer.allocUnsafe(ids.length * 16);
  for (const [index, at] of ids.entries()) row.row.copy(listed, index * 16, at, at + 16);
  return {
    number: row.int8(0),
    recordedAt: row.int8(1),
    previousHash: Buffer.from(row.bytes(2) as Buffer),
    merkleRoot: Buffer.from(row.bytes(3) as Buffer),
    hash: Buffer.from(row.bytes(4) as Buffer),
    listed,
    entryFirst: row.int8(6),
    entries: row.int4(7),
  };
}

/** Past the last block that is read together with the one at `first`. */
function endOfRange(blocks: readonly BlockRow[], first: number): number {
  let transactions = 0;
  let end = first;
  do {
    transactions += (blocks[end] as BlockRow).listed.length / 16;
    end += 1;
  } while (end < blocks.length && transactions < TRANSACTIONS_PER_RANGE);
  return end;
}

/** What may stand in the text of a COPY, which has no parameters. A forged number that no integer can hold counts as the largest. */
function integer(value: number): number {
  return Math.min(Math.trunc(value), Number.MAX_SAFE_INTEGER);
}
