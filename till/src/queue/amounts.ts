import type { components } from '@hongmi/sdk';
import { USUAL_POINT_TYPE } from '@hongmi/ui/point-type.ts';
import type { Points } from './entry.ts';

type Schemas = components['schemas'];

/** Types that come to nothing are left out. */
export function sumOfPoints(...all: readonly Points[]): Points {
  const sum: Record<string, number> = {};
  for (const [code, points] of all.flatMap((each) => Object.entries(each)))
    sum[code] = (sum[code] ?? 0) + points;
  return Object.fromEntries(Object.entries(sum).filter(([, points]) => points !== 0));
}

export function times(points: Points, factor: number): Points {
  return sumOfPoints(
    Object.fromEntries(Object.entries(points).map(([code, each]) => [code, each * factor])),
  );
}

/** What an order earned: the API sums up the usual type, others stand with their awards. */
export function pointsOfOrder({
  points,
  awards = [],
}: Pick<Schemas['Order'], 'points' | 'awards'>): Points {
  const others = awards
    .filter(({ pointType }) => pointType !== USUAL_POINT_TYPE)
    .map(({ pointType, granted }) => ({ [pointType]: granted }));
  return sumOfPoints({ [USUAL_POINT_TYPE]: points }, ...others);
}

/** By how much orders are worth less after a return. */
export function pointsOfReturn({
  pointsClawedBack,
  orders,
}: Pick<Schemas['Return'], 'pointsClawedBack' | 'orders'>): Points {
  const others = orders
    .flatMap(({ awards = [] }) => awards)
    .filter(({ pointType }) => pointType !== USUAL_POINT_TYPE)
    .map(({ pointType, pointsBefore, pointsAfter }) => ({
      [pointType]: pointsAfter - pointsBefore,
    }));
  return sumOfPoints({ [USUAL_POINT_TYPE]: -pointsClawedBack }, ...others);
}
