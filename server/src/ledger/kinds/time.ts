import type { Instant } from '../../kernel/clock.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import { type Book, LotsMissing, type MemberAccount } from '../book.ts';
import { expireLot, freeOf, isLapsed, NOWHERE } from '../lots.ts';

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

/** Records that pending lots have become available; answers how many points that was. */
export function mature(book: Book, account: MemberAccount, at: Instant): number | Refusal {
  if (account.frontier !== null) throw new LotsMissing(account);
  const due = account.lots.filter(
    (lot) => lot.pending && lot.remaining > 0 && lot.availableAt <= at,
  );
  if (due.length === 0) return nothingDue();
  let points = 0;
  for (const lot of due) {
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
