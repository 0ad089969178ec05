import { expect, test } from 'vitest';
import { formatOf } from './format.ts';

const zh = formatOf('zh');
const en = formatOf('en');

test('money and prices come from integers', () => {
  expect(en.money(123_456)).toBe('¥1,234.56');
  expect(en.money(-5)).toBe('\u2212¥0.05');
  expect(zh.money(100)).toBe('¥1.00');
  expect(en.price(10_000_000)).toBe('¥0.10');
  expect(en.price(123_450)).toBe('¥0.0012');
});

test('points of a type with decimals', () => {
  expect(en.points(12_345)).toBe('12,345');
  expect(en.points(-12_345, 2)).toBe('\u2212123.45');
  expect(en.signed(7)).toBe('+7');
  expect(en.signed(0)).toBe('0');
  expect(en.signed(1_250, 2)).toBe('+12.50');
  expect(en.signed(-1_250, 2)).toBe('\u221212.50');
});

test('a moment is told in the time zone of the programme, a date in none', () => {
  const at = '2026-02-28T17:30:00.000Z';
  expect(zh.instant(at, 'Asia/Shanghai')).toBe('2026/03/01 01:30');
  expect(zh.day(at, 'UTC')).toBe('2026/02/28');
  expect(zh.date('2026-03-01')).toBe('2026/03/01');
  expect(en.date('2026-03-01')).toBe('2026-03-01');
  expect(en.instant(at, 'Asia/Shanghai')).toBe('2026-03-01, 01:30');
});

test('how long ago, in the largest unit', () => {
  const now = Date.parse('2026-03-10T00:00:00Z');
  expect(en.relative('2026-03-07T00:00:00Z', now)).toBe('3 days ago');
  expect(zh.relative('2026-03-10T02:00:00Z', now)).toBe('2 小时后');
});

test('money to the millionth of a fen, without loss', () => {
  expect(en.moneyExact('1666666667')).toBe('¥16.66666667');
  expect(en.moneyExact('-50000000')).toBe('\u2212¥0.50');
  expect(en.moneyExact('900719925474099100000001')).toBe('¥9,007,199,254,740,991.00000001');
  expect(en.moneyExact(0)).toBe('¥0.00');
});
