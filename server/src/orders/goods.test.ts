import { describe, expect, it } from 'vitest';
import { effectiveTime } from '../kernel/effective-time.ts';
import { asUuid } from '../kernel/id.ts';
import { candidatesFor, type OpenLine, type OpenOrder, revalue, takeBack } from './goods.ts';
import { leftOf, netOf, worthOf } from './order.ts';

const id = (n: number) => asUuid(`00000000-0000-7000-8000-${String(n).padStart(12, '0')}`);
const orderAt = (arrival: number, source: string | null = null): OpenOrder => ({
  id: id(arrival),
  member: id(0),
  arrival,
  source,
  ratio: { points: 1, perFen: 100 },
  dueFen: 0,
  pointsDue: 0,
  ruled: null,
});
function lineOf(order: OpenOrder, lineNo: number, quantity: number, amountFen: number): OpenLine {
  order.dueFen += amountFen;
  order.pointsDue = Math.floor(order.dueFen / 100);
  return { order, lineNo, sku: 'A', quantity, amountFen, returned: 0, refundedFen: 0 };
}

describe('what is left', () => {
  // The rule of the import: floor(amountFen × left / quantity).
  it.each([
    [1000, 3, 2, 666],
    [1000, 3, 1, 333],
    [1000, 3, 0, 0],
    [1, 2, 1, 0],
    // Beyond what a float multiplies exactly.
    [9_007_199_254_740_991, 3, 2, 6_004_799_503_160_660],
  ])('of %i fen for %i pieces with %i left is %i', (amountFen, quantity, left, expected) => {
    expect(leftOf({ amountFen, quantity }, left)).toBe(expected);
  });

  it('taking a line back piece by piece leaves what taking it at once would', () => {
    const [slow, fast] = [orderAt(1), orderAt(2)];
    const lines = [lineOf(slow, 1, 7, 1000), lineOf(fast, 1, 7, 1000)];
    for (let piece = 0; piece < 5; piece += 1) takeBack([lines[0] as OpenLine], 1);
    takeBack([lines[1] as OpenLine], 5);
    expect(slow.dueFen).toBe(285);
    expect(fast.dueFen).toBe(285);
  });

  it('points are floored on the sum of what remains, not line by line', () => {
    const order = orderAt(1);
    const line = lineOf(order, 1, 2, 150);
    lineOf(order, 2, 1, 150);
    takeBack([line], 1);
    expect(order.dueFen).toBe(225);
    expect(revalue([order])).toMatchObject([{ order: id(1), pointsBefore: 3, pointsAfter: 2 }]);
  });
});

describe('which goods', () => {
  it('last line first, across orders, and never more than there are', () => {
    const [first, second] = [orderAt(1), orderAt(2)];
    const lines = [lineOf(first, 1, 2, 0), lineOf(first, 9, 2, 0), lineOf(second, 3, 2, 0)];
    const { matched, unmatched } = takeBack(
      candidatesFor(lines, null, { sku: 'A', lineNo: null }),
      7,
    );
    expect(
      matched.map(({ line, quantity }) => [line.order.arrival, line.lineNo, quantity]),
    ).toEqual([
      [2, 3, 2],
      [1, 9, 2],
      [1, 1, 2],
    ]);
    expect(unmatched).toBe(1);
  });

  it('a place means nothing without a source, and a source nothing without a place', () => {
    const lines = [lineOf(orderAt(1, 's'), 50, 1, 0), lineOf(orderAt(2, 's'), 10, 1, 0)];
    const arrivals = (source: string | null, lineNo: number | null): number[] =>
      candidatesFor(lines, source, { sku: 'A', lineNo }).map((line) => line.order.arrival);
    expect(arrivals(null, 20)).toEqual([2, 1]);
    expect(arrivals('s', null)).toEqual([2, 1]);
    expect(arrivals('s', 20)).toEqual([2]);
    expect(arrivals('s', 60)).toEqual([1, 2]);
    expect(arrivals('other', 1)).toEqual([2, 1]);
  });
});

describe('what an order is worth', () => {
  it('is floored, and nothing says why', () => {
    const ratio = { points: 1, perFen: 100 };
    expect(worthOf(ratio, 199)).toEqual({ points: 1, noPointsReason: null });
    expect(worthOf(ratio, 99)).toEqual({ points: 0, noPointsReason: 'below_one_point' });
    expect(worthOf(ratio, 0)).toEqual({ points: 0, noPointsReason: 'nothing_paid' });
    expect(worthOf({ points: 1000, perFen: 1 }, Number.MAX_SAFE_INTEGER)).toMatchObject({
      code: 'points_out_of_range',
    });
  });

  it('lines beyond the safe range have no sum', () => {
    expect(netOf([{ amountFen: Number.MAX_SAFE_INTEGER }, { amountFen: 1 }])).toBeUndefined();
  });
});

describe('when it counts', () => {
  const [minute, day] = [60_000, 86_400_000];
  const now = 100 * day;
  it.each([
    [now, false, { effectiveAt: null }],
    [now - 3 * day, false, { effectiveAt: null }],
    [now - 3 * day - 1, false, { code: 'backdating_not_allowed' }],
    [now + 5 * minute, false, { effectiveAt: null }],
    [now + 5 * minute + 1, false, { code: 'backdating_not_allowed' }],
    [now - 5 * minute, true, { effectiveAt: null }],
    [now - 5 * minute - 1, true, { effectiveAt: now - 5 * minute - 1 }],
    [now + 5 * minute + 1, true, { code: 'time_in_future' }],
  ])('at %i with the right to backdate: %s', (at, mayBackdate, expected) => {
    expect(effectiveTime(at, now, mayBackdate)).toMatchObject(expected);
  });
});
