import { describe, expect, it } from 'vitest';
import { type CohortState, roll, unborn } from './cohort.ts';
import { measureBreakage } from './history.ts';
import { NOTHING, type Tally } from './liability.ts';

/** A cohort of so many points, of which in each period of its life so many are used and lapse; told for every period. */
function live(vintage: string, issued: bigint, steps: readonly (readonly [bigint, bigint])[]) {
  let state = unborn({ pointType: 1, vintage });
  return steps.map(([redeemed, expired], index): CohortState => {
    const points: Tally = { ...NOTHING, issued: index === 0 ? issued : 0n, redeemed, expired };
    state = roll(state, { pointType: 1, vintage, points, worth: points }, null);
    return state;
  });
}
/** Cohorts that begin one period after the other, as the books tell of them period by period. */
function told(cohorts: readonly (readonly CohortState[])[]): CohortState[][] {
  const periods: CohortState[][] = [];
  for (const [start, life] of cohorts.entries())
    for (const [age, state] of life.entries()) {
      periods[start + age] ??= [];
      periods[start + age]?.push(state);
    }
  return periods;
}

describe('breakage by history', () => {
  it('is what lapsed, when all cohorts lived alike, and certain', () => {
    const steps = [
      [40n, 0n],
      [30n, 0n],
      [10n, 20n],
    ] as const;
    const cohorts = ['2026-01', '2026-02', '2026-03'].map((each) => live(each, 100n, steps));
    expect(measureBreakage(told(cohorts))).toEqual({
      cohorts: 3,
      breakagePpm: 200_000,
      errorPpm: 0,
    });
  });

  it('is unknown until three cohorts came to their end', () => {
    const steps = [
      [40n, 0n],
      [30n, 30n],
    ] as const;
    const young = live('2026-03', 100n, [[40n, 0n]]);
    const cohorts = [live('2026-01', 100n, steps), live('2026-02', 100n, steps), young];
    expect(measureBreakage(told(cohorts))).toEqual({
      cohorts: 2,
      breakagePpm: null,
      errorPpm: null,
    });
    expect(measureBreakage([])).toEqual({ cohorts: 0, breakagePpm: null, errorPpm: null });
  });

  it('is less certain where cohorts differ', () => {
    const cohorts = [
      live('2026-01', 100n, [
        [80n, 0n],
        [0n, 20n],
      ]),
      live('2026-02', 100n, [
        [60n, 0n],
        [0n, 40n],
      ]),
      live('2026-03', 100n, [
        [70n, 0n],
        [0n, 30n],
      ]),
    ];
    // At the second age all that is left lapses, so only the first age is uncertain: 70 of 100 used, with a standard deviation of 10
    // between cohorts, and of 10 / √3 of their mean.
    expect(measureBreakage(told(cohorts))).toEqual({
      cohorts: 3,
      breakagePpm: 300_000,
      errorPpm: 57_735,
    });
  });

  it('learns from cohorts that are still young, and counts as used what is left at the greatest age', () => {
    const full = [
      [50n, 0n],
      [0n, 50n],
    ] as const;
    const cohorts = [
      ...['2026-01', '2026-02', '2026-03'].map((each) => live(each, 100n, full)),
      live('2026-04', 300n, [[(300n * 3n) / 4n, 0n]]),
    ];
    // At the first age 375 of 600 were used; the rest lapses.
    expect(measureBreakage(told(cohorts)).breakagePpm).toBe(375_000);
  });
});
