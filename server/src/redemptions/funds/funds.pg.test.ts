import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { showTerms } from '../../catalogue/terms-schema.ts';
import { terms } from '../../catalogue/testing/told.ts';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { settle } from '../../jobs/run-jobs.ts';
import { localDate } from '../../kernel/calendar.ts';
import { showInstant } from '../../kernel/clock.ts';
import { POINTS_MAX } from '../../kernel/points.ts';
import type { RewardTerms } from '../../kernel/reward.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ZONE = 'Asia/Shanghai';

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
});
afterAll(async () => {
  const breaches = await findBreaches(t.pool);
  // Of every fund what is owed is what came in less what went out.
  const { rows } = await t.pool.query(
    `select fund, sum(case kind when 'donated' then fen else -fen end)::int8 as fen from fund_entry group by fund
      except select fund, sum(fen)::int8 from fund_due group by fund`,
  );
  await t.close();
  expect(breaches).toEqual([]);
  expect(rows).toEqual([]);
});
beforeEach(async () => {
  memberId = await t.member();
  await t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId, points: 10_000 });
});

let count = 0;
const today = (): string => localDate(t.clock.now(), ZONE);
const fundBody = (more: object = {}) => ({
  name: { zh: '植树' },
  organisation: '某基金会',
  certificate: { number: '慈 1', issuingBody: '民政局', validUntil: '2099-12-31' },
  from: '2020-01-01',
  actor: 'Li Lei',
  ...more,
});
async function fund(more: object = {}): Promise<string> {
  count += 1;
  const code = `fund-${count}`;
  await t.ok('PUT', `/funds/${code}`, fundBody(more));
  return code;
}
const bodyOf = (code: string, more: Partial<RewardTerms> = {}) => ({
  ...showTerms(
    terms({
      kind: 'donation',
      cashValueFen: 100,
      prices: [{ points: [{ pointType: 'points', points: 50 }], cashFen: 0 }],
      fulfilment: { kind: 'donation', fund: code },
      afterSales: { returnDays: 0, qualityDays: 0, exchange: false },
      ...more,
    }),
  ),
  stores: [{ merchant: merchantId }],
});
/** A reward of ¥1 for 50 points to a fund. */
async function giving(code: string, more: Partial<RewardTerms> = {}): Promise<string> {
  count += 1;
  const asked = { code: `give-${count}`, merchantId, body: bodyOf(code, more) };
  const { id } = await t.ok('POST', '/rewards', asked);
  await t.ok('POST', `/rewards/${id}/publish`, {});
  t.clock.set(t.clock.now() + MINUTE);
  return id;
}
const give = (rewardId: string, quantity: number, options = {}): Promise<Answered> =>
  t.call('POST', '/redemptions', { memberId, rewardId, merchantId, quantity }, options);
async function given(rewardId: string, quantity: number): Promise<string> {
  const { status, body, text } = await give(rewardId, quantity);
  expect(status, text).toBe(201);
  return body.id;
}
const pay = (code: string, fen: number, reference: string, options = {}): Promise<Answered> =>
  t.call(
    'POST',
    `/funds/${code}/payments`,
    { merchantId, fen, reference, paidOn: today(), actor: 'Han Meimei' },
    options,
  );
async function statement(code: string): Promise<Answered['body']> {
  const answer = await t.app.inject({ method: 'GET', url: `/v1/funds/${code}/statement` });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}
const cancel = (id: string): Promise<Answered> => t.call('POST', `/redemptions/${id}/cancel`, {});

it('is made and changed by the operator alone, and a reward names one that is there', async () => {
  const code = await fund();
  expect(await t.ok('GET', '/funds?limit=100')).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ code, closed: null })]),
  });
  const auth = await t.apiKey(['rewards:read', 'funds:pay'], merchantId);
  const made = await t.call('PUT', `/funds/${code}`, fundBody(), { auth });
  expect(made.status).toBe(403);
  const bad = await t.call('PUT', `/funds/${code}`, fundBody({ from: '2027-02-30' }));
  expect(bad.body.code).toBe('days_invalid');
  const ended = await t.call('PUT', `/funds/${code}`, fundBody({ until: '2019-12-31' }));
  expect(ended.body.code).toBe('days_invalid');
  const asked = { code: 'to-nobody', merchantId, body: bodyOf('nobody') };
  const refused = await t.call('POST', '/rewards', asked);
  expect(refused.body).toMatchObject({
    code: 'reward_invalid',
    errors: [{ path: '/body/fulfilment/fund', code: 'unknown_fund' }],
  });
});

