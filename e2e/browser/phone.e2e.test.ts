import { expect, test } from 'vitest';
import { giveSession } from './console.ts';
import {
  codeFor,
  expectFaultless,
  expectLight,
  expectRoomForLargest,
  openPhone,
  resolveCode,
  STORIES,
  settlePhone,
} from './phone.ts';
import { openStage } from './stage.ts';
import { LOOKS, PHONE } from './visit.ts';

/** Pages that are reached from the bar and from the member's own; lists lead further. */
const PATHS = [
  ...['/', '/code', '/rewards', '/records', '/records?view=orders', '/points', '/points?view=lots'],
  ...['/redemptions', '/redemptions?stage=to_use', '/after-sales', '/donations'],
  ...['/tier', '/green', '/statement', '/messages', '/me'],
  ...['/settings', '/settings/privacy', '/settings/sessions'],
];

const stage = openStage();

test('a member signs in by the code on their phone, and comes to where they wanted to go', async () => {
  await stage.visit(PHONE, async ({ page, permit, expectAccessible, shot }) => {
    permit(/422 .*member-sign-in|status of 422/);
    const phone = '+99900000003';
    await openPhone(page, '/records?view=orders');
    await page.waitForURL((url) => url.pathname === '/m/sign-in');
    await expectAccessible();
    await shot('phone-sign-in');
    await page.getByLabel('手机号').fill(phone);
    await page.getByRole('button', { name: '获取验证码' }).click();
    const code = page.getByLabel('验证码');
    await code.fill('000000');
    await page.getByRole('alert').waitFor();
    await expectAccessible();
    await shot('phone-code-wrong');
    // Six digits are enough: nothing more is to be pressed.
    await code.fill(await codeFor(stage.demo, phone));
    await page.waitForURL(/\/m\/records\?view=orders$/);
    await settlePhone(page);
    await expect.poll(() => page.getByRole('radio', { name: '消费' }).isChecked()).toBe(true);
  });
});

test('whoever is invited becomes a member, once they have agreed', async () => {
  await stage.visit({ ...PHONE, language: 'en' }, async ({ page, expectAccessible, shot }) => {
    const phone = '+99977700001';
    await openPhone(page, '/?join=demo');
    await page.getByRole('heading', { name: 'Become a member' }).waitFor();
    await page.getByLabel('Mobile number').fill(phone);
    const send = page.getByRole('button', { name: 'Send me a code' });
    await expect.poll(() => send.isDisabled()).toBe(true);
    await page.getByRole('checkbox').check();
    await shot('phone-join');
    await send.click();
    await page.getByLabel('Code').fill(await codeFor(stage.demo, phone));
    await page.waitForURL(/\/m\/$/);
    await settlePhone(page);
    // Nothing was earned yet, and that is said rather than left out.
    await page.getByText('Nothing yet').waitFor();
    await expectAccessible();
    await shot('phone-home-new');
  });
});

test.each(LOOKS)('every page is without fault: $language, $theme', async (eyes) => {
  await stage.asMember(STORIES.S2, eyes, (seen) => expectFaultless(seen, PATHS, 'phone'));
});

test.each([320, PHONE.width])('the largest text fits on %i px', async (width) => {
  await stage.asMember(STORIES.S2, { width, language: 'en' }, (seen) =>
    expectRoomForLargest(seen, PATHS, 'phone'),
  );
});

test('the start says what there is, until when, and what to do next', async () => {
  await stage.asMember(STORIES.S2, {}, async ({ page }) => {
    await openPhone(page, '/');
    // ¥20 on each of 30 days, a gift box for 500: 100 left (docs/demo.md).
    const balance = page.getByRole('region', { name: '可用消费积分' });
    await expect.poll(() => balance.locator('.hm-balance-points').textContent()).toBe('100');
    await balance.getByRole('link', { name: /失效/ }).click();
    await page.waitForURL(/\/m\/points$/);
    await settlePhone(page);
    const lapsing = page.locator('main li .hm-row-value');
    const sum = async (): Promise<number> =>
      (await lapsing.allTextContents()).map(Number).reduce((all, each) => all + each, 0);
    await expect.poll(sum).toBe(100);
  });
});

