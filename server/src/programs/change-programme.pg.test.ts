import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from '../http/test-points-app.ts';
import { newId } from '../kernel/id.ts';
import { withTransaction } from '../platform/database.ts';
import { changePointType } from './change-point-types.ts';
import { changeProgramme } from './change-programme.ts';

let t: PointsTestApp;
let programmes = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const rate = { from: 'points', to: 'leaves', num: 3, den: 10 };
const back = { from: 'leaves', to: 'points', num: 10, den: 3 };
/** A programme of its own; its code. */
async function programme(more: object = {}): Promise<string> {
  programmes += 1;
  const code = `p${programmes}`;
  const pointTypes = ['points', 'leaves'].map((each) => ({ code: each, name: each }));
  const conversions = [rate];
  // Without notice: what becomes worse counts at once.
  const quick = { sandbox: true, ruleNoticeDays: 0 };
  const body = { code, name: code, pointTypes, conversions, ...quick, ...more };
  await t.ok('POST', '/programmes', body);
  return code;
}
const change = (code: string, body: object, options?: object): Promise<Answered> =>
  t.call('PATCH', `/programmes/${code}`, body, options);
const shown = async (code: string): Promise<Answered['body']> =>
  (await t.ok('GET', '/programmes')).items.find((each: { code: string }) => each.code === code);
const changes = async (code: string): Promise<Answered['body'][]> =>
  (await t.ok('GET', `/programmes/${code}/changes`)).items;

