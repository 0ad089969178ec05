import { reach } from '@hongmi/server/kernel/testing/patience';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { firstContent, gzippedBytes, noteContent } from '../../bench/src/browser/first-content.ts';
import type { DemoServer } from './demo.ts';
import { settled } from './settled.ts';
import type { Visit } from './visit.ts';

/** What a page may fetch of script before it has something to read, gzipped. */
const SCRIPT_BYTES_MAX = 150_000;

/** Members of the demo with a story (docs/demo.md), by the number of their phone. */
export const STORIES = {
  ...{ S1: '+99900020001', S2: '+99900020002', S3: '+99900020003', S4: '+99900020004' },
  ...{ S6: '+99900020006', S8: '+99900020009', S9: '+99900020011', S10: '+99900020012' },
  S12: '+99900020014',
} as const;

/** The last code that was sent to a number, once there is one that is not among `before`. */
export async function codeFor(
  demo: DemoServer,
  phone: string,
  before: number = 0,
): Promise<string> {
  const sent = (): readonly string[] => codesFor(demo, phone);
  await reach(
    async () => sent().length > before,
    () => `no code was sent to ${phone}`,
  );
  return sent().at(-1) ?? '';
}

/** All codes that were sent to a number, the last one last. */
function codesFor(demo: DemoServer, phone: string): readonly string[] {
  const line = new RegExp(`^SMS to \\${phone}: .*?(\\d{6})\\D*$`, 'gm');
  return [...demo.said().matchAll(line)].map(([, code = '']) => code);
}

const sessions = new WeakMap<DemoServer, Map<string, Promise<Cookies>>>();
type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** Gives a browser the session of a member, past the form. A number gets one code a minute: the first sign-in is all of them. */
export async function giveMember(
  context: BrowserContext,
  demo: DemoServer,
  phone: string = STORIES.S2,
): Promise<void> {
  const known = sessions.get(demo) ?? new Map<string, Promise<Cookies>>();
  sessions.set(demo, known);
  const cookies = known.get(phone) ?? signIn(context, demo, phone);
  known.set(phone, cookies);
  await context.addCookies(await cookies);
}

async function signIn(context: BrowserContext, demo: DemoServer, phone: string): Promise<Cookies> {
  const headers = { origin: demo.url };
  const before = codesFor(demo, phone).length;
  const post = async (path: string, data: object): Promise<void> => {
    const answer = await context.request.post(`${demo.url}/v1/${path}`, { headers, data });
    expect([answer.status(), await answer.text()]).toEqual([
      expect.toBeOneOf([200, 202]),
      expect.any(String),
    ]);
  };
  await post('member-sign-in/codes', { phone });
  await post('member-sign-in', { phone, code: await codeFor(demo, phone, before) });
  return await context.cookies();
}

/** What a till of the cashier's shop is told of a code. */
export async function resolveCode(
  context: BrowserContext,
  url: string,
  code: string,
): Promise<unknown> {
  const session = await (await context.request.get(`${url}/v1/session`)).json();
  const { merchantId } = session as { readonly merchantId: string };
  const answer = await context.request.post(`${url}/v1/member-codes/resolve`, {
    headers: { origin: url, 'idempotency-key': `resolve-${code}` },
    data: { code, merchantId },
  });
  expect([answer.status(), await answer.text()]).toEqual([200, expect.any(String)]);
  return await answer.json();
}

/** Waits until a page has its heading and nothing on it is on its way any more. */
export const settlePhone = (page: Page): Promise<void> =>
  settled(page, 'main h1', '[aria-busy="true"], .adm-button-loading');

/** Opens an address of the member's pages and waits for what is there. */
export async function openPhone(page: Page, path: string): Promise<void> {
  await page.goto(`/m${path}`);
  await settlePhone(page);
}

/** Nothing is wider than the screen. */
export async function expectFits(page: Page): Promise<void> {
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect([page.url(), over]).toEqual([page.url(), 0]);
}

/** Each of these pages fits its screen and keeps nobody out; `tmp/shots/<name>-…` has their pictures. */
export async function expectFaultless(
  { page, shot, expectAccessible }: Visit,
  paths: readonly string[],
  name: string,
): Promise<void> {
  for (const [place, path] of paths.entries()) {
    await openPhone(page, path);
    await expectFits(page);
    await expectAccessible();
    await shot(pictureOf(name, place, path));
  }
}

/** Each of these pages fits its screen with the largest text that members may choose. */
export async function expectRoomForLargest(
  { page, context, shot }: Visit,
  paths: readonly string[],
  name: string,
): Promise<void> {
  await context.addInitScript(() => localStorage.setItem('hongmi.text-size', '1.5'));
  for (const [place, path] of paths.entries()) {
    await openPhone(page, path);
    const px = await page.evaluate(() => getComputedStyle(document.body).fontSize);
    expect(px).toBe('24px');
    await expectFits(page);
    await shot(pictureOf(`${name}-large`, place, path));
  }
}

/** `phone-3-records-view-orders`: ids are left out. */
const pictureOf = (name: string, place: number, path: string): string =>
  [name, place, ...(path.replace(/_[0-9a-z]{26}/g, '').match(/[a-z]+/g) ?? [])].join('-');

/** No page fetches more script than its budget before it has something to read. */
export async function expectLight(
  openTab: () => Promise<Page>,
  paths: readonly string[],
): Promise<void> {
  const weights: Record<string, number> = {};
  for (const path of paths) {
    const page = await openTab();
    await noteContent(page);
    await page.goto(`/m${path}`);
    weights[path] = await gzippedBytes((await firstContent(page)).scripts);
    await page.close();
  }
  const tooHeavy = Object.entries(weights).filter(([, bytes]) => bytes > SCRIPT_BYTES_MAX);
  expect(tooHeavy, JSON.stringify(weights)).toEqual([]);
}
