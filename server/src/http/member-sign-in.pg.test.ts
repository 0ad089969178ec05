import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

interface Asked {
  readonly cookie?: string;
  readonly ip?: string;
  readonly headers?: Record<string, string>;
}
/** As a browser of this origin sends it. */
async function send(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
  asked: Asked = {},
) {
  const answer = await t.api.inject({
    method,
    url: `/v1${path}`,
    remoteAddress: asked.ip ?? nextIp(),
    headers: {
      'sec-fetch-site': 'same-origin',
      'user-agent': 'a phone',
      ...(asked.cookie === undefined ? {} : { cookie: asked.cookie }),
      ...asked.headers,
    },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}
let ips = 0;
/** Another network each time, so that what networks may is no matter but where it is tested. */
const nextIp = (): string => {
  ips += 1;
  return `10.${ips >> 8}.${ips & 255}.1`;
};
let phones = 13_900_000_000;
const nextPhone = (): string => {
  phones += 1;
  return String(phones);
};
const member = async (phone: string): Promise<string> =>
  (await t.ok('POST', '/members', { phone })).id;
const ask = (phone: string, more: object = {}, asked: Asked = {}) =>
  send('POST', '/member-sign-in/codes', { phone, ...more }, asked);
const lastCode = (phone: string): string | undefined =>
  t.sent.findLast((each) => each.phone === `+86${phone}`)?.params.code;
const signIn = (phone: string, code: string, more: object = {}, asked: Asked = {}) =>
  send('POST', '/member-sign-in', { phone, code, ...more }, asked);
const cookieOf = (headers: Record<string, unknown>): string =>
  String(headers['set-cookie']).split(';', 1)[0] ?? '';
/** A session of a member who is registered by a number of their own. */
async function signedIn() {
  const phone = nextPhone();
  const id = await member(phone);
  await ask(phone);
  const answer = await signIn(phone, lastCode(phone) ?? '');
  expect(answer.status).toBe(200);
  return { phone, id, cookie: cookieOf(answer.headers), sessionId: answer.body.sessionId };
}
const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

it('signs a member in by the code that was sent to their phone', async () => {
  const phone = nextPhone();
  const id = await member(phone);
  expect(await ask(phone)).toMatchObject({ status: 202, body: {} });
  const code = lastCode(phone) ?? '';
  expect(code).toMatch(/^\d{6}$/);
  const answer = await signIn(phone, code);
  expect(answer).toMatchObject({ status: 200, body: { memberId: id, joined: false } });
  expect(answer.headers['set-cookie']).toEqual([
    expect.stringMatching(
      /^hongmi_member=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=15552000$/,
    ),
    'hongmi_member_there=1; Path=/; SameSite=Strict; Max-Age=15552000',
  ]);
  const cookie = cookieOf(answer.headers);
  const me = await send('GET', '/me', undefined, { cookie });
  expect(me.body).toMatchObject({ id, phoneLastFour: phone.slice(-4) });
  expect(JSON.stringify(answer.body)).not.toContain(cookie.split('=')[1]);
});

it('keeps neither code nor number nor token in the open', async () => {
  const { phone, cookie } = await signedIn();
  const { rows } = await t.pool.query<{ all: string }>(
    `select (select string_agg(to_jsonb(c)::text, '') from member_code c) || (select string_agg(to_jsonb(s)::text, '') from member_session s) as all`,
  );
  for (const secret of [phone, lastCode(phone) ?? '', cookie.split('=')[1] ?? '']) {
    expect(rows[0]?.all).not.toContain(secret);
    expect(t.logged()).not.toContain(secret);
  }
});

it('answers alike whether a number is known, and sends nothing to who is nobody', async () => {
  const [known, unknown] = [nextPhone(), nextPhone()];
  await member(known);
  const strip = ({ status, body }: Awaited<ReturnType<typeof ask>>) => ({ status, body });
  expect(strip(await ask(unknown))).toEqual(strip(await ask(known)));
  expect(lastCode(unknown)).toBeUndefined();
  const [a, b] = [await ask(unknown), await ask(known)];
  expect(strip(a)).toEqual(strip(b));
  expect(a.status).toBe(429);
  expect(strip(await signIn(unknown, '000000'))).toEqual(
    strip(await signIn(known, other(lastCode(known) ?? ''))),
  );
});

it('takes a code once, and of two who try it at once one', async () => {
  const phone = nextPhone();
  await member(phone);
  await ask(phone);
  const code = lastCode(phone) ?? '';
  const statuses = (await Promise.all(Array.from({ length: 6 }, () => signIn(phone, code)))).map(
    ({ status }) => status,
  );
  expect(statuses.sort()).toEqual([200, 422, 422, 422, 422, 422]);
  expect((await signIn(phone, code)).body.code).toBe('code_wrong');
});

it('lets in who asks again because the answer was lost: the same request, soon, into the one session', async () => {
  const phone = nextPhone();
  await member(phone);
  await ask(phone);
  const code = lastCode(phone) ?? '';
  const again = (key: string, agent = 'a phone', more: object = {}, typed = code) => {
    const headers = { 'idempotency-key': key, 'user-agent': agent };
    return signIn(phone, typed, more, { headers });
  };
  const lost = await again('lost-1');
  const found = await again('lost-1');
  expect(found).toMatchObject({ status: 200, body: lost.body });
  const [before, now] = [cookieOf(lost.headers), cookieOf(found.headers)];
  expect((await send('GET', '/me', undefined, { cookie: before })).status).toBe(401);
  const sessions = await send('GET', '/me/sessions', undefined, { cookie: now });
  expect(sessions.body.items).toHaveLength(1);
  // Neither another request nor another browser, nor one that says nothing of repeating, nor with another code.
  const others = [
    await again('lost-2'),
    await again('lost-1', 'another'),
    await signIn(phone, code),
    await again('lost-1', 'a phone', { join: 'default' }),
    await again('lost-1', 'a phone', {}, other(code)),
  ];
  expect(others.map(({ body }) => body.code)).toEqual(Array(5).fill('code_wrong'));
  // All of that left the session as it was; and it is not opened again once it was left, or long after.
  expect((await send('GET', '/me', undefined, { cookie: now })).status).toBe(200);
  t.clock.advance(2 * MINUTE_MS);
  expect((await again('lost-1')).body.code).toBe('code_wrong');
});

it('does not begin a session again that was ended meanwhile', async () => {
  const phone = nextPhone();
  await member(phone);
  await ask(phone);
  const code = lastCode(phone) ?? '';
  const { headers } = await signIn(phone, code, {}, { headers: { 'idempotency-key': 'left-1' } });
  await send('DELETE', '/me/session', undefined, { cookie: cookieOf(headers) });
  expect(
    (await signIn(phone, code, {}, { headers: { 'idempotency-key': 'left-1' } })).body.code,
  ).toBe('code_wrong');
});

it('takes no code after five wrong ones, also when they come at once', async () => {
  const phone = nextPhone();
  await member(phone);
  await ask(phone);
  const code = lastCode(phone) ?? '';
  const wrong = await Promise.all(Array.from({ length: 5 }, () => signIn(phone, other(code))));
  expect(wrong.every(({ body }) => body.code === 'code_wrong')).toBe(true);
  expect((await signIn(phone, code)).body.code).toBe('code_wrong');
  t.clock.advance(MINUTE_MS);
  await ask(phone);
  expect((await signIn(phone, lastCode(phone) ?? '')).status).toBe(200);
});

it('takes four wrong ones and then the right one', async () => {
  const phone = nextPhone();
  await member(phone);
  await ask(phone);
  const code = lastCode(phone) ?? '';
  for (let tries = 0; tries < 4; tries += 1) await signIn(phone, other(code));
  expect((await signIn(phone, code)).status).toBe(200);
});

it('takes a code for five minutes, and only the last one', async () => {
  const phone = nextPhone();
  await member(phone);
  await ask(phone);
  const first = lastCode(phone) ?? '';
  t.clock.advance(5 * MINUTE_MS);
  expect((await signIn(phone, first)).body.code).toBe('code_wrong');
  await ask(phone);
  const second = lastCode(phone) ?? '';
  t.clock.advance(MINUTE_MS);
  await ask(phone);
  const third = lastCode(phone) ?? '';
  if (second !== third) expect((await signIn(phone, second)).body.code).toBe('code_wrong');
  t.clock.advance(5 * MINUTE_MS - 1);
  expect((await signIn(phone, third)).status).toBe(200);
});

it('takes no code of another number', async () => {
  const [mine, theirs] = [nextPhone(), nextPhone()];
  await member(mine);
  await member(theirs);
  await ask(mine);
  await ask(theirs);
  const code = lastCode(mine) ?? '';
  if (code !== lastCode(theirs)) expect((await signIn(theirs, code)).body.code).toBe('code_wrong');
});

it('sends a number one code a minute, five an hour and ten a day, also when many ask at once', async () => {
  const phone = nextPhone();
  await member(phone);
  const sent = (): number => t.sent.filter((each) => each.phone === `+86${phone}`).length;
  const statuses = (await Promise.all(Array.from({ length: 10 }, () => ask(phone)))).map(
    ({ status }) => status,
  );
  expect(statuses.sort()).toEqual([202, ...Array.from({ length: 9 }, () => 429)]);
  expect(sent()).toBe(1);
  const refused = await ask(phone);
  expect(refused.body.code).toBe('too_many_codes');
  expect(refused.headers['retry-after']).toBe('60');
  for (let asked = 0; asked < 8; asked += 1) {
    t.clock.advance(MINUTE_MS);
    await ask(phone);
  }
  expect(sent()).toBe(5);
  for (let asked = 0; asked < 8; asked += 1) {
    t.clock.advance(HOUR_MS);
    await ask(phone);
  }
  expect(sent()).toBe(10);
  t.clock.advance(DAY_MS);
  expect((await ask(phone)).status).toBe(202);
  // Of before the last day nothing is kept.
  const { rows } = await t.pool.query('select count(*) from member_code');
  expect(rows[0]).toEqual({ count: 1 });
});

it('lets one network ask for ten codes a minute, whatever the numbers', async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, at) =>
      ask(nextPhone(), {}, { ip: `2001:db8:7:7::${at.toString(16)}` }),
    ),
  );
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
  expect((await ask(nextPhone(), {}, { ip: '2001:db8:7:8::1' })).status).toBe(202);
});

