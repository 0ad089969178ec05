import { expect, test } from 'vitest';
import { giveSession, settle } from './console.ts';
import { codeFor, giveMember, settlePhone } from './phone.ts';
import { openStage } from './stage.ts';
import { PHONE } from './visit.ts';

const stage = openStage();

/** Where somebody signs in, on each of the pages. */
const DOORS = [
  ['/m/', '手机号'],
  ['/m/records', '手机号'],
  ['/till/', '密码'],
  ['/console/', '密码'],
  ['/console/rewards', '密码'],
] as const;

test.each(DOORS)(
  'who comes to %s for the first time is asked in, and nothing that is refused is asked',
  async (path, field) => {
    await stage.visit(PHONE, async ({ page }) => {
      const asked: string[] = [];
      page.on('request', (request) => {
        const { pathname } = new URL(request.url());
        if (pathname.startsWith('/v1/')) asked.push(pathname);
      });
      await page.goto(path);
      await page.getByLabel(field, { exact: true }).waitFor();
      await page.waitForLoadState('networkidle');
      expect(asked).toEqual([]);
    });
  },
);

test('who signed out is a stranger again, on all of the pages', async () => {
  await stage.visit({}, async ({ page, context }) => {
    await giveSession(context, stage.demo.url, 'cashier');
    await giveMember(context, stage.demo);
    await page.goto('/m/');
    await settlePhone(page);
    for (const as of ['member', 'staff']) {
      const path = as === 'member' ? '/v1/me/session' : '/v1/session';
      const headers = { origin: stage.demo.url, 'hongmi-as': as, 'idempotency-key': `out-${as}` };
      const answer = await context.request.delete(`${stage.demo.url}${path}`, { headers });
      expect(answer.status()).toBe(200);
    }
    expect(await context.cookies()).toEqual([]);
    await page.goto('/console/');
    await settle(page);
    expect(new URL(page.url()).pathname).toBe('/console/sign-in');
  });
});

test('whoever got no answer when they gave their code comes in by sending it again', async () => {
  await stage.visit(PHONE, async ({ page, context, permit }) => {
    permit(/ERR_FAILED/);
    const phone = '+99900000006';
    const keys: (string | undefined)[] = [];
    await page.route('**/v1/member-sign-in', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return await route.continue();
      // It is done, and nobody hears of it.
      expect((await route.fetch()).status()).toBe(200);
      await context.clearCookies();
      await route.abort();
    });
    await page.goto('/m/');
    await page.getByLabel('手机号').fill(phone);
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByLabel('验证码').fill(await codeFor(stage.demo, phone));
    await page.waitForURL(/\/m\/$/);
    await settlePhone(page);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });
});
