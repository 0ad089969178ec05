import { reach } from '@hongmi/server/kernel/testing/patience';
import type { Stage } from './stage.ts';
import { type Ask, askAs, memberOf } from './till-desk.ts';

/** So many weeks of groceries: enough for everything here. */
const RICH = '+99900020008';

/** The other side of what members redeem: whoever hands it out, sends it, and answers for it; and rewards of kinds that the demo has none of. */
export interface Counter {
  /** As the operator. */
  readonly ask: Ask;
  readonly merchantId: string;
  /** The member for whom things are redeemed. */
  readonly phone: string;
  available(): Promise<number>;
  /** Redeems one of the rewards below for the member; answers the redemption. */
  redeem(reward: Reward, told?: object): ReturnType<Ask>;
  /** A till takes a voucher. */
  use(code: string): Promise<void>;
}

const price = (points: number, cashFen = 0) => ({
  ...{ points: [{ pointType: 'points', points }], cashFen },
});
const goods = {
  ...{ kind: 'goods', cashValueFen: 2_000, prices: [price(50)] },
  cancellation: { until: 'before_use' },
  afterSales: { returnDays: 7, qualityDays: 30, exchange: true },
};
const exchange = (zh: string, en: string) => ({
  kind: 'voucher',
  ...{ voucher: { form: 'exchange', what: { zh, en } }, lasts: { days: 30 } },
});

const entry = {
  ...{ entryTimes: [], queue: 'common', transferable: true },
  cancellation: { hoursBefore: 0, feePercent: 0 },
};

const REWARDS = {
  parcel: {
    ...{ ...goods, name: { zh: '寄到家的茶杯', en: 'A cup sent home' } },
    fulfilment: { kind: 'delivery', feeFen: 0 },
  },
  lesson: {
    ...{ ...goods, kind: 'service', name: { zh: '烘焙体验课', en: 'A baking lesson' } },
    afterSales: { returnDays: 0, qualityDays: 30, exchange: false },
    parity: { asSold: entry, asRedeemed: entry },
    fulfilment: {
      ...{ kind: 'booking', unit: 'slot', noticeHours: 0 },
      slots: [
        { from: '10:00', to: '11:00', places: 4 },
        { from: '15:00', to: '16:00', places: 4 },
      ],
    },
  },
  tea: {
    ...{ ...goods, name: { zh: '一罐红茶', en: 'A tin of black tea' } },
    fulfilment: exchange('红茶一罐', 'A tin of tea'),
  },
  kettle: {
    ...{ ...goods, name: { zh: '烧水壶', en: 'A kettle' }, prices: [price(50, 990)] },
    fulfilment: exchange('烧水壶一个', 'A kettle'),
  },
} as const;
type Reward = keyof typeof REWARDS | 'tree';

export async function openCounter(stage: Stage): Promise<Counter> {
  const ask = await askAs(stage, 'operator');
  const member = await memberOf(ask, RICH);
  const tree = await ask('GET', '/rewards?code=plant-a-tree');
  const { merchantId } = tree.items[0];
  const ids: Record<string, string> = { tree: tree.items[0].id };
  // A server that runs already may have those of an earlier run.
  const run = Date.now().toString(36);
  for (const [code, body] of Object.entries(REWARDS)) {
    const stores = [{ merchant: merchantId }];
    const told = { code: `${code}-${run}`, merchantId, body: { ...body, stores } };
    const made = await ask('POST', '/rewards', told);
    await ask('POST', `/rewards/${made.id}/publish`, {});
    ids[code] = made.id;
  }
  const asked = (reward: Reward, told: object): object => ({
    ...{ memberId: member.id, rewardId: ids[reward], merchantId, ...told },
  });
  const counts = (): Promise<boolean> =>
    ask('POST', '/redemptions', asked('tea', { dryRun: true })).then(
      () => true,
      () => false,
    );
  await reach(counts, () => 'what was published does not count');
  let uses = 0;
  return {
    ...{ ask, merchantId, phone: RICH },
    available: () => member.available(),
    redeem: (reward, told = {}) => ask('POST', '/redemptions', asked(reward, told)),
    async use(code) {
      uses += 1;
      await ask('POST', '/vouchers/uses', { code, merchantId, useNo: `${run}-${uses}` });
    },
  };
}
