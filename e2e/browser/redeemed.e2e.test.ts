import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { dayOf } from '../day.ts';
import { type Counter, openCounter } from './counter.ts';
import {
  expectFaultless,
  expectLight,
  expectRoomForLargest,
  openPhone,
  STORIES,
  settlePhone,
} from './phone.ts';
import { openStage } from './stage.ts';
import { LOOKS } from './visit.ts';

const stage = openStage();
let counter: Counter;
beforeAll(async () => {
  counter = await openCounter(stage);
});

const QR = '券码，二维码';
const standing = (page: Page) => page.locator('main .hm-card-name .hm-tag');
const parcelTo = (name: string) => ({
  particulars: {
    ...{ kind: 'delivery', name, phone: '+8613800000000' },
    ...{ region: '330106', address: '文三路 1 号' },
  },
});
const lessonOn = (days: number, slot = '10:00-11:00') => ({
  particulars: { kind: 'booking', day: dayOf(days), slot },
});

test('a voucher is shown at a till, and says by itself that it was used', async () => {
  await stage.asMember(counter.phone, {}, async ({ page, expectAccessible, shot }) => {
    const { id, vouchers } = await counter.redeem('tea', { quantity: 2 });
    await openPhone(page, '/records');
    await page.getByRole('link', { name: '我的兑换' }).click();
    await settlePhone(page);
    await page.getByRole('radio', { name: '待使用' }).check();
    await page.getByLabel('类别').selectOption({ label: '捐赠' });
    await page.getByText('没有符合条件的兑换').waitFor();
    await page.getByLabel('类别').selectOption({ label: '礼品' });
    // What is looked for is in the address.
    await page.reload();
    await settlePhone(page);
    expect(new URL(page.url()).search).toBe('?stage=to_use&kind=goods');
    await page.locator(`main a[href$="${id}"]`).click();
    await page.getByRole('img', { name: QR }).waitFor();
    await settlePhone(page);
    await expect
      .poll(() => page.locator('.hm-code-digits').textContent())
      .toBe(vouchers[0].code.replaceAll('-', ''));
    await expectAccessible();
    await shot('redeemed-vouchers');
    await page.getByText('第 1 张，共 2 张').waitFor();
    await counter.use(vouchers[0].qr);
    // Nobody touched the phone.
    await page.getByText('第 2 张，共 2 张').waitFor();
    await page.getByText('第 1 张已使用').waitFor();
    await counter.use(vouchers[1].qr);
    await page.getByRole('img', { name: QR }).waitFor({ state: 'hidden' });
    await expect.poll(() => standing(page).textContent()).toBe('已使用');
    await page.goBack();
    await settlePhone(page);
    await page.locator(`main a[href$="${id}"]`).waitFor({ state: 'detached' });
  });
});

