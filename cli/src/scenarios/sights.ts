import type { components, Hongmi } from '@hongmi/sdk';
import type { Circumstances, Goods } from './deeds.ts';

type Schemas = components['schemas'];

/** Why an order or activity earned what it earned, as the API explains it. */
export type Explanation = Schemas['OrderExplanation'] | Schemas['ActivityExplanation'];

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

export function sightsOf(hongmi: Hongmi, programme: string): Sights {
  async function balance(id: string, pointType: string): Promise<Schemas['Balance'] | undefined> {
    const { balances } = await hongmi.getBalance({ id });
    return balances.find((each) => each.programme === programme && each.pointType === pointType);
  }

  return {
    available: async (id, pointType = USUAL) => (await balance(id, pointType))?.available ?? 0,
    debt: async (id) => (await balance(id, USUAL))?.debt ?? 0,
    async lots(id, pointType = USUAL) {
      const items = await hongmi.pages('listLots', { id }).all();
      const own = items.filter((lot) => lot.programme === programme);
      return own.filter((lot) => lot.pointType === pointType).toReversed();
    },
    trail: (id) => hongmi.getTrail({ id }),
    async messages(memberId, kind) {
      const items = await hongmi.pages('fetchMessages', { id: memberId }).all();
      return items.filter((each) => each.kind === kind && each.programme === programme);
    },
    async fetchedAt(id) {
      const { items } = await hongmi.getMessageEvidence({ id });
      return items.find(({ what }) => what === 'fetched')?.at ?? null;
    },
    async orders(memberId) {
      const items = await hongmi.pages('listTransactions', { id: memberId }).all();
      const ids = items.flatMap(({ source }) => (source?.kind === 'order' ? [source.id] : []));
      return Promise.all([...new Set(ids)].map((id) => hongmi.getOrder({ id })));
    },
    tier(merchantId, id) {
      return hongmi.getMemberTier({ id, programme, merchantId });
    },
    async tiers(id) {
      const { current, versions } = await hongmi.getMerchantTiers({ id });
      return versions.find(({ number }) => number === current)?.tiers ?? [];
    },
    async rule(merchantId, code) {
      const { items } = await hongmi.listRules({ programme, code });
      const found = items.find((rule) => rule.merchantId === merchantId)?.current;
      if (found === undefined || found === null) throw new Error(`no rule ${code} is in force`);
      return found.body;
    },
    async pointType(code) {
      const { items } = await hongmi.listProgrammes();
      const own = items.find((each) => each.code === programme);
      const found = own?.pointTypes.find((each) => each.code === code);
      if (found === undefined) throw new Error(`the town has no point type ${code}`);
      return found;
    },
    async worth(merchantId, memberId, goods, how) {
      const lines = goods.map((each) => ({ quantity: 1, ...each }));
      const { awards } = await hongmi.examineRules({ merchantId, memberId, lines, ...how });
      return awards;
    },
    why({ id }) {
      return id.startsWith('ord_') ? hongmi.explainOrder({ id }) : hongmi.explainActivity({ id });
    },
  };
}
