import { expect, test } from 'vitest';
import { localTime } from '../kernel/calendar.ts';
import type { RewardVersion } from '../kernel/reward.ts';
import { claimOf, showPercent } from './claim.ts';
import { holdsNow, type Occasion, pricesOf } from './pricing.ts';
import type { PromotionTerms, PromotionVersion } from './promotion.ts';
import { counterOf } from './promotion-budget.ts';
import { anId, aReward, SHOP } from './testing/told.ts';

const ZONE = 'Asia/Shanghai';
const occasion = (date: string, more: Partial<Occasion> = {}): Occasion => ({
  local: localTime(Date.parse(`${date}T04:00:00Z`), ZONE),
  timeZone: ZONE,
  birthday: null,
  joinedAt: Date.parse('2025-06-10T00:00:00Z'),
  creditBand: null,
  ...more,
});
function promotion(
  body: Partial<PromotionTerms>,
  more: Partial<PromotionVersion> = {},
): PromotionVersion {
  const id = anId();
  return {
    id,
    promotion: anId(),
    code: `p-${id.slice(-4)}`,
    number: 1,
    merchant: SHOP,
    body: { name: { zh: '兑换日' }, when: {}, price: { kind: 'ratio', num: 4, den: 5 }, ...body },
    from: 0,
    until: null,
    ...more,
  };
}
const points = (count: number, pointType = 'points') => ({ pointType, points: count });
const costing = (count: number): RewardVersion =>
  aReward({ prices: [{ points: [points(count)], cashFen: 0 }] });

// The figures of the scenarios: what is written there is fewer points for the same, and what each point is worth more.
test.each([
  ['S1 air-conditioning cleaning', 6_000, 5_000, '16.7', '20.0'],
  ['S2 gift box in the melon season', 500, 400, '20.0', '25.0'],
  ['S4 lenses on Eye-care Day', 2_000, 1_500, '25.0', '33.3'],
])('%s: %i → %i', (_, plain, now, discount, uplift) => {
  const by = promotion({ price: { kind: 'fixed', pointType: 'points', points: now } });
  const [price] = pricesOf(costing(plain), [by], { creditBand: null });
  expect(price).toMatchObject({
    points: [points(now)],
    plain: [points(plain)],
    promotion: { id: by.id },
  });
  const claim = claimOf(price?.plain ?? [], price?.points ?? []);
  expect(claim && [showPercent(claim.discount), showPercent(claim.uplift)]).toEqual([
    discount,
    uplift,
  ]);
});

test('claims are exact fractions; of several types that of the one that falls least', () => {
  expect(claimOf([points(6_000)], [points(5_000)])).toEqual({
    discount: { num: 1, den: 6 },
    uplift: { num: 1, den: 5 },
  });
  const two = claimOf([points(3), points(100, 'green')], [points(2), points(50, 'green')]);
  expect(two?.discount).toEqual({ num: 1, den: 3 });
  expect(claimOf([points(3), points(100, 'green')], [points(3), points(50, 'green')])).toBeNull();
  expect(showPercent({ num: 1, den: 2000 })).toBe('0.1');
  expect(showPercent({ num: 1, den: 2001 })).toBe('0.0');
});

test('the best for the member counts, and of two that are as good the first', () => {
  const [fifth, half] = [promotion({}), promotion({ price: { kind: 'ratio', num: 1, den: 2 } })];
  const also = promotion({ price: { kind: 'fixed', pointType: 'points', points: 500 } });
  const [price] = pricesOf(costing(1_000), [fifth, half, also], { creditBand: null });
  expect(price).toMatchObject({ points: [points(500)], promotion: { id: half.id } });
});

test('a ratio gives whole points, and what saves none is no promotion', () => {
  const [third] = pricesOf(
    costing(100),
    [promotion({ price: { kind: 'ratio', num: 1, den: 3 } })],
    { creditBand: null },
  );
  expect(third?.points).toEqual([points(34)]);
  const [one] = pricesOf(costing(1), [promotion({})], { creditBand: null });
  expect(one).toMatchObject({ points: [points(1)], promotion: null });
  const [cheap] = pricesOf(
    costing(300),
    [promotion({ price: { kind: 'fixed', pointType: 'points', points: 400 } })],
    { creditBand: null },
  );
  expect(cheap).toMatchObject({ points: [points(300)], promotion: null });
});

