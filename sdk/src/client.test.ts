import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient } from './client.ts';
import { isRefusal, NoAnswerError, ProblemError } from './problem.ts';
import type { RetryEvent } from './retry.ts';
import { answer, busy, close, hangUp, listen } from './testing/listening-server.ts';

afterEach(close);

/** A client of a server that answers one listener after another, the last again and again. */
async function talkTo(...listeners: RequestListener[]) {
  const { url, seen } = await listen(...listeners);
  const waits: number[] = [];
  const retried: RetryEvent[] = [];
  const tools = { wait: async (ms: number) => void waits.push(ms), random: () => 0.5 };
  const onRetry = (event: RetryEvent) => void retried.push(event);
  const hongmi = createClient({ url, key: 'hm_test', tools, onRetry });
  return { hongmi, seen, waits, retried, url };
}

const halfAnAnswer: RequestListener = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"items":[', () => request.socket.destroy());
};
/** Nobody is signed in any more, or the key counts no more. */
const over = { ...busy, status: 401, code: 'unauthenticated' };
const member = { id: 'mem_x' };
const merchant = { name: 'x', category: 'y', earnRatio: { points: 1, perFen: 100 } };

describe('a call', () => {
  test('sends key, idempotency key and body', async () => {
    const { hongmi, seen } = await talkTo(answer(201, member));
    const body = { phone: '13800138000' };
    const made = await hongmi.createMember(body, { idempotencyKey: 'signup-1' });
    expect(made.id).toBe('mem_x');
    const headers = { authorization: 'Bearer hm_test', 'idempotency-key': 'signup-1' };
    expect(seen).toMatchObject([
      { method: 'POST', url: '/v1/members', headers, body: JSON.stringify(body) },
    ]);
  });

  test('puts what it is told into path, query and body', async () => {
    const { hongmi, seen } = await talkTo(answer(200, {}));
    await hongmi.changeStore({ id: 'mer_1', store: '北门/1', name: '北门店', state: undefined });
    await hongmi.findMembers({ phone: '+8613800138000', limit: 5, cursor: undefined });
    await hongmi.revokeKey({ id: 'key_1', dryRun: true });
    await hongmi.listProgrammes();
    expect(seen.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      `PATCH /v1/merchants/mer_1/stores/${encodeURIComponent('北门/1')} {"name":"北门店"}`,
      'GET /v1/members?phone=%2B8613800138000&limit=5 ',
      'DELETE /v1/keys/key_1?dryRun=true ',
      'GET /v1/programmes ',
    ]);
    expect(seen.map(({ headers }) => headers['idempotency-key'] !== undefined)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test('is not sent to another address because a part of its path is missing', async () => {
    const { hongmi, seen } = await talkTo(answer(200, {}));
    await expect(hongmi.getMember({ id: '' })).rejects.toThrow('getMember needs id');
    expect(seen).toEqual([]);
  });

  test('asks for the key each time when it is given as a function', async () => {
    const { seen, url } = await talkTo(answer(200, { items: [] }));
    const keys = ['hm_old', 'hm_new'];
    const hongmi = createClient({ url, key: async () => keys.shift() ?? '' });
    await hongmi.listProgrammes();
    await hongmi.listProgrammes();
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer hm_old',
      'Bearer hm_new',
    ]);
  });
});

describe('a call with a key of its own', () => {
  test('is asked with it, and no other is', async () => {
    const { hongmi, seen } = await talkTo(answer(200, { items: [] }));
    await hongmi.listProgrammes({}, { key: 'hm_second' });
    await hongmi.listProgrammes();
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer hm_second',
      'Bearer hm_test',
    ]);
  });

  test('which is refused does not end the session', async () => {
    const { url, seen } = await listen(answer(401, over));
    let ends = 0;
    const onSessionEnded = () => {
      ends += 1;
      return true;
    };
    const hongmi = createClient({ url, session: true, onSessionEnded });
    await expect(hongmi.listProgrammes({}, { key: 'hm_old' })).rejects.toThrow(ProblemError);
    expect({ ends, asked: seen.length }).toEqual({ ends: 0, asked: 1 });
  });
});

