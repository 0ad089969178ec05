import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEST_ORIGIN } from '../http/test-app.ts';
import { type Office, openOffice, PASSWORD } from '../http/testing/office.ts';
import { reach } from '../kernel/testing/patience.ts';
import { createKeyring } from '../keys/authenticate.ts';
import { listenToNews } from '../platform/news.ts';
import { createEngine } from './engine.ts';
import { SESSION_IDLE_MS, SESSION_MAX_MS } from './library.ts';
import { findsSessions } from './sessions.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const MINUTE_MS = 60_000;

test('a session ends when nothing is done for an hour', async () => {
  const { email } = await office.hire('regulator');
  const browser = await office.come(email);
  const me = async () => await browser.call('GET', '/v1/session');
  office.clock.advance(SESSION_IDLE_MS - 1);
  expect((await me()).status).toBe(200);
  office.clock.advance(SESSION_IDLE_MS - 1);
  expect((await me()).status).toBe(200);
  office.clock.advance(SESSION_IDLE_MS);
  expect((await me()).body).toMatchObject({ status: 401, code: 'session_ended' });
});

test('and after twelve hours, whatever is done', async () => {
  const { email } = await office.hire('regulator');
  const browser = await office.come(email);
  for (let spent = 0; spent < SESSION_MAX_MS; spent += 30 * MINUTE_MS) {
    expect((await browser.call('GET', '/v1/session')).status).toBe(200);
    office.clock.advance(30 * MINUTE_MS);
  }
  expect((await browser.call('GET', '/v1/session')).body.code).toBe('session_ended');
});

test('signing in gives a new session and ends the one before it', async () => {
  const { email } = await office.hire('regulator');
  const browser = await office.come(email);
  const before = browser.jar.get('hongmi_session');
  const first = (await browser.call('GET', '/v1/session')).body.session.id;
  await office.come(email, browser);
  expect(browser.jar.get('hongmi_session')).not.toBe(before);
  const { items } = (await browser.call('GET', '/v1/sessions')).body;
  expect(items.map((each: { id: string }) => each.id)).not.toContain(first);
  const planted = office.browser();
  planted.jar.set('hongmi_session', before ?? '');
  office.clock.advance(10_000);
  expect((await planted.call('GET', '/v1/session')).body.code).toBe('session_ended');
});

test('signing out ends it at once', async () => {
  const { email } = await office.hire('regulator');
  const browser = await office.come(email);
  const stolen = office.browser();
  stolen.jar.set('hongmi_session', browser.jar.get('hongmi_session') ?? '');
  expect((await stolen.call('GET', '/v1/session')).status).toBe(200);
  const out = await browser.call('DELETE', '/v1/session');
  expect(out.body).toEqual({ state: 'signed_out' });
  expect(browser.jar.size).toBe(0);
  expect((await stolen.call('GET', '/v1/session')).body.code).toBe('session_ended');
});

test('sessions are listed and ended by their person, and by who administers security alone', async () => {
  const [mine, theirs] = [await office.hire('regulator'), await office.hire('regulator')];
  const [here, there] = [await office.come(mine.email), await office.come(mine.email)];
  const stranger = await office.come(theirs.email);
  const { items } = (await here.call('GET', '/v1/sessions')).body;
  expect(items).toHaveLength(2);
  const other = items.find((each: { current: boolean }) => !each.current);
  expect(other).toMatchObject({ userAgent: 'test browser', address: '127.0.0.1' });
  expect((await stranger.call('DELETE', `/v1/sessions/${other.id}`)).body.code).toBe(
    'session_not_found',
  );
  const asked = await stranger.call('GET', `/v1/sessions?staffId=${mine.id}`);
  expect(asked.body.code).toBe('scope_missing');
  expect((await here.call('DELETE', `/v1/sessions/${other.id}`)).status).toBe(200);
  expect((await there.call('GET', '/v1/session')).body.code).toBe('session_ended');
  // By a key with security:write.
  const seen = await office.call('GET', `/v1/sessions?staffId=${mine.id}`);
  expect(seen.body.items).toHaveLength(1);
  await office.call('DELETE', `/v1/sessions/${seen.body.items[0].id}`);
  expect((await here.call('GET', '/v1/session')).body.code).toBe('session_ended');
});

