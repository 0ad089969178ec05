import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import type { RewardTerms } from '../kernel/reward.ts';
import { RewardTermsSchema, readTerms, showTerms } from './terms-schema.ts';
import { aReward, SHOP, terms } from './testing/told.ts';

const schema = Compile(RewardTermsSchema);

const open = { from: '09:00', to: '24:00' };
const entry = {
  entryTimes: [{ ...open, weekdays: [6, 7] }],
  queue: 'common',
  cancellation: { hoursBefore: 24, feePercent: 0 },
  transferable: true,
} as const;

const FORMS: readonly (readonly [string, Partial<RewardTerms>])[] = [
  ['the usual', {}],
  ['an instant code', { fulfilment: { kind: 'code' } }],
  [
    'a booking',
    {
      fulfilment: {
        kind: 'booking',
        unit: 'slot',
        noticeHours: 2,
        slots: [{ ...open, weekdays: [1], places: 4 }],
      },
      parity: { asSold: entry, asRedeemed: entry },
    },
  ],
  ['a delivery', { fulfilment: { kind: 'delivery', regions: ['33', '330106'], feeFen: 800 } }],
  [
    'points off a bill',
    { fulfilment: { kind: 'offset', offFen: 100, atMostPercent: 50, overFen: 0 } },
  ],
  [
    'a donation',
    { fulfilment: { kind: 'donation', fund: 'trees' }, cancellation: { until: 'never' } },
  ],
  [
    'a quota of a merchant and one of all',
    {
      quotas: [
        { merchant: SHOP, per: 'month', times: 5 },
        { per: 'day', times: 1 },
      ],
    },
  ],
  ['compensation', { compensation: { pointType: 'points', points: 500 } }],
  [
    'everything asked of a member',
    {
      eligibility: {
        tiers: ['gold'],
        creditBands: ['a'],
        segments: ['dresses'],
        firstTime: 'merchant',
        balanceFloor: { pointType: 'points', points: 50_000 },
        age: { from: 14 },
      },
      limits: [
        { per: 'order', times: 2 },
        { per: 'ever', times: 3 },
      ],
    },
  ],
];

describe('terms of a reward', () => {
  test.each(FORMS)('with %s are told and read back as they were', (_, more) => {
    const { body } = aReward(more);
    const told = showTerms(body);
    expect(schema.Check(told)).toBe(true);
    expect(readTerms(told)).toEqual(body);
    expect(JSON.stringify(told)).not.toContain(SHOP);
  });

  test.each([
    ['no price', { prices: [] }],
    [
      'points that are none',
      { prices: [{ points: [{ pointType: 'points', points: 0 }], cashFen: 100 }] },
    ],
    ['a reward worth nothing', { cashValueFen: 0 }],
    [
      'an image that is not sent safely',
      { images: [{ url: 'http://a.example/1.png', alt: { zh: '图' } }] },
    ],
    ['an image without alternative text', { images: [{ url: 'https://a.example/1.png' }] }],
    ['nobody who hands it out', { stores: [] }],
    ['an age that nobody knows', { eligibility: { age: { from: 18 } } }],
    ['more than the terms have', { claim: '八折' }],
  ])('refuse %s', (_, more) => {
    expect(schema.Check({ ...showTerms(terms()), ...more })).toBe(false);
  });
});
