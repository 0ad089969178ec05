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

describe('issue and burn', () => {
  it('answer with the balance, the lot, what was taken of it, and a receipt', async () => {
    const issued = await post(atMerchant('issue', 100, { reason: 'survey', reference: 'S-1' }));
    expect(issued.status).toBe(201);
    const { transaction, receipt } = issued.body;
    expect(transaction).toMatchObject({
      kind: 'issue',
      memberId,
      merchantId,
      programme: 'default',
      pointType: 'points',
      points: 100,
      status: 'applied',
      effectiveAt: fromNow(0),
      balanceAfter: 100,
    });
    expect(transaction.id).toMatch(/^txn_/);
    expect(transaction.lotId).toMatch(/^lot_/);
    expect(receipt).toMatchObject({ position: 0, recordedAt: fromNow(0) });
    expect(receipt.hash).toMatch(/^[0-9a-f]{64}$/);

    const burned = await burn(30);
    expect(burned.transaction).toMatchObject({ points: 30, balanceAfter: 70 });
    expect(burned.transaction.takes).toEqual([{ lotId: transaction.lotId, points: 30 }]);
    const { heads } = await t.ok('GET', '/ledger/heads');
    const head = heads.find((each: Body) => each.shard === burned.receipt.shard);
    expect(head).toMatchObject({ block: burned.receipt.block, hash: burned.receipt.hash });
  });

  it('a burn takes the earliest expiry first, then the oldest', async () => {
    const never = await issue(10);
    const late = await issue(10, { expiresAt: fromNow(20 * DAY) });
    const soon = await issue(10, { expiresAt: fromNow(10 * DAY) });
    const { transaction } = await burn(25);
    expect(transaction.takes).toEqual([
      { lotId: soon.transaction.lotId, points: 10 },
      { lotId: late.transaction.lotId, points: 10 },
      { lotId: never.transaction.lotId, points: 5 },
    ]);
  });

  it('is refused with what is available, and the refusal is repeated', async () => {
    await issue(10);
    const refused = await post(atMerchant('burn', 11), { key: 'too-much' });
    expect(refused.status).toBe(422);
    expect(refused.headers['content-type']).toMatch('application/problem+json');
    expect(refused.body).toMatchObject({ code: 'insufficient_points', available: 10 });
    await issue(10);
    const again = await post(atMerchant('burn', 11), { key: 'too-much' });
    expect(again.text).toBe(refused.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await t.balance(memberId)).available).toBe(20);
  });

  it('the same key answers the same; with another body it is refused', async () => {
    const body = atMerchant('issue', 5);
    const first = await post(body, { key: 'once' });
    const again = await post(body, { key: 'once' });
    expect(again.text).toBe(first.text);
    expect([first.headers['idempotency-replayed'], again.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    for (const other of [atMerchant('issue', 6), atMerchant('burn', 5), { ...body, reason: 'x' }]) {
      const reused = await post(other, { key: 'once' });
      expect(reused.status).toBe(422);
      expect(reused.body.code).toBe('idempotency_key_reused');
    }
    expect((await t.balance(memberId)).available).toBe(5);
  });

  it('racing burns never spend more than there is', async () => {
    await issue(100);
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => post(atMerchant('burn', 7))),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(14);
    expect((await t.balance(memberId)).available).toBe(2);
  });

  it('limits are per member: trim grants what is left, all everything or nothing', async () => {
    const limited = (points: number, mode: string) =>
      atMerchant('issue', points, { limits: [{ counter: 'daily', max: 100, mode }] });
    expect((await apply(limited(70, 'all'))).transaction.points).toBe(70);
    expect((await post(limited(40, 'all'))).body).toMatchObject({
      code: 'limit_reached',
      left: 30,
    });
    expect((await apply(limited(40, 'trim'))).transaction.points).toBe(30);
    expect((await post(limited(1, 'trim'))).body.code).toBe('limit_reached');
    expect((await t.balance(memberId)).available).toBe(100);
  });
});

