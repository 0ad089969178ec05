import { expect, test } from 'vitest';
import type { Terms } from './price.tsx';
import { termsOf, valuesOf } from './terms-values.ts';

const shop = 'mer_01h455vb4pex5vsknk084sn02q';
const BOX: Terms = {
  kind: 'goods',
  name: { zh: '进口水果礼盒', en: 'A box of imported fruit' },
  description: { zh: '当季' },
  cashValueFen: 2_590,
  prices: [
    { points: [{ pointType: 'points', points: 500 }], cashFen: 0 },
    { points: [{ pointType: 'points', points: 400 }], cashFen: 990, creditBands: ['good'] },
  ],
  stores: [{ merchant: shop, stores: ['north'] }],
  offered: { from: '2027-06-01' },
  limits: [
    { per: 'month', times: 2 },
    { per: 'ever', times: 9 },
  ],
  eligibility: { tiers: ['gold'] },
  fulfilment: {
    kind: 'voucher',
    voucher: { form: 'full_reduction', offFen: 1_000, overFen: 5_001 },
    lasts: { until: '2027-12-31' },
  },
  cancellation: { until: 'hours_before', hours: 48, feePoints: 5 },
  afterSales: { returnDays: 7, qualityDays: 30, exchange: true },
  compensation: { percentOfPoints: 10 },
};

test('what the form does not ask stays as it was', () => {
  expect(termsOf(valuesOf(BOX), BOX)).toEqual(BOX);
});

test.each<Terms['fulfilment']>([
  { kind: 'code' },
  { kind: 'delivery', feeFen: 800, regions: ['33'] },
  {
    kind: 'voucher',
    voucher: { form: 'no_threshold', offFen: 1, partial: true },
    lasts: { days: 30 },
  },
  {
    kind: 'voucher',
    voucher: { form: 'percentage', percentOff: 20, atMostFen: 5_000 },
    lasts: { days: 7 },
  },
  { kind: 'voucher', voucher: { form: 'exchange', what: { zh: '一杯' } }, lasts: { days: 7 } },
  { kind: 'donation', fund: 'trees' },
  {
    kind: 'booking',
    unit: 'day',
    noticeHours: 2,
    slots: [{ from: '09:00', to: '18:00', places: 3 }],
  },
])('a form that is sent as it is changes nothing: $kind', (fulfilment) => {
  const terms = { ...BOX, fulfilment };
  expect(termsOf(valuesOf(terms), terms)).toEqual(terms);
});

test('what was taken away is gone, and money is whole fen', () => {
  const values = valuesOf(BOX);
  const made = termsOf(
    {
      ...values,
      descriptionZh: '',
      offered: undefined,
      limitPer: null,
      worthYuan: 19.99,
      nameEn: '',
    },
    BOX,
  );
  expect(made).toMatchObject({
    cashValueFen: 1_999,
    name: { zh: '进口水果礼盒' },
    limits: [{ per: 'ever' }],
  });
  expect(made).not.toHaveProperty('description');
  expect(made).not.toHaveProperty('offered');
  expect(made.name).not.toHaveProperty('en');
});
