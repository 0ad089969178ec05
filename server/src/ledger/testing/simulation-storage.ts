import { createHash } from 'node:crypto';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Accrual } from '../accrual.ts';
import type { Appended, Block, Head } from '../append.ts';
import type { DebtAbout, MemberAccount, Written } from '../book.ts';
import { accountKey, Book, type Debt, type Hold, type Lot, spendingOrder } from '../book.ts';
import type { Command, NewLot } from '../command.ts';
import { counterKey } from '../limits.ts';
import type { Survey } from '../load.ts';
import type { PriceRow } from '../price-list.ts';
import { quotaMarked } from '../prices.ts';
import type { RecordedTransaction } from '../record.ts';
import { PLATFORM } from '../transaction.ts';
import { wantedBy } from '../wanted.ts';
import { lotName } from './reference-account.ts';
import { SimulatedBudgets } from './simulation-budgets.ts';

type AccountRow = Omit<
  MemberAccount,
  'lots' | 'frontier' | 'debts' | 'sliding' | 'slidingUntil' | 'openSliding'
>;

/** One shard as the tables hold it. */
export interface ShardRows {
  head: Head;
  /** In the order of the chain. */
  readonly recorded: RecordedTransaction[];
  readonly byKey: Map<string, RecordedTransaction>;
  readonly byId: Map<Uuid, RecordedTransaction>;
  readonly accounts: Map<string, AccountRow>;
  readonly lots: Map<Uuid, LotRow>;
  /** By account: the lots of which something remains. */
  readonly open: Map<string, Set<Uuid>>;
  readonly holds: Map<Uuid, Hold>;
  readonly debts: Map<string, Map<number, Debt>>;
  readonly limits: Map<string, number>;
  readonly others: Map<string, bigint>;
  readonly refunded: Map<Uuid, number>;
  readonly marked: Map<Uuid, readonly string[]>;
  readonly about: Map<Uuid, DebtAbout>;
  /** By transaction. */
  readonly accruals: Map<Uuid, readonly Accrual[]>;
  /** By programme: the last cut marked here. */
  readonly closed: Map<number, Instant>;
}

interface LotRow {
  readonly account: string;
  /** The transaction that made it, and which of its lots it is. */
  readonly name: string;
  readonly terms: NewLot;
  readonly lot: Lot;
}

interface Price {
  readonly merchant: Uuid;
  readonly pointType: number;
  readonly row: PriceRow;
}

/** What PostgreSQL answers when a statement breaks a constraint: the same for whoever repeats it. */
export class ConstraintBroken extends Error {
  readonly code = '23505';
}

/**
 * The tables in memory, with the contract of load.ts and ledger.append: a statement sees all of a block
 * or nothing, and a block is appended only after the head it names.
 */
export class SimulatedDatabase {
  readonly shards: ShardRows[];
  readonly budgets: SimulatedBudgets;
  readonly #prices: Price[] = [];
  #priceVersion = 0;
  /** Everything recorded, in the order in which it became so over all shards. */
  readonly recorded: RecordedTransaction[] = [];

  constructor(shards: number) {
    this.budgets = new SimulatedBudgets(shards);
    this.shards = Array.from({ length: shards }, (_, shard) => emptyShard(shard));
  }

  shard(number: number): ShardRows {
    return this.shards[number] as ShardRows;
  }

  /** Puts a row behind those of its merchant and point type, as writePrices does. */
  addPrice(merchant: Uuid, row: PriceRow): void {
    this.#prices.push({ merchant, pointType: row.pointType, row });
    this.#priceVersion += 1;
  }

  readHead(shard: number): Head {
    return this.shard(shard).head;
  }

