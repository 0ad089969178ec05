import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Book } from './book.ts';
import type { PriceRow } from './price-list.ts';
import { PLATFORM } from './transaction.ts';

/** What who takes a point receives and pays of it as a fee, in micro-fen. */
export type TakerPrice = Pick<PriceRow, 'reimbursement' | 'fee'>;

/** Whose prices, and of which points. */
export interface PriceKey {
  readonly programme: number;
  readonly pointType: number;
  readonly merchant: Uuid;
}

export function priceKey({ programme, pointType, merchant }: PriceKey): string {
  return `${programme}/${pointType}/${merchant}`;
}

/** Whether points of this type had a price at all at `at`. */
export function isCleared(book: Book, key: Omit<PriceKey, 'merchant'>, at: Instant): boolean {
  return book.prices.size > 0 && rowAt(book, { ...key, merchant: PLATFORM }, at) !== null;
}

/**
 * The price of a merchant at `at`: its own, or the standard one before it had any. Null where the programme is not cleared, and
 * of nobody.
 */
export function priceAt(
  book: Book,
  { merchant, ...points }: Omit<PriceKey, 'merchant'> & { readonly merchant: Uuid | null },
  at: Instant,
): PriceRow | null {
  if (merchant === null || book.prices.size === 0) return null;
  const standard = rowAt(book, { ...points, merchant: PLATFORM }, at);
  return standard === null ? null : (rowAt(book, { ...points, merchant }, at) ?? standard);
}

function rowAt(book: Book, key: PriceKey, at: Instant): PriceRow | null {
  return book.prices.get(priceKey(key))?.findLast((row) => row.from <= at) ?? null;
}

/** How a transaction in which points were used says in the chain by which price. */
export function markOfPrice({ reimbursement, fee }: TakerPrice): string {
  return `price ${reimbursement} ${fee}`;
}

/** The price a transaction is marked with; null: none, so nothing was owed for its points. */
export function priceMarked(marks: readonly string[]): TakerPrice | null {
  const mark = marks.find((each) => each.startsWith('price '));
  if (mark === undefined) return null;
  const [, reimbursement, fee] = mark.split(' ');
  return { reimbursement: Number(reimbursement), fee: Number(fee) };
}

/** How a transaction says what it drew on what is paid ahead, in thousandths of a fen. */
export function markOfFunding(budget: Uuid, milliFen: number): string {
  return `funding ${budget} ${milliFen}`;
}

/** The quota that a burn or a hold drew its points on; what makes lots counts on budgets of other kinds. */
export function quotaMarked(marks: readonly string[]): Uuid | null {
  const mark = marks.find((each) => each.startsWith('budget '));
  return mark === undefined ? null : (mark.slice('budget '.length) as Uuid);
}
