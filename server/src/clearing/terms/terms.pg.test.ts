import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { startOf } from '../../kernel/calendar.ts';
import { showInstant } from '../../kernel/clock.ts';
import { readId, type Uuid } from '../../kernel/id.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';
import { creditLineAt } from './credit-line.ts';
import { cycleAt } from './read-terms.ts';

const DAY = 24 * 60 * 60_000;
const MICRO = 1_000_000;

let t: PointsTestApp;
let programmes = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(async () => {
  const breaches = await findBreaches(t.pool);
  await t.close();
  expect(breaches).toEqual([]);
});

const later = (ms: number): string => showInstant(t.clock.now() + ms);
const points = (more: object = {}) => ({
  ...{ pointType: 'points', issuePriceMicroFen: 10 * MICRO, reimbursementMicroFen: 9 * MICRO },
  ...{ feeBasisPoints: 100, ...more },
});
const terms = (programme: string, more: object = {}) => ({
  ...{ programme, points: [points()], settlement: 'postpaid', cycle: 'month' },
  ...{ paymentTermDays: 10, actor: 'Li Lei', ...more },
});
const publish = (body: object, options = {}): Promise<Answered> =>
  t.call('POST', '/clearing/terms', body, options);
async function published(body: object): Promise<Answered['body']> {
  const { status, body: told, text } = await publish(body);
  expect(status, text).toBe(201);
  return told;
}
/** A programme of its own, and a merchant in it. */
async function programme(): Promise<{ code: string; merchantId: string }> {
  programmes += 1;
  const code = `clear-${programmes}`;
  const pointTypes = [
    { code: 'points', name: '积分' },
    { code: 'green', name: '绿色积分' },
  ];
  await t.ok('POST', '/programmes', { code, name: code, pointTypes });
  return { code, merchantId: await t.merchant({ programme: code }) };
}
async function prices(code: string, query = ''): Promise<Answered['body'][]> {
  return (await t.ok('GET', `/clearing/price-list?programme=${code}${query}`)).items;
}
const issue = (merchantId: string, memberId: string, count: number): Promise<Answered> =>
  t.call('POST', '/transactions', {
    kind: 'issue',
    memberId,
    merchantId,
    pointType: 'points',
    points: count,
  });
const burn = (merchantId: string, memberId: string, count: number): Promise<Answered> =>
  t.call('POST', '/transactions', {
    kind: 'burn',
    memberId,
    merchantId,
    pointType: 'points',
    points: count,
  });
async function member(code: string): Promise<string> {
  return (
    await t.ok('POST', '/members', {
      programme: code,
      externalIds: { test: `${code}-${Math.random()}` },
    })
  ).id;
}

it('clears a programme from its first standard terms on, with the fee of each point shown', async () => {
  const { code } = await programme();
  expect(await prices(code)).toEqual([]);
  const told = await published(terms(code));
  expect(told).toMatchObject({
    ...{ programme: code, merchantId: null, number: 1, state: 'in_force', warnings: [] },
    points: [{ pointType: 'points', feeMicroFen: 90_000 }],
    ...{ from: showInstant(t.clock.now()), creditLimitFen: null },
  });
  expect(await prices(code)).toEqual([
    {
      ...{ pointType: 'points', merchantId: null, from: told.from, issuePriceMicroFen: 10 * MICRO },
      ...{ reimbursementMicroFen: 9 * MICRO, feeMicroFen: 90_000, issuing: null, accepting: null },
      ...{ funded: false, quota: false },
    },
  ]);
  const { rows } = await t.pool.query<{ id: number }>('select id from programme where code = $1', [
    code,
  ]);
  expect(await cycleAt(t.pool, rows[0]?.id ?? 0, t.clock.now())).toBe('month');
  expect(await cycleAt(t.pool, rows[0]?.id ?? 0, t.clock.now() - 1)).toBeNull();
});

it('is not cleared by standard terms that were withdrawn before they began', async () => {
  const { code, merchantId } = await programme();
  const { id } = await published(terms(code, { from: later(DAY) }));
  expect(await prices(code)).toHaveLength(1);
  await t.ok('POST', `/clearing/terms/${id}/withdrawal`, { reason: 'not agreed', actor: 'Li Lei' });
  expect(await prices(code)).toEqual([]);
  t.clock.advance(2 * DAY);
  const memberId = await member(code);
  expect((await issue(merchantId, memberId, 10)).status).toBe(201);
  expect((await burn(merchantId, memberId, 10)).status).toBe(201);
  const { rows } = await t.pool.query(
    'select from ledger.accrual a join programme p on p.id = a.programme where p.code = $1',
    [code],
  );
  expect(rows).toEqual([]);
});

