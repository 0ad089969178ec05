import { reach } from '@hongmi/server/kernel/testing/patience';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open, settle } from './console.ts';
import { openStage } from './stage.ts';
import { type Eyes, TWO_LOOKS } from './visit.ts';

const stage = openStage();

/** Follows the first link in the page's first table. */
async function enterFirst(page: Page): Promise<void> {
  await page.locator('main table a').first().click();
  await page.waitForURL(/_[0-9a-z]{26}/);
  await settle(page);
}

test.each(TWO_LOOKS)('what finance works with: $language, $theme', async (eyes) => {
  await stage.as('finance', eyes, async ({ page, shot, expectAccessible }) => {
    const look = async (name: string): Promise<void> => {
      await shot(name);
      await expectAccessible();
    };
    for (const name of ['terms', 'guard', 'accounts'] as const) {
      await open(page, `/clearing/${name}`);
      await look(`clearing-${name}`);
    }
    for (const [path, name] of [
      ['/clearing', 'clearing-period'],
      ['/clearing/funding', 'clearing-fund'],
      ['/clearing/disputes', 'clearing-dispute'],
      ['/books', 'book-period'],
    ] as const) {
      // Books are closed by a task, once a minute: on a fast machine they may not be yet.
      await reach(
        async () => {
          await open(page, path);
          return (await page.locator('main table a').count()) > 0;
        },
        () => `there is nothing to enter at ${path}`,
      );
      await look(`${name}s`);
      await enterFirst(page);
      await look(name);
    }
    await open(page, '/reconcile');
    await look('reconcile');
  });
});

test('finance closes a period; a merchant disputes it, and finance decides', async () => {
  const eyes: Eyes = { language: 'en' };
  await stage.as('finance', eyes, async ({ page, shot, expectAccessible }) => {
    await open(page, '/clearing');
    const before = await page.getByRole('link', { name: /^Period \d+$/ }).count();
    await page.getByRole('button', { name: 'Close a period' }).click();
    await expectAccessible();
    await page.getByRole('button', { name: 'Dry run' }).click();
    await page.getByText('This cannot be taken back').waitFor();
    await shot('clearing-close');
    await page.getByRole('button', { name: 'Close it for good' }).click();
    const newest = page.locator('main tbody tr[data-row-key]').first();
    await newest.getByText(`Period ${before + 1}`, { exact: true }).waitFor();
    await newest.getByText('Closed', { exact: true }).waitFor();
  });
  await stage.as('merchant-finance', eyes, async ({ page, shot, expectAccessible }) => {
    await open(page, '/clearing');
    // The one before: what was closed just now may have nothing in it, on the first day of a month.
    await page
      .getByRole('link', { name: /^Period \d+$/ })
      .nth(1)
      .click();
    await settle(page);
    await page.getByText('Owed, by who took the points').waitFor();
    await page.getByRole('button', { name: 'Raise a dispute' }).first().click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Which pair').click();
    await page.keyboard.press('Enter');
    await form.getByLabel('Amount (yuan)').fill('0.01');
    await form.getByLabel('Reason').fill('<b>Two</b> tickets were void');
    await expectAccessible();
    await shot('clearing-raise');
    await form.getByRole('button', { name: 'Raise it' }).click();
    await page.waitForURL(/\/disputes\/dsp_/);
    await page.getByText('<b>Two</b> tickets were void').waitFor();
    await settle(page);
    // Who raised it does not decide it, and is not offered to.
    expect(await page.getByRole('button', { name: 'Decide' }).count()).toBe(0);
  });
  await stage.as('finance', eyes, async ({ page, shot }) => {
    await open(page, '/clearing/disputes?state=open');
    await enterFirst(page);
    await page.getByRole('button', { name: 'Decide' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('The tickets were void');
    await shot('clearing-decide');
    await page.getByRole('dialog').getByRole('button', { name: 'Decide' }).click();
    await page.getByText('The tickets were void').waitFor();
    await page.getByText('Upheld', { exact: true }).first().waitFor();
  });
});

test('terms by which the platform loses are refused, and what was typed stays', async () => {
  await stage.as('finance', { language: 'en' }, async ({ page, permit, expectAccessible }) => {
    await open(page, '/clearing/terms');
    await page.getByRole('button', { name: 'Publish terms' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('One merchant’s own terms').click();
    await form.getByLabel('Merchant', { exact: true }).click();
    await page.keyboard.press('Enter');
    await form.getByLabel('Points', { exact: true }).click();
    await page.keyboard.press('Enter');
    await form.getByLabel('Issue price').fill('1');
    await form.getByLabel('Reimbursement').fill('20.5');
    await form.getByLabel('Fee rate').fill('1');
    await expectAccessible();
    permit(/422/);
    await form.getByRole('button', { name: 'Dry run' }).click();
    await form.getByText('negative_margin').waitFor();
    await expect.poll(() => form.getByLabel('Reimbursement').inputValue()).toBe('20.500000');
    await page.reload();
    await settle(page);
    await page.getByRole('button', { name: 'Publish terms' }).click();
    await expect.poll(() => form.getByLabel('Reimbursement').inputValue()).toBe('20.500000');
  });
});

test('a regulator reads all of it and is offered nothing to do', async () => {
  await stage.as('regulator', { language: 'en' }, async ({ page }) => {
    for (const path of [
      '/clearing',
      '/clearing/terms',
      '/clearing/guard',
      '/books',
      '/reconcile',
    ]) {
      await open(page, path);
      const names = /^(Close|Publish|Announce|Acknowledge|Estimate|Set|Compare|Withdraw)/;
      expect(await page.getByRole('button', { name: names }).count()).toBe(0);
    }
  });
});
