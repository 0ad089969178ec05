import type { FastifyInstance, InjectOptions } from 'fastify';

/** What a page gets back. */
export interface PageAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape; a wrong guess fails the expectation
  readonly body: any;
  readonly headers: Record<string, unknown>;
  /** `Set-Cookie`, as it was sent. */
  readonly cookies: readonly string[];
}

/** A browser with its cookies, on a page of this origin. */
export interface Browser {
  readonly jar: Map<string, string>;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string | undefined>,
  ): Promise<PageAnswer>;
}

let writes = 0;

export function openBrowser(
  app: FastifyInstance,
  { origin, ip = '127.0.0.1' }: { readonly origin: string; readonly ip?: string },
): Browser {
  const jar = new Map<string, string>();
  return {
    jar,
    async call(method, path, body, more = {}) {
      writes += 1;
      const given: Record<string, string | undefined> = {
        'user-agent': 'test browser',
        ...(jar.size === 0 ? {} : { cookie: [...jar].map((pair) => pair.join('=')).join('; ') }),
        ...(method === 'GET'
          ? {}
          : { origin, 'sec-fetch-site': 'same-origin', 'idempotency-key': `browser-${writes}` }),
        ...more,
      };
      const headers = Object.fromEntries(
        Object.entries(given).filter((each): each is [string, string] => each[1] !== undefined),
      );
      const request = { method, url: path, headers, remoteAddress: ip } as InjectOptions;
      const answer = await app.inject(
        body === undefined ? request : { ...request, payload: body as object },
      );
      const cookies = [answer.headers['set-cookie'] ?? []].flat();
      for (const cookie of cookies) keep(jar, cookie);
      const text = answer.body;
      const told = text === '' ? undefined : JSON.parse(text);
      return { status: answer.statusCode, body: told, headers: answer.headers, cookies };
    },
  };
}

function keep(jar: Map<string, string>, cookie: string): void {
  const [pair = ''] = cookie.split(';', 1);
  const at = pair.indexOf('=');
  const name = pair.slice(0, at);
  if (/; *max-age=0/i.test(cookie)) jar.delete(name);
  else jar.set(name, pair.slice(at + 1));
}
