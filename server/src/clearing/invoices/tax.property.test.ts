import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testSeed } from '../../kernel/testing/seed.ts';
import { sumOf, taxPartsOf, withoutTax } from './tax.ts';
import { isTaxNumber } from './tax-number.ts';

const seed = testSeed('tax');

test.each([
  [10_600, 600, 10_000, 600],
  [100, 1_300, 88, 12],
  [-100, 600, -94, -6],
  [1, 600, 1, 0],
  [0, 600, 0, 0],
])('of %i fen at %i basis points, %i are net and %i tax', (gross, rate, netFen, taxFen) => {
  expect(withoutTax([gross], rate)).toEqual([{ grossFen: gross, netFen, taxFen }]);
});

test('lines add up to what the sum alone would be, and none is a fen away from its own', () => {
  const amounts = fc.array(fc.integer({ min: -1e12, max: 1e12 }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 0, max: 10_000 }), (grosses, rate) => {
      const lines = withoutTax(grosses, rate);
      const total = grosses.reduce((sum, each) => sum + each, 0);
      const sum = sumOf(lines);
      expect(sum.netFen + sum.taxFen).toBe(total);
      expect(sum.netFen).toBe(withoutTax([total], rate)[0]?.netFen);
      for (const { grossFen, netFen, taxFen } of lines) {
        expect(netFen + taxFen).toBe(grossFen);
        const off = BigInt(netFen) * BigInt(10_000 + rate) - BigInt(grossFen) * 10_000n;
        expect(off < BigInt(10_000 + rate) && off > -BigInt(10_000 + rate)).toBe(true);
      }
    }),
    { seed, numRuns: 300 },
  );
});

test('own points beside cash are a discount, without it a deemed sale, and those of others are paid for', () => {
  const yuan = 100_000_000n;
  expect(taxPartsOf({ own: 2n * yuan, others: 0n, cashFen: 1_130 }, 1_300)).toEqual([
    {
      ...{ treatment: 'same_invoice_discount', pointsFen: 200, cashFen: 1_130 },
      ...{ grossFen: 1_130, netFen: 1_000, taxFen: 130 },
    },
  ]);
  expect(taxPartsOf({ own: yuan, others: yuan, cashFen: 0 }, 600)).toEqual([
    {
      ...{ treatment: 'deemed_sale', pointsFen: 100, cashFen: 0 },
      ...{ grossFen: 100, netFen: 94, taxFen: 6 },
    },
    {
      ...{ treatment: 'service', pointsFen: 100, cashFen: 0 },
      ...{ grossFen: 100, netFen: 94, taxFen: 6 },
    },
  ]);
});

test('a unified social credit code has a check character that finds every single mistake', () => {
  const code = '91350100M000100Y43';
  expect(isTaxNumber(code)).toBe(true);
  const letters = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  for (let at = 0; at < code.length; at += 1) {
    for (const letter of letters) {
      const other = `${code.slice(0, at)}${letter}${code.slice(at + 1)}`;
      expect(isTaxNumber(other)).toBe(other === code);
    }
  }
  for (const bad of ['', code.slice(1), code.toLowerCase(), code.replace('M', 'I')])
    expect(isTaxNumber(bad)).toBe(false);
});
