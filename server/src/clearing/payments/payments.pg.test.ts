import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { showInstant } from '../../kernel/clock.ts';
import { readId, showId, type Uuid } from '../../kernel/id.ts';
import { type Cleared, createCleared } from '../testing/cleared.ts';

const HOUR = 3_600_000;
const TODAY = '2026-03-01';

let t: PointsTestApp;
let c: Cleared;
let programme: string;
let issuer: string;
let taker: string;
let account: string;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  c = await createCleared(t);
  ({ programme, issuer, taker, account } = c);
  await c.book('deposit', 6_000);
});

let booked = 0;
const CONFIRM = '/clearing/settlement-accounts/confirmations';
const written = (role: string, merchantId?: string, more: object = {}): Promise<Answered> =>
  t.call('PUT', '/clearing/settlement-accounts', {
    ...{ programme, role, ...(merchantId === undefined ? {} : { merchantId }) },
    ...{ holder: '某某 & 公司', bank: '工商银行', cnaps: '102290000012', actor: 'Li Lei' },
    ...{ accountNumber: '1001234567890123456', ...more },
  });
/** The same, confirmed by a second person. */
async function settlement(
  role: string,
  merchantId?: string,
  more: { accountNumber?: string; holder?: string } = {},
): Promise<Answered> {
  const { number } = (await written(role, merchantId, more)).body;
  const whose = { programme, role, ...(merchantId === undefined ? {} : { merchantId }) };
  const { accountNumber = '1001234567890123456' } = more;
  const said = { ...whose, number, accountNumber, actor: 'Han Meimei' };
  return t.call('POST', CONFIRM, said, { auth: await t.apiKey(['clearing:write']) });
}
const run = (period: string, options = {}): Promise<Answered> =>
  t.call('POST', `/clearing/periods/${period}/payments`, { actor: 'Li Lei' }, options);
const paymentsOf = (period: string, options = {}): Promise<Answered['body']> =>
  t.ok('GET', `/clearing/periods/${period}/payments`, undefined, options);
const instructionsOf = async (id: string): Promise<Answered['body'][]> =>
  (await t.ok('GET', `/clearing/payments/${id}/instructions`)).items;
const file = async (id: string, query: string): Promise<string> => {
  const auth = await t.apiKey(['clearing:write']);
  const answer = await t.app.inject({
    ...{ method: 'GET', url: `/v1/clearing/payments/${id}/file?${query}` },
    headers: { authorization: `Bearer ${auth}` },
  });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.body;
};
const confirm = (id: string, place: number, outcome: string, more = {}): Promise<Answered> => {
  booked += 1;
  return t.call('POST', `/clearing/payments/${id}/confirmations`, {
    ...{ place, outcome, reference: `C-${booked}`, toldOn: TODAY, actor: 'Li Lei' },
    ...(outcome === 'rejected' ? { reason: 'account closed' } : {}),
    ...more,
  });
};

it('pays out of deposits first, instructs the rest once, and lets those wait who have no account', async () => {
  const period = await c.closed();
  expect((await run(period)).body.code).toBe('custody_account_missing');
  expect((await settlement('custody')).status).toBe(200);
  expect((await settlement('merchant', taker)).body).toMatchObject({
    ...{ merchantId: taker, number: 1, account: '***************3456' },
  });
  const made = await run(period, { key: `run-${period}` });
  expect([made.status, made.body]).toMatchObject([201, { number: 1, instructions: 1 }]);
  const again = await run(period, { key: `run-${period}` });
  expect(again.body.id).toBe(made.body.id);
  // Of 500 points of 10 fen 400 were used: all of that was paid in. The taker gets 9 − 1 fen a point.
  expect(await instructionsOf(made.body.id)).toMatchObject([
    { place: 1, merchantId: taker, kind: 'pay_out', fen: 3_200, state: 'instructed' },
  ]);
  expect(await paymentsOf(period)).toMatchObject({
    runs: [{ id: made.body.id }],
    offsets: [{ merchantId: issuer, depositsFen: 4_000, nettedFen: 0 }],
    waiting: [{ merchantId: null, fen: 800, why: 'no_account' }],
  });
  expect(await t.ok('GET', `/clearing/funding/accounts/${account}`)).toMatchObject({
    ...{ depositedFen: 6_000, paidOutFen: 4_000, usedFen: 4_000, outstandingFen: 1_000 },
    ...{ availableFen: 1_000, withdrawableFen: 1_000 },
  });
  expect((await run(period)).body.code).toBe('payments_nothing_left');
  await settlement('operator');
  const second = await run(period);
  expect(second.body).toMatchObject({ number: 2, instructions: 1 });
  expect((await paymentsOf(period)).waiting).toEqual([]);
});

