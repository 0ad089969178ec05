import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineAmountFen, readDecimal } from './decimal.ts';

const digits = (max: number) =>
  fc
    .array(fc.constantFrom(...'0123456789'), { minLength: 1, maxLength: max })
    .map((all) => all.join(''));

test('agrees with integers of any size, whichever way is taken', () => {
  fc.assert(
    fc.property(
      digits(16),
      digits(19),
      fc.nat(),
      fc.constantFrom(1, 100),
      (whole, fraction, quantity, fenPerUnit) => {
        const price = readDecimal(`${whole}.${fraction}`);
        if (price === undefined) throw new Error('must be read');
        const scale = 10n ** BigInt(fraction.length);
        const product = BigInt(quantity) * BigInt(whole + fraction) * BigInt(fenPerUnit);
        const floor = product / scale;
        const exact = (product % scale) * 2n >= scale ? floor + 1n : floor;
        const expected = exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : undefined;
        expect(lineAmountFen(quantity, price, fenPerUnit)).toBe(expected);
      },
    ),
    { numRuns: 2000 },
  );
});

test('reads short numbers as long ones', () => {
  fc.assert(
    fc.property(digits(7), digits(7), (whole, fraction) => {
      const short = readDecimal(`${whole}.${fraction}`);
      const long = readDecimal(`${'0'.repeat(20)}${whole}.${fraction}`);
      expect(typeof short?.units).toBe('number');
      expect(typeof long?.units).toBe('bigint');
      expect(BigInt(short?.units ?? -1)).toBe(long?.units);
      expect(short?.scale).toBe(long?.scale);
    }),
  );
});
