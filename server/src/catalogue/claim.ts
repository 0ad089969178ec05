import type { PointsPart } from '../kernel/reward.ts';
import { pointsOf } from './prices.ts';

/** An exact fraction in lowest terms. */
export interface Fraction {
  readonly num: number;
  readonly den: number;
}

/** What a promotion is worth. It is computed, never typed in, and both figures are named for what they are. */
export interface Claim {
  /** Fewer points for the same: 1 − new / old. */
  readonly discount: Fraction;
  /** What each point is worth more: old / new − 1. */
  readonly uplift: Fraction;
}

/**
 * The claim of a price that costs `now` instead of `plain`; null when it costs no fewer points. Of several types it is that of
 * the one that falls least: each falls by at least as much. Cash beside the points is left out, and stays as it is.
 */
export function claimOf(plain: readonly PointsPart[], now: readonly PointsPart[]): Claim | null {
  let least: { readonly old: number; readonly fresh: number } | undefined;
  for (const { pointType, points: old } of plain) {
    const fresh = pointsOf({ points: now }, pointType);
    if (
      least === undefined ||
      BigInt(fresh) * BigInt(least.old) > BigInt(least.fresh) * BigInt(old)
    )
      least = { old, fresh };
  }
  if (least === undefined || least.fresh >= least.old) return null;
  const saved = least.old - least.fresh;
  return { discount: reduced(saved, least.old), uplift: reduced(saved, least.fresh) };
}

function reduced(num: number, den: number): Fraction {
  let [a, b] = [num, den];
  while (b !== 0) [a, b] = [b, a % b];
  return { num: num / a, den: den / a };
}

/** A fraction in per cent with one decimal, half a tenth rounded up: 1/6 is `16.7`. */
export function showPercent({ num, den }: Fraction): string {
  const tenths = (BigInt(num) * 2_000n + BigInt(den)) / (BigInt(den) * 2n);
  return `${tenths / 10n}.${tenths % 10n}`;
}
