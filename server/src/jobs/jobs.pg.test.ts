import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { readId } from '../kernel/id.ts';
import { PATIENCE_MS } from '../kernel/testing/patience.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { runJobs, sweepNow } from './run-jobs.ts';
import { sweep } from './sweep.ts';

type Body = Answered['body'];

const DAY = 24 * 3_600_000;

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
});
beforeEach(async () => {
  // What earlier tests left is done with, so that the counts are this test's own.
  t.clock.advance(100 * DAY);
  await sweepNow(t.jobs);
  memberId = await t.member();
});
afterAll(() => t.close());

const fromNow = (ms: number): string => new Date(t.clock.now() + ms).toISOString();
const apply = (body: object): Promise<Body> =>
  t.ok('POST', '/transactions', { memberId, merchantId, ...body });
const kinds = async (member: string): Promise<string[]> =>
  (await t.ok('GET', `/members/${member}/transactions`)).items
    .map((each: Body) => each.kind)
    .reverse();

describe('sweeps', () => {
  it('mature, expire and time out what is due, and nothing else', async () => {
    await apply({
      kind: 'issue',
      points: 10,
      availableAt: fromNow(DAY),
      expiresAt: fromNow(3 * DAY),
    });
    await apply({ kind: 'issue', points: 5, expiresAt: fromNow(2 * DAY) });
    await apply({ kind: 'hold', points: 2, expiresAt: fromNow(DAY) });
    expect(await sweepNow(t.jobs)).toEqual({ timeOut: 0, mature: 0, expire: 0, settle: 0 });
    t.clock.advance(DAY);
    expect(await sweepNow(t.jobs)).toEqual({ timeOut: 1, mature: 1, expire: 0, settle: 0 });
    expect(await t.balance(memberId)).toMatchObject({ available: 15, held: 0 });
    t.clock.advance(DAY);
    expect(await sweepNow(t.jobs)).toEqual({ timeOut: 0, mature: 0, expire: 1, settle: 0 });
    expect(await t.balance(memberId)).toMatchObject({ available: 10, lifetimeExpired: 5 });
    expect(await sweepNow(t.jobs)).toEqual({ timeOut: 0, mature: 0, expire: 0, settle: 0 });
    expect(await kinds(memberId)).toEqual([
      'issue',
      'issue',
      'hold',
      'release',
      'mature',
      'expire',
    ]);
  });

  it('book in the same round what lapsed while a hold that timed out pinned it', async () => {
    await apply({ kind: 'issue', points: 10, expiresAt: fromNow(DAY) });
    await apply({ kind: 'hold', points: 4, expiresAt: fromNow(2 * DAY) });
    t.clock.advance(DAY);
    expect(await sweepNow(t.jobs)).toMatchObject({ timeOut: 0, expire: 1 });
    t.clock.advance(DAY);
    // The same lot is due a second time: what the hold pinned.
    expect(await sweepNow(t.jobs)).toMatchObject({ timeOut: 1, expire: 1 });
    expect(await t.balance(memberId)).toMatchObject({ available: 0, held: 0, lifetimeExpired: 10 });
  });

  it('expire again what a refund reopened', async () => {
    await apply({ kind: 'issue', points: 10, expiresAt: fromNow(DAY) });
    const { transaction } = await apply({ kind: 'burn', points: 10 });
    t.clock.advance(DAY);
    await t.ok('POST', '/transactions', {
      kind: 'refund',
      memberId,
      transactionId: transaction.id,
    });
    t.clock.advance(30 * DAY);
    expect(await sweepNow(t.jobs)).toMatchObject({ expire: 1 });
    expect(await t.balance(memberId)).toMatchObject({ available: 0, lifetimeExpired: 10 });
  });

  it('by two processes at once do each thing once', async () => {
    const members = await Promise.all(Array.from({ length: 30 }, () => t.member()));
    await Promise.all(
      members.map((id) =>
        apply({ kind: 'issue', memberId: id, points: 3, expiresAt: fromNow(DAY) }),
      ),
    );
    t.clock.advance(DAY);
    const counts = await Promise.all([
      sweep(t.jobs, 'expire'),
      sweep(t.jobs, 'expire'),
      sweep(t.jobs, 'expire'),
    ]);
    expect(counts.reduce((a, b) => a + b)).toBe(30);
    for (const id of members) expect(await kinds(id)).toEqual(['issue', 'expire']);
  });

  it('page through more than one page of accounts', async () => {
    const issues = (ids: readonly string[]) =>
      ids.map((id) => ({
        kind: 'issue',
        memberId: id,
        merchantId,
        points: 1,
        expiresAt: fromNow(DAY),
      }));
    const { results } = await t.ok('POST', '/members/bulk', {
      members: Array.from({ length: 1000 }, (_, index) => ({
        externalIds: { pages: `m${index}` },
      })),
    });
    const ids = results.map((each: Body) => each.member.id);
    await t.ok('POST', '/transactions/bulk', { transactions: issues(ids) });
    t.clock.advance(DAY);
    // One page at a time holds 500 of a shard; with a page of 20 the same sweep takes many.
    expect(await sweep({ ...t.jobs, page: 20 }, 'expire')).toBe(1000);
    expect(await sweep(t.jobs, 'expire')).toBe(0);
  });

  it('keep nobody waiting for whom they fail for, however many those are', async () => {
    const failing = await Promise.all(Array.from({ length: 9 }, () => t.member()));
    for (const id of failing) {
      await apply({ kind: 'issue', memberId: id, points: 3, expiresAt: fromNow(DAY) });
      await apply({ kind: 'issue', memberId: id, points: 4, availableAt: fromNow(DAY) });
      await apply({ kind: 'hold', memberId: id, points: 1, expiresAt: fromNow(DAY) });
    }
    const late = fromNow(2 * DAY);
    await apply({ kind: 'issue', points: 3, expiresAt: late });
    await apply({ kind: 'issue', points: 4, availableAt: late });
    await apply({ kind: 'hold', points: 1, expiresAt: late });
    t.clock.advance(2 * DAY);
    const unlucky = new Set(failing.map((id) => readId('member', id)));
    const ledger: Ledger = {
      ...t.ledger,
      submitAll: (commands) =>
        commands.some(({ member }) => unlucky.has(member))
          ? Promise.reject(new Error('a command that the ledger chokes on'))
          : t.ledger.submitAll(commands),
    };
    const broken = { ...t.jobs, ledger, page: 2 };
    for (const kind of ['timeOut', 'mature', 'expire'] as const)
      await expect(sweep(broken, kind)).rejects.toThrow('not everything');
    expect(await kinds(memberId)).toEqual([
      'issue',
      'issue',
      'hold',
      'release',
      'mature',
      'expire',
    ]);
    for (const id of failing) expect(await kinds(id)).toEqual(['issue', 'issue', 'hold']);
    expect(await sweepNow(t.jobs)).toMatchObject({ timeOut: 9, mature: 9, expire: 9 });
  });

  it('follow the clock of each programme', async () => {
    const code = 'sandbox-jobs';
    const pointTypes = [{ code: 'points', name: '积分' }];
    await t.ok('POST', '/programmes', { code, name: code, sandbox: true, pointTypes });
    const shop = await t.merchant({ programme: code });
    await apply({ kind: 'issue', merchantId: shop, points: 5, expiresAt: fromNow(DAY) });
    await apply({ kind: 'issue', points: 5, expiresAt: fromNow(DAY) });
    await t.ok('PUT', `/programmes/${code}/clock`, { now: fromNow(2 * DAY) });
    expect(await sweepNow(t.jobs)).toMatchObject({ expire: 1 });
    const { balances } = await t.ok('GET', `/members/${memberId}/balance`);
    expect(balances.map((each: Body) => [each.programme, each.available])).toEqual([
      ['default', 5],
      [code, 0],
    ]);
    t.clock.advance(DAY);
    await sweepNow(t.jobs);
  });

  it('one that fails does not stop the others', async () => {
    await apply({ kind: 'issue', points: 5, expiresAt: fromNow(DAY) });
    t.clock.advance(DAY);
    const broken = { ...t.jobs, resumes: [() => Promise.reject(new Error('no'))] };
    await expect(sweepNow(broken)).rejects.toThrow('not everything');
    expect(await sweepNow(t.jobs)).toMatchObject({ expire: 0 });
    expect((await t.balance(memberId)).lifetimeExpired).toBe(5);
  });
});

describe('the runner', () => {
  it('does what is due at once, reports a job that fails, and stops', async () => {
    await apply({ kind: 'issue', points: 5, expiresAt: fromNow(DAY) });
    t.clock.advance(DAY);
    const errors: unknown[] = [];
    const log = { info: () => {}, error: (facts: object) => void errors.push(facts) };
    const jobs = runJobs({
      ...t.jobs,
      resumes: [() => Promise.reject(new Error('broken resume'))],
      log,
    });
    try {
      await expect
        .poll(() => kinds(memberId), { timeout: PATIENCE_MS })
        .toEqual(['issue', 'expire']);
      await expect.poll(() => errors.length, { timeout: PATIENCE_MS }).toBeGreaterThan(0);
      expect(errors[0]).toMatchObject({ job: 'settle' });
    } finally {
      await jobs.stop();
    }
  });
});
