import { expect } from 'vitest';
import { area } from './area.ts';
import { ACTOR, at, openStreet } from './street.ts';
import { post, put } from './write.ts';

const SECOND = { actor: 'Han Meimei' };

/** What merchants settle between each other when a month is over, and the books. */
export const settlement = area(
  [
    'closeClearingPeriod',
    'createClearingAdjustment',
    'decideClearingAdjustment',
    'raiseDispute',
    'addDisputeEvidence',
    'withdrawDispute',
    'decideDispute',
    'setSettlementAccount',
    'confirmSettlementAccount',
    'makePaymentRun',
    'confirmPayment',
    'setTaxRates',
    'setInvoiceTitle',
    'makeInvoices',
    'noteInvoiceIssued',
    'noteInvoiceReversed',
    'cancelInvoice',
    'closeBooks',
    'estimateBreakage',
    'setBookValue',
    'reconcileClearing',
    'acknowledgeGuardAlert',
  ],
  async (scene) => {
    const { caller, pool, make, succeed } = scene;
    const { programme, issuer, taker, leaver, stayer, gone } = await openStreet(scene, 'settled');
    const scopes = ['clearing:write', 'disputes:write'];
    const { secret } = (await caller.once('POST', '/keys', { name: 'second', scopes })).body;
    let acts = 0;
    /** What the second person does, whom the first one decides after; answers the id. */
    const second = async (method: string, path: string, body: object): Promise<string> => {
      acts += 1;
      const key = `second-${acts}`;
      const { text, status, body: told } = await caller.as(secret).once(method, path, body, key);
      expect(status, text).toBeLessThan(300);
      return told.id;
    };

    // Two points types' worth of pairs: one merchant disputes a pair, and another is disputed.
    const memberId = await make('/members', { programme, externalIds: { settled: 'C-1' } });
    const move = (kind: string, merchantId: string, count: number): Promise<string> =>
      make('/transactions', { kind, memberId, merchantId, pointType: 'points', points: count });
    for (const merchantId of [issuer, taker, stayer]) {
      await move('issue', merchantId, 1_000);
      await move('burn', merchantId === issuer ? taker : issuer, 500);
      await move('burn', merchantId === issuer ? stayer : issuer, 500);
    }
    await move('issue', issuer, 100);
    await move('burn', gone, 100);
    await make('/clearing/departures', { programme, merchantId: gone, reason: 'moves', ...ACTOR });
    await succeed('PUT', `/programmes/${programme}/clock`, { now: at('2027-02-02') });
    const periodId = await make('/clearing/periods', { programme, until: at('2027-02-01') });

    const adjustment = {
      ...{ programme, payer: issuer, payee: taker, fen: 500, reason: 'a slip was lost', ...ACTOR },
      ...{ evidence: 'the slip', evidenceSha256: 'ab'.repeat(32) },
    };
    const largeId = await make('/clearing/adjustments', { ...adjustment, fen: 1_000_000 });
    const raise = (payer: string, payee: string): Promise<string> =>
      make('/clearing/disputes', {
        ...{ periodId, merchantId: payer, fen: 10, reason: 'a slip is missing', ...ACTOR },
        pair: { payer, taker: payee, pointType: 'points' },
      });
    const disputeId = await raise(issuer, taker);
    const decidedId = await second('POST', '/clearing/disputes', {
      ...{ periodId, merchantId: taker, fen: 10, reason: 'a slip is missing', ...SECOND },
      pair: { payer: taker, taker: issuer, pointType: 'points' },
    });
    const custody = {
      ...{ programme, role: 'custody', holder: 'Licensed Co', bank: 'Bank', cnaps: '102290000012' },
      ...{ accountNumber: '6222000000000000', ...ACTOR },
    };
    const own = { ...custody, role: 'merchant', accountNumber: '6222000000000001' };
    type Account = typeof custody & { merchantId?: string };
    const write = (account: Account): Promise<string> =>
      second('PUT', '/clearing/settlement-accounts', { ...account, ...SECOND });
    const confirmed = '/clearing/settlement-accounts/confirmations';
    const confirming = ({ role, accountNumber, merchantId }: Account): object => ({
      ...{ programme, role, number: 1, accountNumber, ...ACTOR },
      ...(merchantId === undefined ? {} : { merchantId }),
    });
    const settle = async (account: Account): Promise<void> => {
      await write(account);
      const told = await caller.once('POST', confirmed, confirming(account));
      expect(told.status, told.text).toBe(200);
    };
    await settle(custody);
    await settle({ ...own, merchantId: issuer });
    const runId = await make(`/clearing/periods/${periodId}/payments`, ACTOR);
    await settle({ ...own, merchantId: stayer });
    const unconfirmed = { ...own, merchantId: leaver };
    await write(unconfirmed);

    const title = {
      ...{ programme, title: 'Issuer Ltd', taxNumber: '91350100M000100Y43', address: '1 Road' },
      ...{ phone: '0571-1', bank: 'Bank', bankAccount: '1001234567890123456', handsOut: 'goods' },
      ...ACTOR,
    };
    for (const whose of [{}, ...[issuer, stayer, gone].map((merchantId) => ({ merchantId }))])
      await succeed('PUT', '/clearing/invoice-titles', { ...title, ...whose });
    const invoices = `/clearing/periods/${periodId}/invoices`;
    expect((await caller.once('POST', invoices, ACTOR)).status).toBe(201);
    const { items } = (await caller.once('GET', invoices)).body;
    const [issuedId = '', otherId = '', cancelledId = ''] = items.map(({ id }) => id);
    const issued = { number: '24332000000000000001', issuedOn: '2027-02-01', ...ACTOR };
    await make(`/clearing/invoices/${issuedId}/issued`, issued);
    await succeed('PUT', '/clearing/invoice-titles', { ...title, merchantId: taker });

    // Nothing that requests can do makes one.
    const { rows: alerts } = await pool.query<{ number: string }>(
      `insert into guard_alert (programme, point_type, kind, taker, facts, first_seen_ms, last_seen_ms)
     select p.id, t.id, 'drain', '00000000-0000-0000-0000-000000000000', '{}', 1, 1
     from programme p join point_type t on t.programme = p.id where p.code = $1 returning number`,
      [programme],
    );

    const because = { reason: 'a mistake', ...ACTOR };
    return {
      closeClearingPeriod: post('/clearing/periods', { programme, until: at('2027-02-02') }, [
        'programme',
      ]),
      createClearingAdjustment: post('/clearing/adjustments', adjustment, [
        ...['programme', 'evidence', 'evidenceSha256'],
      ]),
      decideClearingAdjustment: post(`/clearing/adjustments/${largeId}/decide`, {
        approve: true,
        ...ACTOR,
      }),
      raiseDispute: post(
        '/clearing/disputes',
        {
          ...{ periodId, merchantId: stayer, fen: 10, reason: 'a slip is missing', ...ACTOR },
          pair: { payer: stayer, taker: issuer, pointType: 'points' },
        },
        [],
      ),
      addDisputeEvidence: post(
        `/clearing/disputes/${disputeId}/evidence`,
        { text: 'the slip', fileName: 'slip.pdf', sha256: 'ab'.repeat(32), ...ACTOR },
        ['fileName', 'sha256'],
      ),
      withdrawDispute: post(`/clearing/disputes/${disputeId}/withdraw`, {
        text: 'found',
        ...ACTOR,
      }),
      decideDispute: post(
        `/clearing/disputes/${decidedId}/decide`,
        { outcome: 'upheld', fen: 5, paidBy: 'other', text: 'the half of it', ...ACTOR },
        ['fen', 'paidBy'],
      ),
      setSettlementAccount: put('/clearing/settlement-accounts', { ...own, merchantId: taker }, [
        'programme',
      ]),
      confirmSettlementAccount: post(confirmed, confirming(unconfirmed), ['programme']),
      makePaymentRun: post(`/clearing/periods/${periodId}/payments`, ACTOR),
      confirmPayment: post(
        `/clearing/payments/${runId}/confirmations`,
        {
          place: 1,
          outcome: 'rejected',
          reference: 'B-1',
          reason: 'closed',
          toldOn: '2027-02-01',
          ...ACTOR,
        },
        ['reason'],
      ),
      setTaxRates: put(
        '/clearing/tax-rates',
        {
          ...{ programme, from: '2028-01-01', standardBasisPoints: 1_300, reducedBasisPoints: 900 },
          ...{ serviceBasisPoints: 600, ...ACTOR },
        },
        ['programme'],
      ),
      setInvoiceTitle: put('/clearing/invoice-titles', { ...title, merchantId: leaver }, [
        ...['programme', 'merchantId'],
      ]),
      makeInvoices: post(invoices, ACTOR),
      noteInvoiceIssued: post(`/clearing/invoices/${otherId}/issued`, {
        ...{ ...issued, number: '24332000000000000002' },
      }),
      noteInvoiceReversed: post(`/clearing/invoices/${issuedId}/reversed`, {
        ...{ ...issued, number: '24332000000000000003', reason: 'a wrong title' },
      }),
      cancelInvoice: post(`/clearing/invoices/${cancelledId}/cancel`, because),
      acknowledgeGuardAlert: post(
        `/clearing/guard/alerts/${alerts[0]?.number}/acknowledgement`,
        because,
      ),
      reconcileClearing: post('/clearing/reconciliation', { programme }, ['programme']),
      closeBooks: post('/books/closings', { programme }, ['programme']),
      estimateBreakage: post(
        '/books/estimates',
        {
          ...{ programme, pointType: 'points', from: at('2027-06-01'), ...ACTOR },
          override: { breakagePpm: 30_000, reason: 'as the years before' },
        },
        ['programme', 'from', 'override'],
      ),
      setBookValue: post(
        '/books/values',
        {
          ...{ programme, pointType: 'points', vintage: '2027-03', valueMicroFen: 5_000_000 },
          ...{ reason: 'no price yet', ...ACTOR },
        },
        ['programme'],
      ),
    };
  },
);
