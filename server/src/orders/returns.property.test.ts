import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asUuid } from '../kernel/id.ts';
import { decideReturn } from './decide-return.ts';
import type { OpenLine, OpenOrder } from './goods.ts';
import type { ReturnTold } from './goods-return.ts';

const SKUS = ['A', 'B', 'C'] as const;
const id = (n: number) => asUuid(`00000000-0000-7000-8000-${String(n).padStart(12, '0')}`);

const orders = fc.array(
  fc.array(
    fc.record({
      sku: fc.constantFrom(...SKUS),
      quantity: fc.integer({ min: 1, max: 5 }),
      amountFen: fc.integer({ min: 0, max: 1000 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  { minLength: 1, maxLength: 4 },
);
const returns = fc.array(
  fc.array(fc.record({ sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 1, max: 8 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  { maxLength: 6 },
);

/** One piece of goods each, in the order they were sold: the slow and obvious way. */
interface Piece {
  readonly order: number;
  readonly line: number;
  readonly sku: string;
  returned: boolean;
}

it('whatever is sold and brought back, the same goods are matched and the same points are left as piece by piece', () => {
  fc.assert(
    fc.property(orders, returns, (sold, broughtBack) => {
      const lines: OpenLine[] = [];
      const open: OpenOrder[] = [];
      const pieces: Piece[] = [];
      for (const [index, told] of sold.entries()) {
        const dueFen = told.reduce((sum, line) => sum + line.amountFen, 0);
        const ratio = { points: 3, perFen: 70 };
        const pointsDue = Math.floor((dueFen * 3) / 70);
        const order = {
          id: id(index),
          member: id(2),
          arrival: index,
          source: null,
          ratio,
          dueFen,
          pointsDue,
          ruled: null,
        };
        open.push(order);
        for (const [place, line] of told.entries()) {
          lines.push({ order, lineNo: place + 1, ...line, returned: 0, refundedFen: 0 });
          for (let n = 0; n < line.quantity; n += 1) {
            pieces.push({ order: index, line: place + 1, sku: line.sku, returned: false });
          }
        }
      }
      let clawedBack = 0;
      const earned = open.reduce((sum, order) => sum + order.pointsDue, 0);
      for (const asked of broughtBack) {
        const told: ReturnTold = {
          merchant: id(1),
          member: id(2),
          order: null,
          orderNo: null,
          returnNo: 'r',
          returnedAt: null,
          source: null,
          lines: asked.map((line) => ({ ...line, amountFen: null, lineNo: null })),
        };
        const decided = decideReturn(told, lines);
        if ('code' in decided) throw new Error('returns by sku are never refused');
        for (const [place, line] of asked.entries()) {
          const taken: string[] = [];
          for (let n = 0; n < line.quantity; n += 1) {
            const piece = pieces.findLast((each) => each.sku === line.sku && !each.returned);
            if (piece !== undefined) piece.returned = true;
            taken.push(piece === undefined ? 'unmatched' : `${piece.order}/${piece.line}`);
          }
          const matched = decided.parts
            .filter((part) => part.place === place)
            .flatMap(({ from, quantity }) => {
              const where =
                from === null
                  ? 'unmatched'
                  : `${Number.parseInt(from.order.slice(-4), 10)}/${from.lineNo}`;
              return Array.from({ length: quantity ?? 0 }, () => where);
            });
          expect(matched).toEqual(taken);
        }
        for (const each of decided.orders) clawedBack += each.pointsBefore - each.pointsAfter;
      }
      let left = 0;
      for (const [index, told] of sold.entries()) {
        let remaining = 0;
        for (const [place, line] of told.entries()) {
          const kept = pieces.filter(
            (each) => each.order === index && each.line === place + 1 && !each.returned,
          ).length;
          remaining += Math.floor((line.amountFen * kept) / line.quantity);
        }
        expect(open[index]?.dueFen).toBe(remaining);
        left += Math.floor((remaining * 3) / 70);
      }
      expect(earned - clawedBack).toBe(left);
    }),
  );
});
