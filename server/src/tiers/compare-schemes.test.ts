import { describe, expect, it } from 'vitest';
import { compareSchemes } from './compare-schemes.ts';
import type { Tier, TierScheme } from './scheme.ts';

const silver: Tier = { code: 'silver', name: 'S', qualify: { spendFen: 100, visits: 5 } };
const gold: Tier = {
  code: 'gold',
  name: 'G',
  qualify: { match: 'any', spendFen: 500, points: 900 },
  benefits: {
    exclusiveRewards: true,
    priorityMinutes: 30,
    services: [{ code: 'wash', name: 'W', quota: 2, per: 'month' }],
  },
};
const SCHEME: TierScheme = {
  window: { kind: 'calendar', unit: 'year' },
  tiers: [silver, gold],
  downgrade: { to: 'one_step', graceDays: 10, noticeDays: 7, returns: 'review' },
};
const withTiers = (...tiers: Tier[]): TierScheme => ({ ...SCHEME, tiers });
const worse = (after: TierScheme): string[] =>
  compareSchemes(SCHEME, after).reasons.map(({ path, reason }) => `${path} ${reason}`);

describe('a scheme compared with what it replaces', () => {
  it.each<[string, TierScheme]>([
    ['the same', SCHEME],
    ['asks for less', withTiers({ ...silver, qualify: { spendFen: 99, visits: 5 } }, gold)],
    ['asks for one thing less', withTiers({ ...silver, qualify: { visits: 5 } }, gold)],
    [
      'any instead of all',
      withTiers({ ...silver, qualify: { match: 'any', spendFen: 100, points: 1 } }, gold),
    ],
    [
      'another way to reach it',
      withTiers(silver, { ...gold, qualify: { ...gold.qualify, visits: 50 } }),
    ],
    ['a tier between', withTiers(silver, { ...silver, code: 'middle' }, gold)],
    ['more grace', { ...SCHEME, downgrade: { ...SCHEME.downgrade, graceDays: 11 } }],
    [
      'more benefits',
      withTiers(silver, { ...gold, benefits: { ...gold.benefits, priorityMinutes: 31 } }),
    ],
  ])('as good: %s', (_, after) => {
    expect(compareSchemes(SCHEME, after)).toEqual({ verdict: 'better_or_equal', reasons: [] });
  });

  it.each<[string, TierScheme, string]>([
    ['window', { ...SCHEME, window: { kind: 'rolling', months: 12 } }, '/window another_window'],
    ['unit', { ...SCHEME, window: { kind: 'calendar', unit: 'month' } }, '/window another_window'],
    ['a tier less', withTiers(gold), '/tiers/0 tier_gone'],
    ['another order', withTiers(gold, silver), '/tiers/0 tier_lower'],
    [
      'more',
      withTiers({ ...silver, qualify: { spendFen: 101, visits: 5 } }, gold),
      '/tiers/0/qualify asks_more',
    ],
    [
      'all instead of any',
      withTiers(silver, { ...gold, qualify: { spendFen: 500, points: 900 } }),
      '/tiers/1/qualify asks_more',
    ],
    [
      'a way less',
      withTiers(silver, { ...gold, qualify: { spendFen: 500 } }),
      '/tiers/1/qualify asks_more',
    ],
    [
      'something else',
      withTiers({ ...silver, qualify: { match: 'any', points: 1 } }, gold),
      '/tiers/0/qualify asks_more',
    ],
    [
      'one thing more',
      withTiers({ ...silver, qualify: { ...silver.qualify, points: 1 } }, gold),
      '/tiers/0/qualify asks_more',
    ],
    [
      'fewer minutes',
      withTiers(silver, { ...gold, benefits: { ...gold.benefits, priorityMinutes: 29 } }),
      '/tiers/1/benefits/priorityMinutes fewer',
    ],
    [
      'no rewards',
      withTiers(silver, { ...gold, benefits: { ...gold.benefits, exclusiveRewards: false } }),
      '/tiers/1/benefits/exclusiveRewards gone',
    ],
    [
      'a lower quota',
      withTiers(silver, {
        ...gold,
        benefits: {
          ...gold.benefits,
          services: [{ code: 'wash', name: 'W', quota: 1, per: 'month' }],
        },
      }),
      '/tiers/1/benefits/services wash_less',
    ],
    [
      'less grace',
      { ...SCHEME, downgrade: { ...SCHEME.downgrade, graceDays: 9 } },
      '/downgrade/graceDays shorter',
    ],
    [
      'less notice',
      { ...SCHEME, downgrade: { ...SCHEME.downgrade, noticeDays: 6 } },
      '/downgrade/noticeDays shorter',
    ],
    [
      'further',
      { ...SCHEME, downgrade: { ...SCHEME.downgrade, to: 'qualification' } },
      '/downgrade/to falls_further',
    ],
    [
      'sooner',
      { ...SCHEME, downgrade: { ...SCHEME.downgrade, returns: 'at_once' } },
      '/downgrade/returns sooner',
    ],
  ])('worse: %s', (_, after, reason) => {
    expect(worse(after)).toContain(reason);
    expect(compareSchemes(SCHEME, after).verdict).toBe('worse');
  });
});
