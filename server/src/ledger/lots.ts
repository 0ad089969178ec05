import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Book, type Lot, LotsMissing, type MemberAccount, spendingOrder } from './book.ts';
import type { Account } from './transaction.ts';
import { PLATFORM } from './transaction.ts';

/** The part of a lot that is neither spent nor held. */
export function freeOf(lot: Lot): number {
  return lot.remaining - lot.held;
}

export function isLapsed(lot: Lot, at: Instant): boolean {
  return lot.expiresAt !== null && lot.expiresAt <= at;
}

/** What is not pending any more was released before its time. */
export function isSpendable(lot: Lot, at: Instant): boolean {
  return (lot.availableAt <= at || !lot.pending) && !isLapsed(lot, at) && freeOf(lot) > 0;
}

export const memberSide = (member: Uuid): Account => ({ role: 'member', owner: member });
export const heldSide = (member: Uuid): Account => ({ role: 'held', owner: member });
export const debtSide = (member: Uuid): Account => ({ role: 'debt', owner: member });
export const NOWHERE: Account = { role: 'none', owner: null };
export const BREAKAGE: Account = { role: 'breakage', owner: PLATFORM };
export const IN_TRANSIT: Account = { role: 'in_transit', owner: PLATFORM };
export const CONVERSION: Account = { role: 'conversion', owner: PLATFORM };

/** Parts of lots, in the order they are consumed. */
export interface Take {
  readonly lot: Lot;
  readonly points: number;
}

/**
 * Chooses lots for `points` at `at`: earliest expiry, then oldest. A member in debt spends only what
 * exceeds the debt. Answers the takes, or how many points are available when that is not enough.
 *
 * @throws {LotsMissing} when lots beyond the loaded ones decide.
 */
export function chooseTakes(
  account: MemberAccount,
  points: number,
  at: Instant,
): { takes: Take[] } | { available: number } {
  const needed = points + account.debt;
  const takes: Take[] = [];
  let found = 0;
  let left = points;
  for (const lot of account.lots) {
    if (found >= needed) break;
    if (!isSpendable(lot, at)) continue;
    const free = freeOf(lot);
    found += free;
    if (left > 0) {
      const part = Math.min(free, left);
      takes.push({ lot, points: part });
      left -= part;
    }
  }
  if (found >= needed) return { takes };
  if (account.frontier !== null) throw new LotsMissing(account);
  return { available: Math.max(0, found - account.debt) };
}

/** The free part of other lots that have not lapsed, latest expiry first, newest first among equals. */
export function latestExpiringFirst(
  account: MemberAccount,
  except: readonly Lot[],
  at: Instant,
): Lot[] {
  if (account.frontier !== null) throw new LotsMissing(account);
  return account.lots
    .filter((lot) => !except.includes(lot) && freeOf(lot) > 0 && !isLapsed(lot, at))
    .sort((a, b) => spendingOrder(b, a));
}

/** Repays debts, oldest first, with at most `points` that come from `from`; answers how many it took. */
export function repayDebts(
  book: Book,
  account: MemberAccount,
  points: number,
  from: Account,
  lot: Uuid,
): number {
  let left = Math.min(points, account.debt);
  const repaid = left;
  for (const debt of account.debts) {
    if (left === 0) break;
    const part = Math.min(debt.remaining, left);
    if (part === 0) continue;
    const to = debtSide(account.member);
    book.post(account, {
      kind: 'repay',
      from,
      to,
      points: part,
      lot,
      ref: debt.lot,
      expiresAt: null,
    });
    debt.remaining -= part;
    book.changedDebts.set(debt, account);
    left -= part;
  }
  if (left !== 0) throw new Error('debts do not add up to the account');
  return repaid;
}

/** Takes free points of a lot away from the member. */
export function takePart(
  book: Book,
  account: MemberAccount,
  lot: Lot,
  points: number,
  to: Account,
  ref: Uuid | null = null,
  expiresAt: Instant | null = null,
): void {
  const from = memberSide(account.member);
  book.post(account, { kind: 'take', from, to, points, lot: lot.id, ref, expiresAt });
  lot.remaining -= points;
  book.changedLots.add(lot);
}

/** Moves the free part of a lapsed lot to breakage. */
export function expireLot(book: Book, account: MemberAccount, lot: Lot): void {
  const points = freeOf(lot);
  if (points === 0) return;
  const from = memberSide(account.member);
  book.post(account, {
    kind: 'expire',
    from,
    to: BREAKAGE,
    points,
    lot: lot.id,
    ref: null,
    expiresAt: null,
  });
  lot.remaining -= points;
  lot.expired += points;
  book.changedLots.add(lot);
}
