import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { localDate } from '../../kernel/calendar.ts';
import { readId } from '../../kernel/id.ts';
import { readFundingAccounts } from './read-accounts.ts';

let t: PointsTestApp;
let merchantId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
});
beforeEach(async () => {
  merchantId = await t.merchant();
});
afterAll(() => t.close());

const PATH = '/clearing/funding/accounts';
const open = (more: object = {}): Promise<Answered> =>
  t.call('POST', PATH, { merchantId, alertFen: 10_000, actor: 'Li Lei', ...more });
async function opened(more: object = {}): Promise<string> {
  const { status, body, text } = await open(more);
  expect(status, text).toBe(201);
  return body.id;
}
let count = 0;
const book = (id: string, kind: string, fen: number, more: object = {}, options = {}) => {
  count += 1;
  t.clock.advance(1);
  const paidOn = localDate(t.clock.now(), 'Asia/Shanghai');
  const body = { kind, fen, reference: `B-${count}`, paidOn, actor: 'Han Meimei', ...more };
  return t.call('POST', `${PATH}/${id}/entries`, body, options);
};
const shown = (id: string): Promise<Answered['body']> => t.ok('GET', `${PATH}/${id}`);
/** As if points for so many milli-fen had been issued. */
async function draw(id: string, milli: number): Promise<void> {
  const account = readId('fundingAccount', id);
  await t.pool.query(
    `update ledger.allotment set granted = granted + $2, spent = spent + $2
      where shard = 1 and budget = (select budget from funding_account where id = $1)`,
    [account, milli],
  );
  await t.pool.query(
    'update ledger.budget set lent = lent + $2 where id = (select budget from funding_account where id = $1)',
    [account, milli],
  );
}

it('opens one account for each merchant, whose balance is a budget of the ledger', async () => {
  const from = '2026-04-01T00:00:00.000Z';
  const id = await opened({ from });
  expect(await shown(id)).toMatchObject({
    ...{ merchantId, from, alertFen: 10_000, depositedFen: 0, availableFen: 0, low: true },
  });
  const merchant = readId('merchant', merchantId);
  const listed = await readFundingAccounts(t.pool, 1);
  expect(listed.find((each) => each.merchant === merchant)).toMatchObject({
    from: Date.parse(from),
  });
  expect((await open()).body.code).toBe('funding_account_exists');
  const late = await t.merchant();
  const past = await open({ merchantId: late, from: '2026-02-01T00:00:00Z' });
  expect(past.body.code).toBe('terms_in_past');
  // It is nobody's budget of points.
  const { items } = await t.ok('GET', '/budgets?limit=200');
  expect(items.filter(({ name }: { name: string }) => name.startsWith('funding'))).toEqual([]);
});

it('books what is paid in and out, each transfer once', async () => {
  const id = await opened();
  const first = await book(id, 'deposit', 50_000, { reference: 'ICBC-1' }, { key: 'in-1' });
  expect([first.status, first.body.account.availableFen]).toEqual([201, 50_000]);
  const again = await book(id, 'deposit', 50_000, { reference: 'ICBC-1' }, { key: 'in-1' });
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  const twice = await book(id, 'deposit', 50_000, { reference: 'ICBC-1' });
  expect([twice.status, twice.body.code]).toEqual([409, 'funding_reference_exists']);
  await draw(id, 20_000_500);
  expect(await shown(id)).toMatchObject({
    ...{ depositedFen: 50_000, drawnFen: 20_001, outstandingFen: 20_001, usedFen: 0 },
    ...{ availableFen: 29_999, withdrawableFen: 29_999, low: false },
  });
  const much = await book(id, 'withdrawal', 30_000);
  expect(much.body).toMatchObject({ code: 'funding_too_little', withdrawableFen: 29_999 });
  expect((await book(id, 'withdrawal', 29_999)).body.account).toMatchObject({
    ...{ depositedFen: 20_001, availableFen: 0, low: true },
  });
  const { items } = await t.ok('GET', `${PATH}/${id}/entries`);
  expect(items.map(({ kind, fen }: { kind: string; fen: number }) => [kind, fen])).toEqual([
    ['deposit', 50_000],
    ['withdrawal', 29_999],
  ]);
  for (const paidOn of ['2026-02-30', '2026-03-05'])
    expect((await book(id, 'deposit', 1, { paidOn })).body.code).toBe('days_invalid');
});

