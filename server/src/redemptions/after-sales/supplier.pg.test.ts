import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { BOX, DAY, IN_PARTS, openShop, type Shop } from '../../http/test-shop.ts';
import { settle, sweepNow } from '../../jobs/run-jobs.ts';
import type { RewardTerms } from '../../kernel/reward.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';
import { verifyLedger } from '../../ledger/verify.ts';
import { mustReadId } from '../../platform/web/schema.ts';

const MINUTE = 60_000;
const FLIGHT: Partial<RewardTerms> = {
  ...{ kind: 'ticket', name: { zh: '机票', en: 'A flight' }, fulfilment: { kind: 'code' } },
  ...{ cancellation: { until: 'never' }, compensation: { percentOfPoints: 10 } },
  parity: {
    asSold: {
      ...{ entryTimes: [], queue: 'common', transferable: false },
      cancellation: { hoursBefore: null, feePercent: 0 },
    },
    asRedeemed: {
      ...{ entryTimes: [], queue: 'common', transferable: false },
      cancellation: { hoursBefore: null, feePercent: 0 },
    },
  },
};

let t: PointsTestApp;
let shop: Shop;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  await t.ok('POST', '/programmes/default/point-types', { code: 'miles', name: '里程' });
  await t.jobs.programmes.refresh();
});
afterAll(async () => {
  const [breaches, { findings }] = [await findBreaches(t.pool), await verifyLedger(t.pool)];
  const { rows } = await t.pool.query('select 1 from unsettled');
  await t.close();
  expect(breaches).toEqual([]);
  expect(findings).toEqual([]);
  expect(rows).toEqual([]);
});
beforeEach(async () => {
  shop = await openShop(t);
  memberId = await shop.member();
});

const transactions = async (): Promise<{ kind: string; points: number }[]> =>
  (await t.ok('GET', `/members/${memberId}/transactions`)).items;

