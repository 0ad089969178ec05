import {
  addTallies,
  givenOf,
  NOTHING,
  outstandingOf,
  type Ppm,
  recognised,
  type Tally,
  toFen,
  usedOf,
} from './liability.ts';

/** The points of one type that could first be used in one month. */
export interface CohortKey {
  readonly pointType: number;
  /** `2026-03`, by the time zone of the books. */
  readonly vintage: string;
}

/** What happened to a cohort in a period, in points and in micro-fen by what its lots cost. */
export interface Movement extends CohortKey {
  readonly points: Tally;
  readonly worth: Tally;
}

/** Where a cohort stands at the end of a period: everything since its beginning. */
export interface CohortState extends Movement {
  /** The estimate it was closed by; null: none. */
  readonly breakagePpm: Ppm | null;
  /** Micro-fen that are no liability any more. */
  readonly recognised: bigint;
  /** Micro-fen of them that new estimates changed at once. */
  readonly catchUp: bigint;
}

export const keyOf = ({ pointType, vintage }: CohortKey): string => `${pointType} ${vintage}`;

/** A cohort that the books have not met yet. */
export const unborn = ({ pointType, vintage }: CohortKey): CohortState => ({
  pointType,
  vintage,
  points: NOTHING,
  worth: NOTHING,
  breakagePpm: null,
  recognised: 0n,
  catchUp: 0n,
});

/**
 * Where a cohort stands after a period. A new estimate counts as if it had always been there: what that changes of what was recognised
 * before is caught up at once (IFRS 15.B47).
 */
export function roll(before: CohortState, movement: Movement, breakage: Ppm | null): CohortState {
  const caughtUp =
    breakage === before.breakagePpm ? 0n : recognised(before.worth, breakage) - before.recognised;
  const points = addTallies(before.points, movement.points);
  const worth = addTallies(before.worth, movement.worth);
  return {
    pointType: before.pointType,
    vintage: before.vintage,
    points,
    worth,
    breakagePpm: breakage,
    recognised: recognised(worth, breakage),
    catchUp: before.catchUp + caughtUp,
  };
}

/** Whether a later period has to tell of it again. */
export const isLeft = ({ points, worth, recognised }: CohortState): boolean =>
  outstandingOf(points) !== 0n || givenOf(worth) !== recognised;

/** What a period's roll-forward says, in points. */
export interface PointsFlow extends Tally {
  readonly opening: bigint;
  readonly closing: bigint;
}

/** The same in fen: opening + issued + moved − takenBack − redeemed − settled − breakage − catchUp = closing. */
export interface FenFlow {
  readonly opening: bigint;
  readonly issued: bigint;
  readonly moved: bigint;
  readonly takenBack: bigint;
  readonly redeemed: bigint;
  readonly settled: bigint;
  /** Released for points that lapsed or are expected never to be used. It takes up what rounding leaves. */
  readonly breakage: bigint;
  /** Released (or, below zero, owed again) because an estimate changed. */
  readonly catchUp: bigint;
  readonly closing: bigint;
}
export const FEN_COLUMNS = [
  'opening',
  'issued',
  'moved',
  'takenBack',
  'redeemed',
  'settled',
  'breakage',
  'catchUp',
  'closing',
] as const satisfies readonly (keyof FenFlow)[];

/** A line of the roll-forward. */
export interface RollLine extends CohortKey {
  readonly breakagePpm: Ppm | null;
  readonly points: PointsFlow;
  readonly fen: FenFlow;
}

/** What a period added to a cohort: differences of rounded cumulatives, so that no fen is lost over any number of periods. */
export function rollLine(before: CohortState, after: CohortState): RollLine {
  const { pointType, vintage, breakagePpm } = after;
  const [was, is] = [cumulativeFen(before), cumulativeFen(after)];
  const step = (column: keyof FenFlow): bigint => is[column] - was[column];
  const grown = (movement: keyof Tally): bigint => after.points[movement] - before.points[movement];
  return {
    pointType,
    vintage,
    breakagePpm,
    points: {
      opening: outstandingOf(before.points),
      issued: grown('issued'),
      moved: grown('moved'),
      takenBack: grown('takenBack'),
      redeemed: grown('redeemed'),
      settled: grown('settled'),
      expired: grown('expired'),
      closing: outstandingOf(after.points),
    },
    fen: {
      opening: was.closing,
      issued: step('issued'),
      moved: step('moved'),
      takenBack: step('takenBack'),
      redeemed: step('redeemed'),
      settled: step('settled'),
      breakage: step('breakage'),
      catchUp: step('catchUp'),
      closing: is.closing,
    },
  };
}

function cumulativeFen({ worth, recognised, catchUp }: CohortState): FenFlow {
  const fen = {
    issued: toFen(worth.issued),
    moved: toFen(worth.moved),
    takenBack: toFen(worth.takenBack),
    redeemed: toFen(worth.redeemed),
    settled: toFen(worth.settled),
    catchUp: toFen(catchUp),
    closing: toFen(givenOf(worth) - recognised),
  };
  const breakage = givenOf(fenTally(fen)) - usedOf(fenTally(fen)) - fen.catchUp - fen.closing;
  return { opening: 0n, ...fen, breakage };
}

const fenTally = (fen: Omit<Tally, 'expired'>): Tally => ({ ...fen, expired: 0n });
