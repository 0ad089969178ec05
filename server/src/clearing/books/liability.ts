/** A millionth of 0.01 yuan; prices of points are kept in it. */
export const MICRO_PER_FEN = 1_000_000n;
const MILLION = 1_000_000n;

/** Of a million points, how many are never used. */
export type Ppm = number;

/** What became of a cohort's points since its beginning: in points or, for the same ones, in micro-fen. */
export interface Tally {
  /** Came into being. */
  readonly issued: bigint;
  /** Arrived by gift, merge or conversion, less those that went. */
  readonly moved: bigint;
  /** Taken back by returns and corrections: they were never owed. */
  readonly takenBack: bigint;
  /** Used, less refunds. */
  readonly redeemed: bigint;
  /** Gone into debts of their member at once, or to repay points of another earn. */
  readonly settled: bigint;
  /** Lapsed, and not recovered. */
  readonly expired: bigint;
}

export const NOTHING: Tally = {
  issued: 0n,
  moved: 0n,
  takenBack: 0n,
  redeemed: 0n,
  settled: 0n,
  expired: 0n,
};
export const MOVEMENTS = Object.keys(NOTHING) as readonly (keyof Tally)[];

export function addTallies(one: Tally, other: Tally): Tally {
  const sum = { ...NOTHING } as { -readonly [Movement in keyof Tally]: bigint };
  for (const movement of MOVEMENTS) sum[movement] = one[movement] + other[movement];
  return sum;
}

/** What was given in all and not taken back. */
export const givenOf = ({ issued, moved, takenBack }: Tally): bigint => issued + moved - takenBack;
export const usedOf = ({ redeemed, settled }: Tally): bigint => redeemed + settled;
/** What can still be used. */
export const outstandingOf = (tally: Tally): bigint =>
  givenOf(tally) - usedOf(tally) - tally.expired;

/** How much of a cohort is expected to be used in the end: never less than was, nor more than can be. */
export function expectedUsed(worth: Tally, breakage: Ppm): bigint {
  const used = usedOf(worth);
  const expected = roundedQuotient(givenOf(worth) * (MILLION - BigInt(breakage)), MILLION);
  return min(max(expected, used), used + outstandingOf(worth));
}

/**
 * How much of what a cohort's points were worth is no liability any more, in micro-fen.
 *
 * In proportion to what was used of what is expected to be (IFRS 15.B46; CAS 14, art. 39): worth × used / expected, all at what the
 * lots cost, so that points of different prices may stand in one cohort. At least what was used and has lapsed: no more is owed than
 * what is left would cost. Without an estimate, that alone: what lapses is released when it does. Nothing is owed for a cohort of which
 * nothing is left.
 */
export function recognised(worth: Tally, breakage: Ppm | null): bigint {
  const total = givenOf(worth);
  const left = outstandingOf(worth);
  if (left <= 0n) return total;
  const used = usedOf(worth);
  const gone = used + worth.expired;
  if (breakage === null || breakage === 0 || used <= 0n) return gone;
  const inProportion = roundedQuotient(total * used, expectedUsed(worth, breakage));
  return max(gone, min(total, inProportion));
}

/** A part of something that is sold together. */
export interface Part {
  /** What it costs when it is sold alone, in fen. */
  readonly alone: bigint;
  /** Of a million, how many are expected to be made use of: 1,000,000 of goods, less of points. */
  readonly expectedPpm: number;
}

/**
 * Splits a price by relative stand-alone values (IFRS 15.73–80; CAS 14, art. 20–22), in fen. The parts are differences of rounded
 * cumulatives and so always add up to the price. Throws when nothing has a value.
 */
export function allocate(priceFen: bigint, parts: readonly Part[]): bigint[] {
  const weights = parts.map(({ alone, expectedPpm }) => alone * BigInt(expectedPpm));
  const all = weights.reduce((sum, each) => sum + each, 0n);
  if (all <= 0n) throw new RangeError('nothing that is sold has a value');
  let [upTo, before] = [0n, 0n];
  return weights.map((weight) => {
    upTo += weight;
    const rounded = roundedQuotient(priceFen * upTo, all);
    const own = rounded - before;
    before = rounded;
    return own;
  });
}

/** Micro-fen in whole fen, halves away from zero. */
export const toFen = (micro: bigint): bigint => roundedQuotient(micro, MICRO_PER_FEN);

/** dividend / divisor (above zero), halves away from zero. */
export function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const half = divisor / 2n;
  return dividend < 0n ? -((-dividend + half) / divisor) : (dividend + half) / divisor;
}

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
