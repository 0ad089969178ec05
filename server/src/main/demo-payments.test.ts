import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { reach } from '../kernel/testing/patience.ts';
import { openDemoPayments } from './demo-payments.ts';

let dataDir: string;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'hongmi-demo-pay-'));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

it('is paid by itself, and knows after a restart what was paid', async () => {
  const clock = manualClock(Date.parse('2027-06-01T00:00:00Z'));
  const asked = {
    ...{ paymentNo: 'demo_0001', payee: '1900000109', amountFen: 990, payer: 'demo' },
    ...{ description: '券', expiresAt: clock.now() + 900_000 },
  };
  const refund = {
    ...{ paymentNo: asked.paymentNo, refundNo: 'demo_ref_1', payee: asked.payee },
    ...{ amountFen: 990, totalFen: 990, reason: '会员取消兑换' },
  };
  const first = await openDemoPayments(dataDir, clock);
  // Whoever it is: nobody here comes by way of WeChat.
  expect(first.payments.anybody).toBeDefined();
  await first.payments.open(asked);
  expect(await first.payments.look(asked.paymentNo, asked.payee)).toEqual({ status: 'open' });
  await reach(
    async () => (await first.payments.look(asked.paymentNo, asked.payee)).status === 'paid',
    () => 'nobody paid',
  );
  await first.close();
  const second = await openDemoPayments(dataDir, clock);
  expect(await second.payments.refund(refund)).toEqual({ status: 'processing' });
  await second.close();
  const third = await openDemoPayments(dataDir, clock);
  expect(await third.payments.refund(refund)).toEqual({ status: 'done' });
  expect(await third.payments.look(asked.paymentNo, asked.payee)).toMatchObject({
    status: 'refunded',
  });
  await third.close();
});
