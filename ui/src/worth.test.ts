import { expect, test } from 'vitest';
import { worthOfPoint } from './worth.ts';

const whole = () => 0;

const price = (points: readonly number[], cashFen = 0) => ({
  points: points.map((each) => ({ pointType: 'points', points: each })),
  cashFen,
});

test('a point is worth what is left of the cash value, shared among all that are paid', () => {
  // ¥25 for 500: 5 fen each; half of it in cash leaves as much for each of half as many.
  expect(worthOfPoint(2_500, price([500]), whole)).toBe(5_000_000);
  expect(worthOfPoint(2_500, price([250], 1_250), whole)).toBe(5_000_000);
  expect(worthOfPoint(1_000, price([3]), whole)).toBe(333_333_333);
  // A type of which nothing is to be paid makes nothing unclear.
  expect(worthOfPoint(1_000, price([0, 100]), whole)).toBe(10_000_000);
  expect(worthOfPoint(1_000, price([100, 100]), whole)).toBeUndefined();
  expect(worthOfPoint(1_000, price([]), whole)).toBeUndefined();
});

test('a point is a whole one, however many decimals its type has', () => {
  // ¥25 for 5.00.
  expect(worthOfPoint(2_500, price([500]), () => 2)).toBe(500_000_000);
});
