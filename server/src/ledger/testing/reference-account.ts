import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { ModelCost, ModelTaking } from './reference-prices.ts';

/** A lot as the model sees it, named by the transaction that made it; see {@link lotName}. */
export interface ModelLot {
  readonly earn: string;
  readonly issuer: Uuid;
  /** Whose account stands on its other side: only what was issued or adjusted can be returned. */
  readonly origin: 'issuer' | 'adjustment' | 'elsewhere';
  readonly issued: number;
  readonly amount: number;
  readonly availableAt: Instant;
  expiresAt: Instant | null;
  /** By how many months it slides; null: it does not. */
  readonly slideMonths: number | null;
  /** Null: nothing is owed for its points. */
  readonly cost: ModelCost | null;
  /** The lot of an earn that it came of by transfers; null: it is its own. */
  readonly root: string | null;
  remaining: number;
  held: number;
  expired: number;
  expiredRecovered: number;
  returned: number;
  pending: boolean;
}

/** Points of one lot: pinned by a hold, or taken by a burn and perhaps given back since. */
export interface ModelPart {
  readonly earn: string;
  points: number;
}

export interface ModelHold {
  readonly id: Uuid;
  readonly merchant: Uuid;
  readonly expiresAt: Instant;
  readonly quota: Uuid | null;
  /** In the order in which they will be captured; parts used up are gone. */
  pins: ModelPart[];
}

/** A burn or a capture: what it took and has not given back. */
export interface ModelSpend {
  readonly id: Uuid;
  readonly merchant: Uuid;
  readonly takes: ModelPart[];
  /** What was taken of each lot before anything was given back. */
  readonly taken: ReadonlyMap<string, number>;
  /** Null: nothing is owed for it. */
  readonly price: ModelTaking | null;
  /** What the merchant's quota was drawn on, by it or by its hold. */
  readonly quota: Uuid | null;
}

export interface ModelDebt {
  /** The earn whose points were spent before they were taken back, or what was overdrawn. */
  readonly earn: string;
  /** Who gets what settles it, and of an overdraft at which price; null: nobody is owed anything. */
  readonly about: { readonly taker: Uuid; readonly price: ModelTaking | null } | null;
  remaining: number;
}

/** What was sent to another member, and whether it was given back. */
export interface ModelSent {
  readonly id: Uuid;
  readonly parts: readonly ModelPart[];
  readonly debt: number;
  returned: boolean;
}

/** One member's account of one point type; every list is in the order of making. */
export interface ModelAccount {
  readonly lots: ModelLot[];
  readonly holds: ModelHold[];
  readonly spends: ModelSpend[];
  readonly debts: ModelDebt[];
  readonly sent: ModelSent[];
  /** Every transaction that was applied: a refused one cannot be acted on. */
  readonly known: Uuid[];
  lastEffectiveAt: Instant | null;
  /** Lifetime figures: issued less returned · spent at merchants less refunded · lapsed less recovered. */
  earned: number;
  redeemed: number;
  expired: number;
  /** Everything that ever came in by issues, adjustments, transfers and conversions, less what left that way. */
  inflow: number;
}

export function emptyAccount(): ModelAccount {
  return {
    lots: [],
    holds: [],
    spends: [],
    debts: [],
    sent: [],
    known: [],
    lastEffectiveAt: null,
    earned: 0,
    redeemed: 0,
    expired: 0,
    inflow: 0,
  };
}

