import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, openOffice, PASSWORD } from './testing/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const list = async (query: string) => (await office.call('GET', `/v1/audit?${query}`)).body.items;
/** Every request has a moment of its own: within one, entries have no order. */
const tick = (): void => office.clock.advance(1);

test('whatever a person writes is there with their name, also what keys do all day', async () => {
  const { email, id } = await office.hire('regulator');
  const { body: merchant } = await office.call('POST', '/v1/merchants', {
    ...{ name: 'Tea', category: 'tea', earnRatio: { points: 1, perFen: 100 } },
  });
  const manager = await office.hire('merchant_manager', { merchantId: merchant.id });
  const browser = await office.come(manager.email);
  tick();
  const made = await browser.call('POST', '/v1/members', { merchantId: merchant.id });
  expect(made.status).toBe(201);
  const [entry] = await list(`staffId=${manager.id}&operation=createMember`);
  expect(entry).toMatchObject({
    ...{ merchantId: merchant.id, staffId: manager.id, userAgent: 'test browser' },
    outcome: { result: 'done', made: made.body.id },
  });
  const { items } = (await office.call('GET', `/v1/actors?ids=${entry.actorId}`)).body;
  expect(items).toMatchObject([{ kind: 'staff', role: 'merchant_manager' }]);
  expect(items[0].name.length).toBeGreaterThan(0);
  // The same person names themselves, and does not learn who else there is.
  const { items: own } = (await browser.call('GET', `/v1/actors?ids=${entry.actorId}`)).body;
  expect(own).toEqual(items);
  const regulator = await office.come(email);
  tick();
  await regulator.call('DELETE', '/v1/session');
  const [out] = await list(`staffId=${id}&limit=1`);
  const { items: hidden } = (await browser.call('GET', `/v1/actors?ids=${out.actorId}`)).body;
  expect(hidden).toMatchObject([{ kind: 'other', name: null, role: null }]);
});

test('what their role does not let a person do is there, read or write', async () => {
  const { email, id } = await office.hire('regulator');
  const browser = await office.come(email);
  for (const [method, path, operation] of [
    ['GET', '/v1/keys', 'listKeys'],
    ['POST', '/v1/keys', 'createKey'],
  ] as const) {
    tick();
    const body = method === 'GET' ? undefined : { name: 'mine', scopes: ['points:write'] };
    expect((await browser.call(method, path, body)).body.code).toBe('scope_missing');
    const [entry] = await list(`staffId=${id}&operation=${operation}`);
    expect(entry.outcome).toMatchObject({ result: 'refused', problem: 'scope_missing' });
  }
  // What they may read is not: who looks at what is told where it matters.
  expect((await browser.call('GET', '/v1/merchants')).status).toBe(200);
  expect(await list(`staffId=${id}&operation=listMerchants`)).toEqual([]);
});

test('whoever opens an account is there, and a password that was right though no code followed', async () => {
  const { email, id } = await office.hire('finance');
  const [opened] = await list(`staffId=${id}&operation=acceptInvitation`);
  expect(opened).toMatchObject({ actorId: expect.any(String), outcome: { result: 'done' } });
  tick();
  await office.browser('10.7.7.8').call('POST', '/v1/invitations/accept', {
    ...{ token: 'x'.repeat(43), password: PASSWORD },
  });
  const [guessed] = await list('operation=acceptInvitation&outcome=refused');
  expect(guessed).toMatchObject({ actorId: null, address: '10.7.7.8', staffId: null });
  await office.addAuthenticator(await office.come(email));
  tick();
  await office.browser('10.7.7.9').call('POST', '/v1/sign-in', { email, password: PASSWORD });
  const [half] = await list(`staffId=${id}&operation=signIn&limit=1`);
  expect(half).toMatchObject({ actorId: null, address: '10.7.7.9', outcome: { result: 'done' } });
});

test('sign-ins are there, and those that were refused, by the account they were about', async () => {
  const { email, id } = await office.hire('regulator');
  await office.come(email);
  tick();
  const thief = office.browser('10.7.7.7');
  await thief.call('POST', '/v1/sign-in', { email, password: `${PASSWORD}!` });
  await thief.call('POST', '/v1/sign-in', { email: 'nobody@example.com', password: PASSWORD });
  const results = (await list(`staffId=${id}&operation=signIn`)).map(
    (each: { address: string; outcome: { result: string } }) => [each.address, each.outcome.result],
  );
  expect(results).toEqual([
    ['10.7.7.7', 'refused'],
    ['127.0.0.1', 'done'],
  ]);
  const { rows } = await office.pool.query<{ all: string }>(
    `select string_agg(to_jsonb(e)::text, '') as all from audit_entry e`,
  );
  expect(rows[0]?.all).not.toContain('nobody@example.com');
  expect(rows[0]?.all).not.toContain(PASSWORD);
});