describe('a supplier who cancels', () => {
  it('S9: gives miles back to their original lots, and 10 % on top that it pays itself', async () => {
    const expiresAt = new Date(t.clock.now() + 40 * DAY).toISOString();
    const own = await t.merchant();
    await t.ok('POST', '/transactions', {
      ...{ kind: 'issue', memberId, merchantId: own, points: 25_005, pointType: 'miles' },
      expiresAt,
    });
    const rewardId = await shop.reward({
      ...FLIGHT,
      prices: [{ points: [{ pointType: 'miles', points: 25_005 }], cashFen: 0 }],
    });
    const redeemed = await shop.redeem(memberId, rewardId);
    const { status, body } = await shop.cancel(redeemed.id, { reason: 'event_cancelled' });
    expect([status, body]).toMatchObject([
      201,
      {
        ...{ kind: 'supplier', reason: 'event_cancelled', state: 'refunded', onShelf: false },
        back: [{ pointType: 'miles', points: 25_005 }],
        // Rounded up, in the member's favour.
        compensation: [{ pointType: 'miles', points: 2_501 }],
      },
    ]);
    const lots = (await t.ok('GET', `/members/${memberId}/lots`)).items;
    const paidBy = (issuerId: string, remaining: number) =>
      lots.filter(
        (lot: { issuerId: string; remaining: number }) =>
          lot.issuerId === issuerId && lot.remaining === remaining,
      );
    expect(paidBy(own, 25_005)).toMatchObject([{ expiresAt }]);
    expect(paidBy(shop.merchantId, 2_501)).toHaveLength(1);
    const issued = (await transactions()).find(({ points }) => points === 2_501);
    expect(issued).toMatchObject({ kind: 'issue', source: { kind: 'redemption' } });
    // Again there is nothing left.
    expect((await shop.cancel(redeemed.id)).body.code).toBe('after_sales_units_taken');
    const { items } = await t.ok('GET', `/messages?memberId=${memberId}`);
    const told = items.find(({ kind }: { kind: string }) => kind === 'after_sales');
    expect(told).toMatchObject({
      facts: { what: 'cancelled', back: '25005 里程', compensation: '2501 里程' },
    });
    expect(JSON.stringify(told)).toContain('另补偿 2501 里程');
  });

  it('gives everything back whatever the terms say, of what was used in part what is left, up to a whole point', async () => {
    const rewardId = await shop.reward({
      ...{ ...IN_PARTS, cancellation: { until: 'never' } },
      compensation: { pointType: 'points', points: 7 },
      prices: [{ points: [{ pointType: 'points', points: 100 }], cashFen: 0 }],
    });
    const redeemed = await shop.redeem(memberId, rewardId, 3);
    const [whole, part] = redeemed.vouchers;
    await shop.use(whole.code, 5_000);
    // 3,333 of 5,000 are left: 66.66 points.
    await shop.use(part.code, 1_667);
    const { body } = await shop.cancel(redeemed.id);
    expect(body).toMatchObject({
      ...{ places: [1, 2], back: [{ points: 167 }], compensation: [{ points: 14 }] },
    });
    expect(await shop.available(memberId)).toBe(5_000 - 300 + 167 + 14);
    const { vouchers } = await t.ok('GET', `/redemptions/${redeemed.id}`);
    expect(vouchers.map(({ state }: { state: string }) => state)).toEqual(['used', 'void', 'void']);
  });

  it('overtakes what the member asked for, but for a case about more than is left', async () => {
    const rewardId = await shop.reward(BOX);
    const redeemed = await shop.redeem(memberId, rewardId, 4);
    await shop.use(redeemed.vouchers[0].code);
    const quality = { kind: 'quality', reason: 'faulty' };
    const wider = await shop.opened(redeemed.id, { ...quality, places: [0, 1] });
    const within = await shop.opened(redeemed.id, { places: [2] });
    const { body } = await shop.cancel(redeemed.id);
    expect(body).toMatchObject({ places: [2, 3], state: 'refunded' });
    expect((await shop.read(within.id)).history.at(-1)).toMatchObject({ step: 'overtake' });
    expect((await shop.read(within.id)).state).toBe('withdrawn');
    expect((await shop.read(wider.id)).state).toBe('opened');
    await shop.say(wider.id, 'withdraw');
    expect(await shop.available(memberId)).toBe(3_000);
  });

  it('is told once by two at the same moment', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward(FLIGHT));
    const answers = await Promise.all([1, 2, 3].map(() => shop.cancel(redeemed.id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await shop.available(memberId)).toBe(5_100);
  });

  it('and who is no supplier of it learns nothing of it', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward(FLIGHT));
    const other = await openShop(t);
    expect((await other.cancel(redeemed.id)).body.code).toBe('redemption_not_found');
    const rewardId = redeemed.rewardId;
    const many = { merchantId: shop.merchantId, reason: 'out_of_stock', actor: 'x' };
    const path = `/rewards/${rewardId}/supplier-cancellations`;
    expect((await t.call('POST', path, many, { auth: other.key })).body.code).toBe(
      'merchant_out_of_reach',
    );
    const own = { ...many, merchantId: other.merchantId };
    expect((await t.call('POST', path, own, { auth: other.key })).body.code).toBe(
      'reward_not_found',
    );
  });
});

