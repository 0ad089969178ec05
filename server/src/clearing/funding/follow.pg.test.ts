import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { readId, showId, type Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import { followFunding, followPage } from './follow.ts';
import { findAccount } from './store.ts';

const DAY = 86_400_000;
/** Of a point, in micro-fen: 3.333 fen, so that parts do not divide evenly. */
const COST = 3_333_333;

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
let account: Uuid;
const price = (merchant: Uuid, funding: Uuid | null): Promise<unknown> =>
  t.pool.query(
    `insert into ledger.price (programme, point_type, merchant, from_ms, issue_price, reimbursement, fee, funding)
      select programme, id, $1, $2, $3, 3000000, 30000, $4 from point_type where programme = 1 and code = 'points'`,
    [merchant, t.clock.now(), COST, funding],
  );
beforeAll(async () => {
  t = await createPointsTestApp();
  await price(PLATFORM, null);
});
beforeEach(async () => {
  merchantId = await t.merchant();
  memberId = await t.member();
  const made = await t.ok('POST', '/clearing/funding/accounts', {
    ...{ merchantId, alertFen: 0, actor: 'Li Lei' },
  });
  account = readId('fundingAccount', made.id) as Uuid;
  const paid = { kind: 'deposit', fen: 1_000_000, reference: made.id, actor: 'Li Lei' };
  await t.ok('POST', `/clearing/funding/accounts/${made.id}/entries`, {
    ...{ ...paid, paidOn: '2026-03-01' },
  });
  const budget = (await findAccount(t.pool, account))?.budget;
  if (budget !== undefined) await price(readId('merchant', merchantId) as Uuid, budget);
});
afterAll(async () => {
  // What every account says of itself is what its lots say.
  const { rows } = await t.pool.query(
    `select a.id from funding_account a
      left join lateral (select coalesce(sum(div(f.drawn_milli::numeric * f.released_points, f.points)), 0) as released,
        coalesce(sum(div(f.drawn_milli::numeric * (f.released_points + f.used_points), f.points)), 0) as gone
        from funding_lot f where f.account = a.id and f.points > 0) l on true
      where a.released_milli <> l.released or a.released_milli + a.used_milli <> l.gone`,
  );
  await t.close();
  expect(rows).toEqual([]);
});

const undo = (body: object) => t.ok('POST', '/transactions', { memberId, ...body });
const move = (body: object) => t.ok('POST', '/transactions', { memberId, merchantId, ...body });

/** Points that the account funds: the ledger draws for them by the price list. */
const issue = async (points: number, more: object = {}): Promise<string> =>
  (await move({ kind: 'issue', points, ...more })).transaction.id;
const follow = (page?: number): Promise<number> =>
  followFunding({ pool: t.pool, shards: 4, ...(page === undefined ? {} : { page }) });
async function figures() {
  const found = await findAccount(t.pool, account);
  if (found === undefined) throw new Error('it was opened');
  const { drawnMilli, releasedMilli, usedMilli } = found;
  const { rows } = await t.pool.query<{ total: number }>(
    'select total from ledger.budget where id = $1',
    [found.budget],
  );
  // deposits + released, and never anything else
  expect(rows[0]?.total).toBe(1_000_000_000 + releasedMilli);
  return { drawnMilli, releasedMilli, usedMilli };
}

it('releases what expired, and keeps what was used', async () => {
  await issue(1_000, { expiresAt: new Date(t.clock.now() + DAY).toISOString() });
  await move({ kind: 'burn', points: 300 });
  await follow();
  const used = 999_999;
  expect(await figures()).toEqual({ drawnMilli: 3_333_333, releasedMilli: 0, usedMilli: used });
  t.clock.advance(2 * DAY);
  await t.ok('POST', '/transactions', { kind: 'expire', memberId });
  expect(await follow()).toBeGreaterThan(0);
  const all = await figures();
  expect(all).toEqual({ drawnMilli: 3_333_333, releasedMilli: 2_333_333, usedMilli: 1_000_000 });
  expect(await follow()).toBe(0);
  expect(await figures()).toEqual(all);
});

it('releases what is returned, and takes a use back that is refunded', async () => {
  const earn = await issue(700);
  const { transaction } = await move({ kind: 'burn', points: 200 });
  await undo({ kind: 'refund', transactionId: transaction.id, points: 150 });
  await follow();
  expect((await figures()).usedMilli).toBe(Math.floor((2_333_334 * 50) / 700));
  await undo({ kind: 'return', transactionId: earn, points: 700, policy: 'pending_only' });
  await follow();
  const { drawnMilli, releasedMilli, usedMilli } = await figures();
  expect(releasedMilli).toBe(Math.floor((2_333_334 * 650) / 700));
  expect(releasedMilli + usedMilli).toBe(drawnMilli);
});

it('releases nothing of points that were issued before there was an account', async () => {
  merchantId = await t.merchant();
  const { transaction } = await move({ kind: 'issue', points: 500 });
  await undo({ kind: 'return', transactionId: transaction.id, points: 500 });
  await follow();
  expect(await figures()).toEqual({ drawnMilli: 0, releasedMilli: 0, usedMilli: 0 });
});

it('follows points to whom they are given, in whatever order shards are followed', async () => {
  await t.ok('PATCH', '/programmes/default', { giftMax: 1_000, giftDayMax: 5_000 });
  t.clock.advance(60_000);
  const expiresAt = new Date(t.clock.now() + DAY).toISOString();
  await issue(900, { expiresAt });
  const from = memberId;
  for (let friend = 0; friend < 6; friend += 1) {
    const to = await t.member();
    await t.ok('POST', '/transfers', {
      giverId: from,
      receiverId: to,
      points: 100,
      purpose: 'friend_gift',
    });
    memberId = to;
    await move({ kind: 'burn', points: 40 });
  }
  for (const page of [1, 3, 1_000]) await follow(page);
  expect((await figures()).usedMilli).toBe(Math.floor((3_000_000 * 240) / 900));
});

it('counts every entry once, whoever follows and however often it dies', async () => {
  const expiresAt = new Date(t.clock.now() + DAY).toISOString();
  for (let turn = 0; turn < 12; turn += 1) {
    memberId = await t.member();
    await issue(100 + turn, { expiresAt });
    await move({ kind: 'burn', points: 10 + turn });
  }
  t.clock.advance(2 * DAY);
  // Dies in the middle of its transaction, every time.
  const dying = new Proxy(t.pool, {
    get: (pool, name) =>
      name === 'connect'
        ? async () => {
            const client = await pool.connect();
            const query = client.query.bind(client) as (...args: unknown[]) => unknown;
            return Object.assign(Object.create(client), {
              query: (text: unknown, ...rest: unknown[]) => {
                if (text === 'commit') throw new Error('killed');
                return query(text, ...rest);
              },
              release: (error?: Error) => client.release(error),
            });
          }
        : Reflect.get(pool, name),
  });
  for (let shard = 0; shard < 4; shard += 1)
    await expect(followPage({ pool: dying, shards: 4 }, shard)).rejects.toThrow('killed');
  expect((await figures()).usedMilli).toBe(0);
  await Promise.all([follow(2), follow(3), follow(5), follow(1)]);
  await follow();
  const { drawnMilli, usedMilli, releasedMilli } = await figures();
  // Of each lot rounded down for itself.
  expect(usedMilli).toBeGreaterThan(0);
  expect(releasedMilli).toBe(0);
  expect(drawnMilli).toBe(
    Array.from({ length: 12 }, (_, n) => Math.ceil(((100 + n) * COST) / 1_000)).reduce(
      (a, b) => a + b,
    ),
  );
});

it('releases points that pay a debt to who funds them, for nobody owes for those', async () => {
  const earn = await issue(100);
  await move({ kind: 'burn', points: 100 });
  await undo({ kind: 'return', transactionId: earn, points: 100, policy: 'debt' });
  await issue(60);
  await follow();
  expect(await figures()).toEqual({
    ...{ drawnMilli: 333_334 + 200_000, releasedMilli: 200_000, usedMilli: 333_334 },
  });
  // Where somebody else gave what was spent, it is owed for.
  const other = await t.merchant();
  const { releasedMilli } = await figures();
  memberId = await t.member();
  const spent = (
    await t.ok('POST', '/transactions', {
      ...{ kind: 'issue', memberId, merchantId: other, points: 30 },
    })
  ).transaction.id;
  await move({ kind: 'burn', points: 30 });
  await undo({ kind: 'return', transactionId: spent, points: 30, policy: 'debt' });
  await issue(30);
  await follow();
  expect(await figures()).toEqual({
    ...{ drawnMilli: 633_334, releasedMilli, usedMilli: 433_334 },
  });
});

it('releases to each of those who fund a lot together what was drawn of it', async () => {
  const partner = await t.merchant();
  const made = await t.ok('POST', '/clearing/funding/accounts', {
    ...{ merchantId: partner, alertFen: 0, actor: 'Li Lei' },
  });
  const theirs = readId('fundingAccount', made.id) as Uuid;
  await t.ok('POST', `/clearing/funding/accounts/${made.id}/entries`, {
    ...{ kind: 'deposit', fen: 1_000, reference: made.id, paidOn: '2026-03-01', actor: 'Li Lei' },
  });
  const [merchant, other] = [merchantId, partner].map((id) => readId('merchant', id) as Uuid);
  const budget = (await findAccount(t.pool, theirs))?.budget ?? null;
  await price(other as Uuid, budget);
  const { rows } = await t.pool.query<{ id: number }>(
    "select id from point_type where programme = 1 and code = 'points'",
  );
  const answer = await t.ledger.submit({
    ...{ kind: 'issue', key: `funded-${made.id}`, programme: 1, pointType: rows[0]?.id ?? 0 },
    ...{ member: readId('member', memberId) as Uuid, merchant: merchant as Uuid, points: 100 },
    effectiveAt: null,
    funders: [
      { merchant: merchant as Uuid, share: 2 },
      { merchant: other as Uuid, share: 1 },
    ],
  });
  if (answer.status !== 'applied') throw new Error(answer.refusal.code);
  await move({ kind: 'burn', points: 31 });
  const earn = showId('transaction', answer.transaction.id);
  await undo({ kind: 'return', transactionId: earn, points: 69 });
  await follow();
  // 67 and 33 of the points.
  const whole = { [account]: 223_334, [theirs]: 110_000 };
  for (const id of [account, theirs]) {
    const found = await findAccount(t.pool, id);
    expect(found?.drawnMilli).toBe(whole[id]);
    expect(found?.releasedMilli).toBe(Math.floor(((whole[id] ?? 0) * 69) / 100));
    expect((found?.releasedMilli ?? 0) + (found?.usedMilli ?? 0)).toBe(whole[id]);
  }
});

it('follows points that are converted and then given away, whichever shard is followed first', async () => {
  const programme = 'two-types';
  await t.ok('POST', '/programmes', {
    ...{ code: programme, name: 'Two types', giftMax: 1_000, giftDayMax: 5_000 },
    pointTypes: [
      { code: 'points', name: 'Points' },
      { code: 'green', name: 'Green' },
    ],
    conversions: [{ from: 'points', to: 'green', num: 3, den: 10 }],
  });
  merchantId = await t.merchant({ programme });
  const made = await t.ok('POST', '/clearing/funding/accounts', {
    ...{ programme, merchantId, alertFen: 0, actor: 'Li Lei' },
  });
  account = readId('fundingAccount', made.id) as Uuid;
  await t.ok('POST', `/clearing/funding/accounts/${made.id}/entries`, {
    ...{ kind: 'deposit', fen: 1_000_000, reference: made.id, paidOn: '2026-03-01' },
    actor: 'Li Lei',
  });
  const budget = (await findAccount(t.pool, account))?.budget ?? null;
  for (const [merchant, funding] of [
    [PLATFORM, null],
    [readId('merchant', merchantId) as Uuid, budget],
  ] as const)
    await t.pool.query(
      `insert into ledger.price (programme, point_type, merchant, from_ms, issue_price, reimbursement, fee, funding)
        select y.programme, y.id, $1, $2, $3, 3000000, 30000, $4 from point_type y join programme p on p.id = y.programme
        where p.code = $5`,
      [merchant, t.clock.now(), COST, funding, programme],
    );
  for (let turn = 0; turn < 6; turn += 1) {
    memberId = (await t.ok('POST', '/members', { programme })).id;
    const expiresAt = new Date(t.clock.now() + DAY).toISOString();
    await move({ kind: 'issue', points: 100, expiresAt });
    const turned = { kind: 'convert', programme, toPointType: 'green', points: 50 };
    await undo(turned);
    const receiverId = (await t.ok('POST', '/members', { programme })).id;
    await t.ok('POST', '/transfers', {
      ...{ giverId: memberId, receiverId, programme, pointType: 'green', points: 10 },
      purpose: 'friend_gift',
    });
    memberId = receiverId;
    await move({ kind: 'burn', pointType: 'green', points: 4 });
    t.clock.advance(2 * DAY);
    await t.ok('POST', '/transactions', {
      kind: 'expire',
      memberId,
      programme,
      pointType: 'green',
    });
  }
  // The last shard first, and a page of one entry at a time.
  for (let shard = 3; shard >= 0; shard -= 1)
    while ((await followPage({ pool: t.pool, shards: 4, page: 1 }, shard)) > 0);
  await follow(1);
  // 50 of 100 points became 15, which carry 166,667 of what was drawn: 4 of them are used, 6 lapsed, 5 are left.
  expect(await figures()).toEqual({
    drawnMilli: 6 * 333_334,
    releasedMilli: 6 * Math.floor((166_667 * 6) / 15),
    usedMilli: 6 * (Math.floor((166_667 * 10) / 15) - Math.floor((166_667 * 6) / 15)),
  });
});
