import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../../bench/src/browser/open-browser.ts';
import { giveSession, open, settle, type Who } from './console.ts';
import { type DemoServer, openDemo } from './demo.ts';
import { type Eyes, LANGUAGES, THEMES, type Visit, visit, WIDTHS } from './visit.ts';

/** Each language, theme and width with each of the others at least once. */
const PAIRS: readonly Required<Eyes>[] = [
  { language: 'zh-CN', theme: 'light', width: 1440 },
  { language: 'zh-CN', theme: 'dark', width: 820 },
  { language: 'en', theme: 'light', width: 820 },
  { language: 'en', theme: 'dark', width: 1440 },
];
/** `HONGMI_SHOTS=all` takes every picture there is, for somebody who looks at them. */
const ALL = LANGUAGES.flatMap((language) =>
  THEMES.flatMap((theme) => WIDTHS.map((width) => ({ language, theme, width }))),
);
const EYES = process.env.HONGMI_SHOTS === 'all' ? ALL : PAIRS;
const OTHERS: readonly Who[] = [
  'manager',
  'cashier',
  'merchant-finance',
  'finance',
  'regulator',
  'assessor',
  'system',
  'security',
  'audit',
];

let demo: DemoServer;
let browser: Browser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([openDemo(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

test.each(EYES)(
  'the operator’s pages are without fault: $language, $theme, $width',
  async (eyes) => {
    await lookAtAll('operator', eyes);
  },
);

test.each(OTHERS.map((who, place) => ({ who, eyes: EYES[place % EYES.length] ?? {} })))(
  'the pages of $who are without fault',
  async ({ who, eyes }) => {
    await lookAtAll(who, eyes);
  },
);

/** Every page that the navigation leads to, what its first row leads to, and every tab of both. */
async function lookAtAll(who: Who, eyes: Eyes): Promise<void> {
  await visit(browser, demo.url, eyes, async (seen) => {
    const { page, context } = seen;
    await giveSession(context, demo.url, who);
    await open(page, '/');
    const paths = await page
      .locator('nav a[href^="/console"]')
      .evaluateAll((links) =>
        links.map((link) => new URL((link as HTMLAnchorElement).href).pathname),
      );
    expect(paths.length).toBeGreaterThan(0);
    const faults: string[] = [];
    const look = async (path: string, name: string): Promise<void> => {
      try {
        await open(page, path);
        await lookAt(seen, name);
      } catch (error) {
        // The other pages are looked at all the same: all that is wrong is told at once.
        faults.push(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    for (const path of [...new Set([...paths, '/console/account'])]) {
      const area = path.replace('/console', '');
      await look(area, `${who}${nameOf(area)}`);
      const inside = await firstInside(page, path);
      if (inside !== undefined)
        await look(inside.replace('/console', ''), `${who}${nameOf(area)}-one`);
    }
    if (faults.length > 0) throw new Error(faults.join('\n\n'));
  });
}

/** What a page shows, and behind each of its tabs. */
async function lookAt({ page, shot, expectAccessible }: Visit, name: string): Promise<void> {
  await shot(name);
  await expectAccessible();
  const tabs = page.locator(
    'main [role="tab"]:not([aria-selected="true"]):not([aria-disabled="true"])',
  );
  const names = await tabs.allInnerTexts();
  for (const [place, tab] of names.entries()) {
    await page.locator('main').getByRole('tab', { name: tab, exact: true }).first().click();
    await settle(page);
    await shot(`${name}-tab${place + 2}`);
    await expectAccessible();
  }
}

/** Where the first link leads to that stays in the area and goes one step further. */
async function firstInside(page: Page, area: string): Promise<string | undefined> {
  const links = await page
    .locator('main a[href]')
    .evaluateAll((all) => all.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
  return links.find((link) => link.startsWith(`${area}/`) && link !== `${area}/new`);
}

function nameOf(area: string): string {
  return area === '/' ? '-home' : area.replaceAll('/', '-');
}
