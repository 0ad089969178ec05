import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Uuid } from '../kernel/id.ts';
import { testSeed } from '../kernel/testing/seed.ts';
import { idOf } from './testing/desk.ts';
import { type Said, SpokenDesk } from './testing/desk-spoken.ts';

/** Merchants that issue, pay for each other's points and take them. */
const MERCHANTS = ['first', 'second', 'third'].map(idOf);
const seed = testSeed('accrue property');

const merchant = fc.constantFrom(...MERCHANTS);
const price = fc.integer({ min: 0, max: 40_000_001 });
const step = fc.oneof(
  fc.record({
    do: fc.constant('issue' as const),
    points: fc.integer({ min: 1, max: 900 }),
    merchant,
    shares: fc.option(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 })),
  }),
  fc.record({
    do: fc.constant('burn' as const),
    points: fc.integer({ min: 1, max: 700 }),
    merchant,
    held: fc.boolean(),
  }),
  fc.record({
    do: fc.constant('refund' as const),
    which: fc.nat(20),
    points: fc.integer({ min: 1, max: 300 }),
  }),
  fc.record({ do: fc.constant('price' as const), merchant, issuePrice: price, taken: price }),
);

// The desk holds each of them against what verify works out of the chain.
it('adds up for each entry, and comes to nothing between any two once everything is refunded', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
      const d = new SpokenDesk();
      d.price(0, null);
      const left = new Map<string, number>();
      let now = 0;
      const apply = (name: string, said: Said): boolean =>
        typeof d.do(now, name, said) !== 'string';
      const giveBack = (name: string, of: string, points: number): void => {
        if (!apply(name, { kind: 'refund', burn: idOf(of), points, graceMs: 1 }))
          throw new Error(of);
        left.set(of, (left.get(of) as number) - points);
      };
      for (const each of steps) {
        now += 1;
        const name = `${each.do} ${now}`;
        if (each.do === 'price') {
          const [reimbursement, fee] = [each.taken, each.taken >> 3];
          d.price(now, each.merchant, { issuePrice: each.issuePrice, reimbursement, fee });
        } else if (each.do === 'issue') {
          const { points, merchant, shares } = each;
          const funders = shares?.map((share, at) => ({ merchant: MERCHANTS[at] as Uuid, share }));
          const terms = funders === undefined ? {} : { funders };
          apply(name, { kind: 'issue', points, merchant, ...terms });
        } else if (each.do === 'burn') {
          const { points, merchant } = each;
          if (!each.held) {
            if (apply(name, { kind: 'burn', points, merchant })) left.set(name, points);
          } else if (apply(`hold ${now}`, { kind: 'hold', points, merchant, expiresAt: 1000 })) {
            apply(name, { kind: 'capture', hold: idOf(`hold ${now}`) });
            left.set(name, points);
          }
        } else {
          const open = [...left].filter(([, points]) => points > 0);
          const chosen = open[each.which % Math.max(1, open.length)];
          if (chosen !== undefined) giveBack(name, chosen[0], Math.min(each.points, chosen[1]));
        }
      }
      for (const [of, points] of left)
        if (points > 0) {
          now += 1;
          giveBack(`last ${now}`, of, points);
        }
      const pairs = new Map<string, bigint>();
      for (const { transaction, entryFirst, accruals } of d.history) {
        const sign = transaction.kind === 'refund' ? -1 : 1;
        for (const [index, { points, from, to, lot }] of transaction.entries.entries()) {
          const rows = accruals.filter(({ seq }) => seq === entryFirst + index);
          const isUse = from.role === 'acquirer' || to.role === 'acquirer';
          expect(rows.reduce((sum, row) => sum + row.points, 0)).toBe(isUse ? sign * points : 0);
          if (!isUse) continue;
          const cost = BigInt(d.desk.book.lot(lot).unitCost ?? 0);
          const owed = rows.reduce((sum, row) => sum + row.owed, 0n);
          expect(owed).toBe(BigInt(sign * points) * cost);
        }
        for (const { payer, taker, points, owed, due, fee } of accruals)
          for (const [what, amount] of Object.entries({ points: BigInt(points), owed, due, fee })) {
            const key = `${what} ${payer} ${taker}`;
            pairs.set(key, (pairs.get(key) ?? 0n) + amount);
          }
      }
      expect([...pairs].filter(([, sum]) => sum !== 0n)).toEqual([]);
    }),
    { seed, numRuns: 150 },
  );
});
