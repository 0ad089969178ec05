import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { settle } from '../jobs/run-jobs.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import { type Ledger, LedgerUnavailable } from '../ledger/ledger.ts';
import { findBreaches } from '../ledger/testing/invariants.ts';
import { verifyLedger } from '../ledger/verify.ts';
import { mustReadId } from '../platform/web/schema.ts';
import { createDelivery } from './deliver.ts';
import { findTransfer } from './store.ts';
import { dyingLedger } from './testing/dying-ledger.ts';
import type { Transfer } from './transfer.ts';

const DAY = 24 * 3600 * 1000;

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
});

const issue = (memberId: string, points: number, more: object = {}): Promise<Answered['body']> =>
  t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId, points, ...more });
const gift = (points: number, more: object = {}): object => ({
  ...{ giverId, receiverId, points, purpose: 'family_gift' },
  ...more,
});
const give = (body: object, options?: { key?: string; auth?: string }): Promise<Answered> =>
  t.call('POST', '/transfers', body, options);
const balances = async (): Promise<(number | undefined)[]> => [
  (await t.balance(giverId))?.available,
  (await t.balance(receiverId))?.available,
];
/** The receiver's account can count no more points. */
const fill = (): Promise<Answered['body']> => issue(receiverId, POINTS_MAX);

describe('a gift', () => {
  it('arrives in lots with the same issuer and expiry, and can be read', async () => {
    const expiresAt = new Date(t.clock.now() + 30 * DAY).toISOString();
    await issue(giverId, 60, { expiresAt });
    await issue(giverId, 60);
    const { status, body } = await give(gift(100));
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'arrived', points: 100, purpose: 'family_gift', giverId });
    expect(await balances()).toEqual([20, 100]);
    expect(await t.ok('GET', `/transfers/${body.id}`)).toEqual(body);
    const { items } = await t.ok('GET', `/members/${receiverId}/lots`);
    expect(items).toMatchObject([
      { remaining: 40, issuerId: merchantId },
      { remaining: 60, issuerId: merchantId, expiresAt },
    ]);
    // No earn of the receiver's: levels count what was earned.
    expect((await t.balance(receiverId)).lifetimeEarned).toBe(0);
  });

  it('happens once, however often it is asked for', async () => {
    await issue(giverId, 50);
    const [first, second] = await Promise.all([
      give(gift(20), { key: 'same' }),
      give(gift(20), { key: 'same' }),
    ]);
    expect(first.body).toEqual(second.body);
    expect((await give(gift(20), { key: 'same' })).headers['idempotency-replayed']).toBe('true');
    expect((await give(gift(21), { key: 'same' })).body.code).toBe('idempotency_key_reused');
    expect(await balances()).toEqual([30, 20]);
  });

  it('has caps: of one gift and of a day', async () => {
    await issue(giverId, 50_000);
    expect((await give(gift(10_001))).body).toMatchObject({ code: 'gift_too_large', max: 10_000 });
    for (const _ of [1, 2]) expect((await give(gift(10_000))).status).toBe(201);
    const refused = await give(gift(1), { key: 'over' });
    expect(refused.body).toMatchObject({ status: 422, code: 'limit_reached', left: 0 });
    // A refusal is an answer too: the same key gets it again, also on another day.
    t.clock.set(t.clock.now() + DAY);
    expect((await give(gift(1), { key: 'over' })).body.code).toBe('limit_reached');
    expect((await give(gift(1))).status).toBe(201);
  });

  it('is refused without enough points, to oneself, to nobody, for a price, and to merchants', async () => {
    expect((await give(gift(1))).body).toMatchObject({ code: 'insufficient_points', available: 0 });
    expect((await give(gift(1, { receiverId: giverId }))).body.code).toBe('gift_to_oneself');
    const nobody = giverId.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
    expect((await give(gift(1, { receiverId: nobody }))).status).toBe(404);
    expect((await give(gift(1, { priceFen: 100 }))).status).toBe(400);
    expect((await give(gift(1, { purpose: 'sale' }))).status).toBe(400);
    const auth = await t.apiKey(['points:write'], merchantId);
    expect((await give(gift(1), { auth })).body.code).toBe('operator_only');
  });

  it('can be asked about without happening', async () => {
    await issue(giverId, 10);
    expect((await give(gift(10, { dryRun: true }))).body).toEqual({ dryRun: true });
    expect((await give(gift(11, { dryRun: true }))).body.code).toBe('insufficient_points');
    expect(await balances()).toEqual([10, 0]);
  });

  it('comes back when the receiver cannot take it, and does not count for the day', async () => {
    await issue(giverId, 20_000);
    await fill();
    for (const _ of [1, 2, 3]) {
      const { body } = await give(gift(10_000));
      expect(body).toMatchObject({ status: 'returned', problem: 'points_out_of_range' });
    }
    expect((await t.balance(giverId)).available).toBe(20_000);
  });
});

