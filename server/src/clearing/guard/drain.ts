import type { Uuid } from '../../kernel/id.ts';

/** Who takes points of one type: what a point costs there, and how many were taken of late and before. */
export interface Taker {
  readonly taker: Uuid;
  /** Reimbursement − fee of what is in force, in micro-fen per point. */
  readonly costMicroFen: number;
  /** Points taken in the last 30 days, less what came back. */
  readonly recent: number;
  /** In the 30 days before those. */
  readonly before: number;
}

/** Of all points that were taken, in hundredths of a per cent, rounded down. */
export interface Share {
  readonly taker: Uuid;
  readonly costMicroFen: number;
  readonly recentBasisPoints: number;
  readonly beforeBasisPoints: number;
  /** It takes more than {@link DRAIN_BASIS_POINTS} of all points, and more than before. */
  readonly isDrain: boolean;
}

/** A third of all points going where they cost most is what rewards that are too cheap look like. */
export const DRAIN_BASIS_POINTS = 3_333;
const BASIS = 10_000;

/** The dearest of those who take points, and its share of them; null: nobody takes any, or all cost the same. */
export function dearest(takers: readonly Taker[]): Share | null {
  const active = takers.filter(({ recent }) => recent > 0);
  const costs = active.map(({ costMicroFen }) => costMicroFen);
  const most = Math.max(...costs);
  if (active.length === 0 || Math.min(...costs) === most) return null;
  const [found] = active
    .filter(({ costMicroFen }) => costMicroFen === most)
    .sort((a, b) => b.recent - a.recent || (a.taker < b.taker ? -1 : 1));
  if (found === undefined) return null;
  const recentBasisPoints = shareOf(found.recent, sum(active.map(({ recent }) => recent)));
  const beforeAll = sum(takers.map(({ before }) => Math.max(0, before)));
  const beforeBasisPoints = shareOf(Math.max(0, found.before), beforeAll);
  return {
    ...{ taker: found.taker, costMicroFen: most, recentBasisPoints, beforeBasisPoints },
    isDrain: recentBasisPoints > DRAIN_BASIS_POINTS && recentBasisPoints > beforeBasisPoints,
  };
}

const sum = (list: readonly number[]): number => list.reduce((all, each) => all + each, 0);

/** In hundredths of a per cent, rounded down; of nothing: 0. */
export function shareOf(points: number, all: number): number {
  return all === 0 ? 0 : Number((BigInt(points) * BigInt(BASIS)) / BigInt(all));
}
