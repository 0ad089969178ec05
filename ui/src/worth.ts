interface Price {
  readonly points: readonly { readonly pointType: string; readonly points: number }[];
  /** In fen. */
  readonly cashFen: number;
}

/**
 * What a point is really worth by one way to pay for what costs `cashValueFen` in cash: in micro-fen, rounded down. Undefined where
 * several types of points make it unclear, or none is paid. `scaleOf`: how many decimals the numbers of a type have.
 */
export function worthOfPoint(
  cashValueFen: number,
  price: Price | undefined,
  scaleOf: (pointType: string) => number,
): number | undefined {
  if (price === undefined) return undefined;
  const { points, cashFen } = price;
  const [only, ...others] = points.filter((each) => each.points > 0);
  if (only === undefined || others.length > 0) return undefined;
  const units = 10 ** scaleOf(only.pointType);
  return Math.floor(((cashValueFen - cashFen) * 1_000_000 * units) / only.points);
}
