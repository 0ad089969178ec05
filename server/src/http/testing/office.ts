import { createOTP } from '@better-auth/utils/otp';
import { createTestApp, TEST_ORIGIN, type TestApp } from '../test-app.ts';
import { type Browser, openBrowser } from './browser.ts';

export const PASSWORD = 'a long and quiet sentence';

/** The API with people who work there. */
export interface Office extends TestApp {
  browser(ip?: string): Browser;
  /** Invites somebody and accepts in their name; their address. */
  hire(role: string, more?: object): Promise<{ readonly email: string; readonly id: string }>;
  /** A browser of somebody who signed in by password. */
  come(email: string, browser?: Browser): Promise<Browser>;
  /** Sets up an authenticator; what makes its codes, and the backup codes. */
  addAuthenticator(
    browser: Browser,
  ): Promise<{ readonly secret: string; readonly backupCodes: readonly string[] }>;
}

export async function openOffice(): Promise<Office> {
  const api = await createTestApp();
  let people = 0;
  const office: Office = {
    ...api,
    browser: (ip = '127.0.0.1') => openBrowser(api.app, { origin: TEST_ORIGIN, ip }),
    async hire(role, more = {}) {
      people += 1;
      const email = `person${people}@example.com`;
      const asked = { name: `Person ${people}`, email, role, ...more };
      const made = await api.call('POST', '/v1/staff', asked);
      if (made.status !== 201) throw new Error(`not invited: ${made.text}`);
      const { token } = made.body.invitation;
      const accepted = await office
        .browser()
        .call('POST', '/v1/invitations/accept', { token, password: PASSWORD });
      if (accepted.status !== 200)
        throw new Error(`not accepted: ${JSON.stringify(accepted.body)}`);
      return { email, id: made.body.id };
    },
    async come(email, browser = office.browser()) {
      const answer = await browser.call('POST', '/v1/sign-in', { email, password: PASSWORD });
      if (answer.body.state !== 'signed_in')
        throw new Error(`not signed in: ${JSON.stringify(answer.body)}`);
      return browser;
    },
    async addAuthenticator(browser) {
      const begun = await browser.call('POST', '/v1/session/totp', { password: PASSWORD });
      if (begun.status !== 200) throw new Error(`not begun: ${JSON.stringify(begun.body)}`);
      const { secret, backupCodes } = begun.body;
      const confirmed = await browser.call('PUT', '/v1/session/totp', {
        code: await codeOf(secret, -1),
      });
      if (confirmed.status !== 200)
        throw new Error(`not confirmed: ${JSON.stringify(confirmed.body)}`);
      return { secret, backupCodes };
    },
  };
  return office;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** The code that an authenticator shows, `steps` half minutes from now: the library's clock is the machine's. */
export async function codeOf(secret: string, steps = 0): Promise<string> {
  let bits = 0n;
  for (const letter of secret) bits = (bits << 5n) | BigInt(BASE32.indexOf(letter));
  const bytes = Math.floor((secret.length * 5) / 8);
  bits >>= BigInt(secret.length * 5 - bytes * 8);
  const key = Buffer.from(bits.toString(16).padStart(bytes * 2, '0'), 'hex');
  const counter = Math.floor(Date.now() / STEP_MS) + steps;
  return await createOTP(key.toString('latin1')).hotp(counter);
}