it('goes by the terms in force, to the instant, and never touches what was', async () => {
  const { code, merchantId } = await programme();
  await published(terms(code));
  const own = await published(
    terms(code, {
      merchantId,
      from: later(DAY),
      points: [points({ issuePriceMicroFen: 20 * MICRO })],
    }),
  );
  expect(own.state).toBe('announced');
  const rows = await prices(code, `&merchantId=${merchantId}`);
  expect(rows).toMatchObject([
    { from: showInstant(t.clock.now()), issuePriceMicroFen: 10 * MICRO },
    { from: later(DAY), issuePriceMicroFen: 20 * MICRO },
  ]);
  t.clock.set(t.clock.now() + DAY - 1);
  const at = async (): Promise<number> =>
    (await prices(code, `&merchantId=${merchantId}&at=${showInstant(t.clock.now())}`))[0]
      ?.issuePriceMicroFen;
  expect(await at()).toBe(10 * MICRO);
  t.clock.set(t.clock.now() + 1);
  expect(await at()).toBe(20 * MICRO);
  // A new standard price reaches whoever has none of its own, and changes nothing of what was.
  await published(terms(code, { points: [points({ issuePriceMicroFen: 12 * MICRO })] }));
  expect((await prices(code, `&merchantId=${merchantId}`)).slice(0, 2)).toEqual(rows);
  expect(await at()).toBe(20 * MICRO);
  const { items } = await t.ok(
    'GET',
    `/clearing/terms?programme=${code}&inForceAt=${showInstant(t.clock.now())}`,
  );
  expect(items).toMatchObject([
    { id: own.id, state: 'in_force' },
    { merchantId: null, number: 2, state: 'in_force' },
  ]);
});

it('refuses terms that overlap announced ones, are in the past, or make no sense', async () => {
  const { code, merchantId } = await programme();
  const refused = async (body: object): Promise<Answered['body']> => {
    const { status, body: told } = await publish(body);
    expect(status).toBeGreaterThanOrEqual(400);
    return told;
  };
  expect((await refused(terms(code, { merchantId }))).code).toBe('standard_terms_missing');
  await published(terms(code));
  const announced = await published(terms(code, { from: later(2 * DAY) }));
  for (const from of [later(DAY), later(2 * DAY), undefined])
    expect(await refused(terms(code, { from }))).toMatchObject({
      ...{ code: 'terms_overlap', termsId: announced.id, from: announced.from },
    });
  const next = await published(terms(code, { from: later(DAY), withdraws: [announced.id] }));
  expect(await t.ok('GET', `/clearing/terms/${announced.id}`)).toMatchObject({
    state: 'withdrawn',
  });
  expect((await refused(terms(code, { from: later(DAY), withdraws: [announced.id] }))).code).toBe(
    'terms_not_announced',
  );
  await published(terms(code, { from: later(3 * DAY) }));
  expect((await refused(terms(code, { from: later(-1) }))).code).toBe('terms_in_past');
  const green = points({ pointType: 'green' });
  const own = { merchantId, points: [points(), green] };
  expect((await refused(terms(code, own))).code).toBe('standard_terms_missing');
  expect((await refused(terms(code, { points: [green], from: later(4 * DAY) }))).code).toBe(
    'terms_incomplete',
  );
  expect((await refused(terms(code, { points: [points({ pointType: 'none' })] }))).code).toBe(
    'point_type_not_found',
  );
  const senseless = { points: [points(), points({ acceptedPointsMax: 5 })], settlement: 'prefund' };
  expect(
    (await refused(terms(code, { ...senseless, creditLimitFen: 1 }))).errors.map(
      (each: { code: string }) => each.code,
    ),
  ).toEqual(['named_twice', 'quota_of_nobody', 'credit_of_prefund']);
  const path = `/clearing/terms/${next.id}/withdrawal`;
  const why = { reason: 'a mistake', actor: 'Li Lei' };
  expect(await t.ok('POST', path, why)).toMatchObject({ state: 'withdrawn' });
  expect((await t.call('POST', path, why)).body.code).toBe('terms_withdrawn');
  t.clock.set(t.clock.now() + 5 * DAY);
  const { items } = await t.ok('GET', `/clearing/terms?programme=${code}`);
  const last = items.find(({ number }: { number: number }) => number === 4);
  const begun = await t.call('POST', `/clearing/terms/${last.id}/withdrawal`, why);
  expect(begun.body.code).toBe('terms_begun');
});

