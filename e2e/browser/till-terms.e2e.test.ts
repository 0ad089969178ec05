import { readFile } from 'node:fs/promises';
import { reach } from '@hongmi/server/kernel/testing/patience';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openStage } from './stage.ts';
import {
  askAs,
  atTill,
  CUT_OFF,
  createAsk,
  type Desk,
  deskOf,
  memberOf,
  orderOf,
  phoneOf,
  WANG,
} from './till-desk.ts';
import { PHONE, type Visit } from './visit.ts';

const stage = openStage();
const PASSWORD = 'a long way to the market';

/** A shop in a programme of its own, whose points have two decimals: 1.25 of them per yuan, ¥1 off for 20.00, ¥30 off for 500.00. */
async function openShop() {
  const ask = await askAs(stage, 'operator');
  const run = Date.now().toString(36);
  const programme = `grain-${run}`;
  const pointTypes = [{ code: 'points', name: '米粒', scale: 2 }];
  await ask('POST', '/programmes', {
    ...{ code: programme, name: '米粒计划', pointTypes, offlineDayMax: 100_000, sandbox: true },
  });
  const { id: merchantId } = await ask('POST', '/merchants', {
    ...{ name: '米铺', category: 'grocery', programme, earnRatio: { points: 125, perFen: 100 } },
  });
  const offer = async (code: string, zh: string, points: number, offFen: number): Promise<void> => {
    const body = {
      ...{ kind: 'voucher', name: { zh }, cashValueFen: offFen },
      prices: [{ points: [{ pointType: 'points', points }], cashFen: 0 }],
      stores: [{ merchant: merchantId }],
      fulfilment: { kind: 'offset', offFen, atMostPercent: 50, overFen: 0 },
      cancellation: { until: 'never' },
      afterSales: { returnDays: 0, qualityDays: 0, exchange: false },
    };
    const { id } = await ask('POST', '/rewards', { code, merchantId, body });
    await ask('POST', `/rewards/${id}/publish`, {});
  };
  await offer('small', '抵 1 元', 2_000, 100);
  await offer('large', '抵 30 元', 50_000, 3_000);
  const isOffered = async (): Promise<boolean> => {
    const { items } = await ask('GET', `/rewards?merchantId=${merchantId}`);
    return items.every(({ current }: { readonly current: object | null }) => current !== null);
  };
  await reach(isOffered, () => 'what was published does not count');
  const phone = `+9997${String(Date.now()).slice(-9)}`;
  const { id: memberId } = await ask('POST', '/members', { phone, programme });
  const lines = [{ lineNo: 1, sku: 'rice', quantity: 1, amountFen: 50_000 }];
  await ask('POST', '/orders', {
    ...{ merchantId, memberId, orderNo: 'first', paidAt: new Date().toISOString(), lines },
  });
  const email = `mi-${run}@example.com`;
  const { invitation } = await (await askAs(stage, 'system'))('POST', '/staff', {
    ...{ name: '小米', email, role: 'merchant_cashier', merchantId },
  });
  const nobody = createAsk(await stage.browser.newContext(), stage.demo.url);
  await nobody('POST', '/invitations/accept', { token: invitation.token, password: PASSWORD });
  return { ask, merchantId, memberId, phone, email };
}

/** At a till of that shop, with its cashier signed in. */
async function openTill({ page, context }: Visit, email: string): Promise<Desk> {
  await createAsk(context, stage.demo.url)('POST', '/sign-in', { email, password: PASSWORD });
  await page.goto('/till/');
  await page.locator('.till-scan').waitFor();
  return deskOf(page);
}

/** What a line of the day's sum says. */
const daySays = (page: Page, name: string): Promise<string | null> =>
  page.locator('.till-facts > div').filter({ hasText: name }).locator('dd').textContent();

