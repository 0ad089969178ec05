import { join } from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { startWechatPayCounterpart } from '../platform/payment/counterpart/wechat-pay-counterpart.ts';
import type { Payments } from '../platform/payment/payment.ts';
import { createWechatPay } from '../platform/payment/wechat-pay.ts';

/** Between the opening of a payment and its being paid; who asks again meanwhile sees it open. */
const PAYS_AFTER_MS = 2_000;
/** Nobody here comes by way of WeChat, which would say who they are. */
const ANYBODY = 'demo-payer';

export interface DemoPayments {
  readonly payments: Payments;
  /** The server answers there; until it is told, payments are found out by looking. */
  tellAt(url: string): void;
  close(): Promise<void>;
}

/**
 * A payment provider of the demo's own, on this machine: everybody who is asked to pay does so a moment later, and no money
 * moves. What was paid stays in the data directory, so that it can be given back after a restart.
 */
export async function openDemoPayments(dataDir: string, clock: Clock): Promise<DemoPayments> {
  const other = await startWechatPayCounterpart(clock.now, join(dataDir, 'demo-payments.jsonl'));
  const waiting = new Set<NodeJS.Timeout>();
  other.onOpen((no) => {
    const timer = setTimeout(() => {
      waiting.delete(timer);
      // It was paid before, or nobody listens to the notice: both are found out by looking.
      other.pay(no).catch(() => {});
    }, PAYS_AFTER_MS);
    timer.unref();
    waiting.add(timer);
    return Promise.resolve();
  });
  const { address, merchant, platformKeys, apiKey } = other;
  const payments = createWechatPay({
    ...{ clock, address, appId: 'wxdemo00000000demo', ...merchant, platformKeys, apiKey },
    notifyUrl: 'https://demo.invalid/v1/payments/notices',
  });
  return {
    payments: { ...payments, anybody: ANYBODY },
    tellAt: (url) => other.tellAt(url),
    async close() {
      for (const timer of waiting) clearTimeout(timer);
      await other.close();
    },
  };
}
