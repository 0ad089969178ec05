import { type Scenario, yuan } from './scenario.ts';

export const supermarket: Scenario = {
  id: 'S7',
  title: { zh: '超市', en: 'Supermarket' },
  story: {
    zh: '来一次就是日常会员；一年消费满 8000 元或来满 80 天，就是优选会员，积分 1.5 倍。顾客先买 3000 元，用积分换一袋大米，一张 25.80 元的小账单抵掉 7 元；再买 5000 元，换免费停车；又买 120.60 元。',
    en: 'One visit makes a daily member; ¥8,000 or 80 days of visits in a year make a select member, who earns one and a half times. A shopper buys for ¥3,000, redeems a bag of rice, and has ¥7 taken off a small bill of ¥25.80; buys for ¥5,000 and redeems parking; and then buys for ¥120.60.',
  },
  note: {
    zh: '例子只说低、高等级各有什么、显示离下一级多远，没有数字；数字出自行业包。',
    en: 'The example gives no figures, only what the tiers have and that the distance to the next is shown; the figures are those of the pack.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['supermarket'] });
    const shop = town.merchant('supermarket');
    const shopper = await town.register(shop);
    const buys = (amountFen: number) =>
      town.sell(shop, shopper, [{ sku: 'groceries', category: 'home', amountFen }]);

    // When, then
    const lower = await buys(yuan(3_000));
    figure({ zh: '3000 元，还没有等级', en: '¥3,000, without a tier' }, 3_000, lower.points);
    const { name, next } = await town.tier(shop, shopper);
    figure({ zh: '等级', en: 'the tier' }, '日常会员', name ?? '');
    figure({ zh: '下一级', en: 'the next tier' }, '优选会员', next?.name ?? '');
    const missing = (measure: string) =>
      next?.measures.find((each) => each.measure === measure)?.missing ?? 0;
    figure(
      { zh: '还差多少元', en: 'yuan that are missing to it' },
      5_000,
      missing('spendFen') / 100,
    );
    figure({ zh: '或还差几天', en: 'or days of visits' }, 79, missing('visits'));

    const rice = await town.redeem(shopper, shop, 'rice');
    figure({ zh: '大米', en: 'a bag of rice took' }, 900, rice.price[0]?.points ?? 0);
    await town.use(rice);
    const offset = await town.offset(shopper, shop, 'bill-offset', yuan(25, 80));
    figure(
      { zh: '25.80 元的账单抵（元）', en: 'yuan off a bill of ¥25.80' },
      7,
      offset.offFen / 100,
    );
    figure({ zh: '用积分', en: 'for points' }, 140, offset.points);
    const { unmet } = await town.offer(shopper, shop, 'parking');
    figure({ zh: '停车还不开放，因为', en: 'no parking yet, for' }, 'tier', unmet?.code ?? '');

    await town.pass({ days: 1 });
    await buys(yuan(5_000));
    const upper = await town.tier(shop, shopper);
    figure({ zh: '满 8000 元后的等级', en: 'the tier after ¥8,000' }, '优选会员', upper.name ?? '');
    const services = upper.benefits?.services?.map((each) => each.name).join('、') ?? '';
    figure({ zh: '它的服务', en: 'its services' }, '免费停车、专人导购', services);

    const parking = await town.redeem(shopper, shop, 'parking');
    figure(
      { zh: '免费停车扣的积分', en: 'points that free parking took' },
      0,
      parking.price[0]?.points ?? 0,
    );
    await town.use(parking);

    await town.pass({ days: 1 });
    const order = await buys(yuan(120, 60));
    figure({ zh: '120.60 元：120 + 60', en: '¥120.60: 120 and 60 more' }, 180, order.points);
    reason({
      about: { zh: '120.60 元的购物', en: 'The purchase of ¥120.60' },
      explanation: await town.why(order),
    });
  },
};
