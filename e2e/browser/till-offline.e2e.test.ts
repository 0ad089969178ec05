import { expect, test } from 'vitest';
import { signIn } from './console.ts';
import { openPhone } from './phone.ts';
import { openStage } from './stage.ts';
import {
  type Ask,
  askAs,
  atTill,
  CUT_OFF,
  createAsk,
  LI,
  memberOf,
  openDesk,
  phoneOf,
  voucherFor,
  WANG,
} from './till-desk.ts';
import { PHONE } from './visit.ts';

const stage = openStage();

test('a voucher is used once: another till that was cut off is told why its use does not count', async () => {
  await atTill(stage, async ({ desk, ask, page, shot, permit, expectAccessible }) => {
    const code = await voucherFor(ask, LI);
    await stage.visit(PHONE, async (other) => {
      other.permit(CUT_OFF);
      const second = await openDesk(other.page, other.context, stage.demo.url);
      await other.context.setOffline(true);
      await second.amount('15');
      await second.scan(code);
      await other.page.getByText('断网：现在无法查验这张券').waitFor();
      await other.shot('till-voucher-offline');
      await second.press('确认用券');
      await second.result('已记下');
      await desk.amount('12');
      await desk.scan(code);
      await page.getByText('减 ¥3.00').waitFor();
      await expectAccessible();
      await shot('till-voucher');
      await desk.press('确认用券');
      await (await desk.result('已入账')).getByText('请收 ¥9.00').waitFor();
      // The way back of the browser uses nothing again.
      await page.goBack();
      await page.goForward();
      other.permit(/409/);
      await other.context.setOffline(false);
      await second.next();
      await second.go('待入账');
      await other.page.getByRole('heading', { name: '未能入账' }).waitFor();
      await other.page
        .getByText('这张券已用过')
        .or(other.page.getByText(/已.*使用/))
        .first()
        .waitFor();
      await other.expectAccessible();
      await other.shot('till-failed');
      await other.page.getByRole('button', { name: '已知悉' }).click();
      await other.page.getByText('全部已入账').waitFor();
    });
    permit(/409/);
    await page.goto('/till/');
    await page.getByLabel('扫码或输入').waitFor();
    await desk.scan(code);
    await page.getByRole('alert').waitFor();
  });
});

test('cut off, a bill takes points within the limit of the day: final, and what is missing is a debt', async () => {
  const poor = await poorMember(await askAs(stage, 'cashier'));
  const show = await phoneOf(stage, poor);
  await atTill(stage, async ({ desk, ask, page, context, permit, shot, expectAccessible }) => {
    permit(CUT_OFF);
    const { id } = await memberOf(ask, poor);
    await context.setOffline(true);
    await desk.scan(show());
    await page.getByText('断网：恢复后查对').waitFor();
    await desk.amount('200');
    await desk.press('积分抵扣');
    await page.getByText('还需付 ¥150.00').waitFor();
    await expectAccessible();
    await shot('till-offset-offline');
    await page.getByRole('button', { name: '抵扣 ¥50.00' }).click();
    await desk.result('已记下');
    await desk.next();
    await desk.scan(show());
    await desk.amount('200');
    await desk.press('积分抵扣');
    await page.getByText('断网时抵扣已到今日上限').waitFor();
    await page.keyboard.press('Escape');
    await desk.go('待入账');
    await context.setOffline(false);
    await page.getByText('全部已入账').waitFor();
    const { balances } = await ask('GET', `/members/${id}/balance`);
    const points = balances.find((each: { pointType: string }) => each.pointType === 'points');
    expect(points.available).toBe(0);
    expect(points.debt).toBeGreaterThan(0);
    // The member sees what is owed, whatever else they have.
    await stage.asMember(poor, {}, async (phone) => {
      await openPhone(phone.page, '/');
      await phone.page.getByText(`欠 ${points.debt.toLocaleString('zh-CN')}`).waitFor();
      await phone.shot('phone-debt');
    });
  });
});

/** The number of somebody who has fewer points than a day's limit offline. */
async function poorMember(ask: Ask): Promise<string> {
  for (let place = 4; place < 40; place += 1) {
    const number = `+999${String(place).padStart(8, '0')}`;
    const points = await (await memberOf(ask, number)).available();
    if (points < 900) return number;
  }
  throw new Error('everybody in the demo is rich');
}

