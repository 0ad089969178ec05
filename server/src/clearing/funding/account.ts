import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';

/** Thousandths of a fen, in which the ledger's budgets of money count, in a fen. */
export const MILLI_PER_FEN = 1_000;

/** ¥1 billion: what an account was ever paid, and its credit line, stay exact in milli-fen, whatever is done with it. */
export const FUNDING_FEN_MAX = 100_000_000_000;

/** What the total of an account's budget is made of. */
export interface Sums {
  readonly depositedFen: number;
  readonly withdrawnFen: number;
  /** Of the deposits, what was paid out of custody for closed periods. */
  readonly paidOutFen: number;
  /** Of what the merchant was to receive, what stayed in custody for points that came back. */
  readonly keptFen: number;
  /** Of used points, what was settled without touching deposits. */
  readonly settledFen: number;
  readonly creditFen: number;
  readonly releasedMilli: number;
}

/** A merchant's account in a programme: what it may still issue for. */
export interface FundingAccount extends Sums {
  readonly id: Uuid;
  readonly programme: number;
  readonly merchant: Uuid;
  /** Of the ledger, in milli-fen. */
  readonly budget: Uuid;
  readonly from: Instant;
  readonly alertFen: number;
  readonly usedMilli: number;
  /** Drawn for points issued, ever. Never more than {@link totalMilliOf} was when they were. */
  readonly drawnMilli: number;
  readonly lowSince: Instant | null;
  readonly openedAt: Instant;
  readonly actor: string;
}

export const ENTRY_KINDS = [
  'deposit',
  'withdrawal',
  'paid_out',
  'settled',
  'kept',
  'undone',
] as const;
/**
 * What moves money: `deposit` and `withdrawal` are booked by hand; `paid_out`: a closed period's debit was paid out of the
 * deposits (they were drawn when the points were issued, so the total stays); `settled`: used points were settled by other
 * means, so that as much may be drawn again. Of points that came back after that, `undone`: as much may not be drawn again after
 * all; `kept`: a credit stayed in custody, in place of what was paid out.
 */
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface FundingEntry {
  readonly id: Uuid;
  readonly account: Uuid;
  readonly kind: EntryKind;
  readonly fen: number;
  /** Of a kind once in a programme. */
  readonly reference: string;
  /** `2027-01-31`, by the proof. */
  readonly paidOn: string;
  readonly at: Instant;
  readonly actor: string;
}

/** The total of the budget: all that may ever be drawn, milli-fen. */
export function totalMilliOf(sums: Sums): number {
  const { depositedFen, withdrawnFen, settledFen, creditFen, releasedMilli } = sums;
  const fen = depositedFen - withdrawnFen + settledFen + creditFen;
  return fen * MILLI_PER_FEN + releasedMilli;
}

/** Below zero where the terms lowered a credit line that is used already. */
export const availableMilliOf = (account: FundingAccount): number =>
  totalMilliOf(account) - account.drawnMilli;

/** Down to the fen: what cannot be drawn any more is not shown as available. */
export const availableFenOf = (account: FundingAccount): number =>
  Math.floor(availableMilliOf(account) / MILLI_PER_FEN);

/** Deposits that are in custody still. */
export const inCustodyFenOf = ({ depositedFen, withdrawnFen, paidOutFen, keptFen }: Sums): number =>
  depositedFen + keptFen - withdrawnFen - paidOutFen;

/** Of what was drawn for used points, what nobody paid yet; below zero where more of them came back than that. */
export const unsettledFenOf = (account: FundingAccount): number =>
  Math.floor(account.usedMilli / MILLI_PER_FEN) -
  account.paidOutFen -
  account.settledFen +
  account.keptFen;

/** What may be paid back: what is in custody and no point was issued for. A credit line is nobody's money. */
export function withdrawableFenOf(account: FundingAccount): number {
  const free = availableFenOf(account) - account.creditFen;
  return Math.max(0, Math.min(free, inCustodyFenOf(account)));
}

export const isLow = (account: FundingAccount): boolean =>
  availableFenOf(account) < account.alertFen;
