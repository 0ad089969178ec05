/**
 * Points are integers in the point type's smallest unit; money is integer fen. Both stay inside the
 * safe range of a JSON number; what would leave it is refused, never rounded.
 */
export const POINTS_MAX = Number.MAX_SAFE_INTEGER;

/** True for an amount a command may carry: an integer from 1 to {@link POINTS_MAX}. */
export function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

/** A rational earn ratio: `points` for every `perFen` fen, both positive integers. */
export interface EarnRatio {
  readonly points: number;
  readonly perFen: number;
}

/** floor(amountFen × points / perFen), exact; undefined when the result leaves the safe range. */
export function pointsFor(ratio: EarnRatio, amountFen: number): number | undefined {
  if (amountFen <= 0) return 0;
  return toSafe((BigInt(amountFen) * BigInt(ratio.points)) / BigInt(ratio.perFen));
}

/** floor(whole × part / total), exact: what is left of a line's amount when `part` of `total` is left. */
export function proportion(whole: number, part: number, total: number): number {
  if (part === total) return whole;
  const value = (BigInt(whole) * BigInt(part)) / BigInt(total);
  return Number(value);
}

/** A big integer as a number, or undefined outside the safe range. */
export function toSafe(value: bigint): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/**
 * Splits `total` by integer `weights` with the largest-remainder method (ties to the earlier part),
 * so that the parts always add up to the total.
 */
export function splitByLargestRemainder(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum <= 0) throw new Error('weights must have a positive sum');
  const parts = weights.map((weight) => {
    const product = BigInt(total) * BigInt(weight);
    return { floor: Number(product / BigInt(sum)), rest: Number(product % BigInt(sum)) };
  });
  let left = total - parts.reduce((a, part) => a + part.floor, 0);
  const order = parts
    .map((_, index) => index)
    .sort((a, b) => (parts[b]?.rest ?? 0) - (parts[a]?.rest ?? 0) || a - b);
  const out = parts.map((part) => part.floor);
  for (const index of order) {
    if (left === 0) break;
    out[index] = (out[index] ?? 0) + 1;
    left -= 1;
  }
  return out;
}
