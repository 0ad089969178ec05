import { newId, type Uuid } from '../../kernel/id.ts';
import type { RewardTerms, RewardVersion } from '../../kernel/reward.ts';

// How tests speak of rewards: what they do not mention is as usual.

const START = Date.parse('2027-01-01T00:00:00Z');
let count = 0;
export const anId = (): Uuid => newId(START + count++);

export const SHOP = anId();

/** A voucher of ¥50 for 1,000 points. */
export function terms(more: Partial<RewardTerms> = {}): RewardTerms {
  return {
    kind: 'voucher',
    name: { zh: '五十元券', en: 'A voucher of 50' },
    cashValueFen: 5_000,
    prices: [{ points: [{ pointType: 'points', points: 1_000 }], cashFen: 0 }],
    stores: [{ merchant: SHOP }],
    fulfilment: {
      kind: 'voucher',
      voucher: { form: 'no_threshold', offFen: 5_000, partial: false },
      lasts: { days: 90 },
    },
    cancellation: { until: 'before_use' },
    afterSales: { returnDays: 7, qualityDays: 15, exchange: true },
    ...more,
  };
}

/** A published reward. */
export function aReward(
  more: Partial<RewardTerms> = {},
  about: Partial<RewardVersion> = {},
): RewardVersion {
  return {
    id: anId(),
    reward: anId(),
    code: `reward-${count}`,
    number: 1,
    merchant: SHOP,
    body: terms(more),
    from: START,
    until: null,
    ...about,
  };
}
