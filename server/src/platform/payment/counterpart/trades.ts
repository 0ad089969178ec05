import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** One payment as the other side keeps it. */
export interface Trade {
  readonly no: string;
  readonly subMchId: string;
  amountFen: number;
  readonly told: string;
  readonly notifyUrl: string;
  readonly expiresAt: number;
  state: 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED';
  paidAt: string | null;
  refundedFen: number;
}

interface Refund {
  readonly no: string;
  readonly subMchId: string;
  readonly trade: string;
  readonly fen: number;
  readonly told: string;
}

interface OpenAsked {
  readonly out_trade_no: string;
  readonly sub_mchid: string;
  readonly description: string;
  readonly notify_url: string;
  readonly time_expire: string;
  readonly amount: { readonly total: number };
  readonly payer: { readonly sp_openid?: string };
}

interface RefundAsked {
  readonly out_refund_no: string;
  readonly out_trade_no: string;
  readonly sub_mchid: string;
  readonly amount: { readonly refund: number; readonly total: number };
}

export interface Said {
  readonly status: number;
  readonly body: object | null;
}

export const bad = (status: number, code: string, message = code): Said => ({
  status,
  body: { code, message },
});

type Saved = { readonly trade: Trade } | { readonly refund: Refund };

/** The payments and refunds of the other side; in a file too, where they are to outlive the process. */
export class Trades {
  /** How refunds end. */
  refundsEnd: 'SUCCESS' | 'ABNORMAL' | 'CLOSED' = 'SUCCESS';
  private readonly trades = new Map<string, Trade>();
  private readonly refunds = new Map<string, Refund>();
  private readonly mchId: string;
  private readonly now: () => number;
  private readonly file: string | undefined;