it('sends money to no account that only one person knows of', async () => {
  const period = await c.closed();
  await written('custody');
  expect((await run(period)).body.code).toBe('settlement_account_unconfirmed');
  await settlement('custody');
  expect((await written('merchant', taker)).body.confirmed).toBeNull();
  await settlement('operator');
  const auth = await t.apiKey(['clearing:write']);
  const good = {
    ...{ programme, role: 'merchant', merchantId: taker, number: 1, actor: 'Han Meimei' },
    accountNumber: '1001234567890123456',
  };
  const code = async (more: object, options = {}) =>
    (await t.call('POST', CONFIRM, { ...good, ...more }, options)).body.code;
  expect(await code({})).toBe('same_person');
  expect(await code({ actor: 'li lei ' }, { auth })).toBe('same_person');
  expect(await code({ accountNumber: '1001234567890123457' }, { auth })).toBe(
    'settlement_account_different',
  );
  expect(await code({ number: 2 }, { auth })).toBe('settlement_account_replaced');
  expect(await code({ merchantId: issuer }, { auth })).toBe('settlement_account_not_found');
  const waits = [{ merchantId: taker, fen: 3_200, why: 'account_unconfirmed' }];
  expect((await run(period)).body.instructions).toBe(1);
  expect((await paymentsOf(period)).waiting).toEqual(waits);
  const confirmed = await t.call('POST', CONFIRM, good, { auth });
  expect(confirmed.body).toMatchObject({ number: 1, confirmed: { actor: 'Han Meimei' } });
  expect(await code({}, { auth })).toBe('settlement_account_confirmed');
  // Somebody says that it is not right any more: then the one before is not used either.
  await written('merchant', taker, { accountNumber: '99999999' });
  expect((await paymentsOf(period)).waiting).toEqual(waits);
  expect((await run(period)).body.code).toBe('payments_nothing_left');
  await settlement('merchant', taker, { accountNumber: '99999999' });
  expect((await run(period)).body.instructions).toBe(1);
});

