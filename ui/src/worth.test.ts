import { expect, test } from 'vitest';
import { worthOfPoint } from './worth.ts';

const price = (points: readonly number[], cashFen = 0) => ({
  points: points.map((each) => ({ points: each })),
  cashFen,
});

test('a point is worth what is left of the cash value, shared among all that are paid', () => {
  // ¥25 for 500: 5 fen each; half of it in cash leaves as much for each of half as many.
  expect(worthOfPoint(2_500, price([500]))).toBe(5_000_000);
  expect(worthOfPoint(2_500, price([250], 1_250))).toBe(5_000_000);
  expect(worthOfPoint(1_000, price([3]))).toBe(333_333_333);
  // A type of which nothing is to be paid makes nothing unclear.
  expect(worthOfPoint(1_000, price([0, 100]))).toBe(10_000_000);
  expect(worthOfPoint(1_000, price([100, 100]))).toBeUndefined();
  expect(worthOfPoint(1_000, price([]))).toBeUndefined();
});
