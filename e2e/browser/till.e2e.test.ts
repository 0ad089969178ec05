import { expect, test } from 'vitest';
import { signIn } from './console.ts';
import { openStage } from './stage.ts';
import {
  type Ask,
  atTill,
  createAsk,
  deskOf,
  LI,
  memberOf,
  openDesk,
  orderOf,
  phoneOf,
  voucherFor,
  WANG,
} from './till-desk.ts';
import { PHONE } from './visit.ts';

const stage = openStage();

test('a cashier signs in, chooses the store, and gives points for a scan, with the reason', async () => {
  await stage.visit(PHONE, async ({ page, expectAccessible, shot }) => {
    await page.goto('/till/');
    await page.getByRole('heading', { name: '登录收银台' }).waitFor();
    await expectAccessible();
    await shot('till-sign-in');
    await signIn(page, 'cashier');
    await page.getByRole('heading', { name: '哪家门店' }).waitFor();
    await expectAccessible();
    await page.getByRole('button', { name: '小区门口店' }).click();
    const desk = deskOf(page);
    await desk.amount('3');
    await desk.scan(LI);
    await page.getByText('田*轩').waitFor();
    // What the scanner typed is no part of the sum.
    await expect.poll(() => page.getByLabel('金额', { exact: true }).textContent()).toBe('¥3');
    await desk.amount('8.50');
    await expectAccessible();
    await shot('till-desk');
    await desk.press('记积分');
    const result = await desk.result('已入账');
    await result.getByText('+38').first().waitFor();
    await result.getByText('本店比例').waitFor();
    await expectAccessible();
    await shot('till-earned');
    await desk.next();
    await desk.go('今日');
    await page.getByText('1 笔 · ¥38.50').waitFor();
    await expectAccessible();
    await shot('till-day');
    await page.getByRole('button', { name: '撤销' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '撤销' }).click();
    await page.getByText('0 笔 · ¥0.00').first().waitFor();
    await desk.go('更多');
    await expectAccessible();
    await shot('till-more');
  });
});

test('two taps are one order', async () => {
  await atTill(stage, async ({ page, desk, ask }) => {
    const member = await memberOf(ask, LI);
    const before = await member.available();
    await desk.scan(LI);
    await desk.amount('12');
    await page.getByRole('button', { name: '记积分' }).dblclick();
    await desk.result('已入账');
    expect(await member.available()).toBe(before + 12);
    await desk.next();
    await desk.go('今日');
    await expect.poll(() => page.locator('.till-entry').count()).toBe(1);
  });
});

test('points go off a bill by the member’s code, the rest earns, and goods of it come back', async () => {
  const show = await phoneOf(stage, LI);
  await atTill(stage, async ({ desk, ask, page, shot, expectAccessible }) => {
    const member = await memberOf(ask, LI);
    await ask('POST', '/orders', await bigOrder(ask, member.id));
    const before = await member.available();
    await desk.scan(LI);
    await desk.amount('28');
    await desk.press('积分抵扣');
    await page.getByText('请扫会员码').waitFor();
    await page.keyboard.press('Escape');
    await desk.press('换一位会员');
    await desk.scan(show());
    await page.getByText('田*轩').waitFor();
    await desk.amount('28');
    await desk.press('积分抵扣');
    await page.getByText('还需付 ¥14.00').waitFor();
    await expectAccessible();
    await shot('till-offset');
    await page.getByRole('button', { name: '抵扣 ¥14.00' }).dblclick();
    const result = await desk.result('已入账');
    await result.getByText('请收 ¥14.00').waitFor();
    expect(await member.available()).toBe(before - 280);
    await shot('till-offset-done');
    await desk.press('为余款 ¥14.00 记积分');
    await desk.press('记积分');
    await desk.result('已入账');
    expect(await member.available()).toBe(before - 266);
    await desk.press('下一位');
    await desk.press('退货');
    await page.getByRole('dialog').getByRole('button', { name: '积分抵扣' }).click();
    await desk.press('全退 ¥28.00');
    await (await desk.result('已入账')).getByText('请退现金 ¥14.00').waitFor();
    expect(await member.available()).toBe(before + 14);
  });
});

async function bigOrder(ask: Ask, memberId: string): Promise<object> {
  const { merchantId } = await ask('GET', '/session');
  const lines = [{ lineNo: 1, sku: 'till', quantity: 1, amountFen: 50_000 }];
  const orderNo = `big ${Date.now()}`;
  return { merchantId, memberId, orderNo, paidAt: new Date().toISOString(), lines };
}

test('goods come back, all of them or a part, from the list or by the receipt', async () => {
  await atTill(stage, async ({ desk, ask, page, shot, expectAccessible }) => {
    const member = await memberOf(ask, WANG);
    const before = await member.available();
    await desk.scan(WANG);
    await desk.amount('14');
    await desk.press('记积分');
    await desk.result('已入账');
    await desk.next();
    const number = await orderOf(page);
    await desk.go('收银');
    await desk.amount('4');
    await desk.press('退货');
    await page.getByRole('dialog').getByRole('button', { name: number }).click();
    await expectAccessible();
    await shot('till-return');
    await desk.press('只退 ¥4.00');
    await desk.result('已入账');
    expect(await member.available()).toBe(before + 10);
    await desk.next();
    await desk.scan(number);
    await desk.press('全退 ¥10.00');
    await desk.result('已入账');
    expect(await member.available()).toBe(before);
  });
});

test('a session that ends under an open sheet asks for it above the sheet, once, and the sheet goes on', async () => {
  await atTill(stage, async ({ desk, ask, page, context, permit, expectAccessible }) => {
    permit(/401/);
    const code = await voucherFor(ask, LI);
    await desk.amount('12');
    await context.clearCookies();
    await desk.scan(code);
    const door = page.getByRole('heading', { name: '登录收银台' });
    await door.waitFor();
    await expectAccessible();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await signIn(page, 'cashier');
    await door.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '重试' }).click();
    await desk.press('确认用券');
    await (await desk.result('已入账')).getByText('请收 ¥9.00').waitFor();
  });
});

test('a machine whose clock is wrong rings up at the right time', async () => {
  await stage.visit(PHONE, async ({ page, context }) => {
    await page.addInitScript(() => {
      const real = Date.now;
      Date.now = () => real() + 3 * 3600_000;
    });
    const desk = await openDesk(page, context, stage.demo.url);
    const ask = createAsk(context, stage.demo.url);
    await desk.scan(LI);
    await desk.amount('5');
    await desk.press('记积分');
    await desk.result('已入账');
    await desk.next();
    const { merchantId } = await ask('GET', '/session');
    const orderNo = await orderOf(page);
    const { paidAt } = await ask('GET', `/orders?merchantId=${merchantId}&orderNo=${orderNo}`);
    const { programme } = await ask('GET', `/merchants/${merchantId}`);
    const { items } = await ask('GET', '/programmes');
    const { now } = items.find((each: { code: string }) => each.code === programme);
    expect(Math.abs(Date.parse(now) - Date.parse(paidAt))).toBeLessThan(60_000);
    // The number on the receipt begins with the shop's day, also before eight, when it is yesterday in UTC.
    const day = new Date(paidAt).toLocaleDateString('en-CA', { timeZone: 'Asia/Shanghai' });
    expect(orderNo.slice(0, 7)).toBe(`T${day.slice(2).replaceAll('-', '')}`);
  });
});
