import type { FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../kernel/clock.ts';
import { createLog } from '../platform/log.ts';
import { createApp } from './app.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

/** Whose address the server takes a request to come from. */
async function seen(
  trustedProxies: readonly string[] | undefined,
  remoteAddress: string,
  headers: Record<string, string | string[]>,
): Promise<string> {
  app = await createApp({
    authenticate: async () => ({ unknown: true }),
    ...{ sql: undefined as never, clock: systemClock, log: createLog('silent'), version: '0.0.0' },
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    features: [
      (v1) =>
        v1.get('/seen', { config: { scopes: 'public' }, schema: { hide: true } }, (request) => {
          const { ip } = request;
          return { ip };
        }),
    ],
  });
  const answer = await app.inject({ url: '/v1/seen', remoteAddress, headers });
  return answer.json().ip;
}
const forwarded = (addresses: string | string[]) => ({ 'x-forwarded-for': addresses });

test('nobody is believed where a request comes from, unless they are named', async () => {
  const told = {
    ...forwarded('203.0.113.9'),
    ...{ forwarded: 'for=203.0.113.9', 'x-real-ip': '203.0.113.9' },
  };
  expect(await seen(undefined, '10.0.0.1', told)).toBe('10.0.0.1');
  expect(await seen([], '127.0.0.1', told)).toBe('127.0.0.1');
  expect(await seen(['10.0.0.2'], '10.0.0.1', told)).toBe('10.0.0.1');
});

test('of what passed proxies that are believed the last address counts that is none of them', async () => {
  const through = (header: string | string[], from = '10.0.0.1') =>
    seen(['10.0.0.0/8', 'fd00::/8'], from, forwarded(header));
  expect(await through('203.0.113.9')).toBe('203.0.113.9');
  expect(await through('203.0.113.9, 10.1.1.1')).toBe('203.0.113.9');
  expect(await through('2001:db8::7', 'fd00::1')).toBe('2001:db8::7');
  // As a server that listens on :: hears of the same proxy.
  expect(await through('203.0.113.9', '::ffff:10.0.0.1')).toBe('203.0.113.9');
  // Whatever a visitor wrote there before.
  for (const written of ['127.0.0.1', '10.9.9.9', 'nonsense', '198.51.100.1, 10.0.0.1'])
    expect(await through(`${written}, 203.0.113.9`), written).toBe('203.0.113.9');
  expect(await through(['127.0.0.1', '203.0.113.9'])).toBe('203.0.113.9');
  // A visitor who comes past the proxy is who they are.
  expect(await through('203.0.113.9', '198.51.100.7')).toBe('198.51.100.7');
});
