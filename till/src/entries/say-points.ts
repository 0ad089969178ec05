import type { Format } from '@hongmi/ui/format.ts';
import { wordsOf } from '@hongmi/ui/language.ts';
import { USUAL_POINT_TYPE } from '@hongmi/ui/point-type.ts';
import type { Shop } from '../app/shop.ts';
import type { Points } from '../queue/entry.ts';

export const pointWords = wordsOf({
  zh: { usual: (points: string) => `${points} 分` },
  en: { usual: (points: string) => `${points} points` },
});

/** With their sign as `signed` says; `0 points` of none. */
export type SayPoints = (points: Points, signed?: boolean) => string;

/** Says points, each type with its own decimals and, unless it is the usual one, its name. */
export function sayPoints(
  f: Pick<Format, 'points' | 'signed' | 'list'>,
  usual: (points: string) => string,
  pointTypes: Shop['pointTypes'],
): SayPoints {
  return (points, signed = false) => {
    const told = Object.entries(points).map(([code, each]) => {
      const { name = code, scale } = pointTypes[code] ?? {};
      const shown = signed ? f.signed(each, scale) : f.points(each, scale);
      return code === USUAL_POINT_TYPE ? usual(shown) : `${shown} ${name}`;
    });
    const { scale } = pointTypes[USUAL_POINT_TYPE] ?? {};
    return told.length === 0 ? usual(f.points(0, scale)) : f.list(told);
  };
}
