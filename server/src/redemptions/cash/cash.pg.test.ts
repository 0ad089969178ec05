import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  MINUTE,
  openPayingApp,
  PAYEE,
  PAYER,
  type PayingApp,
} from '../../http/testing/paying-app.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';
import { verifyLedger } from '../../ledger/verify.ts';
import { mustReadId } from '../../platform/web/schema.ts';
import { numberOf } from './payment.ts';

let app: PayingApp;
let merchantId: string;
let rewardId: string;
let memberId: string;
beforeAll(async () => {
  app = await openPayingApp();
  merchantId = await app.merchant();
  rewardId = await app.reward(merchantId, { cancellation: { until: 'before_use', feePoints: 50 } });
});
afterAll(async () => {
  const { pool } = app.t;
  const [breaches, { findings }] = [await findBreaches(pool), await verifyLedger(pool)];
  await app.close();
  expect(breaches).toEqual([]);
  expect(findings).toEqual([]);
});
beforeEach(async () => {
  app.other.faults.length = 0;
  memberId = await app.member(merchantId);
});

let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `k${keys}`;
};
const redeem = (more: object = {}, key = newKey()) =>
  app.redeem({ memberId, rewardId, merchantId, ...more }, key);
const noOf = (id: string): string => numberOf(mustReadId('redemption', id));
/** One that waits for the cash; its id, its number at the provider, and how it is asked for again. */
async function paying(more: object = {}) {
  const key = newKey();
  const { status, body, text } = await redeem(more, key);
  expect(status, text).toBe(201);
  expect(body.state).toBe('paying');
  return {
    id: body.id,
    body,
    no: noOf(body.id),
    again: () => redeem(more, key),
  };
}
const look = (id: string) => app.t.ok('GET', `/redemptions/${id}`);
const points = async () => {
  const { available, held } = await app.t.balance(memberId);
  return { available, held };
};
const refunded = (no: string) => app.other.trade(no)?.refundedFen;
const FREE = { available: 2_000, held: 0 };

describe('points and cash', () => {
  it('are both taken when the payer has paid, and neither before', async () => {
    const { id, body, no, again } = await paying();
    expect(body).toMatchObject({
      cash: { askedFen: 1_990, paidFen: 0, refundedFen: 0, refunds: [] },
      payment: { kind: 'wechat_jsapi', package: expect.stringMatching(/^prepay_id=/) },
      deadline: new Date(app.t.clock.now() + 15 * MINUTE).toISOString(),
      vouchers: [],
    });
    expect(app.other.trade(no)).toMatchObject({ subMchId: PAYEE, amountFen: 1_990 });
    expect(await points()).toEqual({ available: 1_500, held: 500 });
    expect((await again()).body).toMatchObject({ id, state: 'paying', payment: {} });
    expect(await app.other.pay(no)).toEqual([204]);
    const done = await look(id);
    expect(done).toMatchObject({
      state: 'fulfilled',
      cash: { askedFen: 1_990, paidFen: 1_990, refundedFen: 0 },
      vouchers: [{ state: 'open' }],
    });
    expect(done.deadline).toBeUndefined();
    expect(await points()).toEqual({ available: 1_500, held: 0 });
    const replay = await again();
    expect([replay.status, replay.body.state, replay.body.payment]).toEqual([
      201,
      'fulfilled',
      undefined,
    ]);
  });

  it('cost what the quantity says, and what the member was shown', async () => {
    expect((await redeem({ quantity: 2, cashFen: 1_990 })).body).toMatchObject({
      code: 'price_changed',
      cashFen: 3_980,
    });
    const dry = await redeem({ quantity: 2, cashFen: 3_980, dryRun: true, payerOpenid: undefined });
    expect([dry.status, dry.body.cash]).toMatchObject([200, { askedFen: 3_980, paidFen: 0 }]);
    const { no, id } = await paying({ quantity: 2, cashFen: 3_980 });
    await app.other.pay(no);
    expect(await look(id)).toMatchObject({ state: 'fulfilled', cash: { paidFen: 3_980 } });
  });

  it('need somebody who pays, and stay one request under their key', async () => {
    expect((await redeem({ payerOpenid: undefined })).body.code).toBe('payer_needed');
    const key = newKey();
    await redeem({}, key);
    expect((await redeem({ payerOpenid: `${PAYER}x` }, key)).body.code).toBe(
      'idempotency_key_reused',
    );
  });

  it('are refused where a merchant has no account', async () => {
    const other = await app.t.merchant();
    const own = await app.reward(other);
    const asked = { memberId, rewardId: own, merchantId: other };
    expect((await app.redeem(asked, newKey())).body).toMatchObject({
      code: 'payment_not_offered',
      why: 'no_account',
    });
    await app.t.ok('PUT', `/merchants/${other}/payee`, { account: '1900000110' });
    expect(await app.t.ok('GET', `/merchants/${other}/payee`)).toMatchObject({
      account: '1900000110',
    });
    const { status, body } = await app.redeem(asked, newKey());
    expect([status, body.state]).toEqual([201, 'paying']);
    await app.t.ok('PUT', `/merchants/${other}/payee`, { account: null });
    expect((await app.redeem(asked, newKey())).body.why).toBe('no_account');
  });

  it('are asked for with the fee of a delivery, once however many are sent', async () => {
    const fulfilment = { kind: 'delivery', feeFen: 800 } as const;
    const own = await app.reward(merchantId, { kind: 'goods', fulfilment });
    const to = { name: '韩梅梅', phone: '13800000000', region: '330106', address: '文三路 1 号' };
    const asked = { rewardId: own, quantity: 2, particulars: { kind: 'delivery', ...to } };
    expect((await redeem({ ...asked, cashFen: 3_980 })).body).toMatchObject({ cashFen: 4_780 });
    const { id, no } = await paying({ ...asked, cashFen: 4_780 });
    expect(app.other.trade(no)?.amountFen).toBe(4_780);
    await app.other.pay(no);
    expect(await look(id)).toMatchObject({ state: 'fulfilled', cash: { paidFen: 4_780 } });
  });

  it('that are refused for want of points ask nobody for cash', async () => {
    memberId = await app.member(merchantId, 499);
    expect((await redeem()).body.code).toBe('insufficient_points');
    const { rows } = await app.t.pool.query(
      'select 1 from payment p join redemption r on r.id = p.redemption where r.member = $1',
      [mustReadId('member', memberId)],
    );
    expect(rows).toEqual([]);
  });
});

