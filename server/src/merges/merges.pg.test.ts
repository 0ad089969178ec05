import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { settle } from '../jobs/run-jobs.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import { findBreaches } from '../ledger/testing/invariants.ts';
import { verifyLedger } from '../ledger/verify.ts';

type Body = Answered['body'];
const DAY = 24 * 3600 * 1000;
const MINUTE = 60_000;

let t: PointsTestApp;
let merchantId: string;
/** The absorbed member, and the one it becomes part of. */
let a: string;
let b: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
});
afterAll(async () => {
  const [breaches, { findings }] = [await findBreaches(t.pool), await verifyLedger(t.pool)];
  await t.close();
  expect(breaches).toEqual([]);
  expect(findings).toEqual([]);
});
beforeEach(async () => {
  [a, b] = [await t.member(), await t.member()];
});

let numbers = 0;
const fresh = (): string => {
  numbers += 1;
  return `n${numbers}`;
};
const merge = (from: string, into: string, more: object = {}, key = fresh()): Promise<Answered> =>
  t.call(
    'POST',
    `/members/${into}/merges`,
    { from, reason: 'one person', actor: 'Li Na', ...more },
    { key },
  );
const merged = async (from = a, into = b): Promise<Body> => {
  const { status, body, text } = await merge(from, into);
  expect(status, text).toBe(201);
  return body;
};
const move = (memberId: string, what: object): Promise<Body> =>
  t.ok('POST', '/transactions', { memberId, merchantId, ...what });
const issue = (memberId: string, points: number, more: object = {}): Promise<Body> =>
  move(memberId, { kind: 'issue', points, ...more });
const later = (ms: number): string => new Date(t.clock.now() + ms).toISOString();
const lots = async (memberId: string): Promise<Body[]> =>
  (await t.ok('GET', `/members/${memberId}/lots?open=true`)).items;
const pass = (ms: number): Promise<number> => {
  t.clock.set(t.clock.now() + ms);
  return settle(t.jobs);
};

