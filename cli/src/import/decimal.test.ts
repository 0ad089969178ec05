import { describe, expect, test } from 'vitest';
import { lineAmountFen, readDecimal, readInteger } from './decimal.ts';

function amount(quantity: number, price: string, fenPerUnit = 100): number | undefined {
  const decimal = readDecimal(price);
  return decimal === undefined ? undefined : lineAmountFen(quantity, decimal, fenPerUnit);
}

describe('lineAmountFen', () => {
  test.each([
    [6, '2.55', 1530],
    [3, '0', 0],
    [1, '0.00', 0],
    [1, '0.005', 1],
    [1, '0.0049999999999999999999', 0],
    [3, '0.005', 2],
    [1, '1.005', 101],
    [80995, '2.08', 16846960],
    [1, '.5', 50],
    [2, '1.', 200],
    [7, '0.001', 1],
    [5, '0.001', 1],
    [4, '0.001', 0],
  ])('%d × ¥%s = %d fen', (quantity, price, fen) => {
    expect(amount(quantity, price)).toBe(fen);
  });

  test('is exact where doubles are not', () => {
    // 1.005 × 100 is 100.49999999999999 in doubles, and 2^53 hides in the product.
    expect(amount(3, '30023997515.803')).toBe(9007199254741);
    expect(amount(1, '90071992547409.91')).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('refuses what leaves the safe range', () => {
    expect(amount(1, '90071992547409.92')).toBeUndefined();
    expect(amount(2_000_000_000, '1000000000')).toBeUndefined();
  });

  test('takes prices that are fen already', () => {
    expect(amount(3, '12.5', 1)).toBe(38);
  });
});

describe('readDecimal', () => {
  test.each([
    '',
    '.',
    '-',
    '1e3',
    '1,000',
    '0x10',
    ' 1',
    '1 ',
    '１',
    'NaN',
    '1.2.3',
    '--1',
    '9'.repeat(41),
  ])('refuses %j', (text) => {
    expect(readDecimal(text)).toBeUndefined();
  });

  test('keeps the sign', () => {
    expect(readDecimal('-11062.06')).toEqual({ units: -1106206n, scale: 2 });
    expect(readDecimal('+2')).toEqual({ units: 2n, scale: 0 });
    expect(readDecimal('2.50')).toEqual({ units: 250, scale: 2 });
  });
});

describe('readInteger', () => {
  test.each([
    ['6', 6],
    ['-12', -12],
    ['6.0', 6],
    ['-6.000', -6],
    ['+7', 7],
    ['0', 0],
    ['9007199254740991', 9007199254740991],
  ])('%s', (text, value) => {
    expect(readInteger(text)).toBe(value);
  });

  test.each(['1.5', '', 'x', '1e5', '9007199254740992'])('refuses %j', (text) => {
    expect(readInteger(text)).toBeUndefined();
  });
});
