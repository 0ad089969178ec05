import { USUAL_POINT_TYPE } from '@hongmi/ui/point-type.ts';
import type { Shop } from '../app/shop.ts';
import type { Entry } from '../queue/entry.ts';

/** A column of a spreadsheet for each type of points that a day moved, at least for the usual one. */
export interface PointColumn {
  readonly pointType: string;
  readonly name: string;
  /** With the decimals of the type; null: nothing is booked. */
  cell(entry: Entry): number | null;
}

export function pointColumns(
  entries: readonly Entry[],
  pointTypes: Shop['pointTypes'],
): PointColumn[] {
  const moved = entries.flatMap((each) =>
    each.state === 'booked' ? Object.keys(each.booked.points) : [],
  );
  return [...new Set([USUAL_POINT_TYPE, ...moved])].map((pointType) => {
    const { name = pointType, scale = 0 } = pointTypes[pointType] ?? {};
    return {
      ...{ pointType, name },
      cell: (entry) =>
        entry.state === 'booked' ? (entry.booked.points[pointType] ?? 0) / 10 ** scale : null,
    };
  });
}
