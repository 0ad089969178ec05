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

it('takes a member for themselves only where the page says so, whoever else is signed in', async () => {
  const { phone } = await shopper();
  const path = '/members/me/balance';
  const silent = await phone.send('GET', path, undefined, { 'hongmi-as': '' });
  expect([silent.status, silent.body.code]).toEqual([401, 'unauthenticated']);
  // A key is a key, whatever else is sent with it.
  const auth = await t.apiKey(['points:read']);
  const byKey = await phone.send('GET', `/members/${phone.member}/balance`, undefined, {
    authorization: `Bearer ${auth}`,
  });
  expect(byKey.status).toBe(200);
  const nobody = await phone.send('GET', path, undefined, { cookie: 'hongmi_member=guessed' });
  expect([nobody.status, nobody.body.code]).toEqual([401, 'session_ended']);
  await phone.ok('DELETE', '/me/session');
  expect((await phone.send('GET', path)).body.code).toBe('session_ended');
});

it('takes writes from pages of this origin alone', async () => {
  const { phone } = await shopper();
  const name = { name: '王小明' };
  for (const site of ['cross-site', 'same-site', 'none']) {
    const headers = { 'sec-fetch-site': site };
    const answer = await phone.send('PUT', '/members/me/name', name, headers);
    expect([answer.status, answer.body.code]).toEqual([403, 'cross_site']);
  }
  expect(await phone.ok('PUT', '/members/me/name', name)).toBeDefined();
  expect(await phone.ok('GET', '/me')).toMatchObject({ name: '王小明' });
});

it('writes down that the member did it themselves, and keeps their idempotency keys apart', async () => {
  await t.ok('POST', '/notices', { purpose: 'messages_in_app', zh: ['说明'], en: ['We tell'] });
  const [{ phone }, { phone: other }] = [await shopper(), await shopper()];
  const path = '/members/me/consents/messages_in_app';
  const agreed = { version: 1, channel: 'app' };
  const once = { 'idempotency-key': 'the-same' };
  expect((await phone.send('PUT', path, agreed, once)).body).toMatchObject({ state: 'given' });
  expect((await other.send('DELETE', `${path}?channel=app`, undefined, once)).body).toMatchObject({
    state: 'refused',
  });
  const { items } = await t.ok('GET', `/members/${phone.member}/consent-changes`);
  const [{ changedBy }] = items;
  const actors = await t.ok('GET', `/actors?ids=${changedBy}`);
  expect(actors.items).toMatchObject([{ id: changedBy, kind: 'member' }]);
  const merchant = await t.apiKey(['members:read'], await t.merchant());
  const seen = await t.ok('GET', `/actors?ids=${changedBy}`, undefined, { auth: merchant });
  expect(seen.items).toMatchObject([{ kind: 'member' }]);
  // What members do of their own is in the registers, not among what people who work here did.
  const audit = await t.ok('GET', '/audit');
  expect(JSON.stringify(audit)).not.toContain(changedBy);
});

it('lets no member say that their guardian agreed', async () => {
  const { phone } = await shopper();
  await t.ok('PUT', `/members/${phone.member}/minority`, { under14Until: '2099-01-01T00:00:00Z' });
  const path = '/members/me/consents/messages_in_app';
  const agreed = { version: 1, channel: 'app' };
  expect((await phone.send('PUT', path, agreed)).body.code).toBe('guardian_required');
  const told = await phone.send('PUT', path, { ...agreed, guardian: 'G-1' });
  expect([told.status, told.body.code]).toEqual([403, 'not_for_members']);
});

it('lets members join programmes that take whoever comes', async () => {
  const { phone } = await shopper();
  await t.ok('POST', '/programmes', { code: 'closed', name: 'Closed' });
  await t.ok('POST', '/programmes', { code: 'open', name: 'Open', membersJoinThemselves: true });
  const join = (programme: string) => phone.send('POST', '/members/me/memberships', { programme });
  expect((await join('closed')).body.code).toBe('not_for_members');
  expect((await join('open')).status).toBe(201);
  expect((await phone.ok('GET', '/members/me/memberships')).items).toHaveLength(2);
});

it('shows what came with who has become part of a member, as theirs', async () => {
  const [{ phone }, before] = [await shopper(), await shopper()];
  const merge = { from: before.phone.member, reason: 'twice', actor: 'Li Lei' };
  await t.ok('POST', `/members/${phone.member}/merges`, merge);
  expect((await phone.ok('GET', '/members/me/orders')).items).toHaveLength(2);
  expect(await phone.ok('GET', `/orders/${before.order}`)).toMatchObject({ id: before.order });
  expect((await before.phone.send('GET', '/me')).body.code).toBe('session_ended');
});

it('lists orders by when they were paid, page by page, and a merchant its own', async () => {
  const { phone, merchantId } = await shopper();
  const lines = [{ lineNo: 1, sku: 'melon', quantity: 1, amountFen: 100 }];
  const rival = await t.merchant();
  for (const [hours, merchant] of [
    [3, merchantId],
    [9, rival],
    [1, rival],
  ] as const) {
    const paidAt = new Date(t.clock.now() - hours * 3_600_000).toISOString();
    const order = { merchantId: merchant, memberId: phone.member, orderNo: `${hours} ago` };
    await t.ok('POST', '/orders', { ...order, paidAt, lines });
  }
  const numbers: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = `limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
    const page = await phone.ok('GET', `/members/me/orders?${query}`);
    numbers.push(...page.items.map(({ orderNo }: { orderNo: string }) => orderNo));
    cursor = page.nextCursor;
  }
  expect(numbers).toEqual([`of ${phone.member}`, '1 ago', '3 ago', '9 ago']);
  const auth = await t.apiKey(['orders:read'], rival);
  const own = await t.ok('GET', `/members/${phone.member}/orders`, undefined, { auth });
  expect(own.items.map(({ orderNo }: { orderNo: string }) => orderNo)).toEqual(['1 ago', '9 ago']);
  const nobody = await t.call('GET', '/members/mem_01h455vb4pex5vsknk084sn02q/orders');
  expect(nobody.body.code).toBe('member_not_found');
});