describe('a transfer that is cut off', () => {
  const deliverBy = (ledger: Ledger, transfers: readonly Transfer[]): Promise<Transfer[]> =>
    createDelivery({ pool: t.pool, ledger }).deliver(transfers);

  /** Written down, with nothing sent yet. */
  async function written(points: number): Promise<Transfer> {
    t.ledgerDown = true;
    const answer = await give(gift(points), { key: `cut-off-${giverId}` });
    t.ledgerDown = false;
    expect(answer.status).toBe(503);
    const { rows } = await t.pool.query('select id from transfer where giver = $1', [
      mustReadId('member', giverId),
    ]);
    return (await findTransfer(t.pool, rows[0].id)) as Transfer;
  }

  const places = [1, 2, 3].flatMap((at) => [
    [at, false],
    [at, true],
  ]) as [number, boolean][];

  it.each(places.slice(0, 4))('at command %i (done: %s) still arrives', async (at, after) => {
    await issue(giverId, 30);
    const transfer = await written(25);
    const ledger = dyingLedger(t.ledger, at, after);
    await expect(deliverBy(ledger, [transfer])).rejects.toThrow(LedgerUnavailable);
    t.clock.set(t.clock.now() + 2 * 60_000);
    await settle(t.jobs);
    expect((await findTransfer(t.pool, transfer.id))?.status).toBe('arrived');
    expect(await balances()).toEqual([5, 25]);
    // The client's own repetition finds it ended.
    const { status, body } = await give(gift(25), { key: `cut-off-${giverId}` });
    expect([status, body.status]).toEqual([201, 'arrived']);
    expect(await balances()).toEqual([5, 25]);
  });

  it.each(places)('at command %i (done: %s) still comes back', async (at, after) => {
    await issue(giverId, 30);
    await fill();
    const transfer = await written(25);
    const ledger = dyingLedger(t.ledger, at, after);
    await expect(deliverBy(ledger, [transfer])).rejects.toThrow(LedgerUnavailable);
    t.clock.set(t.clock.now() + 2 * 60_000);
    await settle(t.jobs);
    expect((await findTransfer(t.pool, transfer.id))?.status).toBe('returned');
    expect((await t.balance(giverId)).available).toBe(30);
  });

  it('waits while the giver cannot take it back either, and comes back when there is room', async () => {
    await issue(giverId, 30);
    await fill();
    const transfer = await written(25);
    const ledger = dyingLedger(t.ledger, 2, true);
    await expect(deliverBy(ledger, [transfer])).rejects.toThrow(LedgerUnavailable);
    const adjust = async (points: number): Promise<void> => {
      const { programme, pointType, giver: member } = transfer;
      const base = { key: `adjust ${points}`, programme, pointType, member, effectiveAt: null };
      const merchant = mustReadId('merchant', merchantId);
      const answer = await t.ledger.submit({ ...base, kind: 'adjust', merchant, points });
      expect(answer.status).toBe('applied');
    };
    await adjust(POINTS_MAX - 10);
    t.clock.set(t.clock.now() + 2 * 60_000);
    for (let minute = 0; minute < 120; minute += 1) await settle(t.jobs);
    expect((await findTransfer(t.pool, transfer.id))?.status).toBe('open');
    const { rows } = await t.pool.query(
      'select count(*)::int as attempts from ledger.transaction where subject = $1',
      [transfer.id],
    );
    expect(rows).toEqual([{ attempts: 1 }]);
    await adjust(10 - POINTS_MAX);
    await settle(t.jobs);
    expect((await findTransfer(t.pool, transfer.id))?.status).toBe('returned');
    expect((await t.balance(giverId)).available).toBe(30);
  });

  it('comes back when it is of more lots than one transaction makes', async () => {
    for (const points of [10, 10, 10]) await issue(giverId, points);
    const transfer = await written(25);
    const { deliver } = createDelivery({ pool: t.pool, ledger: t.ledger, lotsMax: 2 });
    const [done] = await deliver([transfer]);
    expect(done).toMatchObject({
      status: 'returned',
      refusal: { code: 'too_many_lots', facts: { max: 2 } },
    });
    expect(await findTransfer(t.pool, transfer.id)).toEqual(done);
    expect((await t.balance(giverId)).available).toBe(30);
  });

  it('is brought to its end by two at once', async () => {
    await issue(giverId, 30);
    const transfer = await written(25);
    const done = await Promise.all([1, 2, 3].map(() => deliverBy(t.ledger, [transfer])));
    expect(done.flat().map((each) => each.status)).toEqual(['arrived', 'arrived', 'arrived']);
    expect(await balances()).toEqual([5, 25]);
  });
});