it('gives the member a receipt that anybody can check, and tells nobody who gave', async () => {
  const code = await fund();
  const id = await given(await giving(code), 3);
  const path = `/redemptions/${id}/receipt`;
  const told = await t.call('GET', path);
  expect(told.headers['content-disposition']).toBe(
    `attachment; filename="${told.body.receiptNo}.json"`,
  );
  expect(told.body).toMatchObject({
    programme: 'default',
    fund: { code, organisation: '某基金会', certificate: { number: '慈 1' } },
    points: [{ pointType: 'points', points: 150 }],
    fen: 300,
    givenBackAt: null,
    ...{ memberId, redemptionId: id },
  });
  const [transaction] = told.body.transactionIds;
  expect(await t.ok('GET', `/transactions/${transaction}`)).toMatchObject({
    transaction: { kind: 'burn', points: 150 },
  });
  // What it says stays, whatever the fund says later.
  await t.ok('PUT', `/funds/${code}`, fundBody({ organisation: '新名称' }));
  expect((await t.ok('GET', path)).fund.organisation).toBe('某基金会');
  const url = `/v1/donations/${told.body.receiptNo}`;
  const checked = (await t.app.inject({ method: 'GET', url })).json();
  const { memberId: _, redemptionId: __, transactionIds: ___, ...open } = told.body;
  expect(checked).toEqual(open);
  const stranger = await t.apiKey(['redemptions:read'], await t.merchant());
  expect((await t.call('GET', path, undefined, { auth: stranger })).body.code).toBe(
    'redemption_not_found',
  );
  const other = `/v1/donations/${told.body.receiptNo.slice(0, -4)}0000`;
  expect((await t.app.inject({ method: 'GET', url: other })).statusCode).toBe(404);
});

it('takes nothing before it begins, after it ends, and while its certificate is lapsed', async () => {
  const code = await fund();
  const rewardId = await giving(code);
  const why = async (more: object): Promise<string | undefined> => {
    await t.ok('PUT', `/funds/${code}`, fundBody(more));
    const { body } = await give(rewardId, 1);
    return body.code === 'fund_not_receiving' ? body.why : body.state;
  };
  const yesterday = localDate(t.clock.now() - DAY, ZONE);
  const tomorrow = localDate(t.clock.now() + DAY, ZONE);
  const certificate = { number: '慈 2', issuingBody: '民政局', validUntil: yesterday };
  expect(await why({ from: tomorrow })).toBe('not_begun');
  expect(await why({ until: yesterday })).toBe('ended');
  expect(await why({ certificate })).toBe('certificate_lapsed');
  expect(await why({ certificate: { ...certificate, validUntil: today() } })).toBe('fulfilled');
  t.clock.set(t.clock.now() + DAY);
  expect((await give(rewardId, 1)).body.why).toBe('certificate_lapsed');
  expect((await statement(code)).months).toMatchObject([{ donations: 1, donatedFen: 100 }]);
});

