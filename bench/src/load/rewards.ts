import type { PromotionVersion } from '@hongmi/server/catalogue/promotion';
import { newId, type Uuid } from '@hongmi/server/kernel/id';
import type { RewardEligibility, RewardVersion } from '@hongmi/server/kernel/reward';
import { below, START, TIERS } from './rules.ts';

/** A reward of a shop, in force; every second asks something of the member. */
export function makeReward(number: number, shop: Uuid, random: () => number): RewardVersion {
  const points = 100 * (1 + below(random, 200));
  const eligibility = ELIGIBILITIES[number % ELIGIBILITIES.length] ?? {};
  return {
    id: newId(START),
    reward: newId(START),
    code: `reward-${number}`,
    number: 1,
    merchant: shop,
    body: {
      kind: number % 2 === 0 ? 'goods' : 'sample',
      name: { zh: `礼品 ${number}`, en: `Reward ${number}` },
      cashValueFen: points * 10,
      prices: [
        { points: [{ pointType: 'points', points }], cashFen: 0 },
        { points: [{ pointType: 'points', points: points / 2 }], cashFen: points * 4 },
        { points: [{ pointType: 'points', points: points - 50 }], cashFen: 0, creditBands: ['a'] },
      ],
      stores: [{ merchant: shop }],
      ...(Object.keys(eligibility).length === 0 ? {} : { eligibility }),
      fulfilment: { kind: 'code' },
      cancellation: { until: 'before_use' },
      afterSales: { returnDays: 7, qualityDays: 15, exchange: true },
    },
    from: START,
    until: null,
  };
}

const ELIGIBILITIES: readonly RewardEligibility[] = [
  {},
  { tiers: [TIERS[1] as string, TIERS[2] as string] },
  {},
  { segments: ['jeans', 'dresses'] },
  {},
  { firstTime: 'reward', age: { from: 14 } },
  {},
  { balanceFloor: { pointType: 'points', points: 50_000 }, firstTime: 'merchant' },
];

/** One of three promotions that a shop has. */
export function makePromotion(number: number, shop: Uuid): PromotionVersion {
  const body = { name: { zh: '兑换日' }, price: { kind: 'ratio', num: 4, den: 5 } as const };
  const whens: readonly PromotionVersion['body']['when'][] = [
    { monthDays: [1, 18] },
    { memberMonth: 'birthday' },
    { dates: [{ from: '2026-12-20', to: '2027-01-03' }], weekdays: [5, 6, 7] },
  ];
  return {
    id: newId(START),
    promotion: newId(START),
    code: `promotion-${number}`,
    number: 1,
    merchant: shop,
    body: { ...body, when: whens[number % whens.length] ?? {} },
    from: START,
    until: null,
  };
}
