import { addToDate, endOfDate, localDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { VoucherForm } from '../../kernel/reward.ts';
import { problem } from '../../platform/web/problem.ts';
import type { Redemption } from '../redemption.ts';
import { leftAtFirst } from '../vouchers/bill.ts';
import type { Voucher } from '../vouchers/voucher.ts';
import type { CaseKind } from './reasons.ts';

/** One of as many as were handed out at once: of each unit, of nights for each room. */
export interface Unit {
  readonly place: number;
  /** What it was handed out as; null: as something else. */
  readonly voucher: Voucher | null;
  /** When it was used last, and that was not undone. */
  readonly usedAt: Instant | null;
  /** When it came to the member, by what is known of it: when it was handed out, or delivered; null: it is on its way. */
  readonly handedOutAt: Instant | null;
}

/** A part of something: `num` / `den`, from 0 to 1. */
export interface Fraction {
  readonly num: number;
  readonly den: number;
}
const WHOLE: Fraction = { num: 1, den: 1 };
const NOTHING: Fraction = { num: 0, den: 1 };

/** Whether using it is coming by a thing or a service, and not money off a bill. */
const isExchange = ({ form }: VoucherForm): boolean => form === 'exchange';
/** Kinds of which something lies in the member's hands that can be given back. */
const isThing = ({ terms: { kind } }: Redemption): boolean => kind === 'goods' || kind === 'sample';

/** Whether somebody has to bring something back: it is no voucher any more, but the thing itself. */
export function comesBack(redemption: Redemption, { voucher, usedAt, handedOutAt }: Unit): boolean {
  return isThing(redemption) && (voucher === null ? handedOutAt : usedAt) !== null;
}

/** How much of a unit the member has not had anything of, as far as this kind of case asks. */
export function leftOf(kind: CaseKind, { voucher, usedAt }: Unit): Fraction {
  if (voucher === null || usedAt === null) return WHOLE;
  const { form, leftFen } = voucher;
  // A thing that is bad, or comes back, is given back whole; what a supplier cannot hand out any more was not had.
  if (isExchange(form)) return kind === 'supplier' ? NOTHING : WHOLE;
  const all = leftAtFirst(form);
  return all === null || leftFen === null ? NOTHING : { num: leftFen, den: all };
}

/** Why the terms do not let this unit be given back, exchanged or made good at this moment; null: they do. */
export function refusedOf(
  kind: Exclude<CaseKind, 'supplier'>,
  redemption: Redemption,
  unit: Unit,
  at: Instant,
  timeZone: string,
): Refusal | null {
  const { returnDays, qualityDays, exchange } = redemption.terms.afterSales;
  const { voucher, usedAt } = unit;
  if (kind === 'return' && returnDays === 0) return problem('after_sales_not_offered');
  if (kind === 'exchange' && !exchange) return problem('after_sales_not_offered');
  if (leftOf(kind, unit).num === 0) return problem('voucher_used');
  if (kind === 'return' && usedAt !== null && !comesBack(redemption, unit))
    return problem('voucher_used');
  const { particulars } = redemption;
  if (kind === 'return' && particulars?.kind === 'booking' && particulars.startsAt <= at)
    return problem('after_sales_too_late');
  const days = {
    return: returnDays,
    exchange: Math.max(returnDays, qualityDays),
    quality: qualityDays,
  }[kind];
  const from = kind === 'return' ? (usedAt ?? unit.handedOutAt) : cameAt(unit);
  const until = from === null ? null : lastMoment(from, days, timeZone);
  if (until !== null && at >= until) return problem('after_sales_too_late', undefined, { days });
  const isLapsed = voucher?.expiresAt != null && voucher.expiresAt <= at;
  return kind === 'return' && usedAt === null && isLapsed ? problem('voucher_expired') : null;
}

/** When the thing itself came to the member; null: not yet, as long as there is only a voucher for it. */
function cameAt({ voucher, usedAt, handedOutAt }: Unit): Instant | null {
  if (voucher === null) return handedOutAt;
  return usedAt ?? voucher.expiresAt;
}

/** The end of the last of so many whole days after the day of `from`. */
export function lastMoment(from: Instant, days: number, timeZone: string): Instant {
  return endOfDate(addToDate(localDate(from, timeZone), { days }), timeZone);
}

/**
 * What of `points` for `pieces` units belongs to the one at `place`: floors of rising sums, so that all units
 * together are exactly the whole, in whichever order and by how many they come back.
 */
export function shareOf(points: number, pieces: number, place: number): number {
  const upTo = (units: number): bigint => (BigInt(points) * BigInt(units)) / BigInt(pieces);
  return Number(upTo(place + 1) - upTo(place));
}

/** The same of several. */
export const shareOfAll = (points: number, pieces: number, places: readonly number[]): number =>
  places.reduce((sum, place) => sum + shareOf(points, pieces, place), 0);

/** So much of `points`, in the member's favour where it does not come out even. */
export function partOf(points: number, { num, den }: Fraction): number {
  return Number((BigInt(points) * BigInt(num) + BigInt(den) - 1n) / BigInt(den));
}
