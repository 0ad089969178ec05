import { expect, test } from 'vitest';
import { fieldOf as ofCampaign } from '../pages/campaigns/field-of.ts';
import { fieldOf as ofReward } from '../pages/rewards/field-of.ts';

test.each([
  ['/name/zh', 'nameZh'],
  ['/name/en', 'nameEn'],
  ['/price/num', 'percent'],
  ['/price/pointType', 'pointType'],
  ['/when/dates/0/to', 'dates'],
  ['/when/monthDays/3', 'monthDays'],
  ['/budget/1/pointType', ['budget', 1, 'pointType']],
  ['/budget/0/points', ['budget', 0, 'points']],
])('of a campaign, %s is told in %s', (pointer, field) =>
  expect(ofCampaign(pointer)).toEqual(field),
);

test.each([
  ['/description/zh', 'descriptionZh'],
  ['/cashValueFen', 'worthYuan'],
  ['/prices/1/cashFen', ['prices', 1, 'cashYuan']],
  ['/prices/0/points/0/pointType', ['prices', 0, 'pointType']],
  ['/prices/0/points', ['prices', 0, 'points']],
  ['/stores/2/merchant', 'merchants'],
  ['/limits/0/per', 'limitPer'],
  ['/fulfilment/voucher/overFen', 'overYuan'],
  ['/fulfilment/kind', 'fulfilment'],
  ['/afterSales', 'returnDays'],
])('of a reward, %s is told in %s', (pointer, field) => expect(ofReward(pointer)).toEqual(field));

test('what the forms do not ask has no field', () => {
  for (const pointer of ['/when', '/when/dates/1/to', '/kinds/0', '/budget'])
    expect(ofCampaign(pointer), pointer).toBeUndefined();
  for (const pointer of ['/parity', '/stores/0/stores/1', '/limits/1', '/prices/0/points/1/points'])
    expect(ofReward(pointer), pointer).toBeUndefined();
});