describe('what the provider tells', () => {
  it('twice is one payment', async () => {
    const { id, no } = await paying();
    expect(await app.other.pay(no, { tells: 3 })).toEqual([204, 204, 204]);
    expect(await look(id)).toMatchObject({ state: 'fulfilled', vouchers: [{ place: 0 }] });
    expect(await points()).toEqual({ available: 1_500, held: 0 });
  });

  it('never is found out by looking', async () => {
    const { id, no } = await paying();
    await app.other.pay(no, { tells: 0 });
    expect((await look(id)).state).toBe('paying');
    await app.minutes(1);
    expect(await look(id)).toMatchObject({ state: 'fulfilled', cash: { paidFen: 1_990 } });
  });

  it('is found out by the same request too', async () => {
    const { id, no, again } = await paying();
    await app.other.pay(no, { tells: 0 });
    expect((await again()).body).toMatchObject({ id, state: 'fulfilled' });
  });

  it('before the answer of opening is heard all the same', async () => {
    const key = newKey();
    app.other.onOpen((no) => app.other.pay(no));
    const { status, body } = await redeem({}, key);
    app.other.onOpen(undefined);
    expect([status, body.state, body.payment]).toEqual([201, 'fulfilled', undefined]);
  });

  it('is refused when the provider did not sign it', async () => {
    const { id, no } = await paying();
    await app.other.pay(no, { tells: 0 });
    const { headers, body } = app.other.noticeOf(no);
    const post = (text: string, more: object = {}) =>
      app.t.app.inject({
        method: 'POST',
        url: '/v1/payments/notices',
        headers: { ...headers, ...more },
        payload: text,
      });
    const probe = { 'wechatpay-signature': 'WECHATPAY/SIGNTEST/probe' };
    for (const [text, more] of [
      [`${body} `, {}],
      [body, { 'wechatpay-serial': 'unknown' }],
      [body, probe],
      ['', {}],
    ] as const)
      expect((await post(text, more)).statusCode).toBe(401);
    expect((await look(id)).state).toBe('paying');
    expect((await post(body)).statusCode).toBe(204);
    expect((await look(id)).state).toBe('fulfilled');
  });
});