it('makes a member of whoever proves a number, where the programme lets them', async () => {
  const [phone, elsewhere] = [nextPhone(), nextPhone()];
  await t.ok('POST', '/programmes', { code: 'open', name: 'Open', membersJoinThemselves: true });
  await ask(elsewhere, { join: 'default' });
  expect(lastCode(elsewhere)).toBeUndefined();
  await ask(phone, { join: 'open' });
  const code = lastCode(phone) ?? '';
  expect(code).toMatch(/^\d{6}$/);
  const answer = await signIn(phone, code, { join: 'open' });
  expect(answer).toMatchObject({ status: 200, body: { joined: true } });
  const me = (await send('GET', '/me', undefined, { cookie: cookieOf(answer.headers) })).body;
  expect(me).toMatchObject({ id: answer.body.memberId, programmes: ['open'] });
  t.clock.advance(MINUTE_MS);
  await ask(phone);
  const again = await signIn(phone, lastCode(phone) ?? '', { join: 'open' });
  expect(again.body).toMatchObject({ memberId: me.id, joined: false });
  // By the code alone nobody joins where they did not ask to, nor where nobody may.
  for (const join of [{}, { join: 'default' }, { join: 'nowhere' }]) {
    const stranger = nextPhone();
    await ask(stranger, { join: 'open' });
    expect((await signIn(stranger, lastCode(stranger) ?? '', join)).body.code).toBe('code_wrong');
  }
});

