import { expect, test } from 'vitest';
import type { EntryTerms, RewardTerms } from '../kernel/reward.ts';
import type { Known } from './known.ts';
import { problemsOfTerms } from './problems.ts';
import type { PromotionTerms } from './promotion.ts';
import { problemsOfPromotion } from './promotion-problems.ts';
import { anId, SHOP, terms } from './testing/told.ts';
import { typedClaimIn } from './typed-claim.ts';

const OTHER = anId();
const REWARD = anId();
const known: Known = {
  merchant: SHOP,
  tiers: new Set(['gold']),
  pointTypes: new Set(['points', 'green']),
  stores: new Map([
    [SHOP, new Set(['north'])],
    [OTHER, new Set<string>()],
  ]),
  funds: new Set(['trees']),
  rewards: new Set([REWARD]),
};
const found = (more: Partial<RewardTerms>, by: Partial<Known> = {}) =>
  problemsOfTerms(terms(more), { ...known, ...by }).map(({ path, code }) => `${path} ${code}`);

const points = (count: number, pointType = 'points') => [{ pointType, points: count }];
const entry: EntryTerms = {
  entryTimes: [],
  queue: 'common',
  cancellation: { hoursBefore: 0, feePercent: 0 },
  transferable: true,
};
const ticket = (asRedeemed: Partial<EntryTerms>, more: Partial<RewardTerms> = {}) => ({
  kind: 'ticket' as const,
  parity: { asSold: entry, asRedeemed: { ...entry, ...asRedeemed } },
  ...more,
});

test('usual terms have nothing wrong with them', () => {
  expect(found({})).toEqual([]);
  expect(found(ticket({}))).toEqual([]);
});

test('who has so many points may have a privilege for none; tiers may be named before there are any', () => {
  const eligibility = { balanceFloor: { pointType: 'points', points: 50_000 } };
  expect(found({ prices: [{ points: [], cashFen: 0 }], eligibility })).toEqual([]);
  expect(found({ eligibility: { tiers: ['any'] } }, { tiers: null })).toEqual([]);
});

