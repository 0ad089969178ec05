import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asUuid } from '../kernel/id.ts';
import { compileRules } from '../rules/compile.ts';
import { rate } from '../rules/rate.ts';
import { rerate } from '../rules/rerate.ts';
import { anOrder, someVersions } from '../rules/testing/arbitraries.ts';
import {
  type OpenLine,
  type OpenOrder,
  payBack,
  type RuledOrder,
  revalue,
  takeBack,
} from './goods.ts';

const ORDER = asUuid('00000000-0000-7000-8000-000000000001');
const MEMBER = asUuid('00000000-0000-7000-8000-000000000002');

/** An order as a return finds it, rated by the rules; null when it earned nothing. */
function placed(
  versions: typeof someVersions extends fc.Arbitrary<infer V> ? V : never,
  occasion: typeof anOrder extends fc.Arbitrary<infer O> ? O : never,
): { order: OpenOrder; lines: OpenLine[] } | null {
  const book = compileRules(versions);
  const rating = rate(book, occasion);
  if ('code' in rating || rating.awards.length === 0) return null;
  const pointsDue = rating.awards.find(({ version }) => version === null)?.points ?? 0;
  const ruled = rating.awards.filter(({ version }) => version !== null);
  const gave = [
    { version: null, points: pointsDue },
    ...ruled.map(({ version, points }) => ({ version, points })),
  ];
  const lines: OpenLine[] = [];
  const order: OpenOrder = {
    ...{ id: ORDER, member: MEMBER, arrival: 1, source: null, ratio: occasion.ratio, pointsDue },
    dueFen: occasion.lines.reduce((sum, line) => sum + line.amountFen, 0),
    ruled: {
      lines,
      awards: ruled.map(({ points, limits }, index) => ({
        ...{ place: index + 1, earn: ORDER, pointType: 1, limits, due: points },
      })),
      rerate: (left) => rerate(book, { ...occasion, lines: left }, gave),
    },
  };
  for (const [index, { sku, quantity, amountFen, ...nature }] of occasion.lines.entries()) {
    const lineNo = index + 1;
    lines.push({ order, lineNo, sku, quantity, amountFen, nature, returned: 0, refundedFen: 0 });
  }
  return { order, lines };
}

const step = fc.record({
  line: fc.nat(5),
  quantity: fc.option(fc.integer({ min: 1, max: 4 })),
  amountFen: fc.integer({ min: 1, max: 2000 }),
});

it('whatever comes back in whatever order, no award grows; when all is back, or all is paid back, nothing is left', () => {
  let earned = 0;
  fc.assert(
    fc.property(
      someVersions,
      anOrder,
      fc.array(step, { maxLength: 8 }),
      fc.boolean(),
      fc.nat(),
      (versions, occasion, steps, inMoney, turn) => {
        const found = placed(versions, occasion);
        if (found === null) return;
        earned += 1;
        const { order, lines } = found;
        const { awards } = order.ruled as RuledOrder;
        const dues = () => [order.pointsDue, ...awards.map(({ due }) => due)];
        const before = dues();
        const taken = before.map(() => 0);
        const settle = (): void => {
          const was = dues();
          const [revalued] = revalue([order]);
          if (revalued === undefined) throw new Error('an order was given');
          const { pointsBefore, pointsAfter } = revalued;
          const lost = [
            pointsBefore - pointsAfter,
            ...revalued.awards.map((each) => each.before - each.after),
          ];
          for (const [index, points] of lost.entries()) {
            expect(points).toBeGreaterThanOrEqual(0);
            taken[index] = (taken[index] ?? 0) + points;
          }
          for (const [index, due] of dues().entries())
            expect(due).toBeLessThanOrEqual(was[index] ?? 0);
        };
        for (const { line, quantity, amountFen } of steps) {
          const one = lines.slice(line % lines.length).slice(0, 1);
          if (quantity === null) payBack(one, amountFen);
          else takeBack(one, quantity);
          settle();
        }
        const rest = lines.map((_, index) => lines[(index + turn) % lines.length] as OpenLine);
        for (const line of rest) {
          // Goods that cost nothing cannot be paid back: they have to come back.
          if (inMoney && line.amountFen > 0) payBack([line], line.amountFen);
          else takeBack([line], line.quantity);
          settle();
        }
        expect(order.dueFen).toBe(0);
        expect(dues()).toEqual(before.map(() => 0));
        expect(taken).toEqual(before);
      },
    ),
    { numRuns: 1000 },
  );
  expect(earned).toBeGreaterThan(300);
});
