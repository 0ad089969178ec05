import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testSeed } from '../../kernel/testing/seed.ts';
import { closedOn, type FundBody, type MonthSum, statementOf } from './fund.ts';

const seed = testSeed('fund');
const BODY: FundBody = {
  name: { zh: '植树' },
  organisation: '某基金会',
  certificate: { number: '慈 1', issuingBody: '民政局', validUntil: '2027-06-30' },
  from: '2027-01-01',
  until: '2027-12-31',
};

test.each([
  ['2026-12-31', 'not_begun'],
  ['2027-01-01', null],
  ['2027-06-30', null],
  ['2027-07-01', 'certificate_lapsed'],
  ['2028-01-01', 'ended'],
])('on %s a fund is closed: %s', (day, why) => {
  expect(closedOn(BODY, day)).toBe(why);
});

test('every month opens with what the one before closed with, and the last closes with all of it', () => {
  const sums = fc.uniqueArray(
    fc.record({
      month: fc.integer({ min: 1, max: 12 }).map((n) => `2027-${String(n).padStart(2, '0')}`),
      kind: fc.constantFrom('donated' as const, 'given_back' as const, 'paid' as const),
      count: fc.integer({ min: 1, max: 9 }),
      fen: fc.integer({ min: 1, max: 1_000_000 }),
      points: fc.constant([]),
    }),
    { selector: ({ month, kind }) => `${month} ${kind}`, maxLength: 36 },
  );
  fc.assert(
    fc.property(sums, (list: MonthSum[]) => {
      const months = statementOf(list);
      expect(months.map(({ month }) => month)).toEqual(
        [...new Set(list.map(({ month }) => month))].sort(),
      );
      let owed = 0;
      for (const { openingFen, donatedFen, givenBackFen, paidFen, closingFen } of months) {
        expect(openingFen).toBe(owed);
        expect(closingFen).toBe(openingFen + donatedFen - givenBackFen - paidFen);
        owed = closingFen;
      }
      const all = list.reduce((sum, { kind, fen }) => sum + (kind === 'donated' ? fen : -fen), 0);
      expect(owed).toBe(all);
    }),
    { seed, numRuns: 300 },
  );
});
