import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_SCOPES, PLATFORM_SCOPES } from '../keys/api-key.ts';
import type { Answered } from './test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from './test-points-app.ts';

let t: PointsTestApp;
let programmes = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const scopes = ALL_SCOPES.filter((scope) => !PLATFORM_SCOPES.has(scope));
const at = new Date(START).toISOString();

/** A programme with a merchant, a member with points there, and a key of its operator. */
async function settle() {
  programmes += 1;
  const code = `region${programmes}`;
  await t.ok('POST', '/programmes', { code, name: code });
  const { secret } = await t.ok('POST', '/keys', { name: code, scopes, programme: code });
  const call = (method: string, path: string, body?: object): Promise<Answered> =>
    t.call(method, path, body, { auth: secret });
  const ok = (method: string, path: string, body?: object): Promise<Answered['body']> =>
    t.ok(method, path, body, { auth: secret });
  const ratio = { points: 1, perFen: 100 };
  const merchantId = (
    await ok('POST', '/merchants', { name: 'Fruit', category: 'fruit', earnRatio: ratio })
  ).id;
  const memberId = (await ok('POST', '/members', {})).id;
  const line = { lineNo: 1, sku: 'melon', quantity: 2, amountFen: 5_000 };
  const order = { merchantId, memberId, orderNo: 'A-1', paidAt: at, lines: [line] };
  const orderId = (await ok('POST', '/orders', order)).id;
  const issue = { kind: 'issue', merchantId, memberId, points: 40 };
  const transactionId = (await ok('POST', '/transactions', issue)).transaction.id;
  const budgetId = (await ok('POST', '/budgets', { name: 'spring', total: 100 })).id;
  return { code, call, ok, merchantId, memberId, order, orderId, issue, transactionId, budgetId };
}