test('a voucher that was seen is there without a network', async () => {
  await stage.asMember(counter.phone, {}, async ({ page, context, permit, shot }) => {
    permit(/ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
    const { id, vouchers } = await counter.redeem('tea');
    await openPhone(page, `/redemptions/${id}`);
    await page.getByRole('img', { name: QR }).waitFor();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await expect
      .poll(() => page.evaluate(() => JSON.stringify({ ...localStorage })))
      .toContain(vouchers[0].code);
    await context.setOffline(true);
    await page.reload();
    await page.getByText(/没有网络/).waitFor();
    await page.getByRole('img', { name: QR }).waitFor();
    await shot('redeemed-offline');
    // Used at a till meanwhile: it is said once there is a network.
    await counter.use(vouchers[0].code);
    await context.setOffline(false);
    await page.getByText(/没有网络/).waitFor({ state: 'hidden' });
    await expect.poll(() => standing(page).textContent()).toBe('已使用');
  });
});

test('what is cancelled says before what comes back, and comes back once', async () => {
  await stage.asMember(counter.phone, {}, async ({ page, expectAccessible, shot }) => {
    const before = await counter.available();
    const { id } = await counter.redeem('tea');
    await openPhone(page, '/redemptions');
    await page.locator(`main a[href$="${id}"]`).click();
    await page.getByRole('button', { name: '看看会退回什么' }).click();
    await page.getByText('取消后退回').waitFor();
    await page
      .getByText(/可用至/)
      .first()
      .waitFor();
    await settlePhone(page);
    await expectAccessible();
    await shot('redeemed-cancel');
    await page.getByRole('button', { name: '确认取消' }).dblclick();
    await expect.poll(() => standing(page).textContent()).toBe('已取消');
    await settlePhone(page);
    expect(await counter.available()).toBe(before);
    await page.goBack();
    await settlePhone(page);
    await expect
      .poll(() => page.locator(`main a[href$="${id}"] .hm-tag`).textContent())
      .toBe('已取消');
    // Forward again: it is over, says since when, and offers nothing of it any more.
    await page.goForward();
    await settlePhone(page);
    await page.locator('.hm-timeline').getByText('已取消').waitFor();
    expect(await page.getByRole('button', { name: '看看会退回什么' }).count()).toBe(0);
  });
});

test('a booking is moved once, and keeps its code', async () => {
  await stage.asMember(counter.phone, {}, async ({ page, expectAccessible, shot }) => {
    const { id, vouchers } = await counter.redeem('lesson', lessonOn(2));
    await openPhone(page, `/redemptions/${id}`);
    await expect.poll(() => standing(page).textContent()).toBe('已预约');
    await expectAccessible();
    await shot('redeemed-booking');
    await page.getByRole('link', { name: /^改期/ }).click();
    await settlePhone(page);
    const now = page.getByRole('radio', { name: /现在的预约/ });
    await expect.poll(() => now.isDisabled()).toBe(true);
    await page
      .getByRole('radio', { name: /15:00–16:00/ })
      .first()
      .check();
    await expectAccessible();
    await shot('redeemed-move');
    await page.getByRole('button', { name: /^改到/ }).dblclick();
    await page.waitForURL(new RegExp(`/redemptions/${id}$`));
    await page.getByText(/15:00–16:00/).waitFor();
    const { particulars, vouchers: now2 } = await counter.ask('GET', `/redemptions/${id}`);
    expect([particulars.slot, now2[0].code]).toEqual(['15:00-16:00', vouchers[0].code]);
  });
});

test('what is not sent yet goes to somebody else; what is sent does not', async () => {
  await stage.asMember(counter.phone, {}, async ({ page, expectAccessible, shot }) => {
    const { id } = await counter.redeem('parcel', parcelTo('张三'));
    await openPhone(page, `/redemptions/${id}`);
    await page.getByText('张三').waitFor();
    await page.getByText(/浙江省 杭州市 西湖区 文三路/).waitFor();
    await page.getByRole('link', { name: /修改收货人/ }).click();
    await settlePhone(page);
    await page.getByLabel('收件人').fill('李四');
    await expectAccessible();
    await shot('redeemed-recipient');
    await page.getByRole('button', { name: '保存' }).dblclick();
    await page.getByText('李四').waitFor();
    const sent = { state: 'sent', carrier: '演示快递', trackingNo: 'SF0001', actor: '店长' };
    await counter.ask('POST', `/deliveries/${id}/state`, sent);
    await page.reload();
    await settlePhone(page);
    await page.getByText('SF0001').waitFor();
    expect(await page.getByRole('link', { name: /修改收货人/ }).count()).toBe(0);
    await expectAccessible();
    await shot('redeemed-sent');
    await openPhone(page, `/redemptions/${id}/recipient`);
    await page.getByText('已经发出，不能再改收货人').waitFor();
  });
});

test('points and cash: the time that is left, and what was paid elsewhere', async () => {
  await stage.asMember(counter.phone, {}, async ({ page, expectAccessible, shot }) => {
    const { id, state } = await counter.redeem('kettle', { payerOpenid: 'o-demo', cashFen: 990 });
    expect(state).toBe('paying');
    await openPhone(page, `/redemptions/${id}`);
    await page.getByRole('timer').waitFor();
    await expectAccessible();
    await shot('redeemed-paying');
    // The demo's provider pays a moment later.
    await page.getByRole('img', { name: QR }).waitFor();
    await page.getByText('¥9.90').first().waitFor();
  });
});

test('a case is opened once, answered, followed, and appealed', async () => {
  await stage.asMember(counter.phone, {}, async ({ page, expectAccessible, shot }) => {
    const { id, vouchers } = await counter.redeem('tea', { quantity: 2 });
    await counter.use(vouchers[0].qr);
    await openPhone(page, `/redemptions/${id}`);
    await page.getByRole('link', { name: /申请售后/ }).click();
    await settlePhone(page);
    await page.getByRole('radio', { name: /质量问题/ }).check();
    await page.getByRole('radio', { name: '有破损' }).check();
    await page.getByRole('checkbox', { name: '第 2 件' }).uncheck();
    await page.getByLabel(/^说明/).fill('盖子是裂的');
    await page.getByText('用积分换的，和花钱买的一样').waitFor();
    await expectAccessible();
    await shot('case-new');
    await page.getByRole('button', { name: '提交' }).dblclick();
    await page.waitForURL(/\/after-sales\/asc_/);
    await settlePhone(page);
    await expect.poll(() => standing(page).textContent()).toBe('等商户答复');
    await page.getByText('盖子是裂的').first().waitFor();
    await expectAccessible();
    await shot('case-opened');
    const { items } = await counter.ask('GET', `/after-sales?redemptionId=${id}`);
    expect(items).toHaveLength(1);
    const [{ id: caseId, places }] = items;
    expect(places).toEqual([0]);
    const answer = (told: object) =>
      counter.ask('POST', `/after-sales/${caseId}/answers`, { ...told, actor: '店长' });
    await answer({ answer: 'refuse', reason: 'no_fault_found', note: '出库时完好' });
    await page.reload();
    await settlePhone(page);
    await page.getByText('理由：没有发现问题 · 出库时完好').waitFor();
    await page.getByLabel(/^补充说明/).fill('请看看');
    await page.getByRole('button', { name: '请平台裁定' }).dblclick();
    await expect.poll(() => standing(page).textContent()).toBe('平台正在裁定');
    const decided = { for: 'member', remedy: 'refund', actor: '运营' };
    await counter.ask('POST', `/after-sales/${caseId}/decision`, decided);
    await page.reload();
    await settlePhone(page);
    await expect.poll(() => standing(page).textContent()).toBe('已退回');
    await page.getByRole('heading', { name: '退回的积分' }).waitFor();
    await shot('case-refunded');
    // The form is done with: the way back leads to what was redeemed.
    await page.goBack();
    await settlePhone(page);
    await page.waitForURL(new RegExp(`/m/redemptions/${id}$`));
    await page.getByText('已退回').first().waitFor();
  });
});

test('what is agreed to is told to be on its way back, and can be withdrawn before', async () => {
  await stage.asMember(counter.phone, {}, async ({ page }) => {
    const { id, vouchers } = await counter.redeem('tea');
    await counter.use(vouchers[0].qr);
    const claim = { kind: 'return', reason: 'not_needed', actor: '售后台' };
    const made = await counter.ask('POST', `/redemptions/${id}/after-sales`, claim);
    const accept = { answer: 'accept', remedy: 'refund', goodsBack: true, actor: '店长' };
    await counter.ask('POST', `/after-sales/${made.id}/answers`, accept);
    await openPhone(page, '/after-sales');
    await page.locator(`main a[href$="${made.id}"]`).click();
    await settlePhone(page);
    await expect.poll(() => standing(page).textContent()).toBe('请您寄回或带回');
    await page.getByRole('button', { name: '我已寄回或带回' }).dblclick();
    await expect.poll(() => standing(page).textContent()).toBe('等商户收货');
    await page.getByRole('button', { name: '撤回', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '撤回', exact: true }).click();
    await expect.poll(() => standing(page).textContent()).toBe('已撤回');
  });
});

test('the receipt of a donation is read, saved, and checked by anybody', async () => {
  await stage.asMember(counter.phone, {}, async ({ page, context, expectAccessible, shot }) => {
    const { id } = await counter.redeem('tree');
    await openPhone(page, `/redemptions/${id}`);
    await page.getByRole('link', { name: /捐赠收据/ }).click();
    await settlePhone(page);
    await page.getByText('¥10.00').waitFor();
    await expectAccessible();
    await shot('donation-receipt');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: '下载' }).click(),
    ]);
    const parts: Buffer[] = [];
    for await (const part of await download.createReadStream()) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString('utf8');
    const [, address = ''] = /核验地址: (\S+)/.exec(text) ?? [];
    const checked = await context.request.get(address);
    expect(await checked.json()).toMatchObject({ fen: 1_000, fund: { code: 'trees' } });
    await page.getByRole('link', { name: /基金公示账目/ }).click();
    await settlePhone(page);
    await page
      .getByText(/收到 .* 笔/)
      .first()
      .waitFor();
    await expectAccessible();
    await shot('donation-books');
  });
});

