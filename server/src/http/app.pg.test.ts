import { METHODS } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import { createLog } from '../platform/log.ts';
import type { App } from '../platform/web/route.ts';
import { createApp } from './app.ts';
import type { TestApp } from './test-app.ts';
import { createTestApp } from './test-app.ts';

let api: TestApp;
const { promise: slowHasArrived, resolve: slowArrived } = deferred();
const { promise: slowMayEnd, resolve: endSlow } = deferred();

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

beforeAll(async () => {
  api = await createTestApp((v1) => {
    const config = { scopes: ['points:read'] } as const;
    v1.get('/test/bug', { config }, async () => {
      throw new TypeError('secret detail of the inside');
    });
    v1.get('/test/away', { config }, async () => {
      throw new LedgerUnavailable();
    });
    v1.get('/test/terminated', { config }, async () => {
      await api.pool.query('select pg_terminate_backend(pg_backend_pid())');
    });
    v1.get('/test/slow', { config }, async () => {
      slowArrived();
      await slowMayEnd;
      return { done: true };
    });
  });
});
afterAll(() => api.close());

const person = { externalIds: { pos: 'C-1' } };

/** Sends raw bytes as a body, past anything `inject` would do to it. */
async function sendRaw(
  payload: Buffer | string,
  type = 'application/json',
  more: Record<string, string> = {},
) {
  const answer = await api.app.inject({
    method: 'POST',
    url: '/v1/members',
    headers: {
      authorization: `Bearer ${api.rootKey}`,
      'idempotency-key': `raw-${Math.random()}`,
      'content-type': type,
      ...more,
    },
    payload,
  });
  return {
    status: answer.statusCode,
    code: answer.json().code as string,
    type: answer.headers['content-type'],
  };
}

test('a body nested deeper than the stack is refused, or not looked at where none is asked for', async () => {
  const deep = `${'['.repeat(50_000)}"\\u0041"${']'.repeat(50_000)}`;
  expect((await sendRaw(deep)).status).toBe(400);
  const { body } = await api.call('POST', '/v1/keys', { name: 'till', scopes: ['points:read'] });
  const revoked = await api.app.inject({
    method: 'DELETE',
    url: `/v1/keys/${body.id}`,
    headers: {
      authorization: `Bearer ${api.rootKey}`,
      'idempotency-key': 'deep',
      'content-type': 'application/json',
    },
    payload: deep,
  });
  expect(revoked.statusCode).toBe(200);
});

