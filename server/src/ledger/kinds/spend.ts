import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Book, Hold, MemberAccount } from '../book.ts';
import type { BurnCommand, CaptureCommand, HoldCommand, ReleaseCommand } from '../command.ts';
import { chooseTakes, debtSide, heldSide, memberSide, takePart } from '../lots.ts';
import type { Account } from '../transaction.ts';
import { hasRoomBesideDebt, outOfRange } from './make-lot.ts';
import { drawQuota, findTaking, giveQuotaBack, usePrice } from './taking.ts';
import { isValueInRange, valueOutOfRange } from './value.ts';

export function insufficient(available: number): Refusal {
  return refusal('insufficient_points', `only ${available} points are available`, { available });
}

/** Spends `points` of the account into `to`: a burn's acquirer, or the other side of a downward adjustment. */
export function spend(
  book: Book,
  account: MemberAccount,
  points: number,
  to: Account,
  at: Instant,
): number | Refusal {
  const chosen = chooseTakes(account, points, at);
  if ('available' in chosen) return insufficient(chosen.available);
  for (const { lot, points } of chosen.takes) takePart(book, account, lot, points, to);
  return points;
}

export function burn(
  book: Book,
  account: MemberAccount,
  command: BurnCommand,
  at: Instant,
  id: Uuid,
): number | Refusal {
  const { points, overdraftMax = 0 } = command;
  const taking = findTaking(book, account, command.merchant, points, at);
  if ('code' in taking) return taking;
  const to: Account = { role: 'acquirer', owner: command.merchant };
  const spent =
    overdraftMax === 0
      ? spend(book, account, points, to, at)
      : spendOrOwe(book, account, points, overdraftMax, to, at, id);
  if (typeof spent !== 'number') return spent;
  usePrice(book, taking.price);
  drawQuota(book, taking.price, points);
  return points;
}

/** A deduction agreed at an offline till: what is missing becomes a debt. */
function spendOrOwe(
  book: Book,
  account: MemberAccount,
  points: number,
  overdraftMax: number,
  to: Account,
  at: Instant,
  id: Uuid,
): number | Refusal {
  const chosen = chooseTakes(account, points, at);
  const available = 'available' in chosen ? chosen.available : points;
  const missing = points - available;
  if (missing > overdraftMax) return insufficient(available);
  if (missing > 0 && !hasRoomBesideDebt(account, missing)) return outOfRange();
  if (available > 0) spend(book, account, available, to, at);
  if (missing > 0) overdraw(book, account, missing, to, id);
  return points;
}

/** Lends `points` into `to`: the debt is about no lot, and is named by its transaction. */
export function overdraw(
  book: Book,
  account: MemberAccount,
  points: number,
  to: Account,
  id: Uuid,
): void {
  const debt = { seq: book.nextSeq, lot: id, amount: points, remaining: points };
  const from = debtSide(account.member);
  book.post(account, { kind: 'overdraw', from, to, points, lot: id, ref: null, expiresAt: null });
  account.debts.push(debt);
  book.changedDebts.set(debt, account);
}

/** Pins points for a merchant. The hold has the id of its transaction. */
export function hold(
  book: Book,
  account: MemberAccount,
  command: HoldCommand,
  at: Instant,
  id: Uuid,
): number | Refusal {
  if (command.expiresAt <= at)
    return refusal('hold_expired', 'the hold would have timed out already');
  const taking = findTaking(book, account, command.merchant, command.points, at);
  if ('code' in taking) return taking;
  const chosen = chooseTakes(account, command.points, at);
  if ('available' in chosen) return insufficient(chosen.available);
  const from = memberSide(account.member);
  const to = heldSide(account.member);
  for (const { lot, points } of chosen.takes) {
    book.post(account, {
      kind: 'pin',
      from,
      to,
      points,
      lot: lot.id,
      ref: id,
      expiresAt: command.expiresAt,
    });
    lot.held += points;
    book.changedLots.add(lot);
  }
  const made: Hold = {
    id,
    programme: command.programme,
    pointType: command.pointType,
    member: command.member,
    merchant: command.merchant,
    expiresAt: command.expiresAt,
    takes: chosen.takes.map(({ lot, points }) => ({ lot: lot.id, points })),
    remaining: command.points,
  };
  book.holds.set(id, made);
  book.changedHolds.add(made);
  drawQuota(book, taking.price, command.points);
  return command.points;
}

function openHold(book: Book, command: CaptureCommand | ReleaseCommand): Hold | Refusal {
  const found = book.holds.get(command.hold);
  if (
    found === undefined ||
    found.member !== command.member ||
    found.pointType !== command.pointType
  ) {
    return refusal('hold_not_found', 'this member has no such hold');
  }
  if (found.remaining === 0) return refusal('hold_closed', 'nothing of this hold is left');
  return found;
}

/** Spends pinned points in the order they were pinned. */
export function capture(
  book: Book,
  account: MemberAccount,
  command: CaptureCommand,
  at: Instant,
): number | Refusal {
  const found = openHold(book, command);
  if ('code' in found) return found;
  if (found.expiresAt <= at) return refusal('hold_expired', 'this hold has timed out');
  const points = command.points ?? found.remaining;
  if (points > found.remaining) {
    return refusal('hold_exceeded', `only ${found.remaining} points of this hold are left`, {
      remaining: found.remaining,
    });
  }
  const price = book.prices.at(found.merchant, account.pointType, at);
  if (price !== null && !isValueInRange(points, price.reimbursement)) return valueOutOfRange();
  consume(book, account, found, points, 'capture');
  usePrice(book, price);
  return points;
}

/** Gives back what is left of a hold. Points that lapsed while pinned are lapsed then. */
export function release(
  book: Book,
  account: MemberAccount,
  command: ReleaseCommand,
  at: Instant,
): number | Refusal {
  const found = openHold(book, command);
  if ('code' in found) return found;
  if (command.timeout === true && found.expiresAt > at)
    return refusal('hold_not_due', 'this hold has not timed out yet');
  const points = found.remaining;
  consume(book, account, found, points, 'unpin');
  giveQuotaBack(book, found.id, points);
  return points;
}

function consume(
  book: Book,
  account: MemberAccount,
  from: Hold,
  points: number,
  kind: 'capture' | 'unpin',
): void {
  const pinned = heldSide(account.member);
  const to: Account =
    kind === 'capture' ? { role: 'acquirer', owner: from.merchant } : memberSide(account.member);
  const rest: Hold['takes'] = [];
  let left = points;
  for (const take of from.takes) {
    const part = Math.min(take.points, left);
    left -= part;
    if (take.points > part) rest.push({ lot: take.lot, points: take.points - part });
    if (part === 0) continue;
    const lot = book.lot(take.lot);
    book.post(account, {
      kind,
      from: pinned,
      to,
      points: part,
      lot: lot.id,
      ref: from.id,
      expiresAt: null,
    });
    lot.held -= part;
    if (kind === 'capture') lot.remaining -= part;
    book.changedLots.add(lot);
  }
  from.takes = rest;
  from.remaining -= points;
  book.changedHolds.add(from);
}