test('points are followed from where they came to where they went', async () => {
  await stage.asMember(counter.phone, {}, async ({ page, expectAccessible, shot }) => {
    const { id } = await counter.redeem('tea');
    await openPhone(page, `/redemptions/${id}`);
    await page.getByText('从哪几批积分里扣的').click();
    await page.locator('main a[href*="/points/lots/lot_"]').first().click();
    await settlePhone(page);
    await page.getByText('各项加起来等于发放的积分，一分不少。').waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: '保存凭证' }).click();
    expect((await saving).suggestedFilename()).toMatch(/^txn_\w+\.json$/);
    await expectAccessible();
    await shot('trail');
    // The last of it is what was just redeemed.
    await page.locator(`main a[href$="/redemptions/${id}"]`).click();
    await settlePhone(page);
    await page.waitForURL(new RegExp(`/m/redemptions/${id}$`));
  });
});

test('what another member redeemed is not there', async () => {
  const { id } = await counter.redeem('tea');
  await stage.asMember(STORIES.S2, {}, async ({ page, permit }) => {
    permit(/404/);
    for (const path of [`/redemptions/${id}`, `/redemptions/${id}/move`, `/donations/${id}`]) {
      await openPhone(page, path);
      await page.getByText('这里没有内容').waitFor();
    }
  });
});

