import { describe, expect, test } from 'vitest';
import { type Known, nextThing } from './next-thing.ts';

const NOW = Date.parse('2026-11-22T00:00:00Z');
const balance = (expiring: { at: string; points: number }[]): Known['balances'][number] => ({
  ...{ programme: 'demo', pointType: 'points', available: 500, pending: 0, held: 0, debt: 0 },
  ...{ lifetimeEarned: 500, lifetimeRedeemed: 0, lifetimeExpired: 0, expiring },
});
const offer = (
  rewardId: string,
  missing: { pointType: string; points: number }[],
  more: Partial<Known['offers'][number]> = {},
): Known['offers'][number] =>
  ({
    rewardId,
    redeemable: missing.length === 0,
    unmet: null,
    body: { name: { zh: rewardId } },
    options: [{ missing }],
    ...more,
  }) as Known['offers'][number];
const tier = (match: 'any' | 'all', missing: readonly number[]): NonNullable<Known['tier']> => ({
  ...{ name: null, losing: false, until: null },
  window: { from: '2026-07-01T00:00:00Z', until: '2027-01-01T00:00:00Z' },
  next: {
    ...{ tier: 'gold', name: '金卡', match },
    measures: missing.map((each, place) => ({
      measure: place === 0 ? ('spendFen' as const) : ('visits' as const),
      ...{ done: 100 - each, needed: 100, missing: each },
    })),
  },
});
const SOON = [{ at: '2026-12-01T00:00:00Z', points: 30 }];
const LATER = [{ at: '2027-12-01T00:00:00Z', points: 30 }];
const known = (some: Partial<Known>): Known => ({
  ...{ balances: [balance([])], offers: [], tier: undefined, now: NOW },
  ...some,
});

describe('the next good thing', () => {
  test('is to use what is lost soon, where it can be used', () => {
    const balances = [balance(SOON)];
    expect(nextThing(known({ balances, offers: [offer('cup', [])] }))).toEqual({
      ...{ kind: 'expiring', points: 30, pointType: 'points', at: SOON[0]?.at },
    });
    expect(nextThing(known({ balances })).kind).toBe('begin');
    const later = known({ balances: [balance(LATER)], offers: [offer('cup', [])] });
    expect(nextThing(later)).toMatchObject({ kind: 'reward', rewardId: 'cup' });
  });

  test('is a tier that is close: the nearest measure where any is enough, the furthest where all are needed', () => {
    expect(nextThing(known({ tier: tier('any', [90, 10]) }))).toMatchObject({
      ...{ kind: 'tier', measure: 'visits', missing: 10 },
    });
    expect(nextThing(known({ tier: tier('all', [90, 10]) })).kind).toBe('begin');
    expect(nextThing(known({ tier: tier('all', [20, 10]) }))).toMatchObject({ missing: 20 });
    expect(nextThing(known({ tier: tier('any', [26]) })).kind).toBe('begin');
  });

  test('is the reward that the fewest points are missing for, none of one that is not for them', () => {
    const offers = [
      offer('far', [{ pointType: 'points', points: 400 }]),
      offer('two-types', [
        { pointType: 'points', points: 1 },
        { pointType: 'green', points: 1 },
      ]),
      offer('gold-only', [{ pointType: 'points', points: 5 }], {
        unmet: { code: 'tier', wanted: 'gold', found: '-', zh: '', en: '' },
      }),
      offer('near', [{ pointType: 'points', points: 40 }]),
    ];
    expect(nextThing(known({ offers }))).toMatchObject({ rewardId: 'near', missing: 40 });
    expect(nextThing(known({}))).toEqual({ kind: 'begin' });
  });
});