it('lets no race pay back more than is there', async () => {
  const id = await opened();
  await book(id, 'deposit', 1_000);
  const all = await Promise.all([600, 600, 600].map((fen) => book(id, 'withdrawal', fen)));
  expect(all.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
  expect(await shown(id)).toMatchObject({ depositedFen: 400, availableFen: 400 });
});

it('notes when an account became low and when it has enough again, once each', async () => {
  const id = await opened();
  const keep = (): Promise<number> => t.jobs.others?.fundingKept?.() ?? Promise.resolve(-1);
  await keep();
  const noted = await shown(id);
  expect(noted).toMatchObject({ low: true, lowSince: expect.any(String) });
  const lows = (await t.ok('GET', `${PATH}?low=true&limit=200`)).items;
  expect(lows.map((each: { id: string }) => each.id)).toContain(id);
  expect(await keep()).toBe(0);
  await book(id, 'deposit', 10_000);
  expect(await keep()).toBe(1);
  expect(await shown(id)).toMatchObject({ low: false, lowSince: null });
  await t.ok('PATCH', `${PATH}/${id}`, { alertFen: 10_001 });
  expect(await shown(id)).toMatchObject({ low: true });
  expect(await keep()).toBe(1);
  const { rows } = await t.pool.query(
    'select is_low from funding_alert where account = $1 order by at_ms',
    [readId('fundingAccount', id)],
  );
  expect(rows).toEqual([{ is_low: true }, { is_low: false }, { is_low: true }]);
});

it('shows a merchant its own account and no other', async () => {
  const id = await opened();
  const own = await t.apiKey(['funding:read'], merchantId);
  const other = await t.merchant();
  const theirs = await opened({ merchantId: other });
  const get = (path: string): Promise<Answered> => t.call('GET', path, undefined, { auth: own });
  expect((await get(`${PATH}/${id}`)).status).toBe(200);
  expect((await get(PATH)).body.items.map((each: { id: string }) => each.id)).toEqual([id]);
  for (const path of [`${PATH}/${theirs}`, `${PATH}/${theirs}/entries`])
    expect((await get(path)).body.code).toBe('funding_account_not_found');
  expect((await get(`${PATH}?merchantId=${other}`)).status).toBe(403);
  expect((await book(id, 'deposit', 1, {}, { auth: own })).body.code).toBe('scope_missing');
});

it('goes with the terms: prefunded without an account, empty, paid in; and a line of credit that grows and falls', async () => {
  const programme = 'by-terms';
  await t.ok('POST', '/programmes', { code: programme, name: programme });
  merchantId = await t.merchant({ programme });
  const memberId = (await t.ok('POST', '/members', { programme })).id;
  const points = [
    {
      ...{ pointType: 'points', issuePriceMicroFen: 10_000_000, reimbursementMicroFen: 9_000_000 },
      feeBasisPoints: 100,
    },
  ];
  const agreed = { programme, points, cycle: 'month', paymentTermDays: 10, actor: 'Li Lei' };
  const publish = async (more: object): Promise<void> => {
    await t.ok('POST', '/clearing/terms', { ...agreed, ...more });
    t.clock.advance(1_000);
  };
  await publish({ settlement: 'prefund' });
  const issue = async (of = 10): Promise<string> => {
    const told = { kind: 'issue', memberId, merchantId, pointType: 'points', points: of };
    const { status, body } = await t.call('POST', '/transactions', told);
    return status === 201 ? 'issued' : body.code;
  };
  expect(await issue()).toBe('funding_missing');
  const id = await opened({ programme });
  t.clock.advance(1_000);
  expect(await issue()).toBe('funding_exhausted');
  await book(id, 'deposit', 100);
  expect(await issue()).toBe('issued');
  expect(await issue()).toBe('funding_exhausted');
  await publish({ merchantId, settlement: 'postpaid', creditLimitFen: 300 });
  const keep = (): Promise<number> => t.jobs.others?.fundingKept?.() ?? Promise.resolve(-1);
  await keep();
  expect(await shown(id)).toMatchObject({
    creditLineFen: 300,
    availableFen: 300,
    withdrawableFen: 0,
  });
  expect(await issue(20)).toBe('issued');
  // It is lowered below what was used of it: nothing more can be drawn, and what was drawn stays.
  await publish({ merchantId, settlement: 'postpaid', creditLimitFen: 150 });
  await keep();
  expect(await shown(id)).toMatchObject({ creditLineFen: 150, drawnFen: 300, availableFen: -50 });
  expect(await issue(1)).toBe('funding_exhausted');
  await book(id, 'deposit', 60);
  expect(await issue(1)).toBe('issued');
});
