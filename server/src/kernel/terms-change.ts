import type { Instant } from './clock.ts';

/** What of the deal becomes worse for members, beside rules, tiers and rewards. */
export type TermsPart =
  | { readonly what: 'earn_ratio' | 'returns' | 'refund_grace' | 'conversions' }
  /** Of the points of this name. */
  | { readonly what: 'expiry' | 'gifts'; readonly pointType: string };

/** A change of terms that members are told of before it counts. */
export interface TermsChange {
  readonly programme: number;
  /** Whose terms they are, by name; null: the programme's. */
  readonly merchant: string | null;
  readonly parts: readonly TermsPart[];
  /** By the programme's clock. */
  readonly from: Instant;
  /** The machine's time at which it was decided. */
  readonly changedAt: Instant;
}
