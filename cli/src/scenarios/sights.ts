import { answered, type components, type HongmiClient, once } from '@hongmi/sdk/by-path';
import { readPages } from '../pages.ts';
import type { Circumstances, Goods } from './deeds.ts';

type Schemas = components['schemas'];

/** Why an order or activity earned what it earned, as the API explains it. */
export type Explanation = Schemas['OrderExplanation'] | Schemas['ActivityExplanation'];

const ALL = 10_000;
const USUAL = 'points';

/** What can be seen in a town. Points are of the usual type where no other is named. */
export interface Sights {
  /** What a member can spend now. */
  available(memberId: string, pointType?: string): Promise<number>;
  /** What a member owes. */
  debt(memberId: string): Promise<number>;
  /** A member's lots, the oldest first. */
  lots(memberId: string, pointType?: string): Promise<readonly Schemas['Lot'][]>;
  trail(lotId: string): Promise<Schemas['LotTrail']>;
  /** What a member was told and their app fetches now, of a kind. */
  messages(
    memberId: string,
    kind: Schemas['Message']['kind'],
  ): Promise<readonly Schemas['Message'][]>;
  /** When the member's app fetched a message first; null: it did not. */
  fetchedAt(messageId: string): Promise<string | null>;
  /** A member's orders that earned anything. */
  orders(memberId: string): Promise<readonly Schemas['Order'][]>;
  /** A member's tier in those of a merchant. */
  tier(merchantId: string, memberId: string): Promise<Schemas['MemberTier']>;
  /** A merchant's own. */
  tiers(merchantId: string): Promise<readonly Schemas['Tier'][]>;
  /** A rule as it is published. */
  rule(merchantId: string, code: string): Promise<Schemas['RuleBody']>;
  pointType(code: string): Promise<Schemas['PointType']>;
  /** What buying would earn by which rule, and at whose cost (null: the seller's); nothing is bought. */
  worth(
    merchantId: string,
    memberId: string,
    goods: readonly Goods[],
    how: Circumstances,
  ): Promise<Schemas['Examination']['awards']>;
  /** Why an order or activity earned what it earned. */
  why(of: { readonly id: string }): Promise<Explanation>;
}

export function sightsOf(hongmi: HongmiClient, programme: string): Sights {
  async function balance(id: string, pointType: string): Promise<Schemas['Balance'] | undefined> {
    const params = { path: { id } };
    const { balances } = await answered(hongmi.GET('/v1/members/{id}/balance', { params }));
    return balances.find((each) => each.programme === programme && each.pointType === pointType);
  }

  return {
    available: async (id, pointType = USUAL) => (await balance(id, pointType))?.available ?? 0,
    debt: async (id) => (await balance(id, USUAL))?.debt ?? 0,
    async lots(id, pointType = USUAL) {
      const path = { id };
      const { items } = await readPages(ALL, (query) =>
        hongmi.GET('/v1/members/{id}/lots', { params: { path, query } }),
      );
      const own = items.filter((lot) => lot.programme === programme);
      return own.filter((lot) => lot.pointType === pointType).toReversed();
    },
    trail: (id) => answered(hongmi.GET('/v1/lots/{id}/trail', { params: { path: { id } } })),
    async messages(memberId, kind) {
      const path = { id: memberId };
      const { items } = await readPages(ALL, (query) =>
        hongmi.GET('/v1/members/{id}/messages', { params: { path, query } }),
      );
      return items.filter((each) => each.kind === kind && each.programme === programme);
    },
    async fetchedAt(id) {
      const params = { path: { id } };
      const { items } = await answered(hongmi.GET('/v1/messages/{id}/evidence', { params }));
      return items.find(({ what }) => what === 'fetched')?.at ?? null;
    },
    async orders(memberId) {
      const { items } = await readPages(ALL, (query) =>
        hongmi.GET('/v1/members/{id}/transactions', { params: { path: { id: memberId }, query } }),
      );
      const ids = items.flatMap(({ source }) => (source?.kind === 'order' ? [source.id] : []));
      return Promise.all(
        [...new Set(ids)].map((id) =>
          answered(hongmi.GET('/v1/orders/{id}', { params: { path: { id } } })),
        ),
      );
    },
    tier(merchantId, id) {
      const params = { path: { id }, query: { programme, merchantId } };
      return answered(hongmi.GET('/v1/members/{id}/tier', { params }));
    },
    async tiers(id) {
      const params = { path: { id } };
      const { current, versions } = await answered(
        hongmi.GET('/v1/merchants/{id}/tiers', { params }),
      );
      return versions.find(({ number }) => number === current)?.tiers ?? [];
    },
    async rule(merchantId, code) {
      const params = { query: { programme, code } };
      const { items } = await answered(hongmi.GET('/v1/rules', { params }));
      const found = items.find((rule) => rule.merchantId === merchantId)?.current;
      if (found === undefined || found === null) throw new Error(`no rule ${code} is in force`);
      return found.body;
    },
    async pointType(code) {
      const { items } = await answered(hongmi.GET('/v1/programmes'));
      const own = items.find((each) => each.code === programme);
      const found = own?.pointTypes.find((each) => each.code === code);
      if (found === undefined) throw new Error(`the town has no point type ${code}`);
      return found;
    },
    async worth(merchantId, memberId, goods, how) {
      const lines = goods.map((each) => ({ quantity: 1, ...each }));
      const body = { merchantId, memberId, lines, ...how };
      const params = { header: once() };
      const { awards } = await answered(hongmi.POST('/v1/rules/examine', { params, body }));
      return awards;
    },
    why({ id }) {
      const params = { path: { id } };
      return id.startsWith('ord_')
        ? answered(hongmi.GET('/v1/orders/{id}/explanation', { params }))
        : answered(hongmi.GET('/v1/activities/{id}/explanation', { params }));
    },
  };
}