describe('time', () => {
  it('pending points become available, and lapsed ones stop being so, without any job', async () => {
    await issue(40, { availableAt: fromNow(DAY), expiresAt: fromNow(3 * DAY) });
    await issue(5);
    const at = fromNow(DAY);
    const lapse = fromNow(3 * DAY);
    expect(await t.balance(memberId)).toMatchObject({
      available: 5,
      pending: 40,
      nextAvailableAt: at,
      expiring: [{ at: lapse, points: 40 }],
    });
    expect((await post(atMerchant('burn', 6))).body).toMatchObject({ available: 5 });
    t.clock.advance(DAY - 1);
    expect((await t.balance(memberId)).pending).toBe(40);
    t.clock.advance(1);
    const ripe = await t.balance(memberId);
    expect(ripe).toMatchObject({ available: 45, pending: 0 });
    expect(ripe).not.toHaveProperty('nextAvailableAt');
    await burn(6);
    t.clock.advance(2 * DAY);
    expect(await t.balance(memberId)).toMatchObject({
      available: 5,
      pending: 0,
      lifetimeExpired: 34,
      expiring: [],
    });
    expect((await post(atMerchant('burn', 6))).body).toMatchObject({
      code: 'insufficient_points',
      available: 5,
    });
  });

  it('the calendar adds up days of the programme’s time zone, soonest first', async () => {
    // 23:30 and 00:30 in Shanghai are the same day in UTC and two days there.
    const noon = Date.parse('2027-01-10T04:00:00Z') - t.clock.now();
    const lapses = [noon + 11.5 * HOUR, noon + 12.5 * HOUR, noon + 13 * HOUR, noon + 11 * HOUR];
    for (const ms of lapses) await issue(1, { expiresAt: fromNow(ms) });
    expect((await t.balance(memberId)).expiring).toEqual([
      { at: '2027-01-10T15:00:00.000Z', points: 2 },
      { at: '2027-01-10T16:30:00.000Z', points: 2 },
    ]);
  });

  it('expire books what has lapsed, once; the operator alone may', async () => {
    await issue(10, { expiresAt: fromNow(DAY) });
    t.clock.advance(DAY);
    const { transaction } = await apply({ kind: 'expire', memberId });
    expect(transaction).toMatchObject({ kind: 'expire', points: 10, balanceAfter: 0 });
    expect((await post({ kind: 'expire', memberId })).body.code).toBe('nothing_due');
    const auth = await t.apiKey(['points:write'], merchantId);
    expect((await post({ kind: 'expire', memberId }, { auth })).status).toBe(403);
    expect((await t.balance(memberId)).lifetimeExpired).toBe(10);
  });

  it('backdating needs its scope, and nothing happens in the future', async () => {
    const past = fromNow(-DAY);
    expect((await issue(10, { effectiveAt: past })).transaction.effectiveAt).toBe(past);
    const auth = await t.apiKey(['points:write']);
    const refused = await post(atMerchant('issue', 10, { effectiveAt: past }), { auth });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ code: 'scope_missing', scope: 'points:backdate' });
    expect((await post(atMerchant('issue', 10, { effectiveAt: fromNow(HOUR) }))).body.code).toBe(
      'time_in_future',
    );
  });
});

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

describe('dry run', () => {
  it('answers what would happen and changes nothing', async () => {
    await issue(10);
    const before = await t.balance(memberId);
    const heads = await t.ok('GET', '/ledger/heads');
    const answer = await post(atMerchant('burn', 4, { dryRun: true }), { key: 'dry' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      dryRun: true,
      transaction: { kind: 'burn', points: 4, balanceAfter: 6 },
    });
    expect(answer.body.transaction).not.toHaveProperty('id');
    expect((await post(atMerchant('burn', 40, { dryRun: true }))).body).toMatchObject({
      code: 'insufficient_points',
      available: 10,
    });
    const bulk = { dryRun: true, transactions: [atMerchant('burn', 6), atMerchant('burn', 6)] };
    const { results } = await t.ok('POST', '/transactions/bulk', bulk);
    expect(results.map((each: Body) => each.status)).toEqual(['applied', 'refused']);
    expect(await t.balance(memberId)).toEqual(before);
    expect(await t.ok('GET', '/ledger/heads')).toEqual(heads);
    expect((await post(atMerchant('burn', 4), { key: 'dry' })).status).toBe(201);
  });
});

describe('in bulk', () => {
  it('each is answered in order, and a member’s happen in that order', async () => {
    const other = await t.member();
    const transactions = [
      atMerchant('issue', 10),
      atMerchant('burn', 12),
      { ...atMerchant('issue', 10), idempotencyKey: 'own-key' },
      atMerchant('burn', 12),
      { ...atMerchant('issue', 10), idempotencyKey: 'own-key' },
      { ...atMerchant('issue', 7), memberId: other },
      { ...atMerchant('issue', 1), memberId: 'mem_01h455vb4pex5vsknk084sn02q' },
      { kind: 'release', memberId, holdId: 'hold_01h455vb4pex5vsknk084sn02q' },
    ];
    const first = await t.ok('POST', '/transactions/bulk', { transactions }, { key: 'bulk' });
    expect(
      first.results.map((each: Body) => [
        each.status,
        each.transaction?.balanceAfter ?? each.problem.code,
      ]),
    ).toEqual([
      ['applied', 10],
      ['refused', 'insufficient_points'],
      ['applied', 20],
      ['applied', 8],
      ['replayed', 20],
      ['applied', 7],
      ['refused', 'member_not_found'],
      ['refused', 'hold_not_found'],
    ]);
    expect(first.results[1].problem).toMatchObject({ available: 10, status: 422 });
    const again = await t.ok('POST', '/transactions/bulk', { transactions }, { key: 'bulk' });
    const replayed = first.results.map((each: Body) =>
      each.status === 'applied' ? { ...each, status: 'replayed' } : each,
    );
    expect(again.results).toEqual(replayed);
    expect((await t.balance(memberId)).available).toBe(8);
  });

  it('takes 1,000 and no more', async () => {
    const transactions = Array.from({ length: 1000 }, () => atMerchant('issue', 1));
    const { results } = await t.ok('POST', '/transactions/bulk', { transactions });
    expect(results.at(-1).transaction.balanceAfter).toBe(1000);
    expect(
      (
        await t.call('POST', '/transactions/bulk', {
          transactions: [...transactions, atMerchant('issue', 1)],
        })
      ).status,
    ).toBe(400);
  });
});

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
