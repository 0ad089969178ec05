import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { MERCHANT_SCOPES } from '../keys/api-key.ts';
import { PUBLICATION_LEAD_MS } from '../platform/publishing/lead.ts';

const DAY_MS = 86_400_000;

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
  await t.ok('POST', '/programmes', { code: 'north', name: 'North' });
  await t.ok('POST', '/programmes', { code: 'south', name: 'South' });
});
afterAll(() => t.close());

interface Shop {
  readonly id: string;
  readonly auth: string;
  ask(method: string, path: string, body?: object): Promise<Answered>;
  rules(): Promise<string[]>;
}
async function shop(programme: string): Promise<Shop> {
  const id = await t.merchant({ programme });
  const auth = await t.apiKey([...MERCHANT_SCOPES], id);
  const ask: Shop['ask'] = (method, path, body) => t.call(method, path, body, { auth });
  const rules = async (): Promise<string[]> =>
    (await ask('GET', '/rules')).body.items.map(({ code }: { code: string }) => code).sort();
  return { id, auth, ask, rules };
}
let made = 0;
const body = (points = 5): object => ({
  name: `Gift of ${points}`,
  on: 'order',
  when: {},
  earn: { kind: 'fixed', points, per: 'order' },
});
async function operatorRule(programme: string, published: boolean): Promise<Answered['body']> {
  made += 1;
  const rule = await t.ok('POST', '/rules', { code: `op-${made}`, programme, body: body() });
  return published ? await t.ok('POST', `/rules/${rule.id}/publish`, {}) : rule;
}

it('a merchant sees its own rules and what the operator published in its programme, and nothing else', async () => {
  const [one, other, far] = [await shop('north'), await shop('north'), await shop('south')];
  const common = await operatorRule('north', true);
  const secret = await operatorRule('north', false);
  const elsewhere = await operatorRule('south', true);
  await one.ask('POST', '/rules', { code: 'own', body: body() });
  const theirs = (await other.ask('POST', '/rules', { code: 'theirs', body: body() })).body;
  await other.ask('POST', `/rules/${theirs.id}/publish`, {});

  expect(await one.rules()).toEqual([common.code, 'own']);
  expect(await other.rules()).toEqual([common.code, 'theirs']);
  expect(await far.rules()).toEqual([elsewhere.code]);
  for (const hidden of [secret, elsewhere, theirs]) {
    const version = hidden.draft ?? hidden.announced[0];
    expect((await one.ask('GET', `/rules/${hidden.id}`)).body.code).toBe('rule_not_found');
    for (const path of ['versions', 'changes'])
      expect((await one.ask('GET', `/rules/${hidden.id}/${path}`)).body.code).toBe(
        'rule_not_found',
      );
    expect((await one.ask('GET', `/rule-versions/${version.id}`)).body.code).toBe(
      'rule_version_not_found',
    );
  }
  // The operator's next draft is nobody's business, its published versions everybody's of the programme.
  const { draft } = await t.ok('PUT', `/rules/${common.id}/draft`, { body: body(9) });
  expect((await one.ask('GET', `/rules/${common.id}`)).body).toMatchObject({
    id: common.id,
    draft: null,
    announced: [{ id: common.announced[0].id }],
  });
  expect((await one.ask('GET', `/rule-versions/${draft.id}`)).status).toBe(404);
  expect((await one.ask('GET', `/rule-versions/${common.announced[0].id}`)).status).toBe(200);
  expect((await one.ask('GET', `/rules/${common.id}/changes`)).body.code).toBe(
    'merchant_out_of_reach',
  );
});

it('a merchant writes its own rules only', async () => {
  const [one, other] = [await shop('north'), await shop('north')];
  const common = await operatorRule('north', true);
  const theirs = (await other.ask('POST', '/rules', { code: 'theirs', body: body() })).body;
  const asked = [
    ['PUT', 'draft', { body: body(1) }],
    ['DELETE', 'draft', undefined],
    ['POST', 'publish', {}],
    ['POST', 'retire', {}],
  ] as const;
  for (const [method, path, sent] of asked) {
    const refused = await one.ask(method, `/rules/${common.id}/${path}`, sent);
    expect(refused.body, path).toMatchObject({ status: 403, code: 'merchant_out_of_reach' });
    const unseen = await one.ask(method, `/rules/${theirs.id}/${path}`, sent);
    expect(unseen.body, path).toMatchObject({ status: 404, code: 'rule_not_found' });
  }
  const named = await one.ask('POST', '/rules', { code: 'x', merchantId: other.id, body: body() });
  expect(named.body.code).toBe('merchant_out_of_reach');
  const abroad = await one.ask('POST', '/rules', { code: 'x', programme: 'south', body: body() });
  expect(abroad.body.code).toBe('programme_not_found');
  const misplaced = { code: 'x', programme: 'south', merchantId: one.id, body: body() };
  expect((await t.call('POST', '/rules', misplaced)).body.code).toBe('merchant_not_found');
  const paid = { ...body(), terms: { funders: [{ merchant: other.id, share: 1 }] } };
  const funded = await one.ask('POST', '/rules', { code: 'x', body: paid });
  expect(funded.body).toMatchObject({
    code: 'rule_invalid',
    errors: [{ path: '/body/terms/funders/0/merchant', code: 'foreign_funder' }],
  });
  expect(await t.ok('GET', `/rules/${theirs.id}`)).toEqual(theirs);
});

