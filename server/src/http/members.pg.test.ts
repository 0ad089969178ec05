import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp } from './test-app.ts';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

const register = (body: object, options = {}) => api.call('POST', '/v1/members', body, options);
const bulk = (members: object[], options = {}) =>
  api.call('POST', '/v1/members/bulk', { members }, options);
const count = async (): Promise<number> =>
  Number((await api.pool.query('select count(*) from member')).rows[0]?.count);

describe('one member', () => {
  test('is found by everything it was registered with', async () => {
    const made = await register({ phone: '138 0013 8000', externalIds: { pos: 'C-1', app: '九' } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      phoneLastFour: '8000',
      externalIds: { app: '九', pos: 'C-1' },
      programmes: ['default'],
    });
    expect((await api.call('GET', `/v1/members/${made.body.id}`)).body).toEqual(made.body);
    const queries = [
      'phone=%2B8613800138000',
      'phone=13800138000',
      'externalSystem=pos&externalId=C-1',
      'phoneLastFour=8000',
    ];
    for (const query of queries) {
      expect((await api.call('GET', `/v1/members?${query}`)).body, query).toEqual({
        items: [made.body],
        nextCursor: null,
      });
    }
    expect((await api.call('GET', '/v1/members?phone=13800138001')).body.items).toEqual([]);
    for (const query of [
      '',
      'externalSystem=pos',
      'externalId=C-1',
      'phone=13800138000&phoneLastFour=8000',
      'phone=13800138000&externalId=x',
    ]) {
      expect((await api.call('GET', `/v1/members?${query}`)).body.code, query).toBe(
        'invalid_request',
      );
    }
    expect((await api.call('GET', '/v1/members?phone=12')).body.code).toBe('phone_invalid');
    expect((await api.call('GET', '/v1/members/mem_01h455vb4pex5vsknk084sn02q')).body.code).toBe(
      'member_not_found',
    );
  });

  test('is registered once, and whoever tries again is told who it is', async () => {
    const first = (await register({ phone: '13900000001', externalIds: { pos: 'D-1' } })).body;
    const second = (await register({ phone: '13900000002', externalIds: { pos: 'D-2' } })).body;
    const exists = { status: 409, code: 'member_exists', memberId: first.id };
    expect((await register({ phone: '13900000001' })).body).toMatchObject(exists);
    expect((await register({ externalIds: { pos: 'D-1', crm: 'new' } })).body).toMatchObject(
      exists,
    );
    const both = await register({ phone: '13900000001', externalIds: { pos: 'D-2' } });
    expect(both.body).toMatchObject({ status: 409, code: 'member_ambiguous' });
    for (const { id } of [first, second]) expect(both.body.detail).toContain(id);
    // A refused registration leaves nothing behind: the new external id is still free.
    expect((await register({ externalIds: { crm: 'new' } })).status).toBe(201);
  });

  test('races end with one member', async () => {
    const before = await count();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        register(
          n % 2 === 0
            ? { phone: '13700000000', externalIds: { race: '1' } }
            : { externalIds: { race: '1' } },
        ),
      ),
    );
    expect(answers.filter((each) => each.status === 201)).toHaveLength(1);
    expect(answers.filter((each) => each.status === 409)).toHaveLength(11);
    expect(await count()).toBe(before + 1);
  });

  test('may be nobody in particular, but not anything', async () => {
    expect((await register({})).body).toMatchObject({ phoneLastFour: null, externalIds: {} });
    const refusedAs = async (body: object) => (await register(body)).body.code;
    expect(await refusedAs({ phone: '12345' })).toBe('phone_invalid');
    expect(await refusedAs({ phone: 13_800_138_000 })).toBe('invalid_request');
    expect(await refusedAs({ externalIds: { 'bad system': 'x' } })).toBe('invalid_request');
    expect(await refusedAs({ externalIds: { pos: '' } })).toBe('invalid_request');
    expect(await refusedAs({ externalIds: { pos: 5 } })).toBe('invalid_request');
    const ids = (n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, each) => [`s${each}`, 'x']));
    expect(await refusedAs({ externalIds: ids(21) })).toBe('invalid_request');
    expect((await register({ externalIds: ids(20) })).status).toBe(201);
    expect(await refusedAs({ programme: 'nowhere' })).toBe('programme_not_found');
  });

  test('has its phone nowhere in the clear', async () => {
    await register({ phone: '13655557777' }, { key: 'with-phone' });
    await register({ phone: '13655557777' }, { key: 'with-phone' });
    const { rows } = await api.pool.query<{ all: string }>(
      `select coalesce((select string_agg(m::text, '') from member m), '') || coalesce((select string_agg(a::text, '') from idempotent_answer a), '') as all`,
    );
    expect(rows[0]?.all).toContain('with-phone');
    expect(rows[0]?.all).not.toContain('13655557777');
    expect(rows[0]?.all).not.toContain(Buffer.from('13655557777').toString('hex'));
    expect(api.logged()).not.toContain('13655557777');
  });

  test('a merchant finds whom it can name, and nobody by four digits', async () => {
    const shop = await api.call('POST', '/v1/merchants', {
      name: 'shop',
      category: 'x',
      earnRatio: { points: 1, perFen: 100 },
    });
    const key = await api.call('POST', '/v1/keys', {
      name: 'till',
      scopes: ['members:read'],
      merchantId: shop.body.id,
    });
    const auth = key.body.secret;
    await register({ phone: '13611112222' });
    expect(
      (await api.call('GET', '/v1/members?phone=13611112222', undefined, { auth })).body.items,
    ).toHaveLength(1);
    expect(
      (await api.call('GET', '/v1/members?phoneLastFour=2222', undefined, { auth })).body.code,
    ).toBe('operator_only');
  });
});

