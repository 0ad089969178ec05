import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manualClock } from '../../kernel/clock.ts';
import {
  startWechatPayCounterpart,
  type WechatPayCounterpart,
} from './counterpart/wechat-pay-counterpart.ts';
import { type PaymentAsked, PaymentRefused, type Payments, PaymentUnavailable } from './payment.ts';
import { verifyLines } from './wechat-crypto.ts';
import { createWechatPay } from './wechat-pay.ts';

const clock = manualClock(Date.parse('2027-06-01T00:00:00Z'));
let other: WechatPayCounterpart;
let payments: Payments;
beforeAll(async () => {
  other = await startWechatPayCounterpart(() => clock.now());
  payments = createWechatPay(optionsOf());
});
afterAll(() => other.close());

const optionsOf = () => ({
  clock,
  address: other.address,
  appId: 'wx0000000000000001',
  ...other.merchant,
  platformKeys: other.platformKeys,
  apiKey: other.apiKey,
  notifyUrl: 'https://points.example/v1/payments/notices',
});

let numbers = 0;
let asked: PaymentAsked;
beforeEach(() => {
  numbers += 1;
  other.faults.length = 0;
  asked = {
    paymentNo: `pay_${String(numbers).padStart(6, '0')}`,
    payee: '1900000109',
    amountFen: 1_990,
    description: '空调清洗',
    payer: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    expiresAt: clock.now() + 15 * 60_000,
  };
});
const refundOf = (more: object = {}) => ({
  paymentNo: asked.paymentNo,
  refundNo: `ref_${asked.paymentNo}`,
  payee: asked.payee,
  amountFen: 1_990,
  totalFen: 1_990,
  reason: '会员取消',
  ...more,
});

describe('a payment', () => {
  it('is opened, paid, and refunded in parts, to the merchant’s own account', async () => {
    const { paySign, ...shown } = await payments.open(asked);
    const lines = [shown.appId, shown.timeStamp, shown.nonceStr, shown.package] as string[];
    const merchantKey = createPublicKey(other.merchant.privateKey);
    expect(shown.package).toMatch(/^prepay_id=wx/);
    expect(verifyLines(merchantKey, lines, String(paySign))).toBe(true);
    expect(other.trade(asked.paymentNo)).toMatchObject({ amountFen: 1_990, subMchId: asked.payee });
    expect(await payments.look(asked.paymentNo, asked.payee)).toEqual({ status: 'open' });
    await other.pay(asked.paymentNo, { tells: 0 });
    expect(await payments.look(asked.paymentNo, asked.payee)).toMatchObject({
      status: 'paid',
      amountFen: 1_990,
      paidAt: clock.now(),
    });
    const part = refundOf({ amountFen: 990 });
    expect(await payments.refund(part)).toEqual({ status: 'processing' });
    expect(await payments.refund(part)).toEqual({ status: 'done' });
    expect(await payments.lookRefund(part.refundNo, asked.payee)).toEqual({ status: 'done' });
    const rest = refundOf({ refundNo: `${part.refundNo}_2`, amountFen: 1_001 });
    await expect(payments.refund(rest)).rejects.toThrow(PaymentRefused);
    await payments.refund({ ...rest, amountFen: 1_000 });
    expect(await payments.look(asked.paymentNo, asked.payee)).toMatchObject({ status: 'refunded' });
  });

  it('is one payment however often it is asked for, and never another one under its number', async () => {
    await payments.open(asked);
    await payments.open(asked);
    const dearer = payments.open({ ...asked, amountFen: 2_000 });
    await expect(dearer).rejects.toMatchObject({ code: 'OUT_TRADE_NO_USED' });
  });

  it('that was closed cannot be paid; one that was paid a moment before is told so', async () => {
    await payments.open(asked);
    expect(await payments.close(asked.paymentNo, asked.payee)).toEqual({ status: 'closed' });
    await expect(other.pay(asked.paymentNo)).rejects.toThrow('CLOSED');
    asked = { ...asked, paymentNo: `${asked.paymentNo}_b` };
    await payments.open(asked);
    await other.pay(asked.paymentNo, { tells: 0 });
    expect(await payments.close(asked.paymentNo, asked.payee)).toMatchObject({ status: 'paid' });
    expect(await payments.close('never_opened', asked.payee)).toEqual({ status: 'unknown' });
  });

  it('ends by itself when its time is over', async () => {
    await payments.open(asked);
    clock.advance(15 * 60_000);
    expect(await payments.look(asked.paymentNo, asked.payee)).toEqual({ status: 'closed' });
  });

  it('of another merchant is not there', async () => {
    await payments.open(asked);
    expect(await payments.look(asked.paymentNo, '1900000110')).toEqual({ status: 'unknown' });
    expect(await payments.lookRefund('ref_nothing', asked.payee)).toEqual({ status: 'unknown' });
  });
});

