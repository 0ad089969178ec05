import type { Uuid } from '../kernel/id.ts';
import { showId } from '../kernel/id.ts';
import type { RewardTerms } from '../kernel/reward.ts';
import { refusalOf } from '../platform/publishing/problem-of.ts';
import type { Compared } from '../platform/publishing/published.ts';
import type { Judged, Publishing } from '../platform/publishing/publishing.ts';
import { comparePromotions } from './compare-promotions.ts';
import { compareTerms, type Worse } from './compare-terms.ts';
import { problemsOfTerms } from './problems.ts';
import type { PromotionTerms } from './promotion.ts';
import { problemsOfPromotion } from './promotion-problems.ts';
import { readKnown } from './reference-store.ts';

/** Rewards, and promotions, that one owner may have in force or announced. */
const REWARDS_MAX = 2_000;
const PROMOTIONS_MAX = 500;

/** Against each version that it takes the place of; what takes nobody's place takes nothing from anybody. */
function judgeBy<Body>(
  shownAs: 'rewardVersion' | 'promotionVersion',
  compare: (before: Body, after: Body) => readonly Worse[],
): (tx: unknown, change: Judged<Body>) => Promise<Compared> {
  return (_, { replaced, draft }) => {
    const reasons = replaced.flatMap(({ id, body }) =>
      compare(body, draft.body).map((each) => ({ ...each, against: showId(shownAs, id) })),
    );
    const isWorse = reasons.length > 0;
    return Promise.resolve({
      verdict: isWorse ? 'worse' : 'better_or_equal',
      reasons,
      provenBy: isWorse ? null : 'form',
      simulation: null,
    });
  };
}

/** How rewards are published. */
export const REWARDS: Publishing<RewardTerms> = {
  family: 'reward',
  itemsMax: REWARDS_MAX,
  async check(tx, programme, merchant, terms) {
    const merchants: Uuid[] = terms.stores.map((each) => each.merchant);
    const { fulfilment } = terms;
    const fund = fulfilment.kind === 'donation' ? fulfilment.fund : undefined;
    const known = await readKnown(tx, programme.id, merchant, { merchants, fund });
    return refusalOf('reward', problemsOfTerms(terms, known));
  },
  judge: judgeBy('rewardVersion', compareTerms),
  tellOf: ({ name }) => ({ name: name.zh, description: null }),
  isOver: ({ offered }, today) => (offered?.to ?? '9999-12-31') < today,
};

/** How promotions are published. */
export const PROMOTIONS: Publishing<PromotionTerms> = {
  family: 'promotion',
  itemsMax: PROMOTIONS_MAX,
  async check(tx, programme, merchant, terms) {
    const { rewards = [] } = terms;
    const known = await readKnown(tx, programme.id, merchant, { rewards });
    return refusalOf('promotion', problemsOfPromotion(terms, known));
  },
  judge: judgeBy('promotionVersion', comparePromotions),
  tellOf: ({ name }) => ({ name: name.zh, description: null }),
  isOver: ({ when }, today) => when.dates?.every(({ to = '9999-12-31' }) => to < today) === true,
};
