import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../kernel/clock.ts';
import { readInstant } from '../../kernel/clock.ts';
import {
  type PaymentAsked,
  type PaymentNotice,
  PaymentRefused,
  type PaymentStanding,
  type Payments,
  PaymentUnavailable,
  type RefundAsked,
  type RefundStanding,
} from './payment.ts';
import { newNonce, openSealed, signLines, verifyLines } from './wechat-crypto.ts';

/** A service provider's account at WeChat Pay (服务商): merchants take part with accounts of their own (特约商户), which the money goes to. */
export interface WechatPayOptions {
  readonly clock: Clock;
  /** `https://api.mch.weixin.qq.com`. */
  readonly address: string;
  readonly appId: string;
  readonly mchId: string;
  /** Of the API certificate of `mchId`, and its private key. */
  readonly serialNo: string;
  readonly privateKey: KeyObject;
  /** The keys WeChat Pay signs with, by the serial number of their certificate or their public-key id. */
  readonly platformKeys: ReadonlyMap<string, KeyObject>;
  /** The APIv3 key: 32 bytes. */
  readonly apiKey: Buffer;
  /** Where notices go: https, without a query. */
  readonly notifyUrl: string;
}

const SCHEME = 'WECHATPAY2-SHA256-RSA2048';
/** A signature is good for five minutes. */
const SKEW_MS = 5 * 60_000;
const TIMEOUT_MS = 10_000;
const ANSWER_MAX = 1024 * 1024;

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

/** What the API says to be wrong, and what it answers. */
interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** WeChat Pay, APIv3, in the mode of a service provider; payments from a page inside WeChat (JSAPI). */
export function createWechatPay(options: WechatPayOptions): Payments {
  const { clock, appId, mchId } = options;
  const ask = (asked: Asked): Promise<Answer> => call(options, asked);
  const ofPayment = (paymentNo: string): string =>
    `/v3/pay/partner/transactions/out-trade-no/${paymentNo}`;

  async function look(paymentNo: string, payee: string): Promise<PaymentStanding> {
    const query = new URLSearchParams({ sp_mchid: mchId, sub_mchid: payee });
    const path = `${ofPayment(paymentNo)}?${query}`;
    const answer = await ask({ method: 'GET', path });
    if (codeOf(answer) === 'ORDER_NOT_EXIST') return { status: 'unknown' };
    return standingOf(accepted(answer));
  }

  return {
    look,
    async open({ paymentNo, payee, amountFen, description, payer, expiresAt }: PaymentAsked) {
      const answer = await ask({
        method: 'POST',
        path: '/v3/pay/partner/transactions/jsapi',
        body: {
          ...{ sp_appid: appId, sp_mchid: mchId, sub_mchid: payee },
          ...{ description, out_trade_no: paymentNo, notify_url: options.notifyUrl },
          time_expire: new Date(expiresAt).toISOString().replace(/\.\d+Z$/, '+00:00'),
          amount: { total: amountFen, currency: 'CNY' },
          payer: { sp_openid: payer },
        },
      });
      const { prepay_id: prepayId } = accepted(answer);
      if (typeof prepayId !== 'string') throw new PaymentUnavailable('an answer without prepay_id');
      const timeStamp = String(Math.floor(clock.now() / 1000));
      const nonceStr = newNonce();
      const packed = `prepay_id=${prepayId}`;
      return {
        ...{ appId, timeStamp, nonceStr, package: packed, signType: 'RSA' },
        paySign: signLines(options.privateKey, [appId, timeStamp, nonceStr, packed]),
      };
    },
    async close(paymentNo, payee) {
      const body = { sp_mchid: mchId, sub_mchid: payee };
      const path = `${ofPayment(paymentNo)}/close`;
      const answer = await ask({ method: 'POST', path, body });
      // Paid, closed already, or never opened: whichever it is, looking tells.
      const isOver = ['ORDERPAID', 'ORDER_CLOSED', 'ORDER_NOT_EXIST'].includes(
        codeOf(answer) ?? '',
      );
      if (!isOver) accepted(answer);
      return look(paymentNo, payee);
    },
    async refund({ paymentNo, refundNo, payee, amountFen, totalFen, reason }: RefundAsked) {
      const answer = await ask({
        method: 'POST',
        path: '/v3/refund/domestic/refunds',
        body: {
          ...{ sub_mchid: payee, out_trade_no: paymentNo, out_refund_no: refundNo, reason },
          amount: { refund: amountFen, total: totalFen, currency: 'CNY' },
        },
      });
      return refundOf(accepted(answer));
    },
    async lookRefund(refundNo, payee) {
      const query = new URLSearchParams({ sub_mchid: payee });
      const path = `/v3/refund/domestic/refunds/${refundNo}?${query}`;
      const answer = await ask({ method: 'GET', path });
      if (codeOf(answer) === 'RESOURCE_NOT_EXISTS') return { status: 'unknown' };
      return refundOf(accepted(answer));
    },
    readNotice: (headers, body) => readNotice(options, headers, body),
  };
}

