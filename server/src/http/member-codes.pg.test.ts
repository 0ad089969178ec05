import { afterAll, beforeAll, expect, it } from 'vitest';
import { showInstant } from '../kernel/clock.ts';
import { writeCode } from '../members/codes/code.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';
import { createPhones, type Phone } from './testing/phone.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let t: PointsTestApp;
let phones: ReturnType<typeof createPhones>;
beforeAll(async () => {
  t = await createPointsTestApp();
  phones = createPhones(t);
});
afterAll(() => t.close());

interface Secret {
  readonly number: string;
  readonly secret: string;
}
/** What a phone shows at an instant, without asking anybody. */
const shownAt = ({ number, secret }: Secret, at: number): string =>
  writeCode(Number(number), Buffer.from(secret, 'hex'), Math.floor(at / 30_000));

async function withCode(): Promise<{ phone: Phone; secret: Secret; show: () => string }> {
  const phone = await phones.signIn();
  const secret = await phone.ok('GET', '/me/code-secret');
  return { phone, secret, show: () => shownAt(secret, t.clock.now()) };
}
async function till() {
  const merchantId = await t.merchant();
  const auth = await t.apiKey(['members:read', 'points:write'], merchantId);
  const resolve = (code: string, more: object = {}) =>
    t.call('POST', '/member-codes/resolve', { code, merchantId, ...more }, { auth });
  return { merchantId, auth, resolve };
}

it('tells a till who shows the code, and what they have', async () => {
  const { phone, secret, show } = await withCode();
  expect(secret).toMatchObject({ stepSeconds: 30, now: showInstant(t.clock.now()) });
  const { merchantId, auth, resolve } = await till();
  await phone.ok('PUT', '/members/me/name', { name: '王小明' });
  const issued = { kind: 'issue', memberId: phone.member, merchantId, points: 77 };
  await t.ok('POST', '/transactions', issued, { auth });
  const told = await resolve(show());
  expect(told).toMatchObject({
    status: 200,
    body: { memberId: phone.member, programme: 'default' },
  });
  expect(told.body.balances).toContainEqual({ pointType: 'points', available: 77 });
  expect(told.body.name).not.toBe('王小明');
  expect(told.body.name).toContain('王');
  // A reload of the till asks again.
  expect((await resolve(show())).status).toBe(200);
});

