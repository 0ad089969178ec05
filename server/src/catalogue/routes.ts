import type { RewardTerms } from '../kernel/reward.ts';
import type { App } from '../platform/web/route.ts';
import { budgetAside } from './budget-aside.ts';
import type { PromotionTerms } from './promotion.ts';
import {
  PromotionTermsSchema,
  type PromotionTermsTold,
  readPromotion,
  showPromotion,
} from './promotion-schema.ts';
import { PROMOTIONS, REWARDS } from './publishing.ts';
import type { ShelfDeps } from './shelf-deps.ts';
import { shelfRoutes } from './shelf-routes.ts';
import type { Shelf } from './shelf-schema.ts';
import { RewardTermsSchema, type RewardTermsTold, readTerms, showTerms } from './terms-schema.ts';

const REWARD_SHELF: Shelf<RewardTerms> = {
  family: 'reward',
  noun: 'Reward',
  bodySchema: RewardTermsSchema,
  read: (told) => readTerms(told as RewardTermsTold),
  show: showTerms,
};

const PROMOTION_SHELF: Omit<Shelf<PromotionTerms>, 'aside'> = {
  family: 'promotion',
  noun: 'Promotion',
  bodySchema: PromotionTermsSchema,
  read: (told) => readPromotion(told as PromotionTermsTold),
  show: showPromotion,
};

/** What may be redeemed, and for how much less at times. */
export function catalogueRoutes(app: App, deps: ShelfDeps): void {
  shelfRoutes(app, deps, REWARD_SHELF, REWARDS);
  const promotions = { ...PROMOTION_SHELF, aside: budgetAside(deps.countedOf) };
  shelfRoutes(app, deps, promotions, PROMOTIONS);
}
