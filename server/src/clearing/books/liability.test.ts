import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testSeed } from '../../kernel/testing/seed.ts';
import { type CohortState, roll, rollLine, unborn } from './cohort.ts';
import {
  allocate,
  expectedUsed,
  givenOf,
  MICRO_PER_FEN,
  NOTHING,
  outstandingOf,
  recognised,
  type Tally,
  toFen,
  usedOf,
} from './liability.ts';

const seed = testSeed('liability');
const tally = (more: Partial<Tally>): Tally => ({ ...NOTHING, ...more });
const fen = (value: bigint): bigint => value * MICRO_PER_FEN;
/** Points at a price of so many fen each. */
const priced = (points: Tally, fenEach: bigint): Tally =>
  Object.fromEntries(
    Object.entries(points).map(([name, value]) => [name, fen(value * fenEach)]),
  ) as unknown as Tally;
const cohort = { pointType: 1, vintage: '2026-01' };

describe('the published example', () => {
  it('splits 100,000.00 of sales and 10,000 points at 97 % into 91,157.70 and 8,842.30', () => {
    const parts = [
      { alone: 10_000_000n, expectedPpm: 1_000_000 },
      { alone: 1_000_000n, expectedPpm: 970_000 },
    ];
    expect(allocate(10_000_000n, parts)).toEqual([9_115_770n, 884_230n]);
  });

  // A liability of 9,000.00 for 10,000 points, of which 9,700 are expected to be used.
  const given = roll(
    unborn(cohort),
    { ...cohort, points: tally({ issued: 10_000n }), worth: tally({ issued: fen(900_000n) }) },
    30_000,
  );
  const use = (before: CohortState, redeemed: bigint, breakagePpm: number): CohortState =>
    roll(
      before,
      { ...cohort, points: tally({ redeemed }), worth: priced(tally({ redeemed }), 90n) },
      breakagePpm,
    );
  const releasedIn = (before: CohortState, after: CohortState): bigint => {
    const { opening, closing } = rollLine(before, after).fen;
    return opening - closing;
  };

  it('releases 4,175.26 with 4,500 of 9,700 used', () => {
    const second = use(given, 4_500n, 30_000);
    expect(rollLine(unborn(cohort), given).fen).toMatchObject({
      issued: 900_000n,
      closing: 900_000n,
    });
    expect(rollLine(given, second).fen).toEqual({
      opening: 900_000n,
      issued: 0n,
      moved: 0n,
      takenBack: 0n,
      redeemed: 405_000n,
      settled: 0n,
      breakage: 12_526n,
      catchUp: 0n,
      closing: 482_474n,
    });
    expect(releasedIn(given, second)).toBe(417_526n);
  });

  it('releases 3,552.01 in the year after when 9,900 are expected now, and 4,139.96 when 9,200 are', () => {
    const second = use(given, 4_500n, 30_000);
    const more = use(second, 4_000n, 10_000);
    expect(releasedIn(second, more)).toBe(355_201n);
    // 9,000.00 × 4,500 / 9,900 would have been 4,090.91 in the year before: 84.35 of it are taken back.
    expect(rollLine(second, more).fen.catchUp).toBe(-8_435n);
    const fewer = use(second, 4_000n, 80_000);
    expect(releasedIn(second, fewer)).toBe(413_996n);
    expect(rollLine(second, fewer).fen.catchUp).toBe(22_692n);
  });
});

