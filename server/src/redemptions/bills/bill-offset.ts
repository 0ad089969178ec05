import { CLOCK_SKEW_MS, type Instant } from '../../kernel/clock.ts';
import { LATE_MS } from '../../kernel/effective-time.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { BillOffset } from '../../kernel/reward.ts';
import { problem } from '../../platform/web/problem.ts';

/** A bill at a till, as a request tells of it. */
export interface AskedBill {
  readonly kind: 'bill';
  /** The merchant's own number. */
  readonly billNo: string;
  readonly billFen: number;
  /** When it was agreed at the till; absent: now. */
  readonly at?: Instant;
  /** Whether what is missing may become a debt, of a till that was cut off when it was agreed. */
  readonly mayOverdraw?: boolean;
}

/** The same as a redemption keeps it. */
export interface Bill {
  readonly kind: 'bill';
  readonly billNo: string;
  readonly billFen: number;
  /** What all units take off it. */
  readonly offFen: number;
  /** What was agreed at a till that was cut off is final: what is missing becomes a debt. */
  readonly isFinal: boolean;
  /** Of one that was agreed so and is not final, since it is more: what was left of the limit of its day. */
  readonly limitLeft?: number;
}

/** How many units a bill bears: none, if it is too small. */
export function unitsFor({ offFen, atMostPercent, overFen }: BillOffset, billFen: number): number {
  if (billFen < overFen) return 0;
  return Number((BigInt(billFen) * BigInt(atMostPercent)) / 100n / BigInt(offFen));
}

/** The least bill that bears one unit. */
export function leastBill({ offFen, atMostPercent, overFen }: BillOffset): number {
  const percent = BigInt(atMostPercent);
  return Math.max(overFen, Number((BigInt(offFen) * 100n + percent - 1n) / percent));
}

/** When something was agreed at a till: now, or when its till says, if that is not long ago. */
export function agreedAt(
  { at = null }: { readonly at?: Instant | null },
  now: Instant,
): Instant | Refusal {
  if (at === null) return now;
  if (at > now + CLOCK_SKEW_MS || at < now - LATE_MS)
    return refusal('backdating_not_allowed', 'what a till agreed is told within 72 hours');
  return Math.min(at, now);
}

/**
 * What a redemption keeps of a bill that so many units are taken off. Refused: `bill_too_small`, and `bill_offset_too_much` with
 * the most it bears.
 */
export function billOf(
  { billNo, billFen, at, mayOverdraw = false }: AskedBill,
  terms: BillOffset,
  units: number,
  now: Instant,
): Bill | Refusal {
  const most = unitsFor(terms, billFen);
  const leastFen = leastBill(terms);
  if (most === 0)
    return problem('bill_too_small', `the bill must come to at least ${leastFen} fen`, {
      leastFen,
    });
  if (units > most)
    return problem('bill_offset_too_much', `it bears ${most} units at most`, { most });
  const isFinal = mayOverdraw && at !== undefined && at < now - CLOCK_SKEW_MS;
  return { kind: 'bill', billNo, billFen, offFen: units * terms.offFen, isFinal };
}

/** Points are taken off one bill of a merchant once, whatever reward they are redeemed for and whichever till asks. */
export function countOfBill({ billNo }: Bill, merchant: Uuid) {
  return { name: `bill/${merchant}/${billNo}`, of: 'bill', units: 1, max: 1 } as const;
}

/** Of a bill that units were taken off. */
interface Offset {
  readonly billFen: number;
  readonly units: number;
  /** What one of them took off. */
  readonly unitFen: number;
}

/** What was given back for goods of a bill: units, and money by the till. */
export interface GivenBack {
  readonly returnedFen: number;
  readonly units: number;
  readonly cashFen: number;
}

/**
 * What is given back for goods of a bill that come back, beside what was before: units pro rata, the rest in money. Never more
 * money than was paid, nor more units than were taken off, nor all together more than what came back. What is less than a unit
 * and no money is left for waits for the next goods; with the last of them everything is back.
 */
export function giveBack(
  { billFen, units, unitFen }: Offset,
  before: GivenBack,
  returnedFen: number,
): Pick<GivenBack, 'units' | 'cashFen'> {
  const paidFen = billFen - units * unitFen;
  const allFen = before.returnedFen + returnedFen;
  const proRata = Number((BigInt(units) * BigInt(allFen)) / BigInt(billFen)) - before.units;
  const dueFen = allFen - before.units * unitFen - before.cashFen;
  const cashLeftFen = paidFen - before.cashFen;
  const forWantOfCash = Math.ceil((dueFen - cashLeftFen) / unitFen);
  const back = Math.min(Math.floor(dueFen / unitFen), Math.max(proRata, forWantOfCash, 0));
  return { units: back, cashFen: Math.min(cashLeftFen, dueFen - back * unitFen) };
}