describe('the key of a programme', () => {
  it('does in it what an operator does, and names it by itself', async () => {
    const { code, ok, merchantId, memberId, orderId, transactionId, budgetId } = await settle();
    expect(
      (await ok('GET', '/programmes')).items.map((each: Answered['body']) => each.code),
    ).toEqual([code]);
    expect((await ok('PATCH', `/programmes/${code}`, { giftMax: 5 })).giftMax).toBe(5);
    expect((await ok('GET', `/programmes/${code}/changes`)).items).toHaveLength(1);
    expect((await ok('GET', '/merchants')).items).toMatchObject([
      { id: merchantId, programme: code },
    ]);
    expect((await ok('GET', `/merchants/${merchantId}`)).programme).toBe(code);
    expect((await ok('GET', `/members/${memberId}`)).programmes).toEqual([code]);
    const { balances } = await ok('GET', `/members/${memberId}/balance`);
    expect(balances).toMatchObject([{ programme: code, available: 90 }]);
    expect((await ok('GET', `/members/${memberId}/lots`)).items).toHaveLength(2);
    expect((await ok('GET', `/members/${memberId}/transactions`)).items).toHaveLength(2);
    expect((await ok('GET', `/orders/${orderId}`)).points).toBe(50);
    expect((await ok('GET', `/transactions/${transactionId}`)).transaction.id).toBe(transactionId);
    expect((await ok('GET', `/budgets/${budgetId}`)).programme).toBe(code);
    const back = { returnNo: 'R-1', lines: [{ lineNo: 1, quantity: 1 }] };
    await ok('POST', `/orders/${orderId}/returns`, back);
    await ok('POST', `/merchants/${merchantId}/stores`, { code: 'west', name: 'West' });
    await ok('POST', `/programmes/${code}/point-types`, { code: 'leaves', name: '叶' });
    await ok('POST', '/transactions', { kind: 'burn', merchantId, memberId, points: 10 });
    const receiverId = (await ok('POST', '/members', {})).id;
    const gift = { giverId: memberId, receiverId, points: 5, purpose: 'household' };
    const given = await ok('POST', '/transfers', gift);
    expect(given).toMatchObject({ programme: code, status: 'arrived' });
    expect((await ok('GET', `/transfers/${given.id}`)).id).toBe(given.id);
    const period = `from=${at}&to=2027-01-01T00:00:00Z`;
    const statement = await ok('GET', `/members/${memberId}/statement?${period}`);
    expect(statement.accounts.map((each: Answered['body']) => each.programme)).toEqual([code]);
  });

  it('finds nothing of another programme, and changes nothing there', async () => {
    const [own, other] = [await settle(), await settle()];
    const earnRatio = { points: 9, perFen: 1 };
    const named = (await own.ok('GET', `/orders/${own.orderId}`)).orderNo;
    for (const [method, path, code, body] of [
      ['PATCH', `/programmes/${other.code}`, 'programme_not_found', { giftMax: 5 }],
      ['GET', `/programmes/${other.code}/changes`, 'programme_not_found'],
      ['PUT', `/programmes/${other.code}/clock`, 'programme_not_found', { now: at }],
      [
        'POST',
        `/programmes/${other.code}/point-types`,
        'programme_not_found',
        { code: 'x', name: 'x' },
      ],
      ['PATCH', `/programmes/${other.code}/point-types/points`, 'programme_not_found', {}],
      ['GET', `/merchants?programme=${other.code}`, 'programme_not_found'],
      [
        'POST',
        '/merchants',
        'programme_not_found',
        { name: 'x', category: 'x', earnRatio, programme: other.code },
      ],
      ['GET', `/merchants/${other.merchantId}`, 'merchant_not_found'],
      ['PATCH', `/merchants/${other.merchantId}`, 'merchant_not_found', { earnRatio }],
      ['GET', `/merchants/${other.merchantId}/terms`, 'merchant_not_found'],
      ['GET', `/merchants/${other.merchantId}/stores`, 'merchant_not_found'],
      [
        'POST',
        `/merchants/${other.merchantId}/stores`,
        'merchant_not_found',
        { code: 'x', name: 'x' },
      ],
      ['POST', '/members', 'programme_not_found', { programme: other.code }],
      ['POST', '/members', 'merchant_not_found', { merchantId: other.merchantId }],
      [
        'POST',
        `/members/${own.memberId}/memberships`,
        'programme_not_found',
        { programme: other.code },
      ],
      ['GET', `/members/${other.memberId}`, 'member_not_found'],
      ['GET', `/members/${other.memberId}/memberships`, 'member_not_found'],
      ['GET', `/members/${other.memberId}/balance`, 'member_not_found'],
      ['POST', '/orders', 'merchant_not_found', { ...other.order, orderNo: 'A-2' }],
      ['POST', '/orders', 'merchant_not_found', other.order],
      ['GET', `/orders/${other.orderId}`, 'order_not_found'],
      ['GET', `/orders/${other.orderId}/explanation`, 'order_not_found'],
      ['GET', `/orders?merchantId=${other.merchantId}&orderNo=${named}`, 'order_not_found'],
      [
        'POST',
        `/orders/${other.orderId}/returns`,
        'order_not_found',
        { returnNo: 'R-9', lines: [{ lineNo: 1, quantity: 1 }] },
      ],
      [
        'POST',
        '/returns',
        'merchant_not_found',
        {
          merchantId: other.merchantId,
          memberId: other.memberId,
          returnNo: 'R-8',
          lines: [{ sku: 'melon', quantity: 1 }],
        },
      ],
      ['POST', '/transactions', 'merchant_not_found', other.issue],
      ['POST', '/transactions', 'merchant_not_found', { ...other.issue, dryRun: true }],
      [
        'POST',
        '/transactions',
        'programme_not_found',
        { kind: 'expire', memberId: other.memberId, programme: other.code },
      ],
      [
        'POST',
        '/transactions',
        'transaction_not_found',
        { kind: 'return', memberId: other.memberId, transactionId: other.transactionId, points: 1 },
      ],
      ['GET', `/transactions/${other.transactionId}`, 'transaction_not_found'],
      [
        'POST',
        '/adjustments',
        'merchant_not_found',
        {
          memberId: other.memberId,
          merchantId: other.merchantId,
          points: 1,
          reason: 'x',
          actor: 'x',
        },
      ],
      ['POST', '/budgets', 'programme_not_found', { name: 'x', total: 1, programme: other.code }],
      [
        'POST',
        '/transfers',
        'programme_not_found',
        {
          giverId: other.memberId,
          receiverId: own.memberId,
          programme: other.code,
          points: 1,
          purpose: 'household',
        },
      ],
      ['GET', `/members/${other.memberId}/statement?from=${at}&to=${at}`, 'member_not_found'],
      ['GET', `/members/${other.memberId}/expiry`, 'member_not_found'],
      ['GET', `/budgets?programme=${other.code}`, 'programme_not_found'],
      ['GET', `/budgets/${other.budgetId}`, 'budget_not_found'],
      ['PATCH', `/budgets/${other.budgetId}`, 'budget_not_found', { total: 7 }],
    ] as const) {
      const { status, body: told } = await own.call(method, path, body);
      expect([status, told.code], `${method} ${path}`).toEqual([404, code]);
    }
    const bulk = { transactions: [other.issue, own.issue] };
    expect((await own.ok('POST', '/transactions/bulk', bulk)).results).toMatchObject([
      { status: 'refused', problem: { code: 'merchant_not_found' } },
      { status: 'applied' },
    ]);
    for (const list of ['lots', 'transactions'])
      expect((await own.call('GET', `/members/${other.memberId}/${list}`)).body.code).toBe(
        'member_not_found',
      );
    expect((await own.ok('GET', '/budgets')).items.map(({ id }: { id: string }) => id)).toEqual([
      own.budgetId,
    ]);
    const { balances } = await other.ok('GET', `/members/${other.memberId}/balance`);
    expect(balances).toMatchObject([{ available: 90 }]);
    expect((await other.ok('GET', `/programmes`)).items[0].pointTypes).toHaveLength(1);
  });

  it('sees of a person who is in two programmes what is in its own', async () => {
    const [own, other] = [await settle(), await settle()];
    await other.ok('POST', `/members/${own.memberId}/memberships`, { programme: other.code });
    await other.ok('POST', '/transactions', { ...other.issue, memberId: own.memberId, points: 7 });
    expect((await own.ok('GET', `/members/${own.memberId}`)).programmes).toEqual([own.code]);
    expect((await own.ok('GET', `/members/${own.memberId}/memberships`)).items).toHaveLength(1);
    const seen = await other.ok('GET', `/members/${own.memberId}/balance`);
    expect(seen.balances).toMatchObject([{ programme: other.code, available: 7 }]);
    expect((await other.ok('GET', `/members/${own.memberId}/lots`)).items).toHaveLength(1);
    expect((await own.ok('GET', `/members/${own.memberId}/lots`)).items).toHaveLength(2);
    expect((await own.ok('GET', `/members/${own.memberId}/transactions`)).items).toHaveLength(2);
    const statement = `/members/${own.memberId}/statement?from=${at}&to=2027-01-01T00:00:00Z`;
    const { accounts, items } = await other.ok('GET', statement);
    expect(accounts).toMatchObject([{ programme: other.code, closing: 7 }]);
    expect(items).toHaveLength(1);
    expect((await t.ok('GET', statement)).accounts).toHaveLength(2);
  });

  it('keeps its idempotency keys and counters to itself', async () => {
    const [own, other] = [await settle(), await settle()];
    const limits = [{ counter: 'day', max: 10, mode: 'all' }];
    await other.ok('POST', `/members/${own.memberId}/memberships`, { programme: other.code });
    const issue = { ...own.issue, points: 10, limits };
    await own.ok('POST', '/transactions', issue);
    await other.ok('POST', '/transactions', {
      ...{ ...other.issue, points: 10, limits },
      memberId: own.memberId,
    });
    expect((await own.call('POST', '/transactions', issue)).body.code).toBe('limit_reached');
  });

  it('cannot do what concerns the whole platform, or a person beyond its programme', async () => {
    const { code, call, memberId } = await settle();
    for (const scope of PLATFORM_SCOPES) {
      const asked = { name: 'x', scopes: [scope], programme: code };
      expect((await t.call('POST', '/keys', asked)).body).toMatchObject({
        status: 403,
        code: 'platform_only',
        scope,
      });
    }
    for (const [method, path, body] of [
      ['POST', '/programmes', { code: 'x', name: 'x' }],
      ['POST', `/members/${memberId}/merges`, { from: memberId, reason: 'x', actor: 'x' }],
    ] as const)
      expect((await call(method, path, body)).body).toMatchObject({
        status: 403,
        code: 'platform_only',
      });
  });

  it('is of a programme that there is, and not of a merchant too', async () => {
    const make = (more: object): Promise<Answered> =>
      t.call('POST', '/keys', { name: 'x', scopes: ['members:read'], ...more });
    expect((await make({ programme: 'nowhere' })).body.code).toBe('programme_not_found');
    const merchantId = await t.merchant();
    const both = { programme: 'default', merchantId };
    expect((await make(both)).body.code).toBe('invalid_request');
    expect((await make({ programme: 'default' })).body).toMatchObject({
      merchantId: null,
      programme: 'default',
    });
    expect((await make({ merchantId })).body).toMatchObject({ merchantId, programme: 'default' });
    const { items } = await t.ok('GET', '/keys?limit=200');
    expect(items.filter((each: Answered['body']) => each.root)).toMatchObject([
      { programme: null },
    ]);
  });
});
