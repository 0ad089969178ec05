import { expect, test } from 'vitest';
import { isMet, median, medianRatio } from './outcome.ts';

test('the median of ratios is not the ratio of medians', () => {
  expect(median([5, 1, 9])).toBe(5);
  expect(median([1, 2, 3, 10])).toBe(2.5);
  const rounds = [
    { ledger: 10, echo: 20 },
    { ledger: 40, echo: 50 },
    { ledger: 9, echo: 10 },
  ];
  expect(medianRatio(rounds, 'ledger', 'echo')).toBe(0.8);
});

test('a figure without its baseline meets no target', () => {
  const measured = medianRatio([{ ledger: 10 }], 'ledger', 'echo');
  expect(isMet({ what: 'x', measured, unit: 'share', atLeast: 0.45 })).toBe(false);
});

test('targets bind at their bounds', () => {
  const figure = { what: 'x', unit: 'ms', measured: 3 } as const;
  expect(isMet({ ...figure, atMost: 3 })).toBe(true);
  expect(isMet({ ...figure, atMost: 2.99 })).toBe(false);
  expect(isMet({ ...figure, atLeast: 3 })).toBe(true);
  expect(isMet({ ...figure, atLeast: 3.01 })).toBe(false);
});
