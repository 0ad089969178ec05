import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Book, Lot, MemberAccount } from '../book.ts';
import type { ReturnPolicy } from '../command.ts';
import { BREAKAGE, freeOf, latestExpiringFirst, memberSide } from '../lots.ts';
import type { Account } from '../transaction.ts';

/** Where points that must be given back are found. */
export interface Recovery {
  readonly own: readonly { readonly lot: Lot; readonly free: number; readonly expired: number }[];
  readonly others: readonly { readonly lot: Lot; readonly free: number }[];
  /** What the policy makes a debt. */
  readonly owed: number;
}

/**
 * Looks for `points`: the unheld rest of the `own` lots, then what expired of them, then by policy. Changes nothing.
 *
 * @throws {LotsMissing} when lots beyond the loaded ones decide.
 */
export function findRecovery(
  account: MemberAccount,
  own: readonly Lot[],
  { points, policy }: { readonly points: number; readonly policy: ReturnPolicy },
  at: Instant,
): Recovery {
  let rest = points;
  const draw = (most: number): number => {
    const part = Math.min(most, rest);
    rest -= part;
    return part;
  };
  const free = own.map((lot) => ({ lot, free: draw(freeOf(lot)) }));
  const found = free.map((each) => ({
    ...each,
    expired: draw(each.lot.expired - each.lot.expiredRecovered),
  }));
  const spare = rest > 0 && policy !== 'pending_only' ? latestExpiringFirst(account, own, at) : [];
  const others = spare.map((lot) => ({ lot, free: draw(freeOf(lot)) }));
  return { own: found, others, owed: policy === 'debt' ? rest : 0 };
}

/** Takes back what was found, but for what is owed. `about` is the lot whose points are given back. */
export function takeRecovery(
  book: Book,
  account: MemberAccount,
  { own, others }: Recovery,
  to: Account,
  about: Uuid,
): void {
  for (const { lot, free } of own) recover(book, account, lot, free, to, about);
  for (const { lot, expired } of own) recoverExpired(book, account, lot, expired, to);
  for (const { lot, free } of others) recover(book, account, lot, free, to, about);
}

function recover(
  book: Book,
  account: MemberAccount,
  lot: Lot,
  points: number,
  to: Account,
  about: Uuid,
): void {
  if (points === 0) return;
  const from = memberSide(account.member);
  const ref = lot.id === about ? null : about;
  book.post(account, { kind: 'recover', from, to, points, lot: lot.id, ref, expiresAt: null });
  lot.remaining -= points;
  book.changedLots.add(lot);
}

function recoverExpired(
  book: Book,
  account: MemberAccount,
  lot: Lot,
  points: number,
  to: Account,
): void {
  if (points === 0) return;
  book.post(account, {
    kind: 'recover_expired',
    from: BREAKAGE,
    to,
    points,
    lot: lot.id,
    ref: null,
    expiresAt: null,
  });
  lot.expiredRecovered += points;
  book.changedLots.add(lot);
}
