import { expect, test } from 'vitest';
import { ratioOf, valuesOf } from './ratio-values.ts';

test('yuan become fen exactly, whatever their floating form', () => {
  expect(ratioOf({ points: 1, perYuan: 1 })).toEqual({ points: 1, perFen: 100 });
  // 1.15 × 100 is 114.99999999999999.
  expect(ratioOf({ points: 3, perYuan: 1.15 })).toEqual({ points: 3, perFen: 115 });
  for (let perFen = 1; perFen < 5_000; perFen += 1)
    expect(ratioOf(valuesOf({ points: 2, perFen }))).toEqual({ points: 2, perFen });
});
