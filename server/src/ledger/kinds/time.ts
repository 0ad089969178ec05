import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import { type Book, type Lot, LotsMissing, type MemberAccount } from '../book.ts';
import type { MatureCommand } from '../command.ts';
import { expireLot, freeOf, isLapsed, NOWHERE } from '../lots.ts';
import { findArrived, findSubject, madeBy } from './subject.ts';

const nothingDue = (): Refusal => refusal('nothing_due', 'nothing of this account is due');

/** Moves what lapsed and is not held to breakage; answers how many points that was. */
export function expire(book: Book, account: MemberAccount, at: Instant): number | Refusal {
  const due = account.lots.filter((lot) => isLapsed(lot, at) && freeOf(lot) > 0);
  // Lots stand in expiry order, so lapsed ones come first: only when every loaded lot has lapsed
  // may there be more behind them.
  const last = account.lots.at(-1);
  if (account.frontier !== null && (last === undefined || isLapsed(last, at)))
    throw new LotsMissing(account);
  if (due.length === 0) return nothingDue();
  const before = account.free;
  for (const lot of due) expireLot(book, account, lot);
  return before - account.free;
}

/** Records that pending lots have become available, by time or because their earn is named; answers how many points that was. */
export function mature(
  book: Book,
  account: MemberAccount,
  command: MatureCommand,
  at: Instant,
): number | Refusal {
  const due =
    command.earn === undefined ? dueByTime(account, at) : waitingOf(book, account, command);
  if ('code' in due) return due;
  const open = due.filter((lot) => lot.pending && lot.remaining > 0);
  if (open.length === 0) return nothingDue();
  let points = 0;
  for (const lot of open) {
    book.post(account, {
      kind: 'mature',
      from: NOWHERE,
      to: NOWHERE,
      points: 0,
      lot: lot.id,
      ref: null,
      expiresAt: null,
    });
    lot.pending = false;
    book.changedLots.add(lot);
    points += lot.remaining;
  }
  return points;
}

function dueByTime(account: MemberAccount, at: Instant): readonly Lot[] {
  if (account.frontier !== null) throw new LotsMissing(account);
  return account.lots.filter((lot) => lot.availableAt <= at);
}

/** The lot of the earn, or what came of it here. */
function waitingOf(
  book: Book,
  account: MemberAccount,
  { earn: id, arrived }: MatureCommand,
): readonly Lot[] | Refusal {
  if (arrived !== undefined) return findArrived(book, account, [...new Set(arrived)]);
  const earn = findSubject(book, id as Uuid, account);
  if ('code' in earn) return earn;
  const made = madeBy(earn);
  return made === undefined ? refusal('not_an_earn', 'only an earn waits') : [book.lot(made.lot)];
}