describe('the settings of a programme', () => {
  it('change at once however long it takes: the clock does not stand still meanwhile', async () => {
    const code = await programme();
    let now = START;
    const clock = { now: () => (now += 1) };
    const by = { key: newId(START), clock, announce: async () => {} };
    const changed = await withTransaction(t.pool, (tx) =>
      changeProgramme(tx, code, { refundGraceDays: 40, giftMax: 7 }, by),
    );
    expect(changed).toMatchObject({ status: 200, body: { refundGraceDays: 40, giftMax: 7 } });
    const other = await withTransaction(t.pool, (tx) =>
      changePointType(tx, code, 'leaves', { transferable: false }, by),
    );
    expect(other).toMatchObject({ status: 200, body: { transferable: false } });
  });

  it('change as asked, the others stay, and it is kept who did it, when, and what they were', async () => {
    const code = await programme();
    const before = await shown(code);
    const asked = { returnPolicy: 'pending_only', giftMax: 0, conversions: [rate, back] };
    const { status, body } = await change(code, asked);
    expect(status).toBe(200);
    expect(body).toEqual({ ...before, ...asked });
    expect(await shown(code)).toEqual(body);
    await t.ok('PATCH', `/programmes/${code}`, {
      refundGraceDays: 1,
      adjustLimit: 2,
      giftDayMax: 3,
      ruleNoticeDays: 8,
      conversions: [],
    });
    const found = await changes(code);
    expect(found).toMatchObject([
      { before: { returnPolicy: 'debt', giftMax: 10_000, conversions: [rate] }, after: asked },
      { before: { refundGraceDays: 30 }, after: { refundGraceDays: 1, conversions: [] } },
    ]);
    expect(found[1]).toMatchObject({ before: { ruleNoticeDays: 0 }, after: { ruleNoticeDays: 8 } });
    expect(Object.keys(found[0].before)).toHaveLength(3);
    expect(found[0].changedAt).toBe(new Date(START).toISOString());
    expect(found[0].changedBy).toMatch(/^key_/);
  });

  it('change once per key, and what changes nothing is no change', async () => {
    const code = await programme();
    const first = await change(code, { giftMax: 5 }, { key: `once-${code}` });
    await t.ok('PATCH', `/programmes/${code}`, { giftMax: 6 });
    const again = await change(code, { giftMax: 5 }, { key: `once-${code}` });
    expect(again.body).toEqual(first.body);
    expect((await change(code, { giftMax: 7 }, { key: `once-${code}` })).status).toBe(422);
    await t.ok('PATCH', `/programmes/${code}`, { giftMax: 6, conversions: [rate] });
    await t.ok('PATCH', `/programmes/${code}`, {});
    expect((await shown(code)).giftMax).toBe(6);
    expect((await changes(code)).map(({ after }) => after)).toEqual([
      { giftMax: 5 },
      { giftMax: 6 },
    ]);
  });

  it('are listed page by page', async () => {
    const code = await programme();
    for (const giftMax of [1, 2, 3]) await t.ok('PATCH', `/programmes/${code}`, { giftMax });
    const path = `/programmes/${code}/changes?limit=2`;
    const { items, nextCursor } = await t.ok('GET', path);
    expect(items).toHaveLength(2);
    const rest = await t.ok('GET', `${path}&cursor=${nextCursor}`);
    expect(rest.items.map((each: { after: object }) => each.after)).toEqual([{ giftMax: 3 }]);
    expect(rest.nextCursor).toBeNull();
  });

  it('stay when what is asked makes no sense, or by who may not', async () => {
    const code = await programme({ sandbox: false, ruleNoticeDays: 7 });
    const before = await shown(code);
    expect((await change('nowhere', { giftMax: 1 })).body.code).toBe('programme_not_found');
    expect((await t.call('GET', '/programmes/nowhere/changes')).body.code).toBe(
      'programme_not_found',
    );
    for (const asked of [
      { giftMax: -1 },
      { refundGraceDays: 3651 },
      { returnPolicy: 'never' },
      { timeZone: 'UTC' },
      { ruleNoticeDays: 6 },
      { conversions: [rate, rate] },
      { conversions: [{ ...rate, to: 'points' }] },
      { giftMax: 5, conversions: [{ ...rate, to: 'other' }] },
    ]) {
      expect((await change(code, asked)).body.code, JSON.stringify(asked)).toBe('invalid_request');
    }
    const auth = await t.apiKey(['programmes:read']);
    expect((await change(code, { giftMax: 5 }, { auth })).body.code).toBe('scope_missing');
    expect(await shown(code)).toEqual(before);
    expect(await changes(code)).toEqual([]);
  });

  it('are told to the other processes', async () => {
    const code = await programme();
    const client = new Client({ connectionString: t.url });
    await client.connect();
    try {
      await client.query('listen hongmi_news');
      const told = new Promise((resolve) => client.once('notification', resolve));
      await t.ok('PATCH', `/programmes/${code}`, { giftMax: 5 });
      expect(await told).toMatchObject({ payload: 'programmes ' });
    } finally {
      await client.end();
    }
  });
});

