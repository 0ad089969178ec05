import { type Scenario, yuan } from './scenario.ts';

export const fruitShop: Scenario = {
  id: 'S2',
  title: { zh: '水果店', en: 'Fruit shop' },
  story: {
    zh: '六月每天买 20 元苹果，连买 30 天，然后用 500 分换一盒进口水果。正是瓜季，再买一个 31.50 元的哈密瓜；最后是 0.99 元的一个李子。',
    en: 'Apples for ¥20 a day, the 30 days of June; then 500 points go on a box of imported fruit. It is melon season: a melon for ¥31.50. At last a plum for ¥0.99.',
  },
  note: {
    zh: '礼盒用普通扣减代替。礼盒值 25 元、50 元券、瓜季 500 变 400 的折扣与增值、上门清洗，都属于兑换，这里不演。',
    en: 'A plain deduction stands in for the box. What boxes, vouchers and washing cost, and the discount and uplift of the melon season (500 → 400), belong to redemption and are left out.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['fruit-shop'], begins: '2027-06-01' });
    const shop = town.merchant('fruit-shop');
    const neighbour = await town.register(shop);

    // When
    let last = '';
    for (let day = 1; day <= 30; day += 1) {
      const goods = [{ sku: 'apple', category: 'apple', amountFen: yuan(20) }];
      last = (await town.sell(shop, neighbour, goods)).id;
      await town.pass({ days: 1 });
    }

    // Then
    const points = await town.available(neighbour);
    figure({ zh: '30 天的积分', en: 'points after 30 days' }, 600, points);
    reason({
      about: { zh: '第 30 天的苹果', en: 'The apples of the 30th day' },
      explanation: await town.why({ id: last }),
    });

    await town.spend(shop, neighbour, { points: 500 });
    const left = await town.available(neighbour);
    figure({ zh: '花 500 分后剩余', en: 'left after 500 were spent' }, 100, left);

    // It is the 1st of July, a Thursday: the pack's season counts melons double on weekdays.
    const hami = [{ sku: 'hami', category: 'melon', amountFen: yuan(31, 50) }];
    const melon = await town.sell(shop, neighbour, hami);
    figure(
      { zh: '瓜季的瓜 31.50 元：31 + 31', en: 'a melon in season for ¥31.50: 31 and 31' },
      62,
      melon.points,
    );
    reason({
      about: { zh: '瓜季的瓜', en: 'The melon in season' },
      explanation: await town.why(melon),
    });

    // One fen short of a point: nothing, and the reason for it.
    const taste = [{ sku: 'plum', category: 'plum', amountFen: yuan(0, 99) }];
    const order = await town.sell(shop, neighbour, taste);
    figure({ zh: '0.99 元的一个李子', en: 'a plum for ¥0.99' }, 0, order.points);
    reason({
      about: { zh: '那个李子', en: 'The plum' },
      explanation: await town.why(order),
    });
  },
};
