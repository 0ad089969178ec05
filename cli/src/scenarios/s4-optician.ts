import { type Scenario, yuan } from './scenario.ts';

export const optician: Scenario = {
  id: 'S4',
  title: { zh: '眼镜店', en: 'Optician' },
  story: {
    zh: '每两年配一副 800 元的眼镜，第 0、2、4 年共三副，积分 6 年有效；第 5 年来看。',
    en: 'Glasses for ¥800 every two years, in the years 0, 2 and 4, whose points last 6 years; looked at in year 5.',
  },
  note: {
    zh: '5 年 2000 分是按比例折算：5 年合 2.5 次购买，800 × 2.5。账本里没有半副眼镜：两副之后 1600 分，三副之后 2400 分，第 5 年的余额就是 2400。镜片、镜架、爱眼日的折扣与增值属于兑换，这里不演。',
    en: '2,000 points at 5 years are pro rata: 5 years are 2.5 purchases, 800 × 2.5. The ledger knows no half glasses: 1,600 after two, 2,400 after three, which is the balance of year 5. Lenses, frames, and the discount and uplift of Eye-care Day belong to redemption and are left out.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['optician'] });
    const shop = town.merchant('optician');
    const reader = await town.register(shop);
    const glasses = [{ sku: 'glasses', category: 'glasses', amountFen: yuan(800) }];
    const buys = () => town.sell(shop, reader, glasses);

    // When, then
    await buys();
    await town.pass({ months: 24 });
    await buys();
    await town.pass({ months: 24 });
    const ofFourYears = await town.available(reader);
    figure({ zh: '两副之后', en: 'after two purchases' }, 1_600, ofFourYears);
    const proRata = (ofFourYears / 4) * 5;
    figure({ zh: '按比例 5 年', en: '5 years pro rata' }, 2_000, proRata);

    const third = await buys();
    const afterThree = await town.available(reader);
    figure({ zh: '三副之后', en: 'after three purchases' }, 2_400, afterThree);
    await town.pass({ months: 12 });
    const inYearFive = await town.available(reader);
    figure({ zh: '第 5 年账本的余额', en: 'what the ledger says in year 5' }, 2_400, inYearFive);
    reason({
      about: { zh: '第三副眼镜', en: 'The third glasses' },
      explanation: await town.why(third),
    });
  },
};
