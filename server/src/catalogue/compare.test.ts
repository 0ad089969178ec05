import { expect, test } from 'vitest';
import type { RewardTerms } from '../kernel/reward.ts';
import { comparePromotions } from './compare-promotions.ts';
import { compareTerms } from './compare-terms.ts';
import type { PromotionTerms } from './promotion.ts';
import { anId, SHOP, terms } from './testing/told.ts';

const points = (count: number, pointType = 'points') => [{ pointType, points: count }];
const offset = (more: object): Partial<RewardTerms> => ({
  fulfilment: { kind: 'offset', offFen: 100, atMostPercent: 50, overFen: 0, ...more },
});
const price = (count: number, cashFen = 0) => ({ points: points(count), cashFen });
const OTHER = anId();
const slot = { from: '09:00', to: '18:00', places: 4 };
const booking = (more: object) => ({
  fulfilment: {
    kind: 'booking' as const,
    unit: 'slot' as const,
    noticeHours: 2,
    slots: [slot],
    ...more,
  },
});
const voucher = (days: number, offFen = 5_000) => ({
  fulfilment: {
    kind: 'voucher' as const,
    voucher: { form: 'no_threshold' as const, offFen, partial: false },
    lasts: { days },
  },
});

// What is worse one way is better the other: each pair is compared both ways.
test.each<[string, Partial<RewardTerms>, Partial<RewardTerms>, string]>([
  ['a dearer price', {}, { prices: [price(1_001)] }, '/prices/0 dearer'],
  ['cash beside it', {}, { prices: [price(1_000, 1)] }, '/prices/0 dearer'],
  ['an option less', { prices: [price(1_000), price(500, 2_500)] }, {}, '/prices/1 dearer'],
  [
    'an option for a band alone',
    {},
    { prices: [{ ...price(1_000), creditBands: ['a'] }, price(1_200)] },
    '/prices/0 dearer',
  ],
  ['fewer stores', {}, { stores: [{ merchant: SHOP, stores: ['north'] }] }, '/stores fewer_stores'],
  [
    'a merchant less',
    { stores: [{ merchant: SHOP }, { merchant: OTHER }] },
    {},
    '/stores fewer_stores',
  ],
  ['a quota', {}, { quotas: [{ per: 'day', times: 9 }] }, '/quotas/0 lower_quota'],
  [
    'a lower quota',
    { quotas: [{ per: 'day', times: 9 }] },
    { quotas: [{ per: 'day', times: 8 }] },
    '/quotas/0 lower_quota',
  ],
  ['an end', {}, { offered: { to: '2027-06-30' } }, '/offered offered_shorter'],
  ['a later beginning', {}, { offered: { from: '2027-06-30' } }, '/offered offered_shorter'],
  ['a tier', {}, { eligibility: { tiers: ['gold'] } }, '/eligibility/tiers narrower'],
  [
    'fewer tiers',
    { eligibility: { tiers: ['gold', 'silver'] } },
    { eligibility: { tiers: ['gold'] } },
    '/eligibility/tiers narrower',
  ],
  [
    'only new customers',
    { eligibility: { firstTime: 'reward' } },
    { eligibility: { firstTime: 'merchant' } },
    '/eligibility/firstTime narrower',
  ],
  [
    'a higher floor',
    { eligibility: { balanceFloor: { pointType: 'points', points: 5 } } },
    { eligibility: { balanceFloor: { pointType: 'points', points: 6 } } },
    '/eligibility/balanceFloor narrower',
  ],
  ['a limit', {}, { limits: [{ per: 'month', times: 2 }] }, '/limits/0 lower_limit'],
  ['a shorter voucher', voucher(90), voucher(89), '/fulfilment gives_less'],
  ['less of a bill', offset({}), offset({ atMostPercent: 49 }), '/fulfilment gives_less'],
  ['a larger bill', offset({}), offset({ overFen: 1 }), '/fulfilment gives_less'],
  ['a smaller voucher', voucher(90), voucher(90, 4_999), '/fulfilment gives_less'],
  [
    'longer notice of a booking',
    booking({}),
    booking({ noticeHours: 3 }),
    '/fulfilment gives_less',
  ],
  [
    'shorter hours',
    booking({}),
    booking({ slots: [{ ...slot, to: '17:00' }] }),
    '/fulfilment gives_less',
  ],
  [
    'fewer places',
    booking({}),
    booking({ slots: [{ ...slot, places: 3 }] }),
    '/fulfilment gives_less',
  ],
  [
    'fewer regions',
    { fulfilment: { kind: 'delivery', regions: ['33'], feeFen: 0 } },
    { fulfilment: { kind: 'delivery', regions: ['3301'], feeFen: 0 } },
    '/fulfilment gives_less',
  ],
  [
    'a fee',
    {},
    { cancellation: { until: 'before_use', feePoints: 1 } },
    '/cancellation stricter_cancellation',
  ],
  [
    'an earlier last moment',
    {},
    { cancellation: { until: 'hours_before', hours: 2 } },
    '/cancellation stricter_cancellation',
  ],
  ['no way back', {}, { cancellation: { until: 'never' } }, '/cancellation stricter_cancellation'],
  [
    'no exchange',
    {},
    { afterSales: { returnDays: 7, qualityDays: 15, exchange: false } },
    '/afterSales/exchange less_after_sales',
  ],
  [
    'less compensation',
    { compensation: { percentOfPoints: 10 } },
    { compensation: { percentOfPoints: 9 } },
    '/compensation less_compensation',
  ],
])('%s is worse, and taking it away is not', (_, before, after, where) => {
  const compared = compareTerms(terms(before), terms(after));
  expect(compared.map(({ path, reason }) => `${path} ${reason}`)).toEqual([where]);
  expect(compareTerms(terms(after), terms(before))).toEqual([]);
});

