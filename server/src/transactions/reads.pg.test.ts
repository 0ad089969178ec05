import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';

type Body = Answered['body'];

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
let firstLot: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  memberId = await t.member();
  firstLot = (await issue(1)).transaction.lotId;
});
beforeEach(async () => {
  memberId = await t.member();
});
afterAll(() => t.close());

const DAY = 24 * 3_600_000;
const fromNow = (ms: number): string => new Date(t.clock.now() + ms).toISOString();
const apply = (body: object): Promise<Body> => t.ok('POST', '/transactions', { memberId, ...body });
const issue = (points: number, more: object = {}): Promise<Body> =>
  apply({ kind: 'issue', merchantId, points, ...more });
const burn = (points: number): Promise<Body> => apply({ kind: 'burn', merchantId, points });

/** Every page of a list, one item to a page unless told otherwise. */
async function pages(path: string, limit = 1): Promise<Body[]> {
  const items: Body[] = [];
  let cursor: string | null = null;
  do {
    const join = path.includes('?') ? '&' : '?';
    const page: Body = await t.ok(
      'GET',
      `${path}${join}limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    expect((page.items ?? page.steps).length).toBeLessThanOrEqual(limit);
    items.push(...(page.items ?? page.steps));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

describe('balances', () => {
  it('are zero for every point type of the programmes a member belongs to', async () => {
    const code = 'two-types';
    const pointTypes = [
      { code: 'points', name: '积分' },
      { code: 'green', name: '绿色积分' },
    ];
    await t.ok('POST', '/programmes', { code, name: code, pointTypes });
    const member = await t.ok('POST', '/members', {
      programme: code,
      externalIds: { test: 'two-types' },
    });
    const { balances } = await t.ok('GET', `/members/${member.id}/balance`);
    const zero = {
      available: 0,
      pending: 0,
      held: 0,
      debt: 0,
      lifetimeEarned: 0,
      lifetimeRedeemed: 0,
      lifetimeExpired: 0,
      expiring: [],
    };
    expect(balances).toEqual([
      { programme: code, pointType: 'points', ...zero },
      { programme: code, pointType: 'green', ...zero },
    ]);
    const shop = await t.merchant({ programme: code });
    await t.ok('POST', '/transactions', {
      kind: 'issue',
      memberId: member.id,
      merchantId: shop,
      pointType: 'green',
      points: 3,
    });
    const after = await t.ok('GET', `/members/${member.id}/balance`);
    expect(after.balances.map((each: Body) => [each.pointType, each.available])).toEqual([
      ['points', 0],
      ['green', 3],
    ]);
  });

  it('of an unknown member are not found', async () => {
    for (const path of ['balance', 'lots', 'transactions']) {
      const answer = await t.call('GET', `/members/mem_01h455vb4pex5vsknk084sn02q/${path}`);
      expect(answer.body.code).toBe('member_not_found');
    }
  });

  it('show at most 24 days of the calendar', async () => {
    for (let day = 30; day > 0; day -= 1) await issue(day, { expiresAt: fromNow(day * DAY) });
    const { expiring } = await t.balance(memberId);
    expect(expiring).toHaveLength(24);
    expect(expiring[0]).toEqual({ at: fromNow(DAY), points: 1 });
    expect(expiring[23]).toEqual({ at: fromNow(24 * DAY), points: 24 });
  });

  it('are read together when asked for together, each its own', async () => {
    const members = await Promise.all(Array.from({ length: 12 }, () => t.member()));
    await Promise.all(
      members.map((id, index) =>
        t.ok('POST', '/transactions', {
          kind: 'issue',
          memberId: id,
          merchantId,
          points: index + 1,
        }),
      ),
    );
    const balances = await Promise.all(members.map((id) => t.balance(id)));
    expect(balances.map((each) => each.available)).toEqual(members.map((_, index) => index + 1));
  });

  it('say what can be spent, also after the clock was set back', async () => {
    const now = t.clock.now();
    const state = async () => {
      const { available, pending, lifetimeExpired } = await t.balance(memberId);
      const lots = await pages(`/members/${memberId}/lots`);
      return [available, pending, lifetimeExpired, ...lots.map((lot) => lot.state)];
    };
    await issue(1, { availableAt: fromNow(DAY) });
    await issue(2, { expiresAt: fromNow(DAY) });
    await issue(4, { availableAt: fromNow(3 * DAY) });
    expect(await state()).toEqual([2, 5, 0, 'pending', 'available', 'pending']);
    t.clock.advance(2 * DAY);
    await issue(8);
    const then = [9, 4, 2, 'available', 'pending', 'expired', 'available'];
    expect(await state()).toEqual(then);
    // Nothing takes effect before the last transaction did, so no point is further away than it was then.
    t.clock.set(now);
    expect(await state()).toEqual(then);
    expect((await burn(9)).transaction.effectiveAt).toBe(fromNow(2 * DAY));
    const { status, body } = await t.call('POST', '/transactions', {
      ...{ kind: 'burn', memberId, merchantId, points: 1 },
    });
    expect([status, body.code]).toEqual([422, 'insufficient_points']);
    t.clock.advance(3 * DAY);
    expect(await state()).toEqual([4, 0, 2, 'spent', 'available', 'expired', 'spent']);
  });
});

describe('lists', () => {
  it('lots: newest first, all or only open ones, page by page', async () => {
    const spent = await issue(5, { expiresAt: fromNow(DAY) });
    const pending = await issue(7, { availableAt: fromNow(DAY) });
    const part = await issue(9, { expiresAt: fromNow(2 * DAY) });
    await burn(8);
    const ids = [part, pending, spent].map((each) => each.transaction.lotId);
    const all = await pages(`/members/${memberId}/lots`);
    expect(all.map((lot) => lot.id)).toEqual(ids);
    expect(all.map((lot) => [lot.state, lot.issued, lot.remaining])).toEqual([
      ['available', 9, 6],
      ['pending', 7, 7],
      ['spent', 5, 0],
    ]);
    expect(all[0]).toMatchObject({
      memberId,
      issuerId: merchantId,
      transactionId: part.transaction.id,
      expiresAt: fromNow(2 * DAY),
    });
    expect((await pages(`/members/${memberId}/lots?open=true`)).map((lot) => lot.id)).toEqual(
      ids.slice(0, 2),
    );
    t.clock.advance(2 * DAY);
    expect((await pages(`/members/${memberId}/lots`, 10)).map((lot) => lot.state)).toEqual([
      'expired',
      'available',
      'spent',
    ]);
  });

  it('transactions: newest first, refusals among them, page by page', async () => {
    const issued = await issue(5);
    await t.call('POST', '/transactions', { kind: 'burn', memberId, merchantId, points: 6 });
    const burned = await burn(5);
    const items = await pages(`/members/${memberId}/transactions`);
    expect(items.map((each) => [each.kind, each.status, each.problem, each.balanceAfter])).toEqual([
      ['burn', 'applied', undefined, 0],
      ['burn', 'refused', 'insufficient_points', 5],
      ['issue', 'applied', undefined, 5],
    ]);
    expect(items[0].receipt).toEqual(burned.receipt);
    expect(items[2]).toMatchObject(issued.transaction);
  });

  it('a cursor of another list is refused', async () => {
    await issue(1);
    await issue(1);
    const { nextCursor } = await t.ok('GET', `/members/${memberId}/lots?limit=1`);
    for (const path of [
      `/members/${memberId}/transactions?cursor=${nextCursor}`,
      `/members/${memberId}/lots?cursor=AAAA`,
    ]) {
      const answer = await t.call('GET', path);
      expect([answer.status, answer.body.code]).toEqual([400, 'cursor_invalid']);
    }
  });
});

describe('one transaction', () => {
  it('shows its entries, both sides of each', async () => {
    const { transaction } = await issue(5);
    const shown = await t.ok('GET', `/transactions/${transaction.id}`);
    expect(shown.transaction.entries).toEqual([
      {
        kind: 'issue',
        from: { role: 'issuer', owner: merchantId },
        to: { role: 'member', owner: memberId },
        points: 5,
        lotId: transaction.lotId,
      },
    ]);
    expect((await t.call('GET', '/transactions/txn_01h455vb4pex5vsknk084sn02q')).body.code).toBe(
      'transaction_not_found',
    );
  });
});

describe('the trail of a lot', () => {
  it('begins with its making, even of the first lot of all', async () => {
    const { steps } = await t.ok('GET', `/lots/${firstLot}/trail`);
    expect(steps.map((step: Body) => step.entry)).toEqual(['issue']);
  });

  it('goes from its making to everything that consumed it, and adds up', async () => {
    const { transaction } = await issue(100, { expiresAt: fromNow(DAY) });
    const bought = await burn(30);
    await apply({ kind: 'refund', transactionId: bought.transaction.id, points: 10 });
    const held = await apply({ kind: 'hold', merchantId, points: 25, expiresInSeconds: 60 });
    const { holdId } = held.transaction;
    await apply({ kind: 'capture', holdId, points: 15 });
    await apply({ kind: 'release', holdId });
    await apply({ kind: 'return', transactionId: transaction.id, points: 20 });
    await apply({ kind: 'adjust', merchantId, points: -5, reason: 'error', actor: 'Li' });
    t.clock.advance(DAY);
    await apply({ kind: 'expire' });
    await apply({ kind: 'return', transactionId: transaction.id, points: 10 });

    const path = `/lots/${transaction.lotId}/trail`;
    const trail = await t.ok('GET', path);
    expect(
      trail.steps.map((each: Body) => [each.kind, each.entry, each.points, each.remaining]),
    ).toEqual([
      ['issue', 'issue', 100, 100],
      ['burn', 'take', 30, 70],
      ['refund', 'restore', 10, 80],
      ['hold', 'pin', 25, 80],
      ['capture', 'capture', 15, 65],
      ['release', 'unpin', 10, 65],
      ['return', 'recover', 20, 45],
      ['adjust', 'take', 5, 40],
      ['expire', 'expire', 40, 0],
      ['return', 'recover_expired', 10, 0],
    ]);
    expect(trail.steps.map((each: Body) => each.holdId)).toEqual([
      ...[undefined, undefined, undefined],
      ...[holdId, holdId, holdId],
      ...[undefined, undefined, undefined, undefined],
    ]);
    expect(trail.summary).toEqual({
      issued: 100,
      remaining: 0,
      repaidDebts: 0,
      redeemed: [{ merchantId, points: 35 }],
      expired: 30,
      returned: 30,
      adjusted: 5,
      transferred: 0,
      converted: 0,
    });
    expect(trail.nextCursor).toBeNull();
    expect(await pages(path, 3)).toEqual(trail.steps);
    // A capture and a refund happened at the merchant of what they act on.
    expect(trail.steps.slice(0, 8).every((each: Body) => each.merchantId === merchantId)).toBe(
      true,
    );
  });

  it('of a lot that repaid debts adds up too', async () => {
    const first = await issue(50);
    const bought = await burn(50);
    await apply({
      kind: 'return',
      transactionId: first.transaction.id,
      points: 30,
      policy: 'debt',
    });
    const second = await issue(20);
    await apply({ kind: 'refund', transactionId: bought.transaction.id });
    const summary = async (lot: string): Promise<Body> =>
      (await t.ok('GET', `/lots/${lot}/trail`)).summary;
    expect(await summary(second.transaction.lotId)).toMatchObject({
      issued: 20,
      remaining: 0,
      repaidDebts: 20,
      redeemed: [],
    });
    // 10 of the refund repaid what was still owed, 40 came back into the lot.
    expect(await summary(first.transaction.lotId)).toMatchObject({
      issued: 50,
      remaining: 40,
      repaidDebts: 10,
      redeemed: [],
      returned: 0,
    });
    expect(await t.balance(memberId)).toMatchObject({ available: 40, debt: 0 });
  });

  it('of an unknown lot is not found', async () => {
    expect((await t.call('GET', '/lots/lot_01h455vb4pex5vsknk084sn02q/trail')).body.code).toBe(
      'lot_not_found',
    );
  });
});

describe('heads', () => {
  it('name every shard, and move with what is written there', async () => {
    const before = await t.ok('GET', '/ledger/heads');
    expect(before).toMatchObject({ format: 1, shards: 4 });
    expect(before.heads.map((head: Body) => head.shard)).toEqual([0, 1, 2, 3]);
    const { receipt } = await issue(1);
    const after = await t.ok('GET', '/ledger/heads');
    const moved = after.heads.filter(
      (head: Body, shard: number) => head.block !== before.heads[shard].block,
    );
    expect(moved.map((head: Body) => [head.shard, head.hash])).toEqual([
      [receipt.shard, receipt.hash],
    ]);
  });
});
