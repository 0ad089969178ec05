import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { showTerms } from '../../catalogue/terms-schema.ts';
import { terms } from '../../catalogue/testing/told.ts';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { createPhones } from '../../http/testing/phone.ts';
import { settle } from '../../jobs/run-jobs.ts';
import { showInstant } from '../../kernel/clock.ts';
import type { RewardTerms } from '../../kernel/reward.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';
import { verifyLedger } from '../../ledger/verify.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
let till: string;
let rewardId: string;
let phones: ReturnType<typeof createPhones>;
beforeAll(async () => {
  t = await createPointsTestApp();
  phones = createPhones(t);
  merchantId = await t.merchant();
  till = await t.apiKey(['redemptions:write', 'redemptions:read'], merchantId);
  rewardId = await reward();
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
  memberId = await member(1_000);
});

let count = 0;
function fresh(): string {
  count += 1;
  return `B-${count}`;
}
async function member(points: number): Promise<string> {
  const id = await t.member();
  if (points > 0)
    await t.ok('POST', '/transactions', { kind: 'issue', memberId: id, merchantId, points });
  return id;
}
/** ¥1 off a bill of at least ¥10 for 100 points, at most half of it. */
async function reward(more: Partial<RewardTerms> = {}): Promise<string> {
  count += 1;
  const told = terms({
    cashValueFen: 100,
    prices: [{ points: [{ pointType: 'points', points: 100 }], cashFen: 0 }],
    fulfilment: { kind: 'offset', offFen: 100, atMostPercent: 50, overFen: 1_000 },
    cancellation: { until: 'never' },
    afterSales: { returnDays: 0, qualityDays: 0, exchange: false },
    ...more,
  });
  const body = { ...showTerms(told), stores: [{ merchant: merchantId }] };
  const { id } = await t.ok('POST', '/rewards', { code: `offset-${count}`, merchantId, body });
  await t.ok('POST', `/rewards/${id}/publish`, {});
  t.clock.set(t.clock.now() + MINUTE);
  return id;
}
const bill = (billFen: number, more: object = {}) => ({
  particulars: { kind: 'bill', billNo: fresh(), billFen, ...more },
});
const redeem = (quantity: number, more: object, options: object = { auth: till }) =>
  t.call('POST', '/redemptions', { memberId, rewardId, merchantId, quantity, ...more }, options);
async function done(quantity: number, more: object): Promise<Answered['body']> {
  const { status, body, text } = await redeem(quantity, more);
  expect(status, text).toBe(201);
  return body;
}
const available = async (id = memberId): Promise<number> => (await t.balance(id)).available;
const why = { reason: 'card refused', actor: 'till 2' };
const undo = (id: string, more: object = {}, options: object = { auth: till }) =>
  t.call('POST', `/redemptions/${id}/void`, { ...why, ...more }, options);
const back = (id: string, returnNo: string, returnedFen: number, more: object = {}) =>
  t.call(
    'POST',
    `/redemptions/${id}/returns`,
    { returnNo, returnedFen, ...why, ...more },
    { auth: till },
  );

