import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from './generated/schema.ts';
import { DEFAULT_RETRY, fetchAnswered, type Retry, type RetryTools, realTools } from './retry.ts';

export interface ClientOptions {
  /** Where the server is, without `/v1`: `http://localhost:8080`. */
  readonly url: string;
  /** An API key, `hm_…`. */
  readonly key: string;
  readonly retry?: Partial<Retry>;
  /** For tests: what is sent with, waited with and drawn from. */
  readonly tools?: Partial<RetryTools>;
}

/** Every operation of the API by method and path, typed from its OpenAPI description. */
export type HongmiClient = Client<paths, 'application/json'>;

/**
 * A client that retries what was not answered (429, 5xx of "not now", lost connections) and throws a
 * `ProblemError` for what was refused:
 *
 * ```ts
 * const hongmi = createClient({ url: 'http://localhost:8080', key });
 * const { items } = await answered(hongmi.GET('/v1/keys'));
 * await answered(hongmi.POST('/v1/members', { params: { header: once('signup-1042') }, body: { phone } }));
 * ```
 */
export function createClient({ url, key, retry, tools }: ClientOptions): HongmiClient {
  const rules = { ...DEFAULT_RETRY, ...retry };
  const use = { ...realTools, ...tools };
  return createFetchClient<paths, 'application/json'>({
    baseUrl: url,
    headers: { authorization: `Bearer ${key}` },
    fetch: (request) => fetchAnswered(request, rules, use),
  });
}

/** The data of an answer; refusals were thrown already. */
export async function answered<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data } = await call;
  if (data === undefined) throw new Error('the answer has no body');
  return data;
}

/**
 * The header that makes a write happen once. Choose a key that the same write always has (an order's
 * number, say): then it may be repeated after a crash. Without one a random key covers retries only.
 */
export function once(key: string = crypto.randomUUID()): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key };
}
