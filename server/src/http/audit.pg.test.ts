import Type from 'typebox';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { noteHappened } from '../audit/note.ts';
import { showInstant } from '../kernel/clock.ts';
import { newId, readId, showId } from '../kernel/id.ts';
import { DryRun } from '../platform/web/rehearse.ts';
import { object } from '../platform/web/schema.ts';
import { createTestApp, type TestApp } from './test-app.ts';

let api: TestApp;
/** What the next piece of work does. */
let work: () => Promise<void> = async () => {};
beforeAll(async () => {
  api = await createTestApp((v1) => {
    v1.post(
      '/tasks/:id',
      {
        config: { scopes: ['rules:write'] },
        schema: { operationId: 'doWork', querystring: object({}) },
      },
      async (_request, reply) => {
        await work();
        return reply.code(201).send({ id: showId('rule', newId(1)) });
      },
    );
    v1.post(
      '/plans',
      {
        config: { scopes: ['rules:write'] },
        schema: { operationId: 'planWork', body: object({ dryRun: DryRun }) },
      },
      async () => ({}),
    );
    v1.delete(
      '/tasks/:place/of/:code',
      {
        config: { scopes: ['rules:write'] },
        schema: {
          operationId: 'undoWork',
          params: object({ place: Type.Integer(), code: Type.String() }),
        },
      },
      async () => ({}),
    );
  });
});
beforeEach(() => {
  work = async () => {};
});
afterAll(() => api.close());

// Every request has a moment of its own: within one, entries have no order.
const call: TestApp['call'] = (...asked) => {
  api.clock.advance(1);
  return api.call(...asked);
};
const list = async (query = '', options = {}) =>
  (await call('GET', `/v1/audit?${query}`, undefined, options)).body;
const latest = async (operation: string) => (await list(`operation=${operation}&limit=1`)).items[0];
const shop = { category: 'shop', earnRatio: { points: 1, perFen: 100 } };

test('a write is there with who asked for it, about what, and what came of it', async () => {
  const made = await call('POST', '/v1/merchants', { name: 'Tea', ...shop });
  const created = await latest('createMerchant');
  expect(created).toMatchObject({
    merchantId: null,
    staffId: null,
    address: '127.0.0.1',
    userAgent: 'lightMyRequest',
    about: [],
    requestId: made.headers['x-request-id'],
    at: showInstant(api.clock.now() - 1),
    outcome: { result: 'done', status: 201, problem: null, made: made.body.id },
  });
  expect(created.actorId).toMatch(/^key_/);
  await call('PATCH', `/v1/merchants/${made.body.id}`, { earnRatio: { points: 2, perFen: 100 } });
  expect((await latest('changeMerchant')).about).toEqual([made.body.id]);
  // By what it was about, and by what came of it.
  const { items } = await list(`about=${made.body.id}`);
  expect(items.map((each: { operation: string }) => each.operation)).toEqual([
    'changeMerchant',
    'createMerchant',
  ]);
});

test('numbers in a path are there as well', async () => {
  expect((await call('DELETE', '/v1/tasks/7/of/tea')).status).toBe(200);
  expect((await latest('undoWork')).about).toEqual(['7', 'tea']);
});

test('what is asked for is written down before it is done, and what is refused or fails with that', async () => {
  let seen: unknown;
  work = async () => {
    seen = (await latest('doWork')).outcome;
  };
  const about = 'rul_01h455vb4pex5vsknk084sn02q';
  await call('POST', `/v1/tasks/${about}`);
  expect(seen).toBeNull();
  expect((await latest('doWork')).outcome.result).toBe('done');

  work = async () => {
    throw new Error('a bug');
  };
  expect((await call('POST', `/v1/tasks/${about}`)).status).toBe(500);
  expect(await latest('doWork')).toMatchObject({
    about: [about],
    outcome: { result: 'failed', status: 500, problem: 'internal_error', made: null },
  });

  const twice = await call('POST', '/v1/merchants', { name: 'Tea', ...shop });
  expect(twice.status).toBe(409);
  expect((await latest('createMerchant')).outcome).toMatchObject({
    result: 'refused',
    problem: 'merchant_exists',
  });
  const failed = (await list('outcome=failed')).items;
  expect(failed.map((each: { operation: string }) => each.operation)).toEqual(['doWork']);
  expect((await list('outcome=unknown&operation=doWork')).items).toEqual([]);
});

