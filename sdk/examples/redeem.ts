// A customer redeems points for a gift. Refusals are expected, and each has a code to act on.
import { type Input, isRefusal } from '@hongmi/sdk';
import { openShop } from './shop.ts';

const { hongmi, programme, merchantId, become } = await openShop('redeem');

const body: Input<'createReward'>['body'] = {
  kind: 'goods',
  name: { zh: '水果礼盒', en: 'Fruit box' },
  cashValueFen: 2500,
  prices: [{ points: [{ pointType: 'points', points: 50 }], cashFen: 0 }],
  stores: [{ merchant: merchantId }],
  fulfilment: {
    kind: 'voucher',
    voucher: { form: 'exchange', what: { zh: '礼盒一份' } },
    lasts: { days: 30 },
  },
  cancellation: { until: 'before_use' },
  afterSales: { returnDays: 0, qualityDays: 7, exchange: true },
};
const reward = await hongmi.createReward({ code: 'gift-box', merchantId, body });
await hongmi.publishReward({ id: reward.id });
await become('2027-06-01T10:00:00+08:00');

const { id: memberId } = await hongmi.createMember({ programme, merchantId });
const buy = (orderNo: string, amountFen: number) =>
  hongmi.createOrder({
    merchantId,
    memberId,
    orderNo,
    paidAt: '2027-06-01T10:00:00+08:00',
    lines: [{ lineNo: 1, sku: 'hami', category: 'melon', quantity: 1, amountFen }],
  });
const wanted = { memberId, merchantId, rewardId: reward.id };

await buy('1', 4_000);
try {
  await hongmi.redeem(wanted);
} catch (error) {
  // The compiler knows every code; a misspelt one does not compile.
  if (!isRefusal(error, 'insufficient_points')) throw error;
  console.log(`only ${error.problem.available} points yet`);
}

await buy('2', 2_000);
const redemption = await hongmi.redeem(wanted);
console.log(`${redemption.state}: ${redemption.vouchers.length} voucher`);

// What is wrong with a form stands in `errors`, each with its place.
try {
  await hongmi.saveRewardDraft({
    id: reward.id,
    body: { ...body, name: { zh: '最超值 200% 礼盒' } },
  });
} catch (error) {
  if (!isRefusal(error, 'reward_invalid')) throw error;
  for (const { path, code } of error.errors) console.log(`${path}: ${code}`);
}
