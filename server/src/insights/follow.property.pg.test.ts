import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { standardPrices } from '../clearing/books/test-books.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { bookDue } from '../jobs/run-jobs.ts';
import { localDate } from '../kernel/calendar.ts';
import type { Uuid } from '../kernel/id.ts';
import { testSeed } from '../kernel/testing/seed.ts';
import { ENTRY_KINDS, PLATFORM, ROLES } from '../ledger/transaction.ts';
import { withTransaction } from '../platform/database.ts';
import { followInsights, followPage } from './follow.ts';
import { countPage, takeTurns } from './follow-store.ts';

const DAY = 86_400_000;
const TIME_ZONES = ['Asia/Shanghai', 'America/New_York', 'Pacific/Auckland'];
const seed = testSeed('insights');

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const who = fc.nat(3);
const at = fc.nat(2);
const points = fc.integer({ min: 1, max: 400 });
const step = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      does: fc.constant('issue' as const),
      ...{ who, at, points: fc.integer({ min: 1, max: 2_000 }) },
      ...{ days: fc.option(fc.integer({ min: 1, max: 40 })), agoHours: fc.nat(90) },
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constantFrom('burn' as const, 'overdraw' as const, 'hold' as const),
      ...{ who, at, points },
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constantFrom('refund' as const, 'return' as const),
      ...{ which: fc.nat(), points },
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constantFrom('give' as const, 'convert' as const, 'adjust' as const),
      ...{ who, at, points, up: fc.boolean() },
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      hours: fc.integer({ min: 1, max: 400 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('merge' as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom('follow' as const, 'die' as const),
      page: fc.integer({ min: 1, max: 50 }),
    }),
  },
);

/** Everything that was counted, whoever it is about. */
async function counted(): Promise<unknown[]> {
  const tables = [
    ['insight_day', 'programme, merchant, point_type, day'],
    ['insight_active_count', 'programme, merchant, unit, day'],
    ['insight_active', 'programme, merchant, member'],
  ] as const;
  const found: unknown[] = [];
  for (const [table, order] of tables)
    found.push(
      (await t.pool.query(`select ${table}::text as row from ${table} order by ${order}`)).rows,
    );
  return found;
}

interface Entry {
  readonly programme: number;
  readonly pointType: number;
  readonly timeZone: string;
  readonly kind: number;
  readonly fromRole: number;
  readonly fromOwner: Uuid;
  readonly toRole: number;
  readonly toOwner: Uuid;
  readonly points: number;
  readonly issuer: Uuid | null;
  readonly unitCost: number | null;
  readonly transaction: Uuid;
  readonly transactionKind: number;
  readonly member: Uuid;
  readonly effectiveAt: number;
}

/** The same sums, in another language and from every entry there is. */
async function reckoned(): Promise<{
  days: Map<string, Map<string, number>>;
  active: Map<string, Set<Uuid>>;
}> {
  const { rows } = await t.pool.query<Entry>(
    `select e.programme, e.point_type as "pointType", p.time_zone as "timeZone", e.kind, e.from_role as "fromRole",
        e.from_owner as "fromOwner", e.to_role as "toRole", e.to_owner as "toOwner", e.points, l.issuer,
        l.unit_cost as "unitCost", t.id as transaction, t.kind as "transactionKind", t.member, t.effective_at_ms as "effectiveAt"
      from ledger.entry e join ledger.transaction t on t.id = e.transaction join programme p on p.id = e.programme
        left join ledger.lot l on l.id = e.lot`,
  );
  const days = new Map<string, Map<string, number>>();
  const active = new Map<string, Set<Uuid>>();
  const seen = new Set<string>();
  for (const entry of rows) {
    const day = localDate(entry.effectiveAt, entry.timeZone);
    const add = (merchant: Uuid | null, figure: string, by: number): void => {
      for (const each of merchant === null ? [PLATFORM] : [PLATFORM, merchant]) {
        const key = `${entry.programme} ${each} ${entry.pointType} ${day}`;
        const sums = days.get(key) ?? new Map<string, number>();
        days.set(key, sums.set(figure, (sums.get(figure) ?? 0) + by));
      }
    };
    const isTheirs = (role: number): boolean => role === ROLES.member || role === ROLES.held;
    const { fromRole, toRole } = entry;
    if (fromRole === ROLES.issuer) add(entry.fromOwner, 'issued', entry.points);
    if (toRole === ROLES.issuer) add(entry.toOwner, 'returned', entry.points);
    if (fromRole === ROLES.adjustment) add(entry.fromOwner, 'adjusted', entry.points);
    if (toRole === ROLES.adjustment) add(entry.toOwner, 'adjusted', -entry.points);
    if (toRole === ROLES.acquirer) add(entry.toOwner, 'redeemed', entry.points);
    if (fromRole === ROLES.acquirer) add(entry.fromOwner, 'refunded', entry.points);
    if (isTheirs(fromRole) && toRole === ROLES.acquirer) add(entry.issuer, 'used', entry.points);
    if (fromRole === ROLES.acquirer && isTheirs(toRole)) add(entry.issuer, 'used', -entry.points);
    if (toRole === ROLES.breakage) add(entry.issuer, 'expired', entry.points);
    if (fromRole === ROLES.breakage) add(entry.issuer, 'expired', -entry.points);
    if (toRole === ROLES.conversion) add(entry.issuer, 'converted', entry.points);
    const change = (isTheirs(toRole) ? entry.points : 0) - (isTheirs(fromRole) ? entry.points : 0);
    add(entry.issuer, 'outstanding', change);
    if (entry.unitCost !== null) add(entry.issuer, 'cost_micro', change * entry.unitCost);
    const isEarn = entry.kind === ENTRY_KINDS.issue || entry.kind === ENTRY_KINDS.repay;
    const isActive = [1, 2, 4].includes(entry.transactionKind);
    const merchant = fromRole === ROLES.issuer ? entry.fromOwner : entry.toOwner;
    const isSide = (isEarn && fromRole === ROLES.issuer) || toRole === ROLES.acquirer;
    if (!isActive || !isSide) continue;
    if (!seen.has(entry.transaction))
      add(merchant, entry.transactionKind === 1 ? 'earns' : 'redemptions', 1);
    seen.add(entry.transaction);
    for (const each of [PLATFORM, merchant])
      for (const unit of [`d ${day}`, `m ${day.slice(0, 7)}-01`]) {
        const key = `${entry.programme} ${each} ${unit}`;
        active.set(key, (active.get(key) ?? new Set()).add(entry.member));
      }
  }
  return { days, active };
}

