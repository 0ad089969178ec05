import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { RewardTerms, RewardVersion } from '../kernel/reward.ts';
import { createEras } from '../platform/publishing/eras.ts';
import type { Version } from '../platform/publishing/published.ts';
import { openRegistry, type Registry } from '../platform/publishing/registry.ts';
import type { PromotionTerms, PromotionVersion } from './promotion.ts';

/** Published rewards of a programme, of any time. */
export interface RewardBook {
  readonly byVersion: ReadonlyMap<Uuid, RewardVersion>;
  /** Those in force at an instant, by age. */
  inForce(at: Instant): readonly RewardVersion[];
  /** The same by their rewards. */
  inForceOf(at: Instant): ReadonlyMap<Uuid, RewardVersion>;
}

/** Published promotions of a programme, of any time. */
export interface PromotionBook {
  readonly byVersion: ReadonlyMap<Uuid, PromotionVersion>;
  /** Those in force at an instant, by whose they are (null: the operator's); of several the first one counts where they are as good. */
  inForce(at: Instant): ReadonlyMap<Uuid | null, readonly PromotionVersion[]>;
}

/** What can be redeemed in all programmes, in memory and never out of date. */
export interface Catalogue {
  readonly rewards: Registry<RewardBook>;
  readonly promotions: Registry<PromotionBook>;
  close(): void;
}

type Options = Pick<
  Parameters<typeof openRegistry<unknown, unknown>>[0],
  'pool' | 'clock' | 'onError'
>;

/** Reads rewards and promotions of all programmes, and keeps reading them until closed; `onError` hears of a refresh that failed. */
export async function openCatalogue(options: Options): Promise<Catalogue> {
  const rewards = await openRegistry<RewardTerms, RewardBook>({
    ...options,
    family: 'reward',
    compile: compileRewards,
  });
  const promotions = await openRegistry<PromotionTerms, PromotionBook>({
    ...options,
    family: 'promotion',
    compile: compilePromotions,
  });
  return {
    rewards,
    promotions,
    close() {
      rewards.close();
      promotions.close();
    },
  };
}

function compileRewards(versions: readonly Version<RewardTerms>[]): RewardBook {
  const rewards: RewardVersion[] = versions
    .map(({ of: reward, ...version }) => ({ reward, ...version }))
    .sort((a, b) => (a.reward < b.reward ? -1 : 1));
  return {
    byVersion: new Map(rewards.map((version) => [version.id, version])),
    inForce: createEras(rewards, (those) => those),
    inForceOf: createEras(rewards, (those) => new Map(those.map((each) => [each.reward, each]))),
  };
}

function compilePromotions(versions: readonly Version<PromotionTerms>[]): PromotionBook {
  const promotions: PromotionVersion[] = versions
    .map(({ of: promotion, ...version }) => ({ promotion, ...version }))
    .sort((a, b) => (b.body.priority ?? 0) - (a.body.priority ?? 0) || (a.code < b.code ? -1 : 1));
  return {
    byVersion: new Map(promotions.map((version) => [version.id, version])),
    inForce: createEras(promotions, byOwner),
  };
}

function byOwner(
  promotions: readonly PromotionVersion[],
): ReadonlyMap<Uuid | null, readonly PromotionVersion[]> {
  const found = new Map<Uuid | null, PromotionVersion[]>();
  for (const promotion of promotions) {
    const theirs = found.get(promotion.merchant) ?? [];
    theirs.push(promotion);
    found.set(promotion.merchant, theirs);
  }
  return found;
}
