import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, type Office, openOffice, PASSWORD } from '../http/testing/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

test('who signs in is known by their cookie, and may what their role may', async () => {
  const { email, id } = await office.hire('regulator');
  const browser = office.browser();
  const answer = await browser.call('POST', '/v1/sign-in', { email, password: PASSWORD });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ state: 'signed_in', staff: { id, role: 'regulator' } });
  expect(answer.cookies).toHaveLength(2);
  expect(answer.cookies[0]).toMatch(/^hongmi_session=/);
  // Scripts read that there is one, as long as there is.
  expect(answer.cookies[1]).toMatch(/^hongmi_session_there=1;/);
  expect(answer.cookies[0]).toContain('HttpOnly');
  expect(answer.cookies[1]).not.toContain('HttpOnly');
  for (const attribute of ['SameSite=Strict', 'Path=/', 'Max-Age=43200'])
    for (const cookie of answer.cookies) expect(cookie).toContain(attribute);

  const me = (await browser.call('GET', '/v1/session')).body;
  expect(me).toMatchObject({ staff: { id, email }, merchantId: null, session: { current: true } });
  expect(me.scopes).toContain('ledger:read');
  expect((await browser.call('GET', '/v1/merchants')).status).toBe(200);
  expect((await browser.call('GET', '/v1/keys')).body.code).toBe('scope_missing');

  expect((await browser.call('DELETE', '/v1/session')).status).toBe(200);
  expect([...browser.jar]).toEqual([]);
});

test('two factors', async () => {
  const { email } = await office.hire('system_admin');
  const browser = await office.come(email);
  expect((await browser.call('GET', '/v1/session')).body).toMatchObject({
    scopes: [],
    secondFactor: { required: true, missing: true },
  });
  expect((await browser.call('GET', '/v1/staff')).body.code).toBe('second_factor_required');
  const { secret, backupCodes } = await office.addAuthenticator(browser);
  expect((await browser.call('GET', '/v1/staff')).status).toBe(200);

  const other = office.browser();
  const first = await other.call('POST', '/v1/sign-in', { email, password: PASSWORD });
  expect(first.body).toEqual({ state: 'second_factor', methods: ['authenticator', 'backup_code'] });
  expect((await other.call('GET', '/v1/session')).status).toBe(401);
  const code = await codeOf(secret);
  const second = await other.call('POST', '/v1/sign-in/second-factor', { code });
  expect(second.body.state).toBe('signed_in');
  expect((await other.call('GET', '/v1/staff')).status).toBe(200);

  const thief = office.browser();
  await thief.call('POST', '/v1/sign-in', { email, password: PASSWORD });
  const replayed = await thief.call('POST', '/v1/sign-in/second-factor', { code });
  expect(replayed.body.code).toBe('second_factor_refused');
  const backup = await thief.call('POST', '/v1/sign-in/second-factor', {
    backupCode: backupCodes[0],
  });
  expect(backup.body.state).toBe('signed_in');
});
