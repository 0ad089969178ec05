import { type Download, type LiveDownload, readDownload, readLiveDownload } from './download.ts';
import { type Operation, prepare, readOperations } from './operation.ts';
import type {
  CallOptions,
  FileName,
  Input,
  Item,
  ListName,
  Methods,
  Told,
} from './operation-types.ts';
import { type Page, type Pages, pagesOf } from './pages.ts';
import { isRefusal } from './problem.ts';
import {
  DEFAULT_RETRY,
  type Retry,
  type RetryEvent,
  type Sender,
  sendAnswered,
  waitFor,
} from './retry.ts';

interface CommonOptions {
  readonly retry?: Partial<Retry>;
  /** With what requests are sent; the platform's `fetch` without. */
  readonly fetch?: typeof fetch;
  /** Told before a request is sent again. */
  readonly onRetry?: (event: RetryEvent) => void;
  /** For tests: what is waited with and drawn from. */
  readonly tools?: Partial<Pick<Sender, 'wait' | 'random'>>;
}

/** Who asks with an API key: a till, a shop, a script. */
export interface KeyOptions extends CommonOptions {
  /** Where the server is, without `/v1`: `http://localhost:8080`. */
  readonly url: string;
  /** An API key, `hm_…`, or what gives the one that counts now. */
  readonly key: string | (() => string | Promise<string>);
}

/** Who asks with the session of a browser: a page of the same origin. */
export interface SessionOptions extends CommonOptions {
  /** Of somebody on the staff (true), or of a member: a browser may have both. */
  readonly session: true | 'member';
  /** Where the server is; the page's own origin without. */
  readonly url?: string;
  /**
   * The session has ended (401). Answer true once somebody signed in again: then what was refused is sent once more, so that nothing
   * that was typed is lost. Otherwise it stays refused. Calls that end together are one end.
   */
  readonly onSessionEnded?: Again;
  /**
   * What was asked for gives lasting power, and the person has not proved for a while who they are (`sign_in_again`). Answer true once
   * they did, by `proveSession`: then it is sent once more. Calls that are refused together ask once.
   */
  readonly onProofAsked?: Again;
}

/** Whether what was refused is to be sent once more. */
type Again = () => boolean | undefined | Promise<boolean | undefined>;

export type ClientOptions = KeyOptions | SessionOptions;

/** Every operation of the API as a method of its name, typed from its OpenAPI description. */
export interface Hongmi extends Methods {
  /** A list, page by page: `for await (const rule of hongmi.pages('listRules', { programme }))`. */
  pages<N extends ListName>(name: N, ...told: Told<Omit<Input<N>, 'cursor'>>): Pages<Item<N>>;
  /** A file, whole. */
  download<N extends FileName>(name: N, input: Input<N>, options?: CallOptions): Promise<Download>;
  /** A file while it arrives. `timeoutMs` counts until it begins. */
  stream<N extends FileName>(
    name: N,
    input: Input<N>,
    options?: CallOptions,
  ): Promise<LiveDownload>;
}

type Anything = Readonly<Record<string, unknown>>;

/**
 * A client that sends again what was not answered (429, 5xx of "not now", lost connections), a write always with the same key, and
 * throws a `ProblemError` for what was refused:
 *
 * ```ts
 * const hongmi = createClient({ url: 'http://localhost:8080', key });
 * const member = await hongmi.createMember({ phone }, { idempotencyKey: 'signup-1042' });
 * const { balances } = await hongmi.getBalance({ id: member.id });
 * ```
 */
export function createClient(options: ClientOptions): Hongmi {
  const { tools, onRetry = () => undefined } = options;
  const retry = { ...DEFAULT_RETRY, ...options.retry };
  const base = (options.url ?? '').replace(/\/+$/, '');
  const sender: Sender = {
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    wait: waitFor,
    random: Math.random,
    onRetry,
    ...tools,
  };
  const operations = readOperations();

  async function call<T>(
    operation: Operation,
    input: Anything,
    { idempotencyKey, key: own, signal, timeoutMs = retry.timeoutMs }: CallOptions,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { method, path, body } = prepare(operation, input);
    const headers = new Headers();
    if (body !== undefined) headers.set('content-type', 'application/json');
    if ('session' in options && options.session === 'member') headers.set('hongmi-as', 'member');
    if (method !== 'GET') headers.set('idempotency-key', idempotencyKey ?? randomKey());
    const send = async (): Promise<T> => {
      const key = own ?? ('session' in options ? undefined : await keyOf(options));
      if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
      const init = {
        method,
        headers,
        redirect: 'error',
        credentials: key === undefined ? 'same-origin' : 'omit',
        ...(body === undefined ? {} : { body }),
      } as const;
      return sendAnswered(
        { url: `${base}${path}`, init, signal },
        { ...retry, timeoutMs },
        sender,
        read,
      );
    };
    try {
      return await send();
    } catch (error) {
      const ask = own === undefined ? againAfter(error, options) : undefined;
      if (ask === undefined || !(await askOnce(ask))) throw error;
      return send();
    }
  }

  const asking = new Map<Again, Promise<boolean>>();
  function askOnce(ask: Again): Promise<boolean> {
    const asked =
      asking.get(ask) ??
      Promise.resolve(ask())
        .then((again) => again === true)
        .finally(() => asking.delete(ask));
    asking.set(ask, asked);
    return asked;
  }

  const named = (name: string): Operation => {
    const operation = operations.get(name);
    if (operation === undefined) throw new TypeError(`there is no operation ${name}`);
    return operation;
  };
  const client: Record<string, unknown> = {
    pages: (name: string, input: Anything & { limit?: number } = {}, each: CallOptions = {}) =>
      pagesOf(input.limit, (page) =>
        call(named(name), { ...input, ...page }, each, readJson<Page<unknown>>),
      ),
    download: async (name: string, input: Anything, each: CallOptions = {}) =>
      call(named(name), input, each, readDownload),
    stream: async (name: string, input: Anything, each: CallOptions = {}) =>
      call(named(name), input, each, readLiveDownload),
  };
  for (const operation of operations.values())
    client[operation.name] = (input: Anything = {}, each: CallOptions = {}) =>
      call(operation, input, each, readJson);
  return client as unknown as Hongmi;
}

/** What is asked of the person before what failed so is sent again. */
function againAfter(error: unknown, options: ClientOptions): Again | undefined {
  if (!('session' in options)) return undefined;
  if (isRefusal(error, 'unauthenticated')) return options.onSessionEnded;
  return isRefusal(error, 'sign_in_again') ? options.onProofAsked : undefined;
}

async function keyOf({ key }: KeyOptions): Promise<string> {
  return typeof key === 'string' ? key : key();
}

async function readJson<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

// Not crypto.randomUUID: a page that came over plain http has none.
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
