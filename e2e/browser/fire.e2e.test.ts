import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ROOT_KEY } from '../running-server.ts';
import { open, settle, signIn } from './console.ts';
import { openStage } from './stage.ts';

/** What runs as soon as somebody shows it as HTML. */
const HOSTILE = '"><img src=x onerror="globalThis.wasRun=1"><script>globalThis.wasRun=1</script>';

const stage = openStage();

test('a session that ends in the middle of a form loses nothing', async () => {
  await stage.as('manager', { language: 'en' }, async ({ page, context, permit }) => {
    permit(/401/);
    await fillRule(page, 'fire-session');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Save' }).click();
    const dialog = page.getByRole('dialog', { name: 'You were signed out' });
    await dialog.waitFor();
    await signIn(page, 'manager');
    await dialog.waitFor({ state: 'hidden' });
    await expect
      .poll(() => page.getByLabel('Code', { exact: true }).inputValue())
      .toBe('fire-session');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/rules\/rul_/);
    await settle(page);
    await page.getByRole('heading', { level: 1, name: 'Fire fire-session', exact: true }).waitFor();
  });
});

test('a server that is down says so, and what was typed is sent once when it is back', async () => {
  await stage.as('manager', { language: 'en' }, async ({ page, permit }) => {
    permit(/ERR_|502|503|Failed to load/);
    await fillRule(page, 'fire-server');
    await stage.demo.stop();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The server cannot be reached').first().waitFor();
    await stage.demo.start();
    await page
      .getByText('The server cannot be reached. What you typed')
      .waitFor({ state: 'hidden' });
    await expect
      .poll(() => page.getByLabel('Code', { exact: true }).inputValue())
      .toBe('fire-server');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/rules\/rul_/);
    const made = await ask('/rules?programme=demo&limit=200');
    const codes = (made.items as { code: string }[]).filter(({ code }) => code === 'fire-server');
    expect(codes).toHaveLength(1);
  });
});

test('who signs out in one tab is asked to sign in again in the other', async () => {
  await stage.as('manager', { language: 'en' }, async ({ page, openTab, permit }) => {
    permit(/401/);
    await open(page, '/rules');
    const second = await openTab();
    await open(second, '/rewards');
    await page.getByRole('button', { name: /^My account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in/);
    await second.getByRole('link', { name: 'Earning rules' }).first().click();
    await second.getByLabel('E-mail').waitFor();
    await signIn(second, 'manager');
    await second.getByRole('heading', { level: 1 }).first().waitFor();
  });
});

test('hostile text is text wherever it is shown', async () => {
  const merchant = await ask('/merchants', {
    ...{ name: HOSTILE.slice(0, 60), category: 'shop', programme: 'demo' },
    earnRatio: { points: 1, perFen: 100 },
  });
  const member = await ask('/members', {
    name: HOSTILE.slice(0, 40),
    externalIds: { pos: 'hostile' },
  });
  await stage.as('operator', { language: 'en' }, async ({ page, permit }) => {
    await open(page, `/members/${member.id}`);
    await page.getByRole('heading', { level: 1, name: HOSTILE.slice(0, 40) }).waitFor();
    const places = ['/merchants', `/merchants/${merchant.id}`, `/members/${member.id}`];
    for (const place of [
      ...places,
      '/members?q=hostile',
      '/rules',
      '/rewards',
      '/',
      '/adjustments',
    ]) {
      await open(page, place);
      expect(await page.evaluate(() => 'wasRun' in globalThis), place).toBe(false);
      expect(await page.locator('main img[src="x"], main script').count(), place).toBe(0);
    }
    // From the address bar, too.
    permit(/400/);
    const text = encodeURIComponent(HOSTILE);
    await open(page, `/rules?state=${text}&merchant=${text}&tab=${text}`);
    expect(await page.evaluate(() => 'wasRun' in globalThis)).toBe(false);
  });
});

test('what is somebody else’s is not there, and pages of other roles explain themselves', async () => {
  const rules = await ask('/rules?programme=demo&limit=200');
  const others = (rules.items as { id: string; merchantId: string | null; code: string }[]).find(
    ({ code }) => code === 'melon-season',
  );
  const strangers = await ask('/members', { externalIds: { pos: 'stranger' } });
  await stage.as('cashier', { language: 'en' }, async ({ page, context, permit }) => {
    permit(/400|403|404/);
    for (const place of [`/rules/${others?.id}`, `/members/${strangers.id}`, '/members/mem_x']) {
      await page.goto(`/console${place}`);
      await page
        .getByText(/There is nothing here|Your role does not open this page/)
        .first()
        .waitFor();
    }
    for (const place of ['/clearing', '/staff', '/audit', '/keys']) {
      await open(page, place);
      await page.getByRole('heading', { name: 'Your role does not open this page' }).waitFor();
    }
    for (const path of [
      '/v1/audit',
      '/v1/staff',
      '/v1/keys',
      '/v1/clearing/periods?programme=demo',
    ]) {
      const answer = await context.request.get(`${stage.demo.url}${path}`);
      expect(answer.status(), path).toBe(403);
    }
  });
});

async function fillRule(page: Page, code: string): Promise<void> {
  await open(page, '/rules/new');
  await page.getByLabel('Code', { exact: true }).fill(code);
  await page.getByLabel('Name', { exact: true }).fill(`Fire ${code}`);
}

let asked = 0;
/** Reads or, with a body, writes with the root key, as the system behind the pages. */
async function ask(path: string, body?: object): Promise<Record<string, unknown>> {
  asked += 1;
  const answer = await fetch(`${stage.demo.url}/v1${path}`, {
    headers: {
      authorization: `Bearer ${ROOT_KEY}`,
      'content-type': 'application/json',
      'idempotency-key': `fire-${asked}-${Date.now()}`,
    },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const told = (await answer.json()) as Record<string, unknown>;
  expect(answer.ok, JSON.stringify(told)).toBe(true);
  return told;
}
