import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { showTerms } from '../catalogue/terms-schema.ts';
import { terms } from '../catalogue/testing/told.ts';
import { showInstant } from '../kernel/clock.ts';
import { ID_PREFIXES, newId, readId, showId } from '../kernel/id.ts';
import { testSeed } from '../kernel/testing/seed.ts';
import { ALL_SCOPES, MERCHANT_SCOPES, PLATFORM_SCOPES } from '../keys/api-key.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';
import { gives, publishRules } from './test-rules.ts';
import { operationsOf } from './testing/fuzz-operations.ts';
import { requestFor, type Sent } from './testing/fuzz-requests.ts';

const REQUESTS_PER_OPERATION = 25;
const DAY_MS = 86_400_000;

let api: PointsTestApp;
beforeAll(async () => {
  api = await createPointsTestApp();
  const notice = { purpose: 'share_with_merchant', zh: ['说明'], en: ['We share it'] };
  await api.ok('POST', '/notices', notice);
});
afterAll(() => api.close());

/** What one merchant has of everything there is, by the prefix of its ids. */
type Estate = Map<string, string[]>;

interface Tenant {
  readonly merchant: string;
  readonly member: string;
  /** The code of its programme. */
  readonly programme: string;
  readonly key: string;
  readonly estate: Estate;
}

const TIERS = {
  window: { kind: 'rolling', months: 12 },
  tiers: [{ code: 'gold', name: '金卡', qualify: { visits: 100 } }],
};

