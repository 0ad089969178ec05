import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { settle } from '../jobs/run-jobs.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import { findBreaches } from '../ledger/testing/invariants.ts';
import { verifyLedger } from '../ledger/verify.ts';
import { mustReadId } from '../platform/web/schema.ts';
import { createDelivery } from './deliver.ts';
import { findTransfersByKey } from './store.ts';
import { dyingLedger } from './testing/dying-ledger.ts';

let t: PointsTestApp;
let merchantId: string;
let giverId: string;
let receiverId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
});
afterAll(async () => {
  const [breaches, { findings }] = [await findBreaches(t.pool), await verifyLedger(t.pool)];
  await t.close();
  expect(breaches).toEqual([]);
  expect(findings).toEqual([]);
});
beforeEach(async () => {
  giverId = await t.member();
  receiverId = await t.member();
  await issue(giverId, 30_000);
});

const issue = (memberId: string, points: number): Promise<Answered['body']> =>
  t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId, points });
const gift = (points: number, more: object = {}): object => ({
  ...{ giverId, receiverId, points, purpose: 'household' },
  ...more,
});
const giveAll = (
  transfers: readonly object[],
  options: { key?: string; auth?: string; dryRun?: true } = {},
): Promise<Answered> => {
  const { dryRun, ...rest } = options;
  const body = { transfers, ...(dryRun === undefined ? {} : { dryRun }) };
  return t.call('POST', '/transfers/bulk', body, rest);
};
const available = async (member: string): Promise<number> =>
  (await t.balance(member))?.available ?? 0;
/** A short word for each result. */
const words = ({ body }: Answered): string[] =>
  body.results.map(
    (each: { status: string; transfer?: { status: string }; problem?: { code: string } }) =>
      `${each.status} ${each.transfer?.status ?? each.problem?.code ?? ''}`.trim(),
  );

