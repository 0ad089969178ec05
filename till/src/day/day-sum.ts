import { sumOfPoints, times } from '../queue/amounts.ts';
import type { Entry, Points } from '../queue/entry.ts';

/** What one day at this till came to. Points above zero; money in fen. */
export interface DaySum {
  readonly sales: number;
  readonly salesFen: number;
  readonly earned: Points;
  readonly offsets: number;
  readonly burned: Points;
  readonly offsetFen: number;
  readonly vouchers: number;
  readonly voucherFen: number;
  readonly returns: number;
  readonly returnedFen: number;
  /** What returns took of the points that were given, and gave back of those that were taken. */
  readonly takenBack: Points;
  readonly givenBack: Points;
  readonly undone: number;
  readonly waiting: number;
  readonly failed: number;
}

/**
 * Sums what was booked; what waits or failed is counted alone, for it may yet come to nothing. What was undone is no sale, and what had
 * come back of it before is no return: undoing takes the rest, so that together they are nothing.
 */
export function sumOf(entries: readonly Entry[]): DaySum {
  const undone = new Set(
    entries.flatMap(({ act, state }) =>
      act.kind === 'undo' && state === 'booked' ? [act.of] : [],
    ),
  );
  const sum: { -readonly [K in keyof DaySum]: DaySum[K] } = {
    ...{ sales: 0, salesFen: 0, earned: {}, offsets: 0, burned: {}, offsetFen: 0, vouchers: 0 },
    ...{ voucherFen: 0, returns: 0, returnedFen: 0, undone: undone.size, waiting: 0, failed: 0 },
    ...{ takenBack: {}, givenBack: {} },
  };
  const gone = new Set(
    entries.flatMap(({ key, act }) =>
      act.kind === 'earn' && undone.has(key) ? [act.orderNo] : [],
    ),
  );
  for (const entry of entries) {
    if (entry.state === 'waiting') sum.waiting += 1;
    else if (entry.state === 'refused') sum.failed += 1;
    if (entry.state !== 'booked' || undone.has(entry.key)) continue;
    const { act, booked } = entry;
    switch (act.kind) {
      case 'earn':
        sum.sales += 1;
        sum.salesFen += act.amountFen;
        sum.earned = sumOfPoints(sum.earned, booked.points);
        break;
      case 'offset':
        sum.offsets += 1;
        sum.burned = sumOfPoints(sum.burned, times(booked.points, -1));
        sum.offsetFen += booked.fen;
        break;
      case 'voucher':
        sum.vouchers += 1;
        sum.voucherFen += booked.fen;
        break;
      case 'return':
        if (gone.has(act.orderNo)) break;
        sum.returns += 1;
        sum.returnedFen += act.amountFen;
        sum.takenBack = sumOfPoints(sum.takenBack, times(booked.points, -1));
        break;
      case 'return_bill':
        sum.returns += 1;
        sum.returnedFen += act.amountFen;
        sum.givenBack = sumOfPoints(sum.givenBack, booked.points);
        break;
      case 'undo':
        break;
    }
  }
  return sum;
}
