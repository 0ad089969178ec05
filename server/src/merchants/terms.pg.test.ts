import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from '../http/test-points-app.ts';
import { showInstant } from '../kernel/clock.ts';

const DAY_MS = 24 * 3600_000;

let t: PointsTestApp;
let programmes = 0;
let orders = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const one = { points: 1, perFen: 100 };
const two = { points: 2, perFen: 100 };
const half = { points: 1, perFen: 200 };
const change = (id: string, body: object, options?: object): Promise<Answered> =>
  t.call('PATCH', `/merchants/${id}`, body, options);
const terms = async (id: string): Promise<Answered['body'][]> =>
  (await t.ok('GET', `/merchants/${id}/terms`)).items;
const at = (days: number): string => showInstant(START + days * DAY_MS);

/** What an order of ¥10 earns; paid now unless told otherwise. */
async function earned(merchantId: string, memberId: string, paidAt?: string): Promise<number> {
  orders += 1;
  const order = {
    merchantId,
    memberId,
    orderNo: `terms-${orders}`,
    paidAt: paidAt ?? showInstant(t.clock.now()),
    lines: [{ lineNo: 1, sku: 'melon', quantity: 1, amountFen: 1_000 }],
  };
  return (await t.ok('POST', '/orders', order)).points;
}

/** In a sandbox programme, whose clock may be set, with `days` of notice. */
async function sandbox(ruleNoticeDays: number): Promise<{ code: string; merchantId: string }> {
  programmes += 1;
  const code = `terms${programmes}`;
  await t.ok('POST', '/programmes', { code, name: code, sandbox: true, ruleNoticeDays });
  return { code, merchantId: await t.merchant({ programme: code }) };
}

