import { expect, test } from 'vitest';
import { dayOf } from '../day.ts';
import { open, settle } from './console.ts';
import { openStage } from './stage.ts';

const stage = openStage();

test('a merchant’s manager writes a rule, simulates it on history and publishes it', async () => {
  await stage.as('manager', { language: 'en' }, async ({ page }) => {
    await open(page, '/rules');
    await page.getByRole('button', { name: 'New rule' }).click();
    await page.getByLabel('Code', { exact: true }).fill('journey-triple');
    await page.getByLabel('Name', { exact: true }).fill('周末三倍');
    await page.getByLabel('Times in all').fill('3');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/rules\/rul_/);
    await page.getByRole('tab', { name: 'Simulate' }).click();
    await page.getByLabel('Period').fill(dayOf(-60));
    await page.keyboard.press('Tab');
    await page.getByPlaceholder('End date').fill(dayOf(-30));
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('table', { name: 'Who pays' }).waitFor();
    // Its address finds it again, in another tab or on another day.
    expect(page.url()).toMatch(/simulation=sim_/);
    await page.reload();
    await page.getByRole('row', { name: /周末三倍 \(journey-triple\)/ }).waitFor();
    await page.getByRole('tab', { name: 'Publish' }).click();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByText('There is no draft to publish').waitFor();
    await open(page, '/rules');
    await page.getByRole('row', { name: /周末三倍/ }).waitFor();
  });
});

test('an operator finds a member and corrects the balance; beyond the limit a second one approves', async () => {
  let proposal = '';
  await stage.as('operator', { language: 'en' }, async ({ page, expectAccessible }) => {
    await open(page, '/members');
    await page.getByRole('searchbox', { name: 'Find members' }).fill('S2');
    await page.getByRole('button', { name: 'Find members' }).click();
    await page.getByRole('table', { name: 'Members' }).getByRole('link').first().click();
    await settle(page);
    await expectAccessible();
    await page.getByRole('button', { name: 'Correct the balance' }).click();
    await page.getByLabel('Points', { exact: true }).fill('20000');
    await page.getByLabel('At which merchant').click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByLabel('Reason').fill('A complaint of the journey');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('This correction takes two persons').waitFor();
    await expectAccessible();
    await page.getByRole('button', { name: 'Ask for approval' }).click();
    await page.waitForURL(/\/adjustments\/prop_/);
    await settle(page);
    proposal = new URL(page.url()).pathname;
    // Who asked does not approve.
    expect(await page.getByRole('button', { name: 'Approve and apply' }).count()).toBe(0);
  });
  await stage.as('operator2', { language: 'en' }, async ({ page, expectAccessible }) => {
    await open(page, '/adjustments');
    await page
      .getByRole('row', { name: /A complaint of the journey/ })
      .getByRole('link')
      .first()
      .click();
    await page.waitForURL((url) => url.pathname === proposal);
    await settle(page);
    await expectAccessible();
    await page.getByRole('button', { name: 'Approve and apply' }).click();
    const sure = page.getByRole('dialog').getByRole('button', { name: /Approve/ });
    const approved = page.getByText('Approved by', { exact: true });
    await sure.or(approved).first().waitFor();
    if ((await sure.count()) > 0) await sure.click();
    await approved.waitFor();
  });
});

test('a finance clerk closes a period and reads what each is owed', async () => {
  await stage.as('finance', { language: 'en' }, async ({ page, expectAccessible }) => {
    await open(page, '/clearing');
    const before = await page.getByRole('link', { name: /^Period \d+$/ }).count();
    await page.getByRole('button', { name: 'Close a period' }).click();
    const dialog = page.getByRole('dialog', { name: 'Close a period' });
    await dialog.getByRole('button', { name: 'Dry run' }).click();
    await expectAccessible();
    await page.getByRole('button', { name: 'Close it for good' }).click();
    await page.getByRole('link', { name: `Period ${before + 1}`, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: `Period ${before + 1}` }).waitFor();
    await page
      .getByRole('paragraph')
      .filter({ hasText: /^Closed$/ })
      .waitFor();
    await settle(page);
    await expectAccessible();
  });
});

test('a regulator verifies the ledger in the browser, reads dossiers, and is offered nothing to change', async () => {
  await stage.as('regulator', { language: 'en' }, async ({ page }) => {
    await open(page, '/ledger/verify');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Everything is sound').waitFor();
    await page
      .getByRole('row', { name: /Shard 7: (\d+) of \1 blocks verified, 0 of them wrong/ })
      .waitFor();
    await open(page, '/dossiers');
    await page.locator('main table').getByRole('link').first().click();
    await settle(page);
    for (const path of ['/rules', '/rewards', '/clearing', '/members']) {
      await open(page, path);
      for (const verb of [/^New /, /^Close a period/, /^Publish/, /^Correct/])
        expect(await page.getByRole('button', { name: verb }).count(), path).toBe(0);
    }
  });
});

test('a manager invites a cashier, who opens the account by the link and sees a cashier’s pages', async () => {
  let link = '';
  await stage.as('manager', { language: 'en' }, async ({ page, expectAccessible }) => {
    await open(page, '/staff');
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await settle(page);
    await page.getByLabel('Name', { exact: true }).fill('新收银员');
    await page.getByLabel('E-mail', { exact: true }).fill('new-cashier@demo.hongmi.example');
    await page.getByLabel('Role', { exact: true }).click();
    await page
      .getByTitle(/cashier/i)
      .last()
      .click();
    await expectAccessible();
    await page.getByRole('button', { name: 'Make the link' }).last().click();
    const shown = await page
      .getByText(/\/console\/invitation/)
      .first()
      .textContent();
    link = shown?.trim() ?? '';
  });
  expect(link).toMatch(/\/console\/invitation/);
  const [, path = ''] = /(\/console\/invitation\S*)/.exec(link) ?? [];
  await stage.visit({ language: 'en' }, async ({ page, expectAccessible }) => {
    await page.goto(path);
    await settle(page);
    await expectAccessible();
    for (const field of await page.locator('input[type="password"]').all())
      await field.fill('a long enough passphrase 7');
    await page.getByRole('button').last().click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByLabel('E-mail').fill('new-cashier@demo.hongmi.example');
    await page.getByLabel('Password', { exact: true }).fill('a long enough passphrase 7');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: 'Members', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Clearing', exact: true }).count()).toBe(0);
  });
});
