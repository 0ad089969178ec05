import fc from 'fast-check';
import { expect, test } from 'vitest';
import { POINTS_MAX } from '../kernel/points.ts';
import { testSeed } from '../kernel/testing/seed.ts';
import { claimOf, showPercent } from './claim.ts';
import { promoted } from './pricing.ts';
import type { PromotionPrice } from './promotion.ts';

const seed = testSeed('pricing');
const parts = fc.uniqueArray(
  fc.record({
    pointType: fc.constantFrom('points', 'green', 'miles'),
    points: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: POINTS_MAX })),
  }),
  { minLength: 1, maxLength: 3, selector: ({ pointType }) => pointType },
);
const part = fc.integer({ min: 1, max: 1_000_000 });
const prices: fc.Arbitrary<PromotionPrice> = fc.oneof(
  fc.record({ kind: fc.constant('ratio' as const), num: part, den: part }),
  fc.record({
    kind: fc.constant('fixed' as const),
    pointType: fc.constantFrom('points', 'green'),
    points: fc.integer({ min: 1, max: POINTS_MAX }),
  }),
);

test('nobody ever pays more than the plain price, or nothing', () => {
  fc.assert(
    fc.property(parts, prices, (plain, price) => {
      const now = promoted(plain, price);
      expect(now.map(({ pointType }) => pointType)).toEqual(
        plain.map(({ pointType }) => pointType),
      );
      for (const [place, { points }] of now.entries()) {
        expect(points).toBeGreaterThanOrEqual(1);
        expect(points).toBeLessThanOrEqual(plain[place]?.points ?? 0);
      }
    }),
    { seed, numRuns: 500 },
  );
});

test('a ratio takes off all but a part of a point', () => {
  fc.assert(
    fc.property(parts, part, part, (plain, a, b) => {
      const [num, den] = a < b ? [a, b] : [b, a];
      for (const [place, { points }] of promoted(plain, { kind: 'ratio', num, den }).entries()) {
        const exact = BigInt(plain[place]?.points ?? 0) * BigInt(num);
        expect(BigInt(points) * BigInt(den) - exact).toBeGreaterThanOrEqual(0n);
        expect(BigInt(points) * BigInt(den) - exact).toBeLessThan(BigInt(den));
      }
    }),
    { seed, numRuns: 500 },
  );
});

test('the two figures of a claim say the same: (1 − discount) × (1 + uplift) = 1', () => {
  fc.assert(
    fc.property(parts, prices, (plain, price) => {
      const claim = claimOf(plain, promoted(plain, price));
      if (claim === null) return;
      const [d, u] = [claim.discount, claim.uplift];
      expect(BigInt(d.den - d.num) * BigInt(u.den + u.num)).toBe(BigInt(d.den) * BigInt(u.den));
      expect(d.num).toBeGreaterThan(0);
      expect(showPercent(d)).toMatch(/^\d+\.\d$/);
    }),
    { seed, numRuns: 500 },
  );
});
