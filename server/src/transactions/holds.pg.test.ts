import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';

type Body = Answered['body'];

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
});
beforeEach(async () => {
  memberId = await t.member();
});
afterAll(() => t.close());

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const fromNow = (ms: number): string => new Date(t.clock.now() + ms).toISOString();

const atMerchant = (kind: string, points: number, more: object = {}) => ({
  kind,
  memberId,
  merchantId,
  points,
  ...more,
});
const post = (body: object, options?: { key?: string; auth?: string }): Promise<Answered> =>
  t.call('POST', '/transactions', body, options);
const apply = (body: object): Promise<Body> => t.ok('POST', '/transactions', body);
const issue = (points: number, more: object = {}): Promise<Body> =>
  apply(atMerchant('issue', points, more));
const burn = (points: number): Promise<Body> => apply(atMerchant('burn', points));
const hold = (points: number, more: object = { expiresInSeconds: 600 }): Promise<Body> =>
  apply(atMerchant('hold', points, more));

describe('holds', () => {
  it('set points aside, are captured in parts, and release the rest', async () => {
    await issue(100);
    const held = await hold(60);
    const { holdId } = held.transaction;
    expect(holdId.slice(5)).toBe(held.transaction.id.slice(4));
    expect(await t.balance(memberId)).toMatchObject({ available: 40, held: 60 });
    expect((await post(atMerchant('burn', 41))).body).toMatchObject({ available: 40 });
    const captured = await apply({ kind: 'capture', memberId, holdId, points: 25 });
    expect(captured.transaction).toMatchObject({ holdId, points: 25, balanceAfter: 75 });
    expect(captured.transaction.takes).toHaveLength(1);
    expect((await post({ kind: 'capture', memberId, holdId, points: 36 })).body).toMatchObject({
      code: 'hold_exceeded',
      remaining: 35,
    });
    const released = await apply({ kind: 'release', memberId, holdId });
    expect(released.transaction).toMatchObject({ points: 35, balanceAfter: 75 });
    expect(await t.balance(memberId)).toMatchObject({
      available: 75,
      held: 0,
      lifetimeRedeemed: 25,
    });
    expect((await post({ kind: 'capture', memberId, holdId })).body.code).toBe('hold_closed');
  });

  it('need exactly one end', async () => {
    await issue(10);
    for (const more of [{}, { expiresInSeconds: 60, expiresAt: fromNow(HOUR) }]) {
      expect((await post(atMerchant('hold', 1, more))).body.code).toBe('hold_needs_end');
    }
    expect((await post(atMerchant('hold', 1, { expiresAt: fromNow(0) }))).body.code).toBe(
      'hold_expired',
    );
  });

  it('asked for by length are repeated as they were, not prolonged', async () => {
    await issue(10);
    const body = atMerchant('hold', 4, { expiresInSeconds: 60 });
    const first = await post(body, { key: 'hold-a' });
    const tooMuch = await post(atMerchant('hold', 40, { expiresInSeconds: 60 }), { key: 'hold-b' });
    expect(tooMuch.body.code).toBe('insufficient_points');
    t.clock.advance(30_000);
    const again = await post(body, { key: 'hold-a' });
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(
      (await post(atMerchant('hold', 40, { expiresInSeconds: 60 }), { key: 'hold-b' })).text,
    ).toBe(tooMuch.text);
    for (const other of [{ expiresInSeconds: 61 }, { expiresInSeconds: 60, reason: 'x' }]) {
      expect((await post(atMerchant('hold', 4, other), { key: 'hold-a' })).body.code).toBe(
        'idempotency_key_reused',
      );
    }
    t.clock.advance(30_000);
    const { holdId } = first.body.transaction;
    expect((await post({ kind: 'capture', memberId, holdId })).body.code).toBe('hold_expired');
  });

  it('keep their points from lapsing', async () => {
    await issue(10, { expiresAt: fromNow(DAY) });
    const { holdId } = (await hold(6, { expiresAt: fromNow(2 * DAY) })).transaction;
    t.clock.advance(DAY + HOUR);
    expect(await t.balance(memberId)).toMatchObject({ available: 0, held: 6, lifetimeExpired: 4 });
    expect((await apply({ kind: 'capture', memberId, holdId })).transaction.points).toBe(6);
    expect(await t.balance(memberId)).toMatchObject({ held: 0, lifetimeRedeemed: 6 });
  });

  it('of others, and unknown ones, are not there', async () => {
    await issue(10);
    const { holdId } = (await hold(5)).transaction;
    const other = await t.member();
    const unknown = `hold_${holdId.slice(5, -4)}0000`;
    for (const body of [
      { memberId: other, holdId },
      { memberId, holdId: unknown },
    ]) {
      const answer = await post({ kind: 'capture', ...body });
      expect(answer.status).toBe(404);
      expect(answer.body.code).toBe('hold_not_found');
    }
  });
});

