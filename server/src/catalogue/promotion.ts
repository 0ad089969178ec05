import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { PointsPart, RewardKind, Words } from '../kernel/reward.ts';

/** When a promotion holds, all of it; of a list one entry must be met. Days are of the programme's time zone. */
export interface PromotionTimes {
  /** Seasons, festivals: `2027-06-01`, both days included; either may be absent. */
  readonly dates?: readonly { readonly from?: string; readonly to?: string }[];
  /** Months of every year, 1 to 12: the shop's anniversary, a season. */
  readonly months?: readonly number[];
  /** Days of the month, 1 to 31: the redemption day. */
  readonly monthDays?: readonly number[];
  /** 1 Monday to 7 Sunday. */
  readonly weekdays?: readonly number[];
  /** The month of the member's birthday, or that in which they joined, from the year after on. */
  readonly memberMonth?: 'birthday' | 'anniversary';
}

/** What points a reward costs meanwhile. Cash beside them stays as it is. */
export type PromotionPrice =
  /** The points of every option times num / den, rounded up to whole points. */
  | { readonly kind: 'ratio'; readonly num: number; readonly den: number }
  /** So many points, of every option that costs more of this type and no other. */
  | { readonly kind: 'fixed'; readonly pointType: string; readonly points: number };

/** What a person writes: the whole of a version. What it is worth is computed, never written. */
export interface PromotionTerms {
  readonly name: Words;
  readonly description?: Words;
  /** Of its owner's rewards those named, and those of these kinds; absent: all of them. */
  readonly rewards?: readonly Uuid[];
  readonly kinds?: readonly RewardKind[];
  readonly when: PromotionTimes;
  readonly price: PromotionPrice;
  /** 0 to 1000; between two that are as good for the member the higher one counts. Absent: 0. */
  readonly priority?: number;
  /** What is forgone is spent from this, and it holds only as long as that lasts: points of a fixed price's type, or of each type by itself. */
  readonly budget?: { readonly points: number } | readonly PointsPart[];
}

/** A version of a promotion that was published: never changed again. */
export interface PromotionVersion {
  /** Redemptions name it. */
  readonly id: Uuid;
  readonly promotion: Uuid;
  readonly code: string;
  readonly number: number;
  /** Whose promotion it is, and of whose rewards; null: the operator's. */
  readonly merchant: Uuid | null;
  readonly body: PromotionTerms;
  readonly from: Instant;
  readonly until: Instant | null;
}