test('offline and back: what was rung up is booked once, also what was answered to nobody', async () => {
  await atTill(stage, async ({ desk, ask, page, context, permit, shot, expectAccessible }) => {
    permit(CUT_OFF);
    const member = await memberOf(ask, WANG);
    const before = await member.available();
    // Booked by the platform, but the answer is lost on the way.
    let lost = 0;
    await page.route('**/v1/orders', async (route) => {
      lost += 1;
      if (lost > 1) return route.continue();
      await route.fetch();
      await context.setOffline(true);
      await route.abort('connectionreset');
    });
    await desk.scan(WANG);
    await desk.amount('10');
    await desk.press('记积分');
    await desk.result('已记下');
    await shot('till-waiting');
    await expectAccessible();
    await desk.next();
    await page.getByText('断网').waitFor();
    for (const yuan of ['11', '12']) {
      await desk.scan(WANG);
      await desk.amount(yuan);
      await desk.press('记积分');
      await desk.result('已记下');
      await desk.next();
    }
    await desk.go('待入账');
    await expect.poll(() => page.locator('.till-entry').count()).toBe(3);
    await expectAccessible();
    await shot('till-queue');
    await context.setOffline(false);
    await page.getByText('全部已入账').waitFor();
    expect(await member.available()).toBe(before + 33);
    const { items } = await ask('GET', `/members/${member.id}/orders?limit=4`);
    expect(
      items
        .slice(0, 3)
        .map((each: { netFen: number }) => each.netFen)
        .sort(),
    ).toEqual([1_000, 1_100, 1_200]);
  });
});

test('opens without the network, and what was rung up is there after a reload', async () => {
  await atTill(stage, async ({ desk, ask, page, context, permit }) => {
    permit(CUT_OFF);
    const member = await memberOf(ask, WANG);
    const before = await member.available();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    // From now on the page is the service worker's.
    await page.reload();
    await page.getByLabel('扫码或输入').waitFor();
    await context.setOffline(true);
    await page.reload();
    await page.getByLabel('扫码或输入').waitFor();
    await page.getByText('断网', { exact: true }).waitFor();
    await desk.scan(WANG);
    await desk.amount('6');
    await desk.press('记积分');
    await desk.result('已记下');
    await page.reload();
    await desk.go('待入账');
    await page.locator('.till-entry').getByText('¥6.00').waitFor();
    await context.setOffline(false);
    await page.getByText('全部已入账').waitFor();
    expect(await member.available()).toBe(before + 6);
  });
});

test('cut off and by a wrong clock a code counts as of when it was shown', async () => {
  const show = await phoneOf(stage, WANG);
  await stage.visit(PHONE, async ({ page, context, permit }) => {
    permit(CUT_OFF);
    await page.addInitScript(() => {
      const real = Date.now;
      Date.now = () => real() - 5 * 3600_000;
    });
    const desk = await openDesk(page, context, stage.demo.url);
    const member = await memberOf(createAsk(context, stage.demo.url), WANG);
    const before = await member.available();
    await context.setOffline(true);
    await desk.scan(show());
    await page.getByText('断网：恢复后查对').waitFor();
    await desk.amount('13');
    await desk.press('记积分');
    await desk.result('已记下');
    await context.setOffline(false);
    await page.getByRole('heading', { name: '已入账' }).waitFor();
    expect(await member.available()).toBe(before + 13);
  });
});

test('a tab that is gone with a full queue leaves it to others, and of two one sends it', async () => {
  await atTill(stage, async ({ desk, ask, page, context, openTab, permit }) => {
    permit(CUT_OFF);
    const member = await memberOf(ask, WANG);
    const before = await member.available();
    await context.setOffline(true);
    for (const yuan of ['14', '13']) {
      await desk.scan(WANG);
      await desk.amount(yuan);
      await desk.press('记积分');
      await desk.result('已记下');
      await desk.next();
    }
    await page.close();
    await context.setOffline(false);
    const sent: string[] = [];
    context.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/v1/orders'))
        sent.push(request.headers()['idempotency-key'] ?? '');
    });
    const tabs = await Promise.all([openTab(), openTab()]);
    await Promise.all(tabs.map((tab) => tab.goto('/till/queue')));
    for (const tab of tabs) await tab.getByText('全部已入账').waitFor();
    expect(await member.available()).toBe(before + 27);
    expect([sent.length, new Set(sent).size]).toEqual([2, 2]);
  });
});

test('a session that ends with a full queue loses nothing, and nobody else sends it', async () => {
  await atTill(stage, async ({ desk, ask, page, context, permit, shot, expectAccessible }) => {
    permit(CUT_OFF);
    permit(/401/);
    const member = await memberOf(ask, LI);
    const before = await member.available();
    await context.setOffline(true);
    await desk.scan(LI);
    await desk.amount('7');
    await desk.press('记积分');
    await desk.result('已记下');
    await desk.next();
    await context.clearCookies();
    await context.setOffline(false);
    await page.getByRole('heading', { name: '登录收银台' }).waitFor();
    await page.getByText('有 1 笔等待入账').waitFor();
    await expectAccessible();
    await shot('till-signed-out');
    // Somebody else works at this till meanwhile.
    await signIn(page, 'manager');
    await desk.go('待入账');
    await page.getByText('其他收银员的账').waitFor();
    await shot('till-others');
    const other = await memberOf(await askAs(stage, 'cashier'), LI);
    expect(await other.available()).toBe(before);
    await desk.go('更多');
    await desk.press('退出登录');
    await page.getByRole('heading', { name: '登录收银台' }).waitFor();
    await signIn(page, 'cashier');
    await desk.go('待入账');
    await page.getByText('全部已入账').waitFor();
    expect(await other.available()).toBe(before + 7);
  });
});
