import { randomBytes } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { PointsPart, RewardTerms, RewardVersion } from '../../kernel/reward.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Members } from '../../members/registry.ts';
import type { Pool } from '../../platform/database.ts';
import { createSealer } from '../../platform/seal.ts';
import { problem } from '../../platform/web/problem.ts';
import type { ProgrammeRegistry } from '../../programs/registry.ts';
import type { PayeeOf } from '../cash/asked-cash.ts';
import { createFollowCash } from '../cash/follow.ts';
import { createFulfil } from '../fulfil.ts';
import { type Offer, type OfferOf, refusedAt } from '../offer.ts';
import { type Asked, createRedeem, type Redeem } from '../redeem.ts';
import { createSaga, type Saga } from '../saga.ts';

export const sealer = createSealer(randomBytes(32));

/** A reward as the catalogue would offer it. */
export interface Rewards {
  /** What is offered, or refused, by reward; changed as a test likes. */
  readonly offers: Map<Uuid, Offer | Refusal>;
  readonly offerOf: OfferOf;
  /** Offers a reward of these terms at this price a unit, and answers its id. */
  offer(merchant: Uuid, points: readonly PointsPart[], terms?: Partial<RewardTerms>): Uuid;
}

export const TERMS: Omit<RewardTerms, 'stores' | 'prices'> = {
  kind: 'goods',
  name: { zh: '进口水果礼盒' },
  cashValueFen: 2_500,
  fulfilment: { kind: 'code' },
  cancellation: { until: 'before_use' },
  afterSales: { returnDays: 0, qualityDays: 0, exchange: false },
};

/** `now`: by the clock of their programme. */
export function createRewards(now: () => number): Rewards {
  const offers = new Map<Uuid, Offer | Refusal>();
  return {
    offers,
    async offerOf({ reward, merchant, store }) {
      const offer = offers.get(reward);
      if (offer === undefined) return problem('reward_not_found');
      if ('code' in offer) return offer;
      return refusedAt(offer.version.body, merchant, store) ?? { ...offer, at: now() };
    },
    offer(merchant, points, terms = {}) {
      const reward = newId(now());
      const body: RewardTerms = {
        ...TERMS,
        stores: [{ merchant }],
        prices: [{ points, cashFen: 0 }],
        ...terms,
      };
      const version: RewardVersion = {
        ...{ id: newId(now()), reward, code: 'box', number: 1, merchant, body },
        ...{ from: 0, until: null },
      };
      offers.set(reward, { version, at: now(), points, cashFen: 0, promotion: null, spending: [] });
      return reward;
    },
  };
}

/** A process that redeems: everything that it keeps in memory is its own. */
export interface Counter extends Redeem {
  readonly saga: Saga;
}

export function openCounter(deps: {
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly members: Members;
  readonly programmes: Pick<ProgrammeRegistry, 'byId' | 'programmeClock'>;
  readonly offerOf: OfferOf;
  readonly payeeOf?: PayeeOf;
}): Counter {
  const fulfil = createFulfil({
    sealer,
    timeZoneOf: () => 'Asia/Shanghai',
    tell: async () => {},
    codeOf: () => 'points',
  });
  const saga = createSaga({ ...deps, fulfil, followCash: createFollowCash(deps) });
  const payeeOf = deps.payeeOf ?? (() => Promise.resolve('1900000109'));
  const offlineMaxOf = () => Promise.resolve(0);
  return { ...createRedeem({ ...deps, payeeOf, offlineMaxOf, saga, sealer }), saga };
}

let keys = 0;
export function ask(
  reward: Uuid,
  member: Uuid,
  merchant: Uuid,
  programme: number,
  more: Partial<Asked> = {},
): Asked {
  keys += 1;
  return {
    ...{ reward, member, merchant, programme, option: 0, quantity: 1, store: null, price: null },
    particulars: null,
    cash: null,
    requestKey: `test:${keys}`,
    ...more,
  };
}
