import { booked, pointsOf } from './redeeming.ts';
import { type Scenario, yuan } from './scenario.ts';

const YEAR_MS = 365.25 * 86_400_000;

export const jeweller: Scenario = {
  id: 'S3',
  title: { zh: '珠宝店', en: 'Jeweller' },
  story: {
    zh: '先买 5000 元的项链，再买 3000 元的钻戒，一月的新年活动里，积分全部用于 800 元券。另一位顾客一次买 5 万元，成为藏家，做一次私人定制，再换新品券和清洗保养。',
    en: 'A necklace for ¥5,000, then a diamond ring for ¥3,000; in the campaign of January a voucher of ¥800 takes all points. Somebody else buys for ¥50,000, has something made to order, and redeems a voucher for the new collection and a cleaning.',
  },
  note: {
    zh: '定制券看余额：换的那一刻要有 5 万分。等级看得到过的积分，花掉不会失去。定制券本身 1000 分，是行业包定的。',
    en: 'The voucher for custom orders looks at the balance: 50,000 points must be there when it is redeemed. Tiers look at what was earned: spending costs nobody a tier. That the voucher takes 1,000 points, the pack says.',
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

    const campaign = await town.redeem(bride, shop, 'voucher-800');
    figure({ zh: '活动中的券', en: 'the voucher took' }, 8_000, campaign.price[0]?.points ?? 0);
    const off = await town.use(campaign, yuan(2_000));
    figure({ zh: '券抵（元）', en: 'yuan it takes off' }, 800, off.offFen / 100);
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

    const { unmet } = await town.offer(bride, shop, 'custom-order');
    figure(
      { zh: '不到 5 万分：不开放，因为', en: 'below 50,000: not, for' },
      'balance_floor',
      unmet?.code ?? '',
    );
    const custom = await town.use(await town.redeem(collector, shop, 'custom-order'), yuan(10_000));
    const pays = (custom.billFen - custom.offFen) / 100;
    figure({ zh: '1 万元定制实付', en: 'a custom order of ¥10,000 pays' }, 9_000, pays);
    const fresh = await town.offer(collector, shop, 'new-collection');
    figure({ zh: '新品券的积分', en: 'points for the new collection' }, 10_000, pointsOf(fresh));
    const { offFen } = await town.use(
      await town.redeem(collector, shop, 'new-collection'),
      yuan(2_000),
    );
    figure({ zh: '新品券抵（元）', en: 'yuan it takes off' }, 1_000, offFen / 100);
    const care = await town.offer(collector, shop, 'cleaning');
    figure(
      { zh: '清洗保养值（元）', en: 'yuan of cleaning and care' },
      500,
      care.body.cashValueFen / 100,
    );
    const when = booked(town.date(1), '10:00-12:00');
    const cared = await town.redeem(collector, shop, 'cleaning', when);
    figure({ zh: '清洗保养', en: 'cleaning and care took' }, 20_000, cared.price[0]?.points ?? 0);
    await town.pass({ days: 1 });
    await town.use(cared);
    const rest = await town.available(collector);
    figure(
      { zh: '5 万减 1000、1 万、2 万', en: '50,000 less 1,000, 10,000 and 20,000' },
      19_000,
      rest,
    );
    const kept = await town.tier(shop, collector);
    figure({ zh: '花掉之后的等级', en: 'the tier after spending' }, '藏家', kept.name ?? '');
  },
};
