import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { accountKey, Book, LotsMissing, spendingOrder, type Written } from '../book.ts';
import type { Command } from '../command.ts';
import { decide, type Surroundings } from '../decide.ts';
import { leafBytes } from '../encode.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { PriceRow } from '../price-list.ts';
import { writeRefusal } from '../record.ts';
import { PLATFORM } from '../transaction.ts';
import { ACCRUAL_KINDS, Accruals } from '../verify/accruals.ts';
import { compareAccruals } from '../verify/compare-accruals.ts';
import type { Problem } from '../verify/finding.ts';
import { LeafView } from '../verify/leaf.ts';
import { type ListedPrice, PriceList } from '../verify/price-list.ts';
import { Replay } from '../verify/replay.ts';
import { compareWithReplay } from './desk-replay.ts';
import { photograph, unreported } from './desk-write-back.ts';

/** An id of shard 0 that is always the same for a name. */
export function idOf(name: string): Uuid {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8${hex.slice(17, 20)}-${hex.slice(20, 32)}` as Uuid;
}

/** How many lots of each account a decision is tried on before it is made on all of them. */
const TRIED_WITH = [0, 2];

/**
 * The deciding code without lanes and database: one book in memory that is kept from command to command.
 * Whatever is decided is held against three things at once: verify's replay of the leaf, which
 * must find nothing wrong, come to the same state and accrue the same; what the book says must be written, which must be all
 * that changed; and the same decision on fewer lots, which must be the same or ask for more.
 */
export class Desk {
  readonly book = new Book(0);
  readonly replay = new Replay();
  readonly #accruals = new Accruals();
  readonly #listed: ListedPrice[] = [];
  #made = 0;

  /** The price list of a merchant (the platform: the standard terms) of one point type. */
  price(merchant: Uuid, rows: readonly PriceRow[], programme = 1): void {
    for (const row of rows) {
      this.book.prices.add(merchant, row);
      this.#listed.push({ ...row, programme, merchant });
      if (merchant === PLATFORM) this.#accruals.clear(programme, row.pointType, row.from);
    }
  }

  /** @throws when any of the three differs. */
  execute(command: Command, now: Instant, refusal: Surroundings['refusal'] = null): Written {
    const decideOn = (book: Book): Written => {
      let made = this.#made;
      const newId = (): Uuid => idOf(`made ${made++}`);
      const written = decide(book, command, fingerprintOf(command), { now, newId, refusal });
      if (book === this.book) this.#made = made;
      return written;
    };
    const tried = TRIED_WITH.map((lots) =>
      attempt(() => decideOn(partOf(this.book, lots, command))),
    );
    const before = photograph(this.book);
    forget(this.book);
    const written = decideOn(this.book);
    const faults = [
      ...unreported(this.book, before, written),
      ...this.#verify(written).map(
        ({ code, facts }) => `verify finds ${code} ${JSON.stringify(facts)}`,
      ),
      ...compareWithReplay(this.book, this.replay, {
        accounts: this.book.changedAccounts,
        lots: [...this.book.changedLots, ...written.lotsMade.map(({ id }) => this.book.lot(id))],
      }),
      ...tried.flatMap((each, index) =>
        each === null || isDeepStrictEqual(each, written)
          ? []
          : [`on ${TRIED_WITH[index]} lots it is decided otherwise: ${JSON.stringify(each)}`],
      ),
    ];
    this.#own(written);
    if (faults.length > 0) throw new Error(`${command.kind} ${command.key}:\n${faults.join('\n')}`);
    return written;
  }

  #verify(written: Written): readonly Problem[] {
    const leaf = leafOf(written);
    const found = this.replay.play(leaf);
    const view = new LeafView().read(leaf);
    const rows = written.accruals.map(({ kind, points, ...row }) => ({
      ...row,
      kind: ACCRUAL_KINDS[kind],
      points: BigInt(points),
    }));
    return [
      ...found,
      ...compareAccruals(this.#accruals.play(view), rows),
      ...new PriceList(this.#listed).check(view),
    ];
  }

  /** Whose the lots are that were made, as load.ts tells it of lots that commands name. */
  #own({ transaction: { member, entries } }: Written): void {
    for (const { kind, lot, pointType } of entries)
      if (kind === 'issue') this.book.owners.set(lot, accountKey(member, pointType));
  }

  /** Where the whole state differs from that of the replay; nothing when they agree. */
  audit(): string[] {
    const accounts = this.book.accounts.values();
    return compareWithReplay(this.book, this.replay, { accounts, lots: this.book.lots.values() });
  }

  /** As the next batch would find it: only open lots, in spending order. */
  reload(): void {
    for (const account of this.book.accounts.values()) {
      account.lots = account.lots.filter((lot) => lot.remaining > 0).sort(spendingOrder);
      account.debts = account.debts.filter((debt) => debt.remaining > 0);
    }
  }
}

/** The bytes that verify would read. */
export function leafOf({ transaction, entryFirst, lotsMade, marks }: Written): Buffer {
  const refusalFacts = transaction.refusal === null ? null : writeRefusal(transaction.refusal);
  const commitment = Buffer.alloc(32, 7);
  return leafBytes({ transaction, refusalFacts, commitment, entryFirst, lotsMade, marks });
}

function forget(book: Book): void {
  book.changedAccounts.clear();
  book.changedLots.clear();
  book.changedHolds.clear();
  book.changedDebts.clear();
  book.changedCounters.clear();
  book.changedAllotments.clear();
}

/** A copy of which each account has only its first `most` open lots, and those that the command may extend, as load.ts answers it. */
function partOf(whole: Book, most: number, command: Command): Book {
  const part = new Book(whole.nextSeq);
  for (const [id, lot] of whole.lots) part.lots.set(id, { ...lot });
  for (const [key, account] of whole.accounts) {
    const open = account.lots.filter((lot) => lot.remaining > 0).sort(spendingOrder);
    const lots = open.slice(0, most).map((lot) => part.lot(lot.id));
    const last = lots.at(-1) ?? { expiresAt: Number.NEGATIVE_INFINITY, seq: 0 };
    const { expiresAt, seq } = last;
    const frontier = open.length >= most ? { expiresAt, seq } : null;
    const debts = account.debts.map((debt) => ({ ...debt }));
    const sliding = new Set([...account.sliding].map((lot) => part.lot(lot.id)));
    const ends = ('sliding' in command ? command.sliding?.ends : undefined) ?? [];
    const slidingUntil = new Map(ends.map(({ months, to }) => [months, to]));
    for (const lot of sliding) {
      const until = slidingUntil.get(lot.slideMonths ?? 0) ?? 0;
      if (!lots.includes(lot) && (lot.expiresAt ?? until) >= until) sliding.delete(lot);
    }
    part.accounts.set(key, { ...account, lots, frontier, debts, sliding, slidingUntil });
  }
  for (const [id, hold] of whole.holds) part.holds.set(id, { ...hold });
  for (const [id, allotment] of whole.allotments) part.allotments.set(id, { ...allotment });
  fill(part.counters, whole.counters);
  fill(part.closedUntil, whole.closedUntil);
  fill(part.owners, whole.owners);
  fill(part.refunded, whole.refunded);
  fill(part.terms, whole.terms);
  fill(part.transactions, whole.transactions);
  fill(part.marked, whole.marked);
  fill(part.about, whole.about);
  part.prices = whole.prices;
  return part;
}

function fill<K, V>(to: Map<K, V>, from: ReadonlyMap<K, V>): void {
  for (const [key, value] of from) to.set(key, value);
}

/** Null when more must be loaded. */
function attempt(decideNow: () => Written): Written | null {
  try {
    return decideNow();
  } catch (error) {
    if (error instanceof LotsMissing) return null;
    throw error;
  }
}