it('refuses prices by which somebody loses on each point, unless that is meant', async () => {
  const { code, merchantId } = await programme();
  const dear = [points({ reimbursementMicroFen: 11 * MICRO, feeBasisPoints: 500 })];
  const { body } = await publish(terms(code, { points: dear }));
  expect(body).toMatchObject({ code: 'negative_margin', marginMicroFen: -450_000 });
  await published(terms(code));
  const asked = terms(code, { merchantId, points: dear });
  expect((await publish(asked)).body.code).toBe('negative_margin');
  const meant = await published({ ...asked, acceptNegativeMargin: { reason: 'an opening' } });
  expect(meant.warnings).toEqual([
    {
      ...{ code: 'negative_margin', pointType: 'points', toPointType: null, payer: null },
      ...{ taker: merchantId, marginMicroFen: -450_000 },
    },
  ]);
  // Another one's terms answer for pairs of their own only.
  const third = await t.merchant({ programme: code });
  const fair = points({ issuePriceMicroFen: 11 * MICRO });
  await published(terms(code, { merchantId: third, points: [fair] }));
  const cheap = await publish(
    terms(code, { merchantId: third, points: [points()], from: later(1) }),
  );
  expect(cheap.body).toMatchObject({ code: 'negative_margin', marginMicroFen: -450_000 });
});

it('says when turning points into others gains or loses', async () => {
  const { code } = await programme();
  const conversions = [{ from: 'points', to: 'green', num: 1, den: 2 }];
  await t.ok('PATCH', `/programmes/${code}`, { conversions });
  const green = points({ pointType: 'green', issuePriceMicroFen: 15 * MICRO });
  const { warnings } = await published(terms(code, { points: [points(), green] }));
  // Two points at ¥0.10 cost 20 fen; the one that is made of them brings 9 fen less a fee of 0.09.
  expect(warnings).toMatchObject([
    {
      code: 'conversion_gap',
      pointType: 'points',
      toPointType: 'green',
      marginMicroFen: 11_090_000,
    },
  ]);
});

it('draws what is issued from an account, and refuses at once who has none', async () => {
  const { code, merchantId } = await programme();
  const someone = await member(code);
  await published(terms(code));
  expect((await issue(merchantId, someone, 10)).status).toBe(201);
  await published(terms(code, { merchantId, settlement: 'prefund' }));
  expect((await issue(merchantId, someone, 10)).body.code).toBe('funding_missing');
  const account = { programme: code, merchantId, alertFen: 0, actor: 'Li Lei' };
  await t.ok('POST', '/clearing/funding/accounts', account);
  expect(
    await prices(code, `&merchantId=${merchantId}&at=${showInstant(t.clock.now() + 1)}`),
  ).toMatchObject([{ issuing: null, funded: true }]);
  // What counted at this very instant stays; the account counts from the next one on.
  t.clock.set(t.clock.now() + 1);
  expect((await issue(merchantId, someone, 10)).body.code).toBe('funding_exhausted');
  const whose = [await idOfProgramme(code), readId('merchant', merchantId) as Uuid] as const;
  expect(await creditLineAt(t.pool, ...whose, t.clock.now())).toBe(0);
  const credit = { merchantId, settlement: 'postpaid', creditLimitFen: 700 };
  await published(terms(code, credit));
  expect(await creditLineAt(t.pool, ...whose, t.clock.now())).toBe(700);
  expect(await creditLineAt(t.pool, ...whose, t.clock.now() - 1)).toBe(0);
});

async function idOfProgramme(code: string): Promise<number> {
  const { rows } = await t.pool.query<{ id: number }>('select id from programme where code = $1', [
    code,
  ]);
  return rows[0]?.id ?? 0;
}

it('takes no more points in a month than was agreed, and begins anew with the next', async () => {
  const { code, merchantId } = await programme();
  const someone = await member(code);
  await published(terms(code));
  await published(terms(code, { merchantId, points: [points({ acceptedPointsMax: 100 })] }));
  const issuer = await t.merchant({ programme: code });
  expect((await issue(issuer, someone, 1_000)).status).toBe(201);
  expect((await burn(merchantId, someone, 101)).body.code).toBe('acceptance_quota_reached');
  expect((await burn(merchantId, someone, 100)).status).toBe(201);
  expect((await burn(merchantId, someone, 1)).body.code).toBe('acceptance_quota_reached');
  // What is taken is no budget of what is issued, and nobody's to change.
  expect((await t.ok('GET', `/budgets?programme=${code}`)).items).toEqual([]);
  // More is agreed: at once. Less than was taken: nothing more is taken.
  await published(terms(code, { merchantId, points: [points({ acceptedPointsMax: 150 })] }));
  expect((await burn(merchantId, someone, 50)).status).toBe(201);
  await published(terms(code, { merchantId, points: [points({ acceptedPointsMax: 20 })] }));
  expect((await burn(merchantId, someone, 1)).body.code).toBe('acceptance_quota_reached');
  for (let month = 0; month < 4; month += 1) {
    const next = startOf('month', t.clock.now(), 'Asia/Shanghai') + 32 * DAY;
    t.clock.set(startOf('month', next, 'Asia/Shanghai'));
    expect((await burn(merchantId, someone, 20)).status).toBe(201);
    expect((await burn(merchantId, someone, 1)).body.code).toBe('acceptance_quota_reached');
    await t.jobs.others?.prices?.();
    expect(await t.jobs.others?.prices?.()).toBe(0);
  }
});