/** The account as it is now, whatever is done to the other: structuredClone does this, and takes ten times as long. */
export function copyOf(account: ModelAccount): ModelAccount {
  return {
    ...account,
    lots: account.lots.map((lot) => ({ ...lot })),
    holds: account.holds.map((hold) => ({ ...hold, pins: hold.pins.map((pin) => ({ ...pin })) })),
    spends: account.spends.map((spend) => ({
      ...spend,
      takes: spend.takes.map((take) => ({ ...take })),
    })),
    debts: account.debts.map((debt) => ({ ...debt })),
    sent: account.sent.map((sent) => ({ ...sent })),
    known: [...account.known],
  };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export const freeOf = (account: ModelAccount): number =>
  sum(account.lots.map((lot) => lot.remaining - lot.held));
export const heldOf = (account: ModelAccount): number => sum(account.lots.map((lot) => lot.held));
export const debtOf = (account: ModelAccount): number =>
  sum(account.debts.map((debt) => debt.remaining));
export const balanceOf = (account: ModelAccount): number =>
  freeOf(account) + heldOf(account) - debtOf(account);

/** A transaction that makes several lots numbers all but the first. */
export function lotName(id: Uuid, place: number): string {
  return place === 0 ? id : `${id}.${place}`;
}

export function lotOf(account: ModelAccount, earn: string): ModelLot {
  const lot = account.lots.find((candidate) => candidate.earn === earn);
  if (lot === undefined) throw new Error('the model lost a lot');
  return lot;
}

/** The instant at which a lot lapses; never is later than every instant. */
export const lapseOf = (lot: ModelLot): number => lot.expiresAt ?? Number.POSITIVE_INFINITY;

function spendableLots(account: ModelAccount, at: Instant): ModelLot[] {
  return account.lots.filter(
    (lot) =>
      (lot.availableAt <= at || !lot.pending) && at < lapseOf(lot) && lot.remaining > lot.held,
  );
}

/** What a burn or a hold may use: what is free and live by time, less what the member owes. */
export function spendableOf(account: ModelAccount, at: Instant): number {
  const free = sum(spendableLots(account, at).map((lot) => lot.remaining - lot.held));
  return Math.max(0, free - debtOf(account));
}

/** Which free points a burn or a hold of `points` uses: earliest expiry, then oldest. */
export function chooseParts(account: ModelAccount, points: number, at: Instant): ModelPart[] {
  // Lots stand in the order of making and the sort is stable, so equal expiries stay oldest first.
  const order = spendableLots(account, at).sort((a, b) => compare(lapseOf(a), lapseOf(b)));
  return fill(order, points);
}

/** Other lots a return may use: latest expiry first, newest first among equals; pending ones too. */
export function chooseForReturn(
  account: ModelAccount,
  own: string,
  points: number,
  at: Instant,
): ModelPart[] {
  const others = account.lots.filter(
    (lot) => lot.earn !== own && at < lapseOf(lot) && lot.remaining > lot.held,
  );
  return fill(
    others.reverse().sort((a, b) => compare(lapseOf(b), lapseOf(a))),
    points,
  );
}

/** Infinity − Infinity is not a number, so instants are compared, not subtracted. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fill(lots: readonly ModelLot[], points: number): ModelPart[] {
  const parts: ModelPart[] = [];
  let left = points;
  for (const lot of lots) {
    const taken = Math.min(left, lot.remaining - lot.held);
    if (taken > 0) parts.push({ earn: lot.earn, points: taken });
    left -= taken;
  }
  return parts;
}

/** Uses up to `points` of parts from the front and returns what was used; empty parts are removed. */
export function drawParts(parts: ModelPart[], points: number): ModelPart[] {
  const drawn: ModelPart[] = [];
  let left = points;
  while (left > 0) {
    const first = parts[0];
    if (first === undefined) throw new Error('the model drew more than there is');
    const taken = Math.min(left, first.points);
    drawn.push({ earn: first.earn, points: taken });
    first.points -= taken;
    left -= taken;
    if (first.points === 0) parts.shift();
  }
  return drawn;
}

/** Repays debts, oldest first, out of at most `points`; tells how many went to which. */
export function repayDebts(
  account: ModelAccount,
  points: number,
): { readonly debt: ModelDebt; readonly points: number }[] {
  let left = points;
  return account.debts.flatMap((debt) => {
    const paid = Math.min(left, debt.remaining);
    debt.remaining -= paid;
    left -= paid;
    return paid === 0 ? [] : { debt, points: paid };
  });
}

/** The first instant after the month (UTC) that is so many after the one of `at`. */
export function endOfMonth(at: Instant, months: number): Instant {
  const day = new Date(at);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months + 1, 1);
}

/** What the member did lets every open lot that slides and has not lapsed last longer, if it does not already. */
export function slide(account: ModelAccount, at: Instant): void {
  for (const lot of account.lots) {
    if (lot.slideMonths === null || lot.remaining === 0 || at >= lapseOf(lot)) continue;
    lot.expiresAt = Math.max(lapseOf(lot), endOfMonth(at, lot.slideMonths));
  }
}

/** Moves the lapsed free points of one lot to breakage; returns how many. */
export function lapse(lot: ModelLot, at: Instant): number {
  if (at < lapseOf(lot)) return 0;
  const points = lot.remaining - lot.held;
  lot.remaining -= points;
  lot.expired += points;
  return points;
}
