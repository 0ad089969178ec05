import { area } from './area.ts';
import { LATER } from './scene.ts';
import { patch, post, put, remove } from './write.ts';

const OPTIONAL = [
  ...['programme', 'merchantId', 'en', 'description', 'images', 'quotas', 'merchant', 'offered'],
  ...['from', 'to', 'eligibility', 'tiers', 'balanceFloor', 'limits', 'feePoints', 'compensation'],
];
const PROMOTION_OPTIONAL = [
  ...['programme', 'merchantId', 'en', 'rewards', 'dates', 'from', 'to', 'monthDays', 'priority'],
];

/** What is offered, and for fewer points on some days. */
export const rewards = area(
  [
    'createReward',
    'saveRewardDraft',
    'dropRewardDraft',
    'publishReward',
    'retireReward',
    'createPromotion',
    'savePromotionDraft',
    'dropPromotionDraft',
    'publishPromotion',
    'retirePromotion',
    'setRewardStock',
    'changeRewardStock',
    'cancelRewardBySupplier',
  ],
  async ({ make, succeed, merchantId, wanted }) => {
    const body = {
      kind: 'voucher',
      name: { zh: '鲜果礼盒', en: 'A box of fruit' },
      description: { zh: '当季水果' },
      images: [{ url: 'https://example.com/box.png', alt: { zh: '礼盒' } }],
      cashValueFen: 2_500,
      prices: [{ points: [{ pointType: 'points', points: 500 }], cashFen: 0 }],
      stores: [{ merchant: merchantId }],
      quotas: [{ merchant: merchantId, per: 'day', times: 20 }],
      offered: { from: '2099-06-01', to: '2099-08-31' },
      eligibility: { tiers: ['gold'], balanceFloor: { pointType: 'points', points: 600 } },
      limits: [{ per: 'month', times: 2 }],
      fulfilment: {
        kind: 'voucher',
        voucher: { form: 'no_threshold', offFen: 2_500, partial: false },
        lasts: { days: 90 },
      },
      cancellation: { until: 'hours_before', hours: 2, feePoints: 5 },
      afterSales: { returnDays: 7, qualityDays: 15, exchange: true },
      compensation: { percentOfPoints: 10 },
    };
    const reward = { code: 'box', merchantId, body };
    const rewardId = await make('/rewards', reward);
    const droppedId = await make('/rewards', { ...reward, code: 'dropped' });
    const retiredId = await make('/rewards', { ...reward, code: 'retired' });
    const promotionBody = {
      name: { zh: '积分兑换日', en: 'Redemption day' },
      rewards: [rewardId],
      when: { dates: [{ from: '2099-06-01', to: '2099-08-31' }], monthDays: [18] },
      price: { kind: 'ratio', num: 4, den: 5 },
      priority: 5,
    };
    const promotion = { code: 'day', merchantId, body: promotionBody };
    const promotionId = await make('/promotions', promotion);
    const droppedPromotionId = await make('/promotions', { ...promotion, code: 'dropped' });
    const retiredPromotionId = await make('/promotions', { ...promotion, code: 'retired' });
    for (const path of [`/rewards/${retiredId}`, `/promotions/${retiredPromotionId}`])
      await succeed('POST', `${path}/publish`, {});
    return {
      createReward: post('/rewards', { ...reward, code: 'basket', programme: 'default' }, OPTIONAL),
      saveRewardDraft: put(`/rewards/${rewardId}/draft`, { body }, OPTIONAL),
      dropRewardDraft: remove(`/rewards/${droppedId}/draft`),
      publishReward: post(`/rewards/${rewardId}/publish`, { from: LATER }, ['from']),
      retireReward: post(`/rewards/${retiredId}/retire`, { from: LATER }, ['from']),
      createPromotion: post(
        '/promotions',
        { ...promotion, code: 'season', programme: 'default' },
        PROMOTION_OPTIONAL,
      ),
      savePromotionDraft: put(
        `/promotions/${promotionId}/draft`,
        { body: promotionBody },
        PROMOTION_OPTIONAL,
      ),
      dropPromotionDraft: remove(`/promotions/${droppedPromotionId}/draft`),
      publishPromotion: post(`/promotions/${promotionId}/publish`, { from: LATER }, ['from']),
      retirePromotion: post(`/promotions/${retiredPromotionId}/retire`, { from: LATER }, ['from']),
      setRewardStock: {
        ...put(`/rewards/${wanted.rewardId}/stock`, { total: 1_000 }),
        nullable: ['total'],
      },
      changeRewardStock: patch(`/rewards/${wanted.rewardId}/stock`, { by: -1 }),
      cancelRewardBySupplier: post(
        `/rewards/${rewardId}/supplier-cancellations`,
        {
          ...{ merchantId, day: '2099-06-01', reason: 'recalled', onShelf: true },
          ...{ note: 'as was agreed', actor: 'Li Lei' },
        },
        ['day', 'onShelf', 'note'],
      ),
    };
  },
);
