import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, openOffice, PASSWORD } from '../http/testing/office.ts';
import { createSealer } from '../platform/seal.ts';
import { createAttempts } from './attempts.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const MINUTE_MS = 60_000;
let addresses = 0;
/** From an address of its own, so that accounts alone are counted. */
const tryIn = (email: string, password: string, ip = `10.0.0.${++addresses}`) =>
  office.browser(ip).call('POST', '/v1/sign-in', { email, password });

test('what is wrong is not told: not by the answer, and not by the time it takes', async () => {
  const { email } = await office.hire('regulator');
  const suspended = await office.hire('regulator');
  await office.call('PATCH', `/v1/staff/${suspended.id}`, { state: 'suspended' });
  await office.call('POST', '/v1/staff', {
    ...{ name: 'Invited', email: 'invited@example.com', role: 'regulator' },
  });
  const took: number[] = [];
  const answers = [];
  for (const [who, password] of [
    [email, 'wrong password'],
    ['nobody@example.com', PASSWORD],
    ['invited@example.com', PASSWORD],
    [suspended.email, PASSWORD],
    [suspended.email, 'wrong password'],
  ] as const) {
    const from = performance.now();
    const { status, body, cookies } = await tryIn(who, password);
    took.push(performance.now() - from);
    answers.push({ status, body, cookies });
  }
  expect(answers[0]).toMatchObject({ status: 401, body: { code: 'sign_in_refused' } });
  for (const each of answers) expect(each).toEqual(answers[0]);
  // Every one of them hashes a password, which is nearly all of what it takes.
  const [wrong = 0, unknown = 0, invited = 0] = took;
  expect(Math.min(unknown, invited)).toBeGreaterThan(wrong / 5);
});

test('five wrong passwords lock the account’s password for a while that grows, and nothing else', async () => {
  const { email } = await office.hire('regulator');
  const inside = await office.come(email);
  const lockFor = async (seconds: number) => {
    for (let wrong = 0; wrong < 5; wrong += 1)
      expect((await tryIn(email, 'wrong password')).body.code).toBe('sign_in_refused');
    const locked = await tryIn(email, PASSWORD);
    expect(locked).toMatchObject({ status: 429, body: { code: 'too_many_attempts' } });
    expect(locked.headers['retry-after']).toBe(String(seconds));
    // Whoever is in stays in.
    expect((await inside.call('GET', '/v1/session')).status).toBe(200);
    office.clock.advance(seconds * 1_000 - 1);
    expect((await tryIn(email, PASSWORD)).status).toBe(429);
    office.clock.advance(1);
  };
  await lockFor(60);
  await lockFor(5 * 60);
  expect((await tryIn(email, PASSWORD)).body.state).toBe('signed_in');
  // Who got in begins anew.
  await lockFor(60);
  const { id } = (await inside.call('GET', '/v1/session')).body.staff;
  for (let wrong = 0; wrong < 5; wrong += 1) await tryIn(email, 'wrong password');
  expect((await office.call('POST', `/v1/staff/${id}/unlock`, {})).status).toBe(200);
  expect((await tryIn(email, PASSWORD)).body.state).toBe('signed_in');
});

test('an account that does not exist is locked as any other', async () => {
  for (let wrong = 0; wrong < 5; wrong += 1)
    expect((await tryIn('ghost@example.com', PASSWORD)).status).toBe(401);
  expect((await tryIn('GHOST@example.com', PASSWORD)).status).toBe(429);
});

