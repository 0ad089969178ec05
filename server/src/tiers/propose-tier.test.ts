import { describe, expect, it } from 'vitest';
import { addToDate } from '../kernel/calendar.ts';
import { proposedBy, trendOf } from './propose-tier.ts';
import type { TierScheme } from './scheme.ts';

const TODAY = '2028-06-30';
const daysAgo = (...ago: number[]) =>
  ago.map((days) => ({
    day: addToDate(TODAY, { days: -days }),
    spendFen: 100,
    orders: 1,
    points: 1,
  }));

describe('how often somebody comes', () => {
  it('is counted over 60 days up to yesterday, and the 60 before', () => {
    expect(trendOf(daysAgo(121, 120, 61, 60, 1, 0), TODAY)).toEqual({
      recentVisits: 2,
      earlierVisits: 2,
      recentSpendFen: 200,
    });
  });

  it('counts no day of which everything came back', () => {
    const [day] = daysAgo(3);
    if (day === undefined) throw new Error('a day');
    const given = { ...day, orders: 0, spendFen: 0 };
    expect(trendOf([given], TODAY).recentVisits).toBe(0);
  });
});

describe('the next tier early', () => {
  const scheme: TierScheme = {
    window: { kind: 'rolling', months: 12 },
    tiers: [
      { code: 'silver', name: '银卡', qualify: { visits: 6 } },
      { code: 'gold', name: '金卡', qualify: { visits: 60 } },
    ],
  };
  const trend = (recentVisits: number, earlierVisits: number) => ({
    recentVisits,
    earlierVisits,
    recentSpendFen: 0,
  });
  const asked = (
    tier: string | null,
    recent: number,
    earlier: number,
    floor: { tier: string; until: string } | null = null,
  ) => proposedBy(scheme, { tier, floor }, trend(recent, earlier))?.code;

  it('is for who comes twice as often, on four days or more', () => {
    expect(asked('silver', 4, 2)).toBe('gold');
    expect(asked(null, 4, 0)).toBe('silver');
    expect(asked('silver', 5, 3)).toBeUndefined();
    expect(asked('silver', 3, 0)).toBeUndefined();
  });

  it('is not for who has the highest, or one given by hand', () => {
    expect(asked('gold', 8, 0)).toBeUndefined();
    expect(asked('silver', 8, 0, { tier: 'silver', until: '2028-12-31' })).toBeUndefined();
  });
});
