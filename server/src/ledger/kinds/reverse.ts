import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Book, Lot, MemberAccount } from '../book.ts';
import { takenBackBy } from '../claw-backs.ts';
import type { RefundCommand, ReturnCommand } from '../command.ts';
import { findNoBudget, giveBack } from '../limits.ts';
import { debtSide, expireLot, isLapsed, memberSide, NOWHERE, repayDebts } from '../lots.ts';
import { type Account, type Entry, PLATFORM, type Transaction } from '../transaction.ts';
import { makeLot, plainLot } from './make-lot.ts';
import { findRecovery, takeRecovery } from './recovery.ts';
import { findSubject, madeBy } from './subject.ts';
import { giveQuotaBack } from './taking.ts';
import { isValueInRange, valueOutOfRange } from './value.ts';

/** Takes back points of an earn; see {@link ReturnCommand}. Answers the points asked back, or what was left of them. */
export function returnEarn(
  book: Book,
  account: MemberAccount,
  command: ReturnCommand,
  at: Instant,
): number | Refusal {
  const earn = findSubject(book, command.earn, account);
  if ('code' in earn) return earn;
  const made = madeBy(earn);
  if (made === undefined) return refusal('not_an_earn', 'only an earn can be returned');
  const lot = book.lot(made.lot);
  const returnable = lot.issued - lot.returned;
  const isCut = command.atMost === true && returnable > 0;
  const points = isCut ? Math.min(command.points, returnable) : command.points;
  if (points > returnable) {
    return refusal(
      'return_exceeds_earn',
      `only ${returnable} points of this earn can still be returned`,
      { returnable },
    );
  }
  const policy = command.isAbsorbed === true ? 'pending_only' : command.policy;
  const found = findRecovery(account, [lot], { points, policy }, at);
  if (account.debt + found.owed > POINTS_MAX)
    return refusal('points_out_of_range', 'the debt would be larger than a number can show');
  const { limits = [] } = command;
  const missing = findNoBudget(book, limits);
  if (missing !== null) return missing;
  const to = made.from;
  takeRecovery(book, account, found, to, lot.id);
  if (found.owed > 0) owe(book, account, lot, found.owed, to);
  lot.returned += points;
  book.changedLots.add(lot);
  const taken = takenBackBy(book);
  const isUndone = lot.returned === lot.issued && taken === points;
  giveBack(book, account.member, { points: taken, isUndone }, limits);
  return points;
}

function owe(book: Book, account: MemberAccount, lot: Lot, points: number, to: Account): void {
  const debt = { seq: book.nextSeq, lot: lot.id, amount: points, remaining: points };
  const from = debtSide(account.member);
  book.post(account, { kind: 'owe', from, to, points, lot: lot.id, ref: null, expiresAt: null });
  account.debts.push(debt);
  book.changedDebts.set(debt, account);
}

/** Reverses a burn or capture; see {@link RefundCommand}. Answers the points given back. */
export function refund(
  book: Book,
  account: MemberAccount,
  command: RefundCommand,
  at: Instant,
  newId: () => Uuid,
): number | Refusal {
  const burn = findSubject(book, command.burn, account);
  if ('code' in burn) return burn;
  if (burn.kind !== 'burn' && burn.kind !== 'capture')
    return refusal('not_a_burn', 'only a burn or a capture can be refunded');
  const already = book.refunded.get(burn.id) ?? 0;
  const refundable = burn.points - already;
  const points = command.points ?? refundable;
  if (points > refundable || refundable === 0) {
    return refusal(
      'refund_exceeds_burn',
      `only ${refundable} points of this burn can still be refunded`,
      { refundable },
    );
  }
  const parts = latestTakesFirst(burn, already, points);
  const lent = findLent(book, account, parts, at);
  if (lent !== null && 'code' in lent) return lent;
  // A restored lot may belong between lots that were not loaded; it is then simply not placed.
  for (const { take, part } of parts) {
    const repaid = lent?.take === take ? part - lent.made : Math.min(part, account.debt);
    if (repaid > 0) repayDebts(book, account, repaid, take.to, take.lot);
    if (part === repaid) continue;
    if (lent?.take === take) {
      const terms = { ...plainLot(take.to.owner ?? PLATFORM, at, null), unitCost: lent.unitCost };
      makeLot(book, account, terms, take.to, lent.made, at, newId());
    } else restore(book, account, book.lot(take.lot), part - repaid, take.to, at, command.graceMs);
  }
  book.refunded.set(burn.id, already + points);
  const drawing = burn.kind === 'capture' ? burn.subject : burn.id;
  if (drawing !== null) giveQuotaBack(book, drawing, points);
  return points;
}

