import { hongmi } from '../../app/api.ts';
import type { Family } from '../../publishing/family.ts';
import type { Terms } from './price.tsx';

export const rewards: Family<Terms> = {
  one: 'reward',
  scopes: 'rewards',
  days: ({ offered }) => offered && [offered],
  list: hongmi.listRewards,
  get: hongmi.getReward,
  create: hongmi.createReward,
  saveDraft: hongmi.saveRewardDraft,
  dropDraft: hongmi.dropRewardDraft,
  publish: hongmi.publishReward,
  retire: hongmi.retireReward,
  versions: hongmi.listRewardVersions,
  changes: hongmi.listRewardChanges,
};
