import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partOf, shareOf, shareOfAll } from './units.ts';

const points = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const quantity = fc.integer({ min: 1, max: 1_000 });

describe('what belongs to a unit', () => {
  it('adds up to exactly the whole, in whichever parts and order the units come back', () => {
    const cases = fc
      .tuple(points, quantity)
      .chain(([all, units]) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray([...Array(units).keys()], { minLength: units }),
          fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 1_000 }),
        ),
      );
    fc.assert(
      fc.property(cases, ([all, order, sizes]) => {
        const rest = [...order];
        let sum = 0n;
        for (const size of sizes)
          sum += BigInt(shareOfAll(all, order.length, rest.splice(0, size)));
        sum += BigInt(shareOfAll(all, order.length, rest));
        expect(sum).toBe(BigInt(all));
      }),
    );
  });

  it('is the same for all, but for one', () => {
    fc.assert(
      fc.property(points, quantity, (all, units) => {
        const shares = [...Array(units).keys()].map((place) => shareOf(all, units, place));
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('of which a part is left is rounded up, and never more than it was', () => {
    const left = fc
      .integer({ min: 1, max: 1_000_000 })
      .chain((den) => fc.integer({ min: 0, max: den }).map((num) => ({ num, den })));
    fc.assert(
      fc.property(points, left, (all, { num, den }) => {
        const part = BigInt(partOf(all, { num, den }));
        expect(part * BigInt(den)).toBeGreaterThanOrEqual(BigInt(all) * BigInt(num));
        expect((part - 1n) * BigInt(den)).toBeLessThan(BigInt(all) * BigInt(num) + 1n);
        expect(part).toBeLessThanOrEqual(BigInt(all));
      }),
    );
  });
});