it('lists a member’s sessions, ends any of them, and nobody else’s', async () => {
  const { phone, cookie, sessionId } = await signedIn();
  t.clock.advance(MINUTE_MS);
  await ask(phone);
  const second = cookieOf((await signIn(phone, lastCode(phone) ?? '')).headers);
  const list = async (by: string) =>
    (await send('GET', '/me/sessions', undefined, { cookie: by })).body.items;
  expect(await list(second)).toMatchObject([
    { current: true, userAgent: 'a phone' },
    { id: sessionId, current: false },
  ]);
  const stranger = await signedIn();
  const end = (id: string, by: string) =>
    send('DELETE', `/me/sessions/${id}`, undefined, { cookie: by });
  expect((await end(sessionId, stranger.cookie)).body.code).toBe('session_not_found');
  expect((await end(sessionId, second)).status).toBe(200);
  expect((await send('GET', '/me', undefined, { cookie })).body).toMatchObject({
    status: 401,
    code: 'session_ended',
  });
  const out = await send('DELETE', '/me/session', undefined, { cookie: second });
  expect(out.headers['set-cookie']).toEqual([
    'hongmi_member=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0',
    'hongmi_member_there=; Path=/; SameSite=Strict; Max-Age=0',
  ]);
  expect((await send('GET', '/me', undefined, { cookie: second })).status).toBe(401);
});