describe('all of a reward', () => {
  it('is cancelled by the page, whatever was in between, and goes on where it was', async () => {
    const price = [{ points: [{ pointType: 'points', points: 10 }], cashFen: 0 }];
    const rewardId = await shop.reward({ ...FLIGHT, prices: price });
    const members = await Promise.all([...Array(13).keys()].map(() => shop.member(100)));
    const redeemed: { id: string; vouchers: { code: string }[] }[] = [];
    for (let round = 0; round < 9; round += 1)
      redeemed.push(...(await Promise.all(members.map((each) => shop.redeem(each, rewardId)))));
    await shop.use(redeemed[0]?.vouchers[0]?.code ?? '');
    t.clock.set(t.clock.now() + 1);
    const late = await shop.redeem(members[0] as string, rewardId);
    const body = { merchantId: shop.merchantId, reason: 'merchant_left', actor: 'Li Na' };
    const path = `/rewards/${rewardId}/supplier-cancellations`;
    const first = await t.call('POST', path, body, { key: 'all-of-it' });
    expect([first.status, first.body.state]).toEqual([201, 'running']);
    // The one that was used is among the first hundred, or is not.
    expect([99, 100]).toContain(first.body.cancelled);
    expect(first.body.refunded).toBe(first.body.cancelled);
    // One that is stuck keeps nothing else waiting.
    t.ledgerDownFor = mustReadId('member', members[0] as string);
    t.clock.set(t.clock.now() + 2 * MINUTE);
    await expect(settle(t.jobs)).rejects.toThrow();
    t.ledgerDownFor = null;
    const stuck = await t.ok('GET', `/supplier-cancellations/${first.body.id}`);
    expect(stuck).toMatchObject({ state: 'running', cancelled: 117 });
    expect(stuck.refunded).toBeLessThan(117);
    t.clock.set(t.clock.now() + 2 * MINUTE);
    await settle(t.jobs);
    t.clock.set(t.clock.now() + 2 * MINUTE);
    await settle(t.jobs);
    const done = await t.ok('GET', `/supplier-cancellations/${first.body.id}`);
    expect(done).toMatchObject({ state: 'done', cancelled: 117, refunded: 117 });
    expect((await t.call('POST', path, body, { key: 'all-of-it' })).body).toEqual(done);
    // The one that was used was had; every other one brought a point on top.
    const left = await Promise.all(members.map((each) => shop.available(each)));
    expect(left.reduce((sum, each) => sum + each, 0)).toBe(13 * 100 - 10 + 117);
    expect((await t.ok('GET', `/redemptions/${late.id}`)).vouchers[0].state).toBe('void');
  });

  it('leaves alone what has lapsed, which one alone may still be cancelled', async () => {
    const rewardId = await shop.reward();
    const redeemed = await shop.redeem(memberId, rewardId);
    t.clock.set(t.clock.now() + 91 * DAY);
    const body = { merchantId: shop.merchantId, reason: 'out_of_stock', actor: 'Li Na' };
    const told = await t.ok('POST', `/rewards/${rewardId}/supplier-cancellations`, body);
    expect(told).toMatchObject({ state: 'done', cancelled: 0 });
    expect((await shop.cancel(redeemed.id, { reason: 'cannot_honour' })).body.state).toBe(
      'refunded',
    );
    expect(await shop.available(memberId)).toBe(5_000);
  });
});

