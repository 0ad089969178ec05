import { showId, type Uuid } from '../../kernel/id.ts';
import { int64, RowFields, RowStore } from '../../platform/copy-rows.ts';
import { ENTRY_KINDS } from '../transaction.ts';
import { type Problem, problem, type Subject } from './finding.ts';
import { IdTable } from './ids.ts';
import { equal, readUuid } from './leaf.ts';
import { LeafWriter } from './leaf-writer.ts';
import {
  A,
  E,
  LeafOfRows,
  LOT_ID_AT,
  M,
  MADE_BY_BYTES,
  OF_TRANSACTION_AT,
  SEQ_AT,
  T,
  TRANSACTION_ID_AT,
  Unreadable,
} from './rows.ts';
import type { StoredAccrual, StoredTransaction } from './source.ts';

const HASH_BYTES = 32;
const NOTHING_WRONG: readonly Problem[] = [];
const NOTHING_ACCRUED: readonly StoredAccrual[] = [];

/** The rows of blocks that follow each other. Entries stand in the order of their numbers, the rest anyhow. */
export class RangeRows {
  readonly transactions = new RowStore();
  readonly entries = new RowStore();
  readonly lots = new RowStore();
  /** In the order of their entries. */
  readonly accruals = new RowStore();
  private readonly transactionsById = new RowsById(this.transactions, TRANSACTION_ID_AT);
  private readonly lotsById = new RowsById(this.lots, LOT_ID_AT);
  private readonly row = new RowFields(T.count);
  private readonly entryRow = new RowFields(E.count);
  private readonly lotRow = new RowFields(M.count);
  private readonly accrualRow = new RowFields(A.count);
  private readonly leaf = new LeafOfRows();
  private readonly opening = new LeafWriter();
  /** Entries of the transaction in hand, and the lots they made, in arrays that are used again. */
  private readonly own: number[] = [];
  private ownCount = 0;
  private readonly made: number[] = [];
  private madeCount = 0;
  /** The point types of the entries that made them. */
  private readonly madeTypes: number[] = [];
  private problems: Problem[] = [];
  private readonly stored = new ReadTransaction();
  private readonly isErasedUpTo: (member: Uuid) => number;

  /** @param isErasedUpTo up to which block a member's free text was erased, by the register */
  constructor(isErasedUpTo: (member: Uuid) => number) {
    this.isErasedUpTo = isErasedUpTo;
  }

  /** Makes room for the next rows. Entries and accruals that belonged to no transaction stay. */
  clear(): void {
    this.transactionsById.clear();
    this.lotsById.clear();
    this.entries.trim();
    this.accruals.trim();
  }

  /** A transaction by its id, valid until the next; undefined when there is none. */
  transaction(
    id: Uint8Array,
    idAt: number,
    block: number,
    position: number,
    strays: Subject[],
  ): StoredTransaction | undefined {
    const at = this.transactionsById.find(id, idAt);
    if (at === undefined) return undefined;
    const { stored, leaf } = this;
    const row = this.row.read(this.transactions.bytes, at);
    if (this.problems.length > 0) this.problems = [];
    if (row.int8(T.block) !== block || row.int4(T.position) !== position)
      this.problems.push(problem('listed_otherwise'));
    const entries = row.int4(T.entries);
    stored.entryFirst = row.int8(T.entryFirst);
    this.takeOwn(row, stored.entryFirst, entries, strays);
    stored.entries = this.ownCount;
    stored.accruals = this.accrued(stored.entryFirst, entries, strays);
    if (this.ownCount !== entries)
      this.problems.push(problem('entries', { expected: entries, found: this.ownCount }));
    this.open(row, block);
    stored.setLeafHash(row);
    try {
      leaf.begin(row);
      this.writeEntries(row);
      this.writeLots(row);
      leaf.marks(row);
      stored.leaf = leaf.written();
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.problems.push(problem('unreadable', { what: error.message }));
      stored.leaf = null;
    }
    stored.problems = this.problems.length === 0 ? NOTHING_WRONG : this.problems;
    return stored;
  }