test('every purchase says why it earned what it earned; the way back leads to where one was', async () => {
  await stage.asMember(STORIES.S2, {}, async ({ page, expectAccessible, shot }) => {
    await openPhone(page, '/');
    await page.getByRole('link', { name: '记录' }).click();
    await settlePhone(page);
    await page.getByRole('radio', { name: '消费' }).check();
    await page
      .getByRole('link', { name: /¥20\.00/ })
      .first()
      .waitFor();
    await page
      .getByRole('link', { name: /¥20\.00/ })
      .last()
      .scrollIntoViewIfNeeded();
    const place = await page.evaluate(() => scrollY);
    expect(place).toBeGreaterThan(0);
    await page
      .getByRole('link', { name: /¥20\.00/ })
      .last()
      .click();
    await page.getByRole('heading', { name: '积分是怎么来的' }).waitFor();
    await settlePhone(page);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await page.getByText('¥20，每 ¥1 得 1 分', { exact: false }).waitFor();
    await expectAccessible();
    await shot('phone-why');
    await page.getByRole('button', { name: '返回' }).click();
    await page.waitForURL(/\/m\/records\?view=orders$/);
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(place);
    await page.goBack();
    await page.waitForURL(/\/m\/$/);
  });
});

test('what is opened from elsewhere has a way up instead of back', async () => {
  await stage.asMember(STORIES.S2, {}, async ({ page }) => {
    await openPhone(page, '/settings/sessions');
    await page.getByRole('button', { name: '返回' }).click();
    await page.waitForURL(/\/m\/settings$/);
    await page.getByRole('button', { name: '返回' }).click();
    await page.waitForURL(/\/m\/me$/);
  });
});

test('a green deed shows its evidence, what it earned, and why', async () => {
  await stage.asMember(STORIES.S9, {}, async ({ page, expectAccessible, shot }) => {
    await openPhone(page, '/green');
    await shot('phone-green-deeds');
    await page.locator('main a[href*="/green/act_"]').first().click();
    await settlePhone(page);
    await page.getByText('凭证号').waitFor();
    await page.getByRole('heading', { name: '积分是怎么来的' }).waitFor();
    await expectAccessible();
    await shot('phone-green-one');
  });
});

test('what is agreed to is as easily taken back', async () => {
  await stage.asMember(STORIES.S2, {}, async ({ page }) => {
    await openPhone(page, '/settings/privacy');
    const offers = page.getByRole('switch', { name: '个性化推荐' });
    expect(await offers.isChecked()).toBe(false);
    await offers.check();
    await page.getByText(/同意$/).first().waitFor();
    await settlePhone(page);
    await page.reload();
    await settlePhone(page);
    await expect.poll(() => offers.isChecked()).toBe(true);
    await offers.uncheck();
    await page.getByText(/撤回$/).first().waitFor();
  });
});

test('a statement is saved with every change', async () => {
  await stage.asMember(STORIES.S2, {}, async ({ page }) => {
    await openPhone(page, '/statement');
    await page.getByLabel('从').fill('2020-01-01');
    await settlePhone(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '下载' }).click(),
    ]);
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    const lines = Buffer.concat(parts).toString('utf8').trim().split('\r\n');
    // A heading, thirty purchases, and a gift box.
    expect(lines).toHaveLength(32);
    const changes = lines.slice(1).map((line) => Number(line.split(',')[4]));
    expect(changes.reduce((sum, each) => sum + each, 0)).toBe(100);
  });
});

test('who was signed out goes on where they were, once they are signed in again', async () => {
  await stage.asMember(
    STORIES.S2,
    {},
    async ({ page, context, permit, expectAccessible, shot }) => {
      permit(/401/);
      await openPhone(page, '/statement');
      await page.getByLabel('从').fill('2021-02-03');
      await settlePhone(page);
      const cookies = await context.cookies();
      const memberId = await page.evaluate(async () => {
        const answer = await fetch('/v1/me', { headers: { 'hongmi-as': 'member' } });
        return ((await answer.json()) as { id: string }).id;
      });
      await context.clearCookies();
      await page.getByLabel('到').fill('2026-01-02');
      const over = page.getByRole('dialog', { name: '登录已结束' });
      await over.waitFor();
      await expectAccessible();
      await shot('phone-signed-out');
      // A number gets one code a minute, and this one has had its own: the server's part is played.
      await page.route('**/v1/member-sign-in/codes', (route) =>
        route.fulfill({ status: 202, json: {} }),
      );
      await page.route('**/v1/member-sign-in', async (route) => {
        await context.addCookies(cookies);
        await route.fulfill({ json: { memberId } });
      });
      await over.getByLabel('手机号').fill(STORIES.S2);
      await over.getByRole('button', { name: '获取验证码' }).click();
      await over.getByLabel('验证码').fill('123456');
      await over.waitFor({ state: 'hidden' });
      await settlePhone(page);
      await expect.poll(() => page.getByLabel('从').inputValue()).toBe('2021-02-03');
      await page.getByText('期初').waitFor();
    },
  );
});

