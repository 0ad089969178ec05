import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testSeed } from '../../kernel/testing/seed.ts';
import { type GivenBack, giveBack, leastBill, unitsFor } from './bill-offset.ts';

const seed = testSeed('bill-offset');
const terms = fc.record({
  offFen: fc.integer({ min: 1, max: 5_000 }),
  atMostPercent: fc.integer({ min: 1, max: 100 }),
  overFen: fc.integer({ min: 0, max: 50_000 }),
});
const fen = fc.oneof(
  fc.integer({ min: 1, max: 200 }),
  fc.integer({ min: 1, max: 1_000_000 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
);

test('all units together take off no more than the share, and one more would', () => {
  fc.assert(
    fc.property(terms, fen, (offset, billFen) => {
      const units = BigInt(unitsFor(offset, billFen));
      const off = BigInt(offset.offFen) * 100n;
      const share = BigInt(billFen) * BigInt(offset.atMostPercent);
      expect(units * off <= share).toBe(true);
      if (billFen >= offset.overFen) expect((units + 1n) * off > share).toBe(true);
      else expect(units).toBe(0n);
    }),
    { seed, numRuns: 1_000 },
  );
});

test('the least bill bears a unit, and a fen less bears none', () => {
  fc.assert(
    fc.property(terms, (offset) => {
      const least = leastBill(offset);
      expect(unitsFor(offset, least)).toBeGreaterThan(0);
      expect(unitsFor(offset, least - 1)).toBe(0);
    }),
    { seed, numRuns: 1_000 },
  );
});

test('however goods come back: never more than came back, nor more money than was paid, and with the last of them everything', () => {
  const bills = fc
    .record({
      unitFen: fc.integer({ min: 1, max: 500 }),
      units: fc.integer({ min: 1, max: 40 }),
      paidFen: fc.integer({ min: 0, max: 3_000 }),
      parts: fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 12 }),
    })
    .map(({ paidFen, ...bill }) => ({ ...bill, billFen: bill.units * bill.unitFen + paidFen }));
  fc.assert(
    fc.property(bills, ({ parts, ...bill }) => {
      const paidFen = bill.billFen - bill.units * bill.unitFen;
      let sum: GivenBack = { returnedFen: 0, units: 0, cashFen: 0 };
      const give = (returnedFen: number): void => {
        const back = giveBack(bill, sum, returnedFen);
        expect(Math.min(back.units, back.cashFen)).toBeGreaterThanOrEqual(0);
        sum = {
          returnedFen: sum.returnedFen + returnedFen,
          units: sum.units + back.units,
          cashFen: sum.cashFen + back.cashFen,
        };
        expect(sum.units).toBeLessThanOrEqual(bill.units);
        expect(sum.cashFen).toBeLessThanOrEqual(paidFen);
        const owed = sum.returnedFen - sum.units * bill.unitFen - sum.cashFen;
        expect(owed).toBeGreaterThanOrEqual(0);
        expect(owed).toBeLessThan(bill.unitFen);
      };
      for (const part of parts) if (part < bill.billFen - sum.returnedFen) give(part);
      give(bill.billFen - sum.returnedFen);
      expect(sum).toEqual({ returnedFen: bill.billFen, units: bill.units, cashFen: paidFen });
    }),
    { seed, numRuns: 2_000 },
  );
});
