import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';
import { createPhones, type Phone } from './testing/phone.ts';

let t: PointsTestApp;
let phones: ReturnType<typeof createPhones>;
beforeAll(async () => {
  t = await createPointsTestApp();
  phones = createPhones(t);
});
afterAll(() => t.close());

/** A member with an order, on their phone. */
async function shopper(): Promise<{
  readonly phone: Phone;
  readonly order: string;
  merchantId: string;
}> {
  const phone = await phones.signIn();
  const merchantId = await t.merchant();
  const order = await t.ok('POST', '/orders', {
    ...{ merchantId, memberId: phone.member, orderNo: `of ${phone.member}` },
    paidAt: new Date(t.clock.now()).toISOString(),
    lines: [{ lineNo: 1, sku: 'melon', quantity: 1, amountFen: 12_345 }],
  });
  return { phone, order: order.id, merchantId };
}

it('shows members their own through the operations that keys have, by `me` or by their id', async () => {
  const { phone, order } = await shopper();
  const { phone: other } = await shopper();
  const balance = await phone.ok('GET', '/members/me/balance');
  expect(balance).toMatchObject({ balances: [{ available: 123 }] });
  expect(await phone.ok('GET', `/members/${phone.member}/balance`)).toEqual(balance);
  expect(await phone.ok('GET', '/members/me/orders')).toMatchObject({
    items: [{ id: order, points: 123 }],
    nextCursor: null,
  });
  expect(await phone.ok('GET', `/orders/${order}/explanation`)).toMatchObject({ orderId: order });
  expect(await other.send('GET', `/members/${phone.member}/balance`)).toMatchObject({
    status: 404,
    body: { code: 'member_not_found' },
  });
  expect(await other.send('GET', `/orders/${order}`)).toMatchObject({ status: 404 });
});
