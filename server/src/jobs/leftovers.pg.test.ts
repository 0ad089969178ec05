import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import { readOpenClaims } from '../ledger/claim-store.ts';
import { readLateJoinings } from '../members/joining.ts';
import { readAbsorbedReturns, readOpenMerges, readOpenMoves } from '../merges/store.ts';
import { UNSETTLED, unsettledOf } from '../platform/unsettled.ts';
import { readOpenTransfers } from '../transfers/store.ts';
import { settle } from './run-jobs.ts';

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  memberId = await t.member();
});
afterAll(() => t.close());

const MINUTES = 60_000;

/** More than a page of things of which nothing is known, older than everything else: none of them ever ends. */
async function block(kind: number): Promise<void> {
  await t.pool.query(
    `insert into unsettled (id, kind, since_ms) select gen_random_uuid(), $1, number from generate_series(1, 501) as number`,
    [kind],
  );
}

const waiting = async (kind: number): Promise<number> =>
  (await t.pool.query('select from unsettled where kind = $1', [kind])).rowCount ?? 0;

describe('more than a page of what cannot end', () => {
  it('keeps no order and no return waiting that comes after it', async () => {
    await block(UNSETTLED.order);
    await block(UNSETTLED.return);
    const lines = [{ lineNo: 1, sku: 'a', quantity: 2, amountFen: 2_000 }];
    const paidAt = new Date(t.clock.now()).toISOString();
    t.ledgerDown = true;
    const order = { merchantId, memberId, orderNo: '1', paidAt, lines };
    expect((await t.call('POST', '/orders', order)).status).toBe(503);
    const part = [{ sku: 'a', quantity: 1 }];
    const back = { merchantId, memberId, returnNo: '1', returnedAt: paidAt, lines: part };
    expect((await t.call('POST', '/returns', back)).status).toBe(503);
    t.ledgerDown = false;
    expect(await waiting(UNSETTLED.order)).toBe(502);
    expect(await waiting(UNSETTLED.return)).toBe(502);
    t.clock.advance(2 * MINUTES);
    await settle(t.jobs);
    expect(await waiting(UNSETTLED.order)).toBe(501);
    expect(await waiting(UNSETTLED.return)).toBe(501);
    expect((await t.balance(memberId)).available).toBe(10);
  });

  it('keeps no activity, charge or forgery waiting', async () => {
    const kinds = [UNSETTLED.activity, UNSETTLED.revocation, UNSETTLED.forgery];
    for (const kind of kinds) await block(kind);
    await t.pool.query(
      'insert into unsettled (id, kind, since_ms) select gen_random_uuid(), $1, 502',
      [UNSETTLED.activity],
    );
    const seen: string[] = [];
    const { read } = unsettledOf(t.pool, UNSETTLED.activity, async () => 0);
    let last = null;
    do {
      const page: readonly { readonly id: string }[] = await read(t.clock.now(), last, 100);
      seen.push(...page.map(({ id }) => id));
      last = (page.at(-1) ?? null) as never;
    } while (last !== null);
    expect(new Set(seen).size).toBe(502);
    expect(seen).toHaveLength(502);
    await settle(t.jobs);
  });

  it('that fails is told, and the others are settled all the same', async () => {
    t.ledgerDown = true;
    const lines = [{ lineNo: 1, sku: 'a', quantity: 1, amountFen: 500 }];
    const paidAt = new Date(t.clock.now()).toISOString();
    const order = { merchantId, memberId, orderNo: '2', paidAt, lines };
    expect((await t.call('POST', '/orders', order)).status).toBe(503);
    t.ledgerDown = false;
    t.clock.advance(2 * MINUTES);
    const broken = () => Promise.reject(new Error('broken'));
    const failure = await settle({ ...t.jobs, resumes: [broken, ...t.jobs.resumes] }).catch(
      (error) => error,
    );
    expect(failure.errors).toEqual([new Error('broken')]);
    expect((await t.balance(memberId)).available).toBe(15);
  });
});

/** Five of them, of which three are of the same moment. */
const TIMES = '(values (1, 10), (2, 20), (3, 20), (4, 20), (5, 30)) as t (number, at)';

describe('what waits is walked page by page, each once and the oldest first:', () => {
  const walks: readonly [string, string, Leftovers<object>['read']][] = [
    [
      'transfers',
      `insert into transfer (id, arrival, programme, point_type, giver, receiver, points, purpose, day, day_max, grace_days,
          request_key, fingerprint, recorded_at_ms)
        select gen_random_uuid(), number, 1, 1, gen_random_uuid(), gen_random_uuid(), 1, 'gift', '2027-01-01', 1, 1, 'walk' || number,
          sha256('walk'), at from ${TIMES}`,
      (before, after, limit) => readOpenTransfers(t.pool, before, after as never, limit),
    ],
    [
      'merges',
      `with persons as (
          insert into member (id) select gen_random_uuid() from generate_series(1, 6) returning id
        ), numbered as (select id, row_number() over () as number from persons)
        insert into member_merge (id, absorbed, survivor, reason, actor, request_key, fingerprint, recorded_at_ms)
        select gen_random_uuid(), a.id, s.id, 'r', 'a', 'walk' || t.number, sha256('walk'), at
        from ${TIMES} join numbered a on a.number = t.number join numbered s on s.number = 6`,
      (before, after, limit) => readOpenMerges(t.pool, before, after as never, limit),
    ],
    [
      'moves',
      `insert into account_move (id, merge, absorbed, survivor, programme, point_type, recorded_at_ms)
        select gen_random_uuid(), (select id from member_merge limit 1), gen_random_uuid(), gen_random_uuid(), 1, 1, at from ${TIMES}`,
      (before, after, limit) => readOpenMoves(t.pool, before, after as never, limit),
    ],
    [
      'returns of absorbed members',
      `insert into absorbed_return (id, command, recorded_at_ms) select gen_random_uuid(), '{}', at from ${TIMES}`,
      (before, after, limit) => readAbsorbedReturns(t.pool, before, after as never, limit),
    ],
    [
      'joinings',
      `insert into joining (member, programme, merchant, since_ms) select gen_random_uuid(), 1, gen_random_uuid(), at from ${TIMES}`,
      (before, after, limit) => readLateJoinings(t.pool, before, after as never, limit),
    ],
    [
      'claims',
      `insert into ledger.claim (hash, shard, key, fingerprint, command, claimed_at_ms)
        select sha256(('walk' || number)::bytea), 1, 'walk' || number, sha256('walk'), '{"walk":' || number || '}', at from ${TIMES}`,
      (before, after, limit) => readOpenClaims(t.pool, before, after as never, limit),
    ],
  ];

  it.each(walks)('%s', async (_, insert, read) => {
    await t.pool.query(insert);
    const all = await read(25, null, 10);
    expect(all).toHaveLength(4);
    const seen: object[] = [];
    for (let after: object | null = null; ; ) {
      const page: readonly object[] = await read(25, after, 2);
      seen.push(...page);
      after = page.at(-1) ?? null;
      if (page.length < 2) break;
    }
    expect(seen).toEqual(all);
  });
});
