import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { open, settle } from './console.ts';
import { openStage } from './stage.ts';

const stage = openStage();

const unique = (name: string): string => `${name}-${Date.now().toString(36)}`;

test('a reward is written in its form and as JSON, checked, published, and made dearer with notice', async () => {
  await stage.as('manager', {}, async ({ page, shot, expectAccessible, permit }) => {
    await open(page, '/rewards');
    await expectAccessible();
    await shot('rewards-list');
    await page.getByRole('button', { name: '新建礼品' }).click();
    await settle(page);

    const code = unique('mug');
    await page.getByLabel('代码', { exact: true }).fill(code);
    await page.getByLabel('名称', { exact: true }).fill('红米马克杯');
    await page.getByLabel(/^现金价值/).fill('20');
    // What the form has is in the JSON, and what is wrong there is found without saving it.
    await page.getByText('完整条款', { exact: true }).click();
    const json = page.getByRole('textbox', { name: '完整条款' });
    const written = await json.inputValue();
    expect(JSON.parse(written)).toMatchObject({ kind: 'goods', cashValueFen: 2000 });
    permit(/422|400/);
    await json.fill(written.replace('"goods"', '"gods"'));
    await button(page, '检查').click();
    await page.getByRole('alert').first().waitFor();
    await json.fill(written);
    await button(page, '检查').click();
    await page.getByText('服务器检查通过').waitFor();
    await page.getByText('表单', { exact: true }).click();
    await expect
      .poll(() => page.getByLabel('名称', { exact: true }).inputValue())
      .toBe('红米马克杯');
    await expectAccessible();
    await shot('rewards-new');
    await button(page, '保存').click();
    await page.getByRole('heading', { level: 1, name: '红米马克杯' }).waitFor();
    await settle(page);
    await expectAccessible();
    await shot('rewards-one');

    await tab(page, '库存');
    await button(page, '设定总量').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('总量').fill('5');
    await expectAccessible();
    await dialog.getByRole('button', { name: '设定总量' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.locator('dd').getByText('5', { exact: true }).first().waitFor();
    await expectAccessible();

    await publish(page);
    // Nobody waits for the ten seconds until it counts: it is announced for them.
    await open(page, '/rewards');
    await page.getByRole('link', { name: '红米马克杯' }).waitFor();
    await page.getByRole('link', { name: '红米马克杯' }).click();
    await settle(page);
    await page.getByText('生效中', { exact: true }).waitFor();

    await button(page, '起草新版本').click();
    const points = page.getByLabel('积分', { exact: true }).first();
    await points.fill('150');
    await button(page, '保存').click();
    await page.getByText('草稿已保存').waitFor();
    await tab(page, '发布');
    await page.getByText('要的更多了').waitFor();
    await page.getByText(/须提前 \d+ 天公告/).waitFor();
    await expectAccessible();
    await shot('rewards-publish');
    await button(page, '放弃草稿').click();
    await page.getByRole('dialog').getByRole('button', { name: '放弃草稿' }).click();
    await page.getByText('没有草稿可发布').waitFor();

    await tab(page, '版本与记录');
    await page.getByText('放弃草稿', { exact: true }).waitFor();
    await expectAccessible();
    await shot('rewards-history');
  });
});

test('a campaign is written and published; its only draft, discarded, goes with it', async () => {
  await stage.as('manager', { language: 'en', theme: 'dark' }, async (seen) => {
    const { page, shot, expectAccessible, permit } = seen;
    permit(/422/);
    const make = async (name: string): Promise<void> => {
      await open(page, '/campaigns/new');
      await page.getByLabel('Code', { exact: true }).fill(unique('melons'));
      await page.getByLabel('Name', { exact: true }).fill(name);
      // What holds always is a price: the server says so before anything is saved.
      await button(page, 'Check').click();
      await page.getByRole('alert').first().waitFor();
      await page.getByLabel(/^Weekdays/).click();
      await page
        .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
        .first()
        .click();
      await page.keyboard.press('Escape');
      await button(page, 'Check').click();
      await page.getByText('The server found nothing wrong').waitFor();
      expect(await page.getByRole('main').getByRole('alert').count()).toBe(0);
      await expectAccessible();
      await shot('campaigns-new');
      await button(page, 'Save').click();
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await settle(page);
    };
    await make('Melon days');
    await expectAccessible();
    await publish(page, 'Publish', 'There is no draft to publish');
    await shot('campaigns-one');

    await make('Second thoughts');
    await tab(page, 'Publish');
    await button(page, 'Discard draft').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Discard draft' }).click();
    await page.waitForURL(/\/campaigns\/?$/);
    await settle(page);
    await page.getByRole('link', { name: 'Melon days' }).waitFor();
    expect(await page.getByRole('link', { name: 'Second thoughts' }).count()).toBe(0);
    await expectAccessible();
    await shot('campaigns-list');
    // Narrowed by state: what is left of it is said.
    await open(page, '/campaigns?state=draft');
    expect(await page.getByRole('link', { name: 'Melon days' }).count()).toBe(0);
  });
});

test('what is refused of a campaign is told at its fields, and a share may have a budget', async () => {
  await stage.as('manager', {}, async ({ page, shot, expectAccessible, permit }) => {
    permit(/422/);
    await open(page, '/campaigns/new');
    const name = page.getByLabel('名称', { exact: true });
    await page.getByLabel('代码', { exact: true }).fill(unique('shares'));
    await name.fill('积分四七折');
    await button(page, '设预算').click();
    await page.getByRole('group').getByLabel('积分', { exact: true }).fill('5000');
    await button(page, '检查').click();
    // In the words of the page, at its field; what no field has, by its name.
    const wrong = page.locator('.ant-form-item-has-error').filter({ has: name });
    await wrong.getByText('“四七折”由系统算出').waitFor();
    await page.getByRole('main').getByRole('alert').getByText('何时：什么都没写').waitFor();
    expect(await page.getByText('/body/').count()).toBe(0);
    await shot('campaigns-refused');
    await expectAccessible();

    await name.fill('周一少用两成');
    await wrong.waitFor({ state: 'detached' });
    await page.getByLabel(/^星期/).click();
    await page
      .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option')
      .first()
      .click();
    await page.keyboard.press('Escape');
    await button(page, '保存').click();
    await page.getByRole('heading', { level: 1, name: '周一少用两成' }).waitFor();
    await page.getByText(/^5,000 /).waitFor();
  });
});

test('a merchant reads what is the programme’s, and writes its own alone', async () => {
  await stage.as('manager', { language: 'en' }, async ({ page }) => {
    await open(page, '/rules');
    const row = page.locator('tbody tr').filter({ hasText: 'The platform' }).first();
    await row.getByRole('link').click();
    await settle(page);
    await expect
      .poll(() => page.getByRole('tab', { name: 'Versions and history' }).count())
      .toBe(1);
    expect(await page.getByRole('tab', { name: 'Publish' }).count()).toBe(0);
    for (const name of ['Draft a new version', 'Edit draft', 'Retire'])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
  });
});

/** antd puts a space between two Chinese characters of a button. */
const button = (page: Page, name: string) =>
  page.getByRole('main').getByRole('button', { name: new RegExp(`^${[...name].join('\\s*')}$`) });

const tab = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('tab', { name, exact: true }).click();
  await settle(page);
};

/** Publishes the draft of the item that is shown, as early as it may be. */
async function publish(page: Page, name = '发布', done = '没有草稿可发布'): Promise<void> {
  await tab(page, name);
  await button(page, name).click();
  const yes = new RegExp(`^${[...name].join('\\s*')}$`);
  await page.getByRole('dialog').getByRole('button', { name: yes }).click();
  await page.getByText(done).waitFor();
}
