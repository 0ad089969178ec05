import type { Uuid } from '../kernel/id.ts';
import type { PointsPart, RewardVersion } from '../kernel/reward.ts';
import { type MemberFacts, missingOf, type Unmet, unmetOf } from './eligibility.ts';
import { type Demand, holdsNow, type Occasion, type OfferedPrice, pricesOf } from './pricing.ts';
import type { PromotionVersion } from './promotion.ts';

/** A reward as it stands to a member now. */
export interface Offer {
  readonly version: RewardVersion;
  /** The ways to pay that are open to the member, each with what is lacking for it. */
  readonly prices: readonly {
    readonly price: OfferedPrice;
    readonly missing: readonly PointsPart[];
  }[];
  /** What keeps the member from it, whatever points there are; null: nothing. */
  readonly unmet: Unmet | null;
}

/** What rewards in force cost a member, and what keeps the member from them. `promotions`: by whose they are. */
export function offersOf(
  rewards: readonly RewardVersion[],
  promotions: ReadonlyMap<Uuid | null, readonly PromotionVersion[]>,
  member: MemberFacts,
  occasion: Occasion,
  demand?: Demand,
): readonly Offer[] {
  const now = new Map<Uuid | null, readonly PromotionVersion[]>();
  for (const [owner, theirs] of promotions) {
    const holding = theirs.filter(({ body }) => holdsNow(body, occasion));
    if (holding.length > 0) now.set(owner, holding);
  }
  return rewards.map((version) => {
    const prices = pricesOf(version, now.get(version.merchant) ?? [], occasion, demand);
    return {
      version,
      prices: prices.map((price) => ({ price, missing: missingOf(price.points, member) })),
      unmet: unmetOf(version, member, occasion.local.date),
    };
  });
}