  constructor(mchId: string, now: () => number, file?: string) {
    this.mchId = mchId;
    this.now = now;
    this.file = file;
    if (file === undefined || !existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n'))
      if (isWhole(line)) this.keep(JSON.parse(line));
  }

  get(no: string): Trade | undefined {
    return this.trades.get(no);
  }

  /** The payer pays; `fen`: another sum than was asked; `evenClosed`: what no provider should let happen. */
  pay(no: string, fen: number | undefined, evenClosed: boolean): Trade {
    const trade = this.trades.get(no);
    if (trade === undefined) throw new Error(`there is no trade ${no}`);
    this.expire(trade);
    if (trade.state !== 'NOTPAY' && !(evenClosed && trade.state === 'CLOSED'))
      throw new Error(`the trade ${no} is ${trade.state}`);
    trade.state = 'SUCCESS';
    trade.amountFen = fen ?? trade.amountFen;
    trade.paidAt = new Date(this.now()).toISOString();
    this.save({ trade });
    return trade;
  }

  perform(method: string, url: URL, body: string): Said {
    const { pathname: path, searchParams: query } = url;
    const asked = body === '' ? {} : JSON.parse(body);
    if (method === 'POST' && path === '/v3/pay/partner/transactions/jsapi')
      return this.open(asked, body);
    const [, no = '', verb] =
      /^\/v3\/pay\/partner\/transactions\/out-trade-no\/([^/]+)(\/close)?$/.exec(path) ?? [];
    if (no !== '') {
      const trade = this.trades.get(no);
      const payee = verb === undefined ? query.get('sub_mchid') : asked.sub_mchid;
      if (trade === undefined || trade.subMchId !== payee) return bad(404, 'ORDER_NOT_EXIST');
      this.expire(trade);
      if (verb === undefined && method === 'GET') return { status: 200, body: this.show(trade) };
      if (method !== 'POST') return bad(405, 'METHOD_NOT_ALLOWED');
      if (trade.state === 'SUCCESS' || trade.state === 'REFUND') return bad(400, 'ORDERPAID');
      trade.state = 'CLOSED';
      this.save({ trade });
      return { status: 204, body: null };
    }
    if (method === 'POST' && path === '/v3/refund/domestic/refunds')
      return this.refund(asked, body);
    const [, refundNo = ''] = /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/.exec(path) ?? [];
    const found = this.refunds.get(refundNo);
    if (found === undefined || found.subMchId !== query.get('sub_mchid'))
      return bad(404, refundNo === '' ? 'NOT_FOUND' : 'RESOURCE_NOT_EXISTS');
    return { status: 200, body: { out_refund_no: found.no, status: this.refundsEnd } };
  }

  private open(asked: OpenAsked, told: string): Said {
    const { out_trade_no: no, sub_mchid: subMchId, amount, notify_url: notifyUrl, payer } = asked;
    const { total } = amount;
    if (!/^[0-9a-zA-Z_*-]{6,32}$/.test(no)) return bad(400, 'PARAM_ERROR', 'out_trade_no');
    if (!Number.isInteger(total) || total < 1) return bad(400, 'PARAM_ERROR', 'amount.total');
    if (Buffer.byteLength(asked.description) > 127) return bad(400, 'PARAM_ERROR', 'description');
    if (payer.sp_openid === undefined) return bad(400, 'PARAM_ERROR', 'payer.sp_openid');
    const known = this.trades.get(no);
    if (known !== undefined && known.told !== told) return bad(400, 'OUT_TRADE_NO_USED');
    if (known !== undefined && known.state === 'CLOSED') return bad(400, 'ORDER_CLOSED');
    if (known !== undefined && known.state !== 'NOTPAY') return bad(400, 'ORDERPAID');
    const expiresAt = Date.parse(asked.time_expire);
    if (!(expiresAt > this.now())) return bad(400, 'PARAM_ERROR', 'time_expire');
    this.save({
      trade: {
        ...{ no, subMchId, amountFen: total, told, notifyUrl, expiresAt },
        ...{ state: 'NOTPAY', paidAt: null, refundedFen: 0 },
      },
    });
    return { status: 200, body: { prepay_id: `wx${randomBytes(16).toString('hex')}` } };
  }

  private refund(asked: RefundAsked, told: string): Said {
    const { out_refund_no: no, out_trade_no: tradeNo, sub_mchid: subMchId, amount } = asked;
    const { refund: fen, total } = amount;
    const known = this.refunds.get(no);
    if (known !== undefined)
      return known.told === told
        ? { status: 200, body: { out_refund_no: no, status: this.refundsEnd } }
        : bad(400, 'INVALID_REQUEST', 'the refund has other figures');
    const trade = this.trades.get(tradeNo);
    if (trade === undefined || trade.subMchId !== subMchId) return bad(404, 'RESOURCE_NOT_EXISTS');
    if (trade.paidAt === null) return bad(400, 'INVALID_REQUEST', 'it is not paid');
    if (trade.amountFen !== total || fen < 1 || trade.refundedFen + fen > total)
      return bad(400, 'INVALID_REQUEST', 'more than was paid');
    trade.refundedFen += fen;
    trade.state = 'REFUND';
    this.save({ trade });
    this.save({ refund: { no, subMchId, trade: tradeNo, fen, told } });
    return { status: 200, body: { out_refund_no: no, status: 'PROCESSING' } };
  }

  private expire(trade: Trade): void {
    if (trade.state === 'NOTPAY' && trade.expiresAt <= this.now()) trade.state = 'CLOSED';
  }

  show(trade: Trade): object {
    return {
      ...{ sp_mchid: this.mchId, sub_mchid: trade.subMchId, out_trade_no: trade.no },
      ...{ trade_state: trade.state, amount: { total: trade.amountFen, currency: 'CNY' } },
      ...(trade.paidAt === null
        ? {}
        : { success_time: trade.paidAt, transaction_id: `42000${trade.no}` }),
    };
  }

  private save(saved: Saved): void {
    this.keep(saved);
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(saved)}\n`);
  }

  private keep(saved: Saved): void {
    if ('trade' in saved) this.trades.set(saved.trade.no, saved.trade);
    else this.refunds.set(saved.refund.no, saved.refund);
  }
}

/** Of a line that a crash cut off nothing is known. */
const isWhole = (line: string): boolean => line.endsWith('}');
