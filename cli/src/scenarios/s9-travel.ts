import { booked } from './redeeming.ts';
import { type Scenario, yuan } from './scenario.ts';

export const travel: Scenario = {
  id: 'S9',
  title: { zh: '航空、酒店、景区', en: 'Airline, hotel, scenic spot' },
  story: {
    zh: '先后飞两次，用里程换一张票；航班取消，里程退回原来的批次，另有补偿。金卡会员坐公务舱；再住两晚酒店，用房晚升级房型，用积分换景区门票；一张只许下午入园的兑换票不能发布。',
    en: 'Two flights; miles go on a ticket, whose flight is cancelled: they come back into the lots they were of, with compensation. A gold member flies in business class; two nights in the hotel, which go on a better room; points go on a ticket for the scenic spot. A redeemed ticket that is for afternoons alone cannot be published.',
  },
  note: {
    zh: '例子没有给出数字；数字出自行业包：航班取消补偿两成里程，由航空公司出。',
    en: 'The example gives no figures; these are those of the packs: a cancelled flight is compensated with a fifth of its miles, at the airline’s cost.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['airline', 'hotel', 'scenic-spot'] });
    const airline = town.merchant('airline');
    const flyer = await town.register(airline);
    const fly = (memberId: string, category: string, amountFen: number) =>
      town.sell(airline, memberId, [{ sku: 'PEK-SHA', category, amountFen }]);

    // Then: ratio, validity and limit are stated before anybody flies.
    const { earn } = await town.rule(airline, 'economy');
    const ratio = earn.kind === 'base' ? `${earn.points} : ${earn.perFen / 100}` : '';
    figure({ zh: '公布的比例（里程 : 元）', en: 'stated ratio (miles : yuan)' }, '1 : 1', ratio);
    const { expiryPolicy } = await town.pointType('miles');
    const years = expiryPolicy.kind === 'rolling' ? (expiryPolicy.years ?? 0) : 0;
    figure({ zh: '公布的有效期（年）', en: 'stated validity (years)' }, 3, years);
    const { terms } = await town.rule(airline, 'gold-member');
    const limit = terms?.caps?.find(({ per }) => per === 'order')?.points ?? 0;
    figure({ zh: '公布的上限（金卡，每单）', en: 'stated limit (gold, an order)' }, 5_000, limit);

    // When, then
    await fly(flyer, 'economy', yuan(1_280));
    await town.pass({ months: 1 });
    await fly(flyer, 'business', yuan(3_999));
    const flown = await town.lots(flyer, 'miles');
    const made = flown.map(({ amount }) => amount);
    figure({ zh: '经济舱 1280 元', en: 'economy for ¥1,280' }, 1_280, made[0] ?? 0);
    figure(
      { zh: '公务舱 3999 元，1.5 倍取整', en: 'business for ¥3,999, at 1.5' },
      5_998,
      made[1] ?? 0,
    );

    const ticket = await town.redeem(flyer, airline, 'domestic-ticket');
    figure({ zh: '机票', en: 'a ticket took' }, 5_000, ticket.price[0]?.points ?? 0);
    const left = await town.available(flyer, 'miles');
    figure({ zh: '换票 5000 里程后剩余', en: 'left after a ticket for 5,000' }, 2_278, left);
    await town.pass({ days: 10 });
    await town.callOff(ticket);
    const [first, second, extra] = await town.lots(flyer, 'miles');
    const restored = [first, second].flatMap((lot) => lot ?? []);
    const asBefore = restored.filter(
      ({ id, remaining, expiresAt }, index) =>
        id === flown[index]?.id &&
        remaining === flown[index].remaining &&
        expiresAt === flown[index].expiresAt,
    );
    figure(
      { zh: '取消后复原的批次（里程、到期日不变）', en: 'lots that are as before, expiry too' },
      2,
      asBefore.length,
    );
    const paid = extra?.issuerId === airline ? extra.amount : 0;
    figure(
      { zh: '补偿两成，航空公司出', en: 'a fifth on top, at the airline’s cost' },
      1_000,
      paid,
    );
    const compensated = await town.available(flyer, 'miles');
    figure({ zh: '加上补偿', en: 'with the compensation' }, 8_278, compensated);

    const gold = await town.register(airline);
    await town.giveTier(airline, gold, 'gold');
    await town.pass({ days: 1 });
    const order = await fly(gold, 'business', yuan(20_000));
    const miles = await town.available(gold, 'miles');
    figure(
      {
        zh: '金卡公务舱 20000 元：30000 + 5000',
        en: 'gold, business for ¥20,000: 30,000 and 5,000',
      },
      35_000,
      miles,
    );
    reason({
      about: { zh: '金卡会员的航班', en: 'The flight of the gold member' },
      explanation: await town.why(order),
    });

    const stay = { sku: 'twin', category: 'room', quantity: 2, amountFen: yuan(1_360) };
    const hotel = town.merchant('hotel');
    const stayed = await town.sell(hotel, flyer, [stay], { channel: 'app' });
    figure(
      { zh: '小程序订房 1360 元：1360 + 680', en: 'a room for ¥1,360 by app: 1,360 and 680' },
      2_040,
      stayed.points,
    );
    const nights = await town.available(flyer, 'nights');
    figure({ zh: '房晚', en: 'nights' }, 2, nights);
    const tickets = { sku: 'adult', category: 'ticket', quantity: 2, amountFen: yuan(160) };
    const visit = await town.sell(town.merchant('scenic-spot'), flyer, [tickets]);
    figure({ zh: '两张门票 160 元', en: 'two tickets for ¥160' }, 160, visit.points);

    const night = booked(town.date(1), { until: town.date(2) });
    const better = await town.redeem(flyer, hotel, 'room-upgrade', night);
    figure(
      { zh: '升级房型（房晚）', en: 'a better room took, in nights' },
      2,
      better.price[0]?.points ?? 0,
    );
    const park = town.merchant('scenic-spot');
    const entry = await town.redeem(flyer, park, 'ticket');
    figure({ zh: '景区门票', en: 'a ticket to the park took' }, 800, entry.price[0]?.points ?? 0);
    await town.use(entry);
    const { body: sold } = await town.offer(flyer, park, 'ticket');
    const { asSold, asRedeemed } = sold.parity ?? {};
    figure(
      { zh: '兑换票多出的入园时间限制', en: 'entry times that it has and a bought one lacks' },
      asSold?.entryTimes.length ?? -1,
      asRedeemed?.entryTimes.length ?? -1,
    );
    if (asSold === undefined) throw new Error('the ticket says what it is like');
    const inTheAfternoon = { ...asSold, entryTimes: [{ from: '14:00', to: '18:00' }] };
    const stricter = { ...sold, parity: { asSold, asRedeemed: inTheAfternoon } };
    const refused = await town.refusalOf(park, 'afternoon-ticket', stricter);
    figure(
      { zh: '只许下午入园的兑换票：不能发布，因为', en: 'one for afternoons alone: not, for' },
      'entryTimes stricter_than_sold',
      refused,
    );
  },
};