describe('a merge', () => {
  it('moves every lot with its terms, pending ones too, and links each to the one it came from', async () => {
    const made = await issue(a, 60, { expiresAt: later(30 * DAY) });
    await issue(a, 40, { availableAt: later(DAY) });
    await issue(b, 5);
    const body = await merged();
    expect(body).toMatchObject({ status: 'done', absorbedId: a, survivorId: b, actor: 'Li Na' });
    expect(body.moves).toMatchObject([
      { status: 'arrived', points: 100, debt: 0, survivorId: b, programme: 'default' },
    ]);
    expect(await t.balance(a)).toMatchObject({ available: 0, pending: 0, lifetimeEarned: 100 });
    expect(await t.balance(b)).toMatchObject({
      ...{ available: 65, pending: 40, lifetimeEarned: 105 },
    });
    const moved = (await lots(b)).find((lot) => lot.remaining === 60);
    expect(moved).toMatchObject({ issuerId: merchantId, expiresAt: later(30 * DAY) });
    const [step] = (await t.ok('GET', `/lots/${moved.id}/trail`)).steps;
    const [origin] = (await t.ok('GET', `/members/${a}/lots`)).items.filter(
      (lot: Body) => lot.transactionId === made.transaction.id,
    );
    expect(step).toMatchObject({ kind: 'transfer_in', otherLotId: origin.id });
    expect(step.moveId).toBe(body.moves[0].id);
    const trail = await t.ok('GET', `/lots/${origin.id}/trail`);
    expect(trail.steps.at(-1)).toMatchObject({ kind: 'transfer_out', receiverId: b });
    expect(trail.summary).toMatchObject({ issued: 60, remaining: 0, transferred: 60 });
  });

  it('moves debts, which the survivor pays', async () => {
    await issue(a, 10);
    await move(a, { kind: 'burn', points: 40, overdraft: 'debt', overdraftMax: 30 });
    await issue(b, 100);
    expect((await merged()).moves).toMatchObject([{ points: 0, debt: 30 }]);
    expect(await t.balance(b)).toMatchObject({ available: 70, debt: 30 });
    expect((await t.balance(a)).debt).toBe(0);
  });

  it('is of all point types in all programmes', async () => {
    const code = `g${fresh()}`;
    const pointTypes = ['points', 'leaves'].map((each) => ({ code: each, name: each }));
    await t.ok('POST', '/programmes', { code, name: 'Green', pointTypes });
    const at = await t.merchant({ programme: code });
    for (const [pointType, points] of [
      ['points', 3],
      ['leaves', 4],
    ] as const)
      await issue(a, points, { merchantId: at, pointType });
    await issue(a, 5);
    const of = (each: Body): unknown[] => [each.programme, each.pointType, each.points];
    expect((await merged()).moves.map(of).sort()).toEqual([
      ['default', 'points', 5],
      [code, 'leaves', 4],
      [code, 'points', 3],
    ]);
    const { balances } = await t.ok('GET', `/members/${b}/balance`);
    expect(balances.map((each: Body) => each.available).sort()).toEqual([3, 4, 5]);
  });

  it('may have nothing to move', async () => {
    expect((await merged()).moves).toEqual([]);
    expect(await t.ok('GET', `/members/${a}`)).toMatchObject({ id: a, mergedInto: b });
    expect((await t.ok('GET', `/members/${b}`)).mergedInto).toBeUndefined();
  });

  it('can be asked about without happening', async () => {
    await issue(a, 10);
    await issue(a, 7, { expiresAt: later(DAY) });
    t.clock.set(t.clock.now() + 2 * DAY);
    const { status, body } = await merge(a, b, { dryRun: true });
    expect(status).toBe(200);
    expect(body).toEqual({
      dryRun: true,
      moves: [{ programme: 'default', pointType: 'points', points: 10, debt: 0, expired: 7 }],
    });
    expect((await t.balance(a)).available).toBe(10);
  });

  it('happens once under its key, and can be listed on either side', async () => {
    await issue(a, 10);
    const [one, other] = await Promise.all([merge(a, b, {}, 'k1'), merge(a, b, {}, 'k1')]);
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(one.body.id).toBe(other.body.id);
    const again = await merge(a, b, {}, 'k1');
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await merge(a, b, { reason: 'other' }, 'k1')).body.code).toBe('idempotency_key_reused');
    expect((await t.balance(b)).available).toBe(10);
    for (const id of [a, b])
      expect((await t.ok('GET', `/members/${id}/merges`)).items).toEqual([again.body]);
  });

  it('of two survivors who race for one member has one', async () => {
    await issue(a, 10);
    const c = await t.member();
    const answers = await Promise.all([merge(a, b), merge(a, c)]);
    expect(answers.map((each) => each.status).sort()).toEqual([201, 409]);
    const crosswise = await Promise.all([merge(b, c), merge(c, b)]);
    expect(crosswise.map((each) => each.status).sort()).toEqual([201, 409]);
  });

  it('is refused with oneself, with nobody, with the absorbed, with the erased, and to merchants', async () => {
    const nobody = a.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const c = await t.member();
    const refused = async (from: string, into: string): Promise<unknown> =>
      (await merge(from, into)).body.code;
    expect(await refused(a, a)).toBe('merge_with_oneself');
    expect(await refused(nobody, a)).toBe('member_not_found');
    await t.ok('POST', `/members/${c}/erasures`, { actor: 'Li Na', reason: 'asked for' });
    expect(await refused(c, a)).toBe('member_erased');
    expect(await refused(a, c)).toBe('member_erased');
    await merged();
    expect(await refused(a, await t.member())).toBe('member_merged');
    expect((await merge(await t.member(), a)).body).toMatchObject({
      ...{ status: 409, code: 'member_merged', survivorId: b },
    });
    const auth = await t.apiKey(['members:write'], merchantId);
    const asked = { from: b, reason: 'r', actor: 'a' };
    expect(
      (await t.call('POST', `/members/${await t.member()}/merges`, asked, { auth })).body.code,
    ).toBe('operator_only');
  });

  it('is refused while holds are open, across programmes, and where there is no room', async () => {
    await issue(a, 10);
    const hold = await move(a, { kind: 'hold', points: 4, expiresInSeconds: 600 });
    expect((await merge(a, b, {}, 'held')).body).toMatchObject({ code: 'holds_open', held: 4 });
    const holdId = hold.transaction.id.replace('txn_', 'hold_');
    await t.ok('POST', '/transactions', { kind: 'release', memberId: a, holdId });
    await issue(b, POINTS_MAX);
    expect((await merge(a, b, {}, 'held')).body.code).toBe('points_out_of_range');
    await t.ok('POST', '/programmes', { code: `p${fresh()}`, name: 'Green' });
    const code = `q${fresh()}`;
    await t.ok('POST', '/programmes', { code, name: 'Green' });
    const elsewhere = await t.ok('POST', '/members', {
      programme: code,
      externalIds: { test: fresh() },
    });
    expect((await merge(a, elsewhere.id)).body.code).toBe('memberships_differ');
    // A refusal is not kept: nothing was decided.
    expect((await merge(a, await t.member(), {}, 'held')).status).toBe(201);
  });

  it('leaves both members explainable at any time', async () => {
    await issue(a, 10);
    const before = later(0);
    t.clock.set(t.clock.now() + DAY);
    await merged();
    const asOf = async (id: string, at: string): Promise<number> =>
      (await t.ok('GET', `/members/${id}/balance?asOf=${at}`)).balances[0].available;
    expect([await asOf(a, before), await asOf(b, before)]).toEqual([10, 0]);
    expect([await asOf(a, later(0)), await asOf(b, later(0))]).toEqual([0, 10]);
    const statement = await t.ok('GET', `/members/${a}/statement?from=${before}&to=${later(DAY)}`);
    expect(statement.items.map((each: Body) => each.transaction.kind)).toEqual([
      'issue',
      'transfer_out',
    ]);
  });
});

