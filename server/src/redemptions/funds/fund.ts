import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { PointsPart, Words } from '../../kernel/reward.ts';

/** What a fund says of itself. */
export interface FundBody {
  readonly name: Words;
  readonly organisation: string;
  /** That it may collect donations; valid to the end of its last day. */
  readonly certificate: {
    readonly number: string;
    readonly issuingBody: string;
    readonly validUntil: string;
  };
  /** Days on which it takes donations, both included. */
  readonly from: string;
  readonly until?: string;
}

/** A fund as it is now. */
export interface Fund {
  readonly id: Uuid;
  readonly programme: number;
  readonly code: string;
  /** Of what it says of itself; counted from 1. */
  readonly number: number;
  readonly body: FundBody;
  readonly changedAt: Instant;
}

export type EntryKind = 'donated' | 'given_back' | 'paid';

/** What came into a fund, and is the receipt of it. */
export interface Donation {
  readonly id: Uuid;
  readonly fund: Uuid;
  readonly merchant: Uuid;
  readonly fen: number;
  readonly points: readonly PointsPart[];
  readonly at: Instant;
  readonly redemption: Uuid;
  /** What the fund said of itself then. */
  readonly number: number;
}

/** Why a fund takes nothing on a day; null: it does. */
export function closedOn({ from, until, certificate }: FundBody, today: string): string | null {
  if (today < from) return 'not_begun';
  if (until !== undefined && today > until) return 'ended';
  return today > certificate.validUntil ? 'certificate_lapsed' : null;
}

/** Sums of a month, or of all time. */
export interface Sums {
  readonly donations: number;
  readonly donatedFen: number;
  readonly donatedPoints: readonly PointsPart[];
  readonly givenBack: number;
  readonly givenBackFen: number;
  readonly givenBackPoints: readonly PointsPart[];
  readonly payments: number;
  readonly paidFen: number;
}

/** A month of a fund: it closes with what it still owes, and so does the next one open. */
export interface StatementMonth extends Sums {
  /** `2027-06`. */
  readonly month: string;
  readonly openingFen: number;
  readonly closingFen: number;
}

/** What happened in a month of one kind. */
export interface MonthSum {
  readonly month: string;
  readonly kind: EntryKind;
  readonly count: number;
  readonly fen: number;
  readonly points: readonly PointsPart[];
}

const NOTHING: Sums = {
  ...{ donations: 0, donatedFen: 0, donatedPoints: [] },
  ...{ givenBack: 0, givenBackFen: 0, givenBackPoints: [] },
  ...{ payments: 0, paidFen: 0 },
};

function withSum(sums: Sums, { kind, count, fen, points }: MonthSum): Sums {
  switch (kind) {
    case 'donated':
      return { ...sums, donations: count, donatedFen: fen, donatedPoints: points };
    case 'given_back':
      return { ...sums, givenBack: count, givenBackFen: fen, givenBackPoints: points };
    case 'paid':
      return { ...sums, payments: count, paidFen: fen };
  }
}

/** The months in which something happened, in order, each opening with what the one before closed with. */
export function statementOf(sums: readonly MonthSum[]): StatementMonth[] {
  const names = [...new Set(sums.map(({ month }) => month))].sort();
  let openingFen = 0;
  return names.map((month) => {
    const own = sums.filter((each) => each.month === month).reduce(withSum, NOTHING);
    const closingFen = openingFen + own.donatedFen - own.givenBackFen - own.paidFen;
    const shown = { month, openingFen, ...own, closingFen };
    openingFen = closingFen;
    return shown;
  });
}
