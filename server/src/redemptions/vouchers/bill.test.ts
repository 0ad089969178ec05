import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VoucherForm } from '../../kernel/reward.ts';
import { lapsesAt, leftAtFirst, takeOff } from './bill.ts';

const fen = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const positive = fc.integer({ min: 1, max: 1_000_000_000 });
const form: fc.Arbitrary<VoucherForm> = fc.oneof(
  fc.record({ form: fc.constant('full_reduction' as const), offFen: positive, overFen: fen }),
  fc.record({
    form: fc.constant('no_threshold' as const),
    offFen: positive,
    partial: fc.boolean(),
  }),
  fc.record({
    form: fc.constant('percentage' as const),
    percentOff: fc.integer({ min: 1, max: 100 }),
    atMostFen: positive,
  }),
  fc.constant({ form: 'exchange' as const, what: { zh: '洗车' } }),
);

describe('what a voucher takes off a bill', () => {
  it.each<[string, VoucherForm, number, number | 'bill_too_small']>([
    [
      'a threshold that is met',
      { form: 'full_reduction', offFen: 2_000, overFen: 10_000 },
      10_000,
      2_000,
    ],
    [
      'a threshold that is missed by a fen',
      { form: 'full_reduction', offFen: 2_000, overFen: 10_000 },
      9_999,
      'bill_too_small',
    ],
    [
      'more than a bill without threshold',
      { form: 'full_reduction', offFen: 2_000, overFen: 0 },
      1_500,
      1_500,
    ],
    ['no bill at all', { form: 'full_reduction', offFen: 2_000, overFen: 0 }, 0, 'bill_too_small'],
    ['a large bill', { form: 'no_threshold', offFen: 5_000, partial: false }, 20_000, 5_000],
    ['a small bill', { form: 'no_threshold', offFen: 5_000, partial: false }, 3_000, 3_000],
    ['nothing to pay', { form: 'no_threshold', offFen: 5_000, partial: true }, 0, 'bill_too_small'],
    ['a tenth', { form: 'percentage', percentOff: 10, atMostFen: 3_000 }, 12_000, 1_200],
    // 33 % of 1.01 yuan are 33.33 fen: a fen more for the member.
    ['a broken fen', { form: 'percentage', percentOff: 33, atMostFen: 3_000 }, 101, 34],
    [
      'more than it may be',
      { form: 'percentage', percentOff: 50, atMostFen: 3_000 },
      12_000,
      3_000,
    ],
    ['a thing', { form: 'exchange', what: { zh: '洗车' } }, 0, 0],
  ])('%s', (_, voucher, billFen, off) => {
    const taken = takeOff(voucher, billFen, leftAtFirst(voucher));
    expect('code' in taken ? taken.code : taken.offFen).toBe(off);
  });

  it('is never more than the bill or than it is worth, and of a percentage the least whole fen that is no less', () => {
    fc.assert(
      fc.property(form, fen, (voucher, billFen) => {
        const taken = takeOff(voucher, billFen, leftAtFirst(voucher));
        if ('code' in taken) return;
        expect(taken.offFen).toBeGreaterThanOrEqual(0);
        expect(taken.offFen).toBeLessThanOrEqual(billFen);
        if (voucher.form === 'full_reduction' || voucher.form === 'no_threshold')
          expect(taken.offFen).toBe(Math.min(voucher.offFen, billFen));
        if (voucher.form === 'percentage' && taken.offFen < voucher.atMostFen) {
          const hundredfold = BigInt(billFen) * BigInt(voucher.percentOff);
          const isEnough = (off: number): boolean => BigInt(off) * 100n >= hundredfold;
          expect(isEnough(taken.offFen)).toBe(true);
          expect(isEnough(taken.offFen - 1)).toBe(false);
        }
      }),
    );
  });

  it('in parts adds up to all of it, over whichever bills', () => {
    fc.assert(
      fc.property(
        positive,
        fc.array(positive, { minLength: 1, maxLength: 20 }),
        (offFen, bills) => {
          const voucher = { form: 'no_threshold', offFen, partial: true } as const;
          let left = leftAtFirst(voucher);
          let sum = 0;
          for (const bill of bills) {
            const taken = takeOff(voucher, bill, left);
            if ('code' in taken) throw new Error(taken.code);
            sum += taken.offFen;
            left = taken.leftFen;
          }
          expect(sum + (left as number)).toBe(offFen);
          expect(sum).toBe(
            Math.min(
              offFen,
              bills.reduce((all, bill) => all + bill, 0),
            ),
          );
        },
      ),
    );
  });
});

it('a voucher lasts to the end of a day of the programme', () => {
  const from = Date.parse('2026-03-01T15:59:00Z');
  const zone = 'Asia/Shanghai';
  expect(lapsesAt({ days: 30 }, from, zone)).toBe(Date.parse('2026-03-31T16:00:00Z'));
  expect(lapsesAt({ days: 30 }, from + 60_000, zone)).toBe(Date.parse('2026-04-01T16:00:00Z'));
  expect(lapsesAt({ until: '2027-06-30' }, from, zone)).toBe(Date.parse('2027-06-30T16:00:00Z'));
});
