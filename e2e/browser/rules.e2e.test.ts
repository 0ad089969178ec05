import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { dayOf } from '../day.ts';
import { open, settle } from './console.ts';
import { openStage } from './stage.ts';

const stage = openStage();

test('a merchant manager writes a rule, tries and simulates it, and publishes it', async () => {
  await stage.as('manager', {}, async ({ page, shot, expectAccessible, permit }) => {
    await open(page, '/rules');
    await expectAccessible();
    await shot('rules-list');
    await page.getByRole('button', { name: '新建规则' }).click();
    await settle(page);

    // What is wrong is told at its field; what was typed stays.
    permit(/422/);
    const code = `evening-${Date.now().toString(36)}`;
    await page.getByLabel('代码', { exact: true }).fill(code);
    await page.getByLabel('名称', { exact: true }).fill('夜市双倍');
    await page.getByLabel(/^表达式/).fill('time.hour >= ');
    await page.getByRole('button', { name: '检查' }).click();
    await page
      .getByText(/第 1 行第 \d+ 列/)
      .first()
      .waitFor();
    await shot('rules-new-wrong');
    await page.getByLabel(/^表达式/).fill('time.hour >= 18');
    await page.getByRole('button', { name: '检查' }).click();
    await page.getByText('服务器检查通过').waitFor();
    await page.reload();
    await settle(page);
    await expect.poll(() => page.getByLabel('名称', { exact: true }).inputValue()).toBe('夜市双倍');
    await expectAccessible();
    await shot('rules-new');
    await page.getByRole('button', { name: /^保\s*存$/ }).click();
    await page.getByRole('heading', { level: 1, name: '夜市双倍' }).waitFor();
    await settle(page);
    await shot('rules-one');

    await tab(page, '试算');
    await page.getByRole('button', { name: /^试\s*算$/ }).click();
    const outcome = page.getByRole('region', { name: '规则怎样算' });
    await outcome.getByText('夜市双倍').waitFor();
    await expectAccessible();
    await shot('rules-try');

    await tab(page, '模拟');
    await page.getByLabel('期间').click();
    const [from, until] = [dayOf(-100), dayOf(-2)];
    await page.getByLabel('期间').fill(from);
    await page.keyboard.press('Enter');
    await page.keyboard.type(until);
    // Enter in a date's field only takes the day.
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '开始模拟' }).click();
    await page.getByRole('heading', { name: '由谁出资' }).waitFor();
    await settle(page);
    await expectAccessible();
    await shot('rules-simulated');
    // Left and found again.
    await open(page, '/rules');
    await page.goBack();
    await settle(page);
    await page.getByRole('heading', { name: '由谁出资' }).waitFor();
    // Also among those before, whoever started them and wherever.
    await page.getByRole('button', { name: '再模拟一次' }).click();
    const earlier = page.getByRole('table', { name: '先前的模拟' });
    await earlier.getByText('已完成').waitFor();
    await settle(page);
    await expectAccessible();
    await shot('rules-simulations');
    await earlier.getByRole('button').first().click();
    await page.getByRole('heading', { name: '由谁出资' }).waitFor();

    await tab(page, '发布');
    await page.getByText(/自 .+ 起生效/).waitFor();
    await expectAccessible();
    await shot('rules-publish');
    await page.getByRole('button', { name: /^发\s*布$/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^发\s*布$/ })
      .click();
    await page.getByText('没有草稿可发布').waitFor();
    await tab(page, '版本与记录');
    await settle(page);
    await expectAccessible();
    await shot('rules-history');
  });
});

test('a change that comes too early is explained, with the day from which it may count', async () => {
  await stage.as('manager', { language: 'en' }, async (seen) => {
    const { page, permit, shot, expectAccessible } = seen;
    await open(page, '/rules?state=in_force');
    await page.locator('tbody tr.ant-table-row a').first().click();
    await settle(page);
    await page.getByRole('button', { name: 'Draft a new version' }).click();
    await page.getByLabel(/^Articles/).fill('only-this-one');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Edit draft' }).waitFor();
    await tab(page, 'Publish');
    await page.getByText('its conditions are narrower').waitFor();
    await page.getByLabel('From a day on').check();
    permit(/422/);
    await page.getByLabel('First day').fill(dayOf(1));
    await page.keyboard.press('Enter');
    await page.getByText('It cannot begin on that day yet').waitFor();
    await expectAccessible();
    await shot('rules-too-early');
    await page.getByRole('button', { name: /^Publish it from/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByText('There is no draft to publish').waitFor();
  });
});

const tab = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('tab', { name, exact: true }).click();
  await settle(page);
};
