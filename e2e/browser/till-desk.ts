import { memberCodeAt } from '@hongmi/sdk/member-code';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { giveSession, type Who } from './console.ts';
import { giveMember } from './phone.ts';
import type { Stage } from './stage.ts';
import { PHONE, type Visit } from './visit.ts';

/** A till at which somebody is signed in, at a store. */
export interface Desk {
  readonly page: Page;
  /** What a hand scanner does: types fast, then Enter. */
  scan(text: string): Promise<void>;
  /** Presses keys of the pad. */
  amount(yuan: string): Promise<void>;
  press(name: string): Promise<void>;
  /** The result, once it says so. */
  result(said: string): Promise<Locator>;
  next(): Promise<void>;
  go(page: '收银' | '待入账' | '今日' | '更多'): Promise<void>;
}

/** Members of the demo with points to spend. */
export const [LI, WANG] = ['+99900000001', '+99900000002'];
/** What a browser says of the network that a test takes away. */
export const CUT_OFF =
  /ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION_RESET|Failed to load resource/;

const STORE = '小区门口店';

export async function openDesk(
  page: Page,
  context: BrowserContext,
  url: string,
  who: Who = 'cashier',
): Promise<Desk> {
  await giveSession(context, url, who);
  await page.goto('/till/');
  await page.getByRole('button', { name: STORE }).click();
  await page.locator('.till-scan').waitFor();
  return deskOf(page);
}

/** Somebody at a till, and the API as they may ask it. */
interface At extends Visit {
  readonly desk: Desk;
  readonly ask: Ask;
}

/**
 * At a till, with the cashier signed in. From ¥15 on the store gives 5 points more after 22:00 (packs/convenience-store.json): what is
 * rung up by tests is less, so that the hour of the run makes no difference.
 */
export const atTill = (stage: Stage, journey: (at: At) => Promise<void>): Promise<void> =>
  stage.visit(PHONE, async (seen) => {
    const desk = await openDesk(seen.page, seen.context, stage.demo.url);
    await journey({ ...seen, desk, ask: createAsk(seen.context, stage.demo.url) });
  });

export function deskOf(page: Page): Desk {
  const press = (name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).click();
  return {
    page,
    press,
    async scan(text) {
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    },
    async amount(yuan) {
      for (const key of yuan) await press(key);
    },
    async result(said) {
      const heading = page.getByRole('heading', { name: said });
      await heading.waitFor();
      return page.locator('.till-result');
    },
    next: () => press('下一位'),
    async go(name) {
      await page.getByRole('link', { name }).click();
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    },
  };
}

/** Asks the API as whoever is signed in there. */
export function createAsk(context: BrowserContext, url: string) {
  let count = 0;
  // biome-ignore lint/suspicious/noExplicitAny: answers of the API, as tests read them
  return async (method: 'GET' | 'POST' | 'PUT', path: string, data?: object): Promise<any> => {
    count += 1;
    const key = `till-test-${Date.now()}-${count}`;
    const headers = { origin: url, 'idempotency-key': key };
    const answer = await context.request.fetch(`${url}/v1${path}`, {
      ...{ method, headers },
      ...(data === undefined ? {} : { data }),
    });
    expect(answer.status(), await answer.text()).toBeLessThan(300);
    return answer.json();
  };
}

/** Asks as somebody who is elsewhere, in a browser of their own. */
export async function askAs(stage: Stage, who: Who): Promise<Ask> {
  const context = await stage.browser.newContext();
  await giveSession(context, stage.demo.url, who);
  return createAsk(context, stage.demo.url);
}

export type Ask = ReturnType<typeof createAsk>;

/** Who has this phone, and how many points they can spend. */
export async function memberOf(ask: Ask, phone: string) {
  const { items } = await ask('GET', `/members?phone=${encodeURIComponent(phone)}`);
  const id: string = items[0].id;
  return {
    id,
    async available(): Promise<number> {
      const { balances } = await ask('GET', `/members/${id}/balance`);
      // biome-ignore lint/suspicious/noExplicitAny: as above
      return balances.find((each: any) => each.pointType === 'points')?.available ?? 0;
    },
  };
}

/** The number of the order that was rung up last. */
export async function orderOf(page: Page): Promise<string> {
  await deskOf(page).go('今日');
  return (await page.locator('.till-entry .hm-code').first().textContent()) ?? '';
}

/** A voucher over ¥3 of the merchant, that a member just redeemed. */
export async function voucherFor(ask: Ask, phone: string): Promise<string> {
  const { id } = await memberOf(ask, phone);
  const { merchantId } = await ask('GET', '/session');
  const { items } = await ask('GET', `/rewards?merchantId=${merchantId}&code=voucher-3`);
  const told = { memberId: id, rewardId: items[0].id, merchantId };
  const { vouchers } = await ask('POST', '/redemptions', told);
  return vouchers[0].qr;
}

/** What a member's phone shows now. */
export async function phoneOf(stage: Stage, number: string): Promise<() => string> {
  const context = await stage.browser.newContext();
  await giveMember(context, stage.demo, number);
  const headers = { 'hongmi-as': 'member' };
  const answer = await context.request.get(`${stage.demo.url}/v1/me/code-secret`, { headers });
  const secret = await answer.json();
  return () => memberCodeAt(secret, Date.now());
}
