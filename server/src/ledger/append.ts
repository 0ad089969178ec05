import type { Pool } from 'pg';
import type { Instant } from '../kernel/clock.ts';
import type { Random } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Allotment, Book, Lot, Written } from './book.ts';
import { commit, FORMAT, hashBlock, hashLeaf, merkleRoot } from './encode.ts';
import { writeRefusal } from './record.ts';
import { type EntryRow, type LotMadeRow, rowEncoder, type TransactionRow } from './rows.ts';
import type { Receipt } from './transaction.ts';

/** The newest block of a shard: what the next one continues. */
export interface Head {
  readonly block: number;
  readonly entries: number;
  readonly hash: Buffer;
  readonly recordedAt: Instant;
}

/** How a block was taken. */
export interface Appended {
  /** Durable. False: another process has moved the head, changed prices or used up a budget; nothing was written. */
  readonly done: boolean;
  /** Another process is at this shard as well, or this one has its turn there. */
  readonly rivals: boolean;
}

const SALT_BYTES = 16;
/** Advisory locks of this number and a shard's are turns at the shard; one number on every Hongmi database. */
export const TURN_LOCK = 0x74_75_72_6e;
// The lock is tried for to notice rivals, never waited for, and ends with the statement.
const APPEND = `select not pg_try_advisory_xact_lock(${TURN_LOCK}, $1::smallint) as rivals,
  ledger.append(${Array.from({ length: 21 }, (_, index) => `$${index + 1}`).join(', ')}) as done`;

/** Raised by `ledger.lend` when others have spent what this batch was decided on. */
const BUDGET_USED_UP = 'HM003';

/** What a batch decided, chained to the head it was decided on. */
export interface Block {
  readonly shard: number;
  readonly previous: Head;
  readonly merkleRoot: Buffer;
  readonly written: readonly Written[];
  readonly transactions: readonly TransactionRow[];
  /** The head when this block is appended. */
  readonly head: Head;
  /** One per transaction, in order. */
  readonly receipts: readonly Receipt[];
}

/** The block that follows `head`, with fresh salts. */
export function blockAfter(
  head: Head,
  shard: number,
  book: Book,
  written: readonly Written[],
  now: Instant,
  random: Random,
): Block {
  const recordedAt = Math.max(now, head.recordedAt);
  const number = head.block + 1;
  // Copied, because the row that holds a salt is sent later.
  const salts = Buffer.from(random(SALT_BYTES * written.length));
  const transactions = written.map((each, position) => {
    const salt = salts.subarray(SALT_BYTES * position, SALT_BYTES * (position + 1));
    return rowOf(each, salt, shard, number, position);
  });
  const root = merkleRoot(transactions.map((row) => row.leaf));
  const hash = hashBlock({
    shard,
    number,
    previousHash: head.hash,
    recordedAt,
    merkleRoot: root,
    transactions: written.length,
    entryFirst: head.entries,
    entries: book.nextSeq - head.entries,
  });
  const shown = hash.toString('hex');
  return {
    shard,
    previous: head,
    merkleRoot: root,
    written,
    transactions,
    head: { block: number, entries: book.nextSeq, hash, recordedAt },
    receipts: written.map((_, position) => ({
      shard,
      block: number,
      position,
      hash: shown,
      recordedAt,
    })),
  };
}

