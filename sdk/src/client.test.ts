import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { answered, createClient, once } from './client.ts';
import { NoAnswerError, ProblemError } from './problem.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A client of a server that answers one listener after another, the last again and again. */
async function talkTo(...listeners: RequestListener[]) {
  const seen: { method?: string; url?: string; headers: Record<string, unknown>; body: string }[] =
    [];
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      seen.push({ method, url, headers, body });
      const listener = listeners[Math.min(seen.length, listeners.length) - 1];
      listener?.(request, response);
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  const url = `http://127.0.0.1:${port}`;
  const tools = { wait, random: () => 0.5 };
  return { hongmi: createClient({ url, key: 'hm_test', tools }), seen, waits };
}

const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));
const hangUp: RequestListener = (request) => request.socket.destroy();
const halfAnAnswer: RequestListener = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"items":[', () => request.socket.destroy());
};
const busy = {
  type: 't',
  title: 'Busy',
  status: 503,
  detail: 'later',
  code: 'unavailable',
};
const page = { items: [], nextCursor: null };

describe('the client', () => {
  test('sends key, idempotency key and body', async () => {
    const { hongmi, seen } = await talkTo(answer(201, { id: 'mem_x' }));
    const made = await answered(
      hongmi.POST('/v1/members', {
        params: { header: once('signup-1') },
        body: { phone: '13800138000' },
      }),
    );
    expect(made.id).toBe('mem_x');
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/v1/members',
        headers: { authorization: 'Bearer hm_test', 'idempotency-key': 'signup-1' },
        body: '{"phone":"13800138000"}',
      },
    ]);
  });

  test('tries again what was not answered, with the same key and body', async () => {
    const { hongmi, seen, waits } = await talkTo(
      answer(503, busy, { 'retry-after': '2' }),
      hangUp,
      halfAnAnswer,
      answer(429, { ...busy, status: 429 }),
      answer(201, { id: 'mem_x' }),
    );
    const made = await answered(
      hongmi.POST('/v1/members', { params: { header: once() }, body: {} }),
    );
    expect(made.id).toBe('mem_x');
    expect(seen).toHaveLength(5);
    expect(new Set(seen.map((each) => each.headers['idempotency-key'])).size).toBe(1);
    expect(new Set(seen.map((each) => each.body)).size).toBe(1);
    expect(waits).toEqual([2000, 150, 300, 600]);
  });

  test('gives up in the end', async () => {
    const refused = await talkTo(answer(503, busy));
    await expect(answered(refused.hongmi.GET('/v1/keys'))).rejects.toMatchObject({
      code: 'unavailable',
      status: 503,
    });
    expect(refused.seen).toHaveLength(6);
    const silent = await talkTo(hangUp);
    await expect(answered(silent.hongmi.GET('/v1/keys'))).rejects.toBeInstanceOf(NoAnswerError);
  });

  test('throws a refusal at once, with its facts', async () => {
    const problem = {
      type: 'urn:hongmi:problem:merchant_exists',
      title: 'Exists',
      status: 409,
      detail: 'there is one',
      code: 'merchant_exists',
      merchantId: 'mer_1',
    };
    const { hongmi, seen } = await talkTo(answer(409, problem));
    const body = { name: 'x', category: 'y', earnRatio: { points: 1, perFen: 100 } };
    const failed = await answered(
      hongmi.POST('/v1/merchants', { params: { header: once() }, body }),
    ).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ProblemError);
    expect((failed as ProblemError).problem).toEqual(problem);
    expect(seen).toHaveLength(1);
  });

  test('says so when something else answered', async () => {
    const { hongmi } = await talkTo((_request, response) =>
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>nginx</h1>'),
    );
    await expect(answered(hongmi.GET('/v1/keys'))).rejects.toMatchObject({
      code: 'unexpected_answer',
      status: 404,
    });
  });

  test('reads pages', async () => {
    const { hongmi, seen } = await talkTo(answer(200, page));
    const found = await answered(
      hongmi.GET('/v1/members', { params: { query: { phone: '+8613800138000' } } }),
    );
    expect(found.items).toEqual([]);
    expect(seen[0]?.url).toBe('/v1/members?phone=%2B8613800138000');
  });
});
