import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testSeed } from '../../kernel/testing/seed.ts';
import { after, type FundedLot, fateOf, split } from './releases.ts';

const seed = testSeed('releases');
const lots = fc.record({
  drawnMilli: fc.integer({ min: 0, max: 9_000_000_000_000_000 }),
  points: fc.integer({ min: 1, max: 1_000_000_000_000 }),
});
const fresh = (lot: { drawnMilli: number; points: number }): FundedLot => ({
  ...{ ...lot, releasedPoints: 0, usedPoints: 0 },
});

/** Steps as fractions of what is possible then: what of it, and how much. */
const steps = fc.array(
  fc.tuple(
    fc.constantFrom('used', 'released', 'given_back', 'split'),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ),
  { maxLength: 40 },
);

test('whatever goes in whatever order: nothing is released that was not drawn, and all that is gone is all that was drawn', () => {
  fc.assert(
    fc.property(lots, steps, (made, list) => {
      let lot = fresh(made);
      let movedMilli = 0;
      for (const [what, share] of list) {
        const before = fateOf(lot);
        const open = lot.points - lot.releasedPoints - lot.usedPoints;
        const points = Math.floor((what === 'given_back' ? lot.usedPoints : open) * share);
        if (what === 'split') {
          const parts = split(lot, points, points * 2);
          movedMilli += parts.made.drawnMilli;
          lot = parts.left;
        } else lot = after(lot, what as 'used', points);
        const now = fateOf(lot);
        // What was released may have been drawn again: it is never taken back.
        expect(now.releasedMilli).toBeGreaterThanOrEqual(before.releasedMilli);
        expect(now.usedMilli).toBeGreaterThanOrEqual(0);
        expect(now.releasedMilli + now.usedMilli + movedMilli).toBeLessThanOrEqual(made.drawnMilli);
      }
      const rest = lot.points - lot.releasedPoints - lot.usedPoints;
      const end = fateOf(after(lot, 'released', rest));
      if (lot.points > 0)
        expect(end.releasedMilli + end.usedMilli + movedMilli).toBe(made.drawnMilli);
    }),
    { seed, numRuns: 500 },
  );
});

test('a refund that pays a debt with what it gives back leaves it used or releases it', () => {
  const lot = after(fresh({ drawnMilli: 1_000, points: 3 }), 'used', 2);
  expect(fateOf(lot)).toEqual({ releasedMilli: 0, usedMilli: 666 });
  expect(fateOf(after(lot, 'given_back_and_released', 2))).toEqual({
    ...{ releasedMilli: 666, usedMilli: 0 },
  });
});
