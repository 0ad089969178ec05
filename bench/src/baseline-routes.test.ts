import { createApp } from '@hongmi/server/http/app';
import { systemClock } from '@hongmi/server/kernel/clock';
import { newId, showId } from '@hongmi/server/kernel/id';
import { afterAll, expect, test } from 'vitest';
import { echoHandlers } from './baseline-handlers.ts';
import { withOwnHandlers } from './baseline-routes.ts';
import { errorLog } from './error-log.ts';

const principal = {
  keyId: newId(0),
  scopes: new Set(['points:write'] as const),
  merchant: null,
  programme: null,
  tenant: 'operator',
  staff: null,
  member: null,
};
const app = await createApp({
  authenticate: (secret) => (secret === 'good-key' ? principal : { unknown: true }),
  sql: { query: () => Promise.reject(new Error('the echo route has no database')) },
  clock: systemClock,
  log: errorLog(() => undefined),
  version: '0.0.0',
  features: [(v1) => withOwnHandlers(v1, echoHandlers())],
});
afterAll(() => app.close());

const good = {
  kind: 'issue',
  memberId: showId('member', newId(1)),
  merchantId: showId('merchant', newId(2)),
  pointType: 'points',
  points: 5,
  reason: 'purchase',
};
const post = (body: object, headers: Record<string, string> = {}) =>
  app.inject({
    method: 'POST',
    url: '/v1/transactions',
    headers: { authorization: 'Bearer good-key', 'idempotency-key': 'one', ...headers },
    payload: body,
  });

test('the echo route answers like the ledger', async () => {
  const answer = await post(good);
  expect(answer.statusCode, answer.body).toBe(201);
  expect(answer.json()).toMatchObject({
    transaction: { kind: 'issue', status: 'applied', points: 10 },
    receipt: { block: 1 },
  });
});

test('the echo route makes the checks of the real one', async () => {
  expect((await post({ ...good, points: 0 })).statusCode).toBe(400);
  expect((await post({ ...good, surprise: true })).statusCode).toBe(400);
  expect((await post(good, { authorization: 'Bearer other-key' })).statusCode).toBe(401);
  expect((await post(good, { 'idempotency-key': '' })).statusCode).toBe(400);
});

test('nothing but the measured route answers', async () => {
  const answer = await app.inject({
    method: 'GET',
    url: `/v1/transactions/${showId('transaction', newId(3))}`,
    headers: { authorization: 'Bearer good-key' },
  });
  expect(answer.statusCode).not.toBe(200);
});