describe('the terms of a merchant', () => {
  it('are kept from the first, with who said so', async () => {
    const merchantId = await t.merchant();
    const [first] = await terms(merchantId);
    expect(first).toMatchObject({ from: at(0), earnRatio: one, changedAt: at(0) });
    expect(first.changedBy).toMatch(/^key_/);
    const auth = await t.apiKey(['merchants:read'], merchantId);
    const { items } = await t.ok('GET', `/merchants/${merchantId}/terms`, undefined, { auth });
    expect(items).toEqual([{ from: at(0), earnRatio: one, changedAt: at(0) }]);
    expect((await t.ok('GET', `/merchants/${merchantId}`)).joinedAt).toBe(at(0));
  });

  it('change at once or from a moment on, and orders keep those of their day', async () => {
    const merchantId = await t.merchant();
    const memberId = await t.member();
    expect(await earned(merchantId, memberId)).toBe(10);
    t.clock.advance(DAY_MS);
    const raised = await change(merchantId, { earnRatio: two });
    expect(raised.status).toBe(200);
    expect(raised.body.earnRatio).toEqual(two);
    expect(await earned(merchantId, memberId)).toBe(20);
    const three = { points: 3, perFen: 100 };
    expect((await change(merchantId, { earnRatio: three, from: at(3) })).body.earnRatio).toEqual(
      two,
    );
    expect(await earned(merchantId, memberId)).toBe(20);
    t.clock.set(START + 3 * DAY_MS - 1);
    expect(await earned(merchantId, memberId)).toBe(20);
    t.clock.advance(1);
    expect(await earned(merchantId, memberId)).toBe(30);
    expect((await t.ok('GET', `/merchants/${merchantId}`)).earnRatio).toEqual(three);
    // The root key may backdate: these count when they were paid.
    const other = await t.member();
    expect(await earned(merchantId, other, at(0.5))).toBe(10);
    expect(await earned(merchantId, other, at(2))).toBe(20);
    expect(await earned(merchantId, await t.member(), at(-400))).toBe(10);
    expect((await terms(merchantId)).map(({ from }) => from)).toEqual([at(0), at(1), at(3)]);
    t.clock.set(START);
  });

  it('that are announced are replaced by others for the same moment, and all of it is kept', async () => {
    const { code, merchantId } = await sandbox(0);
    const memberId = await t.member();
    await t.ok('PATCH', `/merchants/${merchantId}`, { earnRatio: two, from: at(5) });
    await t.ok('PATCH', `/merchants/${merchantId}`, { earnRatio: half, from: at(2) });
    await t.ok('PATCH', `/merchants/${merchantId}`, { earnRatio: one, from: at(5) });
    await t.ok('PUT', `/programmes/${code}/clock`, { now: at(2) });
    expect(await earned(merchantId, memberId, at(2))).toBe(5);
    await t.ok('PUT', `/programmes/${code}/clock`, { now: at(6) });
    expect(await earned(merchantId, memberId, at(6))).toBe(10);
    expect((await terms(merchantId)).map(({ from }) => from)).toEqual(
      [0, 5, 2, 5].map((day) => at(day)),
    );
    const first = await t.ok('GET', `/merchants/${merchantId}/terms?limit=3`);
    const rest = await t.ok(
      'GET',
      `/merchants/${merchantId}/terms?limit=3&cursor=${first.nextCursor}`,
    );
    expect([...first.items, ...rest.items]).toEqual(await terms(merchantId));
    expect(rest.nextCursor).toBeNull();
  });

  it('that are worse count after the notice of the programme, by its days', async () => {
    const merchantId = await t.merchant();
    // It is the first of March in Shanghai: seven whole days later the ninth begins.
    const earliest = '2026-03-08T16:00:00.000Z';
    for (const from of [undefined, '2026-03-08T15:59:59.999Z']) {
      const refused = await change(merchantId, { earnRatio: half, from });
      expect(refused.body).toMatchObject({ status: 422, code: 'notice_needed', earliest });
    }
    expect((await change(merchantId, { earnRatio: { points: 100, perFen: 10_000 } })).status).toBe(
      200,
    );
    const known = await terms(merchantId);
    const tried = await change(merchantId, { earnRatio: half, from: earliest, dryRun: true });
    expect(tried).toMatchObject({ status: 200, body: { id: merchantId, dryRun: true } });
    expect(await terms(merchantId)).toEqual(known);
    expect((await change(merchantId, { earnRatio: half, from: earliest })).status).toBe(200);
    // What was announced is what a later change is compared with.
    expect((await change(merchantId, { earnRatio: one, from: earliest })).status).toBe(200);
    const { merchantId: free } = await sandbox(0);
    expect((await change(free, { earnRatio: half })).status).toBe(200);
  });

  it('stay when what is asked makes no sense, or by who may not', async () => {
    const merchantId = await t.merchant();
    const key = `past-${merchantId}`;
    const past = { earnRatio: two, from: showInstant(START - 1) };
    expect((await change(merchantId, past, { key })).body).toMatchObject({
      status: 422,
      code: 'terms_in_past',
      now: at(0),
    });
    for (const earnRatio of [{ points: 0, perFen: 1 }, { points: 1 }, null, 2])
      expect((await change(merchantId, { earnRatio })).body.code).toBe('invalid_request');
    for (const more of [{ name: 'x' }, { from: 'tomorrow' }])
      expect((await change(merchantId, { earnRatio: two, ...more })).body.code).toBe(
        'invalid_request',
      );
    const nobody = 'mer_01h455vb4pex5vsknk084sn02q';
    expect((await change(nobody, { earnRatio: two })).body.code).toBe('merchant_not_found');
    expect((await t.call('GET', `/merchants/${nobody}/terms`)).body.code).toBe(
      'merchant_not_found',
    );
    const auth = await t.apiKey(['merchants:read'], merchantId);
    expect((await change(merchantId, { earnRatio: two }, { auth })).body.code).toBe(
      'scope_missing',
    );
    const theirs = await t.merchant();
    expect((await t.call('GET', `/merchants/${theirs}/terms`, undefined, { auth })).body.code).toBe(
      'merchant_out_of_reach',
    );
    expect(await terms(merchantId)).toHaveLength(1);
  });

  it('change once per key, and one after the other', async () => {
    const merchantId = await t.merchant();
    const key = `once-${merchantId}`;
    const first = await change(merchantId, { earnRatio: two }, { key });
    await t.ok('PATCH', `/merchants/${merchantId}`, { earnRatio: { points: 5, perFen: 100 } });
    expect((await change(merchantId, { earnRatio: two }, { key })).text).toBe(first.text);
    // Of the two only one is not worse than the other.
    const both = await Promise.all([
      change(merchantId, { earnRatio: { points: 8, perFen: 100 } }),
      change(merchantId, { earnRatio: { points: 9, perFen: 100 } }),
    ]);
    const last = (await terms(merchantId)).at(-1);
    expect(last.earnRatio.points).toBe(9);
    expect(both.map(({ status }) => status)[1]).toBe(200);
  });
});