/** A merchant with a key of its own, or of its programme's operator; its customer, and one of each thing that can happen there. */
async function settle(programme: string, keyOf: 'merchant' | 'programme'): Promise<Tenant> {
  const estate: Estate = new Map();
  const learn = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) learn(each);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(learn);
    const [, prefix] = /^([a-z]+)_[0-9a-z]{26}$/.exec(String(value)) ?? [];
    if (typeof value !== 'string' || prefix === undefined) return;
    const ids = estate.get(prefix) ?? [];
    if (!ids.includes(value)) estate.set(prefix, [...ids, value]);
  };
  const merchant = await api.merchant({ programme });
  const member = (await api.ok('POST', '/members', { programme })).id;
  const scopes = ALL_SCOPES.filter((scope) => !PLATFORM_SCOPES.has(scope));
  const key =
    keyOf === 'merchant'
      ? await api.apiKey([...MERCHANT_SCOPES], merchant)
      : (await api.ok('POST', '/keys', { name: programme, scopes, programme })).secret;
  const make = async (path: string, body: object, auth?: string): Promise<{ id: string }> => {
    const told = await api.ok('POST', path, body, auth === undefined ? {} : { auth });
    learn(told);
    return told;
  };
  const at = { merchantId: merchant, memberId: member };
  const line = { lineNo: 1, sku: 'melon', quantity: 4, amountFen: 12_345 };
  const paidAt = showInstant(api.clock.now());
  await make('/orders', { ...at, orderNo: 'A-1', paidAt, lines: [line] }, key);
  await make('/returns', { ...at, returnNo: 'R-1', lines: [{ sku: 'melon', quantity: 1 }] }, key);
  const early = { ...at, orderNo: 'A-2', returnNo: 'R-2', lines: [{ lineNo: 1, quantity: 1 }] };
  await make('/returns', early, key);
  const certificate = {
    merchantId: merchant,
    number: `G of ${merchant}`,
    issuingBody: 'CQC',
    scope: ['own-bag'],
    validFrom: showInstant(api.clock.now() - 1),
    validUntil: showInstant(api.clock.now() + 1),
    lastCheckedAt: paidAt,
  };
  await make('/certificates', certificate);
  const factors = { unit: 'bag', baselineMg: 33_000, actualMg: 0 };
  const method = { name: 'Bag', source: 'A study', region: 'CN', year: 2025, ...factors };
  if (keyOf === 'programme')
    await make(
      '/carbon/methods',
      { behaviour: 'own-bag', ...method, from: paidAt, actor: 'Li Lei' },
      key,
    );
  const evidence = { behaviour: 'own-bag', number: `ticket of ${merchant}` };
  const done = { kind: 'green', activityNo: 'E-1', occurredAt: paidAt, evidence };
  await make('/activities', { ...at, ...done }, keyOf === 'merchant' ? key : undefined);
  // The standard terms are for everybody to see; a merchant's own are its own.
  const price = { issuePriceMicroFen: 10_000_000, reimbursementMicroFen: 9_000_000 };
  const agreed = {
    points: [{ pointType: 'points', feeBasisPoints: 200, ...price }],
    ...{ programme, settlement: 'postpaid', cycle: 'month', paymentTermDays: 10, actor: 'Li Lei' },
  };
  await api.ok('POST', '/clearing/terms', agreed);
  await make('/clearing/terms', { ...agreed, merchantId: merchant });
  const { scope: _, ...paper } = certificate;
  const dossier = { kind: 'filing', documentNo: 'F-1', reference: 'shelf', actor: 'Li Lei' };
  const { number: __, lastCheckedAt: checkedAt, ...valid } = paper;
  await make('/dossiers', { ...dossier, ...valid, programme, checkedAt });
  const move = (body: object): Promise<{ id: string }> =>
    make('/transactions', { ...at, pointType: 'points', ...body }, key);
  await move({ kind: 'issue', points: 500 });
  await move({ kind: 'burn', points: 30 });
  await move({ kind: 'hold', points: 20, expiresInSeconds: 3_600 });
  const total = { programme, pointType: 'points', total: 900 };
  await api.ok(
    'PUT',
    `/members/${member}/consents/share_with_merchant/${merchant}`,
    { version: 1, channel: 'till' },
    keyOf === 'merchant' ? { auth: key } : {},
  );
  await make('/budgets', { ...total, name: `of ${merchant}`, merchantId: merchant });
  await make('/adjustments', { ...at, points: -5, reason: 'miscounted', actor: 'Li Lei' });
  const body = {
    name: 'Gift',
    on: 'order',
    when: {},
    earn: { kind: 'fixed', points: 1, per: 'order' },
  };
  const rule = await make('/rules', { code: 'gift', body }, key);
  learn(await api.ok('POST', `/rules/${rule.id}/publish`, {}, { auth: key }));
  learn(await api.ok('PUT', `/rules/${rule.id}/draft`, { body }, { auth: key }));
  const stores = [{ merchant }];
  const offered = { code: 'box', body: { ...showTerms(terms()), stores } };
  const reward = await make('/rewards', offered, key);
  learn(await api.ok('POST', `/rewards/${reward.id}/publish`, {}, { auth: key }));
  learn(await api.ok('PUT', `/rewards/${reward.id}/draft`, { body: offered.body }, { auth: key }));
  const day = {
    name: { zh: '兑换日' },
    rewards: [reward.id],
    when: { monthDays: [18] },
    price: { kind: 'ratio', num: 4, den: 5 },
  };
  const promotion = await make('/promotions', { code: 'day', body: day }, key);
  learn(await api.ok('POST', `/promotions/${promotion.id}/publish`, {}, { auth: key }));
  learn(await api.ok('PUT', `/promotions/${promotion.id}/draft`, { body: day }, { auth: key }));
  const history = { from: showInstant(api.clock.now() - 1), until: paidAt };
  await make('/rules/simulations', { merchantId: merchant, ...history, drafts: [rule.id] }, key);
  await make('/keys', { name: 'till', scopes: ['points:read'], merchantId: merchant });
  const works = { name: 'Han Meimei', email: `${merchant}@example.com`, role: 'merchant_cashier' };
  await make('/staff', { ...works, merchantId: merchant });
  learn(await api.ok('GET', `/members/${member}/lots`));
  // Tiers that are published count some seconds later.
  const use = newId(api.clock.now());
  await api.pool.query(
    `insert into tier_service_use (id, programme, ladder, member, merchant, use_no, service, tier, day, at_ms, used_by)
     select $1, id, $3, $2, $3, 'U-1', 'wash', 'gold', '2027-01-01', 1, $1 from programme where code = $4`,
    [use, readId('member', member), readId('merchant', merchant), programme],
  );
  learn(showId('serviceUse', use));
  await api.pool.query(
    `insert into tier_scheme (programme, ladder, number, body, from_ms, comparison, notice_days, published_at_ms, published_by)
     select id, $1, 1, $2, 10001, '{"verdict":"better_or_equal","reasons":[]}', 0, 1, $1 from programme where code = $3
       on conflict do nothing`,
    [readId('merchant', merchant), JSON.stringify(TIERS), programme],
  );
  // What was published counts some seconds later.
  api.clock.set(api.clock.now() + 60_000);
  await move({ kind: 'issue', points: 3_000 });
  const wanted = { ...at, rewardId: reward.id };
  const redeemed = await make('/redemptions', wanted, key);
  const [voucher] = (redeemed as unknown as { vouchers: { code: string }[] }).vouchers;
  const bill = { merchantId: merchant, useNo: 'B-1', billFen: 8_000 };
  await make('/vouchers/uses', { ...bill, code: voucher?.code }, key);
  const cannot = { reason: 'out_of_stock', actor: 'Li Lei' };
  const many = { ...cannot, merchantId: merchant };
  await make(`/rewards/${reward.id}/supplier-cancellations`, many, key);
  const complained = await make('/redemptions', wanted, key);
  const claim = { kind: 'return', reason: 'changed_mind', actor: 'Li Lei' };
  await make(`/redemptions/${complained.id}/after-sales`, claim, key);
  const offset = {
    ...{ ...offered.body, cashValueFen: 100 },
    fulfilment: { kind: 'offset', offFen: 100, atMostPercent: 50, overFen: 100 },
    cancellation: { until: 'never' },
    afterSales: { returnDays: 0, qualityDays: 0, exchange: false },
  };
  const off = await make('/rewards', { code: 'offset', body: offset }, key);
  learn(await api.ok('POST', `/rewards/${off.id}/publish`, {}, { auth: key }));
  api.clock.set(api.clock.now() + 60_000);
  const particulars = { kind: 'bill', billNo: 'N-1', billFen: 1_000 };
  const paid = await make('/redemptions', { ...at, rewardId: off.id, particulars }, key);
  const returned = { returnNo: 'R-1', returnedFen: 10, reason: 'too small', actor: 'Li Lei' };
  await make(`/redemptions/${paid.id}/returns`, returned, key);
  const given = { tier: 'gold', until: '2030-12-31', reason: 'a friend', actor: 'Li Lei' };
  await make(`/members/${member}/tier`, { ...given, merchantId: merchant });
  await clear();
  // Persons are the whole platform's; its merchants a key of one of them may name.
  for (const shared of ['mem', 'rver', 'rwv', 'prv']) estate.delete(shared);
  // Periods are the programme's: each of its merchants reads its own part of them.
  if (keyOf === 'merchant') for (const shared of OPERATORS) estate.delete(shared);
  else estate.set('programme', [programme]);
  return { merchant, programme, key, member, estate };

  /** An account, a closed period of what two merchants took of each other, and what follows of it. */
  async function clear(): Promise<void> {
    const actor = 'Li Lei';
    const day = showInstant(api.clock.now() - DAY_MS).slice(0, 10);
    /** Learns its id alone: keys that made it are the operator's. */
    const own = async (path: string, body: object, auth?: string): Promise<string> => {
      const { id } = await api.ok(
        'POST',
        path,
        { ...body, actor },
        auth === undefined ? {} : { auth },
      );
      learn(id);
      return id;
    };
    const put = (path: string, body: object) => api.ok('PUT', path, { ...body, programme, actor });
    const account = await own('/clearing/funding/accounts', {
      ...{ programme, merchantId: merchant, alertFen: 1 },
    });
    const entry = { kind: 'deposit', fen: 100, reference: merchant, paidOn: day };
    await own(`/clearing/funding/accounts/${account}/entries`, entry);
    const neighbour = await api.merchant({ programme });
    for (const [issuer, taker] of [
      [merchant, neighbour],
      [neighbour, merchant],
    ]) {
      const memberId = (await api.ok('POST', '/members', { programme })).id;
      const moved = { memberId, pointType: 'points', points: 900 };
      for (const [kind, merchantId] of [
        ['issue', issuer],
        ['burn', taker],
      ])
        await api.ok('POST', '/transactions', { ...moved, kind, merchantId });
    }
    api.clock.set(api.clock.now() + 60_000);
    const until = showInstant(api.clock.now());
    const periodId = (await api.ok('POST', '/clearing/periods', { programme, until })).id;
    learn(periodId);
    const pair = { payer: merchant, taker: neighbour, pointType: 'points' };
    const doubt = { periodId, pair, fen: 1, reason: 'a slip is missing' };
    await own('/clearing/disputes', { ...doubt, merchantId: merchant }, key);
    const owed = { payer: 'platform', payee: merchant, fen: 1, reason: 'a slip' };
    await own('/clearing/adjustments', { programme, ...owed });
    const bank = { holder: 'Co', bank: 'Bank', cnaps: '102290000012', accountNumber: '622200001' };
    const auth = await api.apiKey(['clearing:write']);
    for (const whose of [{ role: 'custody' }, { role: 'merchant', merchantId: merchant }]) {
      const { number } = await put('/clearing/settlement-accounts', { ...whose, ...bank });
      await api.ok(
        'POST',
        '/clearing/settlement-accounts/confirmations',
        {
          ...{ programme, ...whose, number, accountNumber: bank.accountNumber, actor: 'Han' },
        },
        { auth },
      );
    }
    await own(`/clearing/periods/${periodId}/payments`, {});
    const title = {
      ...{ title: 'Co', taxNumber: '91350100M000100Y43', address: '1 Road', phone: '1' },
      ...{ bank: 'Bank', bankAccount: '622200001', handsOut: 'goods' },
    };
    for (const whose of [{}, { merchantId: merchant }])
      await put('/clearing/invoice-titles', { ...title, ...whose });
    const invoices = `/clearing/periods/${periodId}/invoices`;
    await api.ok('POST', invoices, { actor });
    learn((await api.ok('GET', invoices)).items.map(({ id }: { id: string }) => id));
    learn((await api.ok('POST', '/books/closings', { programme })).id);
    const override = { breakagePpm: 1, reason: 'as before' };
    await own('/books/estimates', { programme, pointType: 'points', override });
  }
}

