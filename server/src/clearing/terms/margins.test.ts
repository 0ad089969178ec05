import { expect, test } from 'vitest';
import type { Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import { conversionGaps, marginOf, negativeMargins } from './margins.ts';
import { feeOf, type TermsVersion } from './terms.ts';

const A = '00000000-0000-7000-8000-00000000000a' as Uuid;
const B = '00000000-0000-7000-8000-00000000000b' as Uuid;
let number = 0;
/** Terms of a merchant from an instant on: issue price, reimbursement, basis points of it as a fee. */
function version(
  merchant: Uuid | null,
  from: number,
  price: number,
  pays: number,
  bp = 0,
): TermsVersion {
  number += 1;
  const point = { pointType: 'points', issuePriceMicroFen: price, reimbursementMicroFen: pays };
  return {
    ...{ id: A, programme: 1, merchant, number, from, publishedAt: 0, actor: '', withdrawn: null },
    body: {
      points: [{ ...point, feeBasisPoints: bp }],
      ...{ settlement: 'postpaid', creditLimitFen: null, cycle: 'month', paymentTermDays: 0 },
    },
  };
}

test('a fee is rounded down to the micro-fen, and exact where numbers are not', () => {
  expect(feeOf({ reimbursementMicroFen: 9_999, feeBasisPoints: 1 })).toBe(0);
  expect(feeOf({ reimbursementMicroFen: 10_001, feeBasisPoints: 9_999 })).toBe(9_999);
  expect(feeOf({ reimbursementMicroFen: 999_999_999_999, feeBasisPoints: 9_999 })).toBe(
    999_899_999_999,
  );
  expect(
    marginOf({ issuePriceMicroFen: 10 }, { reimbursementMicroFen: 100, feeBasisPoints: 500 }),
  ).toBe(-85);
});

test('a version answers for pairs of its merchant with all others, at every instant from which on it counts', () => {
  const standard = version(null, 0, 10, 9);
  const dear = version(A, 5, 10, 12);
  expect(negativeMargins([standard, dear], dear)).toEqual([
    { pointType: 'points', at: 5, payer: PLATFORM, taker: A, marginMicroFen: -2 },
  ]);
  // Later A costs even more; B's own price bears the first of it, and not the second.
  const dearer = version(A, 8, 10, 15);
  const rich = version(B, 6, 13, 9);
  const all = [standard, dear, dearer, rich];
  expect(negativeMargins(all, rich)).toEqual([
    { pointType: 'points', at: 8, payer: B, taker: A, marginMicroFen: -2 },
  ]);
  expect(negativeMargins([standard, dear, rich], rich)).toEqual([]);
});

test('nobody pays themselves, but those who go by the standard terms pay each other', () => {
  const standard = version(null, 0, 10, 9);
  const generous = version(A, 0, 5, 10);
  expect(negativeMargins([version(null, 0, 10, 4), generous], generous)).toEqual([]);
  const loss = version(null, 3, 8, 9);
  expect(negativeMargins([standard, loss], loss)).toMatchObject([
    { at: 3, payer: PLATFORM, taker: PLATFORM, marginMicroFen: -1 },
  ]);
});

test('turning points into others tells the gap between what was paid and what is received', () => {
  const price = (issuePriceMicroFen: number, reimbursementMicroFen: number) => ({
    ...{ pointType: '', issuePriceMicroFen, reimbursementMicroFen, feeBasisPoints: 0 },
  });
  const prices = new Map([
    ['a', price(10, 9)],
    ['b', price(20, 19)],
  ]);
  const rate = (num: number, den: number) => [{ from: 'a', to: 'b', num, den }];
  const gaps = (num: number, den: number) =>
    conversionGaps(rate(num, den), (code) => prices.get(code));
  expect(gaps(1, 2)).toEqual([]);
  expect(gaps(1, 1)).toEqual([{ from: 'a', to: 'b', marginMicroFen: -9 }]);
  expect(gaps(3, 10)).toEqual([{ from: 'a', to: 'b', marginMicroFen: 14 }]);
  expect(
    conversionGaps([{ from: 'a', to: 'c', num: 1, den: 1 }], (code) => prices.get(code)),
  ).toEqual([]);
});
