import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEST_ORIGIN } from '../http/test-app.ts';
import { codeOf, type Office, openOffice, PASSWORD } from '../http/testing/office.ts';
import { sha256 } from '../kernel/hash.ts';
import { reach } from '../kernel/testing/patience.ts';
import { openDemoAccounts } from './demo-accounts.ts';
import { createEngine } from './engine.ts';
import { ROLE_NAMES, ROLES, scopesOf } from './role.ts';
import { findsSessions } from './sessions.ts';
import { openAuthenticator } from './testing/authenticator.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const HOUR_MS = 3_600_000;

async function makeMerchant(name: string): Promise<string> {
  const made = await office.call('POST', '/v1/merchants', {
    ...{ name, category: 'shop', earnRatio: { points: 1, perFen: 100 } },
  });
  return made.body.id;
}

test('an invitation counts once, for 72 hours, and is shown once', async () => {
  const asked = { name: 'Late', email: 'late@example.com', role: 'regulator' };
  const first = await office.call('POST', '/v1/staff', asked, { key: 'late' });
  expect(first.body).toMatchObject({ state: 'invited', invitation: { path: expect.any(String) } });
  const { token } = first.body.invitation;
  expect(first.body.invitation.path).toBe(`/console/invitation#${token}`);
  const again = await office.call('POST', '/v1/staff', asked, { key: 'late' });
  expect(again.body.invitation).toMatchObject({ token: null, path: null });
  expect((await office.call('POST', '/v1/staff', asked)).body.code).toBe('staff_exists');

  const accept = (secret: string, password = PASSWORD) =>
    office.browser().call('POST', '/v1/invitations/accept', { token: secret, password });
  expect((await accept(token, 'password1234')).body.code).toBe('password_weak');
  office.clock.advance(72 * HOUR_MS);
  expect((await accept(token)).body.code).toBe('invitation_refused');
  const { id } = first.body;
  const second = (await office.call('POST', `/v1/staff/${id}/invitation`)).body.invitation.token;
  expect((await accept(token)).body.code).toBe('invitation_refused');
  expect((await accept(second)).body).toEqual({ email: 'late@example.com' });
  expect((await accept(second)).body.code).toBe('invitation_refused');
  expect((await office.call('POST', `/v1/staff/${id}/invitation`)).body.code).toBe('staff_state');
});

test('every role does what it says and nothing else', async () => {
  const merchantId = await makeMerchant('of roles');
  for (const role of ROLE_NAMES) {
    const isMerchants = (ROLES[role].reaches as readonly string[]).includes('merchant');
    const { email } = await office.hire(role, isMerchants ? { merchantId } : {});
    const browser = await office.come(email);
    const me = (await browser.call('GET', '/v1/session')).body;
    if (me.secondFactor.missing) {
      expect(me.scopes).toEqual([]);
      await office.addAuthenticator(browser);
    }
    const { scopes } = (await browser.call('GET', '/v1/session')).body;
    expect(scopes, role).toEqual(scopesOf(role, isMerchants ? 'merchant' : 'platform').sort());
    const mayInvite = (await browser.call('GET', '/v1/staff')).status;
    expect(mayInvite, role).toBe(scopes.includes('staff:read') ? 200 : 403);
  }
});

test('a manager decides about the own people alone', async () => {
  const [mine, theirs] = [await makeMerchant('mine'), await makeMerchant('theirs')];
  const stranger = await office.hire('merchant_cashier', { merchantId: theirs });
  const { email, id } = await office.hire('merchant_manager', { merchantId: mine });
  const manager = await office.come(email);
  const invite = (role: string, merchantId: string | undefined, name: string) =>
    manager.call('POST', '/v1/staff', {
      ...{ name, email: `${name}@shop.example`, role },
      ...(merchantId === undefined ? {} : { merchantId }),
    });
  expect((await invite('merchant_cashier', mine, 'cashier')).status).toBe(201);
  expect((await invite('merchant_cashier', theirs, 'spy')).body.code).toBe('role_out_of_reach');
  expect((await invite('operator', undefined, 'boss')).body.code).toBe('role_out_of_reach');
  expect((await invite('operator', mine, 'boss')).body.code).toBe('role_not_there');
  const { items } = (await manager.call('GET', '/v1/staff')).body;
  expect(items.map((each: { merchantId: string }) => each.merchantId)).toEqual([mine, mine]);
  for (const [method, path, body] of [
    ['GET', `/v1/staff/${stranger.id}`, undefined],
    ['PATCH', `/v1/staff/${stranger.id}`, { state: 'suspended' }],
    ['POST', `/v1/staff/${stranger.id}/invitation`, undefined],
  ] as const)
    expect((await manager.call(method, path, body)).body.code).toBe('staff_not_found');
  expect((await manager.call('POST', `/v1/staff/${stranger.id}/reset`)).body.code).toBe(
    'scope_missing',
  );
  for (const body of [{ state: 'suspended' }, { role: 'merchant_cashier' }])
    expect((await manager.call('PATCH', `/v1/staff/${id}`, body)).body.code).toBe('own_account');
  expect((await manager.call('PATCH', `/v1/staff/${id}`, { name: 'New name' })).status).toBe(200);
});

