import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';

/** What a merchant pays and receives for points of one type. */
export interface PointTerms {
  /** Code of a point type of the programme. */
  readonly pointType: string;
  /** What an issuer owes per point of it that is used, in micro-fen (a millionth of a fen). */
  readonly issuePriceMicroFen: number;
  /** What who takes a point receives for it, in micro-fen. */
  readonly reimbursementMicroFen: number;
  /** Of the reimbursement, what who takes a point pays to the platform; 100 are one per cent. */
  readonly feeBasisPoints: number;
  /** The most points it takes in a calendar month of the programme's time zone; absent: without limit. */
  readonly acceptedPointsMax?: number;
}

export const CYCLES = ['week', 'month', 'quarter'] as const;
export type Cycle = (typeof CYCLES)[number];
export const SETTLEMENTS = ['prefund', 'postpaid'] as const;

/** What is agreed with a merchant, or with all that have agreed nothing of their own. */
export interface TermsBody {
  readonly points: readonly PointTerms[];
  /** Whether points are issued from money that was paid in before, or owed for at the end of a period. */
  readonly settlement: (typeof SETTLEMENTS)[number];
  /** Of who pays later: how much its points out there may cost at most; null: without limit. */
  readonly creditLimitFen: number | null;
  /** How often is settled. Periods are a programme's: those of its standard terms decide. */
  readonly cycle: Cycle;
  /** Days after the end of a period within which is paid. */
  readonly paymentTermDays: number;
  readonly note?: string;
  /** Why somebody loses on each point, and that this is meant. */
  readonly acceptNegativeMargin?: { readonly reason: string };
}

/** A version of terms. */
export interface TermsVersion {
  readonly id: Uuid;
  readonly programme: number;
  /** null: the standard terms, for who has none of its own. */
  readonly merchant: Uuid | null;
  /** Among those of its merchant, from 1. */
  readonly number: number;
  readonly body: TermsBody;
  /** By the programme's clock. */
  readonly from: Instant;
  readonly publishedAt: Instant;
  readonly actor: string;
  readonly withdrawn: {
    readonly at: Instant;
    readonly actor: string;
    readonly reason: string;
  } | null;
}

/** What decides at an instant, of versions that are not withdrawn. */
export type Dated = Pick<TermsVersion, 'from' | 'number'>;

/** The version in force at an instant: the latest that has begun, of two for one instant the later published; undefined: none has. */
export function inForceAt<V extends Dated>(versions: readonly V[], at: Instant): V | undefined {
  let found: V | undefined;
  for (const each of versions) {
    if (each.from > at) continue;
    const isLater =
      found === undefined ||
      each.from > found.from ||
      (each.from === found.from && each.number > found.number);
    if (isLater) found = each;
  }
  return found;
}

const BASIS = 10_000n;

/** What a taker pays per point, in micro-fen: its share of the reimbursement, rounded down. */
export function feeOf({
  reimbursementMicroFen,
  feeBasisPoints,
}: Pick<PointTerms, 'reimbursementMicroFen' | 'feeBasisPoints'>): number {
  return Number((BigInt(reimbursementMicroFen) * BigInt(feeBasisPoints)) / BASIS);
}

/** Whether issuing draws on a funding account: of money paid in, or of a line of credit that has an end. */
export function needsFunding({
  settlement,
  creditLimitFen,
}: Pick<TermsBody, 'settlement' | 'creditLimitFen'>): boolean {
  return settlement === 'prefund' || creditLimitFen !== null;
}

export function pointTermsOf(body: TermsBody, pointType: string): PointTerms | undefined {
  return body.points.find((each) => each.pointType === pointType);
}
