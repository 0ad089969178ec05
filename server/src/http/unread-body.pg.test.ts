import { connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { TestApp } from './test-app.ts';
import { createTestApp } from './test-app.ts';
import { readBeforeAnswering } from './unread-body.ts';

const MEBI = 1024 * 1024;
const BODY = Buffer.alloc(10 * MEBI, 'x');

interface Upload {
  readonly port: number;
  readonly head: readonly string[];
  readonly body: Buffer;
}

/** Sends all of a request before it reads anything, as many clients do, and tells what came until the close. */
function upload({ port, head, body }: Upload): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${head.join('\r\n')}\r\nHost: x\r\n\r\n`);
      socket.write(body, () => {
        socket.on('data', (data) => {
          received += data.toString();
        });
      });
    });
    socket.on('error', reject);
    socket.on('end', () => resolve(received));
  });
}

function chunked(body: Buffer): Buffer {
  const size = Buffer.from(`${body.length.toString(16)}\r\n`);
  return Buffer.concat([size, body, Buffer.from('\r\n0\r\n\r\n')]);
}

describe('a client that sends 10 MB before it reads gets the answer', () => {
  let api: TestApp;
  let port: number;
  beforeAll(async () => {
    api = await createTestApp();
    port = Number(new URL(await api.app.listen({ host: '127.0.0.1', port: 0 })).port);
  });
  afterAll(() => api.close());

  const length = `Content-Length: ${BODY.length}`;
  const json = 'Content-Type: application/json';
  const key = 'Idempotency-Key: upload';
  const close = 'Connection: close';
  const post = 'POST /v1/members HTTP/1.1';
  const refusals: [what: string, expected: string, head: string[], body?: Buffer][] = [
    ['too large', '413 body_too_large', [post, 'AUTH', key, json, length]],
    [
      'too large, in chunks',
      '413 body_too_large',
      [post, 'AUTH', key, json, 'Transfer-Encoding: chunked'],
      chunked(BODY),
    ],
    ['of another type', '415 unsupported_media_type', [post, 'AUTH', key, close, length]],
    ['without a key', '400 idempotency_key_missing', [post, 'AUTH', json, close, length]],
    ['from nobody', '401 unauthenticated', [post, key, json, close, length]],
    ['to nowhere', '404 not_found', ['POST /nowhere HTTP/1.1', close, length]],
    ['to a bad address', '400 invalid_request', ['POST /v1/%ff HTTP/1.1', json, close, length]],
  ];
  test.each(refusals)('%s: %s', async (_what, expected, head, body = BODY) => {
    const lines = head.map((line) =>
      line === 'AUTH' ? `Authorization: Bearer ${api.rootKey}` : line,
    );
    const [status, code] = expected.split(' ');
    const answer = await upload({ port, head: lines, body });
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
    expect(answer).toContain(`"code":"${code}"`);
  });
});

describe('a rest that does not end', () => {
  let app: FastifyInstance | undefined;
  afterEach(() => app?.close());

  async function listen(patience: { ms: number; bytes: number }): Promise<number> {
    app = fastify();
    readBeforeAnswering(app, patience);
    // A read does not take a body: all of it is unread.
    app.get('/', async () => 'answered');
    return Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
  }
  const get = 'GET / HTTP/1.1';

  test('is waited for as long as said, and then closed', async () => {
    const port = await listen({ ms: 200, bytes: MEBI });
    const begun = performance.now();
    const head = [get, 'Content-Length: 1000'];
    const answer = await upload({ port, head, body: Buffer.from('begun') });
    expect(performance.now() - begun).toBeGreaterThan(190);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n[\s\S]*answered$/);
  });

  test('is read as far as said, and then closed', async () => {
    const port = await listen({ ms: 60_000, bytes: 1000 });
    const announced = await upload({
      port,
      head: [get, 'Content-Length: 1001'],
      body: Buffer.from('begun'),
    });
    const endless = await upload({
      port,
      head: [get, 'Transfer-Encoding: chunked'],
      body: chunked(Buffer.alloc(1001)).subarray(0, -5),
    });
    for (const answer of [announced, endless]) {
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n[\s\S]*answered$/);
    }
  });

  test('that ends leaves the connection as it was', async () => {
    const port = await listen({ ms: 60_000, bytes: 1000 });
    const twice = `${get}\r\nHost: x\r\nContent-Length: 5\r\n\r\nfirst`;
    const answer = await upload({
      port,
      head: [`${twice}${get}`, 'Connection: close'],
      body: Buffer.alloc(0),
    });
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });
});
