import { expect, test } from 'vitest';
import { moment } from './table.ts';
import { run, stubServer } from './testing/stub-shell.ts';

const ID = 'stf_01h455vb4pex5vsknk084sn02q';
const MERCHANT = 'mer_01h455vb4pex5vsknk084sn02q';
const AT = '2026-03-01T00:00:00.000Z';
const staff = {
  ...{ id: ID, actorId: 'key_01h455vb4pex5vsknk084sn02q', name: '陈默', email: 'chen@example.com' },
  ...{ role: 'merchant_manager', state: 'invited', merchantId: MERCHANT, programme: 'street' },
  ...{ secondFactor: 'none', demo: false, createdAt: AT, changedAt: AT, invitedUntil: AT },
  seenAt: null as string | null,
};
const TOKEN = 'x'.repeat(43);
const invitationOf = (token: string | null) => {
  const path = token === null ? null : `/console/invitation#${token}`;
  return { invitation: { token, path, until: AT } };
};
const add = (...more: string[]) => [
  ...['staff', 'add', '--role', 'merchant_manager', '--email', 'chen@example.com'],
  ...['--name', '陈默', ...more],
];

test('somebody is invited, and the link is the whole address that they open', async () => {
  const { env, asked } = await stubServer({
    'POST /v1/staff': { ...staff, ...invitationOf(TOKEN) },
  });
  const link = `${env.HONGMI_URL?.replace('/v1/', '')}/console/invitation#${TOKEN}`;
  const { code, out, err } = await run(add('--merchant', MERCHANT), env);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain(link);
  expect(out).toContain(ID);
  expect(asked[0]).toMatchObject({ method: 'POST', key: 'Bearer hm_stub' });
  expect(JSON.parse(asked[0]?.body ?? '')).toEqual({
    ...{ role: 'merchant_manager', email: 'chen@example.com', name: '陈默' },
    merchantId: MERCHANT,
  });
  const json = await run(add('--programme', 'street', '--json'), env);
  expect(JSON.parse(json.out)).toMatchObject({ id: ID, link, invitation: { token: TOKEN } });
  expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({ programme: 'street' });
  expect((await run([...add(), '--lang', 'zh'], env)).out).toContain('邀请链接只显示这一次');
});

test('an invitation that was shown before is not shown again, and its link is not made up', async () => {
  const { env } = await stubServer({ 'POST /v1/staff': { ...staff, ...invitationOf(null) } });
  const { out } = await run(add(), env);
  expect(out).toContain('the invitation was shown then');
  expect(out).not.toContain('/console/invitation');
  expect(JSON.parse((await run(add('--json'), env)).out).link).toBeNull();
});

test('what is missing or unknown is told before anything is asked', async () => {
  const { env, asked } = await stubServer({});
  for (const [words, told] of [
    [['staff', 'add', '--role', 'operator', '--email', 'a@b.example'], '--name'],
    [['staff', 'add', '--role', 'boss', '--email', 'a@b.example', '--name', 'B'], 'system_admin'],
    [['staff', 'suspend', MERCHANT], 'stf_'],
    [['staff', 'reset', 'chen@example.com'], 'stf_'],
    [['staff', 'suspend'], 'ACCOUNT'],
  ] as const)
    expect(await run(words, env), told).toMatchObject({
      ...{ code: 2, out: '' },
      err: expect.stringContaining(told),
    });
  expect(asked).toEqual([]);
});

test('accounts are listed, as a table and as JSON', async () => {
  const seen = { ...staff, id: `${ID.slice(0, -1)}r`, state: 'active', seenAt: AT };
  const { env } = await stubServer({
    'GET /v1/staff?limit=20': { items: [staff, seen], nextCursor: null },
    'GET /v1/staff?limit=1': { items: [staff], nextCursor: 'next' },
  });
  const { code, out } = await run(['staff', 'list'], env);
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`${ID} .*chen@example.com .*merchant_manager .*invited`));
  expect(out).toMatch(new RegExp(`active .*${moment(AT)}`));
  const short = await run(['staff', 'list', '--limit', '1', '--json'], env);
  expect(JSON.parse(short.out)).toEqual({ items: [staff], more: true });
});

test('an account is suspended and let in again, and reset', async () => {
  const { env, asked } = await stubServer({
    [`PATCH /v1/staff/${ID}`]: { ...staff, state: 'suspended' },
    [`POST /v1/staff/${ID}/reset`]: { ...staff, ...invitationOf(TOKEN) },
  });
  expect(await run(['staff', 'suspend', ID], env)).toMatchObject({
    ...{ code: 0, out: expect.stringContaining('chen@example.com is suspended') },
  });
  await run(['staff', 'suspend', ID, '--undo'], env);
  expect(asked.map(({ body }) => JSON.parse(body))).toEqual([
    { state: 'suspended' },
    { state: 'active' },
  ]);
  expect((await run(['staff', 'reset', ID], env)).out).toContain(`/console/invitation#${TOKEN}`);
});

test('what the server refuses is told, and the command fails', async () => {
  const { env } = await stubServer({});
  const { code, err } = await run(['staff', 'suspend', ID], env);
  expect(code).not.toBe(0);
  expect(err).toContain('not_found');
});
