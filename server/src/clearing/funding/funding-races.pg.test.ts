import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { readId, type Uuid } from '../../kernel/id.ts';
import { testSeed } from '../../kernel/testing/seed.ts';
import { createCleared } from '../testing/cleared.ts';
import { followFunding } from './follow.ts';

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const seed = testSeed('funding-races');
/** Numbers in [0, below), the same in every run of a seed. */
function dice(start: number): (below: number) => number {
  let state = start >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
const follow = (page = 100): Promise<number> =>
  followFunding({ pool: t.pool, shards: 4, page, waits: true });
interface Figures {
  readonly fen: number;
  readonly drawn: number;
  readonly released: number;
  readonly used: number;
  readonly total: number;
}
async function figuresOf(account: string): Promise<Figures> {
  const { rows } = await t.pool.query<Figures>(
    `select a.deposited_fen - a.withdrawn_fen + a.settled_fen + a.credit_fen as fen, a.released_milli as released,
        a.used_milli as used, b.total, (select sum(spent) from ledger.allotment l where l.budget = a.budget)::int8 as drawn
      from funding_account a join ledger.budget b on b.id = a.budget where a.id = $1`,
    [readId('fundingAccount', account)],
  );
  if (rows[0] === undefined) throw new Error('it was opened');
  return rows[0];
}

it('issues as many points as are paid for and not one more, while money comes in', async () => {
  const c = await createCleared(t);
  await c.book('deposit', 5_000);
  const members = await Promise.all(
    Array.from({ length: 12 }, () => t.ok('POST', '/members', { programme: c.programme })),
  );
  const issue = ({ id: memberId }: { id: string }) =>
    t.call('POST', '/transactions', {
      ...{ kind: 'issue', memberId, merchantId: c.issuer, pointType: 'points', points: 10 },
    });
  // 10 points cost 100 fen: 100 of these are paid for, of which 50 not from the beginning on.
  const issued = Array.from({ length: 120 }, (_, place) =>
    issue(members[place % 12] as { id: string }),
  );
  const paid = Array.from({ length: 10 }, () => c.book('deposit', 500));
  await Promise.all(paid);
  const answers = await Promise.all(issued);
  const made = answers.filter(({ status }) => status === 201).length;
  for (const { status, body } of answers)
    if (status !== 201) expect([status, body.code]).toEqual([422, 'funding_exhausted']);
  expect(made).toBeGreaterThanOrEqual(50);
  expect(made).toBeLessThanOrEqual(100);
  const { drawn, total } = await figuresOf(c.account);
  expect(drawn).toBe(made * 100_000);
  expect(total).toBe(10_000_000);
  // Nobody is refused while there is enough.
  for (let left = (total - drawn) / 100_000; left > 0; left -= 1)
    expect((await issue(members[0] as { id: string })).status).toBe(201);
  expect((await issue(members[1] as { id: string })).body.code).toBe('funding_exhausted');
  await c.book('deposit', 5_000);
  // What two processes issue while a third closes: e2e/prefund-kill.e2e.test.ts.
  expect(await c.closed(1)).toMatch(/^clp_/);
});

it('keeps available what was paid less what is outstanding and used, whatever happens to points', async () => {
  const roll = dice(seed);
  const c = await createCleared(t);
  await c.book('deposit', 1_000_000);
  const programme = c.programme;
  await t.ok('POST', `/programmes/${programme}/point-types`, { code: 'stars', name: 'Stars' });
  await t.pool.query(
    `insert into ledger.price (programme, point_type, merchant, from_ms, issue_price, reimbursement, fee, funding)
      select r.programme, y.id, r.merchant, r.from_ms, 3333333, 3000000, 1000, r.funding
      from ledger.price r join programme p on p.id = r.programme join point_type y on y.programme = p.id and y.code = 'stars'
      where p.code = $1`,
    [programme],
  );
  await t.ok('PATCH', `/programmes/${programme}`, { giftMax: 10_000, giftDayMax: 1_000_000 });
  t.clock.advance(60_000);
  const members: string[] = [];
  for (let count = 0; count < 5; count += 1)
    members.push((await t.ok('POST', '/members', { programme })).id);
  const burns: { memberId: string; id: string }[] = [];
  const earns: { memberId: string; id: string }[] = [];
  const pick = <T>(list: readonly T[]): T => list[roll(list.length)] as T;
  const send = (body: object) => t.call('POST', '/transactions', body);
  for (let turn = 0; turn < 120; turn += 1) {
    const memberId = pick(members);
    const pointType = 'stars';
    const points = 1 + roll(90);
    const own = { memberId, pointType };
    switch (roll(8)) {
      case 0:
      case 1: {
        const expiresAt = new Date(t.clock.now() + 3_600_000 * (1 + roll(40))).toISOString();
        const told = { ...own, kind: 'issue', merchantId: c.issuer, points, expiresAt };
        const { status, body } = await send(told);
        if (status === 201) earns.push({ memberId, id: body.transaction.id });
        break;
      }
      case 2: {
        const { status, body } = await send({ ...own, kind: 'burn', merchantId: c.taker, points });
        if (status === 201) burns.push({ memberId, id: body.transaction.id });
        break;
      }
      case 3:
        if (burns.length > 0) {
          const { memberId: whose, id } = pick(burns);
          await send({ kind: 'refund', memberId: whose, transactionId: id, points: 1 + roll(20) });
        }
        break;
      case 4:
        if (earns.length > 0) {
          const { memberId: whose, id } = pick(earns);
          const policy = pick(['pending_only', 'within_balance', 'debt']);
          await send({
            kind: 'return',
            memberId: whose,
            transactionId: id,
            points: 1 + roll(30),
            policy,
          });
        }
        break;
      case 5:
        await t.call('POST', '/transfers', {
          ...{ giverId: memberId, receiverId: pick(members), programme, pointType, points },
          purpose: 'friend_gift',
        });
        break;
      case 6:
        t.clock.advance(3_600_000 * roll(6));
        await send({ ...own, kind: 'expire' });
        break;
      default:
        if (roll(2) === 0) await follow(1 + roll(10));
    }
  }
  await follow();
  const { fen, drawn, released, used, total } = await figuresOf(c.account);
  expect(burns.length).toBeGreaterThan(0);
  expect(released).toBeGreaterThan(0);
  expect(total).toBe(fen * 1_000 + released);
  expect(released + used).toBeLessThanOrEqual(drawn);
  // What is outstanding is what members still have, each lot's part of what was drawn for it.
  const { rows } = await t.pool.query<{ points: number; drawn: number; lots: number }>(
    `select sum(l.remaining)::int8 as points, count(*) as lots from ledger.lot l join point_type y on y.id = l.point_type
      where y.code = 'stars' and l.issuer = $1`,
    [readId('merchant', c.issuer) as Uuid],
  );
  const { points = 0, lots = 0 } = rows[0] ?? {};
  const outstanding = drawn - released - used;
  const cost = (points * 3_333_333) / 1_000;
  expect(Math.abs(outstanding - cost)).toBeLessThanOrEqual(2 * lots);
  // Nothing of it is anybody's but the account's: what was used is what accrued for it.
  const accrued = await t.pool.query<{ owed: number }>(
    `select coalesce(sum(a.owed), 0)::int8 as owed from ledger.accrual a where a.payer = $1 and a.kind in (1, 2, 3)`,
    [readId('merchant', c.issuer) as Uuid],
  );
  expect(Math.abs(used - (accrued.rows[0]?.owed ?? 0) / 1_000)).toBeLessThanOrEqual(2 * lots);
});
