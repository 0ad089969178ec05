import type { Uuid } from '../../kernel/id.ts';
import type { RewardTerms } from '../../kernel/reward.ts';
import { DRAIN_BASIS_POINTS, shareOf } from './drain.ts';

/** What was taken for a reward at a taker in 30 days, less what came back; of one type of points. */
export interface RewardTaken {
  readonly reward: Uuid;
  readonly taker: Uuid;
  readonly points: number;
  /** Points of the 30 days before those. */
  readonly before: number;
  /** Owed − due + fee of exactly these points, in micro-fen. */
  readonly margin: bigint;
  /** All that the taker took in both, and its margin in the first: of this reward, of others, and of none. */
  readonly takerPoints: number;
  readonly takerBefore: number;
  readonly takerMargin: bigint;
}

/** Why a reward is one to look at, and what would help. */
export interface RewardDrain {
  /** Of the taker's points, in hundredths of a per cent. */
  readonly shareBasisPoints: number;
  readonly beforeBasisPoints: number;
  /** Points in a month from which on it would be none; 0: no quota helps, only another price or reimbursement, or its end. */
  readonly quotaPoints: number;
}

/**
 * Whether a reward drains: it leaves the platform less than nothing, or it takes more than a third of all points of the dearest
 * taker (`isDearest`), and more of them than before. Null: neither.
 *
 * The quota for the second is a third of what the taker took in 30 days, and no less than the reward took in the 30 before; for the
 * first, as many points as lose no more than all else that the taker takes brings in. Of both the smaller one.
 */
export function judgeReward(each: RewardTaken, isDearest: boolean): RewardDrain | null {
  const { points, before, margin, takerPoints, takerBefore, takerMargin } = each;
  if (points <= 0) return null;
  const shareBasisPoints = shareOf(points, takerPoints);
  const beforeBasisPoints = shareOf(Math.max(0, before), takerBefore);
  const isRising =
    isDearest && shareBasisPoints > DRAIN_BASIS_POINTS && shareBasisPoints > beforeBasisPoints;
  const isLosing = margin < 0n;
  if (!isRising && !isLosing) return null;
  const bounds = [points];
  if (isRising) bounds.push(Math.max(Math.floor(takerPoints / 3), before));
  if (isLosing) {
    const others = takerMargin - margin;
    const covered = others > 0n ? (others * BigInt(points)) / -margin : 0n;
    bounds.push(Number(covered < BigInt(points) ? covered : BigInt(points)));
  }
  return { shareBasisPoints, beforeBasisPoints, quotaPoints: Math.min(...bounds) };
}

/**
 * By what a quota is set: `reward_quota`, the reward's own (`quotas` of its terms, by the month), in units of at most so many points
 * each, so that the points are never passed; `acceptedPointsMax` of the taker's terms where the reward is not published any more, or
 * has no price in these points.
 */
export function meansOf(
  quotaPoints: number,
  prices: RewardTerms['prices'],
  pointType: string,
): Readonly<Record<string, string | number>> {
  const units = prices.flatMap(({ points }) =>
    points.filter((part) => part.pointType === pointType).map((part) => part.points),
  );
  const unitPoints = Math.max(0, ...units);
  if (unitPoints === 0) return { means: 'acceptedPointsMax' };
  return { means: 'reward_quota', unitPoints, quotaUnits: Math.floor(quotaPoints / unitPoints) };
}

const MICRO_FEN = 1_000_000n;

/** Micro-fen of each point; rounded down, so that a loss is never shown smaller than it is. */
export const perPoint = (amount: bigint, points: number): number =>
  Number(floored(amount, BigInt(points)));
/** Micro-fen in fen, rounded down. */
export const inFen = (amount: bigint): number => Number(floored(amount, MICRO_FEN));

function floored(amount: bigint, by: bigint): bigint {
  const whole = amount / by;
  return amount < 0n && whole * by !== amount ? whole - 1n : whole;
}
