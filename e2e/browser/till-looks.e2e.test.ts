import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openStage } from './stage.ts';
import { CUT_OFF, LI, openDesk } from './till-desk.ts';
import { LANGUAGES, LOOKS, PHONE, type Visit } from './visit.ts';

const TABLET = { width: 1024, height: 768 };
/** The longest that the pad takes. */
const LONGEST = '999999.99';

const stage = openStage();

/** Opens everything that a till shows, one after the other, online and cut off. */
async function walk({ page, context, permit }: Visit, look: (name: string) => Promise<void>) {
  permit(CUT_OFF);
  const desk = await openDesk(page, context, stage.demo.url);
  const actions = page.locator('.till-actions button');
  const erase = page.locator('.till-amount button');
  await look('empty');
  await desk.amount(LONGEST);
  await look('longest');
  for (const _ of LONGEST) await erase.click();
  await desk.scan(LI);
  await page.locator('.till-customer').waitFor();
  await desk.amount('36.80');
  await look('desk');
  const sheets = ['offset', 'voucher', 'return'];
  for (const [place, name] of sheets.entries()) {
    await actions.nth(place + 1).click();
    const inside = page.getByRole('dialog').locator('.hm-notice, form, h3, .adm-button');
    await inside.first().waitFor();
    await look(name);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await actions.first().click();
  await page.locator('.till-why').waitFor();
  await look('result');
  await context.setOffline(true);
  await page.locator('.till-result .adm-button').first().click();
  await desk.scan(LI);
  await desk.amount('8');
  await actions.first().click();
  await page.locator('.till-verdict[data-tone="warn"]').waitFor();
  await look('noted');
  const links = page.locator('.till-nav a');
  for (const [place, name] of ['queue', 'day', 'more'].entries()) {
    await links.nth(place + 1).click();
    await page.locator('.till-page h1').waitFor();
    await look(name);
  }
  await context.setOffline(false);
  await links.nth(1).click();
  await page.locator('.hm-empty').waitFor();
}

test.for(LOOKS.flatMap((look) => [PHONE, TABLET].map((size) => ({ ...look, ...size }))))(
  'every page in $language, $theme, $width px wide',
  async (eyes) => {
    await stage.visit(eyes, (seen) =>
      walk(seen, async (name) => {
        await seen.expectAccessible();
        await seen.shot(`till-all-${name}`);
      }),
    );
  },
);

/** What sticks out of the screen, or of the button that it stands in. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const top = document.querySelector('dialog[open]') ?? document.body;
    const parts = [...top.querySelectorAll('button, a, input, output, h1, h2, h3, p, dt, dd, li')];
    return parts.flatMap((each) => {
      const { left, right, width } = each.getBoundingClientRect();
      if (width <= 1) return [];
      const isOut = left < -1 || right > document.documentElement.clientWidth + 1;
      const isCut = each.matches('button, output') && each.scrollWidth > each.clientWidth + 1;
      return isOut || isCut ? [`${each.tagName} ${each.textContent}`] : [];
    });
  });

test.for(
  [320, PHONE.width, TABLET.width].flatMap((width) =>
    LANGUAGES.map((language) => ({ width, language })),
  ),
)('the largest text fits on $width px in $language', async ({ width, language }) => {
  const height = width === TABLET.width ? TABLET.height : PHONE.height;
  await stage.visit({ width, height, language }, async (seen) => {
    const { page, context, shot } = seen;
    await context.addInitScript(() => localStorage.setItem('hongmi.text-size', '1.5'));
    await walk(seen, async (name) => {
      const px = await page.evaluate(() => getComputedStyle(document.body).fontSize);
      expect([name, px, await cutOff(page)]).toEqual([name, '24px', []]);
      await shot(`till-large-${name}`);
    });
  });
});