/** The same id with another end: of something that is not there. */
const missing = (id: string): string => {
  const end = id.endsWith('zzzzzz') ? 'yyyyyy' : 'zzzzzz';
  return `${id.slice(0, -6)}${end}`;
};

it('shows a merchant of another one’s things no more than of things that are not there, and changes nothing of them', async () => {
  await publishRules(api, null, [gives('green', 3)]);
  const [own, other] = [await settle('default', 'merchant'), await settle('default', 'merchant')];
  expect([...other.estate.keys()].sort()).toEqual(THINGS);
  await keepsApart(own, other);
});

it('shows the operator of a programme of another one’s things no more than of things that are not there, and changes nothing of them', async () => {
  for (const code of ['region-aaaaaa', 'region-bbbbbb'])
    await api.ok('POST', '/programmes', { code, name: code });
  const own = await settle('region-aaaaaa', 'programme');
  const other = await settle('region-bbbbbb', 'programme');
  expect([...other.estate.keys()].sort()).toEqual(
    [...THINGS, ...OPERATORS, 'cbm', 'programme'].sort(),
  );
  await keepsApart(own, other);
});

/** What a programme's operator has beside what merchants have: these, and what is the whole programme's. */
const OPERATORS = ['bke', 'bkp', 'clp', 'mer', 'prn'];

