import { expect, test } from 'vitest';
import { summariseLatency } from './latency.ts';

test('percentiles are values that were measured, by nearest rank', () => {
  const shuffled = Array.from({ length: 1000 }, (_, index) => ((index * 7919) % 1000) + 1);
  expect(summariseLatency(shuffled)).toEqual({
    p50: 500,
    p90: 900,
    p99: 990,
    p999: 999,
    max: 1000,
  });
});

test('one measurement is every percentile, none is zero', () => {
  expect(summariseLatency([3])).toEqual({ p50: 3, p90: 3, p99: 3, p999: 3, max: 3 });
  expect(summariseLatency([]).p99).toBe(0);
});
