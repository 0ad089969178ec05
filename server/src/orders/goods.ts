import type { Uuid } from '../kernel/id.ts';
import { type EarnRatio, pointsFor } from '../kernel/points.ts';
import type { RatedLine } from '../rules/rating.ts';
import type { OrderAward } from './award.ts';
import { remainingOf } from './order.ts';

/** An order that returns may touch, with what is left of it; changed in memory under the members' locks. */
export interface OpenOrder {
  readonly id: Uuid;
  readonly member: Uuid;
  readonly arrival: number;
  readonly source: string | null;
  readonly ratio: EarnRatio;
  dueFen: number;
  /** What the merchant's ratio gives on what is left; what rules give stands in `ruled`. */
  pointsDue: number;
  /** Null: no rule was in force, so that the ratio is all there is. */
  readonly ruled: RuledOrder | null;
}

/** What returns need to know of an order that was rated by rules. */
export interface RuledOrder {
  /** All of its lines. */
  readonly lines: OpenLine[];
  readonly awards: readonly (Pick<OrderAward, 'place' | 'earn' | 'pointType' | 'limits'> & {
    due: number;
  })[];
  /** What the ratio and each award, in this order, are worth on these lines, by the rules of the order's day. */
  readonly rerate: (left: readonly RatedLine[]) => readonly number[];
}

/** What a line is about, for rules. */
export type LineNature = Pick<
  RatedLine,
  'brand' | 'category' | 'zone' | 'greenCertificate' | 'green'
>;

/** A line with goods left to return. */
export interface OpenLine {
  readonly order: OpenOrder;
  readonly lineNo: number;
  readonly sku: string;
  readonly quantity: number;
  readonly amountFen: number;
  /** Needed only where rules rate again. */
  readonly nature?: LineNature;
  returned: number;
  refundedFen: number;
}

/** A part of what was asked back: so many goods, or so much money. */
export interface Match {
  readonly line: OpenLine;
  readonly quantity: number | null;
  readonly amountFen: number | null;
}

/** What was sold of a line, and what came or was paid back of it. */
type Stock = Pick<OpenLine, 'quantity' | 'amountFen' | 'returned' | 'refundedFen'>;

/** What is left of the line's amount. */
export function remainingFen(line: Stock): number {
  return remainingOf(line, line.quantity - line.returned);
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
    const part = Math.min(line.quantity - line.returned, unmatched);
    if (part === 0) continue;
    change(line, () => {
      line.returned += part;
    });
    unmatched -= part;
    matched.push({ line, quantity: part, amountFen: null });
  }
  return { matched, unmatched };
}

/** Pays up to `amountFen` back, from the candidates in turn; their goods stay with the member. */
export function payBack(
  candidates: readonly OpenLine[],
  amountFen: number,
): { matched: Match[]; unmatched: number } {
  const matched: Match[] = [];
  let unmatched = amountFen;
  for (const line of candidates) {
    if (unmatched === 0) break;
    const part = Math.min(remainingFen(line), unmatched);
    if (part === 0) continue;
    change(line, () => {
      line.refundedFen += part;
    });
    unmatched -= part;
    matched.push({ line, quantity: null, amountFen: part });
  }
  return { matched, unmatched };
}

function change(line: OpenLine, by: () => void): void {
  const before = remainingFen(line);
  by();
  line.order.dueFen -= before - remainingFen(line);
}

/** What became of one of an order's awards beyond place 0. */
export interface RevaluedAward extends Pick<OrderAward, 'place' | 'earn' | 'pointType' | 'limits'> {
  readonly before: number;
  readonly after: number;
}

/** What became of an order's points: what its ratio gave, and what rules gave. */
export interface Revalued {
  readonly order: Uuid;
  /** Whose order it is: of a survivor's return, perhaps an absorbed member's. */
  readonly member: Uuid;
  readonly pointsBefore: number;
  readonly pointsAfter: number;
  readonly awards: readonly RevaluedAward[];
}

/** Recomputes the points of every order that was touched, on what remains of it. */
export function revalue(orders: Iterable<OpenOrder>): Revalued[] {
  const out: Revalued[] = [];
  for (const order of orders) {
    const { id, member, pointsDue: pointsBefore, ruled } = order;
    const [pointsAfter, ...worth] = ruled === null ? [worthByRatio(order)] : worthByRules(ruled);
    // What rules leave may be more than what was left: a return never makes an order worth more.
    order.pointsDue = Math.min(pointsBefore, pointsAfter ?? 0);
    const awards = (ruled?.awards ?? []).map((award, index): RevaluedAward => {
      const { place, earn, pointType, limits, due: before } = award;
      award.due = Math.min(before, worth[index] ?? 0);
      return { place, earn, pointType, limits, before, after: award.due };
    });
    out.push({ order: id, member, pointsBefore, pointsAfter: order.pointsDue, awards });
  }
  return out;
}

function worthByRatio({ ratio, dueFen, pointsDue }: OpenOrder): number {
  const points = pointsFor(ratio, dueFen);
  if (points === undefined || points > pointsDue)
    throw new Error('a return cannot make an order worth more');
  return points;
}

function worthByRules({ lines, rerate }: RuledOrder): readonly number[] {
  const left = lines.filter(isLeft).map((line): RatedLine => {
    const { lineNo, sku, quantity, returned, nature } = line;
    if (nature === undefined)
      throw new Error('a line of a ruled order was read without its nature');
    const amountFen = remainingFen(line);
    return { ...nature, lineNo, sku, quantity: quantity - returned, amountFen };
  });
  // Whatever a rule gives for coming at all: an order of which nothing is left was never placed.
  return left.length === 0 ? [] : rerate(left);
}

/** Goods that were paid back in full are none that were bought. */
export function isLeft(line: Stock): boolean {
  return line.returned < line.quantity && (line.amountFen === 0 || remainingFen(line) > 0);
}