test.each<[string, Partial<RewardTerms>, string]>([
  ['a promise', { name: { zh: '积分提现' } }, '/name/zh forbidden_wording'],
  ['a promise in English', { name: { zh: '券', en: 'cash back' } }, '/name/en forbidden_wording'],
  ['a typed claim', { description: { zh: '八折兑换' } }, '/description/zh typed_claim'],
  [
    'no such tier',
    { eligibility: { tiers: ['gold', 'sliver'] } },
    '/eligibility/tiers/1 unknown_tier',
  ],
  [
    'nothing to pay, for everybody',
    { prices: [{ points: [], cashFen: 0 }] },
    '/prices/0/points free_for_everybody',
  ],
  [
    'no price for everybody',
    { prices: [{ points: points(900), cashFen: 0, creditBands: ['a'] }] },
    '/prices no_open_price',
  ],
  [
    'a dearer price for a band',
    {
      prices: [
        { points: points(1_000), cashFen: 0 },
        { points: points(1_001), cashFen: 0, creditBands: ['a'] },
      ],
    },
    '/prices/1 band_pays_more',
  ],
  [
    'one type twice',
    { prices: [{ points: [...points(1), ...points(2)], cashFen: 0 }] },
    '/prices/0/points/1 point_type_twice',
  ],
  [
    'more on top than can be counted for many units',
    { compensation: { pointType: 'points', points: 1_000_000_001 } },
    '/compensation/points too_many',
  ],
  [
    'a type that there is not',
    { prices: [{ points: points(1, 'miles'), cashFen: 0 }] },
    '/prices/0/points/0/pointType unknown_point_type',
  ],
  ['another merchant', { stores: [{ merchant: OTHER }] }, '/stores/0/merchant foreign_merchant'],
  [
    'a store that there is not',
    { stores: [{ merchant: SHOP, stores: ['south'] }] },
    '/stores/0/stores/0 unknown_store',
  ],
  [
    'a merchant twice',
    { stores: [{ merchant: SHOP }, { merchant: SHOP }] },
    '/stores/1 merchant_twice',
  ],
  [
    'a quota of who hands nothing out',
    { quotas: [{ merchant: OTHER, per: 'day', times: 1 }] },
    '/quotas/0/merchant unknown_merchant',
  ],
  ['no day at all', { offered: {} }, '/offered empty'],
  ['a day that there is not', { offered: { from: '2027-02-29' } }, '/offered/from impossible_date'],
  [
    'days in the wrong order',
    { offered: { from: '2027-03-02', to: '2027-03-01' } },
    '/offered/to ends_before_it_begins',
  ],
  ['nothing asked of a member', { eligibility: {} }, '/eligibility empty'],
  [
    'two limits per day',
    {
      limits: [
        { per: 'day', times: 1 },
        { per: 'day', times: 2 },
      ],
    },
    '/limits/1 limit_twice',
  ],
  [
    'more off than the bill',
    {
      fulfilment: {
        kind: 'voucher',
        voucher: { form: 'full_reduction', offFen: 200, overFen: 100 },
        lasts: { days: 1 },
      },
    },
    '/fulfilment/voucher/overFen off_more_than_bill',
  ],
  [
    'a voucher that lapses while it is offered',
    {
      offered: { to: '2027-06-30' },
      fulfilment: {
        kind: 'voucher',
        voucher: { form: 'no_threshold', offFen: 1, partial: false },
        lasts: { until: '2027-06-29' },
      },
    },
    '/fulfilment/lasts/until lapses_while_offered',
  ],
  [
    'a donation to a fund that there is not',
    { kind: 'donation', fulfilment: { kind: 'donation', fund: 'whales' } },
    '/fulfilment/fund unknown_fund',
  ],
  ['a donation to nobody', { kind: 'donation' }, '/fulfilment/kind donation_or_not'],
  [
    'a slot that ends before it begins',
    {
      fulfilment: {
        kind: 'booking',
        unit: 'slot',
        noticeHours: 0,
        slots: [{ from: '18:00', to: '09:00', places: 1 }],
      },
    },
    '/fulfilment/slots/0/to ends_before_it_begins',
  ],
  [
    'fewer days than the law gives',
    {
      fulfilment: { kind: 'delivery', feeFen: 0 },
      afterSales: { returnDays: 6, qualityDays: 15, exchange: true },
    },
    '/afterSales/returnDays fewer_days_than_lawful',
  ],
  [
    'bad goods that are kept',
    {
      kind: 'goods',
      afterSales: { returnDays: 0, qualityDays: 6, exchange: true },
    },
    '/afterSales/qualityDays fewer_days_than_lawful',
  ],
  [
    'a ticket that does not say what a bought one is like',
    { kind: 'ticket' },
    '/parity parity_missing',
  ],
  [
    'entry at fewer times',
    ticket({ entryTimes: [{ from: '12:00', to: '24:00' }] }),
    '/parity/asRedeemed/entryTimes stricter_than_sold',
  ],
  ['another queue', ticket({ queue: 'standby' }), '/parity/asRedeemed/queue stricter_than_sold'],
  [
    'no transfer',
    ticket({ transferable: false }),
    '/parity/asRedeemed/transferable stricter_than_sold',
  ],
  [
    'a dearer way out',
    ticket({ cancellation: { hoursBefore: 0, feePercent: 10 } }),
    '/parity/asRedeemed/cancellation stricter_than_sold',
  ],
  [
    'a way out that the terms do not give',
    ticket({}, { cancellation: { until: 'never' } }),
    '/parity/asRedeemed/cancellation/hoursBefore not_the_terms',
  ],
  [
    'a fee that is not said',
    ticket({}, { cancellation: { until: 'before_use', feePoints: 1 } }),
    '/parity/asRedeemed/cancellation/feePercent not_the_terms',
  ],
])('refuses %s, and says where', (_, more, where) => {
  expect(found(more)).toContain(where);
});

test('the difference between who paid and who redeemed is named', () => {
  const [problem] = problemsOfTerms(terms(ticket({ queue: 'standby' })), known);
  expect(problem?.message).toContain(
    'queue is stricter than for who pays cash: "standby" instead of "common"',
  );
});