it('takes a code at the merchant that saw it first, and at no other', async () => {
  const { show } = await withCode();
  const [one, other] = [await till(), await till()];
  const code = show();
  const both = await Promise.all([one.resolve(code), other.resolve(code)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(both.find(({ status }) => status === 409)?.body.code).toBe('member_code_used');
  t.clock.set(t.clock.now() + 30_000);
  expect((await other.resolve(show())).status).toBe(200);
});

it('takes clocks that are minutes apart, and says by how much they are when it is more', async () => {
  const { secret } = await withCode();
  const { resolve } = await till();
  const now = t.clock.now();
  for (const apart of [-5, -4, 4, 5])
    expect((await resolve(shownAt(secret, now + apart * MINUTE_MS))).status).toBe(200);
  for (const apart of [-7, 7, -60, 60]) {
    const { status, body } = await resolve(shownAt(secret, now + apart * MINUTE_MS));
    expect([status, body.code]).toEqual([422, 'member_code_expired']);
    expect(Math.abs(body.secondsOff - apart * 60)).toBeLessThanOrEqual(30);
  }
});

it('takes what a till that was cut off saw before, also of a session that has ended since', async () => {
  const { phone, show } = await withCode();
  const { resolve } = await till();
  const code = show();
  const at = showInstant(t.clock.now());
  t.clock.set(t.clock.now() + MINUTE_MS);
  await phone.ok('DELETE', '/me/session');
  const later = show();
  t.clock.set(t.clock.now() + 71 * HOUR_MS);
  expect((await resolve(code)).body.code).toMatch(/member_code_(expired|unknown)/);
  expect(await resolve(code, { at })).toMatchObject({
    status: 200,
    body: { memberId: phone.member },
  });
  // What the phone shows after its session ended is nobody's.
  const after = showInstant(t.clock.now() - 71 * HOUR_MS + 1_000);
  expect((await resolve(later, { at: after })).body.code).toBe('member_code_unknown');
  t.clock.set(t.clock.now() + 2 * HOUR_MS);
  expect((await resolve(code, { at })).body.code).toBe('member_code_expired');
});

it('knows no code of a phone whose session has lapsed, though nobody ended it', async () => {
  const { show } = await withCode();
  const { resolve } = await till();
  const lapses = t.clock.now() + 30 * 24 * HOUR_MS;
  t.clock.set(lapses - MINUTE_MS);
  expect((await resolve(show())).status).toBe(200);
  t.clock.set(lapses);
  expect((await resolve(show())).body.code).toBe('member_code_unknown');
});

it('stops a merchant that guesses the codes of a phone, for an hour, and no other one', async () => {
  const { secret, show } = await withCode();
  const [guesser, other] = [await till(), await till()];
  const wrong = (place: number): string =>
    writeCode(Number(secret.number), Buffer.alloc(32, place), Math.floor(t.clock.now() / 30_000));
  for (let place = 1; place <= 10; place += 1)
    expect((await guesser.resolve(wrong(place))).body.code).toBe('member_code_unknown');
  const stopped = await guesser.resolve(show());
  expect([stopped.status, stopped.body.code]).toEqual([429, 'too_many_attempts']);
  expect(Number(stopped.headers['retry-after'])).toBeLessThanOrEqual(3_600);
  expect((await other.resolve(show())).status).toBe(200);
  t.clock.set(t.clock.now() + HOUR_MS);
  expect((await guesser.resolve(show())).status).toBe(200);
  // What counts no more is forgotten with the next wrong one.
  await other.resolve(wrong(11));
  const { rows } = await t.pool.query('select since_ms from member_code_wrong');
  expect(rows).toEqual([{ since_ms: t.clock.now() }]);
});

it('counts wrong codes one after the other, also of a merchant that guesses many at once', async () => {
  const { secret } = await withCode();
  const guesser = await till();
  const step = Math.floor(t.clock.now() / 30_000);
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, place) =>
      guesser.resolve(writeCode(Number(secret.number), Buffer.alloc(32, place + 1), step)),
    ),
  );
  const codes = answers.map(({ body }) => body.code);
  expect(codes.filter((code) => code === 'member_code_unknown')).toHaveLength(10);
  expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(20);
});

it('knows no code that was mistyped, of a number that is nobody’s, or of who is in another programme', async () => {
  const { show } = await withCode();
  const { resolve } = await till();
  const code = show();
  const mistyped = `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`;
  const nobodys = writeCode(9_999_999_999, Buffer.alloc(32), 7);
  for (const each of [mistyped, nobodys])
    expect(await resolve(each)).toMatchObject({
      status: 404,
      body: { code: 'member_code_unknown' },
    });
  await t.ok('POST', '/programmes', { code: 'elsewhere', name: 'Elsewhere' });
  const stranger = await phones.signIn('elsewhere');
  const secret = await stranger.ok('GET', '/me/code-secret');
  expect((await resolve(shownAt(secret, t.clock.now()))).body.code).toBe('member_not_found');
});

it('asks for a merchant that the caller acts for', async () => {
  const { show } = await withCode();
  const [one, other] = [await till(), await till()];
  const asked = { code: show(), merchantId: other.merchantId };
  const refused = await t.call('POST', '/member-codes/resolve', asked, { auth: one.auth });
  expect(refused.body.code).toBe('merchant_out_of_reach');
  expect((await t.call('POST', '/member-codes/resolve', asked)).status).toBe(200);
});

it('leads to who a member has become part of, and keeps no secret', async () => {
  const { phone, secret, show } = await withCode();
  const { resolve } = await till();
  const code = show();
  const at = showInstant(t.clock.now());
  const survivor = (await t.ok('POST', '/members', {})).id;
  const merge = { from: phone.member, reason: 'twice', actor: 'Li Lei' };
  await t.ok('POST', `/members/${survivor}/merges`, merge);
  expect((await resolve(code, { at })).body.memberId).toBe(survivor);
  const { rows } = await t.pool.query<{ all: string }>(
    "select string_agg(to_jsonb(s)::text, '') as all from member_session s",
  );
  expect(rows[0]?.all).not.toContain(secret.secret);
  expect(t.logged()).not.toContain(secret.secret);
});
