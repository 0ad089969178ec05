import {
  createCipheriv,
  createSign,
  createVerify,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One payment as the other side keeps it. */
interface Trade {
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

/**
 * What the next request suffers: `lost`: it is done and its answer never comes; `down`: it is not done; `forged`, `unsigned`,
 * `stale`: its answer is not to be trusted.
 */
export type Fault = 'lost' | 'down' | 'forged' | 'unsigned' | 'stale';

/**
 * The other side of WeChat Pay's APIv3 over HTTP, with keys of its own: it says the wire format again, independently of the
 * client, checks every signature, and keeps what it was asked.
 */
export interface WechatPayCounterpart {
  readonly address: string;
  readonly platformKeys: ReadonlyMap<string, KeyObject>;
  readonly apiKey: Buffer;
  readonly merchant: {
    readonly mchId: string;
    readonly serialNo: string;
    readonly privateKey: KeyObject;
  };
  /** Suffered by the requests to come, one each. */
  readonly faults: Fault[];
  /** Every request that was done, as `POST /v3/…`. */
  readonly done: readonly string[];
  trade(no: string): Readonly<Trade> | undefined;
  /** The code that it refuses every request with; undefined: none. */
  refuses: string | undefined;
  /** How refunds end. */
  refundsEnd: 'SUCCESS' | 'ABNORMAL' | 'CLOSED';
  /** Called when a payment was opened, before that is answered. */
  onOpen(hook: ((no: string) => Promise<unknown>) | undefined): void;
  /**
   * The payer pays; `tells`: how often the notice is sent (0: it is lost). Answers what each notice was answered. `fen`: another
   * sum than was asked; `evenClosed`: what no provider should let happen.
   */
  pay(
    no: string,
    options?: { readonly tells?: number; readonly fen?: number; readonly evenClosed?: boolean },
  ): Promise<number[]>;
  /** Notices go there, whatever a payment was opened with. */
  tellAt(url: string): void;
  /** A notice as it would be sent. */
  noticeOf(no: string): { readonly headers: Record<string, string>; readonly body: string };
  close(): Promise<void>;
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

interface Said {
  readonly status: number;
  readonly body: object | null;
}

const bad = (status: number, code: string, message = code): Said => ({
  status,
  body: { code, message },
});

export async function startWechatPayCounterpart(
  now: () => number = Date.now,
): Promise<WechatPayCounterpart> {
  const merchantKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const platform = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const platformSerial = 'PUB_KEY_ID_0000000000000000000000000001';
  const apiKey = randomBytes(32);
  const mchId = '1900000001';
  const serialNo = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';
  const trades = new Map<string, Trade>();
  const refunds = new Map<string, Refund>();
  const faults: Fault[] = [];
  const done: string[] = [];
  let tellsAt: string | undefined;
  let opened: ((no: string) => Promise<unknown>) | undefined;

  const signed = (body: string, at = now()): Record<string, string> => {
    const timestamp = String(Math.floor(at / 1000));
    const nonce = randomBytes(12).toString('hex');
    const signature = createSign('RSA-SHA256')
      .update(`${timestamp}\n${nonce}\n${body}\n`)
      .sign(platform.privateKey, 'base64');
    return {
      'content-type': 'application/json',
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-signature': signature,
      'wechatpay-serial': platformSerial,
    };
  };

  /** Whether the merchant has signed this request. */
  function isAuthentic(request: IncomingMessage, body: string): boolean {
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(/ (.*)/s);
    const of = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(token)?.[1] ?? '';
    if (scheme !== 'WECHATPAY2-SHA256-RSA2048' || of('mchid') !== mchId) return false;
    if (of('serial_no') !== serialNo) return false;
    if (Math.abs(now() / 1000 - Number(of('timestamp'))) > 300) return false;
    return createVerify('RSA-SHA256')
      .update(
        `${request.method}\n${request.url}\n${of('timestamp')}\n${of('nonce_str')}\n${body}\n`,
      )
      .verify(merchantKeys.publicKey, of('signature'), 'base64');
  }

  function perform(method: string, url: URL, body: string): Said {
    const { pathname: path, searchParams: query } = url;
    const asked = body === '' ? {} : JSON.parse(body);
    if (method === 'POST' && path === '/v3/pay/partner/transactions/jsapi')
      return open(asked, body);
    const [, no = '', verb] =
      /^\/v3\/pay\/partner\/transactions\/out-trade-no\/([^/]+)(\/close)?$/.exec(path) ?? [];
    if (no !== '') {
      const trade = trades.get(no);
      const payee = verb === undefined ? query.get('sub_mchid') : asked.sub_mchid;
      if (trade === undefined || trade.subMchId !== payee) return bad(404, 'ORDER_NOT_EXIST');
      expire(trade);
      if (verb === undefined && method === 'GET') return { status: 200, body: shown(trade) };
      if (method !== 'POST') return bad(405, 'METHOD_NOT_ALLOWED');
      if (trade.state === 'SUCCESS' || trade.state === 'REFUND') return bad(400, 'ORDERPAID');
      trade.state = 'CLOSED';
      return { status: 204, body: null };
    }
    if (method === 'POST' && path === '/v3/refund/domestic/refunds') return refund(asked, body);
    const [, refundNo = ''] = /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/.exec(path) ?? [];
    const found = refunds.get(refundNo);
    if (found === undefined || found.subMchId !== query.get('sub_mchid'))
      return bad(404, refundNo === '' ? 'NOT_FOUND' : 'RESOURCE_NOT_EXISTS');
    return { status: 200, body: { out_refund_no: found.no, status: counterpart.refundsEnd } };
  }

  function open(asked: OpenAsked, told: string): Said {
    const { out_trade_no: no, sub_mchid: subMchId, amount, notify_url: notifyUrl, payer } = asked;
    const { total } = amount;
    if (!/^[0-9a-zA-Z_*-]{6,32}$/.test(no)) return bad(400, 'PARAM_ERROR', 'out_trade_no');
    if (!Number.isInteger(total) || total < 1) return bad(400, 'PARAM_ERROR', 'amount.total');
    if (Buffer.byteLength(asked.description) > 127) return bad(400, 'PARAM_ERROR', 'description');
    if (payer.sp_openid === undefined) return bad(400, 'PARAM_ERROR', 'payer.sp_openid');
    const known = trades.get(no);
    if (known !== undefined && known.told !== told) return bad(400, 'OUT_TRADE_NO_USED');
    if (known !== undefined && known.state === 'CLOSED') return bad(400, 'ORDER_CLOSED');
    if (known !== undefined && known.state !== 'NOTPAY') return bad(400, 'ORDERPAID');
    const expiresAt = Date.parse(asked.time_expire);
    if (!(expiresAt > now())) return bad(400, 'PARAM_ERROR', 'time_expire');
    trades.set(no, {
      ...{ no, subMchId, amountFen: total, told, notifyUrl, expiresAt },
      ...{ state: 'NOTPAY', paidAt: null, refundedFen: 0 },
    });
    return { status: 200, body: { prepay_id: `wx${randomBytes(16).toString('hex')}` } };
  }

  function refund(asked: RefundAsked, told: string): Said {
    const { out_refund_no: no, out_trade_no: tradeNo, sub_mchid: subMchId, amount } = asked;
    const { refund: fen, total } = amount;
    const known = refunds.get(no);
    if (known !== undefined)
      return known.told === told
        ? { status: 200, body: { out_refund_no: no, status: counterpart.refundsEnd } }
        : bad(400, 'INVALID_REQUEST', 'the refund has other figures');
    const trade = trades.get(tradeNo);
    if (trade === undefined || trade.subMchId !== subMchId) return bad(404, 'RESOURCE_NOT_EXISTS');
    if (trade.paidAt === null) return bad(400, 'INVALID_REQUEST', 'it is not paid');
    if (trade.amountFen !== total || fen < 1 || trade.refundedFen + fen > total)
      return bad(400, 'INVALID_REQUEST', 'more than was paid');
    trade.refundedFen += fen;
    trade.state = 'REFUND';
    refunds.set(no, { no, subMchId, trade: tradeNo, fen, told });
    return { status: 200, body: { out_refund_no: no, status: 'PROCESSING' } };
  }

  function expire(trade: Trade): void {
    if (trade.state === 'NOTPAY' && trade.expiresAt <= now()) trade.state = 'CLOSED';
  }

  const shown = (trade: Trade): object => ({
    ...{ sp_mchid: mchId, sub_mchid: trade.subMchId, out_trade_no: trade.no },
    ...{ trade_state: trade.state, amount: { total: trade.amountFen, currency: 'CNY' } },
    ...(trade.paidAt === null
      ? {}
      : { success_time: trade.paidAt, transaction_id: `42000${trade.no}` }),
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString();
    const fault = faults.shift();
    if (fault === 'down') {
      response.writeHead(503).end();
      return;
    }
    if (!isAuthentic(request, body)) {
      response.writeHead(401).end(JSON.stringify(bad(401, 'SIGN_ERROR').body));
      return;
    }
    const url = new URL(request.url ?? '/', 'http://wechat');
    const { status, body: said } =
      counterpart.refuses === undefined
        ? perform(String(request.method), url, body)
        : bad(400, counterpart.refuses);
    const { pathname } = url;
    if (pathname.endsWith('/jsapi') && status === 200)
      await opened?.(JSON.parse(body).out_trade_no);
    done.push(`${request.method} ${pathname}`);
    if (fault === 'lost') {
      request.socket.destroy();
      return;
    }
    const text = said === null ? '' : JSON.stringify(said);
    const headers = signed(text, fault === 'stale' ? now() - 600_000 : now());
    if (fault === 'unsigned') delete headers['wechatpay-serial'];
    response.writeHead(status, headers);
    if (status === 204) response.end();
    else response.end(fault === 'forged' ? text.replace(/}$/, ' }') : text);
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function noticeOf(no: string) {
    const trade = trades.get(no);
    if (trade === undefined) throw new Error(`there is no trade ${no}`);
    const nonce = randomBytes(6).toString('hex');
    const cipher = createCipheriv('aes-256-gcm', apiKey, nonce);
    cipher.setAAD(Buffer.from('transaction'));
    const hidden = Buffer.concat([cipher.update(JSON.stringify(shown(trade))), cipher.final()]);
    const body = JSON.stringify({
      id: randomBytes(16).toString('hex'),
      create_time: new Date(now()).toISOString(),
      event_type: 'TRANSACTION.SUCCESS',
      resource_type: 'encrypt-resource',
      resource: {
        algorithm: 'AEAD_AES_256_GCM',
        ciphertext: Buffer.concat([hidden, cipher.getAuthTag()]).toString('base64'),
        ...{ nonce, associated_data: 'transaction', original_type: 'transaction' },
      },
    });
    return { headers: signed(body), body };
  }

  const counterpart: WechatPayCounterpart = {
    refuses: undefined,
    refundsEnd: 'SUCCESS',
    onOpen(hook) {
      opened = hook;
    },
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    platformKeys: new Map([[platformSerial, platform.publicKey]]),
    apiKey,
    merchant: { mchId, serialNo, privateKey: merchantKeys.privateKey },
    faults,
    done,
    trade: (no) => trades.get(no),
    async pay(no, { tells = 1, fen, evenClosed = false } = {}) {
      const trade = trades.get(no);
      if (trade === undefined) throw new Error(`there is no trade ${no}`);
      expire(trade);
      if (trade.state !== 'NOTPAY' && !(evenClosed && trade.state === 'CLOSED'))
        throw new Error(`the trade ${no} is ${trade.state}`);
      trade.state = 'SUCCESS';
      trade.amountFen = fen ?? trade.amountFen;
      trade.paidAt = new Date(now()).toISOString();
      const statuses: number[] = [];
      for (let told = 0; told < tells; told += 1) {
        const answer = await fetch(tellsAt ?? trade.notifyUrl, { method: 'POST', ...noticeOf(no) });
        await answer.arrayBuffer();
        statuses.push(answer.status);
      }
      return statuses;
    },
    tellAt(url) {
      tellsAt = url;
    },
    noticeOf,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return counterpart;
}
