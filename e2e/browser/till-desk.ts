import type { BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { giveSession, type Who } from './console.ts';

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
  return async (method: 'GET' | 'POST', path: string, data?: object): Promise<any> => {
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
