import { expect, test } from 'vitest';
import { daysOf, kindsOffered, offersAfterSales, unitsOf } from './offered.ts';

type Terms = Parameters<typeof offersAfterSales>[0]['terms'];
const terms = (told: Partial<Terms['afterSales']> = {}): Terms => ({
  ...{ fulfilment: 'voucher', cancellation: { until: 'never' } },
  afterSales: { returnDays: 0, qualityDays: 0, exchange: false, ...told },
});

test('bad quality can always be told, the rest by the terms', () => {
  expect(kindsOffered({ terms: terms() })).toEqual(['quality']);
  expect(kindsOffered({ terms: terms({ returnDays: 7, exchange: true }) })).toEqual([
    ...['return', 'exchange', 'quality'],
  ]);
});

test('what is exchanged has the longer of both times', () => {
  const told = { terms: terms({ returnDays: 7, qualityDays: 30, exchange: true }) };
  expect((['return', 'exchange', 'quality'] as const).map((kind) => daysOf(told, kind))).toEqual([
    ...[7, 30, 30],
  ]);
});

test('what was never handed out, went to a fund or came off a bill has none', () => {
  expect(offersAfterSales({ state: 'fulfilled', terms: terms() })).toBe(true);
  expect(offersAfterSales({ state: 'cancelled', terms: terms() })).toBe(false);
  for (const fulfilment of ['donation', 'offset'] as const)
    expect(offersAfterSales({ state: 'fulfilled', terms: { ...terms(), fulfilment } })).toBe(false);
});

test('units are those of the vouchers, and without any as many as were redeemed', () => {
  const vouchers = [{ place: 0 }, { place: 1 }] as Parameters<typeof unitsOf>[0]['vouchers'];
  // Four nights in two rooms.
  expect(unitsOf({ vouchers, quantity: 4 })).toEqual([0, 1]);
  expect(unitsOf({ vouchers: [], quantity: 3 })).toEqual([0, 1, 2]);
});
