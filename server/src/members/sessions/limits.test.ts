import { expect, test } from 'vitest';
import { OF_A_NUMBER, secondsToWait } from './limits.ts';

const MINUTE = 60_000;
const NOW = 1_000 * 24 * 60 * MINUTE;
const wait = (...agoMs: number[]): number =>
  secondsToWait(
    agoMs.map((ago) => NOW - ago),
    OF_A_NUMBER,
    NOW,
  );
const each = (count: number, everyMs: number): number[] =>
  Array.from({ length: count }, (_, at) => (at + 1) * everyMs);

test('one a minute, five an hour, ten a day', () => {
  expect(wait()).toBe(0);
  expect(wait(1_500)).toBe(59);
  expect(wait(MINUTE)).toBe(0);
  expect(wait(...each(4, 2 * MINUTE))).toBe(0);
  // The fifth was ten minutes ago.
  expect(wait(...each(5, 2 * MINUTE))).toBe(50 * 60);
  expect(wait(...each(9, 61 * MINUTE))).toBe(0);
  expect(wait(...each(10, 61 * MINUTE))).toBe((24 * 60 - 610) * 60);
});

test('the order of what is known does not matter', () => {
  expect(wait(70 * MINUTE, 1_000)).toBe(59);
  expect(wait(1_000, 70 * MINUTE)).toBe(59);
});
