import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { dayOf } from '../day.ts';
import { open, settle } from './console.ts';
import { openStage } from './stage.ts';

const stage = openStage();

/** Agrees to what a dialog asks. */
const agree = (page: Page, name: string): Promise<void> =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

test('the dispute that waits is found from the overview, read by the operator and decided by finance', async () => {
  let dispute = '';
  await stage.as('operator', { language: 'en' }, async ({ page }) => {
    await open(page, '/');
    await page.getByRole('link', { name: 'Disputes over clearing are open' }).click();
    await page.waitForURL(/\/clearing\/disputes/);
    await settle(page);
    const waiting = page
      .getByRole('table', { name: 'Disputes' })
      .getByRole('row', { name: /Open/ });
    await waiting.getByRole('link').first().click();
    await page.waitForURL(/\/disputes\/dsp_/);
    await settle(page);
    dispute = new URL(page.url()).pathname.replace('/console', '');
    await page.getByText('门店盘点：有两笔兑换当天已退货，仍计入应付').waitFor();
    await settle(page);
    // Money is decided by finance, and by nobody else.
    expect(await page.getByRole('button', { name: 'Decide' }).count()).toBe(0);
  });
  await stage.as('finance', { language: 'en' }, async ({ page, shot, expectAccessible }) => {
    await open(page, dispute);
    await page.getByRole('button', { name: 'Decide' }).click();
    const form = page.getByRole('dialog', { name: 'Decide' });
    const disputed = Number(await form.getByLabel('Upheld amount (yuan)').inputValue());
    await form.getByLabel('Upheld amount (yuan)').fill((disputed / 2).toFixed(2));
    await form.getByLabel('Why').fill('One of the two was returned');
    await expectAccessible();
    await shot('errand-dispute');
    await form.getByRole('button', { name: 'Decide' }).click();
    await page.getByText('One of the two was returned').waitFor();
    await page.getByText('Upheld', { exact: true }).first().waitFor();
    await settle(page);
    expect(await page.getByRole('button', { name: 'Decide' }).count()).toBe(0);
    await open(page, '/clearing/disputes');
    await page
      .getByRole('table', { name: 'Adjustments' })
      .getByRole('row', { name: /Agreed, for the next period/ })
      .first()
      .waitFor();
  });
});

test('a manager drafts a reward, publishes it and retires it', async () => {
  await stage.as('manager', { language: 'en' }, async ({ page, expectAccessible }) => {
    await open(page, '/rewards');
    await page.getByRole('button', { name: 'New reward' }).click();
    await settle(page);
    await page.getByLabel('Code', { exact: true }).fill('errand-umbrella');
    await page.getByLabel('Name', { exact: true }).fill('借来的伞');
    await page.getByLabel(/^Cash value/).fill('12.50');
    await page.getByLabel('Points', { exact: true }).fill('130');
    await expectAccessible();
    // What was typed survives a tab that was lost.
    await page.reload();
    await settle(page);
    await expect.poll(() => page.getByLabel('Name', { exact: true }).inputValue()).toBe('借来的伞');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/rewards\/rwd_/);
    await page.getByRole('heading', { level: 1, name: '借来的伞' }).waitFor();
    await publishAndRetire(page);
    await expectAccessible();
    await open(page, '/rewards');
    await page.getByRole('row', { name: /借来的伞/ }).waitFor();
  });
});

test('a manager drafts a campaign, publishes it and retires it', async () => {
  await stage.as('manager', { language: 'en' }, async ({ page, expectAccessible }) => {
    await open(page, '/campaigns');
    await page.getByRole('button', { name: 'New campaign' }).click();
    await settle(page);
    await page.getByLabel('Code', { exact: true }).fill('errand-thursday');
    await page.getByLabel('Name', { exact: true }).fill('周四有礼');
    await page.getByLabel('Per cent of the usual points').fill('70');
    await page.getByLabel('Weekdays').click();
    await page.getByTitle('Thu', { exact: true }).click();
    await page.keyboard.press('Escape');
    await expectAccessible();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/campaigns\/pro[a-z]*_/);
    await page.getByRole('heading', { level: 1, name: '周四有礼' }).waitFor();
    await publishAndRetire(page);
    await expectAccessible();
    await open(page, '/campaigns');
    await page.getByRole('row', { name: /周四有礼/ }).waitFor();
  });
});

test('a finance clerk makes the invoices of a period and notes one as issued', async () => {
  await stage.as('finance', { language: 'en' }, async (seen) => {
    const { page, permit, shot, expectAccessible } = seen;
    await open(page, '/clearing');
    await page
      .getByRole('link', { name: /^Period \d+$/ })
      .first()
      .click();
    await settle(page);
    const invoices = page.getByRole('table', { name: 'Invoices (fees)' });
    await page.getByRole('button', { name: 'Make invoices' }).click();
    await page
      .getByRole('dialog')
      .getByText(/will be made/)
      .waitFor();
    await expectAccessible();
    await page.getByRole('dialog').getByRole('button').last().click();
    const first = invoices.getByRole('row', { name: /Made/ }).first();
    await first.waitFor();
    const merchant = (await first.getByRole('cell').first().textContent()) ?? '';
    await first.getByRole('button', { name: 'Note as issued' }).click();
    const form = page.getByRole('dialog', { name: 'It was issued' });
    await form.getByLabel('The tax system’s number').fill('26332000000000000001');
    await form.getByLabel('Issued on').fill('2999-01-01');
    permit(/422/);
    await form.getByRole('button', { name: 'Note as issued' }).click();
    await form.getByRole('alert').first().waitFor();
    await expect
      .poll(() => form.getByLabel('The tax system’s number').inputValue())
      .toBe('26332000000000000001');
    await form.getByLabel('Issued on').fill(dayOf());
    await expectAccessible();
    await form.getByRole('button', { name: 'Note as issued' }).click();
    await form.waitFor({ state: 'hidden' });
    const issued = invoices.getByRole('row', { name: /26332000000000000001/ });
    await issued.getByText('Issued', { exact: true }).waitFor();
    expect(await issued.textContent()).toContain(merchant);
    // What the tax system has seen is reversed, not cancelled.
    await issued.getByRole('button', { name: 'Note a red letter' }).waitFor();
    expect(await issued.getByRole('button', { name: 'Cancel' }).count()).toBe(0);
    await shot('errand-invoices');
    // Nothing is left to invoice, and that is said.
    permit(/409/);
    await page.getByRole('button', { name: 'Make invoices' }).click();
    await page.getByRole('alert').first().waitFor();
  });
});

/** Publishes the draft that is shown, at once; then retires what is in force. */
async function publishAndRetire(page: Page): Promise<void> {
  const tab = async (name: string): Promise<void> => {
    await page.getByRole('tab', { name, exact: true }).click();
    await settle(page);
  };
  await tab('Publish');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await agree(page, 'Publish');
  const retire = page.getByRole('button', { name: 'Retire', exact: true });
  await retire.waitFor();
  await page.getByText('in force', { exact: true }).first().waitFor();
  await settle(page);
  await retire.click();
  await agree(page, 'Retire');
  await tab('Versions and history');
  await page
    .getByRole('table', { name: 'History' })
    .getByRole('row', { name: /retired/ })
    .waitFor();
}
