import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import type { Uuid } from '../kernel/id.ts';
import { finishLeftovers } from '../kernel/leftovers.ts';
import type { PointsPart, RewardTerms } from '../kernel/reward.ts';
import { findBreaches } from '../ledger/testing/invariants.ts';
import { verifyLedger } from '../ledger/verify.ts';
import { withTransaction } from '../platform/database.ts';
import { mustReadId } from '../platform/web/schema.ts';
import { cancelRedemption } from './cancel.ts';
import type { Asked, Redeemed } from './redeem.ts';
import type { Redemption } from './redemption.ts';
import { changeStock, readStock } from './stock/stock-store.ts';
import { readRedemptions } from './store.ts';
import {
  ask,
  type Counter,
  createRewards,
  openCounter,
  type Rewards,
  sealer,
} from './testing/counter.ts';
import { dying } from './testing/dying.ts';
import { readVouchers } from './vouchers/voucher-store.ts';

const MINUTE = 60_000;
const points = (count: number, pointType = 'points'): PointsPart => ({ pointType, points: count });

let t: PointsTestApp;
let rewards: Rewards;
let counter: Counter;
let merchantId: string;
let merchant: Uuid;
let programme: number;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  merchant = mustReadId('merchant', merchantId);
  await t.ok('POST', '/programmes/default/point-types', { code: 'stars', name: 'Stars' });
  programme = t.jobs.programmes.all()[0]?.id as number;
  await t.jobs.programmes.refresh();
  rewards = createRewards(t.clock.now);
  counter = openCounter(around(t));
});
afterAll(async () => {
  const [breaches, { findings }] = [await findBreaches(t.pool), await verifyLedger(t.pool)];
  const { rows } = await t.pool.query(`select 1 from unsettled`);
  await t.close();
  expect(breaches).toEqual([]);
  expect(findings).toEqual([]);
  expect(rows).toEqual([]);
});

const around = ({ pool, ledger }: Pick<PointsTestApp, 'pool' | 'ledger'>) => ({
  ...{ pool, ledger, clock: t.clock, members: t.members },
  ...{ programmes: t.jobs.programmes, offerOf: rewards.offerOf },
});

async function member(has: number, stars = 0): Promise<{ id: string; uuid: Uuid }> {
  const id = await t.member();
  const issue = (count: number, pointType: string) =>
    t.ok('POST', '/transactions', {
      kind: 'issue',
      memberId: id,
      merchantId,
      points: count,
      pointType,
    });
  if (has > 0) await issue(has, 'points');
  if (stars > 0) await issue(stars, 'stars');
  return { id, uuid: mustReadId('member', id) };
}

const wish = (reward: Uuid, who: Uuid, more: Partial<Asked> = {}): Asked =>
  ask(reward, who, merchant, programme, more);
const one = async (asked: Asked): Promise<Redeemed> =>
  (await counter.redeem([asked]))[0] as Redeemed;
async function done(asked: Asked): Promise<Redemption> {
  const answer = await one(asked);
  if ('code' in answer) throw new Error(answer.code);
  return answer.redemption;
}
/** A short word for an answer. */
const word = (answer: Redeemed): string =>
  'code' in answer
    ? answer.code
    : `${answer.redemption.state} ${answer.redemption.refusal?.code ?? ''}`.trim();
async function balance(id: string, pointType = 'points') {
  const { balances } = await t.ok('GET', `/members/${id}/balance`);
  const { available, held } =
    balances.find((each: { pointType: string }) => each.pointType === pointType) ?? {};
  return { available, held };
}
const settle = async (by: Counter = counter): Promise<number> =>
  finishLeftovers(by.saga.leftovers, t.clock.now() - MINUTE);
const stockTo = (reward: Uuid, total: number | null) =>
  withTransaction(t.pool, (tx) => changeStock(tx, reward, { total }));

