/** What became of the points of a lot that an account funds. */
export interface FundedLot {
  /** Milli-fen drawn for all of its points. */
  readonly drawnMilli: number;
  readonly points: number;
  readonly releasedPoints: number;
  readonly usedPoints: number;
}

/** Milli-fen. What is drawn and neither of the two is outstanding. */
export interface Fate {
  readonly releasedMilli: number;
  readonly usedMilli: number;
}

/** The part of what was drawn that stands for so many of the points, rounded down. */
function partOf({ drawnMilli, points }: FundedLot, of: number): number {
  return points === 0 ? 0 : Number((BigInt(drawnMilli) * BigInt(of)) / BigInt(points));
}

/**
 * What of the money drawn for a lot is released, what used. A function of the points alone: whatever the order in which they
 * went, all of them together are all that was drawn, and what is released never falls.
 */
export function fateOf(lot: FundedLot): Fate {
  const releasedMilli = partOf(lot, lot.releasedPoints);
  return {
    releasedMilli,
    usedMilli: partOf(lot, lot.releasedPoints + lot.usedPoints) - releasedMilli,
  };
}

/** What happened to points of a lot. */
export type Happening = 'used' | 'given_back' | 'released' | 'given_back_and_released';

export function after(lot: FundedLot, happening: Happening, points: number): FundedLot {
  const { usedPoints, releasedPoints } = lot;
  switch (happening) {
    case 'used':
      return { ...lot, usedPoints: usedPoints + points };
    case 'given_back':
      return { ...lot, usedPoints: usedPoints - points };
    case 'released':
      return { ...lot, releasedPoints: releasedPoints + points };
    case 'given_back_and_released':
      return {
        ...lot,
        usedPoints: usedPoints - points,
        releasedPoints: releasedPoints + points,
      };
  }
}

/**
 * Splits points off that become `made` points of another type, with their part of what was drawn. Rounded down, so that
 * the points that stay are worth no less than before and nothing that was released is taken back.
 */
export function split(
  lot: FundedLot,
  points: number,
  made: number,
): { readonly left: FundedLot; readonly made: FundedLot } {
  const drawnMilli = partOf(lot, points);
  return {
    left: { ...lot, drawnMilli: lot.drawnMilli - drawnMilli, points: lot.points - points },
    made: { drawnMilli, points: made, releasedPoints: 0, usedPoints: 0 },
  };
}
