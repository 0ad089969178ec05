import { expect, test } from 'vitest';
import { isChange, signedPoints } from './transaction.ts';

test('what is set aside or let go changes nothing', () => {
  expect([isChange({ kind: 'hold' }), isChange({ kind: 'burn' })]).toEqual([false, true]);
});

test.each([
  ['issue', 5, 5],
  ['burn', 5, -5],
  ['capture', 5, -5],
  ['expire', 5, -5],
  ['hold', 5, 5],
  ['refund', 5, 5],
  ['adjust', -5, -5],
  ['adjust', 5, 5],
] as const)('%s of %i points is shown as %i', (kind, points, shown) => {
  expect(signedPoints({ kind, points })).toBe(shown);
});
