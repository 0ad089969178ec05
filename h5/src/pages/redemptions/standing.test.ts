import { describe, expect, test } from 'vitest';
import {
  askAgainMs,
  changeableUntil,
  isChangeable,
  type Redemption,
  standingOf,
  type Voucher,
} from './standing.ts';

const NOW = Date.parse('2027-03-10T04:00:00Z');
const [YESTERDAY, TOMORROW] = ['2027-03-09T16:00:00.000Z', '2027-03-11T16:00:00.000Z'];

const voucher = (told: Partial<Voucher> = {}): Voucher => ({
  ...{ place: 0, state: 'open', name: { zh: '券' }, leftFen: null, expiresAt: TOMORROW },
  form: { form: 'no_threshold', offFen: 500, partial: false },
  ...told,
});
const delivery = (state: NonNullable<Redemption['delivery']>['state']) => ({
  ...{ state, sentAt: null, carrier: null, trackingNo: null },
  ...{ deliveredAt: null, undeliverableAt: null, reason: null },
});
const booking: Redemption['particulars'] = {
  ...{ kind: 'booking', day: '2027-03-11', slot: '10:00-11:00', until: null },
  ...{ startsAt: '2027-03-11T02:00:00.000Z', endsAt: '2027-03-11T03:00:00.000Z' },
};
const redemption = (told: Partial<Redemption> = {}): Redemption => ({
  ...{ state: 'fulfilled', memberId: 'mem_1', rewardId: 'rwd_1', rewardVersionId: 'rwv_1' },
  ...{ promotionVersionId: null, name: { zh: '礼盒' }, kind: 'goods', option: 0, quantity: 1 },
  terms: {
    ...{ fulfilment: 'voucher', cancellation: { until: 'before_use' } },
    afterSales: { returnDays: 7, qualityDays: 30, exchange: true },
  },
  ...{ merchantId: 'mer_1', store: null, price: [], askedAt: YESTERDAY, confirmedAt: YESTERDAY },
  ...{ vouchers: [], particulars: null },
  ...told,
});

describe('how something stands', () => {
  test.each([
    [
      'one of its vouchers is good',
      { vouchers: [voucher({ state: 'used' }), voucher()] },
      'to_use',
    ],
    [
      'used, and the other one lapsed',
      {
        vouchers: [voucher({ state: 'used' }), voucher({ expiresAt: YESTERDAY })],
      },
      'used',
    ],
    ['lapsed', { vouchers: [voucher({ expiresAt: YESTERDAY })] }, 'lapsed'],
    [
      'at its last moment it counts no more',
      {
        vouchers: [voucher({ expiresAt: new Date(NOW).toISOString() })],
      },
      'lapsed',
    ],
    ['without an end', { vouchers: [voucher({ expiresAt: null })] }, 'to_use'],
    ['all of it came back', { vouchers: [voucher({ state: 'void' })] }, 'returned'],
    ['booked', { vouchers: [voucher()], particulars: booking }, 'booked'],
    ['came', { vouchers: [voucher({ state: 'used' })], particulars: booking }, 'came'],
    [
      'nobody came',
      { vouchers: [voucher({ expiresAt: YESTERDAY })], particulars: booking },
      'missed',
    ],
    ['to be sent', { delivery: delivery('to_send') }, 'to_send'],
    ['nothing of it is sent', { delivery: delivery('cancelled') }, 'returned'],
    ['off a bill', {}, 'done'],
    ['to be paid', { state: 'paying' }, 'paying'],
    ['held', { state: 'confirmed' }, 'working'],
    ['on its way back', { state: 'cancelling', vouchers: [voucher({ state: 'void' })] }, 'undoing'],
    ['cancelled', { state: 'cancelled', vouchers: [voucher({ state: 'void' })] }, 'cancelled'],
  ] as const)('%s', (_, told, standing) => {
    expect(standingOf(redemption(told as Partial<Redemption>), NOW)).toBe(standing);
  });
});

describe('changing one’s mind', () => {
  const terms = (cancellation: Redemption['terms']['cancellation']): Partial<Redemption> => ({
    terms: { ...redemption().terms, cancellation },
  });

  test('of what is booked, so many hours before it begins, that moment included', () => {
    const asked = redemption({
      ...{ vouchers: [voucher()], particulars: booking },
      ...terms({ until: 'hours_before', hours: 2 }),
    });
    const until = Date.parse('2027-03-11T00:00:00Z');
    expect(changeableUntil(asked)).toBe(until);
    expect([until, until + 1].map((now) => isChangeable(asked, now))).toEqual([true, false]);
  });

  test('of what is booked until it is used, to its end', () => {
    const asked = redemption({ vouchers: [voucher()], particulars: booking });
    expect(changeableUntil(asked)).toBe(Date.parse('2027-03-11T03:00:00Z') - 1);
  });

  test('never, by its terms', () => {
    const asked = redemption({ vouchers: [voucher()], ...terms({ until: 'never' }) });
    expect(changeableUntil(asked)).toBeUndefined();
    expect(isChangeable(asked, NOW)).toBe(false);
  });

  test('not once any of it was used, or lapsed, or was sent', () => {
    const told: Partial<Redemption>[] = [
      { vouchers: [voucher(), voucher({ state: 'used' })] },
      { vouchers: [voucher(), voucher({ expiresAt: YESTERDAY })] },
      { delivery: delivery('sent') },
      { delivery: delivery('delivered') },
      { state: 'cancelled' },
    ];
    for (const each of told) expect(isChangeable(redemption(each), NOW)).toBe(false);
    expect(isChangeable(redemption({ delivery: delivery('undeliverable') }), NOW)).toBe(true);
  });
});

test('is asked for again as long as a till or the ledger may change it', () => {
  expect(askAgainMs(undefined, NOW)).toBe(false);
  expect(askAgainMs(redemption({ state: 'paying' }), NOW)).toBe(2_000);
  expect(askAgainMs(redemption({ vouchers: [voucher()] }), NOW)).toBe(4_000);
  expect(askAgainMs(redemption({ vouchers: [voucher({ state: 'used' })] }), NOW)).toBe(false);
});
