import { type Scenario, yuan } from './scenario.ts';

const YEAR_MS = 365.25 * 86_400_000;

export const jeweller: Scenario = {
  id: 'S3',
  title: { zh: '珠宝店', en: 'Jeweller' },
  story: {
    zh: '先买 5000 元的项链，再买 3000 元的钻戒，积分全部用于活动券。另一位顾客一次买 5 万元。',
    en: 'A necklace for ¥5,000, then a diamond ring for ¥3,000; a campaign’s voucher takes all points. Somebody else buys for ¥50,000.',
  },
  note: {
    zh: '活动券用普通扣减代替。等级只看得到过的积分，从不看余额：花掉积分不会失去等级，所以“持有 5 万分”按三年内得到 5 万分计。定制减 1000 元、新品券、清洗保养属于兑换，这里不演。',
    en: 'A plain deduction stands in for the voucher. Tiers count points that were earned, never a balance, so that spending costs nobody a tier: “holders of 50,000” are those who earned them within three years. ¥1,000 off a custom order, vouchers and cleaning belong to redemption and are left out.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['jeweller'] });
    const shop = town.merchant('jeweller');
    const bride = await town.register(shop);

    // When
    const necklace = { sku: 'necklace', category: 'gold', amountFen: yuan(5_000) };
    const first = await town.sell(shop, bride, [necklace]);
    const ring = { sku: 'ring', category: 'diamond', amountFen: yuan(3_000) };
    const order = await town.sell(shop, bride, [ring]);

    // Then
    const points = await town.available(bride);
    figure({ zh: '两次购买的积分', en: 'points of both' }, 8_000, points);
    const years = (await town.lots(bride)).map(({ expiresAt }) =>
      Math.floor((Date.parse(expiresAt ?? '') - Date.parse(first.paidAt)) / YEAR_MS + 0.01),
    );
    figure({ zh: '黄金的积分有效几年', en: 'years that points of gold last' }, 3, years[0] ?? 0);
    figure(
      { zh: '钻石的积分有效几年', en: 'years that points of diamonds last' },
      5,
      years[1] ?? 0,
    );
    reason({
      about: { zh: '钻戒', en: 'The ring' },
      explanation: await town.why(order),
    });

    await town.spend(shop, bride, { points: 8_000 });
    const left = await town.available(bride);
    figure({ zh: '换活动券后剩余', en: 'left after the voucher' }, 0, left);

    const top = (await town.tiers(shop)).find(({ qualify }) => qualify.points !== undefined);
    const asks = top?.qualify.points ?? 0;
    figure({ zh: '最高等级要求的积分', en: 'points that the top tier asks for' }, 50_000, asks);
    const collector = await town.register(shop);
    await town.sell(shop, collector, [{ ...necklace, amountFen: yuan(50_000) }]);
    const earned = await town.available(collector);
    figure({ zh: '5 万元的积分', en: 'points of ¥50,000' }, 50_000, earned);
    const { name } = await town.tier(shop, collector);
    figure({ zh: '于是的等级', en: 'the tier it brings' }, '藏家', name ?? '');
  },
};
