import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import { type Book, LotsMissing, type MemberAccount } from '../book.ts';
import type {
  NewLot,
  TransferInCommand,
  TransferOutCommand,
  TransferReturnCommand,
} from '../command.ts';
import { countGranted, giveBack, grantWithin } from '../limits.ts';
import {
  chooseTakes,
  expireLot,
  freeOf,
  IN_TRANSIT,
  isLapsed,
  repayDebts,
  type Take,
  takePart,
} from '../lots.ts';
import { hasRoom, hasRoomBesideDebt, makeLot, outOfRange } from './make-lot.ts';
import { restore } from './reverse.ts';
import { insufficient, overdraw } from './spend.ts';

/** Sends points on their way to another member; see {@link TransferOutCommand}. */
export function transferOut(
  book: Book,
  account: MemberAccount,
  command: TransferOutCommand,
  at: Instant,
  id: Uuid,
): number | Refusal {
  const { points, limits = [], member, to } = command;
  if (points === undefined) return sendEverything(book, account, to, at, id);
  const granted = grantWithin(book, member, points, limits);
  if (typeof granted !== 'number') return granted;
  const chosen = chooseTakes(account, points, at);
  if ('available' in chosen) return insufficient(chosen.available);
  send(book, account, chosen.takes, to);
  countGranted(book, member, points, limits);
  return points;
}

/** The expiry of each lot travels in its entry: the lot's own may be extended later. */
function send(book: Book, account: MemberAccount, takes: readonly Take[], to: Uuid): void {
  for (const { lot, points } of takes)
    takePart(book, account, lot, points, IN_TRANSIT, to, lot.expiresAt);
}

/** A transaction can make 65,535 lots where they arrive: what an account has more goes with the next one. */
export const LOTS_SENT_MAX = 50_000;

/** Of two members who become one: pending lots and debts go too. Nothing may be held, for a hold stays with its member. */
function sendEverything(
  book: Book,
  account: MemberAccount,
  to: Uuid,
  at: Instant,
  id: Uuid,
): number | Refusal {
  if (account.frontier !== null) throw new LotsMissing(account);
  if (account.held > 0)
    return refusal('holds_open', 'this member has holds that are open', { held: account.held });
  if (account.free === 0 && account.debt === 0)
    return refusal('nothing_to_transfer', 'this account is empty');
  for (const lot of account.lots) if (isLapsed(lot, at)) expireLot(book, account, lot);
  const takes = account.lots
    .map((lot) => ({ lot, points: freeOf(lot) }))
    .filter(({ points }) => points > 0)
    .slice(0, LOTS_SENT_MAX);
  const points = takes.reduce((sum, take) => sum + take.points, 0);
  send(book, account, takes, to);
  repayDebts(book, account, account.debt, IN_TRANSIT, id);
  return points;
}

/** Makes the lots that were sent; see {@link TransferInCommand}. */
export function transferIn(
  book: Book,
  account: MemberAccount,
  command: TransferInCommand,
  at: Instant,
  id: Uuid,
  newId: () => Uuid,
): number | Refusal {
  const points = command.lots.reduce((sum, lot) => sum + lot.points, 0);
  if (!hasRoom(account, points) || !hasRoomBesideDebt(account, points + command.debt))
    return outOfRange();
  for (const { lot, points, ...terms } of command.lots)
    makeLot(book, account, rooted(terms, lot), IN_TRANSIT, points, at, newId(), lot);
  if (command.debt > 0) overdraw(book, account, command.debt, IN_TRANSIT, id);
  return points;
}

/** The same terms, with where the points first came from, where that may matter. */
function rooted(terms: NewLot, sent: Uuid): NewLot {
  return terms.unitCost === null || terms.funders === null
    ? terms
    : { ...terms, root: terms.root ?? sent };
}

/** Gives back what never arrived; see {@link TransferReturnCommand}. */
export function transferReturn(
  book: Book,
  account: MemberAccount,
  command: TransferReturnCommand,
  at: Instant,
  id: Uuid,
): number | Refusal {
  const out = book.transactions.get(command.out);
  if (
    out?.kind !== 'transfer_out' ||
    out.refusal !== null ||
    out.member !== account.member ||
    out.pointType !== account.pointType
  ) {
    return refusal('transfer_not_found', 'this member has sent no such transfer');
  }
  if (book.refunded.has(out.id))
    return refusal('transfer_returned', 'this transfer was given back already');
  const owed = out.entries.reduce(
    (sum, { kind, points }) => sum + (kind === 'repay' ? points : 0),
    0,
  );
  if (!hasRoomBesideDebt(account, out.points + owed)) return outOfRange();
  for (const entry of out.entries.toReversed()) {
    if (entry.kind === 'take')
      restore(book, account, book.lot(entry.lot), entry.points, IN_TRANSIT, at, command.graceMs);
  }
  if (owed > 0) overdraw(book, account, owed, IN_TRANSIT, id);
  const counters = (command.counters ?? []).map((counter) => ({ counter }));
  giveBack(book, command.member, { points: out.points, isUndone: true }, counters);
  book.refunded.set(out.id, out.points);
  return out.points;
}
