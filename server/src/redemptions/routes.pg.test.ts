import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { showTerms } from '../catalogue/terms-schema.ts';
import { terms } from '../catalogue/testing/told.ts';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { settle } from '../jobs/run-jobs.ts';
import { showInstant } from '../kernel/clock.ts';
import type { RewardTerms } from '../kernel/reward.ts';
import { findBreaches } from '../ledger/testing/invariants.ts';
import { verifyLedger } from '../ledger/verify.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
let till: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  till = await t.apiKey(['redemptions:write', 'redemptions:read', 'vouchers:use'], merchantId);
});
afterAll(async () => {
  const [breaches, { findings }] = [await findBreaches(t.pool), await verifyLedger(t.pool)];
  await t.close();
  expect(breaches).toEqual([]);
  expect(findings).toEqual([]);
});
beforeEach(async () => {
  memberId = await t.member();
  await t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId, points: 2_500 });
});

let codes = 0;
/** A published reward of the merchant, for 1,000 points unless it says otherwise. */
async function reward(more: Partial<RewardTerms> = {}, at = [merchantId]): Promise<string> {
  codes += 1;
  const stores = at.map((merchant) => ({ merchant }));
  const body = { ...showTerms(terms(more)), stores };
  const { id } = await t.ok('POST', '/rewards', { code: `reward-${codes}`, merchantId, body });
  await t.ok('POST', `/rewards/${id}/publish`, {});
  t.clock.set(t.clock.now() + MINUTE);
  return id;
}
const redeem = (rewardId: string, more: object = {}, options = {}): Promise<Answered> =>
  t.call('POST', '/redemptions', { memberId, rewardId, merchantId, ...more }, options);
const done = async (rewardId: string, more: object = {}) => {
  const { status, body, text } = await redeem(rewardId, more);
  expect(status, text).toBe(201);
  return body;
};
const available = async (): Promise<number> => (await t.balance(memberId)).available;
const used = (code: string, useNo: string, more: object = {}): Promise<Answered> =>
  t.call(
    'POST',
    '/vouchers/uses',
    { code, merchantId, useNo, billFen: 8_000, ...more },
    { auth: till },
  );

