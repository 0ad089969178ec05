import { expect, test } from 'vitest';
import { openPhone, settlePhone } from './phone.ts';
import { openStage } from './stage.ts';
import { askAs, LI, memberOf } from './till-desk.ts';

const stage = openStage();

test('whoever brings goods of a bill back sees what they got for them, and when', async () => {
  const ask = await askAs(stage, 'cashier');
  const { id: memberId } = await memberOf(ask, LI ?? '');
  const { merchantId } = await ask('GET', '/session');
  const { items } = await ask('GET', `/rewards?merchantId=${merchantId}`);
  const offset = items.find(
    (each: { current: { body: { fulfilment: { kind: string } } } | null }) =>
      each.current?.body.fulfilment.kind === 'offset',
  );
  const particulars = { kind: 'bill', billNo: `back-${Date.now()}`, billFen: 2_000 };
  const told = { memberId, rewardId: offset.id, merchantId, quantity: 5, particulars };
  const redemption = await ask('POST', '/redemptions', told);
  const returned = { returnNo: 'back-1', returnedFen: 800, reason: '不合适', actor: '收银 2' };
  const back = await ask('POST', `/redemptions/${redemption.id}/returns`, returned);
  expect(back.units).toBeGreaterThan(0);
  await stage.asMember(LI ?? '', {}, async ({ page, expectAccessible, shot }) => {
    await openPhone(page, '/records');
    await page
      .getByRole('button', { name: /积分退还/ })
      .first()
      .click();
    await page.getByRole('link', { name: '看这次兑换' }).click();
    await settlePhone(page);
    expect(new URL(page.url()).pathname).toBe(`/m/redemptions/${redemption.id}`);
    await page.getByText('退货 ¥8.00').waitFor();
    await page.getByText(/退回 \d+ 消费积分/).waitFor();
    expect(await page.locator('main').textContent()).not.toContain('收银 2');
    await expectAccessible();
    await shot('bill-returned');
  });
});
