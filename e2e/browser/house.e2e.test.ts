import type { Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import { open, settle, type Who } from './console.ts';
import { openStage } from './stage.ts';
import { TWO_LOOKS } from './visit.ts';

const PAGES: readonly (readonly [Who, readonly string[]])[] = [
  ['operator', ['/merchants', '/merchants/new', '/settings']],
  ['security', ['/keys', '/keys/new']],
  ['audit', ['/audit']],
];

const stage = openStage();

test.each(TWO_LOOKS)('merchants, settings, keys and the log: $language, $theme', async (eyes) => {
  for (const [who, paths] of PAGES)
    await stage.as(who, eyes, async ({ page, shot, expectAccessible }) => {
      for (const path of paths) {
        await open(page, path);
        await shot(path.slice(1).replaceAll('/', '-'));
        await expectAccessible();
      }
    });
});

const press = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).first().click();

test('an operator admits a merchant, opens a store, and announces other base points', async () => {
  await stage.as('operator', { language: 'en' }, async (seen) => {
    const { page, shot, expectAccessible, permit } = seen;
    permit(/422/);
    await open(page, '/merchants/new');
    // Another one each time, for who runs this again and again on one server.
    const name = `Tea ${Date.now()} <img src=x onerror=alert(1)>`;
    await page.getByLabel('Name').fill(name);
    await page.reload();
    await settle(page);
    await page.getByLabel('Trade').fill('tea');
    await page.getByLabel('Points', { exact: true }).fill('2');
    await press(page, 'Admit a merchant');
    await page.waitForURL(/\/merchants\/mer_/);
    await settle(page);
    await page.getByRole('heading', { name }).waitFor();
    await page.getByText('2 points per ¥1.00').first().waitFor();

    await press(page, 'Add a store');
    await page.getByLabel('Name').fill('West gate');
    await page.getByLabel('Code').fill('West Gate');
    await press(page, 'Save');
    await page.getByText('beginning with a letter').first().waitFor();
    await page.getByLabel('Code').fill('west-gate');
    await press(page, 'Save');
    await page.getByRole('cell', { name: 'west-gate' }).waitFor();
    await page.getByRole('button', { name: 'Change West gate' }).click();
    await page.getByText('closed', { exact: true }).first().click();
    await press(page, 'Save');
    await page.getByRole('cell', { name: 'closed' }).waitFor();

    // Less, and at once: members would not have been told.
    await press(page, 'Change the base points');
    await page.getByLabel('Points', { exact: true }).fill('1');
    await press(page, 'Save');
    await page.getByRole('alert').getByText('Members must be told').waitFor();
    await page.getByRole('textbox', { name: /^From/ }).fill('2099-01-01');
    await press(page, 'Save');
    await page.getByText('to come').waitFor();
    await settle(page);
    await shot('merchant');
    await expectAccessible();
  });
});

test('an operator changes a setting, and who did it is kept', async () => {
  await stage.as('operator', { language: 'en' }, async ({ page, shot, expectAccessible }) => {
    await open(page, '/settings');
    await press(page, 'Change');
    await page.getByLabel('Corrections that two people decide').fill('777');
    await press(page, 'Save');
    await page.getByText('777 points').first().waitFor();
    await settle(page);
    await page.getByRole('row').filter({ hasText: '777 points' }).first().waitFor();
    await page.getByRole('button', { name: 'Add a point type' }).click();
    await page.getByLabel('How they end').click();
    await page.getByTitle('slides with activity').click();
    await page.getByLabel('Months').fill('12');
    await shot('settings-point-type');
    await expectAccessible();
    await press(page, 'Cancel');
  });
});

