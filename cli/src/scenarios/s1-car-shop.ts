import { booked, claimOf, pointsOf, yuanAPoint } from './redeeming.ts';
import { type Scenario, yuan } from './scenario.ts';

export const carShop: Scenario = {
  id: 'S1',
  title: { zh: '汽车 4S 店', en: '4S car shop' },
  story: {
    zh: '车主每月消费 1000 元，一年十二次，然后做两次基础保养，每次 5000 分。一家车队的常客在店庆月（六月）换空调清洗、轮胎和车险抵用券。',
    en: 'A driver spends ¥1,000 a month for a year, and then 5,000 points on each of two basic maintenances. The keeper of a fleet redeems a cleaning in the anniversary month (June), a tyre, and a voucher for the insurance.',
  },
  note: {
    zh: '原文把“少用积分”叫“价值提升 16.7%”；这里分开算：折扣 1 − 5000/6000，增值 6000/5000 − 1。',
    en: 'The source calls the discount of 16.7 % a rise in value; here both are computed: discount 1 − 5,000/6,000, uplift 6,000/5,000 − 1.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['car-shop'] });
    const shop = town.merchant('car-shop');
    const driver = await town.register(shop);
    const parts = (amountFen: number) => [{ sku: 'brake-pads', category: 'parts', amountFen }];
    const keeper = await town.register(shop);
    await town.sell(shop, keeper, parts(yuan(35_000)));
    const cleaning = () => town.offer(keeper, shop, 'air-conditioning');
    figure({ zh: '空调清洗，平时', en: 'cleaning, plain' }, 6_000, pointsOf(await cleaning()));

    // When, then
    let last = '';
    for (let month = 1; month <= 12; month += 1) {
      last = (await town.sell(shop, driver, parts(yuan(1_000)))).id;
      if (month === 5) {
        const points = await town.available(driver);
        figure({ zh: '5 个月的积分', en: 'points after 5 months' }, 5_000, points);
      }
      await town.pass({ months: 1 });
      if (month !== 5) continue;
      const inJune = await cleaning();
      figure({ zh: '店庆月', en: 'in the anniversary month' }, 5_000, pointsOf(inJune));
      const { discount, uplift } = claimOf(inJune);
      figure({ zh: '折扣', en: 'discount' }, '16.7 %', discount);
      figure({ zh: '增值', en: 'uplift' }, '20.0 %', uplift);
      const when = booked(town.date(1), '10:00-12:00');
      const cleaned = await town.redeem(keeper, shop, 'air-conditioning', when);
      figure({ zh: '清洗实际扣', en: 'the cleaning took' }, 5_000, cleaned.price[0]?.points ?? 0);
      await town.pass({ days: 1 });
      await town.use(cleaned);
    }
    const points = await town.available(driver);
    figure({ zh: '12 个月的积分', en: 'points after 12 months' }, 12_000, points);
    reason({
      about: { zh: '第 12 个月的消费', en: 'What was bought in the 12th month' },
      explanation: await town.why({ id: last }),
    });

    const maintenance = await town.offer(driver, shop, 'maintenance');
    figure({ zh: '每分值（元）', en: 'yuan that a point is worth' }, 0.1, yuanAPoint(maintenance));
    for (const _ of ['first', 'second'])
      await town.use(await town.redeem(driver, shop, 'maintenance'));
    const left = await town.available(driver);
    figure({ zh: '两次保养之后剩余', en: 'left after two maintenances' }, 2_000, left);

    const tyre = await town.offer(keeper, shop, 'tyre');
    figure({ zh: '轮胎的积分', en: 'points of a tyre' }, 10_000, pointsOf(tyre));
    figure({ zh: '轮胎值（元）', en: 'yuan of a tyre' }, 1_000, tyre.body.cashValueFen / 100);
    await town.redeem(keeper, shop, 'tyre');
    const insurance = await town.redeem(keeper, shop, 'insurance');
    figure({ zh: '车险抵用券', en: 'the voucher took' }, 20_000, insurance.price[0]?.points ?? 0);
    const { billFen, offFen } = await town.use(insurance, yuan(5_000));
    figure({ zh: '抵用（元）', en: 'yuan it takes off' }, 1_000, offFen / 100);
    const pays = (billFen - offFen) / 100;
    figure({ zh: '5000 元保费实付', en: 'a premium of ¥5,000 pays' }, 4_000, pays);
    const rest = await town.available(keeper);
    figure({ zh: '车队剩余', en: 'left to the keeper' }, 0, rest);
  },
};