test.each<[string, Partial<RewardTerms>]>([
  ['/kind', { kind: 'service' }],
  ['/name', { name: { zh: '另一张券' } }],
  ['/description', { description: { zh: '小一些' } }],
])('what is another thing at %s cannot be compared', (path, more) => {
  expect(compareTerms(terms(), terms(more))).toEqual([{ path, reason: 'other_thing' }]);
  expect(compareTerms(terms(more), terms())).toEqual([{ path, reason: 'other_thing' }]);
});

test('the same is as good, also with images and a higher value', () => {
  expect(compareTerms(terms(), terms())).toEqual([]);
  expect(compareTerms(terms(), terms({ cashValueFen: 9_000, images: [] }))).toEqual([]);
});

const promotion = (more: Partial<PromotionTerms> = {}): PromotionTerms => ({
  name: { zh: '兑换日' },
  when: { monthDays: [18] },
  price: { kind: 'ratio', num: 4, den: 5 },
  ...more,
});

test.each<[string, Partial<PromotionTerms>, Partial<PromotionTerms>, string]>([
  ['a dearer price', {}, { price: { kind: 'ratio', num: 5, den: 6 } }, '/price dearer'],
  ['fewer rewards', {}, { rewards: [OTHER] }, '/rewards fewer_rewards'],
  ['fewer kinds', { kinds: ['goods', 'voucher'] }, { kinds: ['goods'] }, '/kinds fewer_rewards'],
  ['fewer days', { when: { monthDays: [8, 18] } }, {}, '/when/monthDays fewer_days'],
  [
    'an end',
    { when: { dates: [{ from: '2027-06-01' }] } },
    { when: { dates: [{ from: '2027-06-01', to: '2027-08-31' }] } },
    '/when/dates fewer_days',
  ],
  ['a budget', {}, { budget: points(5) }, '/budget budget'],
  ['a smaller budget', { budget: points(5) }, { budget: points(4) }, '/budget budget'],
  [
    'a budget of fewer types',
    { budget: [...points(5), ...points(5, 'green')] },
    { budget: points(5) },
    '/budget budget',
  ],
])('of a promotion, %s is worse, and taking it away is not', (_, before, after, where) => {
  const compared = comparePromotions(promotion(before), promotion(after));
  expect(compared.map(({ path, reason }) => `${path} ${reason}`)).toEqual([where]);
  expect(comparePromotions(promotion(after), promotion(before))).toEqual([]);
});
