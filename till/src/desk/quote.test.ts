import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Offer } from '../app/shop.ts';
import type { Act, Entry } from '../queue/entry.ts';
import { offersAt, quoteAlone, worthChoosing } from './quote.ts';

const offerOf = (more: Partial<Offer> = {}): Offer => ({
  ...{ rewardId: 'rwd', name: { zh: '抵扣' }, points: 20, pointType: 'points' },
  ...{ offFen: 100, atMostPercent: 50, overFen: 0, stores: null },
  ...more,
});
const DAY = '2026-11-23';
const limit = (dayMax: number) => ({ day: DAY, dayMax, dayOf: () => DAY });
const taken = (points: number, pointType: string): Entry => {
  const act: Act = {
    ...{ kind: 'offset', billNo: 'b', billFen: 1, rewardId: 'r', units: 1, offFen: 1 },
    ...{ pointType, points },
  };
  return { act, state: 'waiting', lane: 'a', isOffline: true, key: 'k', at: DAY } as Entry;
};

describe('what points take off a bill while nobody can be asked', () => {
  it('is the most that the terms and the limit of the day bear, and never more', () => {
    const story = fc.record({
      billFen: fc.integer({ min: 1, max: 99_999_999 }),
      dayMax: fc.nat(200_000),
      spent: fc.nat(200_000),
      terms: fc.record({
        points: fc.integer({ min: 1, max: 5_000 }),
        offFen: fc.integer({ min: 1, max: 50_000 }),
        atMostPercent: fc.integer({ min: 1, max: 100 }),
        overFen: fc.nat(100_000),
      }),
    });
    fc.assert(
      fc.property(story, ({ billFen, dayMax, spent, terms }) => {
        const offer = offerOf(terms);
        const entries = [taken(spent, 'points'), taken(1_000_000, 'grains')];
        const told = quoteAlone(offer, billFen, { entries, lane: 'a', ...limit(dayMax) });
        const bears = (units: number): boolean =>
          units <= 1_000 &&
          billFen >= terms.overFen &&
          units * terms.offFen * 100 <= billFen * terms.atMostPercent &&
          units * terms.points + spent <= dayMax;
        expect(told).toMatchObject({
          points: told.units * terms.points,
          offFen: told.units * terms.offFen,
        });
        if (told.units > 0) expect(bears(told.units)).toBe(true);
        expect(bears(told.units + 1)).toBe(false);
        // Why not is the limit only where the bill alone would have borne one.
        const alone = quoteAlone(offer, billFen, { entries: [], lane: 'a', ...limit(1e9) });
        expect(told.problem).toBe(
          told.units === 0 && alone.units > 0 ? 'offline_limit_reached' : null,
        );
      }),
    );
  });
});

describe('several rewards for one bill', () => {
  it('are those of the store', () => {
    const [all, here, there] = [
      offerOf({ rewardId: 'all' }),
      offerOf({ rewardId: 'here', stores: ['gate'] }),
      offerOf({ rewardId: 'there', stores: ['office'] }),
    ];
    const shop = { offers: [all, here, there] };
    expect(offersAt(shop, 'gate')).toEqual([all, here]);
    expect(offersAt(shop, null)).toEqual([all]);
  });

  it('are offered with what takes most off first, without those that take nothing off', () => {
    const quote = (rewardId: string, units: number, offFen: number, points = 10) => ({
      ...{ offer: offerOf({ rewardId }), units, offFen, points },
      problem: units === 0 ? 'insufficient_points' : null,
    });
    const told = worthChoosing([
      quote('small', 1, 100),
      quote('none', 0, 0),
      quote('dear', 1, 300, 40),
      quote('cheap', 3, 300, 30),
    ]);
    expect(told.choices.map(({ offer }) => offer.rewardId)).toEqual(['cheap', 'dear', 'small']);
    expect(told.problem).toBeNull();
    expect(worthChoosing([quote('none', 0, 0)]).problem).toBe('insufficient_points');
  });
});
