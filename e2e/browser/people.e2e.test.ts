import { createHmac } from 'node:crypto';
import type { BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { emailOf, open, settle } from './console.ts';
import { openStage } from './stage.ts';

const PASSWORD = 'a long and quiet sentence';
const EMAIL = 'newcomer@example.com';

const stage = openStage();

test('somebody is invited, chooses a password, sets up both second factors, and is suspended', async () => {
  await stage.as('system', { language: 'en' }, async (admin) => {
    const link = await invite(admin.page);
    await admin.expectAccessible();
    await admin.shot('staff-invited');

    await stage.visit({ language: 'en' }, async (seen) => {
      const { page, context, permit, expectAccessible, shot } = seen;
      await page.goto(new URL(link).pathname + new URL(link).hash);
      await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
      await page.getByLabel('New password again').fill(PASSWORD);
      await expectAccessible();
      await shot('invitation');
      await page.getByRole('button', { name: 'Open the account' }).click();
      await page.getByText(`The account ${EMAIL} is open`).waitFor();
      // Nobody finds the secret in the history of the browser.
      expect(page.url()).not.toContain('#');
      await page.getByRole('button', { name: 'Sign in' }).click();
      // Nobody asks who is signed in before it is asked.
      permit(/40[13]/);
      await signIn(page);
      await page.getByText('Set up a second factor first').waitFor();
      await settle(page);
      await expectAccessible();
      await shot('account-first');

      const secret = await setUpAuthenticator(page, shot);
      await page.getByRole('link', { name: 'Members', exact: true }).waitFor();
      await signOut(page);
      await signIn(page);
      await page.getByLabel('The 6 digits your authenticator shows').waitFor();
      await expectAccessible();
      await shot('second-factor');
      // The next one, which also counts: nobody signs in twice by the same.
      await page.getByLabel('The 6 digits your authenticator shows').fill(codeOf(secret, 1));
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page.waitForURL(/\/console\/$/);

      await addPasskey(page, context);
      await expectAccessible();
      await shot('account');
      await signOut(page);
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await page.waitForURL(/\/console\/$/);
      await settle(page);

      await suspend(admin.page);
      await page.getByRole('link', { name: 'Rewards', exact: true }).click();
      await page.getByText('You were signed out').waitFor();
    });
  });
});

test('who renames somebody is asked for no second factor, because the role is not given anew', async () => {
  await stage.as('system', { language: 'en' }, async ({ page }) => {
    await open(page, '/staff');
    const row = page.getByRole('row').filter({ hasText: emailOf('operator2') });
    await row.getByRole('link').click();
    await settle(page);
    const asked: unknown[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') asked.push(request.postDataJSON());
    });
    const save = page.getByRole('button', { name: 'Save' });
    await save.click();
    await page.getByText('Nothing was changed').waitFor();
    await page.getByLabel('Name').fill('Somebody else');
    await save.click();
    await page.getByText('Changed', { exact: true }).waitFor();
    expect(asked).toEqual([{ name: 'Somebody else' }]);
  });
});

test('signing out without a network says that it did not, and does it when asked again', async () => {
  await stage.as('regulator', { language: 'en' }, async ({ page, context, permit }) => {
    permit(/ERR_INTERNET_DISCONNECTED/);
    await open(page, '/');
    await context.setOffline(true);
    await page.getByRole('button', { name: /^My account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByText('You are still signed in').waitFor();
    expect(new URL(page.url()).pathname).toBe('/console/');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Sign out again' }).click();
    await page.waitForURL(/\/console\/sign-in/);
    await open(page, '/');
    expect(new URL(page.url()).pathname).toBe('/console/sign-in');
  });
});

async function invite(page: Page): Promise<string> {
  await open(page, '/staff');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.getByLabel('Name').fill('Newcomer');
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Role').click();
  await page.getByTitle('Operator', { exact: true }).click();
  await page.getByRole('button', { name: 'Make the link' }).click();
  return (await page.getByText(/\/console\/invitation#/).textContent()) ?? '';
}

async function suspend(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Look at the account' }).click();
  await settle(page);
  await page.getByRole('button', { name: 'Suspend' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await page.getByRole('button', { name: 'Let in again' }).waitFor();
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^My account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(/\/console\/sign-in/);
}

async function setUpAuthenticator(
  page: Page,
  shot: (name: string) => Promise<void>,
): Promise<string> {
  const card = page.locator('section', {
    has: page.getByRole('heading', { name: 'Authenticator' }),
  });
  await card.getByLabel('Current password').fill(PASSWORD);
  await card.getByRole('button', { name: 'Set up an authenticator' }).click();
  const secret = (await card.locator('p .hm-code').first().textContent()) ?? '';
  await page.getByRole('img', { name: 'QR code for the authenticator' }).waitFor();
  await shot('authenticator');
  await card.getByLabel('The 6 digits it shows').fill(codeOf(secret));
  await card.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('The authenticator is on').waitFor();
  return secret;
}

/** By an authenticator of the browser itself, which asks nobody anything. */
async function addPasskey(page: Page, context: BrowserContext): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  await open(page, '/account');
  const card = page.locator('section', { has: page.getByRole('heading', { name: 'Passkeys' }) });
  await card.getByLabel('Name').fill('Office computer');
  await card.getByRole('button', { name: 'Add a passkey' }).click();
  await card.getByRole('cell', { name: 'Office computer' }).waitFor();
  await settle(page);
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** What an authenticator shows, `steps` half minutes from now (RFC 6238). */
function codeOf(secret: string, steps = 0): string {
  let bits = '';
  for (const letter of secret) bits += BASE32.indexOf(letter).toString(2).padStart(5, '0');
  const bytes = bits.match(/.{8}/g)?.map((each) => Number.parseInt(each, 2)) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac('sha1', Buffer.from(bytes)).update(counter).digest();
  const at = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