/** Appends a block with what its batch changed: one statement, one transaction; see `Storage.append`. */
export async function append(pool: Pool, block: Block, book: Book): Promise<Appended> {
  const { shard, previous, head, written } = block;
  const encode = await rowEncoder(pool);
  const made = lotRows(shard, book, written);
  const statement = {
    name: 'ledger-append',
    text: APPEND,
    values: [
      shard,
      previous.block,
      head.recordedAt,
      FORMAT,
      previous.hash,
      block.merkleRoot,
      head.hash,
      previous.entries,
      uuids(written, (each) => each.transaction.id),
      encode('transaction', block.transactions),
      encode('entry', entriesOf(shard, written)),
      encode('lot', made),
      encode('lot_state', changedBesides(book, made)),
      encode('member_account', placed(shard, book.changedAccounts)),
      encode('counter_delta', [...book.counterDeltas.values()]),
      encode('hold', placed(shard, book.changedHolds)),
      encode(
        'debt',
        [...book.changedDebts].map(([debt, account]) => ({ shard, account, debt })),
      ),
      encode('counter', countersOf(shard, book)),
      encode('allotment_state', allotmentsOf(book)),
      book.priceVersion,
      encode(
        'accrual',
        written.flatMap((each) => each.accruals.map((accrual) => ({ shard, accrual }))),
      ),
    ],
  };
  try {
    const { rows } = await pool.query<Appended>(statement);
    return rows[0] ?? { done: false, rivals: true };
  } catch (error) {
    if ((error as { code?: unknown }).code === BUDGET_USED_UP) return { done: false, rivals: true };
    throw error;
  }
}

/** A transaction with what the chain commits to. */
function rowOf(
  written: Written,
  salt: Buffer,
  shard: number,
  block: number,
  position: number,
): TransactionRow {
  const { transaction, fingerprint, entryFirst, lotsMade, marks } = written;
  const detail = transaction.detail === null ? null : JSON.stringify(transaction.detail);
  const refusal = transaction.refusal === null ? null : writeRefusal(transaction.refusal);
  const commitment = commit(salt, fingerprint, transaction.key, detail);
  const leaf = hashLeaf({
    transaction,
    refusalFacts: refusal,
    commitment,
    entryFirst,
    lotsMade,
    marks,
  });
  return { shard, block, position, written, refusal, detail, salt, commitment, leaf };
}

function entriesOf(shard: number, written: readonly Written[]): EntryRow[] {
  return written.flatMap(({ transaction, entryFirst }) =>
    transaction.entries.map((entry, index) => ({
      shard,
      seq: entryFirst + index,
      transaction,
      entry,
    })),
  );
}

function lotRows(shard: number, book: Book, written: readonly Written[]): LotMadeRow[] {
  return written.flatMap(({ transaction, lotsMade }) =>
    lotsMade.map((terms) => {
      // A conversion makes lots of another point type than its own: that of the entry that made each.
      const maker =
        transaction.kind === 'convert'
          ? transaction.entries.find(({ kind, lot }) => kind === 'issue' && lot === terms.id)
          : undefined;
      const pointType = maker?.pointType ?? transaction.pointType;
      return { shard, transaction, terms, pointType, lot: book.lot(terms.id) };
    }),
  );
}

/** Changed lots that were there before; those made in this batch are written as they now are. */
function changedBesides(book: Book, made: readonly LotMadeRow[]): Lot[] {
  const fresh = new Set(made.map((row) => row.lot));
  return [...book.changedLots].filter((lot) => !fresh.has(lot));
}

function placed<T>(shard: number, things: Iterable<T>): { shard: number; of: T }[] {
  return Array.from(things, (of) => ({ shard, of }));
}

function countersOf(shard: number, book: Book) {
  return [...book.changedCounters].map((key) => ({
    shard,
    member: key.slice(0, 36),
    name: key.slice(37),
    value: book.counters.get(key) ?? 0,
  }));
}

/**
 * In the order of their budgets, which blocks must keep; see migrations/0003_ledger_append.sql. One that got
 * points back comes twice: what its block spent before must be lent first, or the block would stand in the
 * chain with more spent than there was.
 */
function allotmentsOf(book: Book): Pick<Allotment, 'budget' | 'spent'>[] {
  return [...book.changedAllotments]
    .sort((a, b) => (a.budget < b.budget ? -1 : 1))
    .flatMap(({ budget, spent, spentMost }) =>
      spentMost > spent
        ? [
            { budget, spent: spentMost },
            { budget, spent },
          ]
        : [{ budget, spent }],
    );
}
