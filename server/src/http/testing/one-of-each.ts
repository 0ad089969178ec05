import { showTerms } from '../../catalogue/terms-schema.ts';
import { terms } from '../../catalogue/testing/told.ts';

/** Asks for something that must succeed; answers its id, where it has one. */
type Make = (
  method: 'POST' | 'PUT',
  path: string,
  body: object,
  /** By a second person, where one cannot decide about what they did themselves. */
  isSecond?: boolean,
) => Promise<string>;

const DAY_MS = 86_400_000;
const hence = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
const actor = 'Li Lei';

/** One of each kind, so that what is asked at random can name what exists. */
export async function makeOneOfEach(make: Make): Promise<{ member: string; reward: string }> {
  const post = (path: string, body: object): Promise<string> => make('POST', path, body);
  const at = new Date().toISOString();
  const merchantId = await post('/merchants', {
    ...{ name: 'Fruit', category: 'fruit', earnRatio: { points: 1, perFen: 100 } },
  });
  const known = { phone: '13800138000', name: '王小明', externalIds: { pos: 'C-1' } };
  const memberId = await post('/members', known);
  const own = { merchantId, memberId };
  await post('/programmes', { code: 'green', name: 'Green', sandbox: true });
  await post(`/merchants/${merchantId}/stores`, { code: 'west', name: 'West' });
  const lines = [{ lineNo: 1, sku: 'melon', quantity: 2, amountFen: 9_900 }];
  for (const orderNo of ['A-1', 'A-2'])
    await post('/orders', { ...own, orderNo, paidAt: at, lines });
  await post('/transactions', { kind: 'issue', ...own, points: 50_000 });
  await post(`/members/${memberId}/invitation`, {});
  const said = { zh: ['说明'], en: ['Why'] };
  await post('/notices', { purpose: 'credit_band', ...said });
  const segment = { programme: 'default', code: 'jeans', zh: '牛仔', en: 'Jeans' };
  await post('/segments', { ...segment, serviceReason: 'sizes' });
  await post('/certificates', {
    ...{ merchantId, number: 'G-1', issuingBody: 'CQC', scope: ['own-bag'] },
    ...{ validFrom: hence(-1), validUntil: hence(300), lastCheckedAt: hence(-1) },
  });
  await post('/activities', { ...own, kind: 'check_in', activityNo: 'E-1', occurredAt: at });
  const wrong = { ...own, points: -5, reason: 'miscounted', actor };
  await post('/adjustments', wrong);

  const body = { name: 'Melons', on: 'order', when: {} };
  const earn = { kind: 'times', num: 2, den: 1 };
  const melon = { merchantId, body: { ...body, earn } };
  await post('/rules', { code: 'melon', ...melon });
  // A draft that is dropped is gone, and random requests drop it soon.
  const ruleId = await post('/rules', { code: 'pear', ...melon });
  await post(`/rules/${ruleId}/publish`, {});
  const box = { ...showTerms(terms()), stores: [{ merchant: merchantId }] };
  const reward = await post('/rewards', { code: 'box', merchantId, body: box });
  await post('/rewards', { code: 'bag', merchantId, body: box });
  const price = { kind: 'ratio', num: 4, den: 5 };
  const day = { name: { zh: '兑换日' }, when: { monthDays: [18] }, price };
  await post('/promotions', { code: 'day', merchantId, body: day });
  const promotionId = await post('/promotions', { code: 'week', merchantId, body: day });
  await post(`/promotions/${promotionId}/publish`, {});
  await post(`/rewards/${reward}/publish`, {});
  const works = { name: 'Han Meimei', email: 'han@example.com' };
  await post('/staff', { ...works, role: 'merchant_cashier', merchantId });
  await clear(make, { merchantId, memberId });
  return { member: memberId, reward };
}

/** Of what merchants settle between each other. */
async function clear(
  make: Make,
  { merchantId, memberId }: { readonly merchantId: string; readonly memberId: string },
): Promise<void> {
  const post = (path: string, body: object): Promise<string> =>
    make('POST', path, { ...body, actor });
  const day = hence(-1).slice(0, 10);
  const prices = { issuePriceMicroFen: 10_000_000, reimbursementMicroFen: 9_500_000 };
  const points = [{ pointType: 'points', ...prices, feeBasisPoints: 200 }];
  const agreed = { points, settlement: 'postpaid', cycle: 'month', paymentTermDays: 10 };
  await post('/clearing/terms', agreed);
  await post('/clearing/terms', { ...agreed, merchantId, from: hence(300) });
  await post('/dossiers', {
    ...{ merchantId, kind: 'filing', documentNo: 'F-1', issuingBody: 'CQC', reference: 'shelf' },
    ...{ validFrom: hence(-1), validUntil: hence(300), checkedAt: hence(-1) },
  });
  await post('/clearing/departures', { merchantId, at: hence(200), reason: 'moves' });
  const account = await post('/clearing/funding/accounts', { merchantId, alertFen: 100 });
  const paid = { kind: 'deposit', fen: 10_000_000, reference: 'T-1', paidOn: day };
  await post(`/clearing/funding/accounts/${account}/entries`, paid);

  // Somebody else takes the points.
  const earnRatio = { points: 1, perFen: 100 };
  const taker = await make('POST', '/merchants', { name: 'Tea', category: 'tea', earnRatio });
  const newcomer = await make('POST', '/members', { externalIds: { pos: 'C-2' } });
  for (const [kind, at] of [
    ['issue', merchantId],
    ['burn', taker],
  ])
    await make('POST', '/transactions', { kind, merchantId: at, memberId: newcomer, points: 500 });
  await make('POST', '/transactions', { kind: 'issue', merchantId, memberId, points: 500 });
  const periodId = await make('POST', '/clearing/periods', { until: new Date().toISOString() });
  await post('/clearing/disputes', {
    ...{ periodId, merchantId, fen: 10, reason: 'a slip is missing' },
    pair: { payer: merchantId, taker, pointType: 'points' },
  });
  const owed = { payer: 'platform', payee: merchantId, fen: 10, reason: 'a slip was lost' };
  await post('/clearing/adjustments', owed);
  const bank = { holder: 'Co', bank: 'Bank', cnaps: '102290000012', accountNumber: '622200001' };
  for (const whose of [{ role: 'custody' }, { role: 'merchant', merchantId: taker }]) {
    await make('PUT', '/clearing/settlement-accounts', { ...whose, ...bank, actor });
    const said = { ...whose, number: 1, accountNumber: bank.accountNumber, actor: 'Han Meimei' };
    await make('POST', '/clearing/settlement-accounts/confirmations', said, true);
  }
  await post(`/clearing/periods/${periodId}/payments`, {});
  const title = {
    ...{ title: 'Co', taxNumber: '91350100M000100Y43', address: '1 Road', phone: '1', actor },
    ...{ bank: 'Bank', bankAccount: '622200001', handsOut: 'goods' },
  };
  for (const whose of [{}, { merchantId: taker }])
    await make('PUT', '/clearing/invoice-titles', { ...title, ...whose });
  await post(`/clearing/periods/${periodId}/invoices`, {});
  await make('POST', '/books/closings', {});
  const override = { breakagePpm: 1, reason: 'as before' };
  await post('/books/estimates', { pointType: 'points', override });
  await make('POST', '/clearing/reconciliation', {});
}
