import { expect, test } from 'vitest';
import type { Uuid } from '../../kernel/id.ts';
import { inFen, judgeReward, meansOf, perPoint, type RewardTaken } from './reward-drain.ts';

const taken = (more: Partial<RewardTaken> = {}): RewardTaken => ({
  reward: '00000000-0000-7000-8000-000000000001' as Uuid,
  taker: '00000000-0000-7000-8000-000000000002' as Uuid,
  ...{ points: 400, before: 100, margin: 0n },
  ...{ takerPoints: 1_000, takerBefore: 1_000, takerMargin: 0n, ...more },
});

test('a reward of the dearest drains above a third of its points, when it takes more of them than before', () => {
  const found = { shareBasisPoints: 4_000, beforeBasisPoints: 1_000, quotaPoints: 333 };
  expect(judgeReward(taken(), true)).toEqual(found);
  expect(judgeReward(taken(), false)).toBeNull();
  expect(judgeReward(taken({ points: 333 }), true)).toBeNull();
  expect(judgeReward(taken({ points: 334 }), true)).not.toBeNull();
  expect(judgeReward(taken({ before: 400 }), true)).toBeNull();
  expect(judgeReward(taken({ before: 399 }), true)?.quotaPoints).toBe(399);
});

test('a reward that loses drains wherever it is, and may lose what all else there brings in', () => {
  const losing = { before: 400, margin: -1_000n };
  expect(judgeReward(taken({ ...losing, takerMargin: -501n }), false)?.quotaPoints).toBe(199);
  expect(judgeReward(taken({ ...losing, takerMargin: 0n }), false)?.quotaPoints).toBe(400);
  expect(judgeReward(taken({ ...losing, takerMargin: 9_000n }), false)?.quotaPoints).toBe(400);
  expect(judgeReward(taken({ ...losing, takerMargin: -1_000n }), false)?.quotaPoints).toBe(0);
  expect(judgeReward(taken({ ...losing, takerMargin: -2_000n }), false)?.quotaPoints).toBe(0);
  expect(judgeReward(taken({ margin: -1n, takerMargin: 0n }), true)?.quotaPoints).toBe(333);
  expect(judgeReward(taken({ points: 0, margin: -1n }), true)).toBeNull();
});

test('a quota is in units of the dearest price, so that its points are never passed', () => {
  const price = (pointType: string, points: number) => ({
    points: [{ pointType, points }],
    cashFen: 0,
  });
  const prices = [price('points', 80), price('points', 100), price('miles', 7)];
  expect(meansOf(399, prices, 'points')).toEqual({
    ...{ means: 'reward_quota', unitPoints: 100, quotaUnits: 3 },
  });
  expect(meansOf(399, prices, 'green')).toEqual({ means: 'acceptedPointsMax' });
});

test('a loss is never shown smaller than it is', () => {
  expect([perPoint(-10n, 3), perPoint(10n, 3), perPoint(-9n, 3)]).toEqual([-4, 3, -3]);
  expect([inFen(-1n), inFen(999_999n), inFen(-2_000_000n)]).toEqual([-1, 0, -2]);
});