  /** The first statement of a load. */
  load(
    shard: number,
    commands: readonly Command[],
    round: number,
    nextSeq: number,
    surveyed: Survey,
  ) {
    const rows = this.shard(shard);
    const wanted = wantedBy(commands, round);
    const book = new Book(nextSeq);
    for (const { member, pointType, lots: limit } of wanted.accounts) {
      const key = accountKey(member, pointType);
      const row = rows.accounts.get(key);
      if (row === undefined) continue;
      const open = Array.from(rows.open.get(key) ?? [], (id) => lotIn(rows, id).lot)
        .sort(spendingOrder)
        .slice(0, limit)
        .map((lot) => ({ ...lot }));
      for (const lot of open) book.lots.set(lot.id, lot);
      const last = open.at(-1);
      const frontier =
        limit === 0
          ? { expiresAt: Number.NEGATIVE_INFINITY, seq: 0 }
          : open.length === limit && last !== undefined
            ? { expiresAt: last.expiresAt, seq: last.seq }
            : null;
      const debts = [...(rows.debts.get(key)?.values() ?? [])]
        .filter((debt) => debt.remaining > 0)
        .map((debt) => ({ ...debt }));
      for (const { lot } of debts) book.about.set(lot, rows.about.get(lot) as DebtAbout);
      const sliding = new Set(open.filter((lot) => lot.slideMonths !== null));
      const known = { sliding, slidingUntil: new Map(), openSliding: null };
      book.accounts.set(key, { ...row, lots: open, frontier, debts, ...known });
    }
    for (const { member, pointType, months, until } of wanted.sliding) {
      const key = accountKey(member, pointType);
      book.accounts.get(key)?.slidingUntil.set(months, until);
      for (const id of rows.open.get(key) ?? []) {
        const { slideMonths, expiresAt } = lotIn(rows, id).lot;
        if (slideMonths === months && (expiresAt ?? until) < until) loadLot(rows, book, id);
      }
    }
    for (const { member, pointType } of wanted.counted) {
      const key = accountKey(member, pointType);
      const account = book.accounts.get(key);
      const open = Array.from(rows.open.get(key) ?? [], (id) => lotIn(rows, id).lot);
      if (account !== undefined)
        account.openSliding = open.filter((lot) => lot.slideMonths !== null).length;
    }
    for (const { member, name } of wanted.counters) {
      const key = counterKey(member, name);
      const value = rows.limits.get(key);
      if (value !== undefined) book.counters.set(key, value);
    }
    book.priceVersion = this.#priceVersion;
    const drawn = this.#loadPrices(book, wanted.prices);
    for (const budget of [...wanted.budgets, ...drawn]) {
      const allotment = this.budgets.allotment(budget, shard, surveyed);
      if (allotment !== undefined) book.allotments.set(budget, allotment);
    }
    for (const { programme } of commands) {
      const at = rows.closed.get(programme);
      if (at !== undefined) book.closedUntil.set(programme, at);
    }
    const replays = new Map<string, RecordedTransaction>();
    for (const { key } of commands) {
      const found = rows.byKey.get(key);
      if (found !== undefined) replays.set(key, found);
    }
    return { book, replays, subjects: wanted.subjects, arrived: wanted.arrived };
  }

  /** The second statement of a load, for commands that act on earlier transactions. */
  loadSubjects(
    shard: number,
    { book, subjects, arrived }: Omit<ReturnType<SimulatedDatabase['load']>, 'replays'>,
  ): void {
    const rows = this.shard(shard);
    for (const lot of arrived) loadLot(rows, book, lot);
    for (const id of subjects) {
      const named = new Set<Uuid>();
      const subject = rows.byId.get(id);
      if (subject !== undefined) {
        book.transactions.set(id, subject.transaction);
        for (const drawing of [id, subject.transaction.subject ?? id])
          this.#loadMarks(shard, book, drawing);
        for (const { lot, kind, pointType, to } of subject.transaction.entries) {
          named.add(lot);
          if (kind === 'overdraw' && to.owner !== null)
            this.#loadPrices(book, [{ pointType, merchant: to.owner }]);
        }
      }
      const hold = rows.holds.get(id);
      if (hold !== undefined) {
        book.holds.set(id, { ...hold, takes: [...hold.takes] });
        for (const take of hold.takes) named.add(take.lot);
        const { pointType, merchant } = hold;
        if (merchant !== null) this.#loadPrices(book, [{ pointType, merchant }]);
      }
      // What was overdrawn names its transaction, which is no lot.
      for (const lot of named) loadLot(rows, book, lot);
      const refunded = rows.refunded.get(id);
      if (refunded !== undefined) book.refunded.set(id, refunded);
    }
  }

