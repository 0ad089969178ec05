import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { type Cleared, createCleared } from '../testing/cleared.ts';

const TODAY = '2026-03-01';
const TAX_NUMBER = '91350100M000100Y43';

let t: PointsTestApp;
let c: Cleared;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  c = await createCleared(t);
  await c.book('deposit', 20_000);
});

const title = (merchantId?: string, more: object = {}): Promise<Answered> =>
  t.call('PUT', '/clearing/invoice-titles', {
    ...{ programme: c.programme, ...(merchantId === undefined ? {} : { merchantId }) },
    ...{ title: '某某有限公司', taxNumber: TAX_NUMBER, address: '某路 1 号', phone: '010-1' },
    ...{ bank: '工商银行', bankAccount: '1001234567890123456', handsOut: 'goods' },
    ...{ actor: 'Li Lei', ...more },
  });
const make = (period: string, options = {}): Promise<Answered> =>
  t.call('POST', `/clearing/periods/${period}/invoices`, { actor: 'Li Lei' }, options);
const invoicesOf = async (period: string): Promise<Answered['body'][]> =>
  (await t.ok('GET', `/clearing/periods/${period}/invoices`)).items;
const note = (id: string, kind: string, number: string, more: object = {}): Promise<Answered> =>
  t.call('POST', `/clearing/invoices/${id}/${kind}`, {
    ...{ number, issuedOn: TODAY, actor: 'Li Lei', ...more },
  });

it('invoices the fee and nothing else, once, in names that are complete', async () => {
  const period = await c.closed();
  expect((await make(period)).body.code).toBe('invoice_seller_missing');
  const wrong = await title(undefined, { taxNumber: '91350100M000100Y44' });
  expect(wrong.body.code).toBe('tax_number_invalid');
  expect((await title()).body).toMatchObject({ merchantId: null, number: 1 });
  expect((await make(period)).body.code).toBe('invoices_nothing_left');
  expect(await t.ok('GET', `/clearing/periods/${period}/invoicing`)).toEqual({
    uninvoiced: [{ merchantId: c.taker, feeFen: 400 }],
    passThrough: expect.arrayContaining([
      { merchantId: c.issuer, owedFen: 4_000, dueFen: 0 },
      { merchantId: c.taker, owedFen: 0, dueFen: 3_600 },
    ]),
  });
  await title(c.taker);
  const made = await make(period, { key: `make-${period}` });
  expect([made.status, made.body]).toEqual([201, { made: 1, waiting: [] }]);
  const races = await Promise.all([make(period), make(period)]);
  expect(races.map(({ body }) => body.code)).toEqual(Array(2).fill('invoices_nothing_left'));
  // 400 / 1.06 = 377.36
  const [invoice] = await invoicesOf(period);
  expect(invoice).toMatchObject({
    ...{ merchantId: c.taker, state: 'made', redLetter: false, rateBasisPoints: 600 },
    ...{ grossFen: 400, netFen: 377, taxFen: 23 },
  });
  // What was made keeps the names it was made in.
  await title(c.taker, { title: '新名称' });
  expect(await t.ok('GET', `/clearing/invoices/${invoice?.id}`)).toMatchObject({
    ...{ seller: { merchantId: null }, buyer: { title: '某某有限公司', number: 1 } },
    lines: [{ place: 1, pointType: 'points', grossFen: 400, netFen: 377, taxFen: 23 }],
  });
});

it('notes numbers of the tax system once, and makes another invoice of what was reversed', async () => {
  const period = await c.closed();
  await title();
  await title(c.taker);
  await make(period);
  const [{ id } = { id: '' }] = await invoicesOf(period);
  const early = await note(id, 'reversed', 'R-1', { reason: 'wrong name' });
  expect(early.body.code).toBe('invoice_not_issued');
  expect((await note(id, 'issued', 'N-1')).body.state).toBe('issued');
  expect((await note(id, 'issued', 'N-2')).body.code).toBe('invoice_told');
  const same = await note(id, 'reversed', 'N-1', { reason: 'wrong name' });
  expect(same.body.code).toBe('invoice_number_exists');
  const late = await note(id, 'reversed', 'R-1', { reason: 'wrong name', issuedOn: '2026-03-09' });
  expect(late.body.code).toBe('days_invalid');
  const back = await note(id, 'reversed', 'R-1', { reason: 'wrong name' });
  expect(back.body).toMatchObject({
    state: 'reversed',
    numbers: [{ number: 'N-1' }, { number: 'R-1' }],
  });
  expect((await make(period)).body.made).toBe(1);
  expect((await invoicesOf(period)).map(({ state }) => state).sort()).toEqual(['made', 'reversed']);
});

