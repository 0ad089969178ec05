import { type Scenario, yuan } from './scenario.ts';

export const carShop: Scenario = {
  id: 'S1',
  title: { zh: '汽车 4S 店', en: '4S car shop' },
  story: {
    zh: '车主每月消费 1000 元，一年十二次，然后做两次基础保养，每次 5000 分。',
    en: 'A driver spends ¥1,000 a month for a year, and then 5,000 points on each of two basic maintenances.',
  },
  note: {
    zh: '保养用普通扣减代替。每分值 0.10 元，轮胎、保险抵用，周年月的折扣与增值，都属于兑换，这里不演。',
    en: 'Plain deductions stand in for the maintenances. What a point is worth, tyres, insurance, and the discount and uplift of the anniversary month belong to redemption and are left out.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['car-shop'] });
    const shop = town.merchant('car-shop');
    const driver = await town.register(shop);

    // When, then
    let last = '';
    for (let month = 1; month <= 12; month += 1) {
      const goods = [{ sku: 'brake-pads', category: 'parts', amountFen: yuan(1_000) }];
      last = (await town.sell(shop, driver, goods)).id;
      if (month === 5) {
        const points = await town.available(driver);
        figure({ zh: '5 个月的积分', en: 'points after 5 months' }, 5_000, points);
      }
      await town.pass({ months: 1 });
    }
    const points = await town.available(driver);
    figure({ zh: '12 个月的积分', en: 'points after 12 months' }, 12_000, points);
    reason({
      about: { zh: '第 12 个月的消费', en: 'What was bought in the 12th month' },
      explanation: await town.why({ id: last }),
    });

    await town.spend(shop, driver, { points: 5_000 });
    await town.spend(shop, driver, { points: 5_000 });
    const left = await town.available(driver);
    figure({ zh: '两次保养之后剩余', en: 'left after two maintenances' }, 2_000, left);
  },
};
