import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitByLargestRemainder } from '../kernel/points.ts';
import { splitShares } from './split-shares.ts';

const shares = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 6 });
const total = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n });

it('adds up, and gives each its share to less than one', () => {
  fc.assert(
    fc.property(total, shares, (total, shares) => {
      const parts = splitShares(total, shares);
      expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
      const sum = shares.reduce((a, b) => a + BigInt(b), 0n);
      for (const [place, share] of shares.entries()) {
        const off = (parts[place] as bigint) * sum - total * BigInt(share);
        expect(off > -sum && off < sum).toBe(true);
      }
    }),
  );
});

it('says of small totals what is said of points', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), shares, (total, shares) => {
      expect(splitShares(BigInt(total), shares).map(Number)).toEqual(
        splitByLargestRemainder(total, shares),
      );
    }),
  );
});

it('gives what is left over to the earlier of equals', () => {
  expect(splitShares(5n, [1, 1, 1])).toEqual([2n, 2n, 1n]);
  expect(splitShares(1n, [1, 2, 1])).toEqual([0n, 1n, 0n]);
  expect(splitShares(7n, [5])).toEqual([7n]);
  expect(() => splitShares(1n, [0, 0])).toThrow(RangeError);
});
