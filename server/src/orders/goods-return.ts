import type { Instant } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { ReturnCommand, ReturnPolicy } from '../ledger/command.ts';
import {
  candidatesFor,
  type OpenLine,
  type OpenOrder,
  type Revalued,
  revalue,
  takeBack,
} from './goods.ts';

/** A line asked back: by its number in a named order, or by sku. */
export interface AskedLine {
  readonly lineNo: number | null;
  readonly sku: string | null;
  readonly quantity: number;
}

/** A return as its caller tells it. */
export interface ReturnTold {
  readonly merchant: Uuid;
  readonly member: Uuid;
  /** The order named by the caller; null: the goods are matched to the member's earlier orders. */
  readonly order: Uuid | null;
  readonly returnNo: string;
  readonly returnedAt: Instant | null;
  readonly source: string | null;
  readonly lines: readonly AskedLine[];
}

/** A part of an asked line, and the order line it came from; `from` null: no such goods were left. */
export interface ReturnPart {
  readonly place: number;
  readonly part: number;
  readonly lineNo: number | null;
  readonly sku: string;
  readonly quantity: number;
  readonly from: { readonly order: Uuid; readonly lineNo: number } | null;
}

/** A return as recorded. */
export interface GoodsReturn extends Omit<ReturnTold, 'lines' | 'returnedAt'> {
  /** Carries the member's shard. */
  readonly id: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly returnedAt: Instant;
  readonly effectiveAt: Instant | null;
  readonly policy: ReturnPolicy;
  readonly parts: readonly ReturnPart[];
  readonly orders: readonly Revalued[];
  readonly requestKey: string;
  readonly fingerprint: Buffer;
}

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
  for (const [place, asked] of told.lines.entries()) {
    const named = told.order === null ? undefined : lineOf(lines, told.order, asked.lineNo);
    const sku = named?.sku ?? asked.sku ?? '';
    const candidates =
      named === undefined
        ? candidatesFor(lines, told.source, { sku, lineNo: asked.lineNo })
        : [named];
    const { matched, unmatched } = takeBack(candidates, asked.quantity);
    for (const [part, { line, quantity }] of matched.entries()) {
      const from = { order: line.order.id, lineNo: line.lineNo };
      parts.push({ place, part, lineNo: asked.lineNo, sku, quantity, from });
      touched.add(line.order);
    }
    if (unmatched > 0)
      parts.push({
        place,
        part: matched.length,
        lineNo: asked.lineNo,
        sku,
        quantity: unmatched,
        from: null,
      });
  }
  return { parts, orders: revalue(touched) };
}

function lineOf(
  lines: readonly OpenLine[],
  order: Uuid,
  lineNo: number | null,
): OpenLine | undefined {
  return lines.find((line) => line.order.id === order && line.lineNo === lineNo);
}

function problemOfNamed(told: ReturnTold, lines: readonly OpenLine[]): Refusal | null {
  const asked = new Map<number, number>();
  for (const line of told.lines)
    asked.set(line.lineNo ?? 0, (asked.get(line.lineNo ?? 0) ?? 0) + line.quantity);
  for (const [lineNo, quantity] of asked) {
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
  }
  return null;
}

/** The commands that claw back what a return made of its orders: always the same for the same return. */
export function clawBackCommands(returned: GoodsReturn): ReturnCommand[] {
  return returned.orders
    .filter((order) => order.pointsBefore > order.pointsAfter)
    .map((order) => ({
      kind: 'return',
      key: `return:${returned.id}:${order.order}`,
      programme: returned.programme,
      pointType: returned.pointType,
      member: order.member,
      earn: order.order,
      points: order.pointsBefore - order.pointsAfter,
      policy: returned.policy,
      effectiveAt: returned.effectiveAt,
      source: { kind: 'return', id: returned.id },
    }));
}

/** SHA-256 of what was told: the same return told again, alone or in bulk, has the same. */
export function fingerprintOfReturn(told: ReturnTold): Buffer {
  const { merchant, member, order, returnNo, returnedAt, source, lines } = told;
  const inOrder = lines.map((line) => [line.lineNo, line.sku, line.quantity]);
  return sha256(
    JSON.stringify(['return', merchant, member, order, returnNo, returnedAt, source, inOrder]),
  );
}