describe('a redemption', () => {
  it('may cost no points, where it is a privilege', async () => {
    const reward = rewards.offer(merchant, []);
    await stockTo(reward, 1);
    const who = await member(0);
    const redemption = await done(wish(reward, who.uuid, { price: [] }));
    expect(redemption).toMatchObject({ state: 'fulfilled', parts: [] });
    expect(word(await one(wish(reward, who.uuid)))).toBe('refused reward_out_of_stock');
    const cancelled = await cancelRedemption({ ...around(t), saga: counter.saga }, redemption);
    expect(cancelled).toMatchObject({ state: 'cancelled' });
    expect(await readStock(t.pool, reward)).toEqual({ total: 1, reserved: 0, sold: 0 });
  });

  it('takes the points for the merchant, sells a piece, and gives a code', async () => {
    const reward = rewards.offer(merchant, [points(500)]);
    await stockTo(reward, 3);
    const who = await member(1_100);
    const redemption = await done(wish(reward, who.uuid, { quantity: 2 }));
    expect(redemption).toMatchObject({ state: 'fulfilled', merchant, confirmedAt: t.clock.now() });
    expect((await readRedemptions(t.pool, [redemption.id])).get(redemption.id)).toEqual(redemption);
    expect(await balance(who.id)).toEqual({ available: 100, held: 0 });
    expect(await readStock(t.pool, reward)).toEqual({ total: 3, reserved: 0, sold: 2 });
    const vouchers = await readVouchers(t.pool, [redemption.id], sealer);
    expect(vouchers.map(({ place, state, form }) => [place, state, form.form])).toEqual([
      [0, 'open', 'exchange'],
      [1, 'open', 'exchange'],
    ]);
    expect(new Set(vouchers.map(({ code }) => code)).size).toBe(2);
    const { items } = await t.ok('GET', `/members/${who.id}/transactions`);
    expect(items[0]).toMatchObject({ kind: 'burn', source: { kind: 'redemption' } });
  });

  it('of one type of points is twelve round trips, and no more', async () => {
    const reward = rewards.offer(merchant, [points(10)]);
    const who = await member(20);
    await done(wish(reward, who.uuid));
    const world = dying(t.pool, t.ledger, Number.POSITIVE_INFINITY, false);
    const watched = openCounter(around({ ...t, ...world }));
    const [answer] = await watched.redeem([wish(reward, who.uuid)]);
    expect(word(answer as Redeemed)).toBe('fulfilled');
    // Recording: begin, keys, the stock's lock, rows, the stock, commit. Then the burn. Then begin, rows, vouchers, the stock, commit.
    expect(world.steps()).toBeLessThanOrEqual(12);
  });

  it('happens once, however often and from wherever it is asked for', async () => {
    const reward = rewards.offer(merchant, [points(300)]);
    const who = await member(1_000);
    const asked = wish(reward, who.uuid);
    const other = openCounter(around(t));
    const answers = await Promise.all([one(asked), one(asked), other.redeem([asked, asked])]);
    const all = answers.flat() as { redemption: Redemption; replayed: boolean }[];
    expect(new Set(all.map(({ redemption }) => redemption.id)).size).toBe(1);
    expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect((await balance(who.id)).available).toBe(700);
    expect(word(await one({ ...asked, quantity: 2 }))).toBe('idempotency_key_reused');
    // Also when the reward is not offered any more.
    rewards.offers.set(reward, { code: 'not_found', message: '' });
    expect(word(await one(asked))).toBe('fulfilled');
  });

  it('of one key for two rewards is about one of them, whichever process is told which', async () => {
    const [a, b] = [rewards.offer(merchant, [points(1)]), rewards.offer(merchant, [points(1)])];
    const who = await member(100);
    const other = openCounter(around(t));
    const asked = [...Array(20).keys()].map(() => wish(a, who.uuid));
    const answers = await Promise.all(
      asked.map(async (each) => [
        word(await one(each)),
        word((await other.redeem([{ ...each, reward: b }]))[0] as Redeemed),
      ]),
    );
    for (const told of answers)
      expect(told.sort()).toEqual(['fulfilled', 'idempotency_key_reused']);
    const [ofA, ofB] = [await readStock(t.pool, a), await readStock(t.pool, b)];
    expect([ofA.sold + ofB.sold, ofA.reserved + ofB.reserved]).toEqual([20, 0]);
    expect((await balance(who.id)).available).toBe(80);
  });

  it('of two types of points takes both or none', async () => {
    const reward = rewards.offer(merchant, [points(100), points(10, 'stars')]);
    const rich = await member(150, 15);
    expect(word(await one(wish(reward, rich.uuid)))).toBe('fulfilled');
    expect([await balance(rich.id), await balance(rich.id, 'stars')]).toMatchObject([
      { available: 50, held: 0 },
      { available: 5, held: 0 },
    ]);
    const poor = await member(150, 9);
    expect(word(await one(wish(reward, poor.uuid)))).toBe('refused insufficient_points');
    expect([await balance(poor.id), await balance(poor.id, 'stars')]).toMatchObject([
      { available: 150, held: 0 },
      { available: 9, held: 0 },
    ]);
    expect(await readStock(t.pool, reward)).toMatchObject({ reserved: 0, sold: 1 });
  });

  it('stays refused under its key, and frees what it had', async () => {
    const reward = rewards.offer(merchant, [points(500)], { limits: [{ per: 'day', times: 1 }] });
    await stockTo(reward, 1);
    const poor = await member(499);
    const asked = wish(reward, poor.uuid);
    expect(word(await one(asked))).toBe('refused insufficient_points');
    await t.ok('POST', '/transactions', {
      kind: 'issue',
      memberId: poor.id,
      merchantId,
      points: 1,
    });
    expect(word(await one(asked))).toBe('refused insufficient_points');
    expect(word(await one(wish(reward, poor.uuid)))).toBe('fulfilled');
    expect(word(await one(wish(reward, (await member(500)).uuid)))).toBe(
      'refused reward_out_of_stock',
    );
  });

  it('counts on limits of the member by the programme’s calendar, and on the merchant’s quotas', async () => {
    const [other, third] = [await t.merchant(), await t.merchant()].map((id) =>
      mustReadId('merchant', id),
    ) as [Uuid, Uuid];
    const terms: Partial<RewardTerms> = {
      stores: [{ merchant }, { merchant: other, stores: ['a'] }],
      limits: [
        { per: 'order', times: 2 },
        { per: 'day', times: 3 },
      ],
      quotas: [{ per: 'day', times: 4 }],
    };
    const reward = rewards.offer(merchant, [points(1)], terms);
    const [a, b] = [await member(100), await member(100)];
    const words = async (list: readonly Asked[]): Promise<string[]> => {
      const all: string[] = [];
      for (const asked of list) all.push(word(await one(asked)));
      return all;
    };
    expect(
      await words([
        wish(reward, a.uuid, { quantity: 3 }),
        wish(reward, a.uuid, { quantity: 2 }),
        wish(reward, a.uuid, { quantity: 2 }),
        wish(reward, a.uuid),
        wish(reward, b.uuid, { quantity: 2 }),
        wish(reward, b.uuid),
        wish(reward, b.uuid, { merchant: other }),
        wish(reward, b.uuid, { merchant: other, store: 'b' }),
        wish(reward, b.uuid, { merchant: third }),
        wish(reward, b.uuid, { merchant: other, store: 'a' }),
      ]),
    ).toEqual([
      'redemption_limit_reached',
      'fulfilled',
      'refused redemption_limit_reached',
      'fulfilled',
      'refused redemption_quota_reached',
      'fulfilled',
      'reward_elsewhere',
      'reward_elsewhere',
      'reward_not_found',
      'fulfilled',
    ]);
    t.clock.set(t.clock.now() + 24 * 60 * MINUTE);
    expect(await words([wish(reward, a.uuid, { quantity: 2 })])).toEqual(['fulfilled']);
  });

  it('is refused when the price is not the one that was shown', async () => {
    const reward = rewards.offer(merchant, [points(400), points(5, 'stars')]);
    const who = await member(1_000, 100);
    const shown = [points(10, 'stars'), points(800)];
    expect(word(await one(wish(reward, who.uuid, { price: shown })))).toBe('price_changed');
    expect(word(await one(wish(reward, who.uuid, { price: shown, quantity: 2 })))).toBe(
      'fulfilled',
    );
  });

  it('can be asked about without happening', async () => {
    const reward = rewards.offer(merchant, [points(60)], { limits: [{ per: 'ever', times: 2 }] });
    await stockTo(reward, 2);
    const [who, poor] = [await member(100), await member(59)];
    const known = wish(reward, who.uuid);
    await one(known);
    const answers = await counter.preview([
      known,
      wish(reward, who.uuid),
      wish(reward, poor.uuid),
      { ...known, quantity: 2 },
    ]);
    expect(answers.map(word)).toEqual([
      'fulfilled',
      'insufficient_points',
      'reward_out_of_stock',
      'idempotency_key_reused',
    ]);
    const [free] = await counter.preview([wish(rewards.offer(merchant, [points(40)]), who.uuid)]);
    expect(free).toMatchObject({ redemption: { state: 'fulfilled' }, replayed: false });
    expect(await balance(who.id)).toEqual({ available: 40, held: 0 });
    expect(await readStock(t.pool, reward)).toEqual({ total: 2, reserved: 0, sold: 1 });
  });

  it('of one reward that everybody wants: as many as there are, and nothing is left', async () => {
    const reward = rewards.offer(merchant, [points(1)]);
    await stockTo(reward, 37);
    const crowd = await Promise.all([...Array(40).keys()].map(() => member(10)));
    const other = openCounter(around(t));
    const asked = crowd.flatMap(({ uuid }) => Array.from({ length: 5 }, () => wish(reward, uuid)));
    const answers = await Promise.all(
      asked.map(
        async (each, place) => (await (place % 2 ? counter : other).redeem([each]))[0] as Redeemed,
      ),
    );
    const words = answers.map(word);
    expect(words.filter((each) => each === 'fulfilled')).toHaveLength(37);
    expect(words.filter((each) => each === 'refused reward_out_of_stock')).toHaveLength(163);
    expect(await readStock(t.pool, reward)).toEqual({ total: 37, reserved: 0, sold: 37 });
    const left = await Promise.all(crowd.map(async ({ id }) => (await balance(id)).available));
    expect(left.reduce((sum, each) => sum + each, 0)).toBe(400 - 37);
  });
});

