import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open, settle } from './console.ts';
import { openStage } from './stage.ts';

const stage = openStage();

const SCRIPTS = '**/console/assets/*.js';

/** What is fetched after this is answered as after an update: none of the files is there any more, until the page is loaded anew. */
async function takeAway(page: Page): Promise<void> {
  let isOld = true;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) isOld = false;
  });
  await page.route(SCRIPTS, (route) =>
    isOld ? route.fulfill({ status: 404, body: '' }) : route.continue(),
  );
}
const goTo = (page: Page, area: string) =>
  page.locator(`nav a[href="/console/${area}"]`).first().click();

test('pages that did not come say so, and come when they are asked for again', async () => {
  await stage.as('operator', { language: 'en' }, async ({ page, permit }) => {
    permit(/ERR_CONNECTION_RESET|NotFetchedError/);
    await open(page, '/');
    await page.route(SCRIPTS, (route) => route.abort('connectionreset'));
    await goTo(page, 'rewards');
    const again = page.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await page.unroute(SCRIPTS);
    await again.click();
    await page.getByRole('heading', { name: 'Rewards', level: 1 }).waitFor();
    await settle(page);
  });
});

test('a page that is older than the server loads the new one by itself', async () => {
  await stage.as('operator', { language: 'en' }, async ({ page, permit }) => {
    permit(/404|NotFetchedError/);
    await open(page, '/');
    await takeAway(page);
    const asked = page.waitForEvent('request', (each) => each.isNavigationRequest());
    await goTo(page, 'rewards');
    await asked;
    await page.getByRole('heading', { name: 'Rewards', level: 1 }).waitFor();
    await settle(page);
  });
});

test('it does not while somebody types: what they typed stays, beside a button that reloads', async () => {
  await stage.as('regulator', { language: 'en' }, async ({ page, permit, expectAccessible }) => {
    permit(/404|NotFetchedError/);
    await open(page, '/ledger/look-up');
    await takeAway(page);
    const field = page.getByRole('textbox').first();
    await field.fill('txn_01m84n8zxne43r5be9eq3c8s0x');
    await page.getByRole('button', { name: 'Find and prove' }).click();
    await page.getByText('This page needs to be reloaded').waitFor();
    await expectAccessible();
    expect(await field.inputValue()).toBe('txn_01m84n8zxne43r5be9eq3c8s0x');
    const asked = page.waitForEvent('request', (each) => each.isNavigationRequest());
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await asked;
    await settle(page);
    expect(await page.getByText('This page needs to be reloaded').count()).toBe(0);
  });
});
