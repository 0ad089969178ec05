import { PATIENCE_MS } from '@hongmi/server/kernel/testing/patience';
import type { Pool } from 'pg';
import { expect, vi } from 'vitest';
import { type Caller, createCaller } from '../caller.ts';

/** What writes of several areas are about. */
export interface Scene {
  readonly caller: Caller;
  readonly pool: Pool;
  /** Makes something and answers its id. */
  make(path: string, body: object): Promise<string>;
  /** Does what must succeed. */
  succeed(method: string, path: string, body: object): Promise<void>;
  readonly merchantId: string;
  readonly memberId: string;
  readonly receiverId: string;
  /** One of the member and the merchant. */
  readonly at: { readonly memberId: string; readonly merchantId: string };
  /** When it was prepared. */
  readonly now: string;
  /** A reward that is on offer, and what is asked for it. */
  readonly wantedBody: typeof WANTED & { readonly stores: readonly object[] };
  readonly wanted: Wanted;
}
interface Wanted {
  readonly memberId: string;
  readonly merchantId: string;
  readonly rewardId: string;
  readonly option: number;
  readonly quantity: number;
  readonly price: readonly object[];
}

/** An instant after every other. */
export const LATER = '2099-01-01T00:00:00Z';

const WANTED = {
  kind: 'voucher',
  name: { zh: '鲜果礼盒', en: 'A box of fruit' },
  cashValueFen: 2_500,
  prices: [2, 1].map((points) => ({ points: [{ pointType: 'points', points }], cashFen: 0 })),
  fulfilment: {
    kind: 'voucher',
    voucher: { form: 'no_threshold', offFen: 2_500, partial: true },
    lasts: { days: 90 },
  },
  cancellation: { until: 'before_use', feePoints: 1 },
  afterSales: { returnDays: 7, qualityDays: 15, exchange: true },
};

/** A merchant, members with points, a sandbox `play`, and a reward on offer. */
export async function openScene(url: string, pool: Pool): Promise<Scene> {
  const caller = createCaller(url);
  const make = async (path: string, body: object): Promise<string> => {
    const { text, status, body: told } = await caller.once('POST', path, body);
    expect([201, 202], text).toContain(status);
    return told.id ?? told.transaction?.id ?? '';
  };
  const succeed = async (method: string, path: string, body: object): Promise<void> => {
    const { text, status } = await caller.once(method, path, body);
    expect(status, text).toBe(200);
  };
  const merchantId = await make('/merchants', {
    name: 'Fruit',
    category: 'fruit',
    earnRatio: { points: 1, perFen: 100 },
  });
  const memberId = await make('/members', { phone: '13800138000', externalIds: { pos: 'C-1' } });
  const receiverId = await make('/members', { externalIds: { pos: 'C-9' } });
  const pointTypes = ['points', 'leaves'].map((code) => ({ code, name: code }));
  await make('/programmes', {
    code: 'play',
    name: 'Play',
    sandbox: true,
    ruleNoticeDays: 0,
    pointTypes,
  });
  const at = { memberId, merchantId };
  await make('/transactions', { kind: 'issue', ...at, points: 1000 });

  const wantedBody = { ...WANTED, stores: [{ merchant: merchantId }] };
  const rewardId = await make('/rewards', { code: 'wanted', merchantId, body: wantedBody });
  await succeed('POST', `/rewards/${rewardId}/publish`, {});
  const price = [{ pointType: 'points', points: 1 }];
  const wanted = { ...at, rewardId, option: 1, quantity: 1, price };
  const now = new Date().toISOString();
  const scene = { caller, pool, make, succeed, merchantId, memberId, receiverId, at, now };
  return { ...scene, wantedBody, wanted };
}

/** Waits until something can be redeemed: what was published comes into force some seconds later. */
export async function untilOnOffer({ caller }: Scene, asked: object): Promise<void> {
  await vi.waitFor(
    async () => {
      const { status, text } = await caller.once('POST', '/redemptions', {
        ...asked,
        dryRun: true,
      });
      expect(status, text).toBe(200);
    },
    { timeout: PATIENCE_MS, interval: 500 },
  );
}
