import type { AddressInfo } from 'node:net';
import { showTerms } from '../../catalogue/terms-schema.ts';
import { terms } from '../../catalogue/testing/told.ts';
import { settle } from '../../jobs/run-jobs.ts';
import { manualClock } from '../../kernel/clock.ts';
import type { RewardTerms } from '../../kernel/reward.ts';
import {
  startWechatPayCounterpart,
  type WechatPayCounterpart,
} from '../../platform/payment/counterpart/wechat-pay-counterpart.ts';
import type { Payments } from '../../platform/payment/payment.ts';
import { createWechatPay } from '../../platform/payment/wechat-pay.ts';
import type { Answered } from '../test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from '../test-points-app.ts';

export const MINUTE = 60_000;
export const PAYEE = '1900000109';
export const PAYER = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

/** The whole API on a clock of its own, beside a payment provider over HTTP, which tells it what it likes. */
export interface PayingApp {
  readonly t: PointsTestApp;
  readonly other: WechatPayCounterpart;
  readonly payments: Payments;
  /** A merchant that takes cash; its id. */
  merchant(): Promise<string>;
  /** A member with so many points of the merchant's programme; their id. */
  member(merchantId: string, points?: number): Promise<string>;
  /** A published reward of the merchant for 500 points and ¥19.90, unless it says otherwise; its id. */
  reward(merchantId: string, more?: Partial<RewardTerms>): Promise<string>;
  redeem(asked: object, key: string): Promise<Answered>;
  /** What the jobs of a minute do: the clock goes on by it. */
  minutes(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openPayingApp(): Promise<PayingApp> {
  const clock = manualClock(START);
  const other = await startWechatPayCounterpart(() => clock.now());
  const payments = createWechatPay({
    ...{ clock, address: other.address, appId: 'wx0000000000000001', ...other.merchant },
    ...{ platformKeys: other.platformKeys, apiKey: other.apiKey },
    notifyUrl: 'https://points.example/v1/payments/notices',
  });
  const t = await createPointsTestApp({ payments, clock });
  await t.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = t.app.server.address() as AddressInfo;
  other.tellAt(`http://127.0.0.1:${port}/v1/payments/notices`);
  let count = 0;
  return {
    t,
    other,
    payments,
    async merchant() {
      const id = await t.merchant();
      await t.ok('PUT', `/merchants/${id}/payee`, { account: PAYEE });
      return id;
    },
    async member(merchantId, points = 2_000) {
      const memberId = await t.member();
      await t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId, points });
      return memberId;
    },
    async reward(merchantId, more = {}) {
      count += 1;
      const prices = [{ points: [{ pointType: 'points', points: 500 }], cashFen: 1_990 }];
      const body = {
        ...showTerms(terms({ prices, ...more })),
        stores: [{ merchant: merchantId }],
      };
      const { id } = await t.ok('POST', '/rewards', { code: `cash-${count}`, merchantId, body });
      await t.ok('POST', `/rewards/${id}/publish`, {});
      clock.set(clock.now() + MINUTE);
      return id;
    },
    redeem: (asked, key) =>
      t.call('POST', '/redemptions', { payerOpenid: PAYER, ...asked }, { key }),
    async minutes(many) {
      for (let minute = 0; minute < many; minute += 1) {
        clock.set(clock.now() + MINUTE);
        await settle(t.jobs);
        await t.jobs.others?.payments?.();
      }
    },
    async close() {
      await t.close();
      await other.close();
    },
  };
}
