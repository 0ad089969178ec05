import type { Uuid } from '../kernel/id.ts';
import type { Accrual, AccrualKind } from './accrual.ts';
import type { Book } from './book.ts';
import { latestTakesFirst } from './kinds/reverse.ts';
import { priceMarked, type TakerPrice } from './prices.ts';
import { splitShares } from './split-shares.ts';
import type { Entry, Transaction } from './transaction.ts';

/** What a point of a lot costs, and those who pay for it. */
interface Cost {
  readonly unitCost: bigint;
  readonly payers: readonly Uuid[];
  readonly shares: readonly number[];
}

/** Of each who pays, its part of the points, and what they are worth; the parts add up to the whole. */
type Worth = readonly {
  readonly points: bigint;
  readonly owed: bigint;
  readonly due: bigint;
  readonly fee: bigint;
}[];

/** Something an entry is worth between merchants. */
interface Owing {
  readonly kind: AccrualKind;
  readonly taker: Uuid;
  readonly cost: Cost;
  readonly worth: Worth;
}

/**
 * What the entries of an applied transaction are worth between merchants, in their order. docs/ledger.md says the same in prose,
 * and verify works it out again from the chain.
 *
 * - Points that go to a merchant are owed by those who pay for their lot, at its cost, and due to the merchant at the price
 *   the transaction is marked with. Those that an offline till lent are so when they are repaid, by the price of its burn.
 * - A refund takes back what the points were worth: what all points of a take that are refunded by now were, less what
 *   those refunded before were. So what it leaves ends at exactly nothing.
 * - Points that settle a debt about a returned lot, or are taken for one, are owed and due to its issuer at their own cost.
 *
 * @param book the working set after the decision, whose marks are those of the transaction
 */
export function accrue(book: Book, transaction: Transaction, entryFirst: number): Accrual[] {
  if (book.prices.isEmpty) return [];
  const { kind, effectiveAt, programme, entries } = transaction;
  const price = priceMarked(book.marks);
  const undo = kind === 'refund' ? undoing(book, transaction) : null;
  const accruals: Accrual[] = [];
  for (const [index, entry] of entries.entries()) {
    const { pointType } = entry;
    const owings: Owing[] = [];
    if (undo !== null && entry.from.role === 'acquirer' && entry.points > 0)
      owings.push(...undo(entry));
    if (price !== null && entry.to.role === 'acquirer') owings.push(...using(book, entry, price));
    if (entry.kind === 'repay' || entry.kind === 'recover')
      owings.push(...settling(book, entry, transaction));
    let place = 0;
    for (const { kind, taker, cost, worth } of owings)
      for (const [which, { points, ...money }] of worth.entries()) {
        const payer = cost.payers[which] as Uuid;
        if (kind === 'repayment' && payer === taker) continue;
        // Who pays for points and takes them owes nobody.
        const { owed, due, fee } =
          payer === taker ? { owed: money.owed, due: money.owed, fee: 0n } : money;
        accruals.push({
          ...{ seq: entryFirst + index, place, kind, programme, pointType, effectiveAt },
          ...{ payer, taker, points: Number(points), owed, due, fee },
        });
        place += 1;
      }
  }
  return accruals;
}

/** What a debt is about that an entry of this transaction makes: to whom the points went, and by which price. */
export function rememberDebts(book: Book, { entries }: Transaction): void {
  for (const { kind, lot, to } of entries)
    if (kind === 'owe' || kind === 'overdraw')
      book.about.set(lot, { to, price: to.role === 'acquirer' ? priceMarked(book.marks) : null });
}

function using(book: Book, entry: Entry, price: TakerPrice): Owing[] {
  const cost = costOf(book, entry.lot);
  const taker = entry.to.owner;
  if (cost === null || taker === null) return [];
  return [{ kind: 'use', taker, cost, worth: worthOf(entry.points, cost, price) }];
}

/** Takes the entries of a refund one after another. */
function undoing(book: Book, { subject, points }: Transaction): ((entry: Entry) => Owing[]) | null {
  const burn = book.transactions.get(subject as Uuid);
  const price = priceMarked(book.marked.get(subject as Uuid) ?? []);
  if (burn === undefined || price === null) return null;
  const before = (book.refunded.get(burn.id) ?? 0) - points;
  const parts = latestTakesFirst(burn, before, points);
  return (entry) => {
    const part = parts[0];
    if (part === undefined) throw new Error('a refund gives back more than was taken');
    const from = part.skipped;
    part.skipped += entry.points;
    part.part -= entry.points;
    if (part.part === 0) parts.shift();
    const { take } = part;
    const cost = take.kind === 'overdraw' ? null : costOf(book, take.lot);
    const taker = take.to.owner;
    if (cost === null || taker === null) return [];
    const until = worthOf(from + entry.points, cost, price);
    const worth = worthOf(from, cost, price).map((was, which) => {
      const is = until[which] as Worth[number];
      return {
        points: was.points - is.points,
        owed: was.owed - is.owed,
        due: was.due - is.due,
        fee: was.fee - is.fee,
      };
    });
    return [{ kind: 'reversal', taker, cost, worth }];
  };
}

/** Points that settle a debt, or are taken in place of those of another lot that was returned. */
function settling(book: Book, entry: Entry, transaction: Transaction): Owing[] {
  const { kind, lot, ref, points, pointType, to } = entry;
  const cost = costOf(book, lot);
  if (cost === null || ref === null) return [];
  const about = kind === 'recover' ? { to, price: null } : book.about.get(ref);
  const taker = about?.to.owner ?? null;
  if (about === undefined || taker === null) return [];
  if (about.to.role === 'acquirer')
    return about.price === null
      ? []
      : [{ kind: 'use', taker, cost, worth: worthOf(points, cost, about.price) }];
  const { effectiveAt } = transaction;
  const isGiven = about.to.role === 'issuer' || about.to.role === 'adjustment';
  // What came of the returned lot by way of other accounts is its own.
  const isOwn = (book.lots.get(lot)?.root ?? lot) === ref;
  if (!isGiven || isOwn || !book.prices.isCleared(pointType, effectiveAt)) return [];
  const atCost = { reimbursement: Number(cost.unitCost), fee: 0 };
  return [{ kind: 'repayment', taker, cost, worth: worthOf(points, cost, atCost) }];
}

/** Null: it is no lot, or one without a price. */
function costOf(book: Book, id: Uuid): Cost | null {
  const lot = book.lots.get(id);
  if (lot === undefined || lot.unitCost === null) return null;
  const paying = lot.funders ?? [{ merchant: lot.issuer, share: 1 }];
  return {
    unitCost: BigInt(lot.unitCost),
    payers: paying.map(({ merchant }) => merchant),
    shares: paying.map(({ share }) => share),
  };
}

function worthOf(points: number, { unitCost, shares }: Cost, price: TakerPrice): Worth {
  const count = BigInt(points);
  const split = (total: bigint): bigint[] => splitShares(total, shares);
  const parts = split(count);
  const owed = split(count * unitCost);
  const due = split(count * BigInt(price.reimbursement));
  const fee = split(count * BigInt(price.fee));
  return parts.map((points, which) => ({
    points,
    owed: owed[which] as bigint,
    due: due[which] as bigint,
    fee: fee[which] as bigint,
  }));
}