describe('a redemption that is cut off', () => {
  /** Redeems in a process that dies at a step; answers how many steps there were when it did not. */
  async function cutOff(asked: Asked, at: number, after: boolean): Promise<boolean> {
    const world = dying(t.pool, t.ledger, at, after);
    const answer = await openCounter(around({ ...t, ...world }))
      .redeem([asked])
      .catch((error: Error) => error);
    return answer instanceof Error;
  }

  interface Ends {
    readonly price: readonly PointsPart[];
    readonly has: readonly [points: number, stars: number];
    readonly later: number;
    readonly ends: readonly string[];
  }
  const [oneType, twoTypes] = [[points(30)], [points(30), points(3, 'stars')]];
  const soon = 2 * MINUTE;
  const cases: [string, Ends][] = [
    ['is done', { price: oneType, has: [30, 0], later: soon, ends: ['fulfilled'] }],
    [
      'is refused',
      { price: oneType, has: [29, 0], later: soon, ends: ['refused insufficient_points'] },
    ],
    ['of two types is done', { price: twoTypes, has: [30, 3], later: soon, ends: ['fulfilled'] }],
    [
      'of two types is refused',
      { price: twoTypes, has: [30, 2], later: soon, ends: ['refused insufficient_points'] },
    ],
    [
      'too late is undone, unless it was confirmed,',
      { price: oneType, has: [30, 0], later: 20 * MINUTE, ends: ['fulfilled', 'timed_out'] },
    ],
    [
      'of two types too late is undone, unless it was confirmed,',
      { price: twoTypes, has: [30, 3], later: 20 * MINUTE, ends: ['fulfilled', 'timed_out'] },
    ],
  ];

  it.each(cases)('%s whole, at whichever step', async (_, { price, has, later, ends }) => {
    const reward = rewards.offer(merchant, price);
    await stockTo(reward, 1_000);
    const found = new Set<string>();
    let sold = 0;
    for (const after of [false, true])
      for (let at = 1; ; at += 1) {
        const who = await member(...has);
        const asked = wish(reward, who.uuid);
        const died = await cutOff(asked, at, after);
        t.clock.set(t.clock.now() + later);
        // Two processes find it at once, and one is asked again by the member.
        const others = [openCounter(around(t)), openCounter(around(t))];
        await Promise.all(others.map(settle));
        const { rows } = await t.pool.query('select id from redemption where request_key = $1', [
          asked.requestKey,
        ]);
        const again = word(await one(asked));
        if (rows.length > 0) {
          expect(ends).toContain(again);
          found.add(again);
        }
        if (again === 'fulfilled') sold += 1;
        const taken = again === 'fulfilled';
        expect(await balance(who.id)).toEqual({ available: taken ? has[0] - 30 : has[0], held: 0 });
        expect((await balance(who.id, 'stars')).available ?? 0).toBe(
          taken && price.length > 1 ? has[1] - 3 : has[1],
        );
        const { rows: given } = await t.pool.query(
          `select count(*)::int as vouchers from voucher v join redemption r on r.id = v.redemption where r.request_key = $1`,
          [asked.requestKey],
        );
        expect(given).toEqual([{ vouchers: taken ? 1 : 0 }]);
        expect(await readStock(t.pool, reward)).toEqual({ total: 1_000, reserved: 0, sold });
        if (!died) break;
        expect(at).toBeLessThan(100);
      }
    expect([...found].sort()).toEqual([...ends].sort());
  });

  it.each([
    ['', oneType],
    ['of two types ', twoTypes],
  ])('%scancelled halfway is cancelled whole, at whichever step', async (_, price) => {
    const terms: Partial<RewardTerms> = { cancellation: { until: 'before_use', feePoints: 5 } };
    const reward = rewards.offer(merchant, price, terms);
    for (const after of [false, true])
      for (let at = 1; ; at += 1) {
        const who = await member(30, price.length > 1 ? 3 : 0);
        const redemption = await done(wish(reward, who.uuid));
        const world = dying(t.pool, t.ledger, at, after);
        const { saga } = openCounter(around({ ...t, ...world }));
        const deps = { ...around({ ...t, ...world }), saga };
        const answer = await cancelRedemption(deps, redemption).catch((error: Error) => error);
        t.clock.set(t.clock.now() + 2 * MINUTE);
        await settle(openCounter(around(t)));
        const state = (await readRedemptions(t.pool, [redemption.id])).get(redemption.id)?.state;
        const isBack = state === 'cancelled';
        expect(isBack || state === 'fulfilled').toBe(true);
        expect(await balance(who.id)).toEqual({ available: isBack ? 25 : 0, held: 0 });
        if (price.length > 1)
          expect(await balance(who.id, 'stars')).toEqual({ available: isBack ? 3 : 0, held: 0 });
        const [voucher] = await readVouchers(t.pool, [redemption.id], sealer);
        expect(voucher?.state).toBe(isBack ? 'void' : 'open');
        // Again it comes to the same.
        const again = await cancelRedemption({ ...around(t), saga: counter.saga }, redemption);
        expect(again).toMatchObject({ state: 'cancelled' });
        expect((await balance(who.id)).available).toBe(25);
        if (!(answer instanceof Error)) break;
        expect(at).toBeLessThan(100);
      }
    expect(await readStock(t.pool, reward)).toMatchObject({ reserved: 0, sold: 0 });
  });

  it.each([
    ['taken', oneType],
    ['held', twoTypes],
  ])('when the time ends while its points are %s, ends in one way', async (_, price) => {
    const reward = rewards.offer(merchant, price);
    const members = await Promise.all([...Array(12).keys()].map(() => member(30, 3)));
    // Its stock is there: who makes it takes more steps than those who come at the same time.
    await stockTo(reward, null);
    // The points are not available any more, and that is all.
    const begun = await Promise.all(
      members.map(async ({ uuid, id }) => {
        const asked = wish(reward, uuid);
        for (let at = 1; (await balance(id)).available > 0; at += 1) {
          await cutOff(asked, at, true);
          expect(at).toBeLessThan(60);
        }
        return asked;
      }),
    );
    const late = { ...t.jobs.programmes, programmeClock: () => t.clock.now() + 20 * MINUTE };
    const { rows } = await t.pool.query('select id from redemption where request_key = any ($1)', [
      begun.map(({ requestKey }) => requestKey),
    ]);
    const ids = rows.map(({ id }) => id);
    const list = [...(await readRedemptions(t.pool, ids)).values()];
    expect(list.map(({ state }) => state)).toEqual(members.map(() => 'reserved'));
    const slow = openCounter({ ...around(t), programmes: late });
    await Promise.all([
      ...list.map((each) => slow.saga.advance([each])),
      ...list.map((each) => counter.saga.advance([each])),
    ]);
    const ended = [...(await readRedemptions(t.pool, ids)).values()].map(({ state }) => state);
    expect(ended.every((state) => state === 'fulfilled' || state === 'timed_out')).toBe(true);
    const left = await Promise.all(members.map(({ id }) => balance(id)));
    const timedOut = ended.filter((state) => state === 'timed_out').length;
    expect(left.filter(({ available }) => available === 30)).toHaveLength(timedOut);
    expect(left.filter(({ held }) => held > 0)).toEqual([]);
    const sold = ended.filter((state) => state === 'fulfilled').length;
    expect(await readStock(t.pool, reward)).toMatchObject({ reserved: 0, sold });
  });
});