describe('what was not answered', () => {
  test('is sent again with the same key and body, and told', async () => {
    const { hongmi, seen, waits, retried } = await talkTo(
      answer(503, busy, { 'retry-after': '2' }),
      hangUp,
      halfAnAnswer,
      answer(429, { ...busy, status: 429 }),
      answer(201, member),
    );
    const made = await hongmi.createMember({});
    expect(made.id).toBe('mem_x');
    expect(seen).toHaveLength(5);
    expect(new Set(seen.map((each) => each.headers['idempotency-key'])).size).toBe(1);
    expect(new Set(seen.map((each) => each.body)).size).toBe(1);
    expect(waits).toEqual([2000, 150, 300, 600]);
    expect(retried.map(({ attempt, waitMs }) => [attempt, waitMs])).toEqual([
      [1, 2000],
      [2, 150],
      [3, 300],
      [4, 600],
    ]);
    expect(retried[0]?.cause).toBeInstanceOf(ProblemError);
  });

  test('is told at once where a limit lasts longer than is waited', async () => {
    const told = { ...busy, status: 429 };
    const { hongmi, seen } = await talkTo(answer(429, told, { 'retry-after': '60' }));
    await expect(hongmi.createMember({})).rejects.toThrow(ProblemError);
    expect(seen).toHaveLength(1);
    const soon = await talkTo(answer(429, told, { 'retry-after': '20' }), answer(201, member));
    expect((await soon.hongmi.createMember({})).id).toBe('mem_x');
  });

  test('has another key in another call', async () => {
    const { hongmi, seen } = await talkTo(answer(201, member));
    await hongmi.createMember({});
    await hongmi.createMember({});
    expect(seen[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(seen[0]?.headers['idempotency-key']).not.toBe(seen[1]?.headers['idempotency-key']);
  });

  test('is given up in the end', async () => {
    const refused = await talkTo(answer(503, busy));
    await expect(refused.hongmi.listKeys()).rejects.toMatchObject({
      code: 'unavailable',
      status: 503,
    });
    expect(refused.seen).toHaveLength(6);
    const silent = await talkTo(hangUp);
    await expect(silent.hongmi.listKeys()).rejects.toBeInstanceOf(NoAnswerError);
  });

  test('counts as lost when an attempt takes too long', async () => {
    const { url } = await talkTo(() => undefined);
    const hongmi = createClient({ url, key: 'hm_test', retry: { attempts: 1 } });
    await expect(hongmi.listKeys({}, { timeoutMs: 20 })).rejects.toMatchObject({
      name: 'NoAnswerError',
      cause: new Error('not answered in 20 ms'),
    });
  });

  test('is given up at once when the caller says so', async () => {
    const stop = new AbortController();
    const { hongmi, seen } = await talkTo(() => stop.abort(new Error('left the page')));
    await expect(hongmi.listKeys({}, { signal: stop.signal })).rejects.toThrow('left the page');
    await expect(hongmi.listKeys({}, { signal: stop.signal })).rejects.toThrow('left the page');
    expect(seen).toHaveLength(1);
  });

  test('is given up while it waits', async () => {
    const stop = new AbortController();
    const { url } = await talkTo(answer(503, busy));
    const onRetry = () => stop.abort(new Error('left the page'));
    const retry = { firstMs: 600_000, longestMs: 600_000 };
    const hongmi = createClient({ url, key: 'hm_test', retry, onRetry });
    await expect(hongmi.listKeys({}, { signal: stop.signal })).rejects.toThrow('left the page');
  });
});

describe('a refusal', () => {
  const problem = {
    type: 'urn:hongmi:problem:merchant_exists',
    title: 'Exists',
    status: 409,
    detail: 'there is one',
    code: 'merchant_exists',
    merchantId: 'mer_1',
  };

  test('is thrown at once, with its facts and where to find it in the log', async () => {
    const { hongmi, seen } = await talkTo(answer(409, problem, { 'x-request-id': 'req-7' }));
    const failed: unknown = await hongmi.createMerchant(merchant).catch((error: unknown) => error);
    if (!isRefusal(failed, 'merchant_exists', 'member_exists')) throw failed;
    expect(failed.problem).toEqual(problem);
    expect(failed.problem.merchantId).toBe('mer_1');
    expect([failed.requestId, failed.errors]).toEqual(['req-7', []]);
    expect(isRefusal(failed)).toBe(true);
    expect(isRefusal(failed, 'rule_exists')).toBe(false);
    expect(isRefusal(new Error('merchant_exists'), 'merchant_exists')).toBe(false);
    expect(seen).toHaveLength(1);
  });

  test('says so when something else answered', async () => {
    const { hongmi } = await talkTo((_request, response) =>
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>nginx</h1>'),
    );
    await expect(hongmi.listKeys()).rejects.toMatchObject({
      code: 'unexpected_answer',
      status: 404,
    });
  });
});

describe('a session', () => {
  test('sends no key, and once more what was refused when somebody signed in again', async () => {
    const { url, seen } = await listen(answer(401, over), answer(401, over), answer(201, member));
    let ends = 0;
    let signIn: (again: boolean) => void = () => undefined;
    const onSessionEnded = () => {
      ends += 1;
      return new Promise<boolean>((resolve) => {
        signIn = resolve;
      });
    };
    const hongmi = createClient({ url, session: true, onSessionEnded });
    const both = Promise.all([hongmi.createMember({}), hongmi.listKeys()]);
    await expect.poll(() => seen.length).toBe(2);
    signIn(true);
    expect(await both).toEqual([member, member]);
    expect(ends).toBe(1);
    expect(seen.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    const writes = seen.filter(({ method }) => method === 'POST');
    expect(writes).toHaveLength(2);
    expect(new Set(writes.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  test('sends once more what asked for a proof, when there was one', async () => {
    const again = { type: 'x', title: 'x', status: 403, detail: 'x', code: 'sign_in_again' };
    const { url, seen } = await listen(answer(403, again), answer(201, member), answer(403, again));
    const asked: boolean[] = [];
    const onProofAsked = () => asked.push(true) === 1;
    const hongmi = createClient({ url, session: true, onProofAsked });
    expect(await hongmi.createMember({}, { idempotencyKey: 'k' })).toEqual(member);
    expect(seen.map(({ headers }) => headers['idempotency-key'])).toEqual(['k', 'k']);
    await expect(hongmi.createMember({})).rejects.toMatchObject({ code: 'sign_in_again' });
    expect([asked.length, seen.length]).toEqual([2, 3]);
  });

  test('stays refused when nobody does', async () => {
    const { url, seen } = await listen(answer(401, over));
    const hongmi = createClient({ url, session: true, onSessionEnded: () => undefined });
    await expect(hongmi.listKeys()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(seen).toHaveLength(1);
  });
});
