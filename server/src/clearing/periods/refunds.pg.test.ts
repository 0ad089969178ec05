import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';

const HOUR = 3_600_000;
let t: PointsTestApp;
let issuer: string;
let taker: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  issuer = await t.merchant();
  taker = await t.merchant();
  memberId = await t.member();
  await t.ok('POST', '/clearing/terms', {
    points: [
      {
        ...{ pointType: 'points', issuePriceMicroFen: 10_000_000 },
        ...{ reimbursementMicroFen: 9_500_000, feeBasisPoints: 200 },
      },
    ],
    ...{ settlement: 'postpaid', cycle: 'month', paymentTermDays: 10, actor: 'Li Lei' },
  });
  t.clock.advance(HOUR);
});
afterAll(() => t.close());

async function close(): Promise<Answered['body']> {
  t.clock.advance(HOUR);
  return t.ok('POST', '/clearing/periods', { until: new Date(t.clock.now()).toISOString() });
}
const rowsOf = async (period: { id: string }, what: 'pairs' | 'positions' | 'lines') =>
  (await t.ok('GET', `/clearing/periods/${period.id}/${what}`)).items;
const move = (kind: string, merchantId: string, points: number, more: object = {}) =>
  t.ok('POST', '/transactions', { kind, memberId, merchantId, points, ...more });
const refund = (transactionId: string, points: number) =>
  t.ok('POST', '/transactions', { kind: 'refund', memberId, transactionId, points });

it('closes what the ledger accrued; what a closed period took is given back in the next one', async () => {
  await move('issue', issuer, 1_000);
  const burnt = await move('burn', taker, 300);
  const first = await close();
  const fen = { owed: 3_000, due: 2_850, fee: 57 };
  expect(await rowsOf(first, 'pairs')).toMatchObject([
    { payer: issuer, taker, pointType: 'points', points: 300, fen },
  ]);
  expect(await rowsOf(first, 'positions')).toMatchObject([
    { merchant: 'platform', netFen: 3_000 - 2_850 + 57 },
    ...[
      { merchant: issuer, netFen: -3_000 },
      { merchant: taker, netFen: 2_850 - 57 },
    ].sort((a, b) => (a.merchant < b.merchant ? -1 : 1)),
  ]);
  const [line] = await rowsOf(first, 'lines');
  expect(line).toMatchObject({
    kind: 'use',
    issuerId: issuer,
    unitCostMicroFen: 10_000_000,
    transactionId: burnt.transaction.id,
  });

  await refund(burnt.transaction.id, 100);
  const second = await close();
  expect(await rowsOf(second, 'pairs')).toMatchObject([
    { payer: issuer, taker, points: -100, fen: { owed: -1_000, due: -950, fee: -19 } },
  ]);
  expect(await rowsOf(second, 'lines')).toMatchObject([{ kind: 'reversal', points: -100 }]);
  const positions: { netFen: number }[] = await rowsOf(second, 'positions');
  expect(positions.reduce((sum, { netFen }) => sum + netFen, 0)).toBe(0);
  // What the first one said stays.
  expect(await t.ok('GET', `/clearing/periods/${first.id}?verify=true`)).toEqual({
    ...first,
    verified: true,
  });

  const empty = await close();
  expect(await rowsOf(empty, 'pairs')).toEqual([]);
  expect(await rowsOf(empty, 'positions')).toEqual([]);
  expect(empty).toMatchObject({ number: 3, state: 'closed' });
});

it('goes on clearing what a merchant issued that has left', async () => {
  const leaver = await t.merchant();
  await move('issue', leaver, 500);
  const leaving = { merchantId: leaver, reason: 'moves away', actor: 'Li Lei' };
  await t.ok('POST', '/clearing/departures', leaving);
  t.clock.advance(HOUR);
  const refused = await t.call('POST', '/transactions', {
    ...{ kind: 'issue', memberId, merchantId: leaver, points: 1 },
  });
  expect(refused.status).toBe(422);
  const balance = await t.balance(memberId);
  await move('burn', taker, balance.available);
  const period = await close();
  const pairs: { payer: string; points: number }[] = await rowsOf(period, 'pairs');
  expect(pairs.find(({ payer }) => payer === leaver)?.points).toBe(500);
  expect(await t.ok('GET', `/clearing/periods/${period.id}?verify=true`)).toMatchObject({
    verified: true,
  });
});
