import { PATIENCE_MS } from '@hongmi/server/kernel/testing/patience';
import { ROOT_KEY } from './running-server.ts';

export interface Answered {
  readonly status: number;
  readonly replayed: boolean;
  readonly text: string;
  readonly body: Told;
}

/** What answers tell, all shapes in one; a field that is not there fails the expectation that uses it. */
interface Told extends OrderTold {
  readonly code: string;
  readonly secret: string;
  readonly transaction: Recorded;
  readonly receipt: object;
  readonly balances: readonly {
    readonly available: number;
    readonly pending: number;
    readonly held: number;
    readonly debt: number;
  }[];
  readonly items: readonly (Recorded & Lot)[];
  readonly nextCursor: string | null;
  readonly announced: readonly { readonly id: string }[];
  readonly results: readonly Result[];
}
/** Of an item in bulk. */
export interface Result {
  readonly status: string;
  readonly transfer: { readonly id: string; readonly status: string; readonly points: number };
  readonly problem: { readonly code: string };
}
export interface OrderTold {
  readonly id: string;
  readonly merchantId: string;
  readonly memberId: string;
  readonly netFen: number;
  readonly points: number;
  readonly dueFen: number;
  readonly pointsDue: number;
  readonly lines: readonly {
    readonly amountFen: number;
    readonly quantity: number;
    readonly returned: number;
  }[];
}
export interface Recorded {
  readonly id: string;
  readonly kind: string;
  readonly points: number;
  readonly status: string;
  readonly balanceAfter: number;
  readonly holdId: string;
  readonly problem: string;
}
export interface Lot {
  readonly remaining: number;
  readonly held: number;
}

export interface Caller {
  /** Sends once; throws when no answer comes. */
  once(method: string, path: string, body?: unknown, key?: string): Promise<Answered>;
  /** Sends the same request again and again until it is answered by something else than "try later". */
  until(method: string, path: string, body?: unknown, key?: string): Promise<Answered>;
  /** The same with another API key. Keys of idempotency are chosen by hand then: those of one tenant are shared. */
  as(secret: string): Caller;
  /** How often `until` had to repeat. */
  readonly repeats: number;
  /** Answers that no client should ever get. */
  readonly failures: readonly string[];
}

const ANSWER_MS = 60_000;
const PAUSE_MS = 50;
const GIVE_UP_MS = PATIENCE_MS;

/** A client of the API that never gives up on a write it does not know the outcome of. */
export function createCaller(baseUrl: string, secret: string = ROOT_KEY): Caller {
  let repeats = 0;
  let keys = 0;
  const failures: string[] = [];

  async function once(
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<Answered> {
    const response = await fetch(`${baseUrl}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(method === 'GET'
          ? {}
          : { 'idempotency-key': key ?? `caller-${process.pid}-${keys++}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const text = await response.text();
    const replayed = response.headers.get('idempotency-replayed') === 'true';
    return {
      status: response.status,
      replayed,
      text,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  async function until(
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<Answered> {
    const own = key ?? `caller-${process.pid}-${keys++}`;
    const giveUpAt = Date.now() + GIVE_UP_MS;
    for (;;) {
      const answer = await once(method, path, body, own).catch(() => undefined);
      if (answer !== undefined && answer.status >= 500 && answer.status !== 503) {
        failures.push(`${method} ${path}: ${answer.text}`);
      } else if (answer !== undefined && answer.status !== 503) return answer;
      if (Date.now() > giveUpAt)
        throw new Error(`${method} ${path} was never answered; last: ${answer?.text ?? 'nothing'}`);
      repeats += 1;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  return {
    once,
    until,
    as: (other) => createCaller(baseUrl, other),
    failures,
    get repeats() {
      return repeats;
    },
  };
}
