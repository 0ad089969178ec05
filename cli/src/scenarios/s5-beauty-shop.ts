import { type Scenario, yuan } from './scenario.ts';

export const beautyShop: Scenario = {
  id: 'S5',
  title: { zh: '美妆店', en: 'Beauty shop' },
  story: {
    zh: '注册送礼，随即换一份小样；首单满 199 元再送一笔，也立即可用。另一位的首单差一分钱。',
    en: 'A gift for registering is spent on a sample at once; a first order of ¥199 or more brings a bonus, to be spent at once as well. Somebody else’s first order is a fen short.',
  },
  note: {
    zh: '多少分是行业包里定的。',
    en: 'How many points it is, the pack says.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['beauty-shop'] });
    const shop = town.merchant('beauty-shop');
    const lipstick = { sku: 'lipstick', category: 'make-up' };

    // When, then
    const newcomer = await town.register(shop);
    const gift = await town.available(newcomer);
    figure({ zh: '注册礼', en: 'for registering' }, 100, gift);
    const sample = await town.redeem(newcomer, shop, 'lipstick-sample');
    figure({ zh: '口红小样', en: 'a lipstick sample took' }, 100, sample.price[0]?.points ?? 0);
    await town.use(sample);
    const afterSample = await town.available(newcomer);
    figure({ zh: '随即换小样后剩余', en: 'left after a sample, at once' }, 0, afterSample);

    const first = await town.sell(shop, newcomer, [{ ...lipstick, amountFen: yuan(258) }]);
    figure(
      { zh: '首单 258 元：258 + 首单礼 200', en: 'first order of ¥258: and a bonus of 200' },
      458,
      first.points,
    );
    const atOnce = await town.available(newcomer);
    figure({ zh: '立即可用', en: 'to be spent at once' }, 458, atOnce);
    await town.use(await town.redeem(newcomer, shop, 'cotton-pads'));
    const afterPads = await town.available(newcomer);
    figure({ zh: '换化妆棉（80 分）后剩余', en: 'left after cotton pads for 80' }, 378, afterPads);
    const second = await town.sell(shop, newcomer, [{ ...lipstick, amountFen: yuan(258) }]);
    figure(
      { zh: '第二单 258 元，没有首单礼', en: 'second order of ¥258: no bonus' },
      258,
      second.points,
    );

    const other = await town.register(shop);
    const short = await town.sell(shop, other, [{ ...lipstick, amountFen: yuan(198, 99) }]);
    figure(
      { zh: '首单 198.99 元，没有首单礼', en: 'first order of ¥198.99: no bonus' },
      198,
      short.points,
    );
    reason({
      about: { zh: '198.99 元的首单', en: 'The first order of ¥198.99' },
      explanation: await town.why(short),
    });
  },
};
