import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asUuid } from '../kernel/id.ts';
import { testSeed } from '../kernel/testing/seed.ts';
import { decideReturn } from './decide-return.ts';
import type { OpenLine } from './goods.ts';
import type { AskedLine } from './goods-return.ts';

const id = (n: number) => asUuid(`00000000-0000-7000-8000-${String(n).padStart(12, '0')}`);
const ORDER = id(9);

const sku = fc.constantFrom('A', 'B');
const sold = fc.array(
  fc.record({
    sku,
    quantity: fc.integer({ min: 1, max: 4 }),
    amountFen: fc.integer({ min: 0, max: 1000 }),
  }),
  { minLength: 1, maxLength: 4 },
);
const lineNo = fc.integer({ min: 1, max: 5 });
const which = fc.oneof(
  fc.record({ lineNo, sku: fc.constant(null) }),
  fc.record({ lineNo: fc.constant(null), sku }),
  fc.record({ lineNo, sku }),
);
const much = fc.oneof(
  fc.record({ quantity: fc.integer({ min: 1, max: 4 }), amountFen: fc.constant(null) }),
  fc.record({ quantity: fc.constant(null), amountFen: fc.integer({ min: 1, max: 1200 }) }),
);
const asked = fc.tuple(which, much).map(([line, of]): AskedLine => ({ ...line, ...of }));
const returns = fc.array(fc.array(asked, { minLength: 1, maxLength: 4 }), { maxLength: 5 });

it('a return of a named order finds all that it asks in lines it may take from, or is refused and changes nothing', () => {
  const seen = { refused: 0, decided: 0 };
  fc.assert(
    fc.property(sold, returns, (told, back) => {
      const dueFen = told.reduce((sum, line) => sum + line.amountFen, 0);
      const [member, ratio] = [id(2), { points: 1, perFen: 1 }];
      const own = { id: ORDER, member, arrival: 1, source: null, ratio, dueFen, ruled: null };
      const order = { ...own, pointsDue: dueFen };
      // Of another order of the member, which this one must not touch.
      const other = { ...order, id: id(8), arrival: 2 };
      const lines: OpenLine[] = [order, other].flatMap((of) =>
        told.map((line, place) => ({
          ...{ order: of, lineNo: place + 1, ...line },
          ...{ returned: 0, refundedFen: 0 },
        })),
      );
      for (const asks of back) {
        const before = structuredClone(lines);
        const decided = decideReturn(
          {
            ...{ merchant: id(1), member, order: ORDER, orderNo: 'no', returnNo: 'r' },
            ...{ returnedAt: null, source: null, lines: asks },
          },
          lines,
        );
        const elsewhere = (all: readonly OpenLine[]) =>
          all.filter((line) => line.order.id !== ORDER);
        expect(elsewhere(lines)).toEqual(elsewhere(before));
        if ('code' in decided) {
          seen.refused += 1;
          expect(lines).toEqual(before);
          continue;
        }
        seen.decided += 1;
        for (const [place, { quantity, amountFen, ...named }] of asks.entries()) {
          const parts = decided.parts.filter((part) => part.place === place);
          const found = parts.reduce(
            (sum, part) => sum + (part.quantity ?? part.amountFen ?? 0),
            0,
          );
          expect(found).toBe(quantity ?? amountFen);
          for (const { from } of parts) {
            const line = lines.find((each) => each.order === order && each.lineNo === from?.lineNo);
            expect(from?.order).toBe(ORDER);
            expect(named.sku ?? line?.sku).toBe(line?.sku);
            expect(named.lineNo ?? line?.lineNo).toBe(line?.lineNo);
          }
        }
        expect(order.pointsDue).toBe(order.dueFen);
      }
    }),
    { seed: testSeed('named returns') },
  );
  expect(Math.min(seen.refused, seen.decided)).toBeGreaterThan(20);
});
