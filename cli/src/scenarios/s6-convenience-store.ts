import type { components } from '@hongmi/sdk';
import { type Both, type Scenario, yuan } from './scenario.ts';
import type { Prices } from './settling.ts';

type Terms = components['schemas']['RewardTerms'];
type Gives = Pick<Terms, 'kind' | 'name' | 'cashValueFen' | 'fulfilment' | 'parity'>;

const AS_BOUGHT = {
  entryTimes: [],
  queue: 'common' as const,
  cancellation: { hoursBefore: 0, feePercent: 0 },
  transferable: true,
};
const exchange = (zh: string, en: string): Terms['fulfilment'] => ({
  kind: 'voucher',
  voucher: { form: 'exchange', what: { zh, en } },
  lasts: { days: 30 },
});

/** What four merchants of other trades give for points, and for how many. */
const NEIGHBOURS: readonly {
  readonly shop: Both;
  readonly category: string;
  readonly code: string;
  readonly points: number;
  readonly gives: Gives;
}[] = [
  {
    ...{ shop: { zh: '影院', en: 'cinema' }, category: 'cinema', code: 'film', points: 400 },
    gives: {
      ...{ kind: 'ticket', name: { zh: '电影票一张', en: 'A cinema ticket' }, cashValueFen: 4_000 },
      fulfilment: { kind: 'code' },
      parity: { asSold: AS_BOUGHT, asRedeemed: AS_BOUGHT },
    },
  },
  {
    ...{
      shop: { zh: '奶茶店', en: 'tea shop' },
      category: 'drinks',
      code: 'milk-tea',
      points: 150,
    },
    gives: {
      ...{ kind: 'goods', name: { zh: '奶茶一杯', en: 'A milk tea' }, cashValueFen: 1_500 },
      fulfilment: exchange('奶茶一杯', 'A milk tea'),
    },
  },
  {
    ...{ shop: { zh: '出行', en: 'rides' }, category: 'travel', code: 'ride', points: 100 },
    gives: {
      ...{
        kind: 'voucher',
        name: { zh: '10 元出行券', en: '¥10 off a ride' },
        cashValueFen: 1_000,
      },
      fulfilment: {
        kind: 'voucher',
        voucher: { form: 'no_threshold', offFen: yuan(10), partial: false },
        lasts: { days: 30 },
      },
    },
  },
  {
    ...{ shop: { zh: '书店', en: 'bookshop' }, category: 'books', code: 'books', points: 200 },
    gives: {
      ...{ kind: 'voucher', cashValueFen: 2_000 },
      name: { zh: '图书满 50 减 20', en: '¥20 off books from ¥50' },
      fulfilment: {
        kind: 'voucher',
        voucher: { form: 'full_reduction', offFen: yuan(20), overFen: yuan(50) },
        lasts: { days: 30 },
      },
    },
  },
];

/** 10 fen are owed for a point, 9.5 fen paid for it, less 2 % (0.19 fen). */
const STANDARD: Prices = {
  issuePriceMicroFen: 10_000_000,
  reimbursementMicroFen: 9_500_000,
  feeBasisPoints: 200,
};
/** Receives 9 fen a point, less 1 % (0.09 fen). */
const TEA_SHOP: Prices = {
  issuePriceMicroFen: 10_000_000,
  reimbursementMicroFen: 9_000_000,
  feeBasisPoints: 100,
};

/** What each of the four is due in January, pays as a fee and receives, in fen: by hand. */
const JANUARY: readonly (readonly [dueFen: number, feeFen: number, netFen: number])[] = [
  // 400 × 9.5; 400 × 0.19
  [3_800, 76, 3_724],
  // 150 × 9; 150 × 0.09 = 13.5, of which half a fen is carried
  [1_350, 13, 1_337],
  // 100 × 9.5; 100 × 0.19
  [950, 19, 931],
  // 200 × 9.5; 200 × 0.19
  [1_900, 38, 1_862],
];

