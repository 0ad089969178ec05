import type { Uuid } from '../kernel/id.ts';
import { type EarnRatio, pointsFor } from '../kernel/points.ts';
import { leftOf } from './order.ts';

/** An order that returns may touch, with what is left of it; changed in memory under the members' locks. */
export interface OpenOrder {
  readonly id: Uuid;
  readonly member: Uuid;
  readonly arrival: number;
  readonly source: string | null;
  readonly ratio: EarnRatio;
  dueFen: number;
  pointsDue: number;
}

/** A line with goods left to return. */
export interface OpenLine {
  readonly order: OpenOrder;
  readonly lineNo: number;
  readonly sku: string;
  readonly quantity: number;
  readonly amountFen: number;
  returned: number;
}

export interface Match {
  readonly line: OpenLine;
  readonly quantity: number;
}

/** The order in which goods are taken back: the latest order first, and its last line first. */
export function lastFirst(a: OpenLine, b: OpenLine): number {
  return b.order.arrival - a.order.arrival || b.lineNo - a.lineNo;
}

/**
 * The lines that `asked` may take from, in the order it takes them. Lines of the return's own source
 * come first when it says where in that source it stands: only those before it, the nearest first.
 * What that source holds after it had not been sold yet.
 */
export function candidatesFor(
  lines: readonly OpenLine[],
  source: string | null,
  asked: { readonly sku: string; readonly lineNo: number | null },
): OpenLine[] {
  const same = lines.filter((line) => line.sku === asked.sku && line.returned < line.quantity);
  const { lineNo } = asked;
  if (source === null || lineNo === null) return same.sort(lastFirst);
  const own = same.filter((line) => line.order.source === source && line.lineNo < lineNo);
  const others = same.filter((line) => line.order.source !== source);
  return [...own.sort((a, b) => b.lineNo - a.lineNo || lastFirst(a, b)), ...others.sort(lastFirst)];
}

/** Takes up to `quantity` from the candidates in turn and changes what is left of them. */
export function takeBack(
  candidates: readonly OpenLine[],
  quantity: number,
): { matched: Match[]; unmatched: number } {
  const matched: Match[] = [];
  let unmatched = quantity;
  for (const line of candidates) {
    if (unmatched === 0) break;
    const left = line.quantity - line.returned;
    const part = Math.min(left, unmatched);
    if (part === 0) continue;
    line.order.dueFen -= leftOf(line, left) - leftOf(line, left - part);
    line.returned += part;
    unmatched -= part;
    matched.push({ line, quantity: part });
  }
  return { matched, unmatched };
}

/** What became of an order's points. */
export interface Revalued {
  readonly order: Uuid;
  /** Whose order it is: of a survivor's return, perhaps an absorbed member's. */
  readonly member: Uuid;
  readonly pointsBefore: number;
  readonly pointsAfter: number;
}

/** Recomputes the points of every order that was touched, on what remains of it. */
export function revalue(orders: Iterable<OpenOrder>): Revalued[] {
  const out: Revalued[] = [];
  for (const order of orders) {
    const pointsBefore = order.pointsDue;
    const pointsAfter = pointsFor(order.ratio, order.dueFen);
    if (pointsAfter === undefined || pointsAfter > pointsBefore)
      throw new Error('a return cannot make an order worth more');
    order.pointsDue = pointsAfter;
    out.push({ order: order.id, member: order.member, pointsBefore, pointsAfter });
  }
  return out;
}