it('lets a merchant leave: it issues and takes nothing more, and its points stay its own to pay for', async () => {
  const { code, merchantId } = await programme();
  const other = await t.merchant({ programme: code });
  const someone = await member(code);
  await published(terms(code));
  await issue(merchantId, someone, 50);
  await issue(other, someone, 50);
  const leave = { programme: code, merchantId, reason: 'closed down', actor: 'Li Lei' };
  const past = await t.call('POST', '/clearing/departures', { ...leave, at: later(-1) });
  expect(past.body.code).toBe('departure_in_past');
  await t.ok('POST', '/clearing/departures', { ...leave, at: later(DAY) });
  expect((await t.call('POST', '/clearing/departures', leave)).body.code).toBe('departure_exists');
  const stay = { reason: 'stays', actor: 'Li Lei' };
  const path = `/clearing/departures/${merchantId}`;
  await t.ok('POST', `${path}/withdrawal`, stay);
  expect((await t.call('GET', path)).body.code).toBe('departure_not_found');
  await t.ok('POST', '/clearing/departures', { ...leave, at: later(2 * DAY) });
  t.clock.set(t.clock.now() + 2 * DAY - 1);
  expect((await issue(merchantId, someone, 50)).status).toBe(201);
  t.clock.set(t.clock.now() + 1);
  expect((await issue(merchantId, someone, 50)).body.code).toBe('merchant_left');
  expect((await burn(merchantId, someone, 1)).body.code).toBe('merchant_left');
  expect((await t.call('POST', `${path}/withdrawal`, stay)).body.code).toBe('departure_begun');
  const outstanding = async () => (await t.ok('GET', path)).outstanding;
  expect(await outstanding()).toEqual([
    { pointType: 'points', points: 100, costMicroFen: String(100 * 10 * MICRO) },
  ]);
  expect((await burn(other, someone, 150)).status).toBe(201);
  expect(await outstanding()).toEqual([]);
  const { items } = await t.ok('GET', `/clearing/departures?programme=${code}`);
  expect(items).toMatchObject([{ merchantId, hasLeft: true }]);

  // It comes back, at once and by what it agreed on; and may leave again.
  const back = await t.ok('POST', `${path}/return`, { reason: 'came to terms', actor: 'Li Lei' });
  expect(back).toMatchObject({ merchantId, hasLeft: false });
  // Of the instant at which it left, the price list stays as it is.
  t.clock.set(t.clock.now() + 1);
  expect((await issue(merchantId, someone, 50)).status).toBe(201);
  expect((await burn(merchantId, someone, 1)).status).toBe(201);
  expect((await t.call('GET', path)).body.code).toBe('departure_not_found');
  expect((await t.call('POST', `${path}/return`, stay)).body.code).toBe('departure_not_found');
  await t.ok('POST', '/clearing/departures', { ...leave, at: later(4 * DAY) });
  expect((await t.call('POST', `${path}/return`, stay)).body.code).toBe('departure_not_begun');
});

it('shows a merchant the standard terms and its own, and nothing of others', async () => {
  const { code, merchantId } = await programme();
  const other = await t.merchant({ programme: code });
  await published(terms(code));
  const own = await published(terms(code, { merchantId }));
  const theirs = await published(terms(code, { merchantId: other }));
  const auth = await t.apiKey(['clearing:read'], merchantId);
  const { items } = await t.ok('GET', '/clearing/terms', undefined, { auth });
  expect(new Set(items.map((each: { merchantId: string | null }) => each.merchantId))).toEqual(
    new Set([null, merchantId]),
  );
  expect((await t.ok('GET', `/clearing/terms/${own.id}`, undefined, { auth })).id).toBe(own.id);
  const hidden = await t.call('GET', `/clearing/terms/${theirs.id}`, undefined, { auth });
  expect(hidden.body.code).toBe('terms_not_found');
  const list = await t.ok('GET', '/clearing/price-list', undefined, { auth });
  expect(list.items.map((each: { merchantId: string | null }) => each.merchantId)).toEqual([
    null,
    merchantId,
  ]);
  const named = await t.call('GET', `/clearing/terms?merchantId=${other}`, undefined, { auth });
  expect(named.body.code).toBe('merchant_out_of_reach');
  expect((await publish(terms(code), { auth })).status).toBe(403);
});