const THINGS = [
  'act',
  'asc',
  'bir',
  'bud',
  'cadj',
  'cert',
  'dos',
  'dsp',
  'fda',
  'fde',
  'hold',
  'inv',
  'key',
  'lot',
  'ord',
  'pro',
  'prop',
  'rdm',
  'ret',
  'rul',
  'rwd',
  'scl',
  'sim',
  'stf',
  'stm',
  'txn',
  'use',
  'vus',
];

/** Persons are the whole platform's, and so is what only its operator reaches. Funds, and receipts of what they were given, are open to everybody. */
const NOBODYS = [
  ...OPERATORS,
  'aud',
  'cbm',
  'cut',
  'dnt',
  'ers',
  'fnd',
  'fpy',
  'mem',
  'mov',
  'mrg',
  'msg',
  'prv',
  'psk',
  'rver',
  'rwv',
  'ses',
  'sto',
  'trf',
];

it('knows of every kind of id whose it is', () => {
  expect([...THINGS, ...NOBODYS].sort()).toEqual(Object.values(ID_PREFIXES).sort());
});

/** Whatever the one asks about the other's things is answered as if they were not there. */
async function keepsApart(own: Tenant, other: Tenant): Promise<void> {
  const seed = testSeed('tenants');
  // The operator's key made things of both.
  const both = new Set([...own.estate.values()].flat());
  const theirs = [...other.estate.values()].flat().filter((id) => !both.has(id));
  const ids = [`of ${other.merchant}`, ...theirs];
  // A member's points may be spent anywhere: whose entries take them names their lots, and no more.
  const hidden = ids.filter((id) => !id.startsWith('lot_'));
  const known = new Map([
    ...other.estate,
    ['mem', [own.member, other.member]],
    ['mer', [own.merchant, ...(other.estate.get('mer') ?? [])]],
    ['programme', [own.programme, ...(other.estate.get('programme') ?? [])]],
    ['pointType', ['points']],
    ['budget', [`of ${other.merchant}`]],
  ]);
  const operations = operationsOf(JSON.parse((await api.app.inject('/openapi.json')).body));
  const named = new Map<string, number>();
  const faults: string[] = [];
  const before = await thingsOf(other);
  let requests = 0;
  for (const operation of operations) {
    // These are many operations under one name.
    const isMany = operation.operationId.startsWith('createTransaction');
    const rounds = REQUESTS_PER_OPERATION * (isMany ? 5 : 1);
    for (let round = 0; round < rounds; round += 1) {
      requests += 1;
      const key = `tenants-${own.programme}-${requests}`;
      const [sent] = fc.sample(requestFor(operation, known, { auth: own.key, key }), {
        seed: seed + requests,
        numRuns: 1,
      }) as [Sent];
      const text = `${sent.target} ${sent.body}`;
      if (sent.isMalformed) continue;
      const asked = ids.filter((id) => text.includes(id));
      const told = await ask(sent, (given) => given);
      const shown = hidden.filter((id) => told.includes(id) && !asked.includes(id));
      if (shown.length > 0) faults.push(`${sent.method} ${text} shows ${shown}\n  ${told}`);
      if (asked.length === 0) continue;
      named.set(operation.operationId, (named.get(operation.operationId) ?? 0) + 1);
      const should = await ask(sent, (given) => (given === key ? `${key}-2` : asAnother(given)));
      const compared = [withoutThem(told), should].map((each) => concerned(sent, each, ids));
      if (compared[0] !== compared[1])
        faults.push(`${sent.method} ${text}\n  ${compared.join('\n  ')}`);
    }
  }
  console.info(`tenants: ${JSON.stringify(Object.fromEntries(named))}`);
  expect(faults.slice(0, 10)).toEqual([]);
  expect(await thingsOf(other)).toEqual(before);
  // Whatever takes the id of such a thing, be it a route of tomorrow, was asked about another's.
  const takes = operations.filter(({ parameters, body }) => {
    const asked = JSON.stringify([parameters, body]);
    return THINGS.some((prefix) => asked.includes(`^${prefix}_`));
  });
  expect(takes.map(({ operationId }) => operationId).filter((id) => !named.has(id))).toEqual([]);

  /** Another request about what is not there: its keys are new as well. */
  function asAnother(text: string): string {
    // One that is empty is refused for that, and stays so.
    return withoutThem(text).replaceAll(/"idempotencyKey":"(?!")/g, '"idempotencyKey":"2');
  }
  function withoutThem(text: string): string {
    return ids.reduce((left, id) => left.replaceAll(id, missing(id)), text);
  }
}

