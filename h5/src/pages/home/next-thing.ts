import type { components } from '@hongmi/sdk';
import type { Balance } from '../../app/balances.ts';

type Schemas = components['schemas'];
type Offer = Pick<Schemas['RewardOffer'], 'rewardId' | 'redeemable' | 'unmet' | 'options' | 'body'>;
type Tier = Pick<Schemas['MemberTier'], 'next' | 'window' | 'losing' | 'until' | 'name'>;

/** The next good thing to do, and what there is to say about it. Points are in the smallest unit of their type. */
export type NextThing =
  /** Points are about to be lost. */
  | {
      readonly kind: 'expiring';
      readonly points: number;
      readonly pointType: string;
      readonly at: string;
    }
  /** A tier is close. */
  | {
      readonly kind: 'tier';
      readonly tier: string;
      readonly measure: Schemas['TierProgressMeasure']['measure'];
      readonly missing: number;
      readonly until: string;
    }
  /** Something can be had now. */
  | { readonly kind: 'reward'; readonly rewardId: string; readonly name: Offer['body']['name'] }
  /** Something is nearly within reach. */
  | {
      readonly kind: 'nearly';
      readonly rewardId: string;
      readonly name: Offer['body']['name'];
      readonly pointType: string;
      readonly missing: number;
    }
  /** Nothing yet: buy something, with the code at the till. */
  | { readonly kind: 'begin' };

/** So soon before their loss points come first. */
const SOON_MS = 30 * 86_400_000;
/** A tier is close when so little of what it needs is missing, as a share. */
const CLOSE_SHARE = 0.25;

export interface Known {
  readonly balances: readonly Balance[];
  readonly offers: readonly Offer[];
  readonly tier: Tier | undefined;
  /** By the programme's clock, in milliseconds. */
  readonly now: number;
}

/**
 * One thing, so that it is done: what would be lost first, then what is close, then what can be had. A loss is only spoken of where
 * something can be redeemed; a reward that the member may not have for another reason than points is none to them.
 */
export function nextThing({ balances, offers, tier, now }: Known): NextThing {
  const redeemable = offers.find((each) => each.redeemable);
  const losing = redeemable === undefined ? undefined : soonestLoss(balances, now);
  if (losing !== undefined) return { kind: 'expiring', ...losing };
  const close = tier === undefined ? undefined : closeTier(tier);
  if (close !== undefined) return close;
  if (redeemable !== undefined)
    return { kind: 'reward', rewardId: redeemable.rewardId, name: redeemable.body.name };
  return nearest(offers) ?? { kind: 'begin' };
}

function soonestLoss(balances: readonly Balance[], now: number) {
  const losses = balances.flatMap(({ pointType, expiring }) =>
    expiring.flatMap(({ at, points }) =>
      Date.parse(at) - now <= SOON_MS && points > 0 ? [{ points, pointType, at }] : [],
    ),
  );
  return losses.sort((a, b) => a.at.localeCompare(b.at))[0];
}

/** Where any measure is enough the nearest counts, where all are needed the furthest. */
function closeTier({ next, window }: Tier): NextThing | undefined {
  if (next === null) return undefined;
  const open = next.measures.filter(({ missing }) => missing > 0);
  const byShare = open.sort((a, b) => a.missing / a.needed - b.missing / b.needed);
  const least = next.match === 'any' ? byShare[0] : byShare.at(-1);
  if (least === undefined || least.missing / least.needed > CLOSE_SHARE) return undefined;
  const { measure, missing } = least;
  return { kind: 'tier', tier: next.name, measure, missing, until: window.until };
}

/** The reward for which the fewest points are missing, of one type alone. */
function nearest(offers: readonly Offer[]): NextThing | undefined {
  const within = offers
    .filter(({ unmet }) => unmet === null)
    .flatMap(({ rewardId, body: { name }, options }) =>
      options.flatMap(({ missing }) => {
        const [only, ...others] = missing;
        return only === undefined || others.length > 0
          ? []
          : [
              {
                kind: 'nearly' as const,
                rewardId,
                name,
                pointType: only.pointType,
                missing: only.points,
              },
            ];
      }),
    );
  return within.sort((a, b) => a.missing - b.missing)[0];
}
