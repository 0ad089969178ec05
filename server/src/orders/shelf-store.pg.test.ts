import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { showInstant } from '../kernel/clock.ts';
import { readId, showId, type Uuid } from '../kernel/id.ts';
import { withTransaction } from '../platform/database.ts';
import { readOpenLines } from './shelf-store.ts';
import { publishRule } from './testing/publish-rule.ts';

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

it('of orders that rules rated only those are read that goods may come back from', async () => {
  const [merchantId, memberId] = [await t.merchant(), await t.member()];
  const merchant = readId('merchant', merchantId) as Uuid;
  const member = readId('member', memberId) as Uuid;
  const gift = { when: {}, earn: { kind: 'fixed', points: 1, per: 'order' } } as const;
  await publishRule(t, gift, { merchant });
  const sell = async (...skus: string[]): Promise<Uuid> => {
    const lines = skus.map((sku, index) => ({
      lineNo: index + 1,
      sku,
      quantity: 1,
      amountFen: 100,
    }));
    const paidAt = showInstant(t.clock.now());
    const order = { merchantId, memberId, orderNo: skus.join(), paidAt, lines };
    return readId('order', (await t.ok('POST', '/orders', order)).id) as Uuid;
  };
  const [mixed] = [await sell('melon', 'pear'), await sell('pear', 'plum'), await sell('plum')];
  const wanted = [{ member, merchant, sku: 'melon' }];
  const read = () => withTransaction(t.pool, (tx) => readOpenLines(tx, wanted, [], () => () => []));
  const linesIn = async (): Promise<unknown[]> =>
    [...(await read()).values()]
      .flat()
      .map(({ order, sku }) => [order.id, sku])
      .sort();
  // All of an order that is rated again, and nothing of others.
  expect(await linesIn()).toEqual([
    [mixed, 'melon'],
    [mixed, 'pear'],
  ]);
  const back = { returnNo: 'R-1', lines: [{ lineNo: 1, quantity: 1 }] };
  await t.ok('POST', `/orders/${showId('order', mixed)}/returns`, back);
  expect(await linesIn()).toEqual([]);
});