/** What is answered to a request, in which `as` may rename things. */
async function ask({ method, target, headers, body }: Sent, as: (text: string) => string) {
  const key = headers['idempotency-key'];
  const answer = await api.app.inject({
    method: method as 'GET',
    url: as(target),
    headers: { ...headers, ...(key === undefined ? {} : { 'idempotency-key': as(key) }) },
    ...(body === undefined ? {} : { payload: as(String(body)) }),
  });
  return `${answer.statusCode} ${answer.body}`;
}

/** Of the answer to a bulk request, what concerns the items that name one of `ids`. */
function concerned({ body }: Sent, told: string, ids: readonly string[]): string {
  const [status, text] = [told.slice(0, 3), told.slice(4)];
  // Papers and tables are no JSON.
  if (!text.startsWith('{')) return told;
  const { results } = JSON.parse(text) as { results?: unknown[] };
  if (results === undefined) return told;
  const items = Object.values(JSON.parse(String(body)) as object).find(Array.isArray) ?? [];
  const isNaming = (item: unknown): boolean => ids.some((id) => JSON.stringify(item).includes(id));
  return `${status} ${JSON.stringify(results.filter((_, place) => isNaming(items[place])))}`;
}

/** A digest of every row that names the tenant's merchant as its own, or its programme if that is no other's, table by table. */
async function thingsOf(tenant: Tenant): Promise<Record<string, string>> {
  const own: [column: string, sql: string, value: unknown][] = [
    ['merchant', '$1', readId('merchant', tenant.merchant)],
    ['ladder', '$1', readId('merchant', tenant.merchant)],
  ];
  if (tenant.estate.has('programme'))
    own.push(['programme', '(select id from programme where code = $1)', tenant.programme]);
  const things: Record<string, string> = {};
  for (const [column, sql, value] of own) {
    const { rows } = await api.pool.query<{ name: string }>(
      `select format('%I.%I', c.table_schema, c.table_name) as name from information_schema.columns c
        join information_schema.tables t using (table_schema, table_name)
        where c.column_name = $1 and t.table_type = 'BASE TABLE' order by 1`,
      [column],
    );
    for (const { name } of rows) {
      const { rows: found } = await api.pool.query<{ of: string }>(
        `select count(*) || ' ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as of
          from ${name} t where t.${column} = ${sql}`,
        [value],
      );
      things[`${column} ${name}`] = found[0]?.of ?? '';
    }
  }
  return things;
}