/** Points of a refund that were overdrawn. */
interface Lent {
  readonly take: Entry;
  /** Those that become a new lot of the merchant, for they came from none; the others repay debts. */
  readonly made: number;
  readonly unitCost: number | null;
}

/**
 * What was overdrawn comes first of what is given back, and strikes out its own debt. If that was repaid since, the merchant has what
 * it took, so the points it gives back are its own, at the price of now: who takes them is paid by it. Until points have a price
 * nothing turns on whose repay another debt. Nothing is drawn on the merchant's funding: a refund is not refused for want of it.
 */
function findLent(
  book: Book,
  account: MemberAccount,
  parts: readonly { readonly take: Entry; readonly part: number }[],
  at: Instant,
): Lent | Refusal | null {
  const [first] = parts;
  if (first?.take.kind !== 'overdraw') return null;
  const { take, part } = first;
  const unitCost = book.prices.at(take.to.owner, account.pointType, at)?.issuePrice ?? null;
  const oldest = account.debts.find((debt) => debt.remaining > 0);
  const own = oldest?.lot === take.lot ? oldest.remaining : 0;
  const made = part - Math.min(part, unitCost === null ? account.debt : own);
  if (unitCost !== null && !isValueInRange(made, unitCost)) return valueOutOfRange();
  return { take, made, unitCost };
}

/** The burn's takes from the last to the first, without the `already` points refunded before (of each, `skipped`), up to `points`. */
export function latestTakesFirst(
  burn: Transaction,
  already: number,
  points: number,
): { take: Entry; part: number; skipped: number }[] {
  const parts: { take: Entry; part: number; skipped: number }[] = [];
  let skip = already;
  let left = points;
  for (const take of burn.entries.toReversed()) {
    if (left === 0) break;
    const skipped = Math.min(skip, take.points);
    skip -= skipped;
    const part = Math.min(take.points - skipped, left);
    if (part > 0) parts.push({ take, part, skipped });
    left -= part;
  }
  return parts;
}

/** Gives points back to their lot; one that lapsed meanwhile is reopened until `graceMs` from now. */
export function restore(
  book: Book,
  account: MemberAccount,
  lot: Lot,
  points: number,
  from: Account,
  at: Instant,
  graceMs: number,
): void {
  const listed = account.lots.indexOf(lot);
  if (isLapsed(lot, at)) {
    // What lapsed before the refund must not come back to life with the part that is given back.
    expireLot(book, account, lot);
    const expiresAt = at + graceMs;
    book.post(account, {
      kind: 'extend',
      from: NOWHERE,
      to: NOWHERE,
      points: 0,
      lot: lot.id,
      ref: null,
      expiresAt,
    });
    lot.expiresAt = expiresAt;
    if (listed >= 0) account.lots.splice(listed, 1);
  }
  const to = memberSide(account.member);
  book.post(account, {
    kind: 'restore',
    from,
    to,
    points,
    lot: lot.id,
    ref: null,
    expiresAt: null,
  });
  lot.remaining += points;
  book.place(account, lot);
  book.changedLots.add(lot);
}