it('is paid never more than was donated and not paid yet, by those who owe it', async () => {
  const code = await fund();
  await given(await giving(code), 5);
  expect((await pay(code, 501, 'P-1')).body).toMatchObject({
    code: 'fund_payment_too_much',
    owedFen: 500,
  });
  const auth = await t.apiKey(['funds:pay'], merchantId);
  const first = await pay(code, 200, 'P-1', { auth, key: 'pay-1' });
  expect([first.status, first.body]).toMatchObject([201, { fen: 200, owedFen: 300 }]);
  const again = await pay(code, 200, 'P-1', { auth, key: 'pay-1' });
  expect([again.status, again.body.id]).toEqual([201, first.body.id]);
  expect((await pay(code, 200, 'P-1')).body.code).toBe('fund_payment_exists');
  const race = await Promise.all(['P-2', 'P-3', 'P-4'].map((no) => pay(code, 200, no)));
  expect(race.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
  expect((await pay(code, 100, 'P-5')).body).toMatchObject({ owedFen: 0 });
  const other = await t.merchant();
  const stranger = await t.apiKey(['funds:pay'], other);
  expect((await pay(code, 1, 'P-6', { auth: stranger })).body.code).toBe('merchant_out_of_reach');
  expect((await pay('nothing', 1, 'P-6')).body.code).toBe('fund_not_found');
  expect((await pay(code, 1, 'P-6')).body).toMatchObject({ owedFen: 0 });
});

it('gives back what is cancelled, unless it was paid over', async () => {
  const code = await fund();
  const rewardId = await giving(code);
  const [a, b] = [await given(rewardId, 2), await given(rewardId, 3)];
  expect((await cancel(a)).status).toBe(200);
  expect((await cancel(a)).status).toBe(200);
  expect((await t.balance(memberId)).available).toBe(10_000 - 150);
  expect((await t.ok('GET', `/redemptions/${a}/receipt`)).givenBackAt).not.toBeNull();
  await pay(code, 1, 'Q-1');
  const dry = await t.call('POST', `/redemptions/${b}/cancel`, { dryRun: true });
  expect(dry.body.code).toBe('donation_paid_over');
  expect((await cancel(b)).body.code).toBe('donation_paid_over');
  expect((await statement(code)).months).toMatchObject([
    {
      ...{ donations: 2, donatedFen: 500, donatedPoints: [{ points: 250 }] },
      ...{ givenBack: 1, givenBackFen: 200, givenBackPoints: [{ points: 100 }] },
      ...{ payments: 1, paidFen: 1, openingFen: 0, closingFen: 299 },
    },
  ]);
});

it('shows a statement that adds up over months, each opening with what the one before closed with', async () => {
  const code = await fund();
  const rewardId = await giving(code);
  let seen: Answered['body'][] = [];
  for (let month = 0; month < 4; month += 1) {
    const id = await given(rewardId, 2 + month);
    await given(rewardId, 1);
    if (month % 2 === 1) expect((await cancel(id)).status).toBe(200);
    expect((await pay(code, 100, `M-${month}`)).status).toBe(201);
    const { months, owedFen } = await statement(code);
    // Months that are over stay as they are.
    expect(months.slice(0, -1)).toEqual(seen);
    expect(months.at(-1).closingFen).toBe(owedFen);
    seen = months;
    t.clock.set(t.clock.now() + 31 * DAY);
  }
  const { months, owedFen } = await statement(code);
  expect(months).toHaveLength(4);
  let opening = 0;
  for (const each of months) {
    expect(each.openingFen).toBe(opening);
    opening = each.openingFen + each.donatedFen - each.givenBackFen - each.paidFen;
    expect(each.closingFen).toBe(opening);
  }
  expect(owedFen).toBe(1_800 - 800 - 400);
  expect(JSON.stringify(months)).not.toMatch(/mem_|rdm_/);
});

it('is entered once, also after an answer that was lost', async () => {
  const code = await fund();
  const rewardId = await giving(code);
  t.ledgerDown = true;
  expect((await give(rewardId, 2, { key: 'lost-gift' })).status).toBe(503);
  t.ledgerDown = false;
  t.clock.set(t.clock.now() + 2 * MINUTE);
  await settle(t.jobs);
  expect((await give(rewardId, 2, { key: 'lost-gift' })).status).toBe(201);
  expect((await statement(code)).months).toMatchObject([{ donations: 1, donatedFen: 200 }]);
});

it('is entered by the clock of its own programme, whoever gives elsewhere at the same moment', async () => {
  const [code, ahead] = [await fund(), 'green-ahead'];
  const rewardId = await giving(code);
  await t.ok('POST', '/programmes', {
    ...{ code: ahead, name: 'Ahead', sandbox: true, ruleNoticeDays: 0 },
    pointTypes: [{ code: 'points', name: '积分' }],
  });
  const there = await t.merchant({ programme: ahead });
  await t.ok('PUT', `/funds/${code}`, { ...fundBody(), programme: ahead });
  const body = { ...bodyOf(code), stores: [{ merchant: there }] };
  const { id } = await t.ok('POST', '/rewards', { code: 'ahead', merchantId: there, body });
  await t.ok('POST', `/rewards/${id}/publish`, {});
  const later = showInstant(t.clock.now() + 400 * DAY);
  await t.ok('PUT', `/programmes/${ahead}/clock`, { now: later });
  const issued = { kind: 'issue', memberId, merchantId: there, points: 100 };
  await t.ok('POST', '/transactions', issued);
  const { results } = await t.ok('POST', '/redemptions/bulk', {
    redemptions: [
      { memberId, rewardId, merchantId },
      { memberId, rewardId: id, merchantId: there },
    ],
  });
  expect(results).toMatchObject([{ status: 'applied' }, { status: 'applied' }]);
  const [{ month }] = (await statement(code)).months;
  expect(month).toBe(today().slice(0, 7));
});

it('is not entered when it comes to more than anybody gives at once: its statement stays readable', async () => {
  const code = await fund();
  const rewardId = await giving(code, { cashValueFen: 500_000_000 });
  expect((await give(rewardId, 3)).body.code).toBe('amount_out_of_range');
  await given(rewardId, 2);
  expect((await statement(code)).owedFen).toBe(1_000_000_000);
  const huge = await giving(code, { cashValueFen: POINTS_MAX });
  expect((await give(huge, 1)).body.code).toBe('amount_out_of_range');
});
