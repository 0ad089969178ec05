import type { PointsPart, PriceOption } from '../kernel/reward.ts';

type Price = Pick<PriceOption, 'points' | 'cashFen'>;

/** What an option costs in points of a type. */
export function pointsOf(
  { points }: { readonly points: readonly PointsPart[] },
  type: string,
): number {
  return points.find(({ pointType }) => pointType === type)?.points ?? 0;
}

/** Whether the first costs no more than the second: of no type more points, and no more cash. */
export function costsNoMore(one: Price, other: Price): boolean {
  return (
    one.cashFen <= other.cashFen &&
    one.points.every(({ pointType, points }) => points <= pointsOf(other, pointType))
  );
}

/** Whether an option is open to whoever another one is open to. */
export function isAsOpen(one: PriceOption, other: PriceOption): boolean {
  const { creditBands: bands } = one;
  if (bands === undefined) return true;
  return other.creditBands?.every((band) => bands.includes(band)) === true;
}