describe('return, refund, adjust', () => {
  it('a return takes back an earn, at most once in full', async () => {
    const { transaction } = await issue(100);
    await burn(70);
    const returned = await apply({
      kind: 'return',
      memberId,
      transactionId: transaction.id,
      points: 50,
      policy: 'debt',
    });
    expect(returned.transaction).toMatchObject({
      transactionId: transaction.id,
      points: 50,
      debtMade: 20,
      balanceAfter: -20,
    });
    expect(returned.transaction.takes).toEqual([{ lotId: transaction.lotId, points: 30 }]);
    const more = await post({
      kind: 'return',
      memberId,
      transactionId: transaction.id,
      points: 51,
    });
    expect(more.body).toMatchObject({ code: 'return_exceeds_earn', returnable: 50 });
    expect((await issue(30)).transaction).toMatchObject({ debtRepaid: 20, balanceAfter: 10 });
  });

  it('a refund gives back into the lots, and reopens one that lapsed meanwhile for the grace', async () => {
    const soon = await issue(10, { expiresAt: fromNow(DAY) });
    await issue(10);
    const { transaction } = await burn(15);
    t.clock.advance(2 * DAY);
    const part = await apply({
      kind: 'refund',
      memberId,
      transactionId: transaction.id,
      points: 7,
    });
    expect(part.transaction.restored.map((each: Body) => each.points)).toEqual([5, 2]);
    expect(await t.balance(memberId)).toMatchObject({
      available: 12,
      expiring: [{ at: fromNow(30 * DAY), points: 2 }],
    });
    const rest = await apply({ kind: 'refund', memberId, transactionId: transaction.id });
    expect(rest.transaction.restored).toEqual([{ lotId: soon.transaction.lotId, points: 8 }]);
    const again = await post({ kind: 'refund', memberId, transactionId: transaction.id });
    expect(again.body).toMatchObject({ code: 'refund_exceeds_burn', refundable: 0 });
    expect(await t.balance(memberId)).toMatchObject({ available: 20, lifetimeRedeemed: 0 });
  });

  it('an adjustment names a person and a reason, and needs its scope', async () => {
    const adjust = atMerchant('adjust', -30, { reason: 'counted twice', actor: '王芳' });
    await issue(100);
    const { transaction } = await apply(adjust);
    expect(transaction).toMatchObject({ points: -30, balanceAfter: 70 });
    expect((await t.ok('GET', `/transactions/${transaction.id}`)).transaction).toMatchObject({
      reason: 'counted twice',
      actor: '王芳',
    });
    expect((await apply({ ...adjust, points: 5 })).transaction).toMatchObject({
      points: 5,
      balanceAfter: 75,
    });
    const auth = await t.apiKey(['points:write']);
    expect((await post(adjust, { auth })).status).toBe(403);
    expect((await post({ ...adjust, actor: undefined })).status).toBe(400);
    expect((await post({ ...adjust, points: 0 })).status).toBe(400);
  });

  it('above the limit it needs two people', async () => {
    const adjust = { memberId, merchantId, points: 10_001, reason: 'migration', actor: '王芳' };
    const refused = await post({ kind: 'adjust', ...adjust });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'approval_required', limit: 10_000 });
    const proposal = await t.ok('POST', '/adjustments', adjust, { key: 'propose' });
    expect(proposal).toMatchObject({ status: 'proposed', points: 10_001 });
    expect(await t.ok('POST', '/adjustments', adjust, { key: 'propose' })).toEqual(proposal);
    const path = `/adjustments/${proposal.id}/approval`;
    const self = await t.call('POST', path, {});
    expect(self.status).toBe(422);
    expect(self.body.code).toBe('same_person');
    expect((await t.balance(memberId)).available).toBe(0);

    const auth = await t.apiKey(['points:adjust']);
    const preview = await t.ok('POST', path, { dryRun: true }, { auth });
    expect(preview.transaction.balanceAfter).toBe(10_001);
    expect((await t.ok('GET', `/adjustments/${proposal.id}`)).status).toBe('proposed');
    const approved = await t.call('POST', path, {}, { auth });
    expect(approved.status).toBe(201);
    expect(approved.body.transaction).toMatchObject({ points: 10_001, balanceAfter: 10_001 });
    const third = await t.apiKey(['points:adjust']);
    expect((await t.call('POST', path, {}, { auth: third })).text).toBe(approved.text);
    expect((await t.balance(memberId)).available).toBe(10_001);
    expect(await t.ok('GET', `/adjustments/${proposal.id}`)).toMatchObject({ status: 'approved' });
  });
});
