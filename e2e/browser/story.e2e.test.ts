import { expect, test } from 'vitest';
import { giveSession } from './console.ts';
import { codeFor, openPhone, settlePhone } from './phone.ts';
import { picture } from './picture.ts';
import { openStage } from './stage.ts';
import { CUT_OFF, createAsk, deskOf, memberOf } from './till-desk.ts';
import { LANGUAGES, PHONE } from './visit.ts';

/** What the README tells of a phone and a till, as it tells it, with its pictures. */
const TABLET = { width: 1024, height: 640 } as const;
/** A number of nobody's for each time it is told. */
const PHONES = { 'zh-CN': '+99900070001', en: '+99900070002' } as const;
const SAID = {
  'zh-CN': {
    ...{ number: '手机号', ask: '获取验证码', code: '验证码', scan: '扫码或输入', find: '查找' },
    ...{ store: '小区门口店', earn: '记积分', booked: '已入账', noted: '已记下', next: '下一位' },
    ...{
      reward: '3 元无门槛券',
      redeem: '兑换',
      onward: '下一步',
      confirm: '确认',
      use: '确认用券',
    },
    ...{ take: '请收 ¥9.00', queue: '待入账', all: '全部已入账', qr: '券码，二维码' },
  },
  en: {
    ...{ number: 'Mobile number', ask: 'Send me a code', code: 'Code', scan: 'Scan or type' },
    ...{ find: 'Find', store: '小区门口店', earn: 'Give points', booked: 'Booked', noted: 'Noted' },
    ...{ next: 'Next customer', reward: '¥3 off anything', redeem: 'Redeem', onward: 'Next' },
    ...{ confirm: 'Yes, redeem', use: 'Use the voucher', take: 'Take ¥9.00', queue: 'To book' },
    ...{ all: 'Everything is booked', qr: /QR/ },
  },
} as const;

const stage = openStage();

test.each(LANGUAGES)(
  'earned, redeemed, used, and nothing lost while the network was away: %s',
  async (language) => {
    const t = SAID[language];
    const number = PHONES[language];
    await stage.visit({ ...PHONE, language }, async ({ page: phone }) => {
      // A member joins by their number and shows their code.
      await openPhone(phone, '/?join=demo');
      await phone.getByRole('textbox', { name: t.number }).fill(number);
      await phone.getByRole('checkbox').check();
      await phone.getByRole('button', { name: t.ask }).click();
      await phone.getByLabel(t.code, { exact: true }).fill(await codeFor(stage.demo, number));
      await phone.waitForURL(/\/m\/$/);
      await settlePhone(phone);
      const points = async (): Promise<number> => {
        await openPhone(phone, '/');
        const shown = await phone.locator('.hm-balance-points').textContent();
        return Number((shown ?? '').replaceAll(',', ''));
      };
      const gift = await points();
      await openPhone(phone, '/code');
      const shown = await phone.locator('.hm-code-digits').textContent();
      await picture(phone, 'phone-code', language);

      const eyes = { ...TABLET, language };
      await stage.visit(eyes, async ({ page: till, context, permit: allow }) => {
        allow(CUT_OFF);
        await giveSession(context, stage.demo.url, 'cashier');
        await till.goto('/till/');
        await till.getByRole('button', { name: t.store }).click();
        const desk = deskOf(till);
        const press = (name: string): Promise<void> =>
          till.getByRole('button', { name, exact: true }).click();
        const enter = async (text: string): Promise<void> => {
          await till.getByLabel(t.scan).fill(text);
          await press(t.find);
        };
        await till.locator('.till-scan').waitFor();
        await enter(shown ?? '');
        await till.locator('.till-customer').waitFor();
        await desk.amount('88');
        await picture(till, 'till-desk', language);
        await press(t.earn);
        await till.getByRole('heading', { name: t.booked, exact: true }).waitFor();
        const said = await till.locator('.till-big').textContent();
        const given = Number((said ?? '').replace(/\D/g, ''));
        expect(given).toBeGreaterThanOrEqual(88);
        await press(t.next);

        // The phone shows the points, and why.
        await expect.poll(points).toBe(gift + given);
        await phone.locator('a[href*="/records/"]').first().click();
        await settlePhone(phone);
        const order = phone.locator('main a[href*="ord_"]').first();
        if (await order.isVisible()) await order.click();
        await settlePhone(phone);
        await picture(phone, 'phone-why', language);

        // Some of them become a voucher, which the till takes.
        await openPhone(phone, '/rewards');
        await phone.getByRole('link', { name: t.reward }).click();
        await settlePhone(phone);
        await phone.getByRole('button', { name: t.redeem, exact: true }).click();
        await phone.waitForURL(/\/redeem$/);
        await settlePhone(phone);
        await phone.getByRole('button', { name: t.onward, exact: true }).click();
        await phone.getByRole('dialog').getByRole('button', { name: t.confirm }).click();
        await phone.waitForURL(/\/m\/redemptions\/rdm_\w+$/);
        await phone.getByRole('img', { name: t.qr }).waitFor();
        await settlePhone(phone);
        const voucher = (await phone.locator('.hm-code-digits').textContent()) ?? '';
        await picture(phone, 'phone-voucher', language);
        await desk.amount('12');
        await enter(voucher);
        await press(t.use);
        await till.getByText(t.take).waitFor();
        await press(t.next);

        // The network drops; two sales are rung up; it comes back.
        await context.setOffline(true);
        for (const yuan of ['20', '30']) {
          await enter(number);
          await till.locator('.till-customer').waitFor();
          await desk.amount(yuan);
          await press(t.earn);
          await desk.result(t.noted);
          await press(t.next);
        }
        await till.getByRole('link', { name: t.queue }).click();
        await expect.poll(() => till.locator('.till-entry').count()).toBe(2);
        await picture(till, 'till-offline', language);
        await context.setOffline(false);
        await till.getByText(t.all).waitFor();
        const ask = createAsk(context, stage.demo.url);
        const { id } = await memberOf(ask, number);
        const { items } = await ask('GET', `/members/${id}/orders`);
        const sums = items.map((order: { netFen: number }) => order.netFen);
        expect(sums.sort((a: number, b: number) => a - b)).toEqual([2_000, 3_000, 8_800]);
      });
    });
  },
);
