import { expect } from 'vitest';
import { showTerms } from '../catalogue/terms-schema.ts';
import { terms } from '../catalogue/testing/told.ts';
import type { RewardTerms } from '../kernel/reward.ts';
import type { Answered } from './test-app.ts';
import type { PointsTestApp } from './test-points-app.ts';

const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** A box of fruit that is fetched with a code. */
export const BOX: Partial<RewardTerms> = {
  ...{ kind: 'goods', name: { zh: '水果礼盒' }, fulfilment: { kind: 'code' } },
  cancellation: { until: 'before_use', feePoints: 50 },
};
/** ¥50 off bills, bit by bit. */
export const IN_PARTS: Partial<RewardTerms> = {
  fulfilment: {
    kind: 'voucher',
    voucher: { form: 'no_threshold', offFen: 5_000, partial: true },
    lasts: { days: 90 },
  },
};

type Body = Answered['body'];

/** A merchant that hands out rewards, its counter, and what members do there. */
export interface Shop {
  readonly merchantId: string;
  /** The merchant's key. */
  readonly key: string;
  member(points?: number): Promise<string>;
  /** A published reward, for 1,000 points unless it says otherwise. */
  reward(more?: Partial<RewardTerms>): Promise<string>;
  redeem(memberId: string, rewardId: string, quantity?: number): Promise<Body>;
  use(code: string, billFen?: number): Promise<Body>;
  open(
    redemptionId: string,
    more?: object,
    options?: { key?: string; auth?: string },
  ): Promise<Answered>;
  opened(redemptionId: string, more?: object): Promise<Body>;
  answer(id: string, answer: object, options?: { key?: string }): Promise<Answered>;
  say(id: string, step: string): Promise<Answered>;
  decide(id: string, decision: object): Promise<Answered>;
  read(id: string): Promise<Body>;
  cancel(redemptionId: string, more?: object, options?: { key?: string }): Promise<Answered>;
  available(memberId: string): Promise<number>;
  stock(rewardId: string): Promise<{ sold: number }>;
  pass(days: number): Promise<void>;
}

let numbers = 0;

export async function openShop(t: PointsTestApp): Promise<Shop> {
  const merchantId = await t.merchant();
  const key = await t.apiKey(
    ['after-sales:write', 'after-sales:answer', 'after-sales:read', 'vouchers:use'],
    merchantId,
  );
  const post = (path: string, body: object, options = {}): Promise<Answered> =>
    t.call('POST', path, { actor: 'Li Lei', ...body }, options);
  const shop: Shop = {
    ...{ merchantId, key },
    async member(points = 5_000) {
      const memberId = await t.member();
      await t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId, points });
      return memberId;
    },
    async reward(more = {}) {
      numbers += 1;
      const stores = [{ merchant: merchantId }];
      const body = { ...showTerms(terms(more)), stores };
      const { id } = await t.ok('POST', '/rewards', { code: `r${numbers}`, merchantId, body });
      await t.ok('POST', `/rewards/${id}/publish`, {});
      t.clock.set(t.clock.now() + MINUTE);
      return id;
    },
    redeem: (memberId, rewardId, quantity = 1) =>
      t.ok('POST', '/redemptions', { memberId, rewardId, merchantId, quantity }),
    use(code, billFen = 8_000) {
      numbers += 1;
      const useNo = `U-${numbers}`;
      return t.ok('POST', '/vouchers/uses', { code, merchantId, useNo, billFen }, { auth: key });
    },
    open: (id, more = {}, options = {}) =>
      post(
        `/redemptions/${id}/after-sales`,
        { kind: 'return', reason: 'changed_mind', ...more },
        options,
      ),
    async opened(id, more) {
      const { status, body, text } = await shop.open(id, more);
      expect(status, text).toBe(201);
      return body;
    },
    answer: (id, answer, options = {}) =>
      post(`/after-sales/${id}/answers`, answer, { auth: key, ...options }),
    say: (id, step) => post(`/after-sales/${id}/member-steps`, { step }),
    decide: (id, decision) => post(`/after-sales/${id}/decision`, decision),
    read: (id) => t.ok('GET', `/after-sales/${id}`),
    cancel: (id, more = {}, options = {}) =>
      post(
        `/redemptions/${id}/supplier-cancellation`,
        { reason: 'cannot_honour', ...more },
        { auth: key, ...options },
      ),
    available: async (memberId) => (await t.balance(memberId)).available,
    stock: (rewardId) => t.ok('GET', `/rewards/${rewardId}/stock`),
    async pass(days) {
      t.clock.set(t.clock.now() + days * DAY);
      await t.jobs.others?.afterSales?.();
    },
  };
  return shop;
}
