import { pointsOf } from './redeeming.ts';
import { type Scenario, yuan } from './scenario.ts';

const OFFER = 'welcome-back';
const SILENT = 'silent-three-months';

export const recall: Scenario = {
  id: 'S13',
  title: { zh: '流失召回', en: 'Lapse and recall' },
  story: {
    zh: '二月里三次早餐，此后三个月没有来。五月三十一日提醒：早餐多得的积分六月底到期；另有一份积分加现金的专享早餐。第二天顾客回来买早餐。',
    en: 'Three breakfasts in February, then nothing for three months. On 31 May a reminder: what breakfasts gave on top expires at the end of June; and there is a breakfast for points and cash, for those who were silent. The next day the shopper comes back for breakfast.',
  },
  note: {
    zh: '例子没有给出数字；得分与到期出自行业包，专享早餐是这里定的。送达的证据是会员的应用取走了提醒。专享的对象是经会员同意的分群；付现金要有支付渠道，这里只看报价。',
    en: 'The example gives no figures; points and expiry are the pack’s, the breakfast for the silent is made up here. The evidence is that the member’s app fetched the reminder. Who was silent is a segment, by consent; paying cash needs a payment provider, so only the offer is looked at here.',
  },
  async play({ town: build, figure, reason }) {
    // Given
    const town = await build({ packs: ['convenience-store'], begins: '2027-02-23' });
    const store = town.merchant('convenience-store');
    await town.segment(SILENT, '三个月没来', 'Silent for three months');
    await town.publish(store, OFFER, {
      kind: 'goods',
      name: { zh: '欢迎回来早餐', en: 'A breakfast to welcome you back' },
      cashValueFen: yuan(12),
      prices: [{ points: [{ pointType: 'points', points: 50 }], cashFen: yuan(5) }],
      stores: [{ merchant: store }],
      eligibility: { segments: [SILENT] },
      fulfilment: {
        kind: 'voucher',
        voucher: { form: 'exchange', what: { zh: '早餐一份', en: 'A breakfast' } },
        lasts: { days: 30 },
      },
      cancellation: { until: 'before_use' },
      afterSales: { returnDays: 0, qualityDays: 7, exchange: true },
    });
    const shopper = await town.register(store);
    const breakfast = [{ sku: 'congee', category: 'breakfast', amountFen: yuan(20) }];
    // At 08:00, on three mornings.
    await town.pass({ hours: 22 });
    for (let morning = 1; morning <= 3; morning += 1) {
      await town.sell(store, shopper, breakfast);
      await town.pass({ days: 1 });
    }
    const earned = await town.available(shopper);
    figure(
      { zh: '三次 20 元早餐：双倍', en: 'three breakfasts for ¥20, twice the points' },
      120,
      earned,
    );
    const before = await town.offer(shopper, store, OFFER);
    figure(
      { zh: '专享早餐还不开放，因为', en: 'no offer yet, for' },
      'segment',
      before.unmet?.code ?? '',
    );

    // When: it is the 27th of February, and nothing happens for three months.
    await town.pass({ months: 3 });
    const early = await town.messages(shopper, 'expiry_notice');
    figure({ zh: '三个月时的提醒', en: 'reminders after three months' }, 0, early.length);
    await town.joinSegment(shopper, SILENT);
    await town.pass({ days: 4 });

    // Then
    const [reminder, ...more] = await town.messages(shopper, 'expiry_notice');
    if (reminder === undefined) throw new Error('the shopper was not reminded');
    figure({ zh: '五月三十一日的提醒', en: 'reminders on 31 May' }, 1, more.length + 1);
    const [lot] = (await town.lots(shopper)).filter(({ expiresAt }) => expiresAt !== undefined);
    const lastDay = new Date(Date.parse(lot?.expiresAt ?? '') - 1 + 8 * 3_600_000);
    const date = lastDay.toISOString().slice(0, 'YYYY-MM-DD'.length);
    figure({ zh: '最后一天', en: 'the last day' }, '2027-06-30', date);
    const lapsing = Number(reminder.facts.points);
    figure({ zh: '提醒里的积分', en: 'points that it speaks of' }, 60, lapsing);
    const fetched = await town.fetchedAt(reminder.id);
    figure(
      { zh: '送达证据', en: 'evidence that it was fetched' },
      '2027-05-31',
      fetched?.slice(0, 10) ?? '-',
    );
    const offer = await town.offer(shopper, store, OFFER);
    figure({ zh: '专享早餐：积分', en: 'the offer: points' }, 50, pointsOf(offer));
    figure(
      { zh: '专享早餐：元', en: 'the offer: yuan' },
      5,
      (offer.options[0]?.cashFen ?? 0) / 100,
    );
    figure(
      { zh: '专享早餐：现在可换', en: 'the offer: can be had now' },
      'true',
      String(offer.redeemable),
    );

    await town.pass({ days: 1 });
    const back = await town.sell(store, shopper, breakfast);
    figure({ zh: '回来买早餐', en: 'coming back for breakfast' }, 40, back.points);
    const hours = Math.round((Date.parse(back.paidAt) - Date.parse(fetched ?? '')) / 3_600_000);
    figure({ zh: '在送达之后（小时）', en: 'hours after it was fetched' }, 24, hours);
    reason({
      about: { zh: '回来买的早餐', en: 'The breakfast of the return' },
      explanation: await town.why(back),
    });
  },
};
