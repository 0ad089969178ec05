import { type Both, type Scenario, yuan } from './scenario.ts';

export const refund: Scenario = {
  id: 'S14',
  title: { zh: '退货', en: 'Refund' },
  story: {
    zh: '买两箱水果 600 元，花掉 500 分，退回一箱。一个计划把收不回的记为欠分，另一个到零为止。',
    en: 'Two boxes of fruit for ¥600; 500 points are spent; one box comes back. One programme makes a debt of what cannot be taken back, another stops at nothing.',
  },
  note: {
    zh: '花掉的 500 分换了礼盒。例子没有给出数字，这里借用水果店的 600、500、100。会员看到的是解释和这批积分的来去。',
    en: 'The 500 points go on a gift box. The example gives no figures; these are the 600, 500 and 100 of the fruit shop. What the member sees is the explanation and the way of the lot.',
  },
  async play({ town: build, figure, reason }) {
    const variants = [
      { returnPolicy: 'debt', name: { zh: '记欠分：', en: 'with debt: ' } },
      { returnPolicy: 'within_balance', name: { zh: '到零为止：', en: 'with a floor: ' } },
    ] as const;
    for (const { returnPolicy, name } of variants) {
      const says = (zh: string, en: string): Both => ({ zh: name.zh + zh, en: name.en + en });
      const isDebt = returnPolicy === 'debt';

      // Given
      const town = await build({ packs: ['fruit-shop'], returnPolicy });
      const shop = town.merchant('fruit-shop');
      const member = await town.register(shop);
      const boxes = { sku: 'box', category: 'gift', quantity: 2, amountFen: yuan(600) };
      const order = await town.sell(shop, member, [boxes]);
      await town.redeem(member, shop, 'gift-box');

      // When
      await town.pass({ days: 1 });
      const returned = await town.takeBack(order, 1);

      // Then
      const { pointsClawedBack: worthLess, pointsRecovered: recovered, debt } = returned;
      figure(says('这一单少值', 'the order is worth less by'), 300, worthLess);
      figure(says('从余下的收回', 'taken back of what is left'), 100, recovered);
      figure(says('成为欠分', 'becomes a debt'), isDebt ? 200 : 0, debt);
      figure(says('不再追究', 'is let go'), isDebt ? 0 : 200, worthLess - recovered - debt);
      figure(says('可用', 'to be spent'), 0, await town.available(member));
      figure(says('欠', 'owed'), isDebt ? 200 : 0, await town.debt(member));
      const [lot] = await town.lots(member);
      if (lot === undefined) throw new Error('the order made a lot');
      reason({
        about: says('会员看到的', 'what the member sees'),
        explanation: await town.why(order),
        trail: await town.trail(lot.id),
      });

      await town.sell(shop, member, [{ sku: 'apple', category: 'apple', amountFen: yuan(250) }]);
      const then = await town.available(member);
      figure(says('再买 250 元后可用', 'to be spent after ¥250 more'), isDebt ? 50 : 250, then);
    }
  },
};