test('a burst is no way around it, and wrong passwords of long ago do not count', async () => {
  const { email } = await office.hire('regulator');
  const burst = await Promise.all(Array.from({ length: 12 }, () => tryIn(email, 'wrong password')));
  expect(burst.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(5);
  office.clock.advance(60 * MINUTE_MS);
  for (let wrong = 0; wrong < 4; wrong += 1) await tryIn(email, 'wrong password');
  office.clock.advance(16 * MINUTE_MS);
  expect((await tryIn(email, 'wrong password')).status).toBe(401);
  expect((await tryIn(email, PASSWORD)).body.state).toBe('signed_in');
});

test('one address guesses at fifty accounts and no more; nothing of both is stored in clear', async () => {
  const ip = '192.0.2.77';
  const guess = (n: number) => tryIn(`guess${n}@example.com`, 'wrong password', ip);
  for (let n = 0; n < 50; n += 1) expect((await guess(n)).status).toBe(401);
  expect((await guess(50)).status).toBe(429);
  const { rows } = await office.pool.query<{ all: string }>(
    `select string_agg(a::text, '') as all from staff_attempt a`,
  );
  expect(rows[0]?.all).not.toMatch(/guess|192\.0|example/);
});

test('of IPv6 the network is counted: nobody has a new start with each of their addresses', async () => {
  const attempts = createAttempts(office.pool, office.clock, createSealer(randomBytes(32)));
  const guess = (n: number) =>
    attempts.take(`six${n}@example.com`, `2001:db8:7:1::${n.toString(16)}`);
  for (let n = 0; n < 50; n += 1) expect(await guess(n)).toHaveProperty('wrong');
  expect(await guess(50)).toHaveProperty('retryAfterSeconds');
  expect(await attempts.take('six@example.com', '2001:db8:7:2::1')).toHaveProperty('wrong');
});

test('a suspended account does not tell that the password is right by asking for a code', async () => {
  const { email, id } = await office.hire('finance');
  await office.addAuthenticator(await office.come(email));
  await office.call('PATCH', `/v1/staff/${id}`, { state: 'suspended' });
  const answer = await tryIn(email, PASSWORD);
  expect(answer.body.code).toBe('sign_in_refused');
  expect(answer.cookies).toEqual([]);
});

test('who keeps on asking is not written down without end', async () => {
  const rows = async (): Promise<number> =>
    Number((await office.pool.query('select count(*) from audit_entry')).rows[0]?.count);
  const thief = office.browser('192.0.2.11');
  const before = await rows();
  const statuses = [];
  for (let n = 0; n < 130; n += 1)
    statuses.push(
      (await thief.call('POST', '/v1/sign-in/second-factor', { code: '123456' })).status,
    );
  expect(statuses.slice(99, 101)).toEqual([401, 429]);
  expect((await rows()) - before).toBe(100);
});

test('wrong codes end the attempt, whatever is tried after', async () => {
  const { email } = await office.hire('system_admin');
  const inside = await office.come(email);
  await office.addAuthenticator(inside);
  const thief = office.browser();
  await thief.call('POST', '/v1/sign-in', { email, password: PASSWORD });
  for (let code = 100_001; code <= 100_005; code += 1) {
    const answer = await thief.call('POST', '/v1/sign-in/second-factor', { code: String(code) });
    expect(answer.body.code).toBe('second_factor_refused');
  }
  const sixth = await thief.call('POST', '/v1/sign-in/second-factor', { code: '100006' });
  expect(sixth.body.code).toBe('too_many_attempts');
  expect((await inside.call('GET', '/v1/staff')).status).toBe(200);
});

test('an invitation is not guessed', async () => {
  const guess = (n: number) =>
    office.browser('192.0.2.9').call('POST', '/v1/invitations/accept', {
      token: String(n).padStart(43, 'x'),
      password: PASSWORD,
    });
  const statuses = [];
  for (let n = 0; n < 8; n += 1) statuses.push((await guess(n)).status);
  expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
  expect(statuses.at(-1)).toBe(429);
  // Whoever was invited is not locked out by that.
  await office.hire('regulator');
});

test('challenges for passkeys are not asked for without end', async () => {
  const ask = () => office.browser('192.0.2.10').call('POST', '/v1/sign-in/passkey/options');
  const statuses = [];
  for (let n = 0; n < 101; n += 1) statuses.push((await ask()).status);
  expect(new Set(statuses.slice(0, 100))).toEqual(new Set([200]));
  expect(statuses.at(-1)).toBe(429);
});