test('an exclusive reward is for a band alone; the operator names any merchant', () => {
  const band = {
    prices: [{ points: points(9), cashFen: 0, creditBands: ['a'] }],
    eligibility: { creditBands: ['a'] },
  };
  expect(found(band)).toEqual([]);
  expect(found({ stores: [{ merchant: OTHER }] }, { merchant: null })).toEqual([]);
});

test.each([
  ['兑换立享八折', '八折'],
  ['只要 7.5 折', '7.5折'],
  ['价值两倍', '两倍'],
  ['优惠２０％', '20%'],
  ['百分之二十的优惠', '百分之二十'],
  ['save 16.7 percent', '16.7 percent'],
  ['worth 2x', '2x'],
  ['会员半价', '半价'],
  ['at half price', 'half price'],
])('%s claims %s', (text, claim) => {
  expect(typedClaimIn(text)).toBe(claim);
});

test.each(['100% 纯棉', '五十元券', '两张电影票', '骨折护理', '20 minutes of care', 'iPhone 15'])(
  '%s claims nothing',
  (text) => {
    expect(typedClaimIn(text)).toBeUndefined();
  },
);

test('who sells a share of a bill may say which', () => {
  const fulfilment = {
    kind: 'voucher',
    voucher: { form: 'percentage', percentOff: 10, atMostFen: 5_000 },
    lasts: { days: 30 },
  } as const;
  expect(found({ name: { zh: '九折券' }, fulfilment })).toEqual([]);
  expect(found({ name: { zh: '九折券' } })).toEqual(['/name/zh typed_claim']);
});

const promotion = (more: Partial<PromotionTerms>) =>
  problemsOfPromotion(
    {
      name: { zh: '积分兑换日' },
      when: { monthDays: [18] },
      price: { kind: 'ratio', num: 4, den: 5 },
      ...more,
    },
    known,
  ).map(({ path, code }) => `${path} ${code}`);

test.each<[string, Partial<PromotionTerms>, string[]]>([
  ['what is usual', { rewards: [REWARD] }, []],
  ['always', { when: {} }, ['/when empty']],
  ['the plain price', { price: { kind: 'ratio', num: 1, den: 1 } }, ['/price/num not_cheaper']],
  ['a claim', { name: { zh: '八折日' } }, ['/name/zh typed_claim']],
  ['somebody else’s reward', { rewards: [OTHER] }, ['/rewards/0 unknown_reward']],
  [
    'a budget of other points',
    { price: { kind: 'fixed', pointType: 'points', points: 5 }, budget: points(9, 'green') },
    ['/budget/0/pointType budget_of_other_points'],
  ],
  ['a budget of no type', { budget: { points: 5 } }, ['/budget budget_of_no_type']],
  [
    'a budget of the price’s type',
    { price: { kind: 'fixed', pointType: 'points', points: 5 }, budget: { points: 5 } },
    [],
  ],
  [
    'a budget of a type twice, and of one that there is not',
    { budget: [...points(1), ...points(2), ...points(3, 'miles')] },
    ['/budget/1 point_type_twice', '/budget/2/pointType unknown_point_type'],
  ],
])('a promotion with %s', (_, more, problems) => {
  expect(promotion(more)).toEqual(problems);
});

test('points off a bill are worth what they take off, cost no cash, and go back with the bill alone', () => {
  const fulfilment = { kind: 'offset', offFen: 100, atMostPercent: 50, overFen: 0 } as const;
  const afterSales = { returnDays: 0, qualityDays: 0, exchange: false };
  const good = {
    fulfilment,
    cashValueFen: 100,
    cancellation: { until: 'never' },
    afterSales,
  } as const;
  expect(found(good)).toEqual([]);
  expect(
    found({
      ...good,
      cashValueFen: 99,
      prices: [{ points: points(1), cashFen: 1 }],
      cancellation: { until: 'before_use' },
      afterSales: { ...afterSales, exchange: true },
    }),
  ).toEqual([
    '/cashValueFen not_its_value',
    '/prices/0/cashFen offset_for_cash',
    '/cancellation goes_with_its_bill',
    '/afterSales goes_with_its_bill',
  ]);
});
