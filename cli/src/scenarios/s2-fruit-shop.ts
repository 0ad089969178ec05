import { claimOf, pointsOf } from './redeeming.ts';
import { type Scenario, yuan } from './scenario.ts';

export const fruitShop: Scenario = {
  id: 'S2',
  title: { zh: '水果店', en: 'Fruit shop' },
  story: {
    zh: '五月每天买 20 元苹果，连买 30 天，然后用 500 分换一盒进口水果。六月一日起是瓜季：买一个 31.50 元的哈密瓜，礼盒少用积分。邻居换 50 元券和上门清洗；最后是 0.99 元的一个李子。',
    en: 'Apples for ¥20 a day on 30 days of May; then 500 points go on a box of imported fruit. On 1 June the melon season begins: a melon for ¥31.50, and the box takes fewer points. A neighbour redeems a voucher of ¥50 and fruit washing. At last a plum for ¥0.99.',
  },
  note: {
    zh: '三十天之后是 5 月 31 日，瓜季还没有开始，礼盒仍是 500 分。',
    en: 'After thirty days it is 31 May: the season has not begun, and the box is at 500.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['fruit-shop'], begins: '2027-05-01' });
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

    const plain = await town.offer(neighbour, shop, 'gift-box');
    figure({ zh: '礼盒的积分', en: 'points of the box' }, 500, pointsOf(plain));
    figure({ zh: '礼盒值（元）', en: 'yuan of the box' }, 25, plain.body.cashValueFen / 100);
    await town.use(await town.redeem(neighbour, shop, 'gift-box'));
    const left = await town.available(neighbour);
    figure({ zh: '换礼盒后剩余', en: 'left after the box' }, 100, left);

    await town.pass({ days: 1 });
    const other = await town.register(shop);
    await town.sell(shop, other, [{ sku: 'apple', category: 'apple', amountFen: yuan(1_700) }]);
    const inSeason = await town.offer(other, shop, 'gift-box');
    figure({ zh: '瓜季的礼盒', en: 'the box in the season' }, 400, pointsOf(inSeason));
    const { discount, uplift } = claimOf(inSeason);
    figure({ zh: '折扣', en: 'discount' }, '20.0 %', discount);
    figure({ zh: '增值', en: 'uplift' }, '25.0 %', uplift);
    const box = await town.redeem(other, shop, 'gift-box');
    figure({ zh: '礼盒实际扣', en: 'the box took' }, 400, box.price[0]?.points ?? 0);
    const voucher = await town.redeem(other, shop, 'voucher-50');
    figure({ zh: '50 元券', en: 'the voucher took' }, 1_000, voucher.price[0]?.points ?? 0);
    const { offFen } = await town.use(voucher, yuan(50));
    figure({ zh: '50 元的账单减（元）', en: 'yuan off a bill of ¥50' }, 50, offFen / 100);
    const washing = await town.offer(other, shop, 'fruit-washing');
    figure({ zh: '上门清洗值（元）', en: 'yuan of washing' }, 50, washing.body.cashValueFen / 100);
    const { price } = await town.redeem(other, shop, 'fruit-washing');
    figure({ zh: '上门清洗', en: 'washing took' }, 300, price[0]?.points ?? 0);
    const rest = await town.available(other);
    figure({ zh: '1700 分都用完', en: 'left of 1,700 points' }, 0, rest);

    // A Tuesday: the pack's season counts melons double on weekdays.
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
