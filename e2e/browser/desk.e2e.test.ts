import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { dayOf } from '../day.ts';
import { open, settle } from './console.ts';
import { openStage } from './stage.ts';

const stage = openStage();

/** A figure of the overview by its name, as a number. */
async function figure(page: Page, name: string): Promise<number> {
  const shown = await page
    .locator('.hm-figure')
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator('dd')
    .first()
    .textContent();
  return Number((shown ?? '').replace(/[^\d.]/g, ''));
}

test('an operator looks at a year, then at one merchant of it, and can come back by the address', async () => {
  await stage.as('operator', {}, async ({ page, expectAccessible, shot }) => {
    await open(page, '/?period=year');
    const all = await figure(page, '发放');
    expect(all).toBeGreaterThan(0);
    // The demo's year ended yesterday: on the first day of a month nobody has been active in it yet.
    const active = await figure(page, `活跃会员（${dayOf().slice(0, 7)}）`);
    expect(active).toBeGreaterThanOrEqual(dayOf().endsWith('-01') ? 0 : 1);
    await page.locator('.hm-bars a').first().click();
    await settle(page);
    // What was there stays until the answer is.
    await expect.poll(() => figure(page, '发放')).toBeLessThan(all);
    const one = await figure(page, '发放');
    expect(one).toBeGreaterThan(0);
    expect(await figure(page, '本店积分被使用')).toBeGreaterThanOrEqual(0);
    const { searchParams } = new URL(page.url());
    expect([searchParams.get('period'), searchParams.get('merchant')]).toEqual([
      'year',
      expect.stringMatching(/^mer_/),
    ]);
    // What the chart draws stands in a table, too.
    await page.locator('.ant-segmented-item', { hasText: /^表$/ }).first().click();
    await settle(page);
    await expect.poll(() => page.locator('.ant-table-tbody tr.ant-table-row').count()).toBe(12);
    await expectAccessible();
    await shot('overview-merchant');
    await page.reload();
    await settle(page);
    // The demo lives: shoppers go on buying meanwhile, so figures only grow.
    await expect.poll(() => figure(page, '发放')).toBeGreaterThanOrEqual(one);
    expect(await figure(page, '发放')).toBeLessThan(all);
    await page.goBack();
    await settle(page);
    await expect.poll(() => figure(page, '发放')).toBeGreaterThanOrEqual(all);
  });
});

test('an operator decides a case that came there, and what was typed survives a reload', async () => {
  await stage.as('operator', {}, async ({ page, expectAccessible, shot }) => {
    await open(page, '/');
    await page.getByRole('link', { name: '售后等待处理' }).click();
    await settle(page);
    await open(page, '/after-sales?state=escalated');
    await expectAccessible();
    await page
      .locator('.ant-table-tbody tr.ant-table-row')
      .first()
      .getByRole('link')
      .first()
      .click();
    await settle(page);
    await expectAccessible();
    await page.getByRole('radio', { name: '支持商家' }).check();
    await page.getByRole('radio', { name: '未发现问题' }).check();
    await page.getByLabel('说明').fill('照片看不出问题，<b>已复核</b>');
    await page.reload();
    await settle(page);
    await expect
      .poll(() => page.getByLabel('说明').inputValue())
      .toBe('照片看不出问题，<b>已复核</b>');
    await shot('after-sales-deciding');
    await page.getByRole('button', { name: '提交' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.getByText('平台驳回').waitFor();
    await settle(page);
    await expect
      .poll(() => page.locator('.hm-steps .hm-text').last().textContent())
      .toBe('照片看不出问题，<b>已复核</b>');
    await expectAccessible();
    await shot('after-sales-decided');
  });
});

test('a supplier who cancels is told first what that would do', async () => {
  await stage.as('operator', {}, async ({ page, expectAccessible, shot }) => {
    await open(page, '/after-sales/supplier-cancellations/new');
    await expectAccessible();
    const choose = async (name: string, at: number): Promise<void> => {
      await page.getByRole('combobox', { name }).click();
      await page
        .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
        .nth(at)
        .click();
    };
    await choose('礼品', 0);
    await choose('提供方商家', 0);
    await choose('原因', 1);
    await page.getByRole('button', { name: '先看影响' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确认取消' }).click();
    await page.getByText('已完成').waitFor();
    await settle(page);
    expect(new URL(page.url()).pathname).toMatch(/\/after-sales\/supplier-cancellations\/scl_/);
    await expectAccessible();
    await shot('supplier-cancelled');
  });
});

test('a merchant sees its own figures and cases alone', async () => {
  await stage.as(
    'manager',
    { language: 'en', theme: 'dark', width: 820 },
    async ({ page, expectAccessible, shot }) => {
      await open(page, '/?period=year');
      await expect.poll(() => page.getByText('Redeemed here', { exact: true }).count()).toBe(1);
      expect(await page.getByLabel('Merchant', { exact: true }).count()).toBe(0);
      await expectAccessible();
      await shot('overview-own');
      await open(page, '/after-sales');
      await expectAccessible();
      expect(await page.getByRole('columnheader', { name: 'Merchant' }).count()).toBe(0);
    },
  );
});
