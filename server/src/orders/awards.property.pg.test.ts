import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { readId, type Uuid } from '../kernel/id.ts';
import { testSeed } from '../kernel/testing/seed.ts';
import { findBreaches } from '../ledger/testing/invariants.ts';
import { publishRule } from './testing/publish-rule.ts';

/** To see a failure again, put fast-check's path here, and its seed into HONGMI_SEED. */
const PATH: string | undefined = undefined;
const RUNS = 15;
const DAY_CAP = 60;
const BONUS = 100;

let t: PointsTestApp;
let merchantId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  const merchant = readId('merchant', merchantId) as Uuid;
  // A piece costs ¥10: 10 points by the ratio, 5 more of which a day has 60, and 100 for the first order.
  await publishRule(
    t,
    {
      when: {},
      earn: { kind: 'times', num: 3, den: 2 },
      terms: { caps: [{ per: 'day', points: DAY_CAP }] },
      priority: 2,
    },
    { merchant },
  );
  await publishRule(
    t,
    {
      when: { member: { firstOrder: true } },
      earn: { kind: 'fixed', points: BONUS, per: 'order' },
    },
    { merchant },
  );
});
afterAll(() => t.close());

/** What the orders of one member come to, kept as a till would: the slow and obvious way. */
class Till {
  readonly orders: {
    readonly id: string;
    readonly pieces: number;
    left: number;
    /** Granted: by the ratio, by the capped rule, for coming first. */
    readonly granted: readonly [number, number, number];
    kept: [number, number, number];
  }[] = [];

  place(id: string, pieces: number): void {
    const counted = this.orders.reduce((sum, { kept }) => sum + kept[1], 0);
    const isFirst = this.orders.every(({ left }) => left === 0);
    const granted = [
      pieces * 10,
      Math.min(pieces * 5, DAY_CAP - counted),
      isFirst ? BONUS : 0,
    ] as const;
    this.orders.push({ id, pieces, left: pieces, granted, kept: [...granted] });
  }

  giveBack(which: number, pieces: number): void {
    const order = this.orders[which];
    if (order === undefined) throw new Error('there is no such order');
    order.left -= pieces;
    const worth = [order.left * 10, order.left * 5, order.left > 0 ? BONUS : 0];
    order.kept = order.kept.map((kept, place) => Math.min(kept, worth[place] ?? 0)) as never;
  }

  get balance(): number {
    return this.orders.flatMap(({ kept }) => kept).reduce((sum, points) => sum + points, 0);
  }
}

const step = fc.oneof(
  fc.record({ what: fc.constant('buy' as const), pieces: fc.integer({ min: 1, max: 6 }) }),
  fc.record({
    what: fc.constant('return' as const),
    which: fc.nat(9),
    pieces: fc.integer({ min: 1, max: 6 }),
  }),
);

it('a return frees caps and first orders for what comes later, and never rates another order again', async () => {
  let numbers = 0;
  const fresh = (): string => {
    numbers += 1;
    return `n-${numbers}`;
  };
  const seed = testSeed('awards and returns');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const memberId = await t.member();
      const till = new Till();
      for (const { what, ...more } of steps) {
        if (what === 'buy') {
          const { pieces } = more;
          const paidAt = new Date(t.clock.now()).toISOString();
          const lines = [{ lineNo: 1, sku: 'A', quantity: pieces, amountFen: pieces * 1000 }];
          const body = { merchantId, memberId, orderNo: fresh(), paidAt, lines };
          const order = await t.ok('POST', '/orders', body);
          till.place(order.id, pieces);
          const granted = till.orders.at(-1)?.granted ?? [];
          expect(order.points).toBe(granted.reduce((sum, points) => sum + points, 0));
        } else if ('which' in more && till.orders.length > 0) {
          const which = (more.which as number) % till.orders.length;
          const order = till.orders[which];
          const pieces = Math.min(more.pieces, order?.left ?? 0);
          if (order === undefined || pieces === 0) continue;
          const before = till.balance;
          till.giveBack(which, pieces);
          const returned = await t.ok('POST', `/orders/${order.id}/returns`, {
            returnNo: fresh(),
            lines: [{ lineNo: 1, quantity: pieces }],
          });
          expect(returned.pointsClawedBack).toBe(before - till.balance);
        }
        expect((await t.balance(memberId))?.available ?? 0).toBe(till.balance);
      }
      for (const { id, kept } of till.orders) {
        const { pointsDue } = await t.ok('GET', `/orders/${id}`);
        expect(pointsDue).toBe(kept.reduce((sum, points) => sum + points, 0));
      }
    }),
    { numRuns: RUNS, seed, ...(PATH === undefined ? {} : { path: PATH }) },
  );
  expect(await findBreaches(t.pool)).toEqual([]);
});
