import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { sweepNow } from '../jobs/run-jobs.ts';
import { readId, type Uuid } from '../kernel/id.ts';

type Body = Answered['body'];

const HOUR = 3_600_000;
let t: PointsTestApp;
let shop: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  shop = await t.merchant();
});
afterAll(() => t.close());

const iso = (at: number): string => new Date(at).toISOString();
const points = fc.integer({ min: 1, max: 60 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('issue'), points, hours: fc.nat(60) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('burn'), points, hours: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hold'), points, hours: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('capture'), points, hours: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('return'), points, hours: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refund'), points, hours: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('adjust'), points, hours: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep'), points, hours: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('advance'), points, hours: fc.nat(30) }) },
);

interface Seen {
  readonly at: number;
  readonly balances: Body;
}

async function play(
  memberId: string,
  steps: readonly { do: string; points: number; hours: number }[],
) {
  const seen: Seen[] = [];
  const made: Record<string, string[]> = {};
  const base = { memberId, merchantId: shop };
  for (const { do: what, points: n, hours } of steps) {
    const now = t.clock.now();
    const body: Record<string, object> = {
      issue: {
        kind: 'issue',
        points: n,
        ...(hours > 30 ? { expiresAt: iso(now + hours * HOUR) } : {}),
        ...(hours % 5 === 1 ? { availableAt: iso(now + HOUR * (hours / 2)) } : {}),
      },
      burn: { kind: 'burn', points: n },
      hold: { kind: 'hold', points: n, expiresAt: iso(now + (hours + 1) * HOUR) },
      adjust: { kind: 'adjust', points: n - 30 || 1, reason: 'r', actor: 'a' },
      capture: { kind: 'capture', holdId: made.hold?.at(-1)?.replace('txn_', 'hold_') },
      return: {
        kind: 'return',
        transactionId: made.issue?.at(hours % 2 === 0 ? 0 : -1),
        points: n,
      },
      refund: { kind: 'refund', transactionId: made.burn?.at(-1) },
    };
    if (what === 'advance') {
      seen.push({
        at: now,
        balances: (await t.ok('GET', `/members/${memberId}/balance`)).balances,
      });
      t.clock.advance(1 + hours * HOUR);
    } else if (what === 'sweep') await sweepNow(t.jobs);
    else {
      const acting = what === 'capture' || what === 'return' || what === 'refund';
      const { status, body: answer } = await t.call('POST', '/transactions', {
        ...(acting ? { memberId } : base),
        ...body[what],
      });
      if (status === 201) made[what] = [...(made[what] ?? []), answer.transaction.id];
    }
  }
  seen.push({
    at: t.clock.now(),
    balances: (await t.ok('GET', `/members/${memberId}/balance`)).balances,
  });
  return seen;
}

const asOf = async (memberId: string, at: number): Promise<Body> =>
  (await t.ok('GET', `/members/${memberId}/balance?asOf=${iso(at)}`)).balances;
const withoutFinal = (balances: Body): Body => balances.map(({ final: _, ...rest }: Body) => rest);

async function statement(memberId: string, from: number, to: number): Promise<Body> {
  const items: Body[] = [];
  let cursor = '';
  for (;;) {
    const page = await t.ok(
      'GET',
      `/members/${memberId}/statement?from=${iso(from)}&to=${iso(to)}&limit=3${cursor}`,
    );
    items.push(...page.items);
    if (page.nextCursor === null) return { ...page, items };
    cursor = `&cursor=${page.nextCursor}`;
  }
}

it('a balance of the past is what was answered then; statements add up to it', async () => {
  let applied = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 15, maxLength: 45 }),
      fc.nat(),
      async (steps, seed) => {
        const memberId = await t.member();
        const seen = await play(memberId, steps);
        for (const { at, balances } of seen)
          expect(withoutFinal(await asOf(memberId, at))).toEqual(balances);

        const [first, second] = [seed % seen.length, (seed >> 8) % seen.length];
        const [from, to] = [Math.min(first, second), Math.max(first, second)].map(
          (index) => (seen[index] as Seen).at + 1,
        ) as [number, number];
        const told = await statement(memberId, from, to);
        const sum = told.items
          .flatMap((each: Body) => each.changes)
          .reduce((total: number, change: Body) => total + change.points, 0);
        const [account = { opening: 0, closing: 0 }] = told.accounts;
        expect(account.closing - account.opening).toBe(sum);
        const { rows } = await t.pool.query<{ before: number | null; count: number }>(
          `select (select balance_after from ledger.transaction where member = $1 and refusal is null
            and effective_at_ms < $2 order by block desc, position desc limit 1) as before,
          (select count(*) from ledger.transaction where member = $1 and refusal is null
            and effective_at_ms >= $3 and effective_at_ms < $2) as count`,
          [readId('member', memberId) as Uuid, to, from],
        );
        expect(account.closing).toBe(rows[0]?.before ?? 0);
        expect(told.items).toHaveLength(rows[0]?.count ?? 0);
        applied += told.items.length;
      },
    ),
    { numRuns: 12, endOnFailure: true },
  );
  // The property says nothing when nothing happens.
  expect(applied).toBeGreaterThan(10);
});

it('is final once a cut lies after it, and a late transaction does not change it', async () => {
  const memberId = await t.member();
  await t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId: shop, points: 40 });
  const then = t.clock.now();
  t.clock.advance(HOUR);
  expect((await asOf(memberId, then))[0]).toMatchObject({ available: 40, final: false });
  const at = iso(then + 1);
  await t.ok('POST', '/ledger/cuts', { programme: 'default', at });
  expect((await asOf(memberId, then))[0]).toMatchObject({ available: 40, final: true });
  const late = { kind: 'issue', memberId, merchantId: shop, points: 2, effectiveAt: iso(then) };
  await t.ok('POST', '/transactions', late);
  expect((await asOf(memberId, then))[0]).toMatchObject({ available: 40, final: true });
  expect((await asOf(memberId, then + 1))[0]).toMatchObject({ available: 42, final: false });
  const { accounts, items } = await statement(memberId, then, then + 1);
  expect(accounts).toEqual([
    { programme: 'default', pointType: 'points', opening: 0, closing: 40, final: true },
  ]);
  expect(items).toHaveLength(1);
});

it('before anything, of nobody, backwards, or by a merchant', async () => {
  const memberId = await t.member();
  const [from, to] = [iso(0), iso(HOUR)];
  expect((await asOf(memberId, 0))[0]).toMatchObject({ available: 0, lifetimeEarned: 0 });
  expect(await t.ok('GET', `/members/${memberId}/statement?from=${from}&to=${to}`)).toMatchObject({
    accounts: [],
    items: [],
    nextCursor: null,
  });
  const code = async (path: string, options = {}) =>
    (await t.call('GET', path, undefined, options)).body.code;
  const period = `from=${from}&to=${to}`;
  const stranger = '/members/mem_01h455vb4pex5vsknk084sn02q';
  expect(await code(`${stranger}/statement?${period}`)).toBe('member_not_found');
  expect(await code(`${stranger}/balance?asOf=${to}`)).toBe('member_not_found');
  expect(await code(`/members/${memberId}/statement?from=${to}&to=${from}`)).toBe('period_invalid');
  expect(await code(`/members/${memberId}/statement?from=${from}`)).toBe('invalid_request');
  expect(await code(`/members/${memberId}/statement?${period}&cursor=x`)).toBe('cursor_invalid');
  const auth = await t.apiKey(['points:read'], shop);
  expect(await code(`/members/${memberId}/statement?${period}`, { auth })).toBe('operator_only');
});
