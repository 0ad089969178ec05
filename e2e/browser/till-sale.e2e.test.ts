import { expect, test } from 'vitest';
import { signIn } from './console.ts';
import { openStage } from './stage.ts';
import { askAs, atTill, CUT_OFF, LI, memberOf, WANG } from './till-desk.ts';

const stage = openStage();

test('a sale that was begun goes on after a look at other pages, and ends with who is signed in', async () => {
  await atTill(stage, async ({ page, desk }) => {
    const sum = page.getByLabel('金额', { exact: true });
    const begin = async (): Promise<void> => {
      await desk.scan(LI);
      await page.getByText('田*轩').waitFor();
      await desk.amount('12');
    };
    const isFresh = async (): Promise<void> => {
      await page.getByLabel('扫码或输入').waitFor();
      expect(await sum.textContent()).toBe('¥0.00');
    };
    await begin();
    await desk.go('今日');
    // What is typed there is no part of the sum.
    await page.keyboard.type('345');
    await desk.go('更多');
    await desk.go('收银');
    await page.getByText('田*轩').waitFor();
    expect(await sum.textContent()).toBe('¥12');
    await desk.press('记积分');
    await desk.result('已入账');
    // What is done is done: who comes back begins with the next customer.
    await desk.go('今日');
    await desk.go('收银');
    await isFresh();

    await begin();
    await desk.go('更多');
    await desk.press('退出登录');
    await page.getByRole('heading', { name: '登录收银台' }).waitFor();
    await signIn(page, 'cashier');
    await desk.go('收银');
    await isFresh();
  });
});

test('another cashier who signs in where a session ended begins anew', async () => {
  await atTill(stage, async ({ page, desk, context, permit }) => {
    permit(/401/);
    await desk.scan(LI);
    await page.getByText('田*轩').waitFor();
    await desk.amount('12');
    await context.clearCookies();
    await desk.scan(WANG);
    await page.getByRole('heading', { name: '登录收银台' }).waitFor();
    await signIn(page, 'manager');
    await page.getByRole('heading', { name: '登录收银台' }).waitFor({ state: 'detached' });
    await page.getByLabel('扫码或输入').waitFor();
    expect(await page.getByLabel('金额', { exact: true }).textContent()).toBe('¥0.00');
  });
});

test('signing out without a network locks the till, says so, and loses nothing that waits', async () => {
  await atTill(stage, async ({ page, desk, context, permit, shot, expectAccessible }) => {
    permit(CUT_OFF);
    permit(/401/);
    const cashier = await askAs(stage, 'cashier');
    const member = await memberOf(cashier, LI);
    const before = await member.available();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    // From now on the page is the service worker's.
    await page.reload();
    await page.getByLabel('扫码或输入').waitFor();
    await context.setOffline(true);
    await desk.scan(LI);
    await page.getByText('断网：恢复后查对').waitFor();
    await desk.amount('7');
    await desk.press('记积分');
    await desk.result('已记下');
    await desk.next();
    await desk.go('更多');
    const sure = page.getByRole('dialog');
    await desk.press('退出登录');
    await sure.getByText('这台收银机立即锁上').waitFor();
    await sure.getByText('还有 1 笔等待入账').waitFor();
    // It fades in, and what has faded halfway has no contrast.
    const opacity = () => sure.evaluate((shown) => getComputedStyle(shown).opacity);
    await expect.poll(opacity).toBe('1');
    await expectAccessible();
    await shot('till-sign-out-offline');
    await sure.getByRole('button', { name: '留下' }).click();
    await sure.waitFor({ state: 'detached' });
    await desk.press('退出登录');
    await sure.getByRole('button', { name: '退出' }).click();
    const locked = page.getByText('李青 已在断网时退出');
    await locked.waitFor();
    await page.getByText('有 1 笔等待入账', { exact: true }).waitFor();
    // Neither a reload nor a password lets anybody in before the session has ended.
    await page.reload();
    await locked.waitFor();
    await signIn(page, 'cashier');
    await page.getByText('没有收到回复').waitFor();
    await expectAccessible();
    await shot('till-locked');
    await context.setOffline(false);
    await locked.waitFor({ state: 'detached' });
    const session = await context.request.get(`${stage.demo.url}/v1/session`);
    expect(session.status()).toBe(401);
    expect(await member.available()).toBe(before);
    await page.getByText('有 1 笔等待入账', { exact: true }).waitFor();
    await signIn(page, 'cashier');
    await desk.go('待入账');
    await page.getByText('全部已入账').waitFor();
    expect(await member.available()).toBe(before + 7);
  });
});
