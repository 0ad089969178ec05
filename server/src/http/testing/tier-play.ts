import { showInstant } from '../../kernel/clock.ts';
import { SCHEME_LEAD_MS } from '../../tiers/publish-scheme.ts';
import type { Answered } from '../test-app.ts';
import type { PointsTestApp } from '../test-points-app.ts';

type Body = Answered['body'];

export const DAY_MS = 24 * 3600_000;

/** A programme of its own with a merchant and a member, for tests of tiers. */
export interface TierPlay {
  readonly programme: string;
  readonly merchantId: string;
  readonly memberId: string;
  /** Publishes a scheme and lets it begin. */
  publish(scheme: object): Promise<Body>;
  /** The same of tiers of a merchant's own. */
  publishOwn(scheme: object, merchant?: string): Promise<Body>;
  buy(
    yuan: number,
    more?: { readonly at?: number; readonly member?: string; readonly merchant?: string },
  ): Promise<string>;
  giveBack(order: string, yuan: number): Promise<void>;
  tier(member?: string): Promise<Body>;
  /** In a merchant's own tiers. */
  ownTier(merchant?: string, member?: string): Promise<Body>;
  /** Kinds, from and to of all changes, the first first. */
  history(member?: string): Promise<string[]>;
  /** What was written to a member, the first first: kind and Chinese text. */
  told(member?: string): Promise<{ kind: string; text: string }[]>;
  /** Moves the clock, without the minute's job. */
  goTo(instant: string): void;
  /** The minute's job. */
  keep(): Promise<number>;
}

let named = 0;

export async function playTiers(t: PointsTestApp): Promise<TierPlay> {
  named += 1;
  const programme = `play${named}`;
  await t.ok('POST', '/programmes', { code: programme, name: programme, ruleNoticeDays: 7 });
  const merchantId = await t.merchant({ programme });
  const memberId = await t.member();
  const tier: TierPlay['tier'] = (member = memberId) =>
    t.ok('GET', `/members/${member}/tier?programme=${programme}`);
  return {
    programme,
    merchantId,
    memberId,
    async publish(scheme) {
      const told = await t.ok('PUT', `/programmes/${programme}/tiers`, scheme);
      t.clock.advance(SCHEME_LEAD_MS);
      return told;
    },
    async publishOwn(scheme, merchant = merchantId) {
      const told = await t.ok('PUT', `/merchants/${merchant}/tiers`, scheme);
      t.clock.advance(SCHEME_LEAD_MS);
      return told;
    },
    async buy(yuan, { at = t.clock.now(), member = memberId, merchant = merchantId } = {}) {
      named += 1;
      const lines = [{ lineNo: 1, sku: 'a', quantity: 1, amountFen: yuan * 100 }];
      const paidAt = showInstant(at);
      const body = { merchantId: merchant, memberId: member, orderNo: `O-${named}`, paidAt, lines };
      return (await t.ok('POST', '/orders', body)).id;
    },
    async giveBack(order, yuan) {
      named += 1;
      const lines = [{ lineNo: 1, amountFen: yuan * 100 }];
      await t.ok('POST', `/orders/${order}/returns`, { returnNo: `R-${named}`, lines });
    },
    tier,
    ownTier: (merchant = merchantId, member = memberId) =>
      t.ok('GET', `/members/${member}/tier?merchantId=${merchant}`),
    async history(member) {
      const { history } = await tier(member);
      return history.map((each: Body) => `${each.kind} ${each.from} ${each.to}`).reverse();
    },
    async told(member = memberId) {
      const { items } = await t.ok('GET', `/messages?memberId=${member}`);
      return items.map((each: Body) => ({ kind: each.kind, text: each.zh.text })).reverse();
    },
    goTo: (instant) => t.clock.set(Date.parse(instant)),
    keep: async () => (await t.jobs.others?.tiers?.()) ?? -1,
  };
}