test('a promotion is of rewards of its owner, those named, and those of its kinds', () => {
  const reward = costing(1_000);
  const isCheaper = (body: Partial<PromotionTerms>, more: Partial<PromotionVersion> = {}) =>
    pricesOf(reward, [promotion(body, more)], { creditBand: null })[0]?.promotion !== null;
  expect(isCheaper({})).toBe(true);
  expect(isCheaper({}, { merchant: null })).toBe(false);
  expect(isCheaper({ rewards: [reward.reward] })).toBe(true);
  expect(isCheaper({ rewards: [anId()] })).toBe(false);
  expect(isCheaper({ kinds: ['voucher'] })).toBe(true);
  expect(isCheaper({ kinds: ['goods'], rewards: [reward.reward] })).toBe(false);
});

test('a credit band adds an option and takes none away', () => {
  const reward = aReward({
    prices: [
      { points: [points(1_000)], cashFen: 0 },
      { points: [points(900)], cashFen: 0, creditBands: ['a'] },
    ],
  });
  const options = (creditBand: string | null) =>
    pricesOf(reward, [], { creditBand }).map(({ option }) => option);
  expect([options(null), options('b'), options('a')]).toEqual([[0], [0], [0, 1]]);
});

test.each<[string, PromotionTerms['when'], Occasion, boolean]>([
  ['on the redemption day', { monthDays: [18] }, occasion('2027-06-18'), true],
  ['the day after it', { monthDays: [18] }, occasion('2027-06-19'), false],
  [
    'on the last day of a season',
    { dates: [{ from: '2027-06-01', to: '2027-08-31' }] },
    occasion('2027-08-31'),
    true,
  ],
  [
    'after it',
    { dates: [{ from: '2027-06-01', to: '2027-08-31' }] },
    occasion('2027-09-01'),
    false,
  ],
  [
    'in the second of two seasons',
    { dates: [{ to: '2027-02-01' }, { from: '2027-09-01' }] },
    occasion('2027-09-01'),
    true,
  ],
  ['in the shop’s month', { months: [5, 6] }, occasion('2027-06-01'), true],
  ['in another', { months: [5] }, occasion('2027-06-01'), false],
  ['on a Friday', { weekdays: [5] }, occasion('2027-06-18'), true],
  [
    'in the birthday’s month',
    { memberMonth: 'birthday' },
    occasion('2027-06-18', { birthday: '06-02' }),
    true,
  ],
  ['of who did not say', { memberMonth: 'birthday' }, occasion('2027-06-18'), false],
  ['in the anniversary’s month', { memberMonth: 'anniversary' }, occasion('2027-06-18'), true],
  ['of who has just joined', { memberMonth: 'anniversary' }, occasion('2025-06-18'), false],
  [
    'where one of two does not hold',
    { monthDays: [18], weekdays: [1] },
    occasion('2027-06-18'),
    false,
  ],
])('a promotion %s', (_, when, at, holds) => {
  expect(holdsNow(promotion({ when }).body, at)).toBe(holds);
});

test('a promotion holds as long as its budget has room for all that is asked for; else the next best does', () => {
  const best = promotion({
    price: { kind: 'fixed', pointType: 'points', points: 600 },
    budget: { points: 1_000 },
  });
  const next = promotion({ price: { kind: 'ratio', num: 9, den: 10 }, budget: [points(10_000)] });
  const costs = (spent: number, units = 1) => {
    const demand = { units, spent: new Map([[counterOf(best.promotion, 'points'), spent]]) };
    const [price] = pricesOf(costing(1_000), [best, next], { creditBand: null }, demand);
    return price?.points[0]?.points;
  };
  expect([costs(600), costs(601), costs(200, 2), costs(201, 2)]).toEqual([600, 900, 600, 900]);
  const [price] = pricesOf(costing(1_000), [best], { creditBand: null });
  const counter = counterOf(best.promotion, 'points');
  expect(price?.spending).toEqual([{ counter, points: 400, max: 1_000 }]);
});

test('of a type that a budget does not name nothing is forgone', () => {
  const two = aReward({ prices: [{ points: [points(100), points(100, 'green')], cashFen: 0 }] });
  const price = (budget: ReturnType<typeof points>[]) =>
    pricesOf(two, [promotion({ budget })], { creditBand: null })[0];
  expect(price([points(1_000)])?.promotion).toBeNull();
  expect(price([points(1_000), points(20, 'green')])?.points).toEqual([
    points(80),
    points(80, 'green'),
  ]);
});