test('points with two decimals, a choice of rewards, and a merchant that takes none offline', async () => {
  const { ask, merchantId, phone, email } = await openShop();
  await stage.visit(PHONE, async (seen) => {
    const { page, context, permit, shot, expectAccessible } = seen;
    permit(CUT_OFF);
    const desk = await openTill(seen, email);
    await desk.scan(phone);
    await page.getByText('可用 625.00 米粒').waitFor();
    await desk.amount('10.40');
    await desk.press('记积分');
    const earned = await desk.result('已入账');
    await earned.getByText('+13.00 分').waitFor();
    await earned.getByText('1.25').waitFor();
    await desk.next();

    const show = await phoneOf(stage, phone);
    await desk.scan(show());
    await page.getByText('可用 638.00 米粒').waitFor();
    await desk.amount('100');
    await desk.press('积分抵扣');
    const choices = page.getByRole('dialog').getByRole('button', { name: /^抵扣/ });
    await choices.first().waitFor();
    expect(await choices.allTextContents()).toEqual([
      '抵扣 ¥31.00（620.00 分）',
      '抵扣 ¥30.00（500.00 分）',
    ]);
    await expectAccessible();
    await shot('till-offset-choice');
    await choices.last().click();
    await (await desk.result('已入账')).getByText('减 ¥30.00 · −500.00 分').waitFor();
    await desk.next();

    await desk.go('今日');
    await page.getByText('13.00 分', { exact: true }).waitFor();
    await page.getByText('500.00 分', { exact: true }).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), desk.press('存为 CSV')]);
    const table = await readFile(await download.path(), 'utf8');
    expect(table).toMatch(/,10\.40,13,已入账/);
    expect(table).toMatch(/,30\.00,-500,已入账/);
    await desk.go('更多');
    await page.getByText('每位会员每天 1,000.00 分').waitFor();

    // Online nothing changes; cut off nobody says that the limit of a day was reached.
    await ask('PUT', `/merchants/${merchantId}/offline-limit`, { dayMax: 0 });
    await page.reload();
    await page.getByText('断网时不能抵扣积分').waitFor();
    await desk.go('收银');
    await context.setOffline(true);
    await desk.scan(show());
    await page.getByText('断网：恢复后查对').waitFor();
    await desk.amount('20');
    await desk.press('积分抵扣');
    const sheet = page.getByRole('dialog');
    await sheet.getByText('断网时不能抵扣积分').waitFor();
    await sheet.getByText('商家没有开放断网抵扣').waitFor();
    await expectAccessible();
    await shot('till-offset-never');
    expect(await sheet.getByRole('button', { name: /^抵扣/ }).count()).toBe(0);
    await context.setOffline(false);
  });
});

test('two tills that are cut off take more than the limit of a day: what is final is a debt, the rest is refused, and each says so', async () => {
  const { ask, memberId, phone, email } = await openShop();
  const show = await phoneOf(stage, phone);
  await stage.visit(PHONE, async (first) => {
    await stage.visit(PHONE, async (second) => {
      const [one, two] = [await openTill(first, email), await openTill(second, email)];
      for (const { context, permit } of [first, second]) {
        permit(CUT_OFF);
        permit(/422 .*redemptions|status of 422/);
        await context.setOffline(true);
      }
      const takeOff = async (desk: Desk, bill: string, said: string): Promise<void> => {
        await desk.scan(show());
        await desk.page.getByText('断网：恢复后查对').waitFor();
        await desk.amount(bill);
        await desk.press('积分抵扣');
        await desk.press(said);
        await desk.result('已记下');
        await desk.next();
      };
      // Of 1,000.00 that are final in a day each till knows only what it took itself; the member has 625.00.
      await takeOff(one, '80', '抵扣 ¥40.00（800.00 分）');
      await takeOff(two, '80', '抵扣 ¥40.00（800.00 分）');
      await takeOff(two, '20', '抵扣 ¥10.00（200.00 分）');
      await one.go('待入账');
      await first.context.setOffline(false);
      await first.page.getByText('全部已入账').waitFor();
      await two.go('待入账');
      await second.context.setOffline(false);
      await second.page.getByRole('heading', { name: '未能入账' }).waitFor();
      await second.page.getByText('超过断网收银台可作数的上限').waitFor();
      await second.page.getByRole('heading', { name: '等待入账' }).waitFor({ state: 'detached' });
      await second.expectAccessible();
      await second.shot('till-beyond-limit');
      const { balances } = await ask('GET', `/members/${memberId}/balance`);
      expect(balances).toMatchObject([{ available: 0, debt: 80_000 + 20_000 - 62_500 }]);
      await one.go('今日');
      await two.go('今日');
      expect(await daySays(first.page, '收到积分')).toBe('800.00 分');
      expect(await daySays(first.page, '未能入账')).toBe('0 笔');
      expect(await daySays(second.page, '收到积分')).toBe('200.00 分');
      expect(await daySays(second.page, '未能入账')).toBe('1 笔');
    });
  });
});

test('a sale undone after a part of it came back: the day says what the ledger does, and nothing is left to return', async () => {
  await atTill(stage, async ({ page, desk, ask, shot, expectAccessible }) => {
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
    await desk.scan(number);
    await desk.press('只退 ¥4.00');
    await desk.result('已入账');
    await desk.next();
    await desk.go('今日');
    await expect.poll(() => daySays(page, '退货收回的积分')).toBe('4 分');
    expect(await daySays(page, '记积分的销售')).toBe('1 笔 · ¥14.00');
    expect(await member.available()).toBe(before + 10);
    await desk.press('撤销');
    await page.getByRole('dialog').getByRole('button', { name: '撤销' }).click();
    await expect.poll(() => daySays(page, '撤销')).toBe('1 笔');
    expect(await daySays(page, '记积分的销售')).toBe('0 笔 · ¥0.00');
    expect(await daySays(page, '退货收回的积分')).toBe('0 分');
    await page.locator('.till-entry').getByText('−10 分').waitFor();
    expect(await member.available()).toBe(before);
    await shot('till-day-undone');
    await desk.go('收银');
    await desk.scan(number);
    await page.getByRole('dialog').getByText('这张小票已全部退完').waitFor();
    expect(await page.getByRole('dialog').getByText('¥0.00').count()).toBe(0);
    await expectAccessible();
    await shot('till-return-none');
  });
});
