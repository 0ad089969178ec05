import type { PoolClient } from 'pg';
import { showId, type Uuid } from '../../kernel/id.ts';
import { copyOut, int64, RowFields, RowStore } from '../../platform/copy-out.ts';
import type { Pool } from '../../platform/database.ts';
import { readErased } from '../erasures/erase-member.ts';
import { ENTRY_KINDS } from '../transaction.ts';
import { about, type Problem, problem, type Subject } from './finding.ts';
import { equal, readUuid } from './leaf.ts';
import { LeafWriter } from './leaf-writer.ts';
import { readRepeats } from './read-repeats.ts';
import { readState } from './read-state.ts';
import {
  E,
  ENTRY_COLUMNS,
  elementsIfAny,
  LeafOfRows,
  LOT_COLUMNS,
  M,
  OF_TRANSACTION_AT,
  SEQ_AT,
  T,
  TRANSACTION_COLUMNS,
  Unreadable,
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

class DatabaseShard implements ShardSource {
  private readonly client: PoolClient;
  private readonly shard: number;
  // Rows read so far and not used yet, entries and lots in order of the entry's number.
  private readonly transactions = new RowStore();
  private readonly entries = new RowStore();
  private readonly lots = new RowStore();
  /** Entries below this number were read. */
  private entriesRead = 0;
  private transactionsFound = 0;
  /** Up to which block each member's free text was erased, by the register. */
  private erased: ReadonlyMap<Uuid, number> = new Map();

  constructor(client: PoolClient, shard: number) {
    this.client = client;
    this.shard = shard;
  }

  async *blocks(): AsyncGenerator<StoredBlock> {
    this.erased = await readErased(this.client, this.shard);
    // What reading the state of the shard before it turned on.
    await this.client.query(
      'set local enable_seqscan to default; set local enable_hashjoin to default',
    );
    for (let after = 0; ; ) {
      const blocks = await this.readBlocks(after);
      if (blocks.length === 0) return;
      after = (blocks.at(-1) as BlockRow).number;
      for (let first = 0; first < blocks.length; ) {
        const range = blocks.slice(first, endOfRange(blocks, first));
        first += range.length;
        yield* this.range(range);
      }
    }
  }

  private async readBlocks(after: number): Promise<BlockRow[]> {
    const rows: BlockRow[] = [];
    const fields = new RowFields(8);
    await copyOut(
      this.client,
      `select number, recorded_at_ms, previous_hash, merkle_root, hash, transactions, entry_first, entries
        from ledger.block where shard = ${this.shard} and number > ${integer(after)} order by number limit ${BLOCKS_PER_READ}`,
      (row) => rows.push(readBlock(fields.read(row))),
    );
    return rows;
  }

  private async *range(blocks: readonly BlockRow[]): AsyncGenerator<StoredBlock> {
    const { client, shard } = this;
    const [first, last] = [blocks[0] as BlockRow, blocks.at(-1) as BlockRow];
    for (const store of [this.transactions, this.entries, this.lots]) store.trim();
    await copyOut(
      client,
      `select t.*, b.number, u.place
        from (select number, transactions from ledger.block
              where shard = ${shard} and number between ${integer(first.number)} and ${integer(last.number)} order by number) b
        cross join lateral unnest(b.transactions) with ordinality as u (listed, place)
        left join lateral (select ${TRANSACTION_COLUMNS} from ledger.transaction
          where id = u.listed and shard = ${shard} offset 0) t on true`,
      this.transactions.add,
    );
    const end = integer(Math.max(this.entriesRead, ...blocks.map((b) => b.entryFirst + b.entries)));
    const inRange = `shard = ${shard} and seq >= ${this.entriesRead} and seq < ${end}`;
    if (end > this.entriesRead) {
      await copyOut(
        client,
        `select ${ENTRY_COLUMNS} from ledger.entry where ${inRange} order by seq`,
        this.entries.add,
      );
      await copyOut(
        client,
        `select ${LOT_COLUMNS}
          from (select seq, transaction, lot, point_type from ledger.entry
                where ${inRange} and kind = ${ENTRY_KINDS.issue} order by seq) e
          cross join lateral (select * from ledger.lot where id = e.lot and shard = ${shard} offset 0) l
          where l.seq = e.seq and l.transaction = e.transaction`,
        this.lots.add,
      );
      this.entriesRead = end;
    }
    for (const block of blocks) {
      const strays: Subject[] = [];
      yield { ...block, strays, transactions: () => this.transactionsOf(block, strays) };
    }
  }

  private readonly row = new RowFields(T.count + 2);
  private readonly entryRow = new RowFields(E.count);
  private readonly lotRow = new RowFields(M.count);
  private readonly leaf = new LeafOfRows();
  private readonly opening = new LeafWriter();

  private *transactionsOf(
    block: BlockRow,
    strays: Subject[],
  ): Generator<StoredTransaction | undefined> {
    const { transactions } = this;
    for (let index = 0; index < block.listed.length / 16; index += 1) {
      const row = this.row.read(transactions.bytes, transactions.peek());
      transactions.take();
      if (row.int8(T.count) !== block.number || row.int8(T.count + 1) !== index + 1)
        throw new Error('the database answered out of order');
      if (row.isNull(T.id)) yield undefined;
      else {
        this.transactionsFound += 1;
        yield this.transaction(row, block.number, index, strays);
      }
    }
  }

  private transaction(
    row: RowFields,
    block: number,
    position: number,
    strays: Subject[],
  ): StoredTransaction {
    const problems: Problem[] = [];
    if (row.int8(T.block) !== block || row.int4(T.position) !== position)
      problems.push(problem('listed_otherwise'));
    const entryFirst = row.int8(T.entryFirst);
    const entries = row.int4(T.entries);
    const own = this.takeOwn(this.entries, row, entryFirst + entries, (entry) =>
      strays.push(strayEntry(this.entries.bytes, entry)),
    );
    if (own.length !== entries)
      problems.push(problem('entries', { expected: entries, found: own.length }));
    // A lot that belongs to no transaction is found among the state.
    const made = this.takeOwn(this.lots, row, entryFirst + entries, () => {});
    const isErased = row.isNull(T.salt) && row.isNull(T.fingerprint) && row.isNull(T.detail);
    const opening = isErased ? null : this.openingOf(row);
    if (isErased && block > (this.erased.get(idOf(row, T.member)) ?? 0))
      problems.push(problem('erased_unregistered'));
    if (!isErased && opening === null) problems.push(problem('commitment'));
    const stored = {
      leafHash: row.bytes(T.leaf) ?? Buffer.alloc(0),
      opening,
      isErased,
      entryFirst,
      entries: own.length,
      problems,
    };
    try {
      return { ...stored, leaf: this.leafOf(row, own, made, problems) };
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      problems.push(problem('unreadable', { what: error.message }));
      return { ...stored, leaf: null };
    }
  }

  /** Where the transaction's own rows stand, which come next; what comes before them is stray. */
  private takeOwn(
    store: RowStore,
    row: RowFields,
    end: number,
    onStray: (at: number) => void,
  ): number[] {
    const own: number[] = [];
    const entryFirst = row.int8(T.entryFirst);
    const { bytes } = store;
    for (let next = store.peek(); next !== undefined; next = store.peek()) {
      const seq = int64(bytes, next + SEQ_AT);
      if (seq >= end) break;
      store.take();
      const isOwn = equal(bytes, next + OF_TRANSACTION_AT, row.row, row.at[T.id] as number, 16);
      if (seq < entryFirst || !isOwn) onStray(next);
      else own.push(next);
    }
    return own;
  }

  private leafOf(
    row: RowFields,
    entries: readonly number[],
    lots: readonly number[],
    problems: Problem[],
  ): Buffer {
    const { leaf, entryRow, lotRow } = this;
    leaf.begin(row);
    leaf.entryCount(entries.length);
    for (const each of entries) {
      const entry = entryRow.read(this.entries.bytes, each);
      if (entry.int4(E.programme) !== row.int4(T.programme))
        problems.push(problem('entry_of_other', { seq: entry.int8(E.seq) }));
      leaf.entry(entry);
    }
    leaf.lotCount(lots.length);
    for (const each of lots) {
      const lot = lotRow.read(this.lots.bytes, each);
      const isOwn =
        lot.int4(M.programme) === row.int4(T.programme) &&
        lot.int4(M.pointType) === lot.int4(M.entryPointType) &&
        equal(lot.row, lot.at[M.member] as number, row.row, row.at[T.member] as number, 16);
      if (!isOwn) problems.push(problem('lot_of_other', { lot: showId('lot', idOf(lot, M.id)) }));
      leaf.lot(lot);
    }
    leaf.marks(row);
    return leaf.written();
  }

  /** What the commitment is the hash of; null when its parts have not the lengths they must have. */
  private openingOf(row: RowFields): Buffer | null {
    if (row.length[T.salt] !== 16 || row.length[T.fingerprint] !== 32) return null;
    const opening = this.opening.begin();
    opening.raw(row.row, row.at[T.salt] as number, 16);
    opening.raw(row.row, row.at[T.fingerprint] as number, 32);
    opening.raw(row.row, row.at[T.key] as number, row.length[T.key] as number);
    opening.u8(0);
    if (!row.isNull(T.detail))
      opening.raw(row.row, row.at[T.detail] as number, row.length[T.detail] as number);
    return opening.written();
  }

  async strays(): Promise<readonly Subject[]> {
    const { client, shard } = this;
    const strays: Subject[] = [];
    const { entries } = this;
    for (let row = entries.peek(); row !== undefined; row = entries.peek()) {
      if (strays.length < STRAYS_MAX) strays.push(strayEntry(entries.bytes, row));
      entries.take();
    }
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
      (row) => strays.push(strayEntry(row, 0)),
    );
    return strays;
  }

  async head() {
    const { rows } = await this.client.query<{ block: number; entries: number; hash: Buffer }>(
      'select block, entries, hash from ledger.head where shard = $1',
      [this.shard],
    );
    return rows[0] ?? { block: 0, entries: 0, hash: Buffer.alloc(0) };
  }

  repeats = () => readRepeats(this.client, this.shard);
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

function strayEntry(bytes: Buffer, at: number): Subject {
  const id = showId('transaction', readUuid(bytes, at + OF_TRANSACTION_AT));
  return { code: 'entry', facts: { seq: int64(bytes, at + SEQ_AT), id } };
}

function idOf(row: RowFields, field: number): Uuid {
  return readUuid(row.row, row.at[field] as number);
}

/** What may stand in the text of a COPY, which has no parameters. A forged number that no integer can hold counts as the largest. */
function integer(value: number): number {
  return Math.min(Math.trunc(value), Number.MAX_SAFE_INTEGER);
}
