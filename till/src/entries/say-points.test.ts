import { formatOf } from '@hongmi/ui/format.ts';
import { expect, it } from 'vitest';
import { pointWords, sayPoints } from './say-points.ts';

const GRAINS = { name: '米粒', scale: 2 };
const in2 = { points: { name: '积分', scale: 2 }, grains: GRAINS };

it('says points of a type with its decimals, and names it where it is not the usual one', () => {
  const en = sayPoints(formatOf('en'), pointWords.en.usual, in2);
  expect(en({ points: 123_450 })).toBe('1,234.50 points');
  expect(en({ points: 1_250 }, true)).toBe('+12.50 points');
  expect(en({ points: -1_250, grains: -5 }, true)).toBe('−12.50 points and −0.05 米粒');
  expect(en({})).toBe('0.00 points');
  const whole = { points: { name: '积分', scale: 0 } };
  const zh = sayPoints(formatOf('zh'), pointWords.zh.usual, whole);
  expect(zh({ points: 1_250 }, true)).toBe('+1,250 分');
  // A type that the till has not heard of yet is said as it stands.
  expect(zh({ stamps: 3 })).toBe('3 stamps');
});
