import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { sweep } from '../../jobs/sweep.ts';
import { showInstant } from '../../kernel/clock.ts';

const HOUR = 3_600_000;
let t: PointsTestApp;
let store: string;
let cinema: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  const pointTypes = [{ code: 'points', name: 'Points' }];
  await t.ok('POST', '/programmes', { code: 'street', name: 'Street', pointTypes });
  store = await t.merchant({ programme: 'street' });
  cinema = await t.merchant({ programme: 'street' });
  memberId = await t.member();
  await t.ok('POST', '/clearing/terms', {
    programme: 'street',
    points: [
      {
        ...{ pointType: 'points', issuePriceMicroFen: 10_000_000 },
        ...{ reimbursementMicroFen: 9_500_000, feeBasisPoints: 200 },
      },
    ],
    ...{ settlement: 'postpaid', cycle: 'month', paymentTermDays: 10, actor: 'Li Lei' },
  });
});
afterAll(() => t.close());

const move = (kind: string, merchantId: string, points: number, more: object = {}) =>
  t.ok('POST', '/transactions', {
    ...{ kind, merchantId, points, memberId, pointType: 'points', ...more },
  });
async function close(): Promise<string> {
  t.clock.advance(HOUR);
  const until = showInstant(t.clock.now());
  return (await t.ok('POST', '/clearing/periods', { programme: 'street', until })).id;
}
const statement = (period: string, whose: string, query = '') =>
  t.ok('GET', `/clearing/periods/${period}/statements/${whose}${query}`);
const costed = (points: number) => ({ points, costMicroFen: String(points * 10_000_000) });

it('tells of real transactions what was used where, at which prices, and what became of all points', async () => {
  const expiresAt = showInstant(t.clock.now() + 40 * 24 * HOUR);
  await move('issue', store, 1_000, { expiresAt });
  const { transaction } = await move('burn', cinema, 300);
  const first = await close();

  const issued = await statement(first, store);
  expect(issued.issued).toMatchObject([
    {
      ...{ issuer: store, pointType: 'points', opening: costed(0), issued: costed(1_000) },
      ...{ used: costed(300), expired: costed(0), other: costed(0), closing: costed(700) },
    },
  ]);
  expect(issued.sums).toMatchObject([
    { of: 'owed', counterparty: cinema, points: 300, fen: 3_000 },
  ]);
  const due = await statement(first, cinema);
  expect(due.sums).toMatchObject([
    { of: 'due', counterparty: store, points: 300, fen: 2_850 },
    { of: 'fee', counterparty: store, points: 300, fen: 57 },
  ]);
  expect(due.position.netFen).toBe(2_793);
  expect(due.issued).toEqual([]);
  const [line] = (await statement(first, cinema, '/lines')).items;
  expect(line).toMatchObject({
    ...{ kind: 'use', points: 300, priceMicroFen: 9_500_000, dueMicroFen: '2850000000' },
    ...{ feeMicroFen: '57000000', owedMicroFen: null, payer: store, taker: cinema },
  });

  // A part comes back in the next period, and the rest lapses.
  const refund = { kind: 'refund', memberId, transactionId: transaction.id, points: 100 };
  await t.ok('POST', '/transactions', refund);
  const second = await close();
  const after = await statement(second, store);
  expect(after.issued[0]).toMatchObject({
    opening: costed(700),
    used: costed(-100),
    closing: costed(800),
  });
  const [back] = (await statement(second, cinema, '/lines')).items;
  expect(back).toMatchObject({ kind: 'reversal', points: -100, priceMicroFen: 9_500_000 });
  t.clock.advance(45 * 24 * HOUR);
  await sweep(t.jobs, 'expire');
  const third = await close();
  const last = (await statement(third, store)).issued[0];
  expect(last).toMatchObject({ opening: costed(800), expired: costed(800), closing: costed(0) });
  // As it was told, whatever came later.
  expect(await statement(first, store)).toEqual(issued);
});