/** Compares what was counted with that, and with the balances and lots that the ledger keeps itself. */
async function judge(): Promise<void> {
  const { days, active } = await reckoned();
  const { rows } = await t.pool.query<Record<string, string>>(
    `select programme || ' ' || merchant || ' ' || point_type || ' ' || day as key, * from insight_day`,
  );
  const told = new Map(rows.map((row) => [row.key, row]));
  for (const [key, sums] of days)
    for (const [figure, sum] of sums)
      expect([key, figure, Number(told.get(key)?.[figure] ?? 0)]).toEqual([key, figure, sum]);
  for (const [key, row] of told)
    for (const figure of ['issued', 'redeemed', 'used', 'expired', 'outstanding', 'earns'])
      expect(Number(row[figure])).toBe(days.get(String(key))?.get(figure) ?? 0);
  const { rows: counts } = await t.pool.query<{ key: string; members: number }>(
    `select programme || ' ' || merchant || ' ' || unit::text || ' ' || day as key, members from insight_active_count`,
  );
  expect(new Map(counts.map(({ key, members }) => [key, members]))).toEqual(
    new Map([...active].map(([key, members]) => [key, members.size])),
  );
  const { rows: wrong } = await t.pool.query(
    `with of_issuer as (
        select programme, issuer as merchant, point_type, sum(remaining) as points, sum(remaining * coalesce(unit_cost, 0)::numeric) as cost
        from ledger.lot group by 1, 2, 3
      ), kept as (
        select programme, owner as merchant, point_type, -sum(balance) filter (where role = 4) as given,
          sum(balance) filter (where role = 5) as taken, -sum(balance) filter (where role = 7) as adjusted
        from ledger.counter_account where role in (4, 5, 7) group by 1, 2, 3
      ), told as (
        select programme, merchant, point_type, sum(outstanding) as points, sum(cost_micro) as cost, sum(issued - returned) as given,
          sum(redeemed - refunded) as taken, sum(adjusted) as adjusted
        from insight_day where merchant <> $1 group by 1, 2, 3)
      select * from told full join of_issuer o using (programme, merchant, point_type) full join kept k using (programme, merchant, point_type)
      where (coalesce(told.points, 0), coalesce(told.cost, 0), coalesce(told.given, 0), coalesce(told.taken, 0), coalesce(told.adjusted, 0))
        <> (coalesce(o.points, 0), coalesce(o.cost, 0), coalesce(k.given, 0), coalesce(k.taken, 0), coalesce(k.adjusted, 0))`,
    [PLATFORM],
  );
  expect(wrong).toEqual([]);
}

