import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { expectFits, expectLight, openPhone, STORIES, settlePhone } from './phone.ts';
import { openStage } from './stage.ts';
import { type Eyes, LOOKS } from './visit.ts';

const stage = openStage();

/** Asks the API as the member who is signed in there. */
// biome-ignore lint/suspicious/noExplicitAny: answers of the API, as tests read them
async function ask(page: Page, method: 'GET' | 'POST', path: string, data?: object): Promise<any> {
  const answer = await page.context().request.fetch(`${stage.demo.url}/v1${path}`, {
    method,
    headers: {
      ...{ origin: stage.demo.url, 'hongmi-as': 'member' },
      'idempotency-key': `shop-${Date.now()}-${Math.random()}`,
    },
    ...(data === undefined ? {} : { data }),
  });
  expect(answer.status(), await answer.text()).toBeLessThan(300);
  return answer.json();
}

async function available(page: Page, pointType = 'points'): Promise<number> {
  const { balances } = await ask(page, 'GET', '/members/me/balance');
  const found = balances.find(
    (each: { programme: string; pointType: string }) =>
      each.programme === 'demo' && each.pointType === pointType,
  );
  return found?.available ?? 0;
}

const redeemed = async (page: Page): Promise<readonly { id: string; state: string }[]> =>
  (await ask(page, 'GET', '/redemptions')).items;

/** Goes to a reward by its name, as somebody who looks for it. */
async function open(page: Page, name: string): Promise<void> {
  await openPhone(page, `/rewards?named=${encodeURIComponent(name)}`);
  await page.getByRole('link', { name }).first().click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  await settlePhone(page);
}

async function openForm(page: Page, name: string): Promise<void> {
  await open(page, name);
  await page.getByRole('button', { name: '兑换', exact: true }).click();
  await page.waitForURL(/\/redeem$/);
  await settlePhone(page);
}