test('a role that changes counts at once, and has no more than fits there', async () => {
  const { email, id } = await office.hire('regulator');
  const browser = await office.come(email);
  expect((await browser.call('GET', '/v1/merchants')).status).toBe(200);
  await office.call('PATCH', `/v1/staff/${id}`, { role: 'audit_admin' });
  expect((await browser.call('GET', '/v1/merchants')).body.code).toBe('second_factor_required');
  const other = await office.call('PATCH', `/v1/staff/${id}`, { role: 'merchant_cashier' });
  expect(other.body.code).toBe('role_not_there');
  await office.call('POST', '/v1/programmes', { code: 'region', name: 'Region' });
  const regional = await office.hire('operator', { programme: 'region' });
  const operator = await office.come(regional.email);
  const { scopes, programme, secondFactor } = (await operator.call('GET', '/v1/session')).body;
  expect({ programme, secondFactor }).toEqual({
    programme: 'region',
    secondFactor: { required: false, missing: false },
  });
  expect(scopes).not.toContain('ledger:read');
  expect((await operator.call('GET', '/v1/ledger/heads')).status).toBe(404);
  expect((await operator.call('GET', '/v1/staff')).body.code).toBe('scope_missing');
});

test('a new password ends every other session; a wrong or weak one changes nothing', async () => {
  const { email } = await office.hire('regulator');
  const [here, there] = [await office.come(email), await office.come(email)];
  const change = (currentPassword: string, password: string) =>
    here.call('POST', '/v1/session/password', { currentPassword, password });
  expect((await change('wrong password', 'another quiet sentence')).body.code).toBe(
    'password_wrong',
  );
  expect((await change(PASSWORD, 'qwertyuiop')).body.code).toBe('password_weak');
  expect((await there.call('GET', '/v1/session')).status).toBe(200);
  expect((await change(PASSWORD, 'another quiet sentence')).status).toBe(200);
  expect((await here.call('GET', '/v1/session')).status).toBe(200);
  expect((await there.call('GET', '/v1/session')).body.code).toBe('session_ended');
  const old = await office.browser().call('POST', '/v1/sign-in', { email, password: PASSWORD });
  expect(old.body.code).toBe('sign_in_refused');
});

test('an account that is reset begins anew', async () => {
  const { email, id } = await office.hire('finance');
  const browser = await office.come(email);
  await office.addAuthenticator(browser);
  const reset = await office.call('POST', `/v1/staff/${id}/reset`);
  expect(reset.body).toMatchObject({ state: 'invited', secondFactor: 'none' });
  expect((await browser.call('GET', '/v1/session')).body.code).toBe('session_ended');
  const early = await office.browser().call('POST', '/v1/sign-in', { email, password: PASSWORD });
  expect(early.body.code).toBe('sign_in_refused');
  const { token } = reset.body.invitation;
  await office.browser().call('POST', '/v1/invitations/accept', { token, password: PASSWORD });
  const anew = await office.come(email);
  expect((await anew.call('GET', '/v1/session')).body.secondFactor.missing).toBe(true);
});

