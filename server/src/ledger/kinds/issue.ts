import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Book, Lot, MemberAccount } from '../book.ts';
import type { AdjustCommand, IssueCommand } from '../command.ts';
import { countGranted, grantWithin } from '../limits.ts';
import { memberSide, repayDebts } from '../lots.ts';
import type { Role } from '../transaction.ts';

/** Issues what the limits allow: debts are repaid first, the rest becomes a lot. Answers the points granted. */
export function issue(
  book: Book,
  account: MemberAccount,
  command: IssueCommand,
  at: Instant,
  newId: () => Uuid,
): number | Refusal {
  const { member, points, limits = [] } = command;
  const granted = grantWithin(book, member, points, limits);
  if (typeof granted !== 'number') return granted;
  const problem = makeLot(book, account, command, 'issuer', granted, at, newId);
  if (problem !== null) return problem;
  countGranted(book, member, granted, limits);
  return granted;
}

/** Repays debts with `points` and makes a lot of the rest; refuses what the account could not hold. */
export function makeLot(
  book: Book,
  account: MemberAccount,
  command: IssueCommand | AdjustCommand,
  role: Role,
  points: number,
  at: Instant,
  newId: () => Uuid,
): Refusal | null {
  // What ever came in and was not taken back bounds every figure of the account, whatever happens later:
  // refunds restore what counts as redeemed, recoveries what counts as expired.
  const inflow = account.free + account.held - account.debt + account.redeemed + account.expired;
  const earned = role === 'issuer' ? account.earned + points : 0;
  if (inflow + points > POINTS_MAX || earned > POINTS_MAX) {
    return refusal(
      'points_out_of_range',
      'the account would hold more points than a number can show',
    );
  }
  const expiresAt = command.expiresAt ?? null;
  const availableAt = Math.max((command.kind === 'issue' && command.availableAt) || at, at);
  if (expiresAt !== null && expiresAt <= availableAt) {
    return refusal('expires_before_available', 'the points would lapse before they could be spent');
  }
  const id = newId();
  const from = { role, owner: command.merchant };
  const repaid = repayDebts(book, account, points, from, id);
  const amount = points - repaid;
  const seq = book.nextSeq;
  book.post(account, {
    kind: 'issue',
    from,
    to: memberSide(account.member),
    points: amount,
    lot: id,
    ref: null,
    expiresAt: null,
  });
  const issued = command.kind === 'issue' ? command : null;
  book.lotsMade.push({
    id,
    issuer: command.merchant,
    funders: issued?.funders ?? null,
    ruleVersion: issued?.ruleVersion ?? null,
    evidence: issued?.evidence ?? null,
    unitCost: issued?.unitCost ?? null,
    availableAt,
    expiresAt,
    issued: points,
    amount,
  });
  const lot: Lot = {
    id,
    seq,
    issuer: command.merchant,
    availableAt,
    expiresAt,
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
  if (amount > 0) book.place(account, lot);
  return null;
}