describe('points off a bill', () => {
  it('are quoted, and redeemed at once as they were', async () => {
    const quote = async (billFen: number, more = ''): Promise<Answered['body']> =>
      t.ok(
        'GET',
        `/rewards/${rewardId}/quote?memberId=${memberId}&merchantId=${merchantId}&billNo=Q&billFen=${billFen}${more}`,
        undefined,
        { auth: till },
      );
    expect(await quote(1_500)).toEqual({
      units: 7,
      offFen: 700,
      toPayFen: 800,
      price: [{ pointType: 'points', points: 700 }],
      problem: null,
    });
    // Of a larger bill the member's points are the end.
    expect(await quote(1_000_000)).toMatchObject({ units: 10, offFen: 1_000, toPayFen: 999_000 });
    expect(await quote(999)).toEqual({
      ...{ units: 0, offFen: 0, toPayFen: 999, price: [] },
      problem: 'bill_too_small',
    });
    const told = await done(7, bill(1_500));
    expect(told).toMatchObject({
      state: 'fulfilled',
      vouchers: [],
      particulars: { kind: 'bill', billFen: 1_500, offFen: 700, toPayFen: 800 },
    });
    expect(await available()).toBe(300);
    expect(await quote(1_500)).toMatchObject({ units: 3 });
    const poor = await member(99);
    const none = `/rewards/${rewardId}/quote?memberId=${poor}&merchantId=${merchantId}&billNo=Q&billFen=2000`;
    expect(await t.ok('GET', none)).toMatchObject({ units: 0, problem: 'insufficient_points' });
    const voucher = await reward({
      cashValueFen: 5_000,
      fulfilment: { kind: 'code' },
    });
    const other = await t.call('GET', none.replace(rewardId, voucher));
    expect(other.body.code).toBe('particulars_unfit');
  });

  it('go by the limits and quotas of the reward, which the quote knows', async () => {
    const limited = await reward({ limits: [{ per: 'day', times: 4 }] });
    const path = `/rewards/${limited}/quote?memberId=${memberId}&merchantId=${merchantId}&billNo=Q&billFen=2000`;
    expect(await t.ok('GET', path)).toMatchObject({ units: 4 });
    await done(3, { ...bill(2_000), rewardId: limited });
    expect(await t.ok('GET', path)).toMatchObject({ units: 1 });
  });

  it('are refused when the bill bears fewer, or says nothing of itself', async () => {
    expect((await redeem(8, bill(1_500))).body).toMatchObject({
      code: 'bill_offset_too_much',
      most: 7,
    });
    expect((await redeem(1, bill(900))).body).toMatchObject({
      code: 'bill_too_small',
      leastFen: 1_000,
    });
    expect((await redeem(1, {})).body.code).toBe('particulars_unfit');
    expect(await available()).toBe(1_000);
  });

  it('are taken off a bill once, whichever till asks, for whatever reward', async () => {
    const one = bill(2_000);
    const tills = await Promise.all([redeem(5, one), redeem(4, one), redeem(3, one)]);
    expect(tills.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const other = await reward();
    const again = await redeem(1, { ...one, rewardId: other });
    expect(again.body.code).toBe('bill_offset_exists');
    // Under its key the answer that was lost is found.
    const lost = bill(1_000);
    const first = await redeem(1, lost, { auth: till, key: 'lost-bill' });
    const found = await redeem(1, lost, { auth: till, key: 'lost-bill' });
    expect([found.status, found.body.id]).toEqual([201, first.body.id]);
    // What was refused leaves the bill free.
    const poor = bill(2_000);
    expect((await redeem(10, { ...poor })).body.code).toBe('insufficient_points');
    expect((await redeem(1, poor)).status).toBe(201);
  });

  it('of a till that was cut off cost what they cost then, within three days', async () => {
    const dear = await reward({
      prices: [{ points: [{ pointType: 'points', points: 200 }], cashFen: 0 }],
    });
    const { current } = await t.ok('GET', `/rewards/${dear}`);
    const [price] = current.body.prices;
    const before = t.clock.now() - 1_000;
    const body = {
      ...current.body,
      prices: [{ ...price, points: [{ pointType: 'points', points: 150 }] }],
    };
    await t.ok('PUT', `/rewards/${dear}/draft`, { body });
    await t.ok('POST', `/rewards/${dear}/publish`, {});
    t.clock.set(t.clock.now() + HOUR);
    const at = { at: showInstant(before) };
    const told = await done(2, { ...bill(2_000, at), rewardId: dear });
    expect(told).toMatchObject({ price: [{ points: 400 }], askedAt: at.at });
    expect(await done(2, { ...bill(2_000), rewardId: dear })).toMatchObject({
      price: [{ points: 300 }],
    });
    const late = bill(2_000, { at: showInstant(t.clock.now() - 73 * HOUR) });
    expect((await redeem(1, late)).body.code).toBe('backdating_not_allowed');
    const early = bill(2_000, { at: showInstant(t.clock.now() + HOUR) });
    expect((await redeem(1, early)).body.code).toBe('backdating_not_allowed');
  });

  it('agreed at a till that was cut off are final where its key may overdraw: what is missing is a debt', async () => {
    const at = { at: showInstant(t.clock.now() - HOUR) };
    const poor = await member(150);
    const asked = { ...bill(2_000, at), memberId: poor };
    expect((await redeem(3, asked)).body.code).toBe('insufficient_points');
    const auth = await t.apiKey(['redemptions:write', 'points:overdraft'], merchantId);
    const now = { ...bill(2_000), memberId: poor };
    expect((await redeem(3, now, { auth })).body.code).toBe('insufficient_points');
    expect((await redeem(3, asked, { auth })).status).toBe(201);
    expect(await t.balance(poor)).toMatchObject({ available: 0, debt: 150 });
  });
});

describe('points that tills took while they were cut off', () => {
  const limitOf = (auth = operator) =>
    t.ok('GET', `/merchants/${merchantId}/offline-limit`, undefined, { auth });
  const setOwn = (dayMax: number | null) =>
    t.ok('PUT', `/merchants/${merchantId}/offline-limit`, { dayMax });
  let operator: string;
  beforeAll(async () => {
    operator = await t.apiKey(['merchants:read']);
    await t.ok('PATCH', '/programmes/default', { offlineDayMax: 500 });
  });
  afterAll(() => t.ok('PATCH', '/programmes/default', { offlineDayMax: 0 }));

  it('are final within the limit of the day: what is missing is a debt, whoever tells it', async () => {
    const at = { at: showInstant(t.clock.now() - HOUR) };
    const poor = await member(150);
    const told = await done(3, { ...bill(2_000, at), memberId: poor });
    expect(told).toMatchObject({ state: 'fulfilled', price: [{ points: 300 }] });
    expect(await t.balance(poor)).toMatchObject({ available: 0, debt: 150 });
    await t.ok('POST', '/transactions', {
      ...{ kind: 'issue', memberId: poor, merchantId, points: 200 },
    });
    expect(await t.balance(poor)).toMatchObject({ available: 50, debt: 0 });
  });

  it('are told by tills alone: no member makes a debt by themselves, nor takes the number of a bill', async () => {
    const phone = await phones.signIn();
    await t.ok('POST', '/transactions', {
      ...{ kind: 'issue', memberId: phone.member, merchantId, points: 500 },
    });
    const kept = { kind: 'bill', billNo: fresh(), billFen: 2_000 };
    for (const particulars of [kept, { ...kept, at: showInstant(t.clock.now() - HOUR) }]) {
      const told = { memberId: phone.member, rewardId, merchantId, quantity: 1, particulars };
      const { status, body } = await phone.send('POST', '/redemptions', told);
      expect([status, body.code]).toEqual([403, 'not_for_members']);
    }
    expect(await t.balance(phone.member)).toMatchObject({ available: 500, debt: 0 });
    // Whose bill it is finds it free.
    const { billNo } = kept;
    await done(1, { ...bill(2_000), memberId: phone.member, particulars: { ...kept, billNo } });
  });

  it('are final at once: a till may be back after a moment', async () => {
    const poor = await member(0);
    const at = { at: showInstant(t.clock.now()) };
    expect((await redeem(1, { ...bill(2_000, at), memberId: poor })).status).toBe(201);
    expect((await redeem(1, { ...bill(2_000), memberId: poor })).body.code).toBe(
      'insufficient_points',
    );
  });

  it('beyond the limit are booked if the points are there, and refused if not', async () => {
    const at = { at: showInstant(t.clock.now() - HOUR) };
    const poor = await member(0);
    await done(4, { ...bill(2_000, at), memberId: poor });
    const more = { ...bill(2_000, at), memberId: poor };
    const dry = await redeem(2, { ...more, dryRun: true });
    const refused = await redeem(2, more);
    for (const { body } of [dry, refused])
      expect(body).toMatchObject({ code: 'offline_limit_reached', left: 100, available: 0 });
    expect(await t.balance(poor)).toMatchObject({ debt: 400 });
    // What is left is still final; so is what there is enough for, however much it is.
    await done(1, { ...bill(2_000, at), memberId: poor });
    await done(7, bill(2_000, at));
    expect(await available()).toBe(300);
  });

  it('count on the day they were agreed on, and no more once their bill was not paid', async () => {
    const poor = await member(0);
    const yesterday = { at: showInstant(t.clock.now()) };
    t.clock.set(t.clock.now() + 25 * HOUR);
    const today = { at: showInstant(t.clock.now() - MINUTE) };
    await done(5, { ...bill(2_000, yesterday), memberId: poor });
    const { id } = await done(5, { ...bill(2_000, today), memberId: poor });
    expect((await redeem(1, { ...bill(2_000, today), memberId: poor })).status).toBe(422);
    expect((await undo(id)).status).toBe(200);
    await done(5, { ...bill(2_000, today), memberId: poor });
  });

  it('of several tills at once never come to more than the limit', async () => {
    const poor = await member(0);
    const at = { at: showInstant(t.clock.now() - HOUR) };
    const told = await Promise.all(
      [1, 2, 3, 4].map(() => redeem(2, { ...bill(2_000, at), memberId: poor })),
    );
    expect(told.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(await t.balance(poor)).toMatchObject({ debt: 400 });
  });

  it('are limited by the merchant, too, and never above its programme', async () => {
    expect(await setOwn(900)).toMatchObject({ dayMax: 500, ownDayMax: 900, programmeDayMax: 500 });
    expect(await setOwn(100)).toMatchObject({ dayMax: 100 });
    expect(await limitOf()).toMatchObject({ dayMax: 100, ownDayMax: 100, queuedHoursMax: 72 });
    const poor = await member(0);
    const asked = bill(2_000, { at: showInstant(t.clock.now() - HOUR) });
    const refused = await redeem(2, { ...asked, memberId: poor });
    expect(refused.body).toMatchObject({ code: 'offline_limit_reached', left: 100 });
    expect(await setOwn(null)).toMatchObject({ dayMax: 500, ownDayMax: null });
    const stranger = await t.apiKey(['merchants:read'], await t.merchant());
    const { status } = await t.call('GET', `/merchants/${merchantId}/offline-limit`, undefined, {
      auth: stranger,
    });
    expect(status).toBe(403);
  });
});

describe('a bill that was not paid', () => {
  it('is undone on its day, once, whatever its terms say, and may be offset again', async () => {
    const one = bill(2_000);
    const { id } = await done(5, one);
    const dry = await undo(id, { dryRun: true });
    expect(dry.body).toMatchObject({ dryRun: true, state: 'cancelled' });
    expect(await available()).toBe(500);
    const first = await undo(id);
    expect([first.status, first.body.state], first.text).toEqual([200, 'cancelled']);
    expect((await undo(id)).body.state).toBe('cancelled');
    expect(await available()).toBe(1_000);
    expect((await back(id, 'R-1', 1_000)).body.code).toBe('bill_undone');
    await done(5, one);
    expect((await t.call('POST', `/redemptions/${id}/cancel`, {})).status).toBe(200);
  });

  it('is not undone on another day, by others, or once goods of it came back', async () => {
    const { id } = await done(5, bill(2_000));
    const cancel = await t.call('POST', `/redemptions/${id}/cancel`, {});
    expect(cancel.body.code).toBe('redemption_not_cancellable');
    const stranger = await t.apiKey(['redemptions:write'], await t.merchant());
    expect((await undo(id, {}, { auth: stranger })).body.code).toBe('redemption_not_found');
    expect((await back(id, 'R-1', 400)).status).toBe(201);
    expect((await undo(id)).body.code).toBe('bill_goods_returned');
    const late = await done(3, bill(2_000));
    t.clock.set(t.clock.now() + 24 * HOUR);
    expect((await undo(late.id)).body.code).toBe('bill_void_too_late');
  });

  it('goes on by itself after an answer that was lost', async () => {
    const { id } = await done(5, bill(2_000));
    t.ledgerDown = true;
    expect((await undo(id)).status).toBe(503);
    t.ledgerDown = false;
    t.clock.set(t.clock.now() + 2 * MINUTE);
    await settle(t.jobs);
    expect(await available()).toBe(1_000);
    expect((await undo(id)).body.state).toBe('cancelled');
  });
});

describe('goods of a bill that come back', () => {
  it('give back units pro rata, and money for the rest, in the end everything', async () => {
    const { id } = await done(5, bill(2_000));
    const dry = await back(id, 'R-1', 900, { dryRun: true });
    expect([dry.status, dry.body]).toMatchObject([200, { units: 2, cashFen: 700, dryRun: true }]);
    const first = await back(id, 'R-1', 900);
    expect([first.status, first.body]).toMatchObject([
      201,
      { units: 2, cashFen: 700, pointsBack: true, returnedFen: 900 },
    ]);
    expect(await available()).toBe(700);
    const again = await back(id, 'R-1', 900);
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    expect((await back(id, 'R-1', 901)).body.code).toBe('bill_return_exists');
    t.clock.set(t.clock.now() + MINUTE);
    expect((await back(id, 'R-2', 1_101)).body).toMatchObject({
      code: 'bill_return_too_much',
      leftFen: 1_100,
    });
    expect((await back(id, 'R-2', 1_100)).body).toMatchObject({ units: 3, cashFen: 800 });
    expect(await available()).toBe(1_000);
    const { items } = await t.ok('GET', `/redemptions/${id}/returns`, undefined, { auth: till });
    expect(items).toMatchObject([{ returnNo: 'R-1' }, { returnNo: 'R-2', pointsBack: true }]);
  });

  it('are told to the member, and to no other, without who of the staff it was', async () => {
    const [phone, other] = [await phones.signIn(), await phones.signIn()];
    memberId = phone.member;
    const points = { kind: 'issue', memberId, merchantId, points: 500 };
    await t.ok('POST', '/transactions', points);
    const { id } = await done(5, bill(2_000));
    await back(id, 'R-1', 900);
    const path = `/redemptions/${id}/returns`;
    const { items } = await phone.ok('GET', path);
    expect(items).toMatchObject([{ returnedFen: 900, units: 2, cashFen: 700, pointsBack: true }]);
    expect(items[0]).not.toHaveProperty('actor');
    expect((await other.send('GET', path)).status).toBe(404);
    const { id: voided } = await done(1, bill(2_000));
    const at = showInstant(t.clock.now());
    await undo(voided);
    const seen = await phone.ok('GET', `/redemptions/${voided}`);
    expect(seen).toMatchObject({ state: 'cancelled', cancelledAt: at });
  });

  it('give back no more when they are told at two tills at once', async () => {
    const { id } = await done(5, bill(2_000));
    const told = await Promise.all([
      ...['X-1', 'X-1', 'X-2', 'X-3'].map((no) => back(id, no, 1_000)),
    ]);
    expect(told.filter(({ status }) => status < 300)).toHaveLength(3);
    expect(await available()).toBe(1_000);
  });

  it('under one key are one return', async () => {
    const { id } = await done(5, bill(2_000));
    const ask = (returnNo: string) =>
      t.call(
        'POST',
        `/redemptions/${id}/returns`,
        { returnNo, returnedFen: 400, ...why },
        { auth: till, key: 'one-return' },
      );
    expect((await ask('K-1')).status).toBe(201);
    expect((await ask('K-1')).status).toBe(200);
    expect((await ask('K-2')).body.code).toBe('idempotency_key_reused');
  });

  it('go on by themselves after an answer that was lost', async () => {
    const { id } = await done(5, bill(2_000));
    t.ledgerDown = true;
    expect((await back(id, 'L-1', 2_000)).status).toBe(503);
    t.ledgerDown = false;
    const { items } = await t.ok('GET', `/redemptions/${id}/returns`);
    expect(items).toMatchObject([{ returnNo: 'L-1', units: 5, pointsBack: false }]);
    t.clock.set(t.clock.now() + 2 * MINUTE);
    await settle(t.jobs);
    expect(await available()).toBe(1_000);
    expect((await back(id, 'L-1', 2_000)).body).toMatchObject({ units: 5, pointsBack: true });
  });

  it('are nothing of what takes nothing off a bill', async () => {
    const voucher = await reward({ cashValueFen: 5_000, fulfilment: { kind: 'code' } });
    const { id } = await done(1, { rewardId: voucher });
    expect((await back(id, 'N-1', 1)).body.code).toBe('bill_not_offset');
    expect((await undo(id)).body.code).toBe('bill_not_offset');
  });
});
