import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open, settle } from './console.ts';
import { openStage } from './stage.ts';

const stage = openStage();

async function search(page: Page, text: string): Promise<void> {
  await page.getByRole('searchbox').fill(text);
  await page.getByRole('searchbox').press('Enter');
  await settle(page);
}

const rows = (page: Page) => page.locator('.ant-table-tbody tr.ant-table-row');

test('an operator finds a member, and sees where points came from and went', async () => {
  await stage.as('operator', {}, async ({ page, expectAccessible, shot }) => {
    await open(page, '/members');
    await expectAccessible();
    // The demo's phones count upwards.
    await search(page, '0003');
    await expect.poll(() => rows(page).count()).toBeGreaterThan(0);
    await shot('members-found');
    const name = await rows(page).first().getByRole('link').textContent();
    expect(new URL(page.url()).searchParams.get('q')).toBe('0003');
    await rows(page).first().getByRole('link').click();
    await settle(page);
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe(name);
    await expectAccessible();
    await shot('member');

    await page.getByRole('tab', { name: '流水' }).click();
    await settle(page);
    await expect.poll(() => rows(page).count()).toBeGreaterThan(0);
    await page.locator('.ant-table-row-expand-icon').first().click();
    await settle(page);
    await expectAccessible();
    await shot('member-transactions');

    await page.getByRole('tab', { name: '积分批次' }).click();
    await settle(page);
    await shot('member-lots');
    await rows(page).first().getByRole('link').click();
    await settle(page);
    await page.locator('.ant-timeline-item').first().waitFor();
    await expectAccessible();
    await shot('member-lot');
  });
});

test('a name that is code is text, is found, and is masked to a merchant and a regulator', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  let path = '';
  await stage.as('operator', {}, async ({ page }) => {
    page.on('dialog', () => {
      throw new Error('a name was run as code');
    });
    await open(page, '/members');
    await search(page, '0004');
    await rows(page).first().getByRole('link').click();
    await settle(page);
    path = new URL(page.url()).pathname;
    await page.getByRole('button', { name: /修改姓名|填写姓名/ }).click();
    await page.getByRole('textbox', { name: '姓名' }).fill(evil);
    await page.getByRole('button', { name: /^保\s?存$/ }).click();
    await page.getByRole('heading', { level: 1, name: evil }).waitFor();
    await open(page, '/members');
    await search(page, 'ONERROR=alert');
    await expect.poll(() => rows(page).first().getByRole('link').textContent()).toBe(evil);
  });
  await stage.as('regulator', {}, async ({ page }) => {
    await open(page, path.replace('/console', ''));
    await expect.poll(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('<***>');
    expect(await page.getByRole('button', { name: /姓名|更正/ }).count()).toBe(0);
  });
});

test('a large correction takes two persons, and nothing typed is lost on the way', async () => {
  let proposal = '';
  await stage.as(
    'operator',
    { language: 'en', theme: 'dark' },
    async ({ page, expectAccessible, shot }) => {
      await open(page, '/members?q=0005');
      await rows(page).first().getByRole('link').click();
      await settle(page);
      await page.getByRole('button', { name: 'Correct the balance' }).click();
      await settle(page);
      await page.getByRole('spinbutton', { name: 'Points' }).fill('10001');
      await page.getByRole('combobox', { name: 'At which merchant' }).press('ArrowDown');
      await page.getByRole('combobox', { name: 'At which merchant' }).press('Enter');
      await page.getByRole('textbox', { name: 'Reason' }).fill('counted again');
      await page.reload();
      await settle(page);
      await expect
        .poll(() => page.getByRole('textbox', { name: 'Reason' }).inputValue())
        .toBe('counted again');
      await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByText('This correction takes two persons').waitFor();
      await expectAccessible();
      await shot('member-adjust');
      await page.getByRole('button', { name: 'Ask for approval' }).click();
      await page.getByText('You proposed this').waitFor();
      await settle(page);
      await expectAccessible();
      await shot('adjustment-own');
      expect(await page.getByRole('button', { name: 'Approve and apply' }).count()).toBe(0);
      proposal = new URL(page.url()).pathname;
    },
  );
  await stage.as('operator2', {}, async ({ page, expectAccessible, shot }) => {
    await open(page, '/adjustments');
    await expectAccessible();
    await shot('adjustments');
    await rows(page).first().getByRole('link').first().click();
    await settle(page);
    await page.waitForURL((url) => url.pathname === proposal);
    await expectAccessible();
    await shot('adjustment');
    await page.getByRole('button', { name: '批准并生效' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '批准并生效' }).click();
    await page.getByText('已批准', { exact: true }).waitFor();
  });
});

test('a merchant finds its own customers, by masked names', async () => {
  await stage.as('manager', {}, async ({ page, expectAccessible, shot }) => {
    await open(page, '/members');
    for (const text of ['王', '李', '张', '刘', '陈']) {
      await search(page, text);
      for (const name of await rows(page).getByRole('link').allTextContents())
        expect(name).toMatch(/^.\*+.?$/u);
    }
    await expectAccessible();
    await shot('members-merchant');
    expect(await page.getByRole('link', { name: '更正审批' }).count()).toBe(0);
  });
});
