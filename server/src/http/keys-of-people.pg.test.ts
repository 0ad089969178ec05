import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from './testing/browser.ts';
import { type Office, openOffice } from './testing/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  for (const code of ['north', 'south'])
    await office.call('POST', '/v1/programmes', { code, name: code });
});
afterAll(() => office.close());

let shops = 0;
async function shop(programme: string): Promise<string> {
  shops += 1;
  const made = await office.call('POST', '/v1/merchants', {
    ...{
      name: `Shop ${shops}`,
      category: 'shop',
      earnRatio: { points: 1, perFen: 100 },
      programme,
    },
  });
  return made.body.id;
}
const comes = async (role: string, place: object): Promise<Browser> =>
  office.come((await office.hire(role, place)).email);
const make = (who: Browser, body: object) =>
  who.call('POST', '/v1/keys', { name: 'till', scopes: ['orders:write'], ...body });
const idsOf = async (who: Browser): Promise<string[]> =>
  (await who.call('GET', '/v1/keys')).body.items.map(({ id }: { id: string }) => id);

test('a manager gives keys to the tills of the own merchant, and rotates and revokes them', async () => {
  const [mine, theirs] = [await shop('north'), await shop('north')];
  const manager = await comes('merchant_manager', { merchantId: mine });
  const made = await make(manager, { scopes: ['orders:write', 'merchants:read'] });
  expect(made).toMatchObject({ status: 201, body: { merchantId: mine, programme: 'north' } });
  const { id, secret } = made.body;
  const used = await office.call('GET', '/v1/merchants', undefined, { auth: secret });
  expect(used.body.items).toMatchObject([{ id: mine }]);
  expect(await idsOf(manager)).toEqual([id]);

  for (const [body, code] of [
    [{ merchantId: theirs }, 'merchant_out_of_reach'],
    [{ programme: 'north' }, 'merchant_out_of_reach'],
    [{ merchantId: mine, programme: 'north' }, 'invalid_request'],
    // The merchant's keys can have it, a manager does not.
    [{ scopes: ['points:overdraft'] }, 'scope_missing'],
    [{ scopes: ['points:adjust'] }, 'scope_missing'],
    [{ scopes: ['orders:write', 'keys:write'] }, 'operator_only'],
    [{ scopes: ['keys:read'] }, 'operator_only'],
  ] as const)
    expect((await make(manager, body)).body.code, JSON.stringify(body)).toBe(code);

  const others = [
    (
      await office.call('POST', '/v1/keys', {
        name: 'x',
        scopes: ['orders:read'],
        merchantId: theirs,
      })
    ).body.id,
    (await office.call('POST', '/v1/keys', { name: 'y', scopes: ['orders:read'] })).body.id,
  ];
  for (const other of others)
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['DELETE', '', undefined],
      ['POST', '/rotation', { overlapHours: 0 }],
    ] as const)
      expect((await manager.call(method, `/v1/keys/${other}${path}`, body)).body.code).toBe(
        'key_not_found',
      );

  // What the operator gave the merchant beyond a manager's own rights they may end, and not take over.
  const strong = { name: 'offline till', scopes: ['points:overdraft'], merchantId: mine };
  const { id: given } = (await office.call('POST', '/v1/keys', strong)).body;
  const rotate = (key: string) =>
    manager.call('POST', `/v1/keys/${key}/rotation`, { overlapHours: 0 });
  expect((await rotate(given)).body.code).toBe('scope_missing');
  expect((await manager.call('DELETE', `/v1/keys/${given}`)).body.revokedAt).not.toBeNull();
  expect((await rotate(id)).body.secret).toMatch(/^hm_/);
  expect((await manager.call('DELETE', `/v1/keys/${id}`)).status).toBe(200);
});

test('an operator of a programme gives keys there and to its merchants, and nowhere else', async () => {
  const [here, there] = [await shop('north'), await shop('south')];
  const operator = await comes('operator', { programme: 'north' });
  const own = await make(operator, {});
  expect(own).toMatchObject({ status: 201, body: { programme: 'north', merchantId: null } });
  const shops = await make(operator, { merchantId: here });
  expect(shops).toMatchObject({ status: 201, body: { merchantId: here } });
  for (const [body, code] of [
    [{ programme: 'south' }, 'programme_not_found'],
    [{ merchantId: there }, 'merchant_not_found'],
    [{ scopes: ['keys:write'] }, 'platform_only'],
    [{ scopes: ['ledger:read'] }, 'scope_missing'],
    [{ scopes: ['points:adjust'], merchantId: here }, 'operator_only'],
  ] as const)
    expect((await make(operator, body)).body.code, JSON.stringify(body)).toBe(code);
  const far = (
    await office.call('POST', '/v1/keys', {
      name: 'x',
      scopes: ['orders:read'],
      programme: 'south',
    })
  ).body.id;
  expect((await operator.call('DELETE', `/v1/keys/${far}`)).body.code).toBe('key_not_found');
  const ids = await idsOf(operator);
  for (const { body } of [own, shops]) expect(ids).toContain(body.id);
  expect(ids).not.toContain(far);
  // The platform's operator has none: there the administrator of security gives keys.
  const above = await office.come((await office.hire('operator')).email);
  await office.addAuthenticator(above);
  expect((await above.call('GET', '/v1/keys')).body.code).toBe('scope_missing');
});

test('whoever was invited before has the rights of their role today', async () => {
  const merchantId = await shop('north');
  const { email } = await office.hire('merchant_manager', { merchantId });
  await office.pool.query(
    `update api_key k set scopes = '{points:adjust}' from staff t where t.key = k.id and t.email = $1`,
    [email],
  );
  const manager = await office.come(email);
  const { scopes } = (await manager.call('GET', '/v1/session')).body;
  expect(scopes).toContain('keys:write');
  expect(scopes).not.toContain('points:adjust');
});
