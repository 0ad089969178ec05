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

  it('a return frees what its earn was counted on when it says so, by what it took', async () => {
    const counter = { counter: 'daily', max: 100, mode: 'all' };
    const once = { counter: 'once', max: 1, unit: 'times' };
    const limited = (points: number) => atMerchant('issue', points, { limits: [counter, once] });
    const { transaction } = await apply(limited(90));
    const give = (points: number, more: object = {}) =>
      apply({ kind: 'return', memberId, transactionId: transaction.id, points, ...more });
    await give(10);
    expect((await post(limited(11))).body).toMatchObject({ code: 'limit_reached', left: 10 });
    await apply(atMerchant('burn', 60));
    await give(30, { freeLimits: true, policy: 'pending_only' });
    // 20 of them were there; the 10 that the policy forwent stay counted.
    expect((await post(limited(31))).body).toMatchObject({ code: 'limit_reached', left: 30 });
    await give(50, { freeLimits: true, policy: 'debt' });
    expect((await apply(limited(80))).transaction.points).toBe(80);
  });

  it('limits of times are per member too: so often, whatever the points', async () => {
    const once = { counter: 'check-in-2027-01-01', max: 1, unit: 'times' };
    const checkIn = (points: number) => atMerchant('issue', points, { limits: [once] });
    expect((await apply(checkIn(5))).transaction.points).toBe(5);
    expect((await post(checkIn(5))).body).toMatchObject({
      ...{ code: 'limit_reached', counter: once.counter, left: 0 },
    });
    expect((await apply({ ...checkIn(3), memberId: await t.member() })).transaction.points).toBe(3);
    const wrong = { ...once, mode: 'trim' };
    expect((await post(atMerchant('issue', 1, { limits: [wrong] }))).status).toBe(400);
    expect((await t.balance(memberId)).available).toBe(5);
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

  it('an overdraft needs its scope and a maximum, and becomes a debt', async () => {
    await issue(10);
    const agreed = atMerchant('burn', 25, { overdraft: 'debt' });
    expect((await post(agreed)).body.code).toBe('overdraft_needs_max');
    const auth = await t.apiKey(['points:write']);
    const refused = await post({ ...agreed, overdraftMax: 15 }, { auth });
    expect(refused.body).toMatchObject({ code: 'scope_missing', scope: 'points:overdraft' });
    expect((await post({ ...agreed, overdraftMax: 14 })).body.code).toBe('insufficient_points');
    const { transaction } = await apply({ ...agreed, overdraftMax: 15 });
    expect(transaction).toMatchObject({ points: 25, balanceAfter: -15, debtMade: 15 });
    expect(await t.balance(memberId)).toMatchObject({ debt: 15, available: 0 });
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

describe('a conversion', () => {
  it('turns points at the rate of the programme, and leaves what is left over', async () => {
    const programme = 'two-types';
    await t.ok('POST', '/programmes', {
      ...{ code: programme, name: 'Two types' },
      pointTypes: [
        { code: 'points', name: 'Points' },
        { code: 'green', name: 'Green' },
      ],
      conversions: [{ from: 'points', to: 'green', num: 3, den: 10 }],
    });
    const shop = await t.merchant({ programme });
    await apply({ kind: 'issue', memberId, merchantId: shop, points: 25 });
    const convert = { kind: 'convert', memberId, programme, toPointType: 'green' };
    const { transaction } = await apply({ ...convert, points: 25 });
    expect(transaction).toMatchObject({ points: 24, balanceAfter: 1, pointType: 'points' });
    expect(transaction.lots).toMatchObject([{ points: 7 }]);
    const found = await t.ok('GET', `/transactions/${transaction.id}`);
    expect(found.transaction.entries).toMatchObject([
      { kind: 'take', to: { role: 'conversion', owner: null }, points: 24 },
      { kind: 'issue', pointType: 'green', points: 7 },
    ]);
    const few = await post({ ...convert, points: 1 });
    expect(few.body).toMatchObject({ code: 'too_few_to_convert', least: 4 });
    const back = { ...convert, pointType: 'green', toPointType: 'points', points: 1 };
    expect((await post(back)).body.code).toBe('conversion_not_offered');
    const auth = await t.apiKey(['points:write'], shop);
    expect((await post({ ...convert, points: 1 }, { auth })).body.code).toBe('operator_only');
  });
});