  /** Of each merchant once; answers the budgets that are drawn on by them. */
  #loadPrices(book: Book, wanted: readonly Pick<Price, 'merchant' | 'pointType'>[]): Uuid[] {
    const fresh = wanted.filter(({ merchant, pointType }) => !book.prices.has(merchant, pointType));
    const rows = fresh.flatMap(({ merchant, pointType }) =>
      this.#prices.filter((each) => each.merchant === merchant && each.pointType === pointType),
    );
    for (const { merchant, row } of rows) book.prices.add(merchant, row);
    return rows.flatMap(({ row }) => [row.funding, row.quota]).filter((each) => each !== null);
  }

  #loadMarks(shard: number, book: Book, drawing: Uuid): void {
    const marks = this.shard(shard).marked.get(drawing) ?? [];
    book.marked.set(drawing, marks);
    const quota = quotaMarked(marks);
    if (quota === null || book.allotments.has(quota)) return;
    const allotment = this.budgets.allotment(quota, shard, new Map());
    if (allotment !== undefined) book.allotments.set(quota, allotment);
  }

  /** The third, for conversions: what else the lots say. */
  loadTerms(shard: number, book: Book): void {
    for (const id of book.lots.keys()) book.terms.set(id, lotIn(this.shard(shard), id).terms);
  }

  survey(budgets: readonly Uuid[]): Survey {
    return this.budgets.survey(budgets);
  }

  append({ shard, previous, head, written, receipts }: Block, book: Book): Appended {
    const rows = this.shard(shard);
    if (
      rows.head.block !== previous.block ||
      !rows.head.hash.equals(previous.hash) ||
      book.priceVersion !== this.#priceVersion
    )
      return { done: false, rivals: false };
    const [keys, ids] = [new Set<string>(), new Set<Uuid>()];
    for (const { transaction } of written) {
      const { key, id } = transaction;
      if (rows.byKey.has(key) || keys.has(key)) throw new ConstraintBroken(`key ${key} is taken`);
      if (rows.byId.has(id) || ids.has(id)) throw new ConstraintBroken(`id ${id} is taken`);
      keys.add(key);
      ids.add(id);
    }
    if (!this.budgets.spend(shard, book.changedAllotments)) return { done: false, rivals: true };
    rows.head = head;
    written.forEach((each, position) => {
      const { transaction, fingerprint } = each;
      const receipt = receipts[position];
      if (receipt === undefined) throw new Error('a transaction without a receipt');
      const recorded = { transaction, receipt, fingerprint: fingerprint.toString('hex') };
      rows.recorded.push(recorded);
      this.recorded.push(recorded);
      rows.byKey.set(transaction.key, recorded);
      rows.byId.set(transaction.id, recorded);
      addTo(rows, each, book);
    });
    for (const lot of book.changedLots) Object.assign(lotIn(rows, lot.id).lot, lot);
    for (const { id } of [...book.changedLots, ...written.flatMap((each) => each.lotsMade)])
      noteOpen(rows, id);
    for (const account of book.changedAccounts)
      rows.accounts.set(accountKey(account.member, account.pointType), rowOf(account));
    for (const hold of book.changedHolds)
      rows.holds.set(hold.id, { ...hold, takes: [...hold.takes] });
    for (const [debt, { member, pointType }] of book.changedDebts) {
      const key = accountKey(member, pointType);
      const own = rows.debts.get(key) ?? new Map<number, Debt>();
      rows.debts.set(key, own.set(debt.seq, { ...debt }));
    }
    for (const key of book.changedCounters) rows.limits.set(key, book.counters.get(key) ?? 0);
    for (const { account, pointType, points } of book.counterDeltas.values()) {
      const name = account.owner === PLATFORM ? account.role : `${account.role}:${account.owner}`;
      rows.others.set(
        `${name}/${pointType}`,
        (rows.others.get(`${name}/${pointType}`) ?? 0n) + points,
      );
    }
    return { done: true, rivals: false };
  }
}

function rowOf({ member, pointType, programme, ...account }: MemberAccount): AccountRow {
  const { free, held, debt, earned, redeemed, expired, lastEffectiveAt } = account;
  const figures = { free, held, debt, earned, redeemed, expired, lastEffectiveAt };
  return { member, pointType, programme, ...figures };
}

function noteOpen(rows: ShardRows, id: Uuid): void {
  const { account, lot } = lotIn(rows, id);
  const open = rows.open.get(account) ?? new Set();
  rows.open.set(account, open);
  if (lot.remaining > 0) open.add(id);
  else open.delete(id);
}

function loadLot(rows: ShardRows, book: Book, id: Uuid): void {
  const row = rows.lots.get(id);
  if (row === undefined) return;
  book.owners.set(id, row.account);
  if (book.lots.has(id)) return;
  const lot = { ...row.lot };
  book.lots.set(id, lot);
  if (lot.slideMonths !== null) book.accounts.get(row.account)?.sliding.add(lot);
}

/** What a transaction adds to the tables beside itself. */
function addTo(
  rows: ShardRows,
  { transaction, lotsMade, marks, accruals }: Written,
  book: Book,
): void {
  const { id, kind, member, programme, effectiveAt, refusal, subject, points } = transaction;
  rows.marked.set(id, marks);
  rows.accruals.set(id, accruals);
  for (const entry of transaction.entries)
    if (entry.kind === 'owe' || entry.kind === 'overdraw')
      rows.about.set(entry.lot, book.about.get(entry.lot) as DebtAbout);
  if ((kind === 'refund' || kind === 'transfer_return') && refusal === null && subject !== null)
    rows.refunded.set(subject, (rows.refunded.get(subject) ?? 0) + points);
  if (kind === 'cut')
    rows.closed.set(programme, Math.max(effectiveAt, rows.closed.get(programme) ?? 0));
  for (const [place, { id: lot, issued: _, amount: __, ...terms }] of lotsMade.entries()) {
    // A conversion makes lots of another point type than its own.
    const maker = transaction.entries.find((entry) => entry.kind === 'issue' && entry.lot === lot);
    const account = accountKey(member, maker?.pointType ?? transaction.pointType);
    rows.lots.set(lot, { account, name: lotName(id, place), terms, lot: { ...book.lot(lot) } });
  }
}

function emptyShard(shard: number): ShardRows {
  const hash = createHash('sha256').update(`genesis of shard ${shard}`).digest();
  return {
    head: { block: 0, entries: 0, hash, recordedAt: 0 },
    recorded: [],
    byKey: new Map(),
    byId: new Map(),
    accounts: new Map(),
    lots: new Map(),
    open: new Map(),
    holds: new Map(),
    debts: new Map(),
    limits: new Map(),
    others: new Map(),
    refunded: new Map(),
    marked: new Map(),
    about: new Map(),
    accruals: new Map(),
    closed: new Map(),
  };
}

function lotIn(rows: ShardRows, id: Uuid) {
  const found = rows.lots.get(id);
  if (found === undefined) throw new Error(`lot ${id} is not there`);
  return found;
}