describe('a payment that does not come about', () => {
  it('ends with its time: it is closed first, then all is as before', async () => {
    const { id, no, again } = await paying();
    await app.minutes(14);
    expect((await look(id)).state).toBe('paying');
    await app.minutes(1);
    expect(app.other.trade(no)?.state).toBe('CLOSED');
    expect(await look(id)).toMatchObject({ state: 'timed_out', cash: { paidFen: 0 } });
    expect(await points()).toEqual(FREE);
    expect((await again()).body.code).toBe('redemption_timed_out');
  });

  it('is paid in the last moment: it goes on', async () => {
    const { id, no } = await paying();
    app.t.clock.set(app.t.clock.now() + 15 * MINUTE - 1_000);
    await app.other.pay(no, { tells: 0 });
    await app.minutes(1);
    expect((await look(id)).state).toBe('fulfilled');
  });

  it('waits as long as nobody knows whether it is closed', async () => {
    const { id, no } = await paying();
    app.t.clock.set(app.t.clock.now() + 15 * MINUTE);
    app.other.faults.push('down');
    await app.minutes(1);
    expect((await look(id)).state).toBe('paying');
    expect((await points()).held).toBe(500);
    await app.minutes(1);
    expect((await look(id)).state).toBe('timed_out');
    expect(app.other.trade(no)?.state).toBe('CLOSED');
  });

  it('and was perhaps never opened is waited for until nobody can open it any more', async () => {
    const key = newKey();
    app.other.faults.push('down');
    const { status, body } = await redeem({}, key);
    expect([status, body.code]).toEqual([503, 'unavailable']);
    const { items } = await app.t.ok('GET', `/redemptions?memberId=${memberId}`);
    await app.minutes(15);
    expect((await look(items[0].id)).state).toBe('paying');
    await app.minutes(7);
    expect((await look(items[0].id)).state).toBe('timed_out');
    expect(await points()).toEqual(FREE);
    expect((await redeem({}, key)).body.code).toBe('redemption_timed_out');
  });

  it('whose opening was lost is opened by the same request', async () => {
    const key = newKey();
    app.other.faults.push('lost');
    expect((await redeem({}, key)).status).toBe(503);
    const { status, body } = await redeem({}, key);
    expect([status, body.state]).toEqual([201, 'paying']);
  });

  it('because the provider refuses it takes nothing', async () => {
    app.other.refuses = 'NO_AUTH';
    const { body } = await redeem();
    app.other.refuses = undefined;
    expect(body).toMatchObject({ code: 'payment_refused', reason: 'NO_AUTH' });
    expect(await points()).toEqual(FREE);
  });

  it('of another sum goes back, and the points too', async () => {
    const { id, no } = await paying();
    await app.other.pay(no, { fen: 1_000 });
    expect(await look(id)).toMatchObject({
      state: 'refused',
      problem: 'payment_refused',
      cash: { askedFen: 1_990, paidFen: 1_000, refundedFen: 1_000 },
    });
    expect(await points()).toEqual(FREE);
    await app.minutes(2);
    expect(refunded(no)).toBe(1_000);
    expect((await look(id)).cash.refunds).toMatchObject([
      { state: 'done', reason: 'not_redeemed' },
    ]);
  });

  it('is given up by who does not want it any more, at once and whatever the terms', async () => {
    const own = await app.reward(merchantId, { cancellation: { until: 'never' } });
    const { id, no, again } = await paying({ rewardId: own });
    const cancel = (body: object = {}) => app.t.ok('POST', `/redemptions/${id}/cancel`, body);
    expect(await cancel({ dryRun: true })).toMatchObject({ state: 'timed_out', dryRun: true });
    expect((await look(id)).state).toBe('paying');
    expect(await cancel()).toMatchObject({ state: 'timed_out', cash: { paidFen: 0 } });
    expect((await cancel()).state).toBe('timed_out');
    expect(app.other.trade(no)?.state).toBe('CLOSED');
    expect(await points()).toEqual(FREE);
    expect((await again()).body.code).toBe('redemption_timed_out');
  });

  it('is not given up when it was paid a moment before: then its terms hold', async () => {
    const own = await app.reward(merchantId, { cancellation: { until: 'never' } });
    const { id, no } = await paying({ rewardId: own });
    await app.other.pay(no, { tells: 0 });
    const { body } = await app.t.call('POST', `/redemptions/${id}/cancel`, {});
    expect(body.code).toBe('redemption_not_cancellable');
    expect((await look(id)).state).toBe('fulfilled');
  });

  it('but is paid when all is over goes back', async () => {
    const { id, no } = await paying();
    await app.minutes(15);
    expect((await look(id)).state).toBe('timed_out');
    await app.other.pay(no, { evenClosed: true });
    expect(await look(id)).toMatchObject({ state: 'timed_out', cash: { refundedFen: 1_990 } });
    await app.minutes(2);
    expect(refunded(no)).toBe(1_990);
    expect(await points()).toEqual(FREE);
  });
});