/** Looks at what it comes to. */
async function next(page: Page) {
  await page.getByRole('button', { name: '下一步' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.waitFor();
  await settlePhone(page);
  return sheet;
}

const atRedemption = (page: Page): Promise<void> => page.waitForURL(/\/m\/redemptions\/rdm_\w+$/);

// First of all, while nothing was redeemed yet.
test.each([
  ...LOOKS,
  { language: 'en' as const, width: 320, large: true },
  { language: 'zh-CN' as const, large: true },
])('every page of the shop is without fault: $language, $theme, $width', async (eyes) => {
  const { large = false, ...rest } = eyes as Eyes & { readonly large?: boolean };
  await stage.asMember(STORIES.S3, rest, async ({ page, context, expectAccessible, shot }) => {
    if (large) await context.addInitScript(() => localStorage.setItem('hongmi.text-size', '1.5'));
    const { items } = await ask(page, 'GET', '/members/me/rewards?programme=demo&limit=200');
    const of = (code: string): string =>
      items.find((each: { code: string }) => each.code === code).rewardId;
    const paths = {
      list: '?can=now&order=points',
      nothing: '?named=qqq',
      cash: `/${of('lenses')}`,
      delivery: `/${of('longjing-tea')}`,
      tier: `/${of('facial')}`,
      nights: `/${of('free-night')}`,
      offset: `/${of('bill-offset')}`,
      ways: `/${of('lenses')}/redeem`,
      recipient: `/${of('longjing-tea')}/redeem`,
      fund: `/${of('plant-a-tree')}/redeem`,
      booking: `/${of('air-conditioning')}/redeem`,
    };
    for (const [name, path] of Object.entries(paths)) {
      await openPhone(page, `/rewards${path}`);
      if (name === 'booking') await page.locator('.hm-calendar input:enabled').first().check();
      await expectFits(page);
      await expectAccessible();
      await shot(`shop-${large ? 'large-' : ''}${name}`);
    }
  });
});

test('a voucher is redeemed once, however often it is pressed, and nothing leads back to the form', async () => {
  await stage.asMember(STORIES.S4, {}, async ({ page, expectAccessible, shot }) => {
    const [before, had] = [await redeemed(page), await available(page)];
    await openPhone(page, '/rewards');
    await page.getByRole('radio', { name: '现在能换' }).check();
    await page.getByLabel('按名称查找').fill('无门槛');
    await page.waitForURL(/named=/);
    await settlePhone(page);
    // Only what can be had: ¥50 takes 1,000.
    expect(await page.locator('main li a').allTextContents()).not.toContainEqual(
      expect.stringContaining('50 元无门槛券'),
    );
    await page.getByRole('link', { name: '5 元无门槛券' }).click();
    await page.getByText('每分相当于').first().waitFor();
    await page.getByText('积分退回', { exact: false }).first().waitFor();
    await page.getByRole('button', { name: '兑换', exact: true }).click();
    await page.waitForURL(/\/redeem$/);
    const sheet = await next(page);
    const said = (await sheet.textContent()) ?? '';
    const [, taken = ''] = /将扣积分(\d+)/.exec(said) ?? [];
    const [, remains = ''] = /之后还有(\d+)/.exec(said) ?? [];
    expect(Number(taken) + Number(remains)).toBe(had);
    await expectAccessible();
    await shot('shop-confirm');
    await sheet.getByRole('button', { name: '确认' }).dblclick();
    await atRedemption(page);
    await settlePhone(page);
    expect((await redeemed(page)).length).toBe(before.length + 1);
    expect(await available(page)).toBe(Number(remains));
    // In place of the form: back is the reward, and the list before it is as it was.
    await page.goBack();
    await page.waitForURL(/\/m\/rewards\/rwd_\w+$/);
    await page.goBack();
    await page.waitForURL(/\/m\/rewards\?/);
    await openPhone(page, '/');
    await expect.poll(() => page.locator('.hm-balance-points').textContent()).toBe(remains);
    expect((await redeemed(page)).length).toBe(before.length + 1);
  });
});

test('a sheet that was closed over a lost answer, and opened again, redeems once', async () => {
  await stage.asMember(STORIES.S3, {}, async ({ page, permit }) => {
    permit(/ERR_FAILED/);
    const before = await redeemed(page);
    await openForm(page, '5 元无门槛券');
    const sheet = await next(page);
    // It is redeemed, and nobody hears of it.
    await page.route('**/v1/redemptions', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await sheet.getByRole('button', { name: '确认' }).click();
    await sheet.getByText('再按一次不会兑换两次').waitFor();
    await page.unroute('**/v1/redemptions');
    await sheet.getByRole('button', { name: '关闭' }).click();
    await page.getByText('没有收到回复').waitFor();
    await (await next(page)).getByRole('button', { name: '确认' }).click();
    await atRedemption(page);
    expect((await redeemed(page)).length).toBe(before.length + 1);
  });
});

test('points and cash: the points are set aside until it is paid, and then it is theirs', async () => {
  await stage.asMember(STORIES.S1, {}, async ({ page, expectAccessible, shot }) => {
    const had = await available(page);
    await openForm(page, '进口水果礼盒');
    await page.getByRole('radio', { name: /¥12\.50/ }).check();
    const sheet = await next(page);
    await expect.poll(() => sheet.textContent()).toContain('另付现金¥12.50');
    await sheet.getByRole('button', { name: '确认并去支付' }).click();
    await atRedemption(page);
    await page.getByRole('timer').waitFor();
    await shot('shop-paying');
    // The demo's provider pays by itself.
    await page.getByRole('timer').waitFor({ state: 'hidden' });
    await expectAccessible();
    const [latest] = await redeemed(page);
    expect(latest).toMatchObject({ state: 'fulfilled' });
    expect(await available(page)).toBeLessThan(had);
    await page.goBack();
    await page.waitForURL(/\/m\/rewards\/rwd_\w+$/);
  });
});

test('a time is booked among those that are free', async () => {
  await stage.asMember(STORIES.S3, {}, async ({ page, expectAccessible, shot }) => {
    await openForm(page, '空调清洗一次');
    const go = page.getByRole('button', { name: '下一步' });
    await expect.poll(() => go.isDisabled()).toBe(true);
    await page.locator('.hm-calendar input:enabled').last().check();
    await page.getByRole('group', { name: '时段' }).getByRole('radio').first().check();
    await expectAccessible();
    await shot('shop-booking');
    const sheet = await next(page);
    await expect
      .poll(() => sheet.textContent())
      .toMatch(/什么时候\d{4}\/\d\d\/\d\d \d\d:\d\d–\d\d:\d\d/);
    await sheet.getByRole('button', { name: '确认' }).click();
    await atRedemption(page);
    const [latest] = await redeemed(page);
    expect(latest).toMatchObject({ state: 'fulfilled', particulars: { kind: 'booking' } });
  });
});

test('of nights as many are booked as there are points for', async () => {
  await stage.asMember(STORIES.S9, {}, async ({ page, shot }) => {
    await openForm(page, '房型升级一晚');
    await page.locator('.hm-calendar input:enabled').first().check();
    await page.getByText(/入住.*离店/).waitFor();
    const more = page.getByRole('button', { name: '住几晚：增加' });
    await expect.poll(() => more.isDisabled()).toBe(true);
    await shot('shop-nights');
    const sheet = await next(page);
    await sheet.getByRole('button', { name: '确认' }).click();
    await atRedemption(page);
    expect(await available(page, 'nights')).toBe(0);
  });
});

test('what is delivered asks to whom, and only where it is sent', async () => {
  await stage.asMember(STORIES.S12, {}, async ({ page, expectAccessible, shot }) => {
    await open(page, '龙井茶礼盒');
    await page.getByText(/配送至：上海市、江苏省.浙江省/).waitFor();
    await page.getByRole('button', { name: '兑换', exact: true }).click();
    await page.getByLabel('收件人').fill('李雷');
    await page.getByLabel('手机号').fill('13800138000');
    const province = page.getByLabel('省级地区');
    await expect
      .poll(() => province.locator('option').allTextContents())
      .toEqual(['请选择', '上海市', '江苏省', '浙江省']);
    await province.selectOption({ label: '浙江省' });
    await page.getByLabel('城市').selectOption({ label: '杭州市' });
    await page.getByLabel('区县').selectOption({ label: '西湖区' });
    await expect.poll(() => page.getByRole('button', { name: '下一步' }).isDisabled()).toBe(true);
    await page.getByLabel('详细地址').fill('文三路 1 号\n3 幢');
    await expectAccessible();
    await shot('shop-delivery');
    const sheet = await next(page);
    await expect.poll(() => sheet.textContent()).toContain('文三路 1 号 3 幢');
    await sheet.getByRole('button', { name: '确认' }).click();
    await atRedemption(page);
    const [latest] = await redeemed(page);
    expect(latest).toMatchObject({ particulars: { kind: 'delivery', region: '330106' } });
  });
});

test('a donation says which fund gets it', async () => {
  await stage.asMember(STORIES.S4, {}, async ({ page, shot }) => {
    await openForm(page, '捐种一棵树');
    const { pathname } = new URL(page.url());
    // From the page of all funds, which has read of them already.
    await openPhone(page, '/donations');
    await page.evaluate((path) => history.pushState(null, '', path), pathname);
    await page.getByRole('button', { name: '下一步' }).waitFor();
    await page.getByText('红米绿色基金会（演示）').waitFor();
    await shot('shop-donation');
    const sheet = await next(page);
    await sheet.getByText('兑换后不能取消').waitFor();
    await sheet.getByRole('button', { name: '确认' }).click();
    await atRedemption(page);
    const [latest] = await redeemed(page);
    await ask(page, 'GET', `/redemptions/${latest?.id}/receipt`);
  });
});

test('who has not enough points is told how many are missing; what comes off a bill is asked for at the till', async () => {
  await stage.asMember(STORIES.S2, {}, async ({ page, shot }) => {
    await open(page, '50 元无门槛券');
    await page
      .getByText(/还差 \d+ 消费积分/)
      .first()
      .waitFor();
    await expect
      .poll(() => page.getByRole('button', { name: '暂不可兑换' }).isDisabled())
      .toBe(true);
    await shot('shop-missing');
    // The address of the form leads nowhere either.
    await page.goto(`${page.url()}/redeem`);
    await page.getByText('现在不能兑换').waitFor();
    await open(page, '积分抵账单 1 元');
    await page.getByText(/在收银台出示会员码/).waitFor();
    await page.getByRole('button', { name: '出示会员码' }).click();
    await page.waitForURL(/\/m\/code$/);
  });
});

test('points that went elsewhere meanwhile, and a price that changed, are said before anything is taken', async () => {
  await stage.asMember(STORIES.S6, {}, async ({ page, permit, expectAccessible, shot }) => {
    permit(/422 POST .*\/v1\/redemptions|409 POST .*\/v1\/redemptions|status of 4(09|22)/);
    const had = await available(page);
    await openForm(page, '3 元无门槛券');
    // Somebody else has changed the price since: what was shown is not what it costs.
    await page.route('**/v1/redemptions', async (route) => {
      const asked = route.request().postDataJSON();
      const price = [{ pointType: 'points', points: 1 }];
      await route.continue({ postData: JSON.stringify({ ...asked, price }) });
    });
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('alert').getByText('价格刚刚变了').waitFor();
    await page.unroute('**/v1/redemptions');
    // The rest goes elsewhere before it is confirmed.
    const sheet = await next(page);
    const { id: memberId } = await ask(page, 'GET', '/me');
    const query = '/members/me/rewards?programme=demo&named=';
    const { items } = await ask(page, 'GET', `${query}${encodeURIComponent('口红小样')}`);
    const [{ rewardId, body }] = items;
    await ask(page, 'POST', '/redemptions', {
      ...{ memberId, rewardId, merchantId: body.stores[0].merchant },
    });
    expect(had - (await available(page))).toBeGreaterThan(had - 60);
    await sheet.getByRole('button', { name: '确认' }).click();
    await sheet.getByRole('alert').getByText('积分不够了').waitFor();
    await expectAccessible();
    await shot('shop-refused');
  });
});

test('one reward and its form fetch no more script than their budget before there is something to read', async () => {
  await stage.asMember(STORIES.S1, {}, async ({ page, openTab }) => {
    const { items } = await ask(page, 'GET', '/members/me/rewards?programme=demo&limit=200');
    const paths = ['lenses', 'longjing-tea', 'voucher-5'].flatMap((code) => {
      const { rewardId } = items.find((each: { code: string }) => each.code === code);
      return [`/rewards/${rewardId}`, `/rewards/${rewardId}/redeem`];
    });
    await expectLight(openTab, paths);
  });
});
