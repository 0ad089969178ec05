/** What happened to points, added up over days; see migrations/0105_insights.sql. */
export const FIGURES = [
  'issued',
  'returned',
  'adjusted',
  'earns',
  'redeemed',
  'refunded',
  'donated',
  'redemptions',
  'used',
  'expired',
  'transferred',
  'converted',
] as const;
export type Figure = (typeof FIGURES)[number];
/** Points, and of `earns` and `redemptions` how many there were. */
export type Figures = Readonly<Record<Figure, number>>;

export const NO_FIGURES = Object.fromEntries(FIGURES.map((figure) => [figure, 0])) as Figures;

/** What members have at the end of a day. */
export interface Outstanding {
  readonly points: number;
  /** Of them, those whose lots have no unit cost. */
  readonly unpriced: number;
  /** What the others cost who pays for them, in micro-fen. */
  readonly costMicro: bigint;
}

export const NOTHING_OUTSTANDING: Outstanding = { points: 0, unpriced: 0, costMicro: 0n };

/** What members are active in: a day, or the month that begins with it. */
export type ActiveUnit = 'd' | 'm';