test('what opens an account asks again who one is, and the last second factor of a role stays', async () => {
  const { email } = await office.hire('finance');
  const browser = await office.come(email);
  const { secret } = await office.addAuthenticator(browser);
  office.clock.advance(15 * 60_000);
  const remove = () => browser.call('DELETE', '/v1/session/totp');
  expect((await remove()).body.code).toBe('sign_in_again');
  const prove = (body: object) => browser.call('POST', '/v1/session/proof', body);
  expect((await prove({ password: 'wrong password' })).body.code).toBe('password_wrong');
  expect((await prove({ code: '000000' })).body.code).toBe('second_factor_refused');
  const code = await codeOf(secret);
  expect((await prove({ code })).body).toEqual({ state: 'proven' });
  expect((await prove({ code })).body.code).toBe('second_factor_refused');
  expect((await remove()).body.code).toBe('second_factor_required');
  const codes = await browser.call('POST', '/v1/session/backup-codes', { password: PASSWORD });
  expect(new Set(codes.body.backupCodes).size).toBe(10);
});

test('what gives lasting power asks again who one is, and what takes it away does not', async () => {
  const MINUTE_MS = 60_000;
  const system = await office.come((await office.hire('system_admin')).email);
  await office.addAuthenticator(system);
  const security = await office.come((await office.hire('security_admin')).email);
  await office.addAuthenticator(security);
  const { id } = await office.hire('regulator');
  const other = (await office.hire('regulator')).id;
  const key = { name: 'till', scopes: ['keys:read'] };
  const made = await security.call('POST', '/v1/keys', key);
  expect(made.status).toBe(201);

  office.clock.advance(15 * MINUTE_MS);
  const invited = { name: 'New', email: 'powerful@example.com', role: 'regulator' };
  const powerful = [
    () => system.call('POST', '/v1/staff', invited),
    () => system.call('PATCH', `/v1/staff/${id}`, { role: 'assessor' }),
    () => system.call('PATCH', `/v1/staff/${id}`, { state: 'active' }),
    () => security.call('POST', '/v1/keys', key),
    () => security.call('POST', `/v1/keys/${made.body.id}/rotation`, { overlapHours: 0 }),
    () => security.call('POST', `/v1/staff/${other}/reset`),
  ];
  // What is not even well-formed is refused for that, and what only takes power away is done at once.
  expect((await security.call('POST', '/v1/keys', { name: 'x' })).body.code).toBe(
    'invalid_request',
  );
  expect((await system.call('PATCH', `/v1/staff/${id}`, { state: 'suspended' })).status).toBe(200);
  expect((await system.call('PATCH', `/v1/staff/${id}`, { name: 'Renamed' })).status).toBe(200);
  for (const each of powerful) expect((await each()).body.code).toBe('sign_in_again');

  for (const browser of [system, security])
    await browser.call('POST', '/v1/session/proof', { password: PASSWORD });
  for (const each of powerful) expect((await each()).status).toBeLessThan(300);
  expect((await security.call('DELETE', `/v1/keys/${made.body.id}`)).status).toBe(200);
  // A system has nothing but its key.
  office.clock.advance(HOUR_MS);
  expect((await office.call('POST', '/v1/keys', { ...key, name: 'of a system' })).status).toBe(201);
});

test('a passkey signs in by itself, and is asked for behind the password', async () => {
  const { email } = await office.hire('security_admin');
  const browser = await office.come(email);
  const phone = openAuthenticator();
  const { options } = (await browser.call('POST', '/v1/session/passkeys/options')).body;
  const response = phone.create(options, TEST_ORIGIN);
  const added = await browser.call('POST', '/v1/session/passkeys', { name: 'Phone', response });
  expect(added).toMatchObject({ status: 201, body: { name: 'Phone' } });
  const again = await browser.call('POST', '/v1/session/passkeys', { name: 'Phone', response });
  expect(again.body.code).toBe('passkey_refused');
  expect((await browser.call('GET', '/v1/keys')).status).toBe(200);

  const other = office.browser();
  const first = await other.call('POST', '/v1/sign-in', { email, password: PASSWORD });
  expect(first.body).toEqual({ state: 'second_factor', methods: ['passkey'] });
  expect((await other.call('GET', '/v1/session')).status).toBe(401);
  const come = async (origin: string, isVerified = true) => {
    const asked = (await other.call('POST', '/v1/sign-in/passkey/options')).body.options;
    expect(asked.userVerification).toBe('required');
    const given = phone.get(asked, origin, isVerified);
    return [given, await other.call('POST', '/v1/sign-in/passkey', { response: given })] as const;
  };
  // One that was made for another site, or of which nobody was asked, is none.
  expect((await come('https://evil.example'))[1].body.code).toBe('passkey_refused');
  expect((await come(TEST_ORIGIN, false))[1].body.code).toBe('passkey_refused');
  const [used, came] = await come(TEST_ORIGIN);
  expect(came.body.state).toBe('signed_in');
  expect((await other.call('GET', '/v1/keys')).status).toBe(200);
  const replayed = await office.browser().call('POST', '/v1/sign-in/passkey', { response: used });
  expect(replayed.body.code).toBe('passkey_refused');
  const removed = await browser.call('DELETE', `/v1/session/passkeys/${added.body.id}`);
  expect(removed.body.code).toBe('second_factor_required');
});

