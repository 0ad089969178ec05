import { expect, test } from 'vitest';
import { policyOf, readDays, valuesOf } from './message-values.ts';

test('days are read however they are separated, the most first, each once', () => {
  expect(readDays('7，30, 1 7')).toEqual([30, 7, 1]);
  for (const wrong of ['', 'x', '1.5', '0', '366', '-3']) expect(readDays(wrong)).toBeUndefined();
});

test('a policy survives its form', () => {
  const full = {
    expiryNoticeDays: [30, 7, 1],
    quietHours: { from: '22:00', to: '08:00' },
    caps: [{ kind: 'offer' as const, max: 2, days: 7 }],
  };
  expect(policyOf(valuesOf(full))).toEqual(full);
  const least = { expiryNoticeDays: [1], caps: [] };
  expect(policyOf(valuesOf(least))).toEqual(least);
});
