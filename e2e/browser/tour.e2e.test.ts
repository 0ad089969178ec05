import { expect, test } from 'vitest';
import { open, settle } from './console.ts';
import { picture } from './picture.ts';
import { openStage } from './stage.ts';
import { LANGUAGES } from './visit.ts';

const SCREEN = { width: 1360, height: 850 } as const;

const stage = openStage();

/** What the README tells of the console, as it tells it, with its pictures. */
test.each(LANGUAGES)('the overview, a rule and the ledger: %s', async (language) => {
  await stage.as('operator', { ...SCREEN, language }, async ({ page }) => {
    await open(page, '/');
    await page.locator('canvas').first().waitFor();
    await settle(page);
    await picture(page, 'console-overview', language);
  });
  await stage.as('manager', { ...SCREEN, language }, async ({ page }) => {
    await open(page, '/rules');
    await page.getByRole('link', { name: '周末便当双倍' }).click();
    await page.getByRole('button', { name: /^(编辑草稿|Edit draft)$/ }).click();
    await page.getByLabel(/^(名称|Name)$/).waitFor();
    await settle(page);
    expect(await page.getByLabel(/^(名称|Name)$/).inputValue()).toBe('周末便当双倍');
    await picture(page, 'console-rule', language);
  });
  await stage.as('regulator', { ...SCREEN, language }, async ({ page }) => {
    await open(page, '/ledger/verify');
    await page.getByRole('button', { name: /^(开始核验|Start)$/ }).click();
    await page.getByText(/^(全部相符|Everything is sound)$/).waitFor();
    await picture(page, 'console-verify', language);
  });
});
