import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Book, Hold, MemberAccount } from '../book.ts';
import type { BurnCommand, CaptureCommand, HoldCommand, ReleaseCommand } from '../command.ts';
import { chooseTakes, heldSide, memberSide } from '../lots.ts';
import type { Account } from '../transaction.ts';

function insufficient(available: number): Refusal {
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
  const from = memberSide(account.member);
  for (const take of chosen.takes) {
    const { lot } = take;
    book.post(account, {
      kind: 'take',
      from,
      to,
      points: take.points,
      lot: lot.id,
      ref: null,
      expiresAt: null,
    });
    lot.remaining -= take.points;
    book.changedLots.add(lot);
  }
  return points;
}

export function burn(
  book: Book,
  account: MemberAccount,
  command: BurnCommand,
  at: Instant,
): number | Refusal {
  return spend(book, account, command.points, { role: 'acquirer', owner: command.merchant }, at);
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
  consume(book, account, found, points, 'capture');
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
