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
import { bad, type Trade, Trades } from './trades.ts';

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
  refundsEnd: Trades['refundsEnd'];
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

/** `file`: where payments outlive the process; absent: they do not. */
export async function startWechatPayCounterpart(
  now: () => number,
  file?: string,
): Promise<WechatPayCounterpart> {
  const merchantKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const platform = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const platformSerial = 'PUB_KEY_ID_0000000000000000000000000001';
  const apiKey = randomBytes(32);
  const mchId = '1900000001';
  const serialNo = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';
  const trades = new Trades(mchId, now, file);
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
        ? trades.perform(String(request.method), url, body)
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
    const hidden = Buffer.concat([
      cipher.update(JSON.stringify(trades.show(trade))),
      cipher.final(),
    ]);
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
    get refundsEnd() {
      return trades.refundsEnd;
    },
    set refundsEnd(end) {
      trades.refundsEnd = end;
    },
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
      const trade = trades.pay(no, fen, evenClosed);
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