test('nothing is done that cannot be written down, and it is logged', async () => {
  let times = 0;
  work = async () => {
    times += 1;
  };
  await api.pool.query('alter table audit_entry rename to audit_entry_away');
  const answer = await call('POST', '/v1/tasks/x');
  const read = await call('GET', '/v1/merchants');
  await api.pool.query('alter table audit_entry_away rename to audit_entry');
  expect(answer.body).toMatchObject({ status: 503, code: 'unavailable' });
  expect(answer.headers['retry-after']).toBeDefined();
  expect(times).toBe(0);
  expect(api.logged()).toContain('the audit log cannot be written');
  expect(read.status).toBe(200);
  expect((await call('POST', '/v1/tasks/x')).status).toBe(201);
});

test('what was done is answered when its outcome cannot be written, and nobody knows it', async () => {
  work = async () => {
    await api.pool.query('alter table audit_outcome rename to audit_outcome_away');
  };
  const answer = await call('POST', '/v1/tasks/y');
  await api.pool.query('alter table audit_outcome_away rename to audit_outcome');
  expect(answer.status).toBe(201);
  const { items } = await list('outcome=unknown&operation=doWork');
  expect(items).toMatchObject([{ about: ['y'], outcome: null }]);
});

test('neither bodies nor secrets nor phone numbers are in it', async () => {
  const phone = '13912345678';
  const key = await call('POST', '/v1/keys', { name: 'till', scopes: ['members:write'] });
  await call('POST', '/v1/members', { phone });
  await call('POST', '/v1/members', { phone }, { auth: key.body.secret });
  const { rows } = await api.pool.query<{ all: string }>(
    `select (select string_agg(to_jsonb(e)::text, '') from audit_entry e) || (select string_agg(to_jsonb(o)::text, '') from audit_outcome o) as all`,
  );
  expect(rows[0]?.all).toContain('createKey');
  expect(rows[0]?.all).not.toContain(key.body.secret);
  expect(rows[0]?.all).not.toContain(phone);
});

test('what tills do all day is not written down here, nor a dry run, nor what was never begun', async () => {
  const before = (await list('limit=200')).items.length;
  const { body: key } = await call('POST', '/v1/keys', {
    name: 't',
    scopes: ['members:write'],
  });
  await call('POST', '/v1/members', {}, { auth: key.secret });
  await call('POST', '/v1/merchants', { name: 'Dry', ...shop, dryRun: true });
  // One that its route performs in a way of its own.
  expect((await call('POST', '/v1/plans', { dryRun: true })).status).toBe(200);
  await call('POST', '/v1/merchants', { name: 'Bad', category: 5 });
  await call('POST', '/v1/merchants', { name: 'No', ...shop }, { auth: key.secret });
  // The key that was made, and that the log was read.
  expect((await list('limit=200')).items.length).toBe(before + 2);
  expect((await call('POST', '/v1/plans', { dryRun: false })).status).toBe(200);
  expect((await latest('planWork')).outcome.result).toBe('done');
});

test('who reads the log is written down', async () => {
  await list('about=something');
  const [reading, before] = (await list('operation=listAudit')).items;
  expect(reading.outcome).toBeNull();
  expect(before.outcome.result).toBe('done');
});

test('a sign-in is noted when it has happened', async () => {
  const staff = newId(api.clock.now());
  await noteHappened(api.pool, api.clock, {
    ...{ operation: 'signIn', address: '10.0.0.1', userAgent: null, request: 'req_1' },
    ...{ staff, status: 401, problem: 'sign_in_refused' },
  });
  const { items } = await list(`staffId=${showId('staff', staff)}`);
  expect(items).toMatchObject([
    {
      ...{ operation: 'signIn', actorId: null, address: '10.0.0.1' },
      outcome: { result: 'refused', problem: 'sign_in_refused' },
    },
  ]);
});

test('pages go from the newest to the oldest, each entry once, whatever comes meanwhile', async () => {
  const all = (await list('limit=200')).items;
  const ids: string[] = [];
  let cursor = '';
  for (let page = 0; page < 100; page += 1) {
    const answer = await list(`limit=3${cursor}`);
    ids.push(...answer.items.map((each: { id: string }) => each.id));
    if (answer.nextCursor === null) break;
    cursor = `&cursor=${answer.nextCursor}`;
  }
  // The first page begins with itself.
  expect(ids.slice(1)).toEqual(all.map((each: { id: string }) => each.id));
  expect(ids).toEqual([...ids].sort().reverse());
  expect((await call('GET', '/v1/audit?cursor=x')).body.code).toBe('cursor_invalid');
});

