import { expect, test } from 'vitest';
import {
  codeFor,
  expectFaultless,
  expectRoomForLargest,
  openPhone,
  STORIES,
  settlePhone,
} from './phone.ts';
import { openStage } from './stage.ts';
import { LOOKS, PHONE } from './visit.ts';

const PATHS = ['/offers', '/share'];

const stage = openStage();

test('a member invites a friend, who joins by the link; the member sees how many, and nobody’s name', async () => {
  let link = '';
  await stage.asMember(STORIES.S2, {}, async ({ page, context, expectAccessible, shot }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await openPhone(page, '/me');
    await page.getByRole('link', { name: '邀请朋友' }).click();
    await settlePhone(page);
    await page.getByText('每位朋友 100 消费积分').waitFor();
    await page.getByText('本月已得 0 次，最多 10 次').waitFor();
    await page.getByText('还没有朋友由您邀请加入').waitFor();
    await shot('share-before');
    await page.getByRole('button', { name: '生成我的邀请链接' }).click();
    await page.getByRole('img', { name: '邀请二维码' }).waitFor();
    link = await page.getByLabel('邀请链接').inputValue();
    expect(link).toMatch(/\/m\/\?join=demo&from=[2-9a-z]{10}$/);
    await page.getByRole('button', { name: '复制链接' }).click();
    await page.getByText('已复制').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    await expectAccessible();
    // It is the same one next time.
    await page.reload();
    await settlePhone(page);
    await expect.poll(() => page.getByLabel('邀请链接').inputValue()).toBe(link);
  });
  await stage.visit(PHONE, async ({ page, expectAccessible, shot }) => {
    const phone = '+99977700011';
    await page.goto(link);
    await page.getByText(/朋友邀请您加入/).waitFor();
    await expectAccessible();
    await shot('share-invited');
    await page.getByRole('textbox', { name: '手机号' }).fill(phone);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByLabel('验证码').fill(await codeFor(stage.demo, phone));
    await page.waitForURL(/\/m\/$/);
    await settlePhone(page);
  });
  // Another one has the code alone.
  await stage.visit(PHONE, async ({ page, expectAccessible, shot }) => {
    const phone = '+99977700012';
    const code = new URL(link).searchParams.get('from') ?? '';
    await openPhone(page, '/?join=demo');
    await page.getByLabel('邀请码').fill(` ${code.toUpperCase()}`);
    await page.getByText('只对第一次成为会员的人有效').waitFor();
    await expectAccessible();
    await shot('share-code-typed');
    await page.getByRole('textbox', { name: '手机号' }).fill(phone);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: '获取验证码' }).click();
    await page.getByLabel('验证码').fill(await codeFor(stage.demo, phone));
    await page.waitForURL(/\/m\/$/);
    await settlePhone(page);
  });
  await stage.asMember(STORIES.S2, {}, async ({ page }) => {
    await openPhone(page, '/share');
    await page.getByText('已有 2 位朋友由您邀请加入').waitFor();
    await openPhone(page, '/records?view=activities');
    expect(await page.locator('main').textContent()).not.toContain('99977700011');
  });
});

test('what is meant for a member says why they see it, and is gone at once when they switch it off', async () => {
  await stage.asMember(STORIES.S8, {}, async ({ page, expectAccessible, shot }) => {
    await openPhone(page, '/');
    await page.getByRole('link', { name: '优惠' }).click();
    await settlePhone(page);
    const own = page.locator('.hm-offer', {
      has: page.getByRole('heading', { name: '裙装区双倍' }),
    });
    await own.waitFor();
    await page.getByRole('heading', { name: '专为您' }).waitFor();
    // Open from the first: why is nothing to look for.
    await own.getByText(/为什么看到它.*群组“喜欢裙装”/).waitFor();
    await page.getByRole('heading', { name: '今天有效' }).waitFor();
    await expectAccessible();
    await shot('offers-personal');
    await page.getByRole('switch', { name: '个性化推荐' }).uncheck();
    await own.waitFor({ state: 'detached' });
    await page.getByText('这里没有按您的喜好推荐的优惠。').waitFor();
    await page.getByRole('heading', { name: '今天有效' }).waitFor();
    await page.reload();
    await settlePhone(page);
    expect(await page.getByRole('heading', { name: '专为您' }).count()).toBe(0);
  });
});

test.each(LOOKS)('every page is without fault: $language, $theme', async (eyes) => {
  await stage.asMember(STORIES.S2, eyes, (seen) => expectFaultless(seen, PATHS, 'share'));
});

test.each([320, PHONE.width])('the largest text fits on %i px', async (width) => {
  await stage.asMember(STORIES.S2, { width, language: 'en' }, (seen) =>
    expectRoomForLargest(seen, PATHS, 'share'),
  );
});