/** Sends a signed request; answers only what WeChat Pay has signed. */
async function call(options: WechatPayOptions, { method, path, body }: Asked): Promise<Answer> {
  const { clock, address, mchId, serialNo, privateKey } = options;
  const sent = body === undefined ? '' : JSON.stringify(body);
  const timestamp = Math.floor(clock.now() / 1000);
  const nonce = newNonce();
  const signature = signLines(privateKey, [method, path, timestamp, nonce, sent]);
  const token = `mchid="${mchId}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${serialNo}"`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL(path, address), {
      method,
      headers: {
        authorization: `${SCHEME} ${token}`,
        accept: 'application/json',
        'content-type': 'application/json',
        'user-agent': 'hongmi',
      },
      ...(body === undefined ? {} : { body: sent }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    text = await response.text();
  } catch (error) {
    throw new PaymentUnavailable('WeChat Pay does not answer', { cause: error });
  }
  if (text.length > ANSWER_MAX) throw new PaymentUnavailable('an answer too long to be one');
  const { status } = response;
  if (status >= 500 || status === 429) throw new PaymentUnavailable(`WeChat Pay answers ${status}`);
  const headers = Object.fromEntries(response.headers);
  // Only who could not prove who they are is answered without a signature.
  if (status !== 401 && !isSigned(options, headers, text))
    throw new PaymentUnavailable('an answer that WeChat Pay has not signed');
  return { status, body: parse(text) };
}

function isSigned(
  { clock, platformKeys }: WechatPayOptions,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
): boolean {
  const of = (name: string): string => String(headers[`wechatpay-${name}`] ?? '');
  const key = platformKeys.get(of('serial'));
  const timestamp = of('timestamp');
  if (key === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(clock.now() - Number(timestamp) * 1000) > SKEW_MS) return false;
  return verifyLines(key, [timestamp, of('nonce'), body], of('signature'));
}

function parse(text: string): Record<string, unknown> {
  const value = text === '' ? {} : parseOrNull(text);
  if (value === null) throw new PaymentUnavailable('an answer that is no JSON object');
  return value;
}

function parseOrNull(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function codeOf({ status, body }: Answer): string | undefined {
  return status < 300 ? undefined : String(body.code ?? status);
}

function accepted(answer: Answer): Record<string, unknown> {
  const code = codeOf(answer);
  if (code === undefined) return answer.body;
  const message = String(answer.body.message ?? '');
  if (code === 'SYSTEM_ERROR' || code === 'FREQUENCY_LIMITED' || code === 'BANK_ERROR')
    throw new PaymentUnavailable(`${code}: ${message}`);
  throw new PaymentRefused(code, message);
}

function standingOf(body: Record<string, unknown>): PaymentStanding {
  const { trade_state: state, amount, success_time: at, transaction_id: transactionNo } = body;
  switch (state) {
    case 'NOTPAY':
    case 'USERPAYING':
    case 'ACCEPT':
      return { status: 'open' };
    case 'CLOSED':
    case 'REVOKED':
    case 'PAYERROR':
      return { status: 'closed' };
    case 'SUCCESS':
    case 'REFUND': {
      const { total: amountFen } = (amount ?? {}) as { total?: unknown };
      const paidAt = readInstant(String(at));
      if (!Number.isSafeInteger(amountFen) || paidAt === undefined)
        throw new PaymentUnavailable('a payment without its amount or time');
      const status = state === 'SUCCESS' ? 'paid' : 'refunded';
      return {
        ...{ status, amountFen: amountFen as number, paidAt },
        transactionNo: String(transactionNo),
      };
    }
    default:
      throw new PaymentUnavailable(`a payment that is ${String(state)}`);
  }
}

function refundOf({ status }: Record<string, unknown>): RefundStanding {
  if (status === 'SUCCESS') return { status: 'done' };
  if (status === 'PROCESSING') return { status: 'processing' };
  if (status === 'CLOSED' || status === 'ABNORMAL') return { status: 'failed' };
  throw new PaymentUnavailable(`a refund that is ${String(status)}`);
}

interface Sealed {
  readonly algorithm?: string;
  readonly ciphertext?: unknown;
  readonly nonce?: unknown;
  readonly associated_data?: unknown;
}

function readNotice(
  options: WechatPayOptions,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
): PaymentNotice | null {
  if (!isSigned(options, headers, body)) return null;
  const { event_type: type, resource } = parseOrNull(body) ?? {};
  const { algorithm, ciphertext, nonce, associated_data: data } = (resource ?? {}) as Sealed;
  if (algorithm !== 'AEAD_AES_256_GCM') return null;
  const text = openSealed(options.apiKey, {
    ciphertext: String(ciphertext),
    nonce: String(nonce),
    associated_data: String(data ?? ''),
  });
  if (text === undefined) return null;
  const { out_trade_no: paymentNo } = parseOrNull(text) ?? {};
  if (typeof paymentNo !== 'string') return null;
  return { about: String(type).startsWith('REFUND.') ? 'refund' : 'payment', paymentNo };
}
