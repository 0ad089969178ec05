import type { Words } from '../kernel/reward.ts';
import type { Unmet, UnmetCode } from './eligibility.ts';

/** What members are told of each reason. */
const WORDS: Readonly<Record<UnmetCode, (unmet: Unmet) => Required<Words>>> = {
  not_offered_yet: ({ wanted }) => ({
    zh: `自 ${wanted} 起可以兑换`,
    en: `It is offered from ${wanted}`,
  }),
  not_offered_any_more: ({ wanted }) => ({
    zh: `兑换已于 ${wanted} 截止`,
    en: `It was offered until ${wanted}`,
  }),
  age: ({ wanted }) => ({
    zh: `须年满 ${wanted} 周岁`,
    en: `It is for members of ${wanted} and older`,
  }),
  tier: ({ wanted, found }) => ({
    zh: `须为以下等级的会员：${wanted}；您目前的等级：${found}`,
    en: `It is for members of these tiers: ${wanted}; yours is ${found}`,
  }),
  credit_band: ({ wanted }) => ({
    zh: `仅对以下信用等级开放：${wanted}`,
    en: `It is an extra for these credit bands: ${wanted}`,
  }),
  segment: () => ({
    zh: '仅对特定会员群体开放',
    en: 'It is for members of certain groups',
  }),
  first_time: ({ wanted }) => ({
    zh:
      wanted === 'reward'
        ? '每位会员只能首次兑换，您已经兑换过'
        : '仅限首次在该商家兑换，您已经兑换过',
    en:
      wanted === 'reward'
        ? 'It is for the first time only, and you have redeemed it before'
        : 'It is for the first redemption with this merchant, and you have redeemed there before',
  }),
  balance_floor: ({ wanted, found }) => ({
    zh: `可用积分须达到 ${wanted}；您目前有 ${found}`,
    en: `It takes ${wanted} available; you have ${found}`,
  }),
};

/** A reason as members read it. */
export function wordsOf(unmet: Unmet): Required<Words> {
  return WORDS[unmet.code](unmet);
}