it('ends the session that the browser had when it signs in anew, as whomever', async () => {
  const [first, next] = [await signedIn(), nextPhone()];
  const id = await member(next);
  await ask(next);
  const wrong = await signIn(next, other(lastCode(next) ?? ''), {}, first);
  expect(wrong.status).not.toBe(200);
  expect((await send('GET', '/me', undefined, first)).status).toBe(200);
  const answer = await signIn(next, lastCode(next) ?? '', {}, first);
  expect(answer.body.memberId).toBe(id);
  expect((await send('GET', '/me', undefined, first)).body.code).toBe('session_ended');
});

it('ends a session after 30 days without use, and after 180 in any case', async () => {
  const { cookie: idle } = await signedIn();
  t.clock.advance(30 * DAY_MS - 1);
  expect((await send('GET', '/me', undefined, { cookie: idle })).status).toBe(200);
  t.clock.advance(30 * DAY_MS);
  expect((await send('GET', '/me', undefined, { cookie: idle })).body.code).toBe('session_ended');
  const { cookie } = await signedIn();
  for (let days = 29; days < 180; days += 29) {
    t.clock.advance(29 * DAY_MS);
    expect((await send('GET', '/me', undefined, { cookie })).status).toBe(200);
  }
  t.clock.advance(7 * DAY_MS);
  expect((await send('GET', '/me', undefined, { cookie })).status).toBe(401);
});

it('ends the sessions of members who are erased, or become part of another one', async () => {
  const [erased, absorbed, survivor] = [await signedIn(), await signedIn(), await signedIn()];
  await t.ok('POST', `/members/${erased.id}/erasures`, { actor: 'Li Lei', reason: 'request 7' });
  expect((await send('GET', '/me', undefined, erased)).body.code).toBe('session_ended');
  await t.ok('POST', `/members/${survivor.id}/merges`, {
    from: absorbed.id,
    actor: 'Li Lei',
    reason: 'one person',
  });
  expect((await send('GET', '/me', undefined, absorbed)).body.code).toBe('session_ended');
  expect((await send('GET', '/me', undefined, survivor)).status).toBe(200);
  await ask(absorbed.phone);
  t.clock.advance(MINUTE_MS);
  await ask(absorbed.phone);
  const answer = await signIn(absorbed.phone, lastCode(absorbed.phone) ?? '');
  expect(answer.body.memberId).toBe(survivor.id);
});

it('lets no other site write, and nobody in by an API key', async () => {
  const { cookie, phone } = await signedIn();
  const elsewhere = { cookie, headers: { 'sec-fetch-site': 'cross-site' } };
  expect((await send('DELETE', '/me/session', undefined, elsewhere)).body.code).toBe('cross_site');
  expect((await ask(nextPhone(), {}, elsewhere)).body.code).toBe('cross_site');
  expect((await signIn(phone, '000000', {}, elsewhere)).body.code).toBe('cross_site');
  expect((await send('GET', '/me', undefined, { cookie })).status).toBe(200);
  expect((await t.call('GET', '/me')).body.code).toBe('session_ended');
  for (const bad of ['hongmi_member=', 'hongmi_member=x', `hongmi_member=${'y'.repeat(43)}`])
    expect((await send('GET', '/me', undefined, { cookie: bad })).status).toBe(401);
});

it('refuses what is no number or no code', async () => {
  expect((await ask('12')).body.code).toBe('phone_invalid');
  const phone = nextPhone();
  for (const code of ['12345', '1234567', 'abcdef', '１２３４５６', ' 12345'])
    expect((await signIn(phone, code)).body.code).toBe('invalid_request');
});