describe('many members', () => {
  test('are answered one by one, in order', async () => {
    await api.call('POST', '/v1/programmes', { code: 'club', name: 'Club' });
    const known = (await register({ externalIds: { b: 'known' } })).body;
    const { status, body } = await bulk([
      { externalIds: { b: '1' }, phone: '13500000001' },
      { externalIds: { b: 'known' } },
      { phone: 'nonsense' },
      { externalIds: { b: '1' } },
      { externalIds: { b: '2' }, programme: 'club' },
      { externalIds: { b: '3' }, programme: 'nowhere' },
      { phone: '13500000001', externalIds: { b: 'known' } },
    ]);
    expect(status).toBe(200);
    const [first, ...rest] = body.results;
    expect(first).toMatchObject({
      status: 'created',
      replayed: false,
      member: { externalIds: { b: '1' }, phoneLastFour: '0001' },
    });
    expect(rest).toMatchObject([
      { status: 'exists', memberId: known.id },
      { status: 'refused', problem: { code: 'phone_invalid' } },
      { status: 'exists', memberId: first.member.id },
      { status: 'created', member: { programmes: ['club'] } },
      { status: 'refused', problem: { code: 'programme_not_found' } },
      { status: 'refused', problem: { code: 'member_ambiguous' } },
    ]);
    expect((await api.call('GET', `/v1/members/${first.member.id}`)).body).toEqual(first.member);
  });

  test('the same request again changes nothing and gets the same answers', async () => {
    const people = Array.from({ length: 1_000 }, (_, n) => ({ externalIds: { again: `${n}` } }));
    const first = await bulk(people, { key: 'again' });
    const before = await count();
    const again = await bulk(people, { key: 'again' });
    expect(await count()).toBe(before);
    expect(again.body.results).toEqual(
      first.body.results.map((each: object) => ({ ...each, replayed: true })),
    );
    expect(first.body.results.every((each: { status: string }) => each.status === 'created')).toBe(
      true,
    );
    expect((await bulk([...people, {}], { key: 'more' })).body.code).toBe('invalid_request');
  });

  test('each item has its own key', async () => {
    const item = (n: string, idempotencyKey: string) => ({
      externalIds: { own: n },
      idempotencyKey,
    });
    const first = (await bulk([item('1', 'k1'), item('1', 'k1'), item('2', 'k1'), item('3', 'k3')]))
      .body.results;
    expect(first).toMatchObject([
      { status: 'created', replayed: false },
      { status: 'created', replayed: true },
      { status: 'refused', problem: { code: 'idempotency_key_reused' } },
      { status: 'created', replayed: false },
    ]);
    expect(first[1].member).toEqual(first[0].member);
    const later = (await bulk([item('4', 'k4'), item('3', 'k3'), item('5', 'k1')])).body.results;
    expect(later).toMatchObject([
      { status: 'created', replayed: false },
      { status: 'created', replayed: true, member: first[3].member },
      { status: 'refused', problem: { code: 'idempotency_key_reused' } },
    ]);
  });

  test('overlapping requests that race register everybody once', async () => {
    const before = await count();
    const people = Array.from({ length: 60 }, (_, n) => ({
      phone: `1340000${String(1000 + n)}`,
      externalIds: { overlap: `${n}` },
    }));
    const shuffles = [
      people,
      [...people].reverse(),
      people.slice(20),
      people.slice(0, 40).reverse(),
      people,
    ];
    const answers = await Promise.all(shuffles.map((each) => bulk(each)));
    for (const answer of answers) expect(answer.status).toBe(200);
    expect(await count()).toBe(before + 60);
    const statuses = answers.flatMap((each) =>
      each.body.results.map((one: { status: string }) => one.status),
    );
    expect(statuses.filter((status) => status === 'created')).toHaveLength(60);
    expect(statuses.filter((status) => status === 'refused')).toHaveLength(0);
  });
});
