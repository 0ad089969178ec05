import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from '../http/test-points-app.ts';

let t: PointsTestApp;
let programmes = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

/** A programme of its own; its code. */
async function programme(more: object = {}): Promise<string> {
  programmes += 1;
  const code = `m${programmes}`;
  await t.ok('POST', '/programmes', { code, name: code, ...more });
  return code;
}
const join = (member: string, code: string, options?: object): Promise<Answered> =>
  t.call('POST', `/members/${member}/memberships`, { programme: code }, options);
const list = async (member: string): Promise<Answered['body'][]> =>
  (await t.ok('GET', `/members/${member}/memberships`)).items;
const now = (): string => new Date(t.clock.now()).toISOString();

describe('a member', () => {
  it('takes part in another programme from a moment on, once', async () => {
    const member = await t.member();
    const code = await programme();
    t.clock.advance(5_000);
    const key = `join-${code}`;
    const joined = await join(member, code, { key });
    expect(joined.status).toBe(201);
    expect(joined.body).toEqual({ programme: code, joinedAt: now() });
    t.clock.advance(5_000);
    expect((await join(member, code, { key })).text).toBe(joined.text);
    expect((await join(member, code)).body).toMatchObject({
      status: 409,
      code: 'membership_exists',
    });
    expect(await list(member)).toEqual([
      { programme: 'default', joinedAt: new Date(START).toISOString() },
      joined.body,
    ]);
    expect((await t.ok('GET', `/members/${member}`)).programmes).toEqual(['default', code]);
    t.clock.set(START);
  });

  it('joins by the clock of the programme, when registered there too', async () => {
    const code = await programme({ sandbox: true });
    const then = '2030-05-05T05:05:05.000Z';
    await t.ok('PUT', `/programmes/${code}/clock`, { now: then });
    const registered = (await t.ok('POST', '/members', { programme: code })).id;
    expect(await list(registered)).toEqual([{ programme: code, joinedAt: then }]);
    expect((await join(await t.member(), code)).body.joinedAt).toBe(then);
  });

  it('joins once, however many ask for it at the same time', async () => {
    const [member, code] = [await t.member(), await programme()];
    const answers = await Promise.all(Array.from({ length: 5 }, () => join(member, code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it('joins nothing that is not there, and nobody else does', async () => {
    const [member, code] = [await t.member(), await programme()];
    expect((await join(member, 'nowhere')).body.code).toBe('programme_not_found');
    const nobody = 'mem_01h455vb4pex5vsknk084sn02q';
    expect((await join(nobody, code)).body.code).toBe('member_not_found');
    expect((await t.call('GET', `/members/${nobody}/memberships`)).body.code).toBe(
      'member_not_found',
    );
    const survivor = await t.member();
    const merge = { from: member, reason: 'one person', actor: 'Li Lei' };
    await t.ok('POST', `/members/${survivor}/merges`, merge);
    expect((await join(member, code)).body.code).toBe('member_merged');
    expect((await join(survivor, code)).status).toBe(201);
  });
});

describe('merchants', () => {
  it('register members in their own programme, if it lets them', async () => {
    const code = await programme();
    const merchantId = await t.merchant({ programme: code });
    const auth = await t.apiKey(['members:write', 'members:read'], merchantId);
    const register = (body: object): Promise<Answered> =>
      t.call('POST', '/members', body, { auth });
    const made = await register({});
    expect(made.body.programmes).toEqual([code]);
    expect((await register({ programme: code })).status).toBe(201);
    expect((await register({ programme: 'default' })).body.code).toBe('programme_not_found');
    const stranger = await t.member();
    expect((await t.call('GET', `/members/${stranger}`, undefined, { auth })).body.code).toBe(
      'member_not_found',
    );
    expect((await join(stranger, code, { auth })).status).toBe(201);
    expect((await t.ok('GET', `/members/${stranger}`, undefined, { auth })).programmes).toEqual([
      code,
    ]);
    await t.ok('PATCH', `/programmes/${code}`, { merchantsRegisterMembers: false });
    for (const refused of [
      await register({}),
      await register({ programme: code }),
      await join(await t.member(), code, { auth }),
    ])
      expect(refused.body).toMatchObject({ status: 403, code: 'operator_only' });
    const bulk = await t.ok('POST', '/members/bulk', { members: [{}] }, { auth });
    expect(bulk.results).toMatchObject([{ status: 'refused', problem: { code: 'operator_only' } }]);
    expect((await t.call('POST', '/members', { programme: code })).status).toBe(201);
    const operator = (
      await t.ok('POST', '/keys', { name: 'op', scopes: ['members:write'], programme: code })
    ).secret;
    expect((await t.call('POST', '/members', {}, { auth: operator })).status).toBe(201);
  });
});
