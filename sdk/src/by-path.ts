import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from './generated/schema.ts';
import { DEFAULT_RETRY, type Retry, sendAnswered, waitFor } from './retry.ts';

export type { components, paths } from './generated/schema.ts';
export { NoAnswerError, type ProblemDetails, ProblemError } from './problem.ts';
export type { Retry } from './retry.ts';

/** Every operation of the API by method and path, typed from its OpenAPI description. */
export type HongmiClient = Client<paths, 'application/json'>;

export function createClient({
  url,
  key,
  retry,
  tools,
}: {
  url: string;
  key: string;
  retry?: Partial<Retry>;
  tools?: { fetch: typeof fetch };
}): HongmiClient {
  const rules = { ...DEFAULT_RETRY, ...retry };
  const sender = { fetch, wait: waitFor, random: Math.random, onRetry: () => undefined, ...tools };
  return createFetchClient<paths, 'application/json'>({
    baseUrl: url,
    headers: { authorization: `Bearer ${key}` },
    fetch: async (request) => {
      const { method, headers, signal } = request;
      const body = request.body === null ? {} : { body: await request.text() };
      const init = { method, headers, redirect: 'error', ...body } as const;
      return sendAnswered({ url: request.url, init, signal }, rules, sender, async (response) => {
        const text = await response.text();
        return new Response(text === '' ? null : text, response);
      });
    },
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

export function once(key: string = crypto.randomUUID()): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key };
}