export const convenienceStore: Scenario = {
  id: 'S6',
  title: { zh: '便利店联盟', en: 'Convenience store coalition' },
  story: {
    zh: '先公布结算条款。在便利店消费 1000 元，积分在另外四家用掉：一张电影票、一杯奶茶、一张出行券、一张图书折扣券。便利店自己的 100 枚印花按公布的比例换成联盟积分，又够打一次车。月底结账：便利店欠四家多少，精确到分；下月再喝一杯奶茶，上月凑整剩下的半分也算清了。',
    en: 'Terms are published first. ¥1,000 at the convenience store; its points go at four other merchants: a cinema ticket, a milk tea, a voucher for a ride, a discount on books. 100 stamps of the store’s own become common points at the published rate: enough for another ride. The month is closed: what the store owes the four, to the fen; another milk tea in the next, and the half fen that rounding left over is settled too.',
  },
  note: {
    zh: '例子没有给出数字；四家的价格和结算条款是这里定的。便利店欠各家的积分，从账本的批次算出：每笔兑换取了谁发的批次；欠多少钱，出自结账。',
    en: 'The example gives no figures; the prices of the four and the terms are made up here. The points that the store owes each are read from the ledger: whose lots each redemption took; the money, from the closed periods.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['convenience-store'] });
    const store = town.merchant('convenience-store');
    await town.agree(null, STANDARD);
    const shopper = await town.register(store);
    const goods = [{ sku: 'groceries', category: 'groceries', amountFen: yuan(1_000) }];
    const order = await town.sell(store, shopper, goods);
    figure({ zh: '便利店的积分', en: 'points of the store' }, 1_000, order.points);
    reason({
      about: { zh: '便利店的购物', en: 'The purchase at the store' },
      explanation: await town.why(order),
    });
    const shops: string[] = [];
    for (const { shop, category, code, points, gives } of NEIGHBOURS) {
      const id = await town.open(shop.zh, category);
      shops.push(id);
      if (code === 'milk-tea') await town.agree(id, TEA_SHOP);
      await town.publish(id, code, {
        ...gives,
        prices: [{ points: [{ pointType: 'points', points }], cashFen: 0 }],
        stores: [{ merchant: id }],
        cancellation: { until: 'before_use' },
        afterSales: { returnDays: 0, qualityDays: 7, exchange: true },
      });
    }
    await town.pass({ days: 1 });

    // When, then
    for (const [place, { shop, code, points }] of NEIGHBOURS.entries()) {
      const id = shops[place] ?? '';
      const redeemed = await town.redeem(shopper, id, code);
      const name = { zh: `${shop.zh}用掉`, en: `spent at: ${shop.en}` };
      figure(name, points, redeemed.price[0]?.points ?? 0);
      const { offFen } = await town.use(redeemed, yuan(50));
      if (code === 'books')
        figure({ zh: '50 元的书减（元）', en: 'yuan off books for ¥50' }, 20, offFen / 100);
    }
    figure({ zh: '剩余', en: 'left' }, 150, await town.available(shopper));
    await town.addPoints({ code: 'stamps', name: '印花' }, { num: 1, den: 2 });
    await town.give(store, shopper, { points: 100, pointType: 'stamps' });
    await town.convert(shopper, { points: 100, pointType: 'stamps' });
    const common = await town.available(shopper);
    figure({ zh: '100 枚印花换成（2 枚 1 分）', en: '100 stamps, at 2 a point' }, 50, common - 150);
    figure({ zh: '联盟积分', en: 'common points then' }, 200, common);
    for (const [place, { shop, points }] of NEIGHBOURS.entries()) {
      const name = { zh: `便利店欠${shop.zh}（分）`, en: `the store owes in points: ${shop.en}` };
      figure(name, points, await town.owed(store, shops[place] ?? ''));
    }
    figure({ zh: '便利店欠自己', en: 'and itself' }, 0, await town.owed(store, store));

    // The month is closed.
    await town.pass({ months: 1 });
    const january = await town.closeMonth();
    for (const [place, { shop }] of NEIGHBOURS.entries()) {
      const { dueFen, feeFen, netFen } = january.of(shops[place] ?? '');
      const [due, fee, net] = JANUARY[place] ?? [];
      figure({ zh: `${shop.zh}应收（分钱）`, en: `fen due to: ${shop.en}` }, due ?? 0, dueFen);
      figure({ zh: `${shop.zh}手续费`, en: `its fee: ${shop.en}` }, fee ?? 0, feeFen);
      figure({ zh: `${shop.zh}净收`, en: `it receives: ${shop.en}` }, net ?? 0, netFen);
    }
    // 850 points × 10 fen.
    figure({ zh: '便利店净付', en: 'the store pays' }, -8_500, january.of(store).netFen);
    // 8,500 − 8,000 between the two prices, and 146 of fees.
    figure({ zh: '平台', en: 'the platform' }, 646, january.of('platform').netFen);
    figure({ zh: '合计', en: 'all together' }, 0, january.sumFen);

    // And the next: another milk tea.
    const [, tea = ''] = shops;
    await town.use(await town.redeem(shopper, tea, 'milk-tea'));
    await town.pass({ months: 1 });
    const february = await town.closeMonth();
    // 13.5 of this month and the half fen that was carried.
    figure(
      { zh: '二月奶茶店手续费，连同带来的半分', en: 'its fee in February, with the half fen' },
      14,
      february.of(tea).feeFen,
    );
    // 1,350 − 14; 150 × 10; 1,500 − 1,350 + 14.
    figure({ zh: '奶茶店净收', en: 'the tea shop receives' }, 1_336, february.of(tea).netFen);
    figure({ zh: '便利店净付', en: 'the store pays' }, -1_500, february.of(store).netFen);
    figure({ zh: '平台', en: 'the platform' }, 164, february.of('platform').netFen);
    figure({ zh: '合计', en: 'all together' }, 0, february.sumFen);
  },
};
