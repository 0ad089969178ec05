import { type Scenario, yuan } from './scenario.ts';

export const greenBankCard: Scenario = {
  id: 'S10',
  title: { zh: '绿色银行卡', en: 'Green bank card' },
  story: {
    zh: '在超市买 200 元有绿色认证的洗衣液，一次付现金，一次刷绿色银行卡；再刷卡买 5000 元的普通家具。绿色积分换一日生态出行、两次免费充电。',
    en: 'Detergent with a green certificate, ¥200 at the supermarket: once for cash, once with the green card. Then ordinary furniture for ¥5,000 with the card. The green points go on a day of eco-travel and two times of charging.',
  },
  note: {
    zh: '例子只说刷卡的绿色积分比例更高；数字出自行业包。',
    en: 'The example says only that the card earns green points at a higher rate; the figures are those of the packs.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['supermarket', 'green-bank-card'] });
    const shop = town.merchant('supermarket');
    await town.certify(shop, ['detergent'], 'CGP-118');
    const detergent = {
      sku: 'detergent',
      category: 'home',
      greenCertificate: 'CGP-118',
      amountFen: yuan(200),
    };
    const sofa = { sku: 'sofa', category: 'home', amountFen: yuan(5_000) };
    const card = { tenders: ['green-bank-card'] };
    const [cash, plastic] = [await town.register(shop), await town.register(shop)];

    // When
    const byCash = await town.sell(shop, cash, [detergent], { tenders: ['cash'] });
    const byCard = await town.sell(shop, plastic, [detergent], card);

    // Then
    const greenByCash = await town.available(cash, 'green');
    figure({ zh: '现金：绿色积分', en: 'green points by cash' }, 200, greenByCash);
    const greenByCard = await town.available(plastic, 'green');
    figure(
      { zh: '刷卡：绿色积分 200 + 100 + 200', en: 'green points by card: 200, 100 and 200' },
      500,
      greenByCard,
    );
    const bank = town.merchant('green-bank-card');
    const worth = await town.worth(shop, plastic, [detergent], card);
    const atBank = worth.filter(({ funders }) =>
      funders?.every((each) => each.merchantId === bank),
    );
    const ofBank = atBank.reduce((sum, { points }) => sum + points, 0);
    figure({ zh: '其中由银行出资', en: 'of these at the bank’s cost' }, 300, ofBank);
    figure({ zh: '现金：超市的积分', en: 'the shop’s points by cash' }, 200, byCash.points);
    figure({ zh: '刷卡：超市的积分', en: 'the shop’s points by card' }, 200, byCard.points);
    reason({
      about: { zh: '现金那一单', en: 'The order paid in cash' },
      explanation: await town.why(byCash),
    });
    await town.sell(shop, plastic, [sofa], card);
    const capped = (await town.available(plastic, 'green')) - greenByCard;
    figure(
      { zh: '刷卡 5000 元：到每月上限 2000 为止', en: '¥5,000 by card: up to 2,000 in a month' },
      1_900,
      capped,
    );

    const travel = await town.redeem(plastic, bank, 'eco-travel');
    figure({ zh: '生态出行', en: 'eco-travel took' }, 2_000, travel.price[0]?.points ?? 0);
    const charging = await town.redeem(plastic, bank, 'charging', { quantity: 2 });
    figure({ zh: '两次免费充电', en: 'charging twice took' }, 400, charging.price[0]?.points ?? 0);
    figure({ zh: '充电码', en: 'codes for it' }, 2, charging.vouchers.length);
    await town.use(charging);
    const green = await town.available(plastic, 'green');
    figure({ zh: '剩余绿色积分', en: 'green points left' }, 0, green);
  },
};
