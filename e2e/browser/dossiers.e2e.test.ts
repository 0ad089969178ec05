import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open, settle } from './console.ts';
import { openStage } from './stage.ts';
import { TWO_LOOKS } from './visit.ts';

const stage = openStage();

test.each(TWO_LOOKS)('the dossiers of issuers: $language, $theme', async (eyes) => {
  await stage.as('operator', eyes, async ({ page, shot, expectAccessible }) => {
    for (const [path, name] of [
      ['/dossiers', 'dossiers'],
      ['/dossiers/new', 'dossier-new'],
      ['/dossiers/requirement', 'dossier-requirement'],
    ] as const) {
      await open(page, path);
      await shot(name);
      await expectAccessible();
    }
  });
});

async function fillDay(page: Page, label: string, day: string): Promise<void> {
  await page.getByLabel(label).fill(day);
  await page.keyboard.press('Enter');
}

test('an operator keeps a document, and suspends it; what was typed survives a reload', async () => {
  await stage.as('operator', { language: 'en' }, async ({ page, shot, expectAccessible }) => {
    await open(page, '/dossiers/new');
    await page.getByLabel('Document number').fill('F-2026-<b>77</b>');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('This is needed').first().waitFor();
    await page.getByLabel('Issuing body').fill('CQC <script>alert(1)</script>');
    await page.reload();
    await settle(page);
    await expect
      .poll(() => page.getByLabel('Document number').inputValue())
      .toBe('F-2026-<b>77</b>');
    await page.getByLabel('Merchant').click();
    await page.keyboard.press('Enter');
    await page.getByLabel('Kind').click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await fillDay(page, 'Valid from', '2026-01-01');
    await fillDay(page, 'Valid until', '2025-12-31');
    await fillDay(page, 'Last checked', '2026-01-02');
    await page.getByLabel('Where it is kept').fill('Shelf 7');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('It must be after the day it is valid from').waitFor();
    await fillDay(page, 'Valid until', '2031-12-31');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/dossiers\/dos_/);
    await settle(page);
    await page.getByRole('heading', { name: /F-2026-<b>77<\/b>/ }).waitFor();
    await page.getByText('CQC <script>alert(1)</script>').waitFor();
    await page.getByText('2031-12-31').first().waitFor();
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByLabel('State').click();
    await page.getByTitle('suspended').click();
    await page.getByLabel('Reason').fill('The body asked for more papers');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The body asked for more papers').waitFor();
    await settle(page);
    await shot('dossier');
    await expectAccessible();
    await open(page, '/dossiers?kind=third_party_assessment');
    await page.getByText('suspended').first().waitFor();
  });
});