describe('what was decided before a change stays', () => {
  /** A programme with a member who has 1,000 points in it, and how to move them. */
  async function stage() {
    const code = await programme();
    const merchantId = await t.merchant({ programme: code });
    const memberId = await t.member();
    const post = (body: object, key: string): Promise<Answered> =>
      t.call('POST', '/transactions', { memberId, ...body }, { key: `${key}-${code}` });
    const one = await post({ kind: 'issue', merchantId, points: 1_000 }, 'issue');
    expect(one.status).toBe(201);
    return { code, merchantId, memberId, post, issued: one.body.transaction.id };
  }
  /** The same request again, alone and in bulk, is answered as at first. */
  async function isReplayed(first: Answered, body: object, key: string): Promise<void> {
    const again = await t.call('POST', '/transactions', body, { key });
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
    const transactions = [{ ...body, idempotencyKey: key }];
    const many = await t.ok('POST', '/transactions/bulk', { transactions });
    expect(many.results).toMatchObject([{ status: 'replayed', ...first.body }]);
  }

  it('adjustments that need a second person now', async () => {
    const { code, merchantId, memberId, post } = await stage();
    const adjust = { kind: 'adjust', merchantId, points: 500, reason: 'lost', actor: 'Li Lei' };
    const first = await post(adjust, 'first');
    expect(first.status).toBe(201);
    await t.ok('PATCH', `/programmes/${code}`, { adjustLimit: 10 });
    await isReplayed(first, { memberId, ...adjust }, `first-${code}`);
    const other = { ...adjust, points: 600 };
    expect((await post(other, 'first')).body.code).toBe('idempotency_key_reused');
    expect((await post(adjust, 'second')).body).toMatchObject({
      code: 'approval_required',
      limit: 10,
    });
    const refused = await t.ok('POST', '/transactions/bulk', {
      transactions: ['a', 'a', 'b'].map((each) => ({
        ...{ memberId, ...adjust, idempotencyKey: `${each}-${code}` },
      })),
    });
    expect(refused.results.map((each: Answered['body']) => each.problem?.code)).toEqual(
      Array(3).fill('approval_required'),
    );
    await t.ok('PATCH', `/programmes/${code}`, { adjustLimit: 500 });
    expect((await post(adjust, 'second')).status).toBe(201);
  });

  it('conversions at another rate, or at one there is no more', async () => {
    const { code, memberId, post } = await stage();
    const convert = { kind: 'convert', programme: code, toPointType: 'leaves', points: 100 };
    const first = await post(convert, 'first');
    expect(first.status).toBe(201);
    await t.ok('PATCH', `/programmes/${code}`, { conversions: [{ ...rate, num: 5 }] });
    await isReplayed(first, { memberId, ...convert }, `first-${code}`);
    expect((await post({ ...convert, points: 90 }, 'first')).body.code).toBe(
      'idempotency_key_reused',
    );
    expect((await post(convert, 'second')).status).toBe(201);
    await t.ok('PATCH', `/programmes/${code}`, { conversions: [] });
    await isReplayed(first, { memberId, ...convert }, `first-${code}`);
    expect((await post(convert, 'third')).body.code).toBe('conversion_not_offered');
    const { balances } = await t.ok('GET', `/members/${memberId}/balance`);
    const leaves = balances.find((each: Answered['body']) => each.pointType === 'leaves');
    expect(leaves.available).toBe(30 + 50);
  });

  it('returns by another policy, and refunds with another grace', async () => {
    const { code, merchantId, memberId, post, issued } = await stage();
    const burn = await post({ kind: 'burn', merchantId, points: 1_000 }, 'burn');
    const refund = { kind: 'refund', transactionId: burn.body.transaction.id, points: 400 };
    const refunded = await post(refund, 'refund');
    const giveBack = { kind: 'return', transactionId: issued, points: 700 };
    const returned = await post(giveBack, 'return');
    expect([refunded.status, returned.status]).toEqual([201, 201]);
    await t.ok('PATCH', `/programmes/${code}`, {
      returnPolicy: 'pending_only',
      refundGraceDays: 0,
    });
    await isReplayed(refunded, { memberId, ...refund }, `refund-${code}`);
    await isReplayed(returned, { memberId, ...giveBack }, `return-${code}`);
  });

  it('gifts above a cap that is lower now, and refusals by one that was', async () => {
    const { code, memberId: giverId } = await stage();
    const receiverId = await t.member();
    const gift = { giverId, receiverId, programme: code, points: 400, purpose: 'household' };
    const give = (key: string, points = 400): Promise<Answered> =>
      t.call('POST', '/transfers', { ...gift, points }, { key: `${key}-${code}` });
    const first = await give('first');
    expect(first.body.status).toBe('arrived');
    await t.ok('PATCH', `/programmes/${code}`, { giftDayMax: 500 });
    expect((await give('second')).body).toMatchObject({ code: 'limit_reached', left: 100 });
    await t.ok('PATCH', `/programmes/${code}`, { giftMax: 5, giftDayMax: 2_000 });
    expect((await give('first')).body).toEqual(first.body);
    expect((await give('second')).body).toMatchObject({ code: 'limit_reached', left: 100 });
    expect((await give('third')).body).toMatchObject({ code: 'gift_too_large', max: 5 });
    expect((await give('fourth', 5)).body.status).toBe('arrived');
  });
});
