import { claimOf, pointsOf } from './redeeming.ts';
import { type Scenario, yuan } from './scenario.ts';

const GLASSES = { sku: 'glasses', category: 'glasses' };

export const optician: Scenario = {
  id: 'S4',
  title: { zh: '眼镜店', en: 'Optician' },
  story: {
    zh: '每两年配一副 800 元的眼镜，第 0、2、4 年共三副，积分 6 年有效；第 5 年换镜片。一家三口攒够之后，换镜架、验光，到六月六日爱眼日再换镜片。',
    en: 'Glasses for ¥800 every two years, in the years 0, 2 and 4, whose points last 6 years; lenses in year 5. A family with more points takes a frame and an eye check, and lenses on Eye-care Day, 6 June.',
  },
  note: {
    zh: '5 年 2000 分是按比例折算：5 年合 2.5 次购买，800 × 2.5。账本里没有半副眼镜：两副之后 1600 分，三副之后 2400 分，第 5 年的余额就是 2400。',
    en: '2,000 points at 5 years are pro rata: 5 years are 2.5 purchases, 800 × 2.5. The ledger knows no half glasses: 1,600 after two, 2,400 after three, which is the balance of year 5.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['optician'] });
    const shop = town.merchant('optician');
    const reader = await town.register(shop);
    const glasses = [{ ...GLASSES, amountFen: yuan(800) }];
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

    const lenses = await town.offer(reader, shop, 'lenses');
    figure({ zh: '镜片的积分', en: 'points of lenses' }, 2_000, pointsOf(lenses));
    figure({ zh: '镜片值（元）', en: 'yuan of lenses' }, 200, lenses.body.cashValueFen / 100);
    await town.use(await town.redeem(reader, shop, 'lenses'));
    const left = await town.available(reader);
    figure({ zh: '换镜片后剩余', en: 'left after lenses' }, 400, left);

    const family = await town.register(shop);
    await town.sell(shop, family, [{ ...GLASSES, quantity: 3, amountFen: yuan(5_500) }]);
    const frame = await town.redeem(family, shop, 'frame');
    figure({ zh: '镜架', en: 'a frame took' }, 3_000, frame.price[0]?.points ?? 0);
    const asked = await town.offer(family, shop, 'frame');
    figure({ zh: '镜架值（元）', en: 'yuan of a frame' }, 300, asked.body.cashValueFen / 100);
    const check = await town.redeem(family, shop, 'eye-check');
    figure({ zh: '验光与清洗', en: 'an eye check took' }, 1_000, check.price[0]?.points ?? 0);
    const checked = await town.offer(family, shop, 'eye-check');
    figure({ zh: '验光与清洗值（元）', en: 'yuan of it' }, 100, checked.body.cashValueFen / 100);
    // From the 1st of January to the 6th of June.
    await town.pass({ months: 5, days: 5 });
    const onTheDay = await town.offer(family, shop, 'lenses');
    const { discount, uplift } = claimOf(onTheDay);
    figure({ zh: '爱眼日的镜片', en: 'lenses on Eye-care Day' }, 1_500, pointsOf(onTheDay));
    figure({ zh: '折扣', en: 'discount' }, '25.0 %', discount);
    figure({ zh: '增值', en: 'uplift' }, '33.3 %', uplift);
    await town.redeem(family, shop, 'lenses');
    const rest = await town.available(family);
    figure({ zh: '5500 分都用完', en: 'left of 5,500 points' }, 0, rest);
  },
};
