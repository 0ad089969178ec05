import { createClient } from '@hongmi/sdk';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { live } from './live.ts';
import { everybodyOf } from './year/year.ts';

const plan = { seed: 'hongmi', until: '2026-11-22', members: 50 };
/** Noon in Shanghai, the day after the year. */
const NOON = Date.parse('2026-11-23T12:00:00+08:00');
const MINUTE_MS = 60_000;

interface Sent {
  readonly orderNo: string;
  readonly memberId: string;
  readonly paidAt: string;
}

let orders: Sent[];
let isDown: boolean;
beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
  orders = [];
  isDown = false;
});
afterEach(() => void vi.useRealTimers());

/** A server that knows every member and merchant, and takes every order. */
const hongmi = createClient({
  url: 'http://localhost',
  key: 'hm_test',
  retry: { attempts: 1 },
  tools: {
    async fetch(input, init) {
      const url = new URL(String(input));
      if (isDown) throw new Error('nobody answers');
      const page = (items: object[]) => Response.json({ items, nextCursor: null });
      if (url.pathname === '/v1/members')
        return page([{ id: `mem_${url.searchParams.get('externalId')}` }]);
      if (url.pathname === '/v1/merchants') return page(await merchants());
      orders.push(JSON.parse(String(init?.body)) as Sent);
      return Response.json({}, { status: 201 });
    },
  },
});

async function merchants(): Promise<object[]> {
  const { readPack } = await import('../packs/pack.ts');
  const { TRADES } = await import('./year/trades.ts');
  const packs = await Promise.all(TRADES.map(({ pack }) => readPack(pack)));
  return packs.map(({ merchant }) => ({ id: `mer_${merchant.name}`, name: merchant.name }));
}

test('visits go on minute by minute, whatever fails, until they are stopped', async () => {
  const living = live({ hongmi, plan, now: () => Date.now() });
  for (let minute = 0; minute < 10; minute += 1) await vi.advanceTimersByTimeAsync(MINUTE_MS);
  await vi.waitUntil(() => orders.length > 5);
  const keys = new Set(everybodyOf(plan).map(({ key }) => `mem_${key}`));
  expect(orders.every(({ memberId }) => keys.has(memberId))).toBe(true);
  expect(orders.every(({ paidAt }) => Date.parse(paidAt) >= NOON)).toBe(true);
  expect(new Set(orders.map(({ orderNo }) => orderNo)).size).toBe(orders.length);
  isDown = true;
  await vi.advanceTimersByTimeAsync(2 * MINUTE_MS);
  isDown = false;
  const before = orders.length;
  for (let minute = 0; minute < 10; minute += 1) await vi.advanceTimersByTimeAsync(MINUTE_MS);
  await vi.waitUntil(() => orders.length > before);
  await living.stop();
  const count = orders.length;
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(orders).toHaveLength(count);
});