test('signing out leaves nothing on the phone', async () => {
  await stage.asMember('+99900000004', {}, async ({ page, context, permit }) => {
    permit(/401|ERR_INTERNET_DISCONNECTED/);
    await openPhone(page, '/me');
    const name = (await page.locator('.hm-figure').textContent()) ?? '-';
    const kept = (): Promise<string> =>
      page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    await expect.poll(kept).toContain(name);
    // Without a network nobody is told that they are signed out: the server would let them in again.
    await context.setOffline(true);
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.getByText('没有收到回复').waitFor();
    expect(await kept()).toContain(name);
    await context.setOffline(false);
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForURL(/\/m\/sign-in$/);
    expect(await kept()).not.toContain(name);
    await page.goto('/m/me');
    await page.waitForURL(/\/m\/sign-in/);
  });
});

test('without the network the start opens all the same, says so, and goes on with it', async () => {
  await stage.asMember(STORIES.S2, {}, async ({ page, context, permit, shot }) => {
    permit(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
    await openPhone(page, '/');
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await context.setOffline(true);
    await page.reload();
    await page.getByText(/没有网络/).waitFor();
    await expect.poll(() => page.locator('.hm-balance-points').textContent()).toBe('100');
    await shot('phone-offline');
    await page.getByRole('link', { name: '出示会员码' }).click();
    await page.getByRole('img', { name: '会员码，二维码' }).waitFor();
    await shot('phone-code-offline');
    await context.setOffline(false);
    await page.locator('.hm-offline').waitFor({ state: 'hidden' });
    await settlePhone(page);
  });
});

test('what was never seen says without the network why it is not there, and comes with it', async () => {
  await stage.asMember(STORIES.S2, {}, async ({ page, context, permit, shot }) => {
    permit(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
    await openPhone(page, '/records');
    await context.setOffline(true);
    await page.getByRole('radio', { name: '消费' }).check();
    await page.getByText('连不上网络').waitFor();
    await page.getByRole('button', { name: '重试' }).waitFor();
    expect(await page.locator('[aria-busy="true"]').count()).toBe(0);
    await shot('phone-never-seen');
    await context.setOffline(false);
    await page.getByText('连不上网络').waitFor({ state: 'hidden' });
    await settlePhone(page);
    await page.locator('main a[href*="/orders/"]').first().waitFor();
  });
});

test('the code of a phone whose clock is wrong is known at the till', async () => {
  await stage.asMember(STORIES.S2, {}, async ({ page, context }) => {
    const hour = 3_600_000;
    await page.clock.install({ time: Date.now() + hour });
    await openPhone(page, '/code');
    const shown = await page.locator('.hm-code-digits').textContent();
    const code = (shown ?? '').replace(/\D/g, '');
    expect(code).toHaveLength(20);
    await giveSession(context, stage.demo.url, 'cashier');
    const answer = await resolveCode(context, stage.demo.url, code);
    expect(answer).toMatchObject({ programme: 'demo', balances: expect.any(Array) });
    // Half a minute later it is another one, of the same phone.
    await page.clock.fastForward(30_000);
    await expect.poll(() => page.locator('.hm-code-digits').textContent()).not.toBe(shown);
    const next = ((await page.locator('.hm-code-digits').textContent()) ?? '').replace(/\D/g, '');
    expect(next.slice(0, 10)).toBe(code.slice(0, 10));
  });
});

test('no page fetches more script than its budget before it has something to read', async () => {
  await stage.asMember(STORIES.S2, {}, ({ openTab }) => expectLight(openTab, PATHS));
});
