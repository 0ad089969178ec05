import { expect, test } from 'vitest';
import { firstContent, gzippedBytes, noteContent } from '../../bench/src/browser/first-content.ts';
import { emailOf, open, settle, signIn } from './console.ts';
import { openStage } from './stage.ts';
import { LOOKS } from './visit.ts';

/** What a page may fetch of script before it has something to read, gzipped. */
const SCRIPT_BYTES_MAX = 350_000;

const stage = openStage();

test.each(LOOKS)(
  'who is not signed in signs in, and comes to where they wanted to go: $language, $theme',
  async (eyes) => {
    await stage.visit(eyes, async ({ page, expectAccessible, shot }) => {
      await open(page, '/rewards');
      await page.waitForURL(/\/console\/sign-in/);
      expect(await page.locator('html').getAttribute('lang')).toBe(eyes.language);
      await expectAccessible();
      await shot('sign-in');
      await signIn(page, 'regulator');
      await page.waitForURL(/\/console\/rewards/);
      await settle(page);
      // Who has just signed in is not asked again.
      expect(await page.getByRole('dialog').count()).toBe(0);
      await expectAccessible();
    });
  },
);

test('a wrong password says so, tells nothing else, and the address that was typed stays', async () => {
  await stage.visit({ language: 'en' }, async ({ page, permit }) => {
    permit(/401/);
    await open(page, '/sign-in');
    for (const email of [emailOf('manager'), 'nobody@demo.hongmi.example']) {
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password').fill('not the password');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      await expect.poll(() => page.getByLabel('E-mail').inputValue()).toBe(email);
    }
    // A password is never kept beyond the page.
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...sessionStorage }, { ...localStorage }]),
    );
    expect(kept).not.toContain('not the password');
  });
});

test('an address without a page says so, and leads home', async () => {
  await stage.as('regulator', { language: 'en' }, async ({ page, expectAccessible }) => {
    await open(page, '/no/such/page');
    await page.getByRole('heading', { name: 'There is nothing here' }).waitFor();
    await expectAccessible();
    await page.getByRole('link', { name: 'Back to the overview' }).click();
    await page.waitForURL(/\/console\/$/);
    await settle(page);
  });
});

test('language and appearance are chosen, kept, and followed by other tabs', async () => {
  await stage.as('regulator', {}, async ({ page, openTab }) => {
    await open(page, '/');
    const second = await openTab();
    await open(second, '/');
    await page.getByRole('button', { name: '语言' }).click();
    await page.getByRole('menuitem', { name: 'English' }).click();
    for (const each of [page, second])
      await each.getByRole('button', { name: 'Language' }).waitFor();
    await page.getByRole('button', { name: 'Appearance' }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    await second.waitForFunction(() => document.documentElement.dataset.scheme === 'dark');
    await page.reload();
    await settle(page);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.locator('html').getAttribute('data-scheme')).toBe('dark');
  });
});

test('the keyboard alone is enough to sign in, skip the navigation and go somewhere', async () => {
  await stage.visit({ language: 'en' }, async ({ page }) => {
    await open(page, '/sign-in');
    await page.getByLabel('E-mail').focus();
    await page.keyboard.type(emailOf('regulator'));
    await page.keyboard.press('Tab');
    await page.keyboard.type('hongmi-demo-2026');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console\/$/);
    await settle(page);
    await page.reload();
    await settle(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'content');
    const last = page.locator('nav a').last();
    const target = await last.getAttribute('href');
    await last.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === target);
    await settle(page);
  });
});

test('no page fetches more script than its budget before it has something to read', async () => {
  await stage.as('operator', {}, async ({ openTab }) => {
    const first = await openTab();
    const linksOn = async (where: string, links: string): Promise<string[]> => {
      await open(first, where.replace('/console', ''));
      return first
        .locator(links)
        .evaluateAll((all) =>
          all.map((link) => new URL((link as HTMLAnchorElement).href).pathname),
        );
    };
    const areas = await linksOn('/', 'nav a[href^="/console"]');
    // Those a link further in, too: one of each form.
    const forms = new Map(areas.map((path) => [path, path]));
    for (const area of areas.filter((path) => path !== '/console/'))
      for (const path of await linksOn(area, `main a[href^="${area}/"]`))
        forms.set(path.replaceAll(/_[0-9a-z]{26}|\d+/g, ''), path);
    const weights: Record<string, number> = {};
    for (const path of forms.values()) {
      const page = await openTab();
      await noteContent(page);
      await page.goto(path);
      weights[path] = await gzippedBytes((await firstContent(page)).scripts);
      await page.close();
    }
    for (const kind of ['prop', 'asc', 'rul', 'rwd', 'pro', 'dos', 'mer', 'clp', 'bkp'])
      expect([...forms.values()], kind).toContainEqual(expect.stringContaining(`/${kind}_`));
    const tooHeavy = Object.entries(weights).filter(([, bytes]) => bytes > SCRIPT_BYTES_MAX);
    expect(tooHeavy, JSON.stringify(weights)).toEqual([]);
  });
});
