import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Book, MemberAccount } from '../book.ts';
import { takenBackBy } from '../claw-backs.ts';
import type { ClawBackCommand } from '../command.ts';
import { findNoBudget, giveBack } from '../limits.ts';
import type { Account } from '../transaction.ts';
import { outOfRange } from './make-lot.ts';
import { findRecovery, takeRecovery } from './recovery.ts';
import { overdraw } from './spend.ts';
import { findArrived } from './subject.ts';

/**
 * Takes from the survivor of a merge what a return did not find on the absorbed account; see
 * {@link ClawBackCommand}. Answers the points asked back. Its debt is about no lot of this account, so it is
 * named by the transaction, as an overdraft is.
 */
export function clawBack(
  book: Book,
  account: MemberAccount,
  command: ClawBackCommand,
  at: Instant,
  id: Uuid,
): number | Refusal {
  const { giver, points, lot, limits = [] } = command;
  const own = findArrived(book, account, command.arrived);
  if ('code' in own) return own;
  const found = findRecovery(account, own, command, at);
  // What was earned was counted on the absorbed account, so `earned` may fall below zero here.
  if (account.debt + found.owed > POINTS_MAX || account.earned - points < -POINTS_MAX)
    return outOfRange();
  const missing = findNoBudget(book, limits);
  if (missing !== null) return missing;
  const to: Account = { role: giver.role, owner: giver.merchant };
  takeRecovery(book, account, found, to, lot);
  if (found.owed > 0) overdraw(book, account, found.owed, to, id);
  giveBack(book, account.member, { points: takenBackBy(book), isUndone: false }, limits);
  return points;
}
