import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Book, MemberAccount } from '../book.ts';
import type { NewLot } from '../command.ts';
import { memberSide, repayDebts } from '../lots.ts';
import { markOfSlide } from '../slide.ts';
import type { Account } from '../transaction.ts';

/** The terms of a lot that only its issuer stands behind. */
export function plainLot(issuer: Uuid, availableAt: Instant, expiresAt: Instant | null): NewLot {
  const nothing = { funders: null, ruleVersion: null, evidence: null, unitCost: null };
  return { issuer, availableAt, expiresAt, ...nothing };
}

/**
 * Repays debts with `points` that come from `from` and makes a lot of the rest, even of nothing. `origin`
 * is the lot these points were in before, if any.
 */
export function makeLot(
  book: Book,
  account: MemberAccount,
  terms: NewLot,
  from: Account,
  points: number,
  at: Instant,
  id: Uuid,
  origin: Uuid | null = null,
): void {
  const amount = points - repayDebts(book, account, points, from, id);
  const seq = book.nextSeq;
  book.post(account, {
    kind: 'issue',
    from,
    to: memberSide(account.member),
    points: amount,
    lot: id,
    ref: origin,
    expiresAt: null,
  });
  const {
    issuer,
    availableAt,
    expiresAt,
    slideMonths = null,
    unitCost,
    funders,
    root = null,
  } = terms;
  book.lotsMade.push({ id, ...terms, issued: points, amount });
  book.terms.set(id, terms);
  const lot = {
    id,
    seq,
    issuer,
    availableAt,
    expiresAt,
    slideMonths,
    unitCost,
    funders,
    root,
    issued: points,
    amount,
    remaining: amount,
    held: 0,
    expired: 0,
    expiredRecovered: 0,
    returned: 0,
    pending: amount > 0 && availableAt > at,
  };
  book.lots.set(id, lot);
  if (slideMonths !== null) {
    account.sliding.add(lot);
    book.marks.push(markOfSlide(id, slideMonths));
  }
  if (amount > 0) book.place(account, lot);
}

/** What came in and was not taken back. */
function inflowOf({ free, held, debt, redeemed, expired }: MemberAccount): number {
  return free + held - debt + redeemed + expired;
}

/**
 * Whether `points` more may come in. What ever came in and was not taken back bounds every figure of the
 * account, whatever happens later: refunds restore what counts as redeemed, recoveries what counts as expired.
 */
export function hasRoom(account: MemberAccount, points: number): boolean {
  return inflowOf(account) + points <= POINTS_MAX;
}

/** Whether `points` may be lent or given back past the debts: those count as spent or free without having come in. */
export function hasRoomBesideDebt(account: MemberAccount, points: number): boolean {
  const { debt } = account;
  return inflowOf(account) + debt + points <= POINTS_MAX && debt + points <= POINTS_MAX;
}

export function outOfRange(): Refusal {
  return refusal(
    'points_out_of_range',
    'the account would hold more points than a number can show',
  );
}