test('who is suspended is out at once, here and in every other process', async () => {
  const { email, id } = await office.hire('regulator');
  const browser = await office.come(email);
  const token = browser.jar.get('hongmi_session')?.split('.')[0] ?? '';
  const elsewhere = createKeyring(office.pool, office.clock, {
    findSession: findsSessions(office.pool, false),
  });
  const none = () => {};
  const news = listenToNews({
    url: office.url,
    on: {
      ...{ key: none, programmes: none, member: none, consent: none, consents: none, rules: none },
      ...{ rewards: none, promotions: none, simulations: none, merchant: none },
      keys: () => elsewhere.forgetAll(),
      session: (about) => elsewhere.forgetSession(about as never),
    },
    onGap: () => elsewhere.forgetAll(),
    onError: none,
  });
  try {
    const isIn = async () => 'keyId' in (await elsewhere.authenticateSession(token, '10.0.0.1'));
    // Its clock stands still: what it knows does not grow old by itself.
    await reach(isIn, () => 'not known elsewhere');
    await office.call('PATCH', `/v1/staff/${id}`, { state: 'suspended' });
    expect((await browser.call('GET', '/v1/session')).body.code).toBe('session_ended');
    await reach(
      async () => !(await isIn()),
      () => 'still known elsewhere',
    );
  } finally {
    await news.close();
  }
  await office.call('PATCH', `/v1/staff/${id}`, { state: 'active' });
  expect((await browser.call('GET', '/v1/session')).body.code).toBe('session_ended');
  await office.come(email);
});

test('a session that was begun while an account was closed opens nothing when it is open again', async () => {
  const { email, id } = await office.hire('regulator');
  const { pool, clock } = office;
  const secret = 'of this test, and long enough for it';
  const engine = await createEngine({ pool, clock, secret, publicUrl: new URL(TEST_ORIGIN) });
  // As by a request that looked at the account before it was suspended, and was slow.
  const begin = async () => {
    const from = { cookie: undefined, userAgent: undefined, address: '', request: '' };
    const all = { ...from, operation: '', origin: TEST_ORIGIN };
    const opened = await engine.signIn(all, email, PASSWORD);
    if (!('token' in opened)) throw new Error('not begun');
    const browser = office.browser();
    browser.jar.set('hongmi_session', opened.token);
    return browser;
  };
  await office.call('PATCH', `/v1/staff/${id}`, { state: 'suspended' });
  const late = await begin();
  await office.call('PATCH', `/v1/staff/${id}`, { state: 'active' });
  expect((await late.call('GET', '/v1/session')).body.code).toBe('session_ended');

  const [{ token }, later] = [
    (await office.call('POST', `/v1/staff/${id}/reset`)).body.invitation,
    office.browser(),
  ];
  await pool.query(
    `insert into staff_session (id, login, token, expires_at, created_at, updated_at, signed_in_at_ms, seen_at_ms, proven_at_ms)
     select gen_random_uuid(), t.id, encode(sha256('late'), 'hex'), now() + interval '1 hour', now(), now(), $2, $2, $2
       from staff t where t.email = $1`,
    [email, clock.now()],
  );
  later.jar.set('hongmi_session', 'late');
  await office.browser().call('POST', '/v1/invitations/accept', { token, password: PASSWORD });
  expect((await later.call('GET', '/v1/session')).body.code).toBe('session_ended');
});

test('whoever gave the old password does not come in by a code once there is a new one', async () => {
  const { email } = await office.hire('regulator');
  const browser = await office.come(email);
  const { backupCodes } = await office.addAuthenticator(browser);
  const thief = office.browser();
  await thief.call('POST', '/v1/sign-in', { email, password: PASSWORD });
  const password = 'another quiet sentence';
  const change = { currentPassword: PASSWORD, password };
  expect((await browser.call('POST', '/v1/session/password', change)).status).toBe(200);
  const backupCode = backupCodes[0];
  const late = await thief.call('POST', '/v1/sign-in/second-factor', { backupCode });
  expect(late.body.code).toBe('second_factor_refused');
  expect((await browser.call('GET', '/v1/session')).status).toBe(200);
});

