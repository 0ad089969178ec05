import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Book, MemberAccount } from '../book.ts';
import { leftOf, markOfLimit, spendBudget } from '../limits.ts';
import type { PriceRow } from '../price-list.ts';
import { markOfPrice, quotaMarked } from '../prices.ts';
import { isValueInRange, valueOutOfRange } from './value.ts';

/**
 * The price at which a merchant takes `points` now, or why it does not; null where the programme is not cleared. Changes nothing.
 *
 * @throws {BudgetsUnsurveyed} when the allotment of this shard is too small to tell
 */
export function findTaking(
  book: Book,
  account: MemberAccount,
  merchant: Uuid,
  points: number,
  at: Instant,
): { readonly price: PriceRow | null } | Refusal {
  const price = book.prices.at(merchant, account.pointType, at);
  if (price === null) return { price };
  const { accepting, quota, reimbursement } = price;
  if (accepting !== null) return refusal(accepting, 'the merchant may not take these points now');
  if (!isValueInRange(points, reimbursement)) return valueOutOfRange();
  if (quota === null) return { price };
  const left = leftOf(book, quota, points);
  if (left === null) throw new Error(`the quota ${quota} of a price was not loaded`);
  if (left < points) {
    const message = `the merchant takes only ${left} points more for now`;
    return refusal('acceptance_quota_reached', message, { left });
  }
  return { price };
}

/** Draws points on the quota of a price, where it has one. */
export function drawQuota(book: Book, price: PriceRow | null, points: number): void {
  const quota = price?.quota ?? null;
  if (quota !== null) move(book, quota, points);
}

/** Gives points back to the quota that the transaction `drawing` drew them on: a burn or a hold. */
export function giveQuotaBack(book: Book, drawing: Uuid, points: number): void {
  const quota = quotaMarked(book.marked.get(drawing) ?? []);
  if (quota !== null) move(book, quota, -points);
}

function move(book: Book, quota: Uuid, points: number): void {
  spendBudget(book, quota, points);
  book.marks.push(markOfLimit({ budget: quota }));
}

/** Marks the transaction with the price by which its points are used: what they are worth is worked out by it, now and when they are refunded. */
export function usePrice(book: Book, price: PriceRow | null): void {
  if (price !== null) book.marks.push(markOfPrice(price));
}