describe('what is recognised', () => {
  const given = tally({ issued: 100n });
  it('is, without an estimate, what was used and what has lapsed', () => {
    const points = tally({ issued: 100n, redeemed: 40n, expired: 20n });
    expect(recognised(priced(points, 10n), null)).toBe(fen(600n));
    expect(recognised(priced(given, 10n), null)).toBe(0n);
  });

  it('is never so little that more is owed than what is left would cost', () => {
    const points = tally({ issued: 100n, redeemed: 40n, expired: 30n });
    // 80 expected, but only 70 can still be: 1,000 × 40 / 70 = 571, and 700 are gone.
    expect(recognised(priced(points, 10n), 200_000)).toBe(fen(700n));
  });

  it('is at what the lots cost, where a cohort has points of different prices', () => {
    // 100 points for nothing, all of them used, and 100 at 10 fen: nothing of those is recognised.
    const worth = tally({ issued: fen(1_000n), redeemed: 0n });
    expect(recognised(worth, 100_000)).toBe(0n);
  });

  it('is everything once nothing is left, whatever was expected', () => {
    const points = tally({ issued: 100n, redeemed: 40n, expired: 60n });
    expect(recognised(priced(points, 10n), 0)).toBe(fen(1_000n));
    expect(recognised(priced(points, 10n), 990_000)).toBe(fen(1_000n));
  });

  it('is in proportion to use before anything lapses', () => {
    const points = tally({ issued: 100n, redeemed: 40n });
    expect(recognised(priced(points, 10n), 200_000)).toBe(fen(500n));
    expect(recognised(priced(given, 10n), 200_000)).toBe(0n);
    // More was used than anybody expected: all that is left is released with it.
    expect(recognised(priced(points, 10n), 990_000)).toBe(fen(1_000n));
  });
});

const amount = fc.bigInt({ min: 0n, max: 10n ** 9n });
/** A period's doings that leave nothing below zero: shares of what there is. */
const step = fc.record({
  issued: amount,
  shares: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 4, maxLength: 4 }),
  cost: fc.bigInt({ min: 0n, max: 10n ** 9n }),
  breakage: fc.option(fc.integer({ min: 0, max: 990_000 })),
});

describe('any history of a cohort', () => {
  it('rolls forward to the fen, never owes below zero or above what is left, and ends with nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        let state = unborn(cohort);
        let last = 0n;
        const unitCost = steps[0]?.cost ?? 0n;
        const play = (points: Tally, breakage: number | null): void => {
          const worth = Object.fromEntries(
            Object.entries(points).map(([name, value]) => [name, value * unitCost]),
          ) as unknown as Tally;
          const next = roll(state, { ...cohort, points, worth }, breakage);
          const { fen: flow, points: moved } = rollLine(state, next);
          expect(flow.opening).toBe(last);
          expect(
            flow.opening +
              flow.issued +
              flow.moved -
              flow.takenBack -
              flow.redeemed -
              flow.settled -
              flow.breakage -
              flow.catchUp,
          ).toBe(flow.closing);
          expect(moved.opening + givenOf(moved) - usedOf(moved) - moved.expired).toBe(
            moved.closing,
          );
          expect(flow.closing).toBeGreaterThanOrEqual(0n);
          expect(flow.closing).toBeLessThanOrEqual(toFen(outstandingOf(next.points) * unitCost));
          last = flow.closing;
          state = next;
        };
        for (const { issued, shares, breakage } of steps) {
          let left = outstandingOf(state.points) + issued;
          const [redeemed, settled, expired, takenBack] = shares.map((share) => {
            const part = (left * BigInt(share)) / 100n;
            left -= part;
            return part;
          }) as [bigint, bigint, bigint, bigint];
          play(tally({ issued, redeemed, settled, expired, takenBack }), breakage);
        }
        play(tally({ expired: outstandingOf(state.points) }), null);
        expect(last).toBe(0n);
      }),
      { seed },
    );
  });

  it('expects no fewer uses than there were, and no more than there can be', () => {
    fc.assert(
      fc.property(amount, amount, amount, fc.integer({ min: 0, max: 990_000 }), (a, b, c, ppm) => {
        const points = tally({ issued: a + b + c, redeemed: a, expired: b });
        const expected = expectedUsed(points, ppm);
        return expected >= a && expected <= a + c;
      }),
      { seed },
    );
  });

  it('allocates every fen of a price', () => {
    const part = fc.record({ alone: amount, expectedPpm: fc.integer({ min: 1, max: 1_000_000 }) });
    fc.assert(
      fc.property(amount, fc.array(part, { minLength: 1, maxLength: 9 }), (price, parts) => {
        fc.pre(parts.some(({ alone }) => alone > 0n));
        const split = allocate(price, parts);
        expect(split.reduce((sum, each) => sum + each, 0n)).toBe(price);
        for (const each of split) expect(each).toBeGreaterThanOrEqual(0n);
      }),
      { seed },
    );
  });
});
