import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import {
  candidatesFor,
  lastFirst,
  type OpenLine,
  type OpenOrder,
  payBack,
  type Revalued,
  revalue,
  takeBack,
} from './goods.ts';
import type { AskedLine, ReturnPart, ReturnTold } from './goods-return.ts';
import { remainingOf } from './order.ts';

export interface Settled {
  readonly parts: ReturnPart[];
  readonly orders: Revalued[];
}

/**
 * Decides a return on what is left of the member's goods and changes that. A return that names its
 * order is refused as a whole when a line is not there or has not enough left; nothing is changed then.
 */
export function decideReturn(told: ReturnTold, lines: readonly OpenLine[]): Settled | Refusal {
  const problem = told.order === null ? null : problemOfNamed(told, lines);
  if (problem !== null) return problem;
  const parts: ReturnPart[] = [];
  const touched = new Set<OpenOrder>();
  const undo = told.order === null ? () => {} : undoing(lines, told.order);
  for (const [place, asked] of inTurn(told)) {
    const candidates =
      told.order === null
        ? candidatesFor(lines, told.source, { sku: asked.sku ?? '', lineNo: asked.lineNo })
        : linesOfNamed(lines, told.order, asked);
    const sku = asked.sku ?? candidates[0]?.sku ?? '';
    const { matched, unmatched } =
      asked.quantity === null
        ? payBack(candidates, asked.amountFen ?? 0)
        : takeBack(candidates, asked.quantity);
    if (unmatched > 0 && told.order !== null) {
      undo();
      return missingOfNamed(asked, candidates.length, unmatched);
    }
    const { lineNo } = asked;
    for (const [part, { line, quantity, amountFen }] of matched.entries()) {
      const from = { order: line.order.id, lineNo: line.lineNo };
      parts.push({ place, part, lineNo, sku, quantity, amountFen, from });
      touched.add(line.order);
    }
    if (unmatched > 0) {
      const rest =
        asked.quantity === null
          ? { quantity: null, amountFen: unmatched }
          : { quantity: unmatched, amountFen: null };
      parts.push({ place, part: matched.length, lineNo, sku, ...rest, from: null });
    }
  }
  return {
    parts: parts.sort((a, b) => a.place - b.place || a.part - b.part),
    orders: revalue(touched),
  };
}

/** The asked lines with their places; of a named order the goods first, since what they take away cannot be paid back as well. */
function inTurn({ order, lines }: ReturnTold): (readonly [place: number, asked: AskedLine])[] {
  const asked = [...lines.entries()];
  if (order === null) return asked;
  return asked.sort(([, a], [, b]) => Number(a.quantity === null) - Number(b.quantity === null));
}

/** The lines of a named order that an asked one may take from: that of its number, or those of its sku, the last one first. */
function linesOfNamed(
  lines: readonly OpenLine[],
  order: Uuid,
  { lineNo, sku }: AskedLine,
): OpenLine[] {
  return lines
    .filter(
      (line) =>
        line.order.id === order &&
        (lineNo === null || line.lineNo === lineNo) &&
        (sku === null || line.sku === sku),
    )
    .sort(lastFirst);
}

/** Puts back what was taken of an order's lines since. */
function undoing(lines: readonly OpenLine[], order: Uuid): () => void {
  const own = lines.filter((line) => line.order.id === order);
  const before = own.map(({ returned, refundedFen }) => ({ returned, refundedFen }));
  const dueFen = own[0]?.order.dueFen ?? 0;
  return () => {
    for (const [index, line] of own.entries()) {
      Object.assign(line, before[index]);
      line.order.dueFen = dueFen;
    }
  };
}

function missingOfNamed(asked: AskedLine, candidates: number, unmatched: number): Refusal {
  const { lineNo, sku, quantity, amountFen } = asked;
  const which = {
    ...(lineNo === null ? {} : { lineNo }),
    ...(sku === null ? {} : { sku }),
  };
  const name = [lineNo === null ? '' : ` ${lineNo}`, sku === null ? '' : ` of ${sku}`].join('');
  if (candidates === 0)
    return refusal('order_line_not_found', `the order has no line${name}`, which);
  const left = (quantity ?? amountFen ?? 0) - unmatched;
  return quantity === null
    ? refusal('return_exceeds_order', `only ${left} fen of line${name} can still be paid back`, {
        ...which,
        leftFen: left,
      })
    : refusal('return_exceeds_order', `only ${left} of line${name} can still be returned`, {
        ...which,
        left,
      });
}

function lineOf(
  lines: readonly OpenLine[],
  order: Uuid,
  lineNo: number | null,
): OpenLine | undefined {
  return lines.find((line) => line.order.id === order && line.lineNo === lineNo);
}

function problemOfNamed(told: ReturnTold, lines: readonly OpenLine[]): Refusal | null {
  const asked = new Map<number, { quantity: number; amountFen: number }>();
  for (const { lineNo, quantity, amountFen } of told.lines) {
    if (lineNo === null) continue;
    const sum = asked.get(lineNo) ?? { quantity: 0, amountFen: 0 };
    sum.quantity += quantity ?? 0;
    sum.amountFen += amountFen ?? 0;
    asked.set(lineNo, sum);
  }
  for (const [lineNo, { quantity, amountFen }] of asked) {
    const line = lineOf(lines, told.order as Uuid, lineNo);
    if (line === undefined)
      return refusal('order_line_not_found', `the order has no line ${lineNo}`, { lineNo });
    const left = line.quantity - line.returned;
    if (quantity > left) {
      return refusal(
        'return_exceeds_order',
        `only ${left} of line ${lineNo} can still be returned`,
        { lineNo, left },
      );
    }
    // What goods of the same return take away cannot be paid back as well.
    const leftFen = amountFen === 0 ? 0 : remainingOf(line, left - quantity);
    if (amountFen > leftFen) {
      const message = `only ${leftFen} fen of line ${lineNo} can still be paid back`;
      return refusal('return_exceeds_order', message, { lineNo, leftFen });
    }
  }
  return null;
}
