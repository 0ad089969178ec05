import { describe, expect, test } from 'vitest';
import { layOut } from './header.ts';
import { judge, type Line, type LineReason } from './line.ts';
import { HEADER, mappingWith, row } from './testing/files.ts';

const layout = layOut(HEADER.split(','), mappingWith());

function read(text: string): Line | LineReason {
  const judged = judge(text.split(','), 7, layout);
  return 'reason' in judged ? judged.reason : judged;
}

/** What rules look at, of a file that does not say. */
const NOTHING_MORE = {
  brand: null,
  zone: null,
  greenCertificate: null,
  channel: null,
  tender: null,
};

describe('judge', () => {
  test('reads a sale', () => {
    expect(read('536365,85123A, WHITE HEART ,6,2010-12-01 08:26,2.55,17850')).toEqual({
      kind: 'sale',
      lineNo: 7,
      source: null,
      invoice: '536365',
      customer: '17850',
      sku: '85123A',
      name: 'WHITE HEART',
      category: null,
      ...NOTHING_MORE,
      quantity: 6,
      amountFen: 1530,
      at: Date.parse('2010-12-01T08:26:00Z'),
    });
  });

  test('reads a return as what comes back', () => {
    expect(read(row('C1', 'A', -2, '1.5', '9'))).toMatchObject({
      kind: 'return',
      quantity: 2,
      amountFen: 300,
    });
  });

  test.each<[string, string, LineReason]>([
    ['everything is wrong', row('A1', '', 'x', '-1', '', 'x'), 'no_customer'],
    ['blank customer', row('1', 'a', 1, '1', '  '), 'no_customer'],
    ['a return without a customer', row('C1', 'a', -1, '1', ''), 'no_customer'],
    ['adjustment of nothing', row('A1', 'a', 0, '-5', '9'), 'adjustment'],
    ['sale of nothing, bad price', row('1', 'a', 0, 'x', '9'), 'non_positive_quantity'],
    ['negative sale, no sku, bad date', row('1', '', -3, '1', '9', 'x'), 'non_positive_quantity'],
    ['negative part of a piece', row('1', 'a', '-0.5', '1', '9'), 'non_positive_quantity'],
    ['no invoice', row('', 'a', 1, '1', '9'), 'no_invoice'],
    ['no sku, bad quantity', row('1', ' ', 'x', '1', '9'), 'no_sku'],
    ['quantity in words', row('1', 'a', 'six', '1', '9'), 'bad_quantity'],
    ['part of a piece', row('1', 'a', '1.5', '1', '9'), 'bad_quantity'],
    ['return of something bought', row('C1', 'a', 2, 'x', '9'), 'non_negative_return'],
    ['return of nothing', row('C1', 'a', 0, '1', '9'), 'non_negative_return'],
    ['price in words, bad date', row('1', 'a', 1, 'free', '9', 'x'), 'bad_price'],
    ['no price', row('1', 'a', 1, '', '9'), 'bad_price'],
    ['negative price', row('1', 'a', 1, '-0.01', '9'), 'negative_price'],
    ['another form of date', row('1', 'a', 1, '1', '9', '02/01/2026'), 'bad_date'],
    ['a date before 1970', row('1', 'a', 1, '1', '9', '1969-12-31 23:59'), 'bad_date'],
    ['long invoice', row('1'.repeat(49), 'a', 1, '1', '9'), 'too_long'],
    ['long sku', row('1', 'a'.repeat(65), 1, '1', '9'), 'too_long'],
    ['long customer', row('1', 'a', 1, '1', '9'.repeat(129)), 'too_long'],
    ['control character', row('1', 'a\u0007b', 1, '1', '9'), 'bad_text'],
    ['large amount', row('1', 'a', 2147483647, '99999999', '9'), 'too_large'],
    ['large quantity', row('1', 'a', 2147483648, '0', '9'), 'too_large'],
    ['too many cells', `${row('1', 'a', 1, '1', '9')},x`, 'bad_columns'],
    ['too few cells', '1,a,Thing,1', 'bad_columns'],
  ])('%s', (_name, text, reason) => {
    expect(read(text)).toBe(reason);
  });

  test('takes zero prices, padded numbers and empty cells too many', () => {
    expect(read(row('1', 'a', '3.0', '0.000', '9'))).toMatchObject({ quantity: 3, amountFen: 0 });
    expect(read(`${row('1', 'a', 1, '1', '9')},,`)).toMatchObject({ quantity: 1 });
    expect(read(row('1', 'a', 1, '1', '9', '2026/1/2 3:04'))).toMatchObject({
      at: Date.parse('2026-01-02T03:04:00Z'),
    });
  });

  test('makes names fit, whole characters only', () => {
    const name = (text: string) => {
      const judged = judge(['1', 'a', text, '1', '2026-01-02 03:04', '1', '9'], 1, layout);
      return 'reason' in judged ? judged.reason : judged.name;
    };
    expect(name('a\u0000b\nc')).toBe('a b c');
    expect(name('  ')).toBeNull();
    expect(name('x'.repeat(500))).toHaveLength(199);
    const cut = name(`${'x'.repeat(198)}😀😀😀`) ?? '';
    expect(cut).toBe('x'.repeat(198));
  });
});