describe('what was booked', () => {
  const dayIn = (days: number): string =>
    new Date(t.clock.now() + days * DAY).toISOString().slice(0, 10);
  const stay = async (): Promise<string> =>
    shop.reward({
      fulfilment: {
        ...{ kind: 'booking', unit: 'night', noticeHours: 0 },
        slots: [{ from: '14:00', to: '24:00', places: 5 }],
      },
      prices: [{ points: [{ pointType: 'points', points: 111 }], cashFen: 0 }],
      cancellation: { until: 'hours_before', hours: 24 },
    });
  const book = (rewardId: string, day: string, until: string, quantity: number) =>
    t.ok('POST', '/redemptions', {
      ...{ memberId, rewardId, merchantId: shop.merchantId, quantity },
      particulars: { kind: 'booking', day, until },
    });
  const left = async (rewardId: string, from: string, to: string): Promise<number[]> => {
    const query = `merchantId=${shop.merchantId}&from=${from}&to=${to}`;
    const { items } = await t.ok('GET', `/rewards/${rewardId}/availability?${query}`);
    return items.map((each: { left: number }) => each.left);
  };

  it('comes back by the room, with its nights, and cannot be moved any more', async () => {
    const rewardId = await stay();
    const [first, last] = [dayIn(5), dayIn(8)];
    const booked = await book(rewardId, first, last, 6);
    expect(booked.vouchers).toHaveLength(2);
    expect(await left(rewardId, first, last)).toEqual([3, 3, 3, 5]);
    const { id } = await shop.opened(booked.id, { places: [1] });
    const { body } = await shop.answer(id, { answer: 'accept', remedy: 'refund' });
    expect(body).toMatchObject({ state: 'refunded', back: [{ points: 333 }] });
    expect(await left(rewardId, first, last)).toEqual([4, 4, 4, 5]);
    const moved = await t.call('POST', `/redemptions/${booked.id}/move`, {
      ...{ day: dayIn(6), until: dayIn(9) },
    });
    expect(moved.body.code).toBe('redemption_has_case');
    await shop.cancel(booked.id);
    expect(await shop.available(memberId)).toBe(5_000);
    expect(await left(rewardId, first, last)).toEqual([5, 5, 5, 5]);
    const day = `merchantId=${shop.merchantId}&day=${first}`;
    expect((await t.ok('GET', `/bookings?${day}`)).items).toEqual([]);
  });

  it('is cancelled for one day, with all nights of it', async () => {
    const rewardId = await stay();
    const [before, over, from, behind] = [
      await book(rewardId, dayIn(4), dayIn(6), 2),
      await book(rewardId, dayIn(5), dayIn(8), 3),
      await book(rewardId, dayIn(6), dayIn(7), 1),
      await book(rewardId, dayIn(7), dayIn(8), 1),
    ];
    const body = { merchantId: shop.merchantId, reason: 'unsafe', actor: 'Li Na', day: dayIn(6) };
    const path = `/rewards/${rewardId}/supplier-cancellations`;
    expect(
      (await t.call('POST', path, { ...body, day: undefined, slot: '14:00-24:00' })).body.code,
    ).toBe('invalid_request');
    expect(await t.ok('POST', path, body)).toMatchObject({
      ...{ state: 'done', cancelled: 2, refunded: 2, day: dayIn(6), slot: null },
    });
    const states = await Promise.all(
      [before, over, from, behind].map(
        async ({ id }) => (await t.ok('GET', `/redemptions/${id}`)).vouchers[0].state,
      ),
    );
    expect(states).toEqual(['open', 'void', 'void', 'open']);
  });

  it('cannot be returned for no reason once it has begun', async () => {
    const booked = await book(await stay(), dayIn(2), dayIn(3), 1);
    t.clock.set(t.clock.now() + 2 * DAY + 12 * 60 * MINUTE);
    expect((await shop.open(booked.id)).body.code).toBe('after_sales_too_late');
    const claim = { kind: 'quality', reason: 'not_honoured' };
    await shop.say((await shop.opened(booked.id, claim)).id, 'withdraw');
  });
});

describe('a merchant who leaves with open vouchers', () => {
  it('honours them by their old terms, and what it does not the operator cancels at its cost', async () => {
    const rewardId = await shop.reward({ ...IN_PARTS, compensation: { percentOfPoints: 5 } });
    const [kept, broken] = [
      await shop.redeem(memberId, rewardId),
      await shop.redeem(memberId, rewardId),
    ];
    await t.ok('POST', `/rewards/${rewardId}/retire`, {
      from: new Date(t.clock.now() + 8 * DAY).toISOString(),
    });
    t.clock.set(t.clock.now() + 9 * DAY);
    const { items } = await t.ok('GET', '/keys');
    for (const { id, merchantId } of items)
      if (merchantId === shop.merchantId) await t.ok('DELETE', `/keys/${id}`);
    // The operator says for it what was used.
    const bill = { merchantId: shop.merchantId, useNo: 'last', billFen: 3_000 };
    const used = await t.ok('POST', '/vouchers/uses', { ...bill, code: kept.vouchers[0].code });
    expect(used).toMatchObject({ offFen: 3_000, voucher: { leftFen: 2_000 } });
    const body = { reason: 'merchant_left', actor: 'Li Na' };
    const told = await t.ok('POST', `/redemptions/${broken.id}/supplier-cancellation`, body);
    expect(told).toMatchObject({ back: [{ points: 1_000 }], compensation: [{ points: 50 }] });
    const lot = (await t.ok('GET', `/members/${memberId}/lots`)).items.find(
      ({ remaining }: { remaining: number }) => remaining === 50,
    );
    expect(lot.issuerId).toBe(shop.merchantId);
    await sweepNow(t.jobs);
    expect(await shop.available(memberId)).toBe(5_000 - 1_000 + 50);
  });
});