describe('names', () => {
  const phone = (): string => `139${String(10_000_000 + numbers).padStart(8, '0')}`;

  it('of all who were absorbed lead to who they are now', async () => {
    const number = phone();
    const given = { phone: number, externalIds: { pos: fresh() } };
    const first = await t.ok('POST', '/members', given);
    const c = await t.member();
    await merged(first.id, b);
    await merged(b, c);
    const pos = given.externalIds.pos;
    const byId = await t.ok('GET', `/members?externalSystem=pos&externalId=${pos}`);
    expect(byId.items.map((each: Body) => each.id)).toEqual([c]);
    const byPhone = await t.ok('GET', `/members?phone=${number}`);
    expect(byPhone.items.map((each: Body) => each.id)).toEqual([c]);
    expect((await t.ok('GET', `/members/${first.id}`)).mergedInto).toBe(c);
    const taken = await t.call('POST', '/members', given);
    expect(taken.body).toMatchObject({ code: 'member_exists', memberId: c });
  });
});

describe('writes that name an absorbed member', () => {
  it('are refused, and say who it is now', async () => {
    await issue(a, 30);
    const burn = await move(a, { kind: 'burn', points: 1 });
    const c = await t.member();
    await merged();
    await merged(b, c);
    const line = { lineNo: 1, sku: 's', quantity: 1, amountFen: 100 };
    const at = { memberId: a, merchantId };
    const writes: [string, object][] = [
      ['/transactions', { kind: 'issue', ...at, points: 1 }],
      ['/transactions', { kind: 'burn', ...at, points: 1, dryRun: true }],
      ['/transactions', { kind: 'refund', memberId: a, transactionId: burn.transaction.id }],
      ['/transactions', { kind: 'expire', memberId: a }],
      ['/orders', { ...at, orderNo: fresh(), paidAt: later(0), lines: [line] }],
      ['/returns', { ...at, returnNo: fresh(), lines: [{ sku: 's', quantity: 1 }] }],
      ['/transfers', { giverId: a, receiverId: c, points: 1, purpose: 'family_gift' }],
      ['/transfers', { giverId: c, receiverId: a, points: 1, purpose: 'family_gift' }],
      ['/adjustments', { ...at, points: 1, reason: 'r', actor: 'a' }],
      [`/members/${a}/erasures`, { reason: 'r', actor: 'a' }],
    ];
    for (const [path, body] of writes) {
      const answer = await t.call('POST', path, body);
      const told = { status: 409, code: 'member_merged', survivorId: c };
      expect(answer.body, path).toMatchObject(told);
    }
    const bulk = await t.ok('POST', '/transactions/bulk', {
      transactions: [
        { kind: 'issue', ...at, points: 1 },
        { kind: 'issue', memberId: c, merchantId, points: 1 },
      ],
    });
    expect(bulk.results.map((each: Body) => each.status)).toEqual(['refused', 'applied']);
    expect((await t.balance(c)).available).toBe(30);
  });

  it('are answered again as they were before the merge', async () => {
    const line = { lineNo: 1, sku: 's', quantity: 1, amountFen: 100 };
    const order = { memberId: a, merchantId, orderNo: fresh(), paidAt: later(0), lines: [line] };
    const placed = await t.ok('POST', '/orders', order);
    const body = { kind: 'issue', memberId: a, merchantId, points: 9 };
    const first = await t.ok('POST', '/transactions', body, { key: 'early' });
    await merged();
    expect(await t.ok('POST', '/transactions', body, { key: 'early' })).toEqual(first);
    expect(await t.ok('POST', '/orders', order)).toEqual(placed);
    expect((await t.balance(b)).available).toBe(10);
  });

  it('erase all of a person when they name the survivor', async () => {
    const { transaction } = await issue(a, 5, { reason: 'told in confidence' });
    await merged();
    const erased = await t.ok('POST', `/members/${b}/erasures`, { actor: 'a', reason: 'r' });
    expect(erased.transactions).toBeGreaterThan(1);
    expect((await t.ok('GET', `/transactions/${transaction.id}`)).reason).toBeUndefined();
  });
});