  /** The entries and accruals that belong to no transaction, at most `max` of each. */
  strayEntries(max: number): Subject[] {
    const strays: Subject[] = [];
    for (let at = this.accruals.peek(); at !== undefined; at = this.accruals.peek()) {
      if (strays.length < max)
        strays.push(strayAccrual(readAccrual(this.accrualRow.read(this.accruals.bytes, at))));
      this.accruals.take();
    }
    for (let at = this.entries.peek(); at !== undefined; at = this.entries.peek()) {
      if (strays.length < max) strays.push(strayEntry(this.entries.bytes, at));
      this.entries.take();
    }
    return strays;
  }

  /** The rows that the transaction's entries accrued, which come next; what comes before them is stray. */
  private accrued(first: number, count: number, strays: Subject[]): readonly StoredAccrual[] {
    const { accruals } = this;
    let found: StoredAccrual[] | undefined;
    for (let at = accruals.peek(); at !== undefined; at = accruals.peek()) {
      const seq = int64(accruals.bytes, at + SEQ_AT);
      if (seq >= first + count) break;
      accruals.take();
      const row = readAccrual(this.accrualRow.read(accruals.bytes, at));
      if (seq < first) strays.push(strayAccrual(row));
      else {
        found ??= [];
        found.push(row);
      }
    }
    return found ?? NOTHING_ACCRUED;
  }

  /** Notes where the transaction's entries stand, which come next; what comes before them is stray. */
  private takeOwn(row: RowFields, first: number, count: number, strays: Subject[]): void {
    const { entries, own } = this;
    const { bytes } = entries;
    const id = row.at[T.id] as number;
    this.ownCount = 0;
    for (let at = entries.peek(); at !== undefined; at = entries.peek()) {
      const seq = int64(bytes, at + SEQ_AT);
      if (seq >= first + count) break;
      entries.take();
      if (seq >= first && equal(bytes, at + OF_TRANSACTION_AT, row.row, id, 16)) {
        own[this.ownCount] = at;
        this.ownCount += 1;
      } else strays.push(strayEntry(bytes, at));
    }
  }

  /** What the commitment is the hash of, when it was not erased and its parts have their lengths. */
  private open(row: RowFields, block: number): void {
    const { stored, opening, problems } = this;
    stored.opening = null;
    stored.isErased = row.isNull(T.salt) && row.isNull(T.fingerprint) && row.isNull(T.detail);
    if (stored.isErased) {
      if (block > this.isErasedUpTo(idOf(row, T.member)))
        problems.push(problem('erased_unregistered'));
    } else if (row.length[T.salt] !== 16 || row.length[T.fingerprint] !== 32)
      problems.push(problem('commitment'));
    else {
      opening.begin();
      opening.words(row.view, row.at[T.salt] as number, 4);
      opening.words(row.view, row.at[T.fingerprint] as number, 8);
      opening.raw(row.row, row.at[T.key] as number, row.length[T.key] as number);
      opening.u8(0);
      if (!row.isNull(T.detail))
        opening.raw(row.row, row.at[T.detail] as number, row.length[T.detail] as number);
      stored.opening = opening.written();
    }
  }

  private writeEntries(row: RowFields): void {
    const { leaf, entryRow, own, made, madeTypes, lots } = this;
    const { bytes } = this.entries;
    leaf.entryCount(this.ownCount);
    this.madeCount = 0;
    for (let index = 0; index < this.ownCount; index += 1) {
      const at = own[index] as number;
      const entry = entryRow.read(bytes, at);
      if (entry.int4(E.programme) !== row.int4(T.programme))
        this.problems.push(problem('entry_of_other', { seq: entry.int8(E.seq) }));
      leaf.entry(entry);
      if (entry.int2(E.kind) !== ENTRY_KINDS.issue) continue;
      const lot = this.lotsById.find(bytes, entry.at[E.lot] as number);
      // A lot that another entry or transaction made is found among the state.
      if (lot === undefined || !equal(lots.bytes, lot + SEQ_AT, bytes, at + SEQ_AT, MADE_BY_BYTES))
        continue;
      made[this.madeCount] = lot;
      madeTypes[this.madeCount] = entry.int4(E.pointType);
      this.madeCount += 1;
    }
  }