test('a page of another site writes nothing with somebody’s session', async () => {
  const { email } = await office.hire('regulator');
  const browser = await office.come(email);
  const prove = (headers: Record<string, string | undefined>) =>
    browser.call('POST', '/v1/session/proof', { password: PASSWORD }, headers);
  for (const headers of [
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example', 'sec-fetch-site': undefined },
    { origin: 'null', 'sec-fetch-site': undefined },
    { origin: undefined, 'sec-fetch-site': undefined },
    { origin: TEST_ORIGIN, 'sec-fetch-site': 'same-site' },
    { origin: undefined, 'sec-fetch-site': 'none' },
  ])
    expect((await prove(headers)).body, JSON.stringify(headers)).toMatchObject({
      status: 403,
      code: 'cross_site',
    });
  expect((await prove({ 'sec-fetch-site': undefined })).status).toBe(200);
  expect((await prove({ origin: undefined })).status).toBe(200);
  // Nor is anybody signed in by such a page.
  const lured = office.browser();
  const answer = await lured.call(
    'POST',
    '/v1/sign-in',
    { email, password: PASSWORD },
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  );
  expect(answer.body.code).toBe('cross_site');
  expect(answer.cookies).toEqual([]);
});

test('over https cookies belong to the host and to https alone', async () => {
  const { email } = await office.hire('regulator');
  const { pool, clock } = office;
  const engine = await createEngine({
    ...{ pool, clock, secret: 'of this test, and long enough for it' },
    publicUrl: new URL('https://points.example.com'),
  });
  const from = {
    ...{ cookie: undefined, userAgent: undefined, address: '10.0.0.1', request: '', operation: '' },
    origin: 'https://points.example.com',
  };
  const opened = await engine.signIn(from, email, PASSWORD);
  const [cookie = '', companion = ''] = 'cookies' in opened ? opened.cookies : [];
  expect(companion).toMatch(/^__Host-hongmi_session_there=1;.* Secure/);
  expect(cookie).toMatch(/^__Host-hongmi_session=/);
  for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/'])
    expect(cookie).toContain(attribute);
  expect(cookie).not.toContain('Domain');
});

test('a key goes before a session, and has none of its own', async () => {
  const { email } = await office.hire('regulator');
  const browser = await office.come(email);
  const both = { authorization: `Bearer ${office.rootKey}` };
  expect((await browser.call('GET', '/v1/session', undefined, both)).body.staff).toBeNull();
  const unknown = { authorization: 'Bearer hm_unknown' };
  expect((await browser.call('GET', '/v1/session', undefined, unknown)).body.code).toBe(
    'unauthenticated',
  );
  const own = await office.call('POST', '/v1/session/totp', { password: PASSWORD });
  expect(own.body.code).toBe('session_needed');
});

test('the database holds no session, password or secret that could be used', async () => {
  const { email } = await office.hire('system_admin');
  const browser = await office.come(email);
  const { secret, backupCodes } = await office.addAuthenticator(browser);
  const token = browser.jar.get('hongmi_session')?.split('.')[0] ?? '';
  const tables = ['login', 'session', 'credential', 'verification', 'two_factor', 'passkey'];
  let all = '';
  for (const table of [...tables.map((each) => `staff_${each}`), 'staff', 'idempotent_answer'])
    all += (
      await office.pool.query<{ all: string }>(
        `select coalesce(string_agg(t::text, ''), '') as all from ${table} t`,
      )
    ).rows[0]?.all;
  expect(all).toContain(email);
  for (const each of [token, PASSWORD, secret, backupCodes[0] ?? ''])
    expect(all.includes(each)).toBe(false);
  expect(office.logged()).not.toContain(PASSWORD);
});