describe('cash that goes back', () => {
  async function paid() {
    const one = await paying();
    await app.other.pay(one.no);
    return one;
  }
  const cancel = (id: string) => app.t.ok('POST', `/redemptions/${id}/cancel`, {});

  it('goes back whole when the member cancels; the fee is in points', async () => {
    const { id, no } = await paid();
    expect(await cancel(id)).toMatchObject({ state: 'cancelled', cash: { refundedFen: 1_990 } });
    await cancel(id);
    expect(await points()).toEqual({ available: 1_950, held: 0 });
    await app.minutes(2);
    expect(refunded(no)).toBe(1_990);
    expect((await look(id)).cash.refunds).toMatchObject([
      { amountFen: 1_990, reason: 'cancelled', state: 'done' },
    ]);
  });

  it('is sent until the provider takes it, and shown as refused meanwhile', async () => {
    const { id, no } = await paid();
    await cancel(id);
    app.other.refuses = 'NOT_ENOUGH';
    await app.minutes(1);
    expect((await look(id)).cash.refunds).toMatchObject([
      { state: 'sending', refused: 'NOT_ENOUGH' },
    ]);
    app.other.refuses = undefined;
    app.other.faults.push('lost');
    await app.minutes(3);
    expect((await look(id)).cash.refunds).toMatchObject([{ state: 'done', refused: null }]);
    expect(refunded(no)).toBe(1_990);
  });

  it('that cannot reach the payer has failed, for somebody to see to', async () => {
    const { id } = await paid();
    await cancel(id);
    app.other.refundsEnd = 'ABNORMAL';
    await app.minutes(2);
    app.other.refundsEnd = 'SUCCESS';
    await app.minutes(2);
    expect((await look(id)).cash).toMatchObject({ refundedFen: 0, refunds: [{ state: 'failed' }] });
  });

  it('keeps to the price, the terms and the account of its day', async () => {
    const own = await app.reward(merchantId);
    const asked = { memberId, rewardId: own, merchantId };
    const old = await app.redeem(asked, newKey());
    const { body: terms } = await app.t.ok('GET', `/reward-versions/${old.body.rewardVersionId}`);
    const prices = [{ points: [{ pointType: 'points', points: 400 }], cashFen: 990 }];
    await app.t.ok('PUT', `/rewards/${own}/draft`, { body: { ...terms, prices } });
    await app.t.ok('POST', `/rewards/${own}/publish`, {});
    await app.t.ok('PUT', `/merchants/${merchantId}/payee`, { account: '1900000111' });
    app.t.clock.set(app.t.clock.now() + MINUTE);
    const next = await app.redeem(asked, newKey());
    expect(next.body).toMatchObject({ state: 'paying', cash: { askedFen: 990 } });
    const no = noOf(old.body.id);
    await app.other.pay(no);
    expect(await look(old.body.id)).toMatchObject({
      state: 'fulfilled',
      price: [{ points: 500 }],
      cash: { askedFen: 1_990, paidFen: 1_990 },
    });
    expect([app.other.trade(no)?.subMchId, app.other.trade(noOf(next.body.id))?.subMchId]).toEqual([
      PAYEE,
      '1900000111',
    ]);
    await cancel(old.body.id);
    await app.minutes(2);
    expect(refunded(no)).toBe(1_990);
    await app.t.ok('PUT', `/merchants/${merchantId}/payee`, { account: PAYEE });
  });
});

it('is listed for finance, by merchant and time', async () => {
  const other = await app.merchant();
  const own = await app.reward(other);
  const from = new Date(app.t.clock.now()).toISOString();
  const nos: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const { body } = await app.redeem({ memberId, rewardId: own, merchantId: other }, newKey());
    nos.unshift(noOf(body.id));
    app.t.clock.set(app.t.clock.now() + 1);
  }
  await app.other.pay(nos[0] as string);
  const auth = await app.t.apiKey(['redemptions:read'], other);
  const list = (query: string) => app.t.ok('GET', `/payments?${query}`, undefined, { auth });
  const first = await list('limit=2');
  expect(first.items).toMatchObject([
    {
      paymentNo: nos[0],
      state: 'paid',
      paidFen: 1_990,
      transactionNo: `42000${nos[0]}`,
      payee: PAYEE,
    },
    { paymentNo: nos[1], state: 'open', paidFen: 0, paidAt: null, refunds: [] },
  ]);
  const next = await list(`limit=2&cursor=${first.nextCursor}`);
  expect(next.items.map(({ paymentNo }: { paymentNo: string }) => paymentNo)).toEqual([nos[2]]);
  expect((await list(`from=${from}`)).items).toHaveLength(3);
  expect((await list(`until=${from}`)).items).toEqual([]);
  const stranger = await app.t.apiKey(['redemptions:read'], merchantId);
  const mine = await app.t.ok('GET', '/payments', undefined, { auth: stranger });
  expect(mine.items.some(({ merchantId: id }: { merchantId: string }) => id === other)).toBe(false);
});