it('each scope opens what it says', async () => {
  const id = await t.merchant({ programme: 'north' });
  const tries = [
    ['POST', '/rules', { code: 'a', body: body() }, 'rules:write'],
    ['POST', '/rules/rul_01h455vb4pex5vsknk084sn02q/publish', {}, 'rules:publish'],
    ['POST', '/rules/rul_01h455vb4pex5vsknk084sn02q/retire', {}, 'rules:publish'],
    ['GET', '/rules', undefined, 'rules:read'],
    ['POST', '/rules/examine', { merchantId: id }, 'rules:read'],
  ] as const;
  const auth = await t.apiKey(['orders:read'], id);
  for (const [method, path, sent, scope] of tries)
    expect((await t.call(method, path, sent, { auth })).body).toMatchObject({
      code: 'scope_missing',
      scope,
    });
});

it('a merchant’s rule is about its own orders, and its programme’s alone', async () => {
  const [one, other] = [await shop('north'), await shop('north')];
  const rule = (await one.ask('POST', '/rules', { code: 'own', body: body(7) })).body;
  await one.ask('POST', `/rules/${rule.id}/publish`, {});
  t.clock.advance(PUBLICATION_LEAD_MS);
  const lines = [{ sku: 'a', quantity: 1, amountFen: 100 }];
  const names = async (shop: Shop): Promise<string[]> => {
    const { rules } = (await shop.ask('POST', '/rules/examine', { merchantId: shop.id, lines }))
      .body;
    return rules.map(({ code }: { code: string | null }) => code);
  };
  expect(await names(one)).toContain('own');
  expect(await names(other)).not.toContain('own');
  const asked = { merchantId: one.id, lines };
  expect((await other.ask('POST', '/rules/examine', asked)).body.code).toBe(
    'merchant_out_of_reach',
  );
  const drafts = [
    (await one.ask('PUT', `/rules/${rule.id}/draft`, { body: body(8) })).body.draft.id,
  ];
  expect(
    (await other.ask('POST', '/rules/examine', { merchantId: other.id, lines, drafts })).body.code,
  ).toBe('rule_version_not_found');
});

it('rules are listed page by page, of one programme, merchant or code', async () => {
  const programme = 'pages';
  await t.ok('POST', '/programmes', { code: programme, name: programme });
  const { id } = await shop(programme);
  for (const code of ['a', 'b', 'c']) {
    await t.ok('POST', '/rules', { code, programme, body: body() });
    t.clock.advance(1);
  }
  await t.ok('POST', '/rules', { code: 'a', merchantId: id, body: body() });
  const list = async (query: string): Promise<Answered['body']> => t.ok('GET', `/rules?${query}`);
  const codesOf = ({ items }: Answered['body']): string[] =>
    items.map(({ code }: { code: string }) => code);
  const first = await list(`programme=${programme}&limit=3`);
  const rest = await list(`programme=${programme}&limit=3&cursor=${first.nextCursor}`);
  expect([...codesOf(first), ...codesOf(rest)]).toEqual(['a', 'b', 'c', 'a']);
  expect(rest.nextCursor).toBeNull();
  expect(codesOf(await list(`programme=${programme}&merchantId=${id}`))).toEqual(['a']);
  expect(codesOf(await list(`programme=${programme}&code=b`))).toEqual(['b']);
  expect((await t.call('GET', '/rules?programme=nowhere')).body.code).toBe('programme_not_found');
  expect((await t.call('GET', '/rules?cursor=x')).body.code).toBe('cursor_invalid');
});

it('rules are listed by state, by the clock of their programme; drafts to who may write them', async () => {
  const programme = 'states';
  await t.ok('POST', '/programmes', { code: programme, name: programme, ruleNoticeDays: 7 });
  const { ask } = await shop(programme);
  const make = async (code: string) => {
    t.clock.advance(1);
    return await t.ok('POST', '/rules', { code, programme, body: body() });
  };
  const publish = (id: string) => t.ok('POST', `/rules/${id}/publish`, {});
  const [held, ended, announced] = [await make('held'), await make('ended'), await make('coming')];
  await make('drafted');
  for (const { id } of [held, ended]) await publish(id);
  t.clock.advance(PUBLICATION_LEAD_MS);
  await t.ok('POST', `/rules/${ended.id}/retire`, {});
  t.clock.advance(8 * DAY_MS);
  await publish(announced.id);
  await t.ok('PUT', `/rules/${held.id}/draft`, { body: body(6) });
  const told = async (state: string): Promise<string[]> =>
    (await t.ok('GET', `/rules?programme=${programme}&state=${state}`)).items.map(
      ({ code }: { code: string }) => code,
    );
  expect(await told('in_force')).toEqual(['held']);
  expect(await told('announced')).toEqual(['coming']);
  expect(await told('draft')).toEqual(['held', 'drafted']);
  expect(await told('ended')).toEqual(['ended']);
  t.clock.advance(8 * DAY_MS);
  expect(await told('in_force')).toEqual(['held', 'coming']);
  // The merchant sees what the operator published, and not what is drafted of it.
  const seen = async (state: string): Promise<number> =>
    (await ask('GET', `/rules?state=${state}`)).body.items.length;
  expect([await seen('in_force'), await seen('draft'), await seen('ended')]).toEqual([2, 0, 1]);
  expect((await t.call('GET', '/rules?state=any')).body.code).toBe('invalid_request');
});