describe('when the other side cannot be trusted', () => {
  it('nobody knows what was done, and asking again finds out', async () => {
    for (const fault of ['lost', 'down', 'forged', 'unsigned', 'stale'] as const) {
      asked = { ...asked, paymentNo: `pay_${fault}` };
      other.faults.push(fault);
      await expect(payments.open(asked), fault).rejects.toThrow(PaymentUnavailable);
      expect(other.trade(asked.paymentNo) === undefined, fault).toBe(fault === 'down');
      await payments.open(asked);
      await other.pay(asked.paymentNo, { tells: 0 });
      other.faults.push(fault);
      await expect(payments.refund(refundOf()), fault).rejects.toThrow(PaymentUnavailable);
      await payments.refund(refundOf());
      expect(other.trade(asked.paymentNo)?.refundedFen, fault).toBe(1_990);
    }
  });

  it('nothing is believed from who has another key, and a stranger is not served', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const [serial = ''] = other.platformKeys.keys();
    const misled = createWechatPay({
      ...optionsOf(),
      platformKeys: new Map([[serial, publicKey]]),
    });
    await expect(misled.open(asked)).rejects.toThrow(PaymentUnavailable);
    const stranger = createWechatPay({ ...optionsOf(), privateKey });
    await expect(stranger.open(asked)).rejects.toMatchObject({ code: 'SIGN_ERROR' });
    const nowhere = createWechatPay({ ...optionsOf(), address: 'http://127.0.0.1:9' });
    await expect(nowhere.open(asked)).rejects.toThrow(PaymentUnavailable);
  });
});

describe('a notice', () => {
  it('names its payment when it is genuine, however often it comes', async () => {
    await payments.open(asked);
    const { headers, body } = other.noticeOf(asked.paymentNo);
    const about = { about: 'payment', paymentNo: asked.paymentNo };
    expect(payments.readNotice(headers, body)).toEqual(about);
    expect(payments.readNotice(headers, body)).toEqual(about);
  });

  it('is refused when anything of it was changed, it is old, or its key is unknown', async () => {
    await payments.open(asked);
    const { headers, body } = other.noticeOf(asked.paymentNo);
    expect(payments.readNotice(headers, `${body} `)).toBeNull();
    expect(payments.readNotice({}, body)).toBeNull();
    for (const [name, value] of Object.entries({
      'wechatpay-signature': Buffer.alloc(256).toString('base64'),
      'wechatpay-timestamp': 'soon',
      'wechatpay-nonce': 'other',
      'wechatpay-serial': 'WECHATPAY/SIGNTEST/unknown',
    }))
      expect(payments.readNotice({ ...headers, [name]: value }, body), name).toBeNull();
    const blind = createWechatPay({ ...optionsOf(), apiKey: Buffer.alloc(32) });
    expect(blind.readNotice(headers, body)).toBeNull();
    clock.advance(6 * 60_000);
    expect(payments.readNotice(headers, body)).toBeNull();
  });
});
