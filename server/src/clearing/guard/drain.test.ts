import { expect, test } from 'vitest';
import type { Uuid } from '../../kernel/id.ts';
import { dearest } from './drain.ts';

const taker = (n: number, costMicroFen: number, recent: number, before: number) => ({
  taker: `00000000-0000-7000-8000-00000000000${n}` as Uuid,
  ...{ costMicroFen, recent, before },
});

test('the dearest drains when it takes more than a third of all points, and more than before', () => {
  const others = [taker(1, 5, 600, 700), taker(2, 6, 40, 200)];
  expect(dearest([...others, taker(3, 9, 360, 100)])).toEqual({
    ...{ taker: taker(3, 0, 0, 0).taker, costMicroFen: 9 },
    ...{ recentBasisPoints: 3_600, beforeBasisPoints: 1_000, isDrain: true },
  });
  expect(dearest([...others, taker(3, 9, 310, 100)])?.isDrain).toBe(false);
  expect(dearest([...others, taker(3, 9, 360, 9_000)])?.isDrain).toBe(false);
});

test('nobody is the dearest when nobody takes points, or all cost the same', () => {
  expect(dearest([])).toBeNull();
  expect(dearest([taker(1, 5, 0, 10), taker(2, 6, -3, 0)])).toBeNull();
  expect(dearest([taker(1, 5, 10, 0), taker(2, 5, 90, 0), taker(3, 9, 0, 0)])).toBeNull();
});

test('of two that are as dear, the one that takes more', () => {
  const all = [taker(1, 9, 10, 0), taker(2, 9, 90, 0), taker(3, 1, 10, 0)];
  expect(dearest(all)?.taker).toBe(taker(2, 0, 0, 0).taker);
});