  private writeLots(row: RowFields): void {
    const { leaf, lotRow, made, madeTypes } = this;
    leaf.lotCount(this.madeCount);
    for (let index = 0; index < this.madeCount; index += 1) {
      const lot = lotRow.read(this.lots.bytes, made[index] as number);
      const isOwn =
        lot.int4(M.programme) === row.int4(T.programme) &&
        lot.int4(M.pointType) === madeTypes[index] &&
        equal(lot.row, lot.at[M.member] as number, row.row, row.at[T.member] as number, 16);
      if (!isOwn)
        this.problems.push(problem('lot_of_other', { lot: showId('lot', idOf(lot, M.id)) }));
      leaf.lot(lot);
    }
  }
}

/** One transaction after the other. */
class ReadTransaction implements StoredTransaction {
  leaf: Buffer | null = null;
  leafHash: Uint8Array = new Uint8Array();
  opening: Uint8Array | null = null;
  isErased = false;
  entryFirst = 0;
  entries = 0;
  problems = NOTHING_WRONG;
  accruals = NOTHING_ACCRUED;
  private readonly hash = Buffer.alloc(HASH_BYTES);

  setLeafHash(row: RowFields): void {
    const at = row.at[T.leaf] as number;
    const isHash = row.length[T.leaf] === HASH_BYTES;
    for (let byte = 0; isHash && byte < HASH_BYTES; byte += 1)
      this.hash[byte] = row.row[at + byte] as number;
    this.leafHash = isHash ? this.hash : new Uint8Array();
  }
}

/**
 * Rows by the id that each has, each at most once. They come nearly in the order in which they are asked for,
 * which is that of their table; an index is only made where they do not.
 */
class RowsById {
  private readonly rows: RowStore;
  private readonly idAt: number;
  private readonly ids = new IdTable();
  /** The row after the one that was found last. */
  private next = 0;

  constructor(rows: RowStore, idAt: number) {
    this.rows = rows;
    this.idAt = idAt;
  }

  /** Where the row of an id stands; undefined when there is none. */
  find(id: Uint8Array, at: number): number | undefined {
    const { rows, idAt } = this;
    const guess = rows.at(this.next);
    if (guess !== undefined && equal(rows.bytes, guess + idAt, id, at, 16)) {
      this.next += 1;
      return guess;
    }
    for (let row = this.ids.count; row < rows.count; row += 1)
      this.ids.add(rows.bytes, (rows.at(row) as number) + idAt);
    const found = this.ids.find(id, at);
    if (found >= 0) this.next = found + 1;
    return rows.at(found);
  }

  clear(): void {
    this.rows.clear();
    if (this.ids.count > 0) this.ids.clear();
    this.next = 0;
  }
}

export function strayEntry(bytes: Buffer, at: number): Subject {
  const id = showId('transaction', readUuid(bytes, at + OF_TRANSACTION_AT));
  return { code: 'entry', facts: { seq: int64(bytes, at + SEQ_AT), id } };
}

export function strayAccrual({ seq, place }: Pick<StoredAccrual, 'seq' | 'place'>): Subject {
  return { code: 'accrual', facts: { seq, place } };
}

function readAccrual(row: RowFields): StoredAccrual {
  const money = (field: number): bigint => row.row.readBigInt64BE(row.at[field] as number);
  return {
    seq: row.int8(A.seq),
    place: row.int2(A.place),
    kind: row.int2(A.kind),
    programme: row.int4(A.programme),
    pointType: row.int4(A.pointType),
    effectiveAt: row.int8(A.effectiveAt),
    payer: idOf(row, A.payer),
    taker: idOf(row, A.taker),
    points: money(A.points),
    owed: money(A.owed),
    due: money(A.due),
    fee: money(A.fee),
  };
}

function idOf(row: RowFields, field: number): Uuid {
  return readUuid(row.row, row.at[field] as number);
}