it('instructs in runs that race nothing twice', async () => {
  const period = await c.closed();
  await settlement('custody');
  await settlement('merchant', taker);
  const runs = await Promise.all(Array.from({ length: 4 }, () => run(period)));
  expect(runs.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
});

it('writes files that banks take, always the same bytes', async () => {
  // 100 of the points cost more than what was paid in.
  const period = await c.closed(300);
  for (const role of ['custody', 'operator']) await settlement(role);
  await settlement('merchant', taker);
  const { id } = (await run(period)).body;
  const xml = await file(id, 'format=pain001');
  expect(xml).toContain('xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"');
  expect(xml).toContain('<Nm>某某 &amp; 公司</Nm>');
  const amounts = [...xml.matchAll(/<InstdAmt Ccy="CNY">([\d.]+)</g)].map(([, yuan]) => yuan);
  expect(amounts.sort()).toEqual(['24.00', '6.00']);
  // Of the whole, and of its only debtor.
  expect([...xml.matchAll(/<CtrlSum>([\d.]+)</g)].map(([, yuan]) => yuan)).toEqual([
    '30.00',
    '30.00',
  ]);
  const csv = await file(id, 'format=csv&lang=en');
  expect(csv.split('\r\n')[0]).toContain('Payer account');
  expect(csv).toContain('1001234567890123456\t');
  // A new version of an account changes nothing of what was instructed for the old one.
  await settlement('merchant', taker, { accountNumber: '99999999', holder: '=cmd()' });
  t.clock.advance(HOUR);
  expect(await file(id, 'format=pain001')).toBe(xml);
  expect(await file(id, 'format=csv&lang=en')).toBe(csv);
});

it('books once what became of an instruction, and instructs anew what was rejected', async () => {
  const period = await c.closed();
  for (const role of ['custody', 'operator']) await settlement(role);
  await settlement('merchant', taker);
  const { id } = (await run(period)).body;
  const [first, second] = await instructionsOf(id);
  expect((await confirm(id, first?.place, 'paid')).body.state).toBe('paid');
  expect((await confirm(id, first?.place, 'paid')).body.code).toBe('payment_confirmed');
  const same = { reference: `C-${booked - 1}` };
  expect((await confirm(id, second?.place, 'paid', same)).body.code).toBe(
    'payment_reference_exists',
  );
  expect((await confirm(id, 9, 'paid')).body.code).toBe('payment_instruction_not_found');
  const silent = await confirm(id, second?.place, 'paid', { reason: 'none' });
  expect(silent.body.code).toBe('payment_reason');
  expect((await confirm(id, second?.place, 'rejected')).body.state).toBe('rejected');
  const anew = await run(period);
  expect(anew.body).toMatchObject({ number: 2, instructions: 1 });
  const [last] = await instructionsOf(anew.body.id);
  expect(last).toMatchObject({ merchantId: second?.merchantId, fen: second?.fen });
});

it('frees a line of credit by what was paid for used points, and no more', async () => {
  await c.book('withdrawal', 6_000);
  const budget = 'select budget from funding_account where id = $1';
  const id = readId('fundingAccount', account);
  // As terms that let it owe ¥60.
  await t.pool.query('update funding_account set credit_fen = 6000 where id = $1', [id]);
  await t.pool.query(`select ledger.set_budget_total((${budget}), 6000000)`, [id]);
  const period = await c.closed();
  await settlement('custody');
  await settlement('merchant', issuer);
  const made = (await run(period)).body;
  const [due] = await instructionsOf(made.id);
  expect(due).toMatchObject({ merchantId: issuer, kind: 'collect', fen: 4_000 });
  const available = async (): Promise<number> =>
    (await t.ok('GET', `/clearing/funding/accounts/${account}`)).availableFen;
  expect(await available()).toBe(1_000);
  await confirm(made.id, due?.place, 'paid');
  expect(await available()).toBe(5_000);
  // Points that come back need it again, and what was paid for them goes back.
  const { rows } = await t.pool.query<{ id: Uuid; member: Uuid }>(
    `select t.id, t.member from ledger.transaction t join programme p on p.id = t.programme
      where p.code = $1 and t.kind = 2`,
    [programme],
  );
  const [burnt] = rows as [{ id: Uuid; member: Uuid }];
  await t.ok('POST', '/transactions', {
    ...{ kind: 'refund', points: 400, memberId: showId('member', burnt.member) },
    transactionId: showId('transaction', burnt.id),
  });
  t.clock.advance(HOUR);
  const until = showInstant(t.clock.now());
  const next = (await t.ok('POST', '/clearing/periods', { programme, until })).id;
  const back = await instructionsOf((await run(next)).body.id);
  expect(back).toMatchObject([{ merchantId: issuer, kind: 'pay_out', fen: 4_000 }]);
  expect((await paymentsOf(next)).offsets).toMatchObject([{ keptFen: 0, undoneFen: 4_000 }]);
  expect(await available()).toBe(1_000);
});

it('settles what was used whatever was ever paid in', async () => {
  await c.book('withdrawal', 6_000);
  const id = readId('fundingAccount', account);
  const most = 100_000_000_000;
  await t.pool.query(
    'update funding_account set credit_fen = 6000, deposited_fen = $2, withdrawn_fen = $2 where id = $1',
    [id, most],
  );
  const budget = 'select budget from funding_account where id = $1';
  await t.pool.query(`select ledger.set_budget_total((${budget}), 6000000)`, [id]);
  const period = await c.closed();
  await settlement('custody');
  await settlement('merchant', issuer);
  const made = (await run(period)).body;
  const told = await confirm(made.id, 1, 'paid');
  expect([told.status, told.body.state]).toEqual([201, 'paid']);
  const entry = { kind: 'deposit', fen: 1, reference: 'one more', paidOn: TODAY, actor: 'Li Lei' };
  const more = await t.call('POST', `/clearing/funding/accounts/${account}/entries`, entry);
  expect(more.body.code).toBe('funding_too_much');
});

it('covers points again that were settled and came back', async () => {
  for (const role of ['custody', 'operator']) await settlement(role);
  for (const merchant of [issuer, taker]) await settlement('merchant', merchant);
  const own = () => t.ok('GET', `/clearing/funding/accounts/${account}`);
  const memberId = (await t.ok('POST', '/members', { programme })).id;
  const move = (body: object) => t.ok('POST', '/transactions', { memberId, ...body });
  const used = (points: number) =>
    move({ kind: 'burn', merchantId: taker, pointType: 'points', points });
  const closed = async (): Promise<string> => {
    t.clock.advance(HOUR);
    const until = showInstant(t.clock.now());
    return (await t.ok('POST', '/clearing/periods', { programme, until })).id;
  };
  await move({ kind: 'issue', merchantId: issuer, pointType: 'points', points: 600 });
  const first = await used(400);
  await run(await closed());
  expect(await own()).toMatchObject({ paidOutFen: 4_000, availableFen: 0, withdrawableFen: 0 });
  await move({ kind: 'refund', transactionId: first.transaction.id, points: 400 });
  const second = await closed();
  // ¥40 are due to the issuer: they stay in custody for the 400 points that may be used again.
  const made = (await run(second)).body;
  expect((await instructionsOf(made.id)).map(({ merchantId }) => merchantId)).not.toContain(issuer);
  expect((await paymentsOf(second)).offsets).toEqual([
    { merchantId: issuer, depositsFen: 0, nettedFen: 0, keptFen: 4_000, undoneFen: 0 },
  ]);
  expect(await own()).toMatchObject({
    ...{ paidOutFen: 4_000, keptFen: 4_000, usedFen: 0, availableFen: 0, withdrawableFen: 0 },
  });
  expect((await paymentsOf(second)).waiting).toEqual([]);
  await used(600);
  const third = await closed();
  await run(third);
  // All of it is paid out of custody; the issuer owes nothing beside.
  expect((await paymentsOf(third)).offsets).toMatchObject([{ depositsFen: 6_000 }]);
  expect(await own()).toMatchObject({ paidOutFen: 10_000, usedFen: 6_000, availableFen: 0 });
  const { findings } = await t.ok('POST', '/clearing/reconciliation', { programme });
  expect(findings).toEqual([]);
});

it('shows a merchant what concerns it, and account numbers to nobody who may only read', async () => {
  const period = await c.closed();
  for (const role of ['custody', 'operator']) await settlement(role);
  await settlement('merchant', taker);
  const { id } = (await run(period)).body;
  const auth = await t.apiKey(['clearing:read'], taker);
  const own = await t.call('GET', `/clearing/payments/${id}/instructions`, undefined, { auth });
  expect(own.body.items).toMatchObject([{ merchantId: taker }]);
  const accounts = await t.call(
    'GET',
    `/clearing/settlement-accounts?programme=${programme}`,
    undefined,
    { auth },
  );
  expect(accounts.body.items).toMatchObject([
    { merchantId: taker, account: expect.stringMatching(/^\*+3456$/) },
  ]);
  expect((await paymentsOf(period, { auth })).offsets).toEqual([]);
  const other = await t.apiKey(['clearing:read'], issuer);
  const hidden = await t.call('GET', `/clearing/payments/${id}/instructions`, undefined, {
    auth: other,
  });
  expect(hidden.body.code).toBe('payment_run_not_found');
  const refused = await t.call('GET', `/clearing/payments/${id}/file`, undefined, { auth });
  expect(refused.body.code).toBe('scope_missing');
  const { rows } = await t.pool.query<{ all: string }>(
    "select string_agg(row_to_json(a)::text, ' ') as all from settlement_account a",
  );
  expect(rows[0]?.all).not.toContain('1001234567890123456');
});
