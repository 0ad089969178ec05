import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { settled } from './settled.ts';

/** The password of every account of the demo, which only ever exists there. */
const PASSWORD = 'hongmi-demo-2026';

/** Whoever works with the demo's console. */
export type Who =
  | 'operator'
  | 'operator2'
  | 'finance'
  | 'manager'
  | 'cashier'
  | 'merchant-finance'
  | 'regulator'
  | 'assessor'
  | 'system'
  | 'security'
  | 'audit';

export const emailOf = (who: Who): string => `${who}@demo.hongmi.example`;

/** Gives a browser the session of somebody, past the form; at the console's own address, as its page would. */
export async function giveSession(context: BrowserContext, url: string, who: Who): Promise<void> {
  const answer = await context.request.post(`${url}/v1/sign-in`, {
    headers: { origin: url },
    data: { email: emailOf(who), password: PASSWORD },
  });
  expect([answer.status(), await answer.text()]).toEqual([
    200,
    expect.stringContaining('signed_in'),
  ]);
}

/** Signs in as people do. */
export async function signIn(page: Page, who: Who): Promise<void> {
  await page.getByLabel(/^(邮箱|E-mail)$/).fill(emailOf(who));
  await page.getByLabel(/^(密码|Password)$/).fill(PASSWORD);
  await page.getByRole('button', { name: /^(登录|Sign in)$/ }).click();
}

/** Waits until a page has its heading and nothing on it is on its way any more. */
export const settle = (page: Page): Promise<void> =>
  settled(
    page,
    'main :is(h1, .hm-empty, .ant-alert)',
    '[aria-busy="true"], .ant-skeleton, .ant-spin-spinning, .hm-waiting, .ant-btn-loading',
  );

/** Opens an address of the console and waits for what is there. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(`/console${path}`);
  await settle(page);
}