test('from and until are moments: one begins with its entries, the other ends before them', async () => {
  api.clock.advance(60_000);
  const at = showInstant(api.clock.now());
  await call('POST', '/v1/tasks/z');
  api.clock.advance(1);
  const later = showInstant(api.clock.now());
  const names = async (query: string) =>
    (await list(`operation=doWork&${query}`)).items.map((each: { about: string[] }) => each.about);
  expect(await names(`from=${at}&until=${later}`)).toEqual([['z']]);
  expect((await names(`until=${at}`)).flat()).not.toContain('z');
  expect(await names(`from=${later}`)).toEqual([]);
});

test('a merchant reads what its own did, a programme what was done in it', async () => {
  const [mine, theirs] = await Promise.all(
    ['Mine', 'Theirs'].map(
      async (name) => (await call('POST', '/v1/merchants', { name, ...shop })).body.id,
    ),
  );
  const keyOf = async (place: object, scopes: string[]) =>
    (await call('POST', '/v1/keys', { name: 'k', scopes, ...place })).body.secret;
  const scopes = ['audit:read', 'stores:write', 'merchants:read'];
  const [me, them] = await Promise.all(
    [mine, theirs].map((merchantId) => keyOf({ merchantId }, scopes)),
  );
  const open = (merchant: string, auth: string) =>
    call('POST', `/v1/merchants/${merchant}/stores`, { code: 'west', name: 'W' }, { auth });
  await open(mine, me);
  await open(theirs, them);
  await open(theirs, api.rootKey);
  const seen = async (auth: string, query = '') =>
    (await list(query, { auth })).items
      .filter((each: { operation: string }) => each.operation === 'createStore')
      .map((each: { merchantId: string; about: string[] }) => [each.merchantId, ...each.about]);
  expect(await seen(me)).toEqual([[mine, mine]]);
  expect(await seen(them, `merchantId=${theirs}`)).toEqual([[theirs, theirs]]);
  const other = await call('GET', `/v1/audit?merchantId=${theirs}`, undefined, { auth: me });
  expect(other.body.code).toBe('merchant_out_of_reach');

  await call('POST', '/v1/programmes', { code: 'elsewhere', name: 'Elsewhere' });
  const region = await keyOf({ programme: 'elsewhere' }, ['audit:read']);
  expect(await seen(region)).toEqual([]);
  expect(
    (await call('GET', '/v1/audit?programme=default', undefined, { auth: region })).body.code,
  ).toBe('programme_not_found');
  expect(await seen(await keyOf({ programme: 'default' }, ['audit:read']))).toHaveLength(2);
});

test('actors are named as far as the caller may know', async () => {
  const { body: tea } = await call('POST', '/v1/merchants', { name: 'Actors', ...shop });
  const make = async (name: string, place = {}) =>
    (await call('POST', '/v1/keys', { name, scopes: ['merchants:read'], ...place })).body;
  const [ours, platform] = [await make('ours', { merchantId: tea.id }), await make('platform')];
  const nobody = showId('apiKey', newId(1));
  const who = async (ids: string[], auth = api.rootKey) =>
    (await call('GET', `/v1/actors?ids=${ids.join(',')}`, undefined, { auth })).body;
  const ids = [ours.id, platform.id, nobody, ours.id];
  expect((await who(ids)).items).toEqual([
    { id: ours.id, kind: 'key', name: 'ours', role: null },
    { id: platform.id, kind: 'key', name: 'platform', role: null },
    { id: nobody, kind: 'other', name: null, role: null },
  ]);
  expect((await who(ids, ours.secret)).items).toEqual([
    { id: ours.id, kind: 'key', name: 'ours', role: null },
    { id: platform.id, kind: 'other', name: null, role: null },
    { id: nobody, kind: 'other', name: null, role: null },
  ]);
  const { rows } = await api.pool.query('select id from api_key where root');
  const root = showId('apiKey', (rows[0] as { id: never }).id);
  expect((await who([root])).items).toMatchObject([{ kind: 'root', name: 'root' }]);
  expect(readId('apiKey', root)).toBeDefined();
  for (const bad of [
    '',
    'key_x',
    `${nobody},`,
    Array.from({ length: 101 }, (_, at) => showId('apiKey', newId(at))).join(','),
  ])
    expect((await who([bad])).code, bad.slice(0, 40)).toBe('invalid_request');
});
