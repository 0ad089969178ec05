import type { components } from '@hongmi/sdk';
import type { PackPromotion } from '../packs/pack.ts';
import { addDays, type Festival } from './year/calendar.ts';
import { firstDayOf, type Plan } from './year/plan.ts';
import { HAMPER, TREE } from './year/reward.ts';
import { feastOf, springGoodsOf } from './year/stories.ts';

type Schemas = components['schemas'];

/** A year that is played week by week looks at a day up to so many before it, and one that was interrupted after it. */
const AROUND = 7;

/** The supermarket's for the festival: less for who opted in with a credit band, the usual price for everybody. */
export function hamperOf(plan: Plan, merchant: string): Schemas['RewardTerms'] {
  const { from, to } = springGoodsOf(plan);
  const { points, pointsWithBand, bands } = HAMPER;
  return {
    kind: 'goods',
    name: { zh: '年货礼包', en: 'A hamper for the Spring Festival' },
    cashValueFen: 2_500,
    prices: [
      { points: [{ pointType: 'points', points }], cashFen: 0 },
      {
        points: [{ pointType: 'points', points: pointsWithBand }],
        ...{ cashFen: 0, creditBands: bands },
      },
    ],
    stores: [{ merchant }],
    offered: { from: addDays(from, -AROUND), to: addDays(to, AROUND) },
    fulfilment: {
      kind: 'voucher',
      voucher: { form: 'exchange', what: { zh: '年货礼包一份', en: 'A hamper' } },
      lasts: { days: 30 },
    },
    cancellation: { until: 'before_use' },
    afterSales: { returnDays: 7, qualityDays: 30, exchange: true },
  };
}

export const FUND = 'trees';

/** Who plants the trees that members give points for; invented. */
export function fundOf(plan: Plan): Schemas['SetFund'] {
  return {
    name: { zh: '植树（演示）', en: 'Planting trees (demo)' },
    organisation: '红米绿色基金会（演示）',
    certificate: {
      ...{ number: 'DEMO-TREES', issuingBody: '民政部门（演示）' },
      validUntil: addDays(plan.until, 730),
    },
    from: addDays(firstDayOf(plan), -30),
    actor: '演示',
  };
}

/** A donation: the supermarket pays the fund ¥10 for each. */
export function treeOf(merchant: string): Schemas['RewardTerms'] {
  return {
    kind: 'donation',
    name: { zh: '捐种一棵树', en: 'Plant a tree' },
    cashValueFen: 1_000,
    prices: [{ points: [{ pointType: 'points', points: TREE.points }], cashFen: 0 }],
    stores: [{ merchant }],
    fulfilment: { kind: 'donation', fund: FUND },
    cancellation: { until: 'never' },
    afterSales: { returnDays: 0, qualityDays: 0, exchange: false },
  };
}

/** Sent to who redeems it: the supermarket's tea, in and around Shanghai. */
export function teaOf(merchant: string): Schemas['RewardTerms'] {
  return {
    kind: 'goods',
    name: { zh: '龙井茶礼盒', en: 'A box of Longjing tea' },
    description: {
      zh: '明前龙井 100 克，兑换后三天内寄出，邮费由商家承担。',
      en: '100 g, picked before Qingming; sent within three days, free of charge.',
    },
    cashValueFen: 2_600,
    prices: [{ points: [{ pointType: 'points', points: 260 }], cashFen: 0 }],
    stores: [{ merchant }],
    limits: [{ per: 'month', times: 2 }],
    fulfilment: { kind: 'delivery', regions: ['31', '32', '33'], feeFen: 0 },
    cancellation: { until: 'before_use' },
    afterSales: { returnDays: 7, qualityDays: 30, exchange: true },
  };
}

/** Feasts that move from year to year, by the codes of the promotions of the packs. */
const FEASTS: ReadonlyMap<string, Festival> = new Map([
  ['spring-festival', 'spring-goods'],
  ['mid-autumn', 'mid-autumn'],
]);

/** These promotions of a pack for the feasts of this very year, if it has them. */
export function promotionsOf(
  plan: Plan,
  promotions: readonly PackPromotion[],
): readonly PackPromotion[] {
  return promotions.flatMap((promotion) => {
    const feast = FEASTS.get(promotion.code);
    const dates = feast === undefined ? undefined : feastOf(plan, feast);
    if (dates === undefined) return [];
    const { code, body } = promotion;
    const when = { ...body.when, dates: [dates] };
    return [{ ...promotion, code: `${code}-${dates.from.slice(0, 4)}`, body: { ...body, when } }];
  });
}