describe('what was begun before a merge', () => {
  const place = (memberId: string, quantity: number, fen: number): Promise<Body> =>
    t.ok('POST', '/orders', {
      ...{ memberId, merchantId, orderNo: fresh(), paidAt: later(0) },
      lines: [{ lineNo: 1, sku: 'melon', quantity, amountFen: fen }],
    });
  const bring = (memberId: string, quantity: number, more: object = {}): Promise<Body> =>
    t.ok('POST', '/returns', {
      ...{ memberId, merchantId, returnNo: fresh(), lines: [{ sku: 'melon', quantity }] },
      ...more,
    });

  it('is returned by the survivor: the moved lot first, then other points, then a debt', async () => {
    const order = await place(a, 4, 40_000);
    await move(a, { kind: 'burn', points: 100 });
    await merged();
    await issue(b, 50);
    expect(await bring(b, 3, { dryRun: true })).toMatchObject({
      ...{ dryRun: true, pointsClawedBack: 300, pointsRecovered: 300, debt: 0 },
    });
    const first = await bring(b, 2);
    expect(first).toMatchObject({ pointsClawedBack: 200, pointsRecovered: 200, debt: 0 });
    expect(await t.balance(b)).toMatchObject({ available: 150, debt: 0 });
    const second = await bring(b, 2);
    expect(second).toMatchObject({ pointsClawedBack: 200, pointsRecovered: 150, debt: 50 });
    expect(second.orders).toMatchObject([{ orderId: order.id, pointsAfter: 0 }]);
    expect(await t.balance(b)).toMatchObject({ available: 0, debt: 50, lifetimeEarned: 50 });
    expect(await t.ok('GET', `/returns/${second.id}`)).toEqual(second);
    expect(await t.balance(a)).toMatchObject({ available: 0, debt: 0 });
  });

  it('is returned by the number of its order, once', async () => {
    const order = await place(a, 1, 10_000);
    await merged();
    const body = { returnNo: fresh(), lines: [{ lineNo: 1, quantity: 1 }] };
    const path = `/orders/${order.id}/returns`;
    const first = await t.ok('POST', path, body, { key: `back ${order.id}`.replace(' ', '-') });
    expect(first).toMatchObject({ pointsClawedBack: 100, pointsRecovered: 100 });
    await issue(b, 30);
    expect(await t.ok('POST', path, body)).toEqual(first);
    expect((await t.balance(b)).available).toBe(30);
  });

  it('is returned through a chain of merges, and what expired on the way counts as recovered', async () => {
    const c = await t.member();
    const earn = await issue(a, 100, { expiresAt: later(10 * DAY) });
    await merged();
    await move(b, { kind: 'burn', points: 20 });
    t.clock.set(t.clock.now() + 11 * DAY);
    await t.ok('POST', '/transactions', { kind: 'expire', memberId: b });
    await issue(b, 7);
    await merged(b, c);
    const transactionId = earn.transaction.id;
    const back = { kind: 'return', transactionId, points: 100, policy: 'within_balance' };
    const refused = await t.call('POST', '/transactions', { ...back, memberId: b });
    expect(refused.body).toMatchObject({ code: 'member_merged', survivorId: c });
    const asked = { ...back, memberId: c };
    const first = await t.ok('POST', '/transactions', asked, {
      key: `chain-${earn.transaction.id}`,
    });
    // 80 had expired at b, c had 7; the rest is forgone.
    expect((await t.balance(c)).available).toBe(0);
    expect((await t.balance(b)).lifetimeExpired).toBe(0);
    await issue(c, 50);
    const again = await t.ok('POST', '/transactions', asked, {
      key: `chain-${earn.transaction.id}`,
    });
    expect(again).toEqual(first);
    expect((await t.balance(c)).available).toBe(50);
    const more = await t.call('POST', '/transactions', { ...asked, points: 1 });
    expect(more.body.code).toBe('return_exceeds_earn');
  });

  it('is not clawed back twice when it was returned before the merge', async () => {
    const earn = await issue(a, 100);
    await move(a, { kind: 'burn', points: 100 });
    const transactionId = earn.transaction.id;
    const back = { kind: 'return', transactionId, points: 100, policy: 'within_balance' };
    const key = `forgone-${transactionId}`;
    const first = await t.ok('POST', '/transactions', { ...back, memberId: a }, { key });
    await issue(b, 40);
    await merged();
    expect(await t.ok('POST', '/transactions', { ...back, memberId: a }, { key })).toEqual(first);
    expect((await t.balance(b)).available).toBe(40);
  });

  it('is refunded to the survivor, in lots that live again', async () => {
    await issue(a, 30, { expiresAt: later(DAY) });
    const burn = await move(a, { kind: 'burn', points: 30 });
    const c = await t.member();
    await merged();
    await merged(b, c);
    t.clock.set(t.clock.now() + 2 * DAY);
    const refund = { kind: 'refund', memberId: c, transactionId: burn.transaction.id };
    await t.ok('POST', '/transactions', refund);
    expect((await t.balance(c)).available).toBe(30);
    const grace = later(30 * DAY);
    expect(await lots(c)).toMatchObject([{ remaining: 30, expiresAt: grace }]);
    // Another member's is still not theirs.
    const d = await t.member();
    const other = await t.call('POST', '/transactions', { ...refund, memberId: d });
    expect(other.status).toBe(404);
  });

  it('and comes to the absorbed account behind the merge’s back is moved on', async () => {
    await issue(a, 10);
    await merged();
    // A process that has not heard of the merge, then the minute's job.
    const command = { programme: 1, pointType: 1, effectiveAt: null, kind: 'issue' } as const;
    const { rows } = await t.pool.query(
      'select absorbed, survivor from member_merge order by recorded_at_ms desc, id desc limit 1',
    );
    const [{ rows: merchants }, member] = [
      await t.pool.query('select id from merchant limit 1'),
      rows[0].absorbed,
    ];
    await t.ledger.submit({
      ...command,
      key: fresh(),
      member,
      merchant: merchants[0].id,
      points: 5,
    });
    expect((await t.balance(a)).available).toBe(5);
    expect(await pass(2 * MINUTE)).toBe(1);
    expect((await t.balance(a)).available).toBe(0);
    expect((await t.balance(b)).available).toBe(15);
    expect(await pass(2 * MINUTE)).toBe(0);
  });
});