test('a security administrator makes a key, rotates it and revokes it; its secrets are shown once', async () => {
  await stage.as('security', { language: 'en' }, async (seen) => {
    const { page, shot, expectAccessible, permit } = seen;
    await open(page, '/keys/new');
    await page.getByLabel('Name').fill('a clerk’s tool');
    await page.getByText('The whole platform').click();
    await press(page, 'Make a key');
    await page.getByText('Choose at least one').waitFor();
    await page.getByRole('group', { name: 'Staff' }).getByLabel('read').check();
    await press(page, 'Make a key');
    const secret = page.getByText(/^hm_[\w-]{43}$/);
    await secret.waitFor();
    const first = (await secret.textContent()) ?? '';
    await shot('key-made');
    await expectAccessible();
    await press(page, 'I have kept it');
    await page.waitForURL(/\/keys\/key_/);
    await settle(page);
    expect(await page.content()).not.toContain(first);
    // As though it was long ago that they proved who they are: they are asked over the page, and it is sent once more.
    permit(/403/);
    await page.route('**/rotation', refuseAsUnproven, { times: 1 });
    await press(page, 'Rotate');
    const proof = page.getByRole('dialog');
    await proof.getByLabel('Current password').fill('not the password');
    permit(/422/);
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await proof.getByRole('alert').waitFor();
    await expectAccessible();
    await proof.getByLabel('Current password').fill('hongmi-demo-2026');
    await proof.getByRole('button', { name: 'Confirm' }).click();
    await secret.waitFor();
    expect(await secret.textContent()).not.toBe(first);
    await page.getByText('being changed').waitFor();
    await shot('key');
    await expectAccessible();
    expect(await answerTo(stage.demo.url, first)).toBe(200);
    await press(page, 'Revoke');
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('revoked', { exact: true }).first().waitFor();
    expect(await answerTo(stage.demo.url, first)).toBe(401);
  });
});

const refuseAsUnproven = (route: Route): Promise<void> =>
  route.fulfill({
    status: 403,
    contentType: 'application/problem+json',
    body: JSON.stringify({
      ...{ type: 'urn:hongmi:problem:sign_in_again', status: 403, code: 'sign_in_again' },
      ...{ title: 'This asks who you are again', detail: 'This asks who you are again' },
    }),
  });

test('a manager makes a key for the own till, and is asked for nothing that is settled', async () => {
  await stage.as('manager', { language: 'en' }, async ({ page, shot, expectAccessible }) => {
    await open(page, '/keys/new');
    await page.getByLabel('Name').fill('the till by the door');
    for (const settled of ['The whole platform', 'One merchant'])
      expect(await page.getByText(settled).isVisible()).toBe(false);
    // Keys that make keys are not a merchant's.
    expect(await page.getByRole('group', { name: 'API keys' }).count()).toBe(0);
    await page.getByRole('group', { name: 'Orders' }).getByLabel('write').check();
    await press(page, 'Make a key');
    await page.getByText(/^hm_[\w-]{43}$/).waitFor();
    await press(page, 'I have kept it');
    await page.waitForURL(/\/keys\/key_/);
    await settle(page);
    await shot('key-of-till');
    await expectAccessible();
  });
});

test('an auditor finds who did it, and shows it to somebody else by its address', async () => {
  await stage.as('audit', { language: 'en' }, async ({ page, shot, expectAccessible }) => {
    await open(page, '/audit?operation=createKey');
    const row = page.getByRole('row').filter({ hasText: 'Make an API key' }).first();
    await row.waitFor();
    await row.getByRole('button').first().click();
    await page.getByText('createKey', { exact: true }).waitFor();
    await shot('audit-entry');
    await expectAccessible();
    await row.getByTitle('Only this one').click();
    await page.waitForURL(/actor=key_/);
    await settle(page);
    await page.getByText('What one of them did').waitFor();
    await page.getByLabel('About').fill('mer_nothing');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing matches').waitFor();
    await press(page, 'Clear the filters');
    await page.getByRole('row').nth(2).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: /Export/ }).click();
    await page.getByText('CSV').click();
    expect((await download).suggestedFilename()).toBe('audit-log.csv');
  });
});

test('who may not see them is told so, and not shown the way', async () => {
  await stage.as('cashier', { language: 'en' }, async ({ page, permit }) => {
    permit(/403/);
    await open(page, '/');
    for (const name of ['API keys', 'Audit log'])
      expect(await page.locator('nav').getByText(name).count()).toBe(0);
    for (const path of ['/keys', '/audit']) {
      await open(page, path);
      expect(await page.locator('main').getByRole('table').count()).toBe(0);
    }
  });
});

test('who may not do it is told so at its address, instead of filling in a form', async () => {
  await stage.as('regulator', { language: 'en' }, async ({ page }) => {
    for (const area of ['rules', 'rewards', 'campaigns', 'merchants', 'dossiers']) {
      await open(page, `/${area}/new`);
      await page.getByText('Your role does not open this page').waitFor();
      expect(await page.locator('main form').count(), area).toBe(0);
    }
  });
});

async function answerTo(url: string, secret: string): Promise<number> {
  const headers = { authorization: `Bearer ${secret}` };
  return (await fetch(`${url}/v1/staff`, { headers })).status;
}