test('bad bodies are typed problems', async () => {
  const problemType = 'application/problem+json; charset=utf-8';
  expect(await sendRaw('{"externalIds":')).toEqual({
    status: 400,
    code: 'invalid_json',
    type: problemType,
  });
  expect(await sendRaw('{"__proto__":{"x":1}}')).toMatchObject({
    status: 400,
    code: 'invalid_json',
  });
  expect(await sendRaw('')).toMatchObject({ status: 400, code: 'invalid_request' });
  expect(await sendRaw('null')).toMatchObject({ status: 400, code: 'invalid_request' });
  expect(await sendRaw(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toMatchObject({
    status: 400,
    code: 'invalid_text',
  });
  expect(await sendRaw('{"externalIds":{"pos":"a\\u0000b"}}')).toMatchObject({
    status: 400,
    code: 'invalid_text',
  });
  expect(await sendRaw('{"externalIds":{"pos":"\\ud800"}}')).toMatchObject({
    status: 400,
    code: 'invalid_text',
  });
  expect(await sendRaw('a=b', 'application/x-www-form-urlencoded')).toMatchObject({
    status: 415,
    code: 'unsupported_media_type',
  });
  expect(await sendRaw('{}', 'application/json; charset=gbk')).toMatchObject({
    status: 415,
    code: 'unsupported_media_type',
  });
  expect(await sendRaw('{}', 'application/json', { 'content-encoding': 'gzip' })).toMatchObject({
    status: 415,
  });
  const large = JSON.stringify({ externalIds: { pos: 'x'.repeat(10 * 1024 * 1024) } });
  expect(await sendRaw(large)).toMatchObject({ status: 413, code: 'body_too_large' });
  const { rows } = await api.pool.query('select count(*) from member');
  expect(rows[0]?.count).toBe(0);
});

test('schemas are strict: no coercion, no unknown fields, every complaint by pointer', async () => {
  const merchant = { name: 'A', category: 'shop', earnRatio: { points: 1, perFen: 100 } };
  const wrong = await api.call('POST', '/v1/merchants', {
    ...merchant,
    earnRatio: { points: '1', perFen: 0 },
    colour: 'red',
  });
  expect(wrong.status).toBe(400);
  expect(wrong.body).toMatchObject({
    code: 'invalid_request',
    type: 'urn:hongmi:problem:invalid_request',
    in: 'body',
  });
  expect(wrong.body.errors.map((each: { path: string }) => each.path).sort()).toEqual([
    '/colour',
    '/earnRatio/perFen',
    '/earnRatio/points',
  ]);
  const ratio = (points: number) =>
    api.call('POST', '/v1/merchants', { ...merchant, earnRatio: { points, perFen: 1 } });
  for (const points of [0, -1, 1.5, 2 ** 53])
    expect((await ratio(points)).body.code).toBe('invalid_request');
  const query = (text: string) => api.call('GET', `/v1/merchants?${text}`);
  for (const bad of [
    'limit=0',
    'limit=201',
    'limit=5.5',
    'limit=5x',
    'limit=',
    'colour=red',
    'cursor=zzzz',
    'limit=1&limit=2',
  ]) {
    expect((await query(bad)).status, bad).toBe(400);
  }
  expect((await query('limit=5')).status).toBe(200);
});

test('what is not there is a problem too', async () => {
  expect((await api.call('GET', '/nowhere')).body).toMatchObject({
    status: 404,
    code: 'not_found',
  });
  expect((await api.call('GET', '/v1/members/a/b/c')).body.code).toBe('not_found');
  expect((await api.call('GET', '/v1/members/mem_x')).body).toMatchObject({
    status: 400,
    code: 'invalid_request',
    in: 'path',
  });
  expect((await api.call('GET', `/v1/members/${'x'.repeat(300)}`)).status).toBe(414);
  expect((await api.call('GET', '/v1/members/%ff')).status).toBe(400);
  expect((await api.call('GET', '/v1/members?externalSystem=pos&externalId=a%00b')).status).toBe(
    400,
  );
});

test('a method that an address does not take is told which ones it takes', async () => {
  const taken = ['GET', 'HEAD', 'POST'];
  // CONNECT is no request to an address.
  for (const method of METHODS.filter((each) => ![...taken, 'CONNECT'].includes(each))) {
    for (const payload of [undefined, '{', 'x'.repeat(5_000_000)]) {
      const answer = await api.app.inject({
        method: method as 'PATCH',
        url: '/v1/members?limit=1',
        ...(payload === undefined ? {} : { payload }),
      });
      expect([method, answer.statusCode, answer.headers.allow]).toEqual([
        method,
        405,
        taken.join(', '),
      ]);
      expect(answer.json().code).toBe('method_not_allowed');
    }
  }
  expect((await api.call('POST', '/v1/members/mem_01h455vb4pex5vsknk084sn02q', {})).status).toBe(
    405,
  );
  expect((await api.call('POST', '/v1/members//balance', {})).status).toBe(404);
  for (const method of ['GET', 'PUT'])
    expect(await api.call(method, '/v1/members/bulk')).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
});

test('a bug tells nothing outside and everything in the log', async () => {
  const answer = await api.call('GET', '/v1/test/bug');
  expect(answer.body).toMatchObject({
    status: 500,
    code: 'internal_error',
    requestId: answer.headers['x-request-id'],
  });
  expect(answer.text).not.toContain('secret detail');
  expect(api.logged()).toContain('secret detail');
  expect(api.logged()).not.toContain(api.rootKey);
});

test('an unreachable ledger or database is 503 with Retry-After', async () => {
  for (const path of ['/v1/test/away', '/v1/test/terminated']) {
    const answer = await api.call('GET', path);
    expect(answer.body).toMatchObject({ status: 503, code: 'unavailable' });
    expect(answer.headers['retry-after']).toBe('1');
  }
  // The pool replaced the connection that was cut.
  expect((await api.call('GET', '/v1/health')).body).toEqual({ status: 'ok', database: 'ok' });
});

test('writes need an idempotency key of visible ASCII, before their body is read', async () => {
  expect((await api.call('POST', '/v1/members', person, { key: null })).body).toMatchObject({
    status: 400,
    code: 'idempotency_key_missing',
  });
  for (const key of ['', 'a b', '红', 'x'.repeat(129)]) {
    expect((await api.call('POST', '/v1/members', person, { key })).body.status, key).toBe(400);
  }
  expect((await api.call('POST', '/v1/members', 'not even JSON', { key: null })).body.code).toBe(
    'idempotency_key_missing',
  );
});

test('answers carry a request id and are not stored or sniffed', async () => {
  const first = await api.call('GET', '/v1/health');
  const second = await api.call('GET', '/v1/health/live');
  expect(first.headers['x-request-id']).not.toBe(second.headers['x-request-id']);
  expect(second.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
});

test('a route without scopes cannot be registered', async () => {
  const options = {
    authenticate: () => ({ unknown: true }) as const,
    sql: api.pool,
    clock: api.clock,
    log: createLog('silent'),
    version: '0.0.0',
    features: [(v1: App) => void v1.get('/open', async () => ({}))],
  };
  await expect(createApp(options)).rejects.toThrow(/does not say which scopes/);
});

test('over a real socket: unreadable HTTP is a problem, and closing answers what is under way first', async () => {
  const url = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }));
  const garbage = await exchange(Number(url.port), 'NOT HTTP AT ALL\r\n\r\n');
  expect(garbage).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"invalid_request"/);
  const fat = await exchange(
    Number(url.port),
    `GET / HTTP/1.1\r\nHost: x\r\nX-Fat: ${'x'.repeat(20_000)}\r\n\r\n`,
  );
  expect(fat).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"header_too_large"/);

  const slow = fetch(new URL('/v1/test/slow', url), {
    headers: { authorization: `Bearer ${api.rootKey}` },
  });
  await slowHasArrived;
  const closed = api.app.close();
  endSlow();
  expect(await (await slow).json()).toEqual({ done: true });
  await closed;
  await expect(fetch(new URL('/v1/health', url))).rejects.toThrow();
});

function exchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data) => {
      received += data.toString();
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}
