import { expect, test } from 'vitest';
import { nightsBetween, nightsFrom, openDays, windowFrom } from './days.ts';
import { askedOf } from './looked-for.ts';
import { firstOption, type OneOffer, type Option, unitsMax, usedUp } from './offer.ts';
import { orderOf, placesOf, remainsAfter, sumOfOrder } from './order.ts';

const points = (count: number, pointType = 'points') => ({ pointType, points: count });
const option = (more: Partial<Option> = {}): Option => ({
  ...{ option: 0, points: [points(100)], cashFen: 0, plainPoints: [points(100)] },
  ...{ promotion: null, missing: [] },
  ...more,
});
const reward = (body: object = {}, left: object = {}): OneOffer =>
  ({
    rewardId: 'rwd_1',
    body: { stores: [{ merchant: 'mer_1' }], fulfilment: { kind: 'code' }, ...body },
    left: { stock: null, limits: [], quotas: [], ...left },
  }) as unknown as OneOffer;

test('what is asked says the price that was shown, of all units, and cash only where some is paid', () => {
  const chosen = { option: option({ cashFen: 600 }), quantity: 2, place: { merchantId: 'mer_1' } };
  const who = { memberId: 'mem_1', payer: 'openid' };
  const sent = reward({ fulfilment: { kind: 'delivery', feeFen: 800 } });
  expect(sumOfOrder(sent.body, chosen)).toEqual({
    ...{ points: [points(200)], cashFen: 2_000, feeFen: 800 },
  });
  expect(orderOf(sent, chosen, who)).toEqual({
    ...{ memberId: 'mem_1', rewardId: 'rwd_1', merchantId: 'mer_1', option: 0, quantity: 2 },
    ...{ price: [points(200)], cashFen: 2_000, payerOpenid: 'openid' },
  });
  const free = { ...chosen, option: option({ points: [points(0)] }) };
  expect(orderOf(reward(), free, who)).toEqual({
    ...{ memberId: 'mem_1', rewardId: 'rwd_1', merchantId: 'mer_1', option: 0, quantity: 2 },
  });
  expect(remainsAfter(sumOfOrder(sent.body, chosen), () => 250)).toEqual([points(50)]);
});

test('a place is a store where the terms name some, and else the merchant', () => {
  const stores = [{ merchant: 'mer_1', stores: ['gate', 'lake'] }, { merchant: 'mer_2' }];
  expect(placesOf({ stores })).toEqual([
    { merchantId: 'mer_1', store: 'gate' },
    { merchantId: 'mer_1', store: 'lake' },
    { merchantId: 'mer_2' },
  ]);
});

test('no more can be asked for than stock, limits, quotas and points allow', () => {
  const has = (count: number) => () => count;
  expect(unitsMax(reward(), option(), 'mer_1', has(350))).toBe(3);
  expect(unitsMax(reward({}, { stock: 2 }), option(), 'mer_1', has(9_999))).toBe(2);
  const limits = [{ per: 'order', times: 4 }];
  expect(unitsMax(reward({ limits }), option(), 'mer_1', has(9_999))).toBe(4);
  const quotas = [{ merchantId: 'mer_2', per: 'day', left: 1 }];
  expect(unitsMax(reward({ limits }, { quotas }), option(), 'mer_1', has(9_999))).toBe(4);
  expect(unitsMax(reward({ limits }, { quotas }), option(), 'mer_2', has(9_999))).toBe(1);
  expect(unitsMax(reward(), option(), 'mer_1', has(0))).toBe(1);
});

test('it is used up by its stock, a limit that lasts, or once every merchant gave out its own', () => {
  expect(usedUp(reward())).toBeUndefined();
  expect(usedUp(reward({}, { stock: 0 }))).toEqual({ of: 'stock' });
  const limits = [
    { per: 'day', left: 0 },
    { per: 'month', left: 0 },
  ];
  expect(usedUp(reward({}, { limits }))).toEqual({ of: 'limit', per: 'month' });
  const quotas = [{ merchantId: 'mer_1', per: 'day', left: 0 }];
  expect(usedUp(reward({}, { quotas }))).toEqual({ of: 'quota', per: 'day' });
  const stores = [{ merchant: 'mer_1' }, { merchant: 'mer_2' }];
  expect(usedUp(reward({ stores }, { quotas }))).toBeUndefined();
});

test('a reward is told by what can be paid, or else by what is lacked least of', () => {
  const [dear, cheap] = [
    option({ missing: [points(400)] }),
    option({ option: 1, missing: [points(50)] }),
  ];
  expect(firstOption({ options: [dear, cheap] })).toBe(cheap);
  const paid = option({ option: 2 });
  expect(firstOption({ options: [dear, cheap, paid] })).toBe(paid);
  expect(firstOption({ options: [option(), paid] })?.option).toBe(0);
});

test('weeks begin on Mondays, and nights are free in a row', () => {
  expect(windowFrom('2026-11-22', 0)).toBe('2026-11-16');
  expect(windowFrom('2026-11-23', 1)).toBe('2026-12-21');
  const night = (day: string, left: number, open = true) => ({
    ...{ day, slot: null, startsAt: '', endsAt: '', places: 3, left, open },
  });
  const days = openDays([
    ...[night('2027-01-01', 3), night('2027-01-02', 1), night('2027-01-03', 3)],
    night('2027-01-04', 0, false),
  ]);
  expect(nightsFrom(days, '2027-01-01', 1)).toBe(3);
  expect(nightsFrom(days, '2027-01-01', 2)).toBe(1);
  expect(nightsFrom(days, '2027-01-04', 1)).toBe(0);
  expect(nightsBetween('2028-02-28', '2028-03-01')).toBe(2);
});

test('an address says what is looked for; what makes no sense there is left out', () => {
  const scaleOf = (pointType?: string) => (pointType === 'fine' ? 2 : 0);
  const asked = 'merchant=mer_1&kind=goods&named=%20tea%20&can=now&type=green&max=500';
  expect(askedOf(asked, scaleOf)).toEqual({
    ...{ merchantId: 'mer_1', kind: 'goods', named: 'tea', redeemable: true },
    ...{ pointType: 'green', pointsMax: 500 },
  });
  const nonsense = 'order=points&kind=cars&max=7&can=never&named=';
  expect(askedOf(nonsense, scaleOf)).toEqual({ order: 'points' });
  // The API counts the smallest units.
  expect(askedOf('type=fine&max=500', scaleOf)).toMatchObject({ pointsMax: 50_000 });
});
