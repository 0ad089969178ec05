import { addToDate, endOfDate, localDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Lasts, VoucherForm } from '../../kernel/reward.ts';

/** What a voucher takes off a bill, in fen, and what is left of it for other bills: null where it is used as a whole. */
export interface Taken {
  readonly offFen: number;
  readonly leftFen: number | null;
}

/** What is left of a new voucher; null: it is used as a whole. */
export function leftAtFirst(form: VoucherForm): number | null {
  return form.form === 'no_threshold' && form.partial ? form.offFen : null;
}

/**
 * What a voucher does to a bill. Never more than the bill comes to. A percentage is rounded up to whole fen, in the member's
 * favour. What one without parts is worth above the bill is lost; the till says so before, by a check.
 *
 * Refused: `bill_too_small`, with the least it must come to.
 */
export function takeOff(
  form: VoucherForm,
  billFen: number,
  leftFen: number | null,
): Taken | Refusal {
  switch (form.form) {
    case 'full_reduction':
      // However little the threshold is, there must be something to take from.
      if (billFen < Math.max(form.overFen, 1)) return tooSmall(Math.max(form.overFen, 1));
      return { offFen: Math.min(form.offFen, billFen), leftFen: null };
    case 'no_threshold': {
      if (billFen < 1) return tooSmall(1);
      const offFen = Math.min(leftFen ?? form.offFen, billFen);
      return { offFen, leftFen: leftFen === null ? null : leftFen - offFen };
    }
    case 'percentage': {
      if (billFen < 1) return tooSmall(1);
      const exact = (BigInt(billFen) * BigInt(form.percentOff) + 99n) / 100n;
      return { offFen: Math.min(Number(exact), form.atMostFen, billFen), leftFen: null };
    }
    case 'exchange':
      return { offFen: 0, leftFen: null };
  }
}

function tooSmall(leastFen: number): Refusal {
  return refusal('bill_too_small', `the bill must come to at least ${leastFen} fen`, { leastFen });
}

/** Until when a voucher counts that was made at `from`: always to the end of a day, and not included. */
export function lapsesAt(lasts: Lasts, from: Instant, timeZone: string): Instant {
  const date = 'until' in lasts ? lasts.until : addToDate(localDate(from, timeZone), lasts);
  return endOfDate(date, timeZone);
}
