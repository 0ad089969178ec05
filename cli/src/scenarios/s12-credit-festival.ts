import { type Scenario, yuan } from './scenario.ts';

const FESTIVAL = { from: '2027-01-22', to: '2027-02-05' };
const HAMPER = 'festival-hamper';
/** The places of its two prices. */
const COMMON = 0;
const WITH_BAND = 1;

export const creditFestival: Scenario = {
  id: 'S12',
  title: { zh: '信用年货节', en: 'Credit festival' },
  story: {
    zh: '年货节两周，超市的年货礼包 500 分；自愿参加、信用等级为“良好”的市民只要 400 分。三位参加，两位没有，人人买 600 元年货。',
    en: 'For two weeks the supermarket’s hamper takes 500 points; of citizens who opted in and are in the band “good” it takes 400. Three did, two did not; everybody buys for ¥600.',
  },
  note: {
    zh: '原文是约 20 万市民；这里五位，数字由此而来。没有参加的人，得分比例和价格都与平时一样：等级只多给，不少给。',
    en: 'The source speaks of some 200,000 citizens; here they are five, and the figures follow from that. Who did not opt in earns and pays what everybody does: a band only gives.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['supermarket'], begins: '2027-01-20' });
    const shop = town.merchant('supermarket');
    await town.publish(shop, HAMPER, {
      kind: 'goods',
      name: { zh: '年货礼包', en: 'A hamper for the festival' },
      cashValueFen: yuan(50),
      prices: [
        { points: [{ pointType: 'points', points: 500 }], cashFen: 0 },
        {
          points: [{ pointType: 'points', points: 400 }],
          ...{ cashFen: 0, creditBands: ['good', 'excellent'] },
        },
      ],
      stores: [{ merchant: shop }],
      offered: FESTIVAL,
      fulfilment: {
        kind: 'voucher',
        voucher: { form: 'exchange', what: { zh: '年货礼包一份', en: 'A hamper' } },
        lasts: { days: 30 },
      },
      cancellation: { until: 'before_use' },
      afterSales: { returnDays: 7, qualityDays: 30, exchange: true },
    });
    const citizens: string[] = [];
    for (let place = 0; place < 5; place += 1) citizens.push(await town.register(shop));
    const [first = '', , , other = '', last = ''] = citizens;
    const joined = citizens.slice(0, 3);
    for (const citizen of joined) await town.joinBand(citizen, 'good');
    await town.pass({ days: 1 });
    const before = await town.offer(first, shop, HAMPER);
    figure(
      { zh: '节前：不开放，因为', en: 'before it: not, for' },
      'not_offered_yet',
      before.unmet?.code ?? '',
    );

    // When
    await town.pass({ days: 3 });
    const goods = [{ sku: 'new-year-goods', category: 'home', amountFen: yuan(600) }];
    const earned = new Map<string, number>();
    for (const citizen of citizens)
      earned.set(citizen, (await town.sell(shop, citizen, goods)).points);

    // Then
    figure({ zh: '参加者买 600 元得', en: '¥600 earn who opted in' }, 600, earned.get(first) ?? 0);
    figure({ zh: '没有参加的得', en: '¥600 earn who did not' }, 600, earned.get(other) ?? 0);
    const pricesFor = async (citizen: string): Promise<string> => {
      const { options } = await town.offer(citizen, shop, HAMPER);
      return options.map(({ points }) => points[0]?.points).join(' / ');
    };
    figure(
      { zh: '参加者看到的价格', en: 'prices for who opted in' },
      '500 / 400',
      await pricesFor(first),
    );
    figure({ zh: '没有参加的看到的', en: 'prices for who did not' }, '500', await pricesFor(other));
    const why = await town.attempt(other, shop, HAMPER, WITH_BAND);
    figure(
      { zh: '没有参加的要 400 分的价格', en: 'asking for 400 without' },
      'price_not_offered',
      why,
    );
    for (const citizen of joined) await town.redeem(citizen, shop, HAMPER, { option: WITH_BAND });
    await town.redeem(other, shop, HAMPER, { option: COMMON });
    await town.redeem(last, shop, HAMPER, { option: COMMON });
    figure({ zh: '参加者剩余', en: 'left to who opted in' }, 200, await town.available(first));
    figure({ zh: '没有参加的剩余', en: 'left to who did not' }, 100, await town.available(other));

    const redeemed = await town.redeemedAt(shop);
    const byBand = redeemed.filter(({ option }) => option === WITH_BAND);
    const members = [...new Set(byBand.map(({ memberId }) => memberId))];
    figure({ zh: '报告：市民', en: 'report: citizens' }, 3, members.length);
    const points = byBand.reduce((sum, { price }) => sum + (price[0]?.points ?? 0), 0);
    figure({ zh: '报告：积分', en: 'report: points' }, 1_200, points);
    const orders = (await Promise.all(members.map((each) => town.orders(each)))).flat();
    const spend = orders.reduce((sum, { netFen }) => sum + netFen, 0) / 100;
    figure({ zh: '报告：带动消费（元）', en: 'report: yuan of spend' }, 1_800, spend);
    const [order] = await town.orders(other);
    if (order === undefined) throw new Error('everybody bought');
    reason({
      about: { zh: '没有参加的人的年货', en: 'What somebody bought who did not opt in' },
      explanation: await town.why(order),
    });
  },
};
