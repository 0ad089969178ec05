import type { Instant } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Counted, Limit, ReturnCommand, ReturnPolicy } from '../ledger/command.ts';
import {
  candidatesFor,
  type OpenLine,
  type OpenOrder,
  payBack,
  type Revalued,
  revalue,
  takeBack,
} from './goods.ts';
import { remainingOf } from './order.ts';

/** A line asked back, by its number in a named order or by sku: so many of its goods, or so much of its price. */
export interface AskedLine {
  readonly lineNo: number | null;
  readonly sku: string | null;
  /** One of the two. */
  readonly quantity: number | null;
  readonly amountFen: number | null;
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
  /** One of the two. */
  readonly quantity: number | null;
  readonly amountFen: number | null;
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
    const { matched, unmatched } =
      asked.quantity === null
        ? payBack(candidates, asked.amountFen ?? 0)
        : takeBack(candidates, asked.quantity);
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
  const asked = new Map<number, { quantity: number; amountFen: number }>();
  for (const { lineNo, quantity, amountFen } of told.lines) {
    const sum = asked.get(lineNo ?? 0) ?? { quantity: 0, amountFen: 0 };
    sum.quantity += quantity ?? 0;
    sum.amountFen += amountFen ?? 0;
    asked.set(lineNo ?? 0, sum);
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

/** What a return takes back of one earn, as far as the ledger granted it. */
export interface ClawedBack {
  readonly order: Uuid;
  readonly member: Uuid;
  readonly place: number;
  readonly earn: Uuid;
  readonly pointType: number;
  readonly limits: readonly Limit[];
  readonly before: number;
  readonly after: number;
}

/** Every earn of every order that a return touched, whether or not it lost points. */
export function touchedEarns(returned: GoodsReturn): ClawedBack[] {
  return returned.orders.flatMap(({ order, member, pointsBefore, pointsAfter, awards }) => {
    const ruled = awards.map((award) => ({ ...award, order, member }));
    if (pointsBefore === 0) return ruled;
    const what = { order, member, place: 0, earn: order, pointType: returned.pointType };
    return [{ ...what, limits: [], before: pointsBefore, after: pointsAfter }, ...ruled];
  });
}

/** Those that lost points. */
export function lostBy(returned: GoodsReturn): ClawedBack[] {
  return touchedEarns(returned).filter(({ before, after }) => before > after);
}

/** What the ledger granted of earns that had limits; of all others it granted what was asked. */
export type Granted = ReadonlyMap<Uuid, number>;

/** What was there and what is left, where limits may have granted less than was asked for. */
export function withinGrant(
  { earn, before, after }: Pick<ClawedBack, 'earn' | 'before' | 'after'>,
  granted: Granted,
): { readonly before: number; readonly after: number } {
  const most = granted.get(earn) ?? before;
  return { before: Math.min(most, before), after: Math.min(most, after) };
}

/**
 * The commands that claw back what a return made of its orders' earns: always the same for the same return,
 * because what was granted never changes.
 */
export function clawBackCommands(returned: GoodsReturn, granted: Granted): ReturnCommand[] {
  const commands: ReturnCommand[] = [];
  for (const lost of lostBy(returned)) {
    const { before, after } = withinGrant(lost, granted);
    if (before === after) continue;
    const { order, member, place, earn, pointType, limits } = lost;
    commands.push({
      kind: 'return',
      key: `return:${returned.id}:${order}${place === 0 ? '' : `:${place}`}`,
      programme: returned.programme,
      pointType,
      member,
      earn,
      points: before - after,
      policy: returned.policy,
      effectiveAt: returned.effectiveAt,
      source: { kind: 'return', id: returned.id },
      ...(limits.length === 0 ? {} : { limits: limits.map(countedBy) }),
    });
  }
  return commands;
}

/** What a limit counts on, without what it allows. */
function countedBy(limit: Limit): Counted {
  if ('budget' in limit) return { budget: limit.budget };
  const { counter } = limit;
  return 'unit' in limit ? { counter, unit: limit.unit } : { counter };
}

/** SHA-256 of what was told: the same return told again, alone or in bulk, has the same. */
export function fingerprintOfReturn(told: ReturnTold): Buffer {
  const { merchant, member, order, returnNo, returnedAt, source, lines } = told;
  const inOrder = lines.map(({ lineNo, sku, quantity, amountFen }) =>
    amountFen === null ? [lineNo, sku, quantity] : [lineNo, sku, quantity, amountFen],
  );
  return sha256(
    JSON.stringify(['return', merchant, member, order, returnNo, returnedAt, source, inOrder]),
  );
}