test('sums are what the ledger says, whatever was done, followed in whatever pieces and counted anew', async () => {
  let programmes = 0;
  const done = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 50, maxLength: 90 }), async (steps) => {
      programmes += 1;
      const code = `any-${programmes}`;
      await t.ok('POST', '/programmes', {
        ...{ code, name: code, timeZone: TIME_ZONES[programmes % TIME_ZONES.length] },
        ...{ returnPolicy: 'debt', giftMax: 10_000, giftDayMax: 100_000 },
        pointTypes: [
          { code: 'points', name: 'points' },
          { code: 'miles', name: 'miles' },
        ],
        conversions: [{ from: 'points', to: 'miles', num: 3, den: 7 }],
      });
      const merchants: string[] = [];
      for (let index = 0; index < 3; index += 1)
        merchants.push(await t.merchant({ programme: code }));
      const members: string[] = [];
      for (let index = 0; index < 5; index += 1)
        members.push((await t.ok('POST', '/members', { programme: code })).id);
      t.clock.advance(DAY);
      if (programmes % 2 === 0) await standardPrices(t, { issue: 7_654_321 }, code);
      const lists = { refund: [] as Recorded[], return: [] as Recorded[] };
      const move = async (
        does: string,
        body: object,
        into?: Recorded[],
      ): Promise<Recorded | undefined> => {
        const answer = await t.call('POST', '/transactions', body);
        const told = answer.body.transaction;
        if (answer.status !== 201 || told?.status !== 'applied') return undefined;
        done.set(does, (done.get(does) ?? 0) + 1);
        into?.push(told);
        return told;
      };
      for (const each of steps) {
        const { does } = each;
        const memberId = 'who' in each ? members[each.who] : undefined;
        const merchantId = 'at' in each ? merchants[each.at] : merchants[0];
        const own = { memberId, merchantId };
        if (does === 'issue') {
          const effectiveAt = new Date(t.clock.now() - each.agoHours * 3_600_000).toISOString();
          const expiresAt =
            each.days === null
              ? {}
              : { expiresAt: new Date(t.clock.now() + each.days * DAY).toISOString() };
          const body = { kind: 'issue', ...own, points: each.points, effectiveAt, ...expiresAt };
          await move(does, body, lists.return);
        } else if (does === 'burn')
          await move(does, { kind: 'burn', ...own, points: each.points }, lists.refund);
        else if (does === 'overdraw') {
          const overdraft = { overdraft: 'debt', overdraftMax: 1_000 };
          await move(
            does,
            { kind: 'burn', ...own, points: each.points, ...overdraft },
            lists.refund,
          );
        } else if (does === 'hold') {
          const body = { kind: 'hold', ...own, points: each.points, expiresInSeconds: 864_000 };
          const held = await move(does, body);
          if (held !== undefined && each.points % 3 > 0)
            await move('capture', { kind: 'capture', memberId, holdId: held.holdId }, lists.refund);
        } else if (does === 'refund' || does === 'return') {
          const list = lists[does];
          const about = list[each.which % Math.max(1, list.length)];
          if (about !== undefined)
            await move(does, {
              ...{ kind: does, memberId: about.memberId, transactionId: about.id },
              points: 1 + (each.points % about.points),
            });
        } else if (does === 'give') {
          const to = { giverId: memberId, receiverId: members[(each.who + 1) % 4] };
          const answer = await t.call('POST', '/transfers', {
            ...{ programme: code, ...to, points: each.points, purpose: 'family_gift' },
          });
          if (answer.status === 201) done.set(does, (done.get(does) ?? 0) + 1);
        } else if (does === 'convert')
          await move(does, {
            ...{ kind: 'convert', memberId, programme: code, points: each.points },
            ...{ pointType: 'points', toPointType: 'miles' },
          });
        else if (does === 'adjust')
          await t.call('POST', '/adjustments', {
            ...{ ...own, reason: 'test', actor: 'Lin' },
            points: each.up ? each.points : -each.points,
          });
        else if (does === 'wait') {
          t.clock.advance(each.hours * 3_600_000);
          await bookDue(t.jobs);
        } else if (does === 'merge') {
          // The last one becomes part of another; who comes after takes its place.
          const from = members[4];
          const answer = await t.call('POST', `/members/${memberId}/merges`, {
            ...{ from, reason: 'the same person', actor: 'Lin' },
          });
          if (answer.status !== 201) continue;
          done.set(does, (done.get(does) ?? 0) + 1);
          members[4] = (await t.ok('POST', '/members', { programme: code })).id;
        } else if (does === 'follow') await followInsights({ pool: t.pool, page: each.page });
        else if (does === 'die') await dieCounting(each.page);
      }
      await followInsights({ pool: t.pool });
      await judge();
    }),
    { seed, numRuns: 5 },
  );
  const before = await counted();
  await t.pool.query('truncate insight_walk, insight_day, insight_active, insight_active_count');
  // Two processes at once, in small pages.
  const together = [1, 2].map(() => followInsights({ pool: t.pool, page: 7 }));
  await Promise.all(together);
  await followInsights({ pool: t.pool });
  expect(await counted()).toEqual(before);
  for (const kind of [
    'issue',
    'burn',
    'overdraw',
    'capture',
    'refund',
    'return',
    'convert',
    'give',
    'merge',
  ])
    expect([kind, (done.get(kind) ?? 0) > 5]).toEqual([kind, true]);
}, 240_000);

interface Recorded {
  readonly id: string;
  readonly memberId: string;
  readonly holdId: string;
  readonly points: number;
}

/** As a process that is killed after it counted a page, before the cursor moved. */
async function dieCounting(page: number): Promise<void> {
  const died = new Error('killed');
  const counting = withTransaction(t.pool, async (tx) => {
    await countPage(tx, await takeTurns(tx, page));
    throw died;
  });
  await expect(counting).rejects.toBe(died);
  await followPage(t.pool, page);
}