describe('redeeming through the API', () => {
  it('gives a voucher that is used at the till, once', async () => {
    const rewardId = await reward();
    const told = await done(rewardId, { price: [{ pointType: 'points', points: 1_000 }] });
    expect(told).toMatchObject({
      ...{ state: 'fulfilled', rewardId, merchantId, memberId, quantity: 1, option: 0 },
      ...{ price: [{ pointType: 'points', points: 1_000 }], promotionVersionId: null },
      vouchers: [{ place: 0, state: 'open', form: { form: 'no_threshold' }, leftFen: null }],
    });
    expect(await available()).toBe(1_500);
    const [{ code, qr }] = told.vouchers;
    const check = { code, merchantId, billFen: 3_000 };
    expect((await t.call('POST', '/vouchers/check', check, { auth: till })).body).toMatchObject({
      offFen: 3_000,
    });
    const dry = await used(qr, 'B-1', { dryRun: true });
    expect([dry.status, dry.body]).toMatchObject([200, { offFen: 5_000, dryRun: true }]);
    const first = await used(qr, 'B-1');
    expect([first.status, first.body]).toMatchObject([
      201,
      { offFen: 5_000, undone: null, voucher: { state: 'used' } },
    ]);
    const again = await used(code, 'B-1');
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    expect((await used(code, 'B-2')).body.code).toBe('voucher_used');
    const usedAt = async (): Promise<unknown> =>
      (await t.ok('GET', `/redemptions/${told.id}`)).vouchers[0].usedAt;
    expect(await usedAt()).toBe(first.body.usedAt);
    const undone = await t.ok(
      'POST',
      `/vouchers/uses/${first.body.id}/undo`,
      { reason: 'card refused', actor: 'till 2' },
      { auth: till },
    );
    expect(undone).toMatchObject({
      voucher: { state: 'open' },
      undone: { reason: 'card refused' },
    });
    expect(await usedAt()).toBeUndefined();
    expect((await used(code, 'B-2')).status).toBe(201);
  });

  it('is used at a till that was cut off, and told within three days, if nobody used it meanwhile', async () => {
    const rewardId = await reward();
    const [[{ code }], [{ code: other }]] = [
      (await done(rewardId)).vouchers,
      (await done(rewardId)).vouchers,
    ];
    const agreed = t.clock.now();
    t.clock.set(agreed + 71 * HOUR);
    const late = { at: showInstant(agreed) };
    const told = await used(code, 'O-1', late);
    expect([told.status, told.body]).toMatchObject([201, { usedAt: late.at, offFen: 5_000 }]);
    expect((await used(code, 'O-1', late)).body.id).toBe(told.body.id);
    expect((await used(other, 'O-2')).status).toBe(201);
    expect((await used(other, 'O-3', late)).body.code).toBe('voucher_used');
    for (const hours of [-2, 1])
      expect(
        (await used(other, 'O-4', { at: showInstant(t.clock.now() + hours * HOUR * 37) })).body
          .code,
      ).toBe('backdating_not_allowed');
  });

  it('takes place at a store that there is, or at none', async () => {
    const rewardId = await reward();
    await t.ok('POST', `/merchants/${merchantId}/stores`, { code: 'west', name: 'West' });
    expect((await redeem(rewardId, { store: 'wset' })).body.code).toBe('store_not_found');
    expect(await available()).toBe(2_500);
    const [{ code }] = (await done(rewardId, { store: 'west' })).vouchers;
    const check = { code, merchantId, billFen: 3_000, store: 'wset' };
    expect((await t.call('POST', '/vouchers/check', check)).body.code).toBe('store_not_found');
    expect((await used(code, 'W-1', { store: 'wset' })).body.code).toBe('store_not_found');
    expect((await used(code, 'W-1', { store: 'west' })).body.store).toBe('west');
  });

  it('shows a merchant what it hands out without the codes, and no other merchant anything', async () => {
    const told = await done(await reward());
    const shown = await t.ok('GET', `/redemptions/${told.id}`, undefined, { auth: till });
    const { code: _, qr: __, ...voucher } = told.vouchers[0];
    expect(shown).toEqual({ ...told, vouchers: [voucher] });
    expect(await t.ok('GET', `/redemptions/${told.id}`)).toEqual(told);
    const other = await t.apiKey(
      ['redemptions:read', 'redemptions:write', 'vouchers:use'],
      await t.merchant(),
    );
    for (const [method, path, body] of [
      ['GET', `/redemptions/${told.id}`, undefined],
      ['POST', `/redemptions/${told.id}/cancel`, {}],
    ] as const)
      expect((await t.call(method, path, body, { auth: other })).body.code).toBe(
        'redemption_not_found',
      );
    expect((await t.ok('GET', '/redemptions', undefined, { auth: other })).items).toEqual([]);
    const listed = await t.ok('GET', `/redemptions?memberId=${memberId}`, undefined, {
      auth: till,
    });
    expect(listed.items).toEqual([shown]);
    const stranger = await t.call(
      'POST',
      '/vouchers/check',
      { code: told.vouchers[0].code, merchantId },
      { auth: other },
    );
    expect(stranger.body.code).toBe('merchant_out_of_reach');
  });

  it('lists in pages, the latest first', async () => {
    const rewardId = await reward({
      prices: [{ points: [{ pointType: 'points', points: 1 }], cashFen: 0 }],
    });
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      t.clock.set(t.clock.now() + 1);
      ids.unshift((await done(rewardId)).id);
    }
    const found: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const start: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: { items: { id: string }[]; nextCursor: string | null } = await t.ok(
        'GET',
        `/redemptions?memberId=${memberId}&state=fulfilled&limit=2${start}`,
      );
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(found).toEqual(ids);
  });

  it('lists what can still be used, what is under way, and what is over, of a kind', async () => {
    const prices = [{ points: [{ pointType: 'points', points: 1 }], cashFen: 0 }];
    const voucher = { form: 'no_threshold', offFen: 5_000, partial: false } as const;
    const brief = { kind: 'voucher', voucher, lasts: { days: 1 } } as const;
    const lasting = await done(await reward({ prices }));
    const lapsing = await done(await reward({ prices, fulfilment: brief }));
    const goods = await done(await reward({ prices, kind: 'goods' }), { quantity: 2 });
    const listed = async (query: string): Promise<string[]> => {
      const { items } = await t.ok('GET', `/redemptions?memberId=${memberId}&${query}`);
      return items.map(({ id }: { id: string }) => id);
    };
    expect(lasting).toMatchObject({
      kind: 'voucher',
      terms: { fulfilment: 'voucher', cancellation: { until: 'before_use' } },
    });
    expect(await listed('stage=to_use')).toEqual([goods.id, lapsing.id, lasting.id]);
    expect(await listed('stage=over')).toEqual([]);
    expect(await listed('kind=goods')).toEqual([goods.id]);
    // Of two one is left; then none, and the other voucher lapses.
    await used(goods.vouchers[0].code, 'S-1');
    expect(await listed('stage=to_use&kind=goods')).toEqual([goods.id]);
    await used(goods.vouchers[1].code, 'S-2');
    t.clock.set(t.clock.now() + 2 * DAY);
    expect(await listed('stage=to_use')).toEqual([lasting.id]);
    expect(await listed('stage=over')).toEqual([goods.id, lapsing.id]);
    await t.ok('POST', `/redemptions/${lasting.id}/cancel`, {});
    expect(await listed('stage=over&limit=1')).toEqual([goods.id]);
    expect(await listed('stage=to_use')).toEqual([]);
    expect(await listed('stage=under_way')).toEqual([]);
  });

  it('is cancelled by its terms: codes are void, points are back but for the fee', async () => {
    const rewardId = await reward({ cancellation: { until: 'before_use', feePoints: 50 } });
    await t.ok('PUT', `/rewards/${rewardId}/stock`, { total: 2 });
    const told = await done(rewardId, { quantity: 2 });
    expect((await redeem(rewardId)).body.code).toBe('reward_out_of_stock');
    const path = `/redemptions/${told.id}/cancel`;
    const dry = await t.ok('POST', path, { dryRun: true });
    expect(dry).toMatchObject({
      dryRun: true,
      state: 'cancelled',
      price: [{ points: 2_000, feePoints: 100 }],
      vouchers: [{ state: 'void' }, { state: 'void' }],
    });
    expect(await available()).toBe(500);
    const cancelled = await t.ok('POST', path, {}, { auth: till });
    expect(cancelled).toMatchObject({
      state: 'cancelled',
      vouchers: [{ state: 'void' }, { state: 'void' }],
    });
    const at = showInstant(t.clock.now());
    t.clock.advance(MINUTE);
    expect(await t.ok('POST', path, {})).toMatchObject({ state: 'cancelled', cancelledAt: at });
    expect(await available()).toBe(2_400);
    expect((await used(told.vouchers[0].code, 'C-1')).body.code).toBe('voucher_void');
    expect(await t.ok('GET', `/rewards/${rewardId}/stock`)).toEqual({
      total: 2,
      reserved: 0,
      sold: 0,
      left: 2,
    });
  });

  it('is not cancelled when the terms say so, or something of it was used or has lapsed', async () => {
    const never = await done(await reward({ cancellation: { until: 'never' } }));
    expect((await t.call('POST', `/redemptions/${never.id}/cancel`, {})).body.code).toBe(
      'redemption_not_cancellable',
    );
    const told = await done(await reward());
    const use = await used(told.vouchers[0].code, 'D-1');
    const cancel = () => t.call('POST', `/redemptions/${told.id}/cancel`, {});
    expect((await cancel()).body.code).toBe('voucher_used');
    await t.ok('POST', `/vouchers/uses/${use.body.id}/undo`, {
      reason: 'wrong bill',
      actor: 'Li Lei',
    });
    t.clock.set(t.clock.now() + 91 * DAY);
    expect((await cancel()).body.code).toBe('voucher_expired');
  });

  it('goes on by itself after an answer that was lost', async () => {
    const rewardId = await reward();
    t.ledgerDown = true;
    expect((await redeem(rewardId, {}, { key: 'lost' })).status).toBe(503);
    t.ledgerDown = false;
    expect((await t.ok('GET', `/redemptions?memberId=${memberId}`)).items).toMatchObject([
      { state: 'reserved' },
    ]);
    t.clock.set(t.clock.now() + 2 * MINUTE);
    await settle(t.jobs);
    expect(await available()).toBe(1_500);
    const again = await redeem(rewardId, {}, { key: 'lost' });
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(again.body).toMatchObject({ state: 'fulfilled', vouchers: [{ place: 0 }] });
  });

  it('that nobody could go on with in time is undone, and says so', async () => {
    const rewardId = await reward();
    t.ledgerDown = true;
    expect((await redeem(rewardId, {}, { key: 'late' })).status).toBe(503);
    t.ledgerDown = false;
    t.clock.set(t.clock.now() + 16 * MINUTE);
    await settle(t.jobs);
    expect((await redeem(rewardId, {}, { key: 'late' })).body.code).toBe('redemption_timed_out');
    expect(await available()).toBe(2_500);
  });

  it('goes by what the catalogue offers the member at that moment', async () => {
    const rewardId = await reward({
      eligibility: { balanceFloor: { pointType: 'points', points: 2_501 } },
    });
    expect((await redeem(rewardId)).body).toMatchObject({
      code: 'reward_not_for_member',
      failed: 'balance_floor',
    });
    await t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId, points: 1 });
    const dry = await redeem(rewardId, { dryRun: true });
    expect([dry.status, dry.body]).toMatchObject([200, { dryRun: true, state: 'fulfilled' }]);
    expect((await redeem(rewardId, { option: 1 })).body.code).toBe('price_not_offered');
    const promotion = await t.ok('POST', '/promotions', {
      ...{ code: `day-${codes}`, merchantId },
      body: {
        name: { zh: '兑换日' },
        rewards: [rewardId],
        when: { dates: [{ from: '2026-01-01' }] },
        price: { kind: 'ratio', num: 3, den: 4 },
      },
    });
    await t.ok('POST', `/promotions/${promotion.id}/publish`, {});
    t.clock.set(t.clock.now() + MINUTE);
    const price = (points: number) => ({ price: [{ pointType: 'points', points }] });
    expect((await redeem(rewardId, price(1_000))).body.code).toBe('price_changed');
    const told = await done(rewardId, price(750));
    expect(told.promotionVersionId).toMatch(/^prv_/);
    expect(await available()).toBe(1_751);
    await t.ok('POST', `/rewards/${rewardId}/retire`, {
      from: new Date(t.clock.now() + 8 * DAY).toISOString(),
    });
    t.clock.set(t.clock.now() + 9 * DAY);
    expect((await redeem(rewardId)).body.code).toBe('reward_not_in_force');
    // What was redeemed goes by the terms that it was redeemed by.
    expect((await used(told.vouchers[0].code, 'E-1')).status).toBe(201);
  });

  it('refuses what it cannot hand out, others’ rewards, and stock of others', async () => {
    const elsewhere = await t.merchant();
    const rewardId = await reward();
    expect((await redeem(rewardId, { merchantId: elsewhere })).body.code).toBe('reward_not_found');
    const cash = await reward({
      prices: [{ points: [{ pointType: 'points', points: 1 }], cashFen: 1 }],
    });
    expect((await redeem(cash)).body).toMatchObject({
      code: 'payment_not_offered',
      why: 'no_provider',
    });
    const box = await reward({ kind: 'goods', fulfilment: { kind: 'delivery', feeFen: 0 } });
    expect((await redeem(box)).body.code).toBe('particulars_unfit');
    const auth = await t.apiKey(['rewards:write', 'rewards:read'], elsewhere);
    expect(
      (await t.call('PUT', `/rewards/${rewardId}/stock`, { total: 1 }, { auth })).body.code,
    ).toBe('reward_not_found');
    const stock = `/rewards/${rewardId}/stock`;
    expect((await t.call('PATCH', stock, { by: 1 })).body.code).toBe('stock_unlimited');
    expect(await t.ok('PUT', stock, { total: 1 })).toMatchObject({ total: 1, left: 1 });
    expect(await t.ok('PATCH', stock, { by: 2 })).toMatchObject({ total: 3, left: 3 });
    expect(await t.ok('PUT', stock, { total: null })).toMatchObject({ total: null, left: null });
  });

  it('in bulk is answered in order, each under its key, each by itself', async () => {
    const rewardId = await reward();
    await t.ok('PUT', `/rewards/${rewardId}/stock`, { total: 3 });
    const poor = await t.member();
    const elsewhere = await t.merchant();
    const item = (more: object = {}) => ({ memberId, rewardId, merchantId, ...more });
    const redemptions = [
      item({ idempotencyKey: 'bulk-first' }),
      item({ memberId: poor }),
      item({ merchantId: elsewhere }),
      item(),
      item(),
    ];
    const ask = (more: object = {}, options: object = { key: 'many' }) =>
      t.call('POST', '/redemptions/bulk', { redemptions, ...more }, options);
    const words = ({ status, body, text }: Answered): string[] => {
      expect(status, text).toBe(200);
      return body.results.map(
        (each: { status: string; problem?: { code: string }; redemption?: { state: string } }) =>
          `${each.status} ${each.problem?.code ?? each.redemption?.state}`,
      );
    };
    const dry = await ask({ dryRun: true });
    expect(dry.body.dryRun).toBe(true);
    expect(words(dry).slice(0, 3)).toEqual([
      'applied fulfilled',
      'refused insufficient_points',
      'refused reward_not_found',
    ]);
    expect(await available()).toBe(2_500);
    const first = await ask({}, { key: 'many', auth: till });
    expect(words(first)).toEqual([
      'applied fulfilled',
      'refused insufficient_points',
      'refused merchant_out_of_reach',
      'applied fulfilled',
      'refused reward_out_of_stock',
    ]);
    expect(first.body.results[0].redemption.vouchers[0].code).toMatch(/^[0-9A-Z-]+$/);
    expect(await available()).toBe(500);
    const again = await ask({}, { key: 'many', auth: till });
    expect(words(again)[0]).toBe('replayed fulfilled');
    expect(words(again)[3]).toBe('replayed fulfilled');
    expect(again.body.results[3].redemption.id).toBe(first.body.results[3].redemption.id);
    expect(await available()).toBe(500);
    const one = await redeem(rewardId, {}, { key: 'bulk-first', auth: till });
    expect(one.body.id).toBe(first.body.results[0].redemption.id);
  });

  it('of the operator’s reward happens at the tills of all merchants that hand it out, and at those only', async () => {
    const [other, third] = [await t.merchant(), await t.merchant()];
    const stores = [merchantId, other].map((merchant) => ({ merchant }));
    const body = { ...showTerms(terms()), stores, quotas: [{ per: 'day', times: 1 }] };
    const { id } = await t.ok('POST', '/rewards', { code: 'coalition', body });
    await t.ok('POST', `/rewards/${id}/publish`, {});
    t.clock.set(t.clock.now() + MINUTE);
    const scopes = ['redemptions:write', 'redemptions:read', 'vouchers:use'];
    const tills = new Map([[merchantId, till]]);
    for (const merchant of [other, third]) tills.set(merchant, await t.apiKey(scopes, merchant));
    const at = (merchant: string, auth = tills.get(merchant) ?? '') =>
      redeem(id, { merchantId: merchant }, { auth });
    // Points that were earned at one are spent at another, who gets them.
    const there = await at(other);
    expect(there.status, there.text).toBe(201);
    const { transaction } = await t.ok('GET', `/transactions/${there.body.price[0].transactionId}`);
    expect(transaction).toMatchObject({ merchantId: other, points: 1_000 });
    expect((await at(other)).body.code).toBe('redemption_quota_reached');
    expect((await at(merchantId)).status).toBe(201);
    expect((await at(third)).body.code).toBe('reward_not_found');
    expect((await at(other, till)).body.code).toBe('merchant_out_of_reach');
    const [{ code }] = there.body.vouchers;
    expect((await used(code, 'S6-1')).body.code).toBe('voucher_not_found');
    const use = { code, merchantId: other, useNo: 'S6-1', billFen: 8_000 };
    const auth = tills.get(other) ?? '';
    expect((await t.call('POST', '/vouchers/uses', use, { auth })).status).toBe(201);
  });
});