describe('gifts in bulk', () => {
  it('are answered in order, each for itself', async () => {
    const full = await t.member();
    await issue(full, POINTS_MAX);
    const nobody = giverId.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    const answer = await giveAll([
      gift(100),
      gift(10_001),
      gift(1, { receiverId: giverId }),
      gift(1, { receiverId: nobody }),
      gift(1, { programme: 'none' }),
      gift(1, { pointType: 'none' }),
      gift(200, { receiverId: full }),
      gift(300),
    ]);
    expect(answer.status).toBe(200);
    expect(words(answer)).toEqual([
      'applied arrived',
      'refused gift_too_large',
      'refused gift_to_oneself',
      'refused member_not_found',
      'refused programme_not_found',
      'refused point_type_not_found',
      'applied returned',
      'applied arrived',
    ]);
    const { transfer } = answer.body.results[7];
    expect(transfer).toMatchObject({ points: 300, giverId, receiverId, purpose: 'household' });
    expect(await t.ok('GET', `/transfers/${transfer.id}`)).toEqual(transfer);
    expect([await available(giverId), await available(receiverId)]).toEqual([29_600, 400]);
  });

  it('happen once, by their own keys or by their places', async () => {
    const some = [gift(1), gift(2, { idempotencyKey: `own ${giverId}`.replace(' ', '-') })];
    const key = `bulk-${giverId}`;
    expect(words(await giveAll(some, { key }))).toEqual(['applied arrived', 'applied arrived']);
    expect(words(await giveAll(some, { key }))).toEqual(['replayed arrived', 'replayed arrived']);
    // The first by itself: its key is that of its place.
    const first = await t.call('POST', '/transfers', gift(1), { key: `${key}/0` });
    expect(first.headers['idempotency-replayed']).toBe('true');
    const other = await giveAll([gift(3), some[1] as object], { key });
    expect(words(other)).toEqual(['refused idempotency_key_reused', 'replayed arrived']);
    expect(await available(receiverId)).toBe(3);
  });

  it('with one key within one request are one gift, and the first of them counts', async () => {
    const idempotencyKey = `twice-${giverId}`;
    const answer = await giveAll([5, 5, 6].map((points) => gift(points, { idempotencyKey })));
    expect(words(answer)).toEqual([
      'applied arrived',
      'replayed arrived',
      'refused idempotency_key_reused',
    ]);
    expect(await available(receiverId)).toBe(5);
  });

  it('keep what was refused refused', async () => {
    const key = `over-${giverId}`;
    const three = [10_000, 10_000, 1].map((points) => gift(points));
    const decided = ['applied arrived', 'applied arrived', 'refused limit_reached'];
    expect(words(await giveAll(three, { key }))).toEqual(decided);
    t.clock.set(t.clock.now() + 24 * 3600 * 1000);
    const again = await giveAll(three, { key });
    expect(words(again)).toEqual(['replayed arrived', 'replayed arrived', 'refused limit_reached']);
  });

  it('never pass the cap of a day, however many requests race', async () => {
    const requests = Array.from({ length: 8 }, () =>
      giveAll(Array.from({ length: 10 }, () => gift(400))),
    );
    const done = (await Promise.all(requests)).flatMap(words);
    expect(done.filter((each) => each === 'applied arrived')).toHaveLength(50);
    expect(done.filter((each) => each === 'refused limit_reached')).toHaveLength(30);
    expect([await available(giverId), await available(receiverId)]).toEqual([10_000, 20_000]);
  });

  it('can be asked about without happening', async () => {
    const key = `asked-${giverId}`;
    await giveAll([gift(7)], { key });
    const asked = [
      gift(7),
      gift(19_000),
      gift(9_000),
      gift(9_000, { idempotencyKey: 'a' }),
      gift(9_000, { idempotencyKey: 'a' }),
      gift(9_000, { idempotencyKey: 'b' }),
      gift(9_000, { idempotencyKey: 'b' }),
      gift(8_000, { idempotencyKey: 'b' }),
    ];
    const answer = await giveAll(asked, { key, dryRun: true });
    expect(answer.body.dryRun).toBe(true);
    expect(words(answer)).toEqual([
      'replayed',
      'refused gift_too_large',
      'applied',
      'applied',
      'replayed',
      'refused limit_reached',
      'refused limit_reached',
      'refused idempotency_key_reused',
    ]);
    expect(words(await giveAll([gift(8)], { key, dryRun: true }))).toEqual([
      'refused idempotency_key_reused',
    ]);
    expect(await available(receiverId)).toBe(7);
  });

  it('are refused to merchants, and when they are none or too many', async () => {
    const auth = await t.apiKey(['points:write'], merchantId);
    expect((await giveAll([gift(1)], { auth })).body.code).toBe('operator_only');
    expect((await giveAll([])).status).toBe(400);
    expect((await giveAll(Array.from({ length: 1_001 }, () => gift(1)))).status).toBe(400);
  });
});

describe('many transfers that are cut off', () => {
  // Sending, taking in, and giving back the one that cannot be taken in.
  it.each([
    [1, false],
    [1, true],
    [2, false],
    [2, true],
    [3, false],
    [3, true],
  ])('at call %i (done: %s) all end as they would have', async (at, after) => {
    const full = await t.member();
    await issue(full, POINTS_MAX);
    const key = `cut-off-${giverId}`;
    const some = [gift(10), gift(20, { receiverId: full }), gift(9_000), gift(9_000), gift(9_000)];
    t.ledgerDown = true;
    expect((await giveAll(some, { key })).status).toBe(503);
    t.ledgerDown = false;
    const { rows } = await t.pool.query<{ request_key: string }>(
      'select request_key from transfer where giver = $1 order by request_key',
      [mustReadId('member', giverId)],
    );
    const written = await findTransfersByKey(
      t.pool,
      rows.map((row) => row.request_key),
    );
    expect(written.size).toBe(5);
    const { deliver } = createDelivery({ pool: t.pool, ledger: dyingLedger(t.ledger, at, after) });
    await expect(deliver([...written.values()])).rejects.toThrow(LedgerUnavailable);

    t.clock.set(t.clock.now() + 2 * 60_000);
    await settle(t.jobs);
    expect(words(await giveAll(some, { key }))).toEqual([
      'replayed arrived',
      'replayed returned',
      'replayed arrived',
      'replayed arrived',
      'refused limit_reached',
    ]);
    expect([await available(giverId), await available(receiverId)]).toEqual([11_990, 18_010]);
    const open = await t.pool.query(`select id from transfer where status = 'open'`);
    expect(open.rows).toEqual([]);
  });
});