test('of two factors that are taken away at once the last one stays', async () => {
  const { email } = await office.hire('security_admin');
  const browser = await office.come(email);
  await office.addAuthenticator(browser);
  const { options } = (await browser.call('POST', '/v1/session/passkeys/options')).body;
  const response = openAuthenticator().create(options, TEST_ORIGIN);
  const added = await browser.call('POST', '/v1/session/passkeys', { name: 'Phone', response });
  // Both have looked before either takes something away.
  const held = await office.pool.connect();
  await held.query('begin');
  await held.query('select 1 from staff where email = $1 for update', [email]);
  const both = Promise.all([
    browser.call('DELETE', '/v1/session/totp'),
    browser.call('DELETE', `/v1/session/passkeys/${added.body.id}`),
  ]);
  try {
    await reach(
      async () => Number((await office.pool.query(WAITING)).rows[0]?.count) === 2,
      () => 'one of them does not wait for the account',
    );
  } finally {
    await held.query('rollback');
    held.release();
  }
  expect((await both).map(({ status }) => status).sort()).toEqual([200, 403]);
});
const WAITING =
  "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";

test('accounts of the demo open nothing without the demo', async () => {
  const { pool, clock } = office;
  const secret = 'of this test, and long enough for it';
  const engine = await createEngine({ pool, clock, secret, publicUrl: new URL(TEST_ORIGIN) });
  const email = 'system@demo.example';
  const account = { name: 'Demo', email, role: 'system_admin', password: PASSWORD } as const;
  await openDemoAccounts({ pool, clock, engine }, [account]);
  await openDemoAccounts({ pool, clock, engine }, [account]);
  const refused = await office.browser().call('POST', '/v1/sign-in', { email, password: PASSWORD });
  expect(refused.body.code).toBe('sign_in_refused');
  const { rows } = await pool.query<{ token: string }>(
    `select s.token from staff_session s join staff t on t.id = s.login where t.demo`,
  );
  expect(rows).toEqual([]);
  // With it they need no second factor.
  const from = { cookie: undefined, userAgent: undefined, address: '', request: '', operation: '' };
  const opened = await engine.signIn({ ...from, origin: TEST_ORIGIN }, email, PASSWORD);
  if (!('token' in opened)) throw new Error('not signed in');
  const hash = sha256(opened.token);
  const found = await findsSessions(pool, true)(hash, clock.now());
  expect(found?.principal.staff?.lacksSecondFactor).toBe(false);
  expect(await findsSessions(pool, false)(hash, clock.now())).toBeUndefined();
});

test('whoever writes is named by their account, and people are no keys', async () => {
  const { email, id } = await office.hire('system_admin');
  const browser = await office.come(email);
  await office.addAuthenticator(browser);
  const made = await browser.call('POST', '/v1/staff', {
    ...{ name: 'By her', email: 'by.her@example.com', role: 'assessor' },
  });
  expect(made.status).toBe(201);
  const { rows } = await office.pool.query<{ same: boolean }>(
    `select m.created_by = a.key as same from staff m, staff a where m.email = 'by.her@example.com' and a.email = $1`,
    [email],
  );
  expect(rows[0]?.same).toBe(true);
  const { actorId } = (await office.call('GET', `/v1/staff/${id}`)).body;
  expect((await office.call('DELETE', `/v1/keys/${actorId}`)).body.code).toBe('key_not_found');
  expect(
    (await office.call('POST', `/v1/keys/${actorId}/rotation`, { overlapHours: 0 })).body.code,
  ).toBe('key_not_found');
  const keys = (await office.call('GET', '/v1/keys?limit=200')).body.items;
  expect(keys.some((each: { id: string }) => each.id === actorId)).toBe(false);
});
