import type { Instant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Book, MemberAccount } from '../book.ts';
import type { IssueCommand, NewLot } from '../command.ts';
import { leftOf, spendBudget } from '../limits.ts';
import { markOfFunding } from '../prices.ts';
import { splitShares } from '../split-shares.ts';
import { isValueInRange, valueOutOfRange } from './value.ts';

/** Micro-fen in a thousandth of a fen. */
const MICRO_PER_MILLI = 1000n;

/** By budget, how many thousandths of a fen it is drawn on. */
export type Draws = ReadonlyMap<Uuid, number>;
const NO_DRAWS: Draws = new Map();

/**
 * What a point of a merchant costs at `at`, where points have a price (else null), or why none can be issued: neither by a merchant
 * that may not, nor at the expense of one. The first of `funders` that may not is named in the facts, as `merchantId`.
 */
export function findIssuing(
  book: Book,
  { pointType }: MemberAccount,
  { merchant, funders = [] }: Pick<IssueCommand, 'merchant' | 'funders'>,
  at: Instant,
): { readonly unitCost: number | null } | Refusal {
  const price = book.prices.at(merchant, pointType, at);
  if (price === null) return { unitCost: null };
  if (price.issuing !== null)
    return refusal(price.issuing, 'the merchant may not issue these points now');
  for (const { merchant: funder, share } of funders) {
    const issuing = share === 0 ? null : (book.prices.at(funder, pointType, at)?.issuing ?? null);
    if (issuing !== null)
      return refusal(issuing, 'who pays for these points may not issue any now', {
        merchantId: showId('merchant', funder),
      });
  }
  return { unitCost: price.issuePrice };
}

/**
 * What those who pay for `points` of a lot draw on their funding, each for its part of the points. Changes nothing.
 *
 * @throws {BudgetsUnsurveyed} when the allotment of this shard is too small to tell
 */
export function findFunding(
  book: Book,
  account: MemberAccount,
  { issuer, funders, unitCost }: NewLot,
  points: number,
  at: Instant,
): Draws | Refusal {
  if (unitCost === null || book.prices.isEmpty) return NO_DRAWS;
  if (!isValueInRange(points, unitCost)) return valueOutOfRange();
  const payers = funders ?? [{ merchant: issuer, share: 1 }];
  const budgets = payers.map(
    ({ merchant }) => book.prices.at(merchant, account.pointType, at)?.funding ?? null,
  );
  if (budgets.every((budget) => budget === null)) return NO_DRAWS;
  const parts = splitShares(
    BigInt(points),
    payers.map(({ share }) => share),
  );
  const draws = new Map<Uuid, number>();
  for (const [place, budget] of budgets.entries()) {
    if (budget === null) continue;
    const cost = (parts[place] as bigint) * BigInt(unitCost);
    const draw = Number((cost + MICRO_PER_MILLI - 1n) / MICRO_PER_MILLI);
    if (draw > 0) draws.set(budget, (draws.get(budget) ?? 0) + draw);
  }
  for (const [budget, draw] of draws) {
    const left = leftOf(book, budget, draw);
    if (left === null) throw new Error(`the funding ${budget} of a price was not loaded`);
    if (left < draw)
      return refusal('funding_exhausted', 'what is paid in for these points does not cover them');
  }
  return draws;
}

/** Draws what {@link findFunding} found, and marks the transaction with it. */
export function drawFunding(book: Book, draws: Draws): void {
  for (const [budget, draw] of draws) {
    spendBudget(book, budget, draw);
    book.marks.push(markOfFunding(budget, draw));
  }
}
