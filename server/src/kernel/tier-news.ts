import type { Instant } from './clock.ts';
import type { Uuid } from './id.ts';

/** What became, or will become, of a member's tier. */
export interface TierNews {
  readonly member: Uuid;
  /** Whose tiers; null: the programme's. */
  readonly merchant: Uuid | null;
  /** The number of the change: each is told once. */
  readonly change: number;
  readonly at: Instant;
  /** `coming`: it will be lost on the day `until`. */
  readonly kind: 'up' | 'down' | 'coming';
  /** As members know them; null: none. */
  readonly from: string | null;
  readonly to: string | null;
  /** `2028-01-01`: of a loss that comes, its day; else the first day on which the tier is not kept, as things are. */
  readonly until: string | null;
}