it('takes back what was made in a wrong name and not issued, and makes it again', async () => {
  const period = await c.closed();
  await title();
  await title(c.taker, { title: '错误的名称' });
  await make(period);
  const [{ id } = { id: '' }] = await invoicesOf(period);
  await title(c.taker);
  const why = { reason: 'a wrong name', actor: 'Li Lei' };
  const cancel = (invoice: string): Promise<Answered> =>
    t.call('POST', `/clearing/invoices/${invoice}/cancel`, why);
  expect((await cancel(id)).body).toMatchObject({ state: 'cancelled', cancelled: 'a wrong name' });
  expect((await cancel(id)).body.code).toBe('invoice_cancelled');
  expect((await note(id, 'issued', 'N-9')).body.code).toBe('invoice_cancelled');
  expect((await make(period)).body.made).toBe(1);
  expect((await make(period)).body.code).toBe('invoices_nothing_left');
  const list = await invoicesOf(period);
  const again = list.find(({ state }) => state === 'made');
  expect((await t.ok('GET', `/clearing/invoices/${again?.id}`)).buyer.title).toBe('某某有限公司');
  await note(again?.id, 'issued', 'N-9');
  expect((await cancel(again?.id)).body.code).toBe('invoice_issued');
});

it('taxes a period by the rates of its last day', async () => {
  await title();
  await title(c.taker);
  const rates = { standardBasisPoints: 1_300, reducedBasisPoints: 900, serviceBasisPoints: 300 };
  const set = (from: string): Promise<Answered['body']> =>
    t.ok('PUT', '/clearing/tax-rates', {
      ...{ programme: c.programme, from, ...rates, actor: 'Li Lei' },
    });
  await set('2027-01-01');
  const first = await c.closed();
  await make(first);
  expect((await invoicesOf(first))[0]).toMatchObject({ rateBasisPoints: 600 });
  expect(await set('2026-03-01')).toMatchObject({ number: 2 });
  const second = await c.closed(100);
  await make(second);
  expect((await invoicesOf(second))[0]).toMatchObject({
    rateBasisPoints: 300,
    grossFen: 100,
    netFen: 97,
  });
});

it('writes invoices as CSV, the same bytes every time', async () => {
  const period = await c.closed();
  await title(undefined, { title: '=cmd()' });
  await title(c.taker);
  await make(period);
  const file = async (lang: string): Promise<string> => {
    const auth = await t.apiKey(['clearing:read']);
    const answer = await t.app.inject({
      ...{ method: 'GET', url: `/v1/clearing/periods/${period}/invoice-file?lang=${lang}` },
      headers: { authorization: `Bearer ${auth}` },
    });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.body;
  };
  const zh = await file('zh-CN');
  expect(zh.split('\r\n')).toHaveLength(3);
  expect(zh).toContain("'=cmd()");
  expect(zh).toContain('6%,3.77,0.23,4.00');
  expect(await file('zh-CN')).toBe(zh);
  expect(await file('en')).toContain('Seller tax number');
});

it('says how a merchant’s own sales for points are taxed', async () => {
  await title(c.issuer, { handsOut: 'service' });
  const taken = await c.closed(400);
  const uses = (period: string, merchantId: string): Promise<Answered['body']> =>
    t.ok('GET', `/clearing/periods/${period}/taxed-uses?merchantId=${merchantId}`);
  expect((await uses(taken, c.taker)).items).toMatchObject([
    {
      ...{ kind: 'use', points: 400, redemptionId: null },
      // 3,600 fen are paid for it: goods of 13 %.
      parts: [{ treatment: 'service', pointsFen: 3_600, cashFen: 0, netFen: 3_186, taxFen: 414 }],
    },
  ]);
  expect((await uses(taken, c.issuer)).items).toEqual([]);
  const own = await c.closed(50, c.issuer);
  expect((await uses(own, c.issuer)).items).toMatchObject([
    { parts: [{ treatment: 'deemed_sale', pointsFen: 500, grossFen: 500, netFen: 472 }] },
  ]);
});

it('shows a merchant its own invoices and no others', async () => {
  const period = await c.closed();
  await title();
  await title(c.taker);
  await make(period);
  const [{ id } = { id: '' }] = await invoicesOf(period);
  const get = (path: string, auth: string): Promise<Answered> =>
    t.call('GET', path, undefined, { auth });
  const own = await t.apiKey(['clearing:read'], c.taker);
  expect((await get(`/clearing/invoices/${id}`, own)).status).toBe(200);
  const other = await t.apiKey(['clearing:read'], c.issuer);
  expect((await get(`/clearing/invoices/${id}`, other)).body.code).toBe('invoice_not_found');
  expect((await get(`/clearing/periods/${period}/invoices`, other)).body.items).toEqual([]);
  const titles = `/clearing/invoice-titles?programme=${c.programme}`;
  expect((await get(titles, other)).body.items).toEqual([]);
  const theirs = `/clearing/periods/${period}/taxed-uses?merchantId=${c.taker}`;
  expect((await get(theirs, other)).status).toBe(403);
  const { passThrough } = (await get(`/clearing/periods/${period}/invoicing`, other)).body;
  expect(passThrough).toMatchObject([{ merchantId: c.issuer }]);
});
