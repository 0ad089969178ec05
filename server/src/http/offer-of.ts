import { LRUCache } from 'lru-cache';
import type { MemberFacts } from '../catalogue/eligibility.ts';
import type { CountedOf, RewardFactsOf } from '../catalogue/member-deps.ts';
import { offersOf } from '../catalogue/offers.ts';
import type { Occasion } from '../catalogue/pricing.ts';
import type { PromotionVersion } from '../catalogue/promotion.ts';
import { countersOf } from '../catalogue/promotion-budget.ts';
import type { Catalogue } from '../catalogue/registry.ts';
import { localTime } from '../kernel/calendar.ts';
import type { Uuid } from '../kernel/id.ts';
import { refusal } from '../kernel/refusal.ts';
import type { RewardVersion } from '../kernel/reward.ts';
import type { Merchants } from '../merchants/registry.ts';
import type { Sql } from '../platform/database.ts';
import type { Item } from '../platform/publishing/published.ts';
import { findItem } from '../platform/publishing/store.ts';
import { problem } from '../platform/web/problem.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { type OfferOf, refusedAt, type VersionOf } from '../redemptions/offer.ts';

/** About 4 MB when full. Whose a reward is never changes. */
const KNOWN_MAX = 20_000;
const EVERYBODY = { programme: null, merchant: null };
/** Of a member whom a reward asks nothing about. */
const NOBODY: MemberFacts = {
  tier: null,
  merchantTiers: new Map(),
  creditBand: null,
  segments: [],
  isChild: false,
  available: new Map(),
  redeemed: new Set(),
  redeemedOf: new Set(),
};

interface Shelf {
  readonly pool: Sql;
  readonly catalogue: Catalogue;
  readonly programmes: Pick<ProgrammeRegistry, 'byId' | 'programmeClock'>;
}

/** The version of a reward that is in force, for those to whom a merchant hands it out. */
export function createVersionOf({
  pool,
  catalogue,
  programmes,
  merchants,
}: Shelf & { readonly merchants: Pick<Merchants, 'findStore'> }): VersionOf {
  const known = new LRUCache<Uuid, Item>({ max: KNOWN_MAX });
  async function itemOf(reward: Uuid): Promise<Item | undefined> {
    const remembered = known.get(reward);
    if (remembered !== undefined) return remembered;
    const found = await findItem(pool, 'reward', reward, EVERYBODY);
    if (found !== undefined) known.set(reward, found);
    return found;
  }

  return async ({ reward, ...till }) => {
    const item = await itemOf(reward);
    const programme = programmes.byId(till.programme);
    if (programme === undefined || item?.programme !== programme.id)
      return problem('reward_not_found');
    const at = till.at ?? programmes.programmeClock(programme.id);
    const rewards = await catalogue.rewards.bookAt(programme.id, at);
    const version = rewards.inForceOf(at).get(reward);
    if (version === undefined)
      return problem(item.merchant === till.merchant ? 'reward_not_in_force' : 'reward_not_found');
    const elsewhere = refusedAt(version.body, till.merchant, till.store);
    if (elsewhere !== null) return elsewhere;
    const { store } = till;
    if (store !== null && (await merchants.findStore(till.merchant, store)) === undefined)
      return problem('store_not_found');
    return { version, at };
  };
}

/** What the catalogue offers a member of one reward now, for those who redeem it. */
export function createOfferOf({
  pool,
  catalogue,
  programmes,
  rewardFactsOf,
  countedOf,
  versionOf,
}: Shelf & {
  readonly rewardFactsOf: RewardFactsOf;
  readonly countedOf: CountedOf;
  readonly versionOf: VersionOf;
}): OfferOf {
  return async ({ reward, member, option, quantity: units, ...till }) => {
    const found = await versionOf({ reward, ...till });
    if ('code' in found) return found;
    const { version, at } = found;
    const programme = programmes.byId(till.programme);
    if (programme === undefined) throw new Error('the programme of a version is known');
    const promotions = await catalogue.promotions.bookAt(programme.id, at);
    const own = promotions.inForce(at).get(version.merchant) ?? [];
    const { timeZone } = programme;
    const occasion = { local: localTime(at, timeZone), timeZone };
    const about = asksAbout(version, own)
      ? await factsOf(rewardFactsOf, member, version, programme.id, at)
      : { member: NOBODY, birthday: null, joinedAt: at, creditBand: null };
    const theirs = new Map([[version.merchant, own]]);
    const demand = { units, spent: await countedOf(pool, countersOf(own)) };
    const [offer] = offersOf([version], theirs, about.member, { ...occasion, ...about }, demand);
    if (offer === undefined) throw new Error('every reward is answered');
    const { unmet } = offer;
    if (unmet !== null) {
      const facts = { failed: unmet.code, wanted: unmet.wanted };
      return refusal('reward_not_for_member', `${unmet.code}: ${unmet.wanted}`, facts);
    }
    const price = offer.prices.find((each) => each.price.option === option)?.price;
    if (price === undefined) return problem('price_not_offered');
    const { points, cashFen, promotion, spending } = price;
    return {
      version,
      at,
      points,
      cashFen,
      promotion: promotion?.id ?? null,
      spending,
    };
  };
}

/** Whether anything of the member decides; what everybody wants at one moment is mostly open to everybody. */
function asksAbout({ body }: RewardVersion, promotions: readonly PromotionVersion[]): boolean {
  return (
    body.eligibility !== undefined ||
    body.prices.some(({ creditBands }) => creditBands !== undefined) ||
    promotions.some((each) => each.body.when.memberMonth !== undefined)
  );
}

async function factsOf(
  rewardFactsOf: RewardFactsOf,
  member: Uuid,
  { merchant }: RewardVersion,
  programme: number,
  at: number,
): Promise<
  { readonly member: MemberFacts } & Pick<Occasion, 'birthday' | 'joinedAt' | 'creditBand'>
> {
  const merchants = merchant === null ? [] : [merchant];
  const facts = await rewardFactsOf({ member, programme, merchants, at });
  return { ...facts, creditBand: facts.member.creditBand };
}
