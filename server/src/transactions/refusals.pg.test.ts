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
const hold = (points: number, more: object = { expiresInSeconds: 600 }): Promise<Body> =>
  apply(atMerchant('hold', points, more));

describe('bad input', () => {
  it.each([
    ['an unknown kind', { kind: 'gift' }],
    ['no kind', { kind: undefined }],
    ['an unknown field', { surprise: 1 }],
    ['zero points', { points: 0 }],
    ['negative points', { points: -1 }],
    ['a fraction', { points: 1.5 }],
    ['points beyond the safe range', { points: 2 ** 53 }],
    ['text for points', { points: '5' }],
    ['no member', { memberId: undefined }],
    ['an id of another kind', { merchantId: 'mem_01h455vb4pex5vsknk084sn02q' }],
    ['a field of another kind', { holdId: 'hold_01h455vb4pex5vsknk084sn02q' }],
    ['a time without zone', { expiresAt: '2027-01-01T00:00:00' }],
    ['a blank reason', { reason: ' ' }],
    ['an unknown limit mode', { limits: [{ counter: 'a', max: 1, mode: 'some' }] }],
  ])('%s is refused as a request, and nothing changes', async (_, wrong) => {
    const answer = await post({ ...atMerchant('issue', 5), ...wrong });
    expect(answer.status).toBe(400);
    expect(answer.body.code).toBe('invalid_request');
    expect((await t.balance(memberId)).available).toBe(0);
  });

  it.each([
    ['member_not_found', 404, { memberId: 'mem_01h455vb4pex5vsknk084sn02q' }],
    ['merchant_not_found', 404, { merchantId: 'mer_01h455vb4pex5vsknk084sn02q' }],
    ['point_type_not_found', 404, { pointType: 'miles' }],
    ['expires_before_available', 422, { expiresAt: '2020-01-01T00:00:00Z' }],
  ])('%s', async (code, status, wrong) => {
    const answer = await post({ ...atMerchant('issue', 5), ...wrong });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('points that would leave the safe range are refused', async () => {
    await issue(Number.MAX_SAFE_INTEGER);
    expect((await post(atMerchant('issue', 1))).body.code).toBe('points_out_of_range');
  });
});

describe("a merchant's key", () => {
  it('acts for its own merchant, and sees its own transactions and lots only', async () => {
    const foreign = await t.merchant();
    const auth = await t.apiKey(['points:write', 'points:read'], foreign);
    expect((await post(atMerchant('issue', 5), { auth })).status).toBe(403);
    const { transaction } = await issue(50);
    const { holdId } = (await hold(5)).transaction;
    const own = await t.ok(
      'POST',
      '/transactions',
      { ...atMerchant('issue', 5), merchantId: foreign },
      { auth },
    );
    const ownHold = await t.ok(
      'POST',
      '/transactions',
      { ...atMerchant('hold', 2, { expiresInSeconds: 60 }), merchantId: foreign },
      { auth },
    );
    const captured = await t.ok(
      'POST',
      '/transactions',
      { kind: 'capture', memberId, holdId: ownHold.transaction.holdId },
      { auth },
    );
    const refunded = await t.ok(
      'POST',
      '/transactions',
      { kind: 'refund', memberId, transactionId: captured.transaction.id },
      { auth },
    );

    for (const body of [
      { kind: 'capture', holdId },
      { kind: 'refund', transactionId: transaction.id },
    ]) {
      expect((await post({ memberId, ...body }, { auth })).status).toBe(404);
    }
    expect(
      (await t.call('GET', `/transactions/${transaction.id}`, undefined, { auth })).status,
    ).toBe(404);
    expect(
      (await t.call('GET', `/lots/${transaction.lotId}/trail`, undefined, { auth })).status,
    ).toBe(404);
    for (const each of [own, ownHold, captured, refunded]) {
      expect(
        (await t.call('GET', `/transactions/${each.transaction.id}`, undefined, { auth })).status,
      ).toBe(200);
    }
    const list = await t.ok('GET', `/members/${memberId}/transactions`, undefined, { auth });
    expect(list.items.map((each: Body) => each.id)).toEqual(
      [refunded, captured, ownHold, own].map((each) => each.transaction.id),
    );
    const lots = await t.ok('GET', `/members/${memberId}/lots`, undefined, { auth });
    expect(lots.items.map((each: Body) => each.id)).toEqual([own.transaction.lotId]);
  });

  it('has idempotency keys and limits of its own', async () => {
    const foreign = await t.merchant();
    const auth = await t.apiKey(['points:write'], foreign);
    await post(atMerchant('issue', 5, { limits: [{ counter: 'c', max: 5, mode: 'all' }] }), {
      key: 'shared',
    });
    const body = {
      ...atMerchant('issue', 5, { limits: [{ counter: 'c', max: 5, mode: 'all' }] }),
      merchantId: foreign,
    };
    const answer = await post(body, { key: 'shared', auth });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.headers['idempotency-replayed']).toBeUndefined();
  });
});
