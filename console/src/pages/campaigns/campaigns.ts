import { hongmi } from '../../app/api.ts';
import type { Family } from '../../publishing/family.ts';
import type { Promotion, Terms } from './terms-values.ts';

/** What the console calls campaigns are promotions to the API. */
export const campaigns: Family<Terms, Promotion> = {
  one: 'promotion',
  // Written by whoever may write rewards.
  scopes: 'rewards',
  days: ({ when }) => when.dates,
  list: hongmi.listPromotions,
  get: hongmi.getPromotion,
  create: hongmi.createPromotion,
  saveDraft: hongmi.savePromotionDraft,
  dropDraft: hongmi.dropPromotionDraft,
  publish: hongmi.publishPromotion,
  retire: hongmi.retirePromotion,
  versions: hongmi.listPromotionVersions,
  changes: hongmi.listPromotionChanges,
};
