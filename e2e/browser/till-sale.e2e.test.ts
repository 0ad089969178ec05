import { expect, test } from 'vitest';
import { signIn } from './console.ts';
import { openStage } from './stage.ts';
import { atTill, LI, WANG } from './till-desk.ts';

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
