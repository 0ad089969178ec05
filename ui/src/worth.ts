interface Price {
  readonly points: readonly { readonly points: number }[];
  /** In fen. */
  readonly cashFen: number;
}

/**
 * What a point is really worth by one way to pay for what costs `cashValueFen` in cash: in micro-fen, rounded down. Undefined where
 * several types of points make it unclear, or none is paid.
 */
export function worthOfPoint(cashValueFen: number, price: Price | undefined): number | undefined {
  if (price === undefined) return undefined;
  const { points, cashFen } = price;
  const [only, ...others] = points.filter((each) => each.points > 0);
  if (only === undefined || others.length > 0) return undefined;
  return Math.floor(((cashValueFen - cashFen) * 1_000_000) / only.points);
}
