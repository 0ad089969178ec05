import { createClient } from '@hongmi/sdk';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { live } from './live.ts';
import { everybodyOf } from './year/year.ts';

const plan = { seed: 'hongmi', until: '2026-11-22', members: 50 };
/** Noon in Shanghai, the day after the year. */
const NOON = Date.parse('2026-11-23T12:00:00+08:00');
const MINUTE_MS = 60_000;

interface Redeemed {
  readonly memberId: string;
  readonly merchantId: string;
  readonly rewardId: string;
  readonly option: number;
  readonly payerOpenid?: string;
}

interface Sent {
  readonly orderNo: string;
  readonly memberId: string;
  readonly paidAt: string;
}

let orders: Sent[];
let redeemed: Redeemed[];
let used: { readonly code: string }[];
let isDown: boolean;
beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
  [orders, redeemed, used] = [[], [], []];
  isDown = false;
});
afterEach(() => void vi.useRealTimers());

/** A server that knows every member and merchant, and takes every order. */
const hongmi = createClient({
  url: 'http://localhost',
  key: 'hm_test',
  retry: { attempts: 1 },
  async fetch(input, init) {
    const url = new URL(String(input));
    if (isDown) throw new Error('nobody answers');
    const page = (items: object[]) => Response.json({ items, nextCursor: null });
    if (url.pathname === '/v1/members')
      return page([{ id: `mem_${url.searchParams.get('externalId')}` }]);
    if (url.pathname === '/v1/merchants') return page(await merchants());
    if (url.pathname.endsWith('/rewards')) return page([DEAR, CHEAP]);
    const told: unknown = JSON.parse(String(init?.body));
    if (url.pathname === '/v1/vouchers/uses') used.push(told as { code: string });
    else if (url.pathname === '/v1/orders') orders.push(told as Sent);
    else {
      redeemed.push(told as Redeemed);
      return Response.json({ store: null, vouchers: [{ code: 'ABC' }] }, { status: 201 });
    }
    return Response.json({}, { status: 201 });
  },
});

const voucher = { fulfilment: { kind: 'voucher' }, stores: [{}] };
const points = [{ pointType: 'points', points: 100 }];
/** Paid in cash as well. */
const DEAR = {
  rewardId: 'rwd_dear',
  body: voucher,
  options: [{ option: 0, cashFen: 1, points, missing: [] }],
};
const CHEAP = {
  rewardId: 'rwd_cheap',
  body: voucher,
  options: [{ option: 1, cashFen: 0, points, missing: [] }],
};

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
  for (let minute = 0; minute < 30; minute += 1) await vi.advanceTimersByTimeAsync(MINUTE_MS);
  await vi.waitUntil(() => used.length > 0);
  expect(redeemed.length).toBeLessThan(orders.length / 3);
  for (const { rewardId, option, payerOpenid } of redeemed)
    expect([rewardId, option, payerOpenid]).toEqual(
      option === 1 ? ['rwd_cheap', 1, undefined] : ['rwd_dear', 0, 'demo-payer'],
    );
  expect(new Set(redeemed.map(({ option }) => option)).size).toBe(2);
  expect(used.every(({ code }) => code === 'ABC')).toBe(true);
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