/** One of everything that was redeemed, and the pages about it. */
async function estate(): Promise<readonly string[]> {
  const [tea, parcel, lesson, tree] = [
    await counter.redeem('tea', { quantity: 2 }),
    await counter.redeem('parcel', parcelTo('王五')),
    await counter.redeem('lesson', lessonOn(3)),
    await counter.redeem('tree'),
  ];
  const claim = { kind: 'quality', reason: 'damaged', actor: '售后台' };
  const opened = await counter.ask('POST', `/redemptions/${tea.id}/after-sales`, claim);
  const { transaction } = await counter.ask('GET', `/transactions/${tea.price[0].transactionId}`);
  return [
    ...[tea, parcel, lesson, tree].map(({ id }) => `/redemptions/${id}`),
    ...[`/redemptions/${lesson.id}/move`, `/redemptions/${parcel.id}/recipient`],
    ...[`/after-sales/new/${parcel.id}`, `/after-sales/${opened.id}`],
    ...[`/donations/${tree.id}`, '/donations/funds/demo/trees'],
    `/points/lots/${transaction.takes[0].lotId}`,
  ];
}

let made: Promise<readonly string[]> | undefined;
/** The same for all that look at it. */
const paths = (): Promise<readonly string[]> => (made ??= estate());

test.each(LOOKS)('every page is without fault: $language, $theme', async (eyes) => {
  const all = await paths();
  await stage.asMember(counter.phone, eyes, (seen) => expectFaultless(seen, all, 'redeemed'));
});

test('the largest text fits on 320 px', async () => {
  const all = await paths();
  await stage.asMember(counter.phone, { width: 320, language: 'en' }, (seen) =>
    expectRoomForLargest(seen, all, 'redeemed'),
  );
});

test('no page fetches more script than its budget before it has something to read', async () => {
  const all = await paths();
  await stage.asMember(counter.phone, {}, ({ openTab }) => expectLight(openTab, all));
});
