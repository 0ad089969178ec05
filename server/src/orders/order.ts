import type { Instant } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import { type EarnRatio, pointsFor, proportion } from '../kernel/points.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { IssueCommand } from '../ledger/command.ts';

export interface OrderLine {
  readonly lineNo: number;
  readonly sku: string;
  readonly name: string | null;
  readonly category: string | null;
  readonly quantity: number;
  readonly amountFen: number;
}

/** An order as its caller tells it. */
export interface OrderTold {
  readonly merchant: Uuid;
  readonly member: Uuid;
  readonly orderNo: string;
  readonly paidAt: Instant;
  /** One file or till journal, in which line numbers are places; null: line numbers mean nothing outside the order. */
  readonly source: string | null;
  readonly lines: readonly OrderLine[];
}

/** An order as recorded, without its lines. What it was worth is fixed; `due…` is what returns have left of it. */
export interface Order extends Omit<OrderTold, 'lines'> {
  /** Carries the member's shard; the order's earn in the ledger has the same id. */
  readonly id: Uuid;
  readonly programme: number;
  readonly pointType: number;
  /** When the earn counts; null: when the ledger gets it. */
  readonly effectiveAt: Instant | null;
  /** The merchant's ratio when the order was recorded. */
  readonly ratio: EarnRatio;
  readonly netFen: number;
  readonly pointsEarned: number;
  readonly noPointsReason: string | null;
  readonly dueFen: number;
  readonly pointsDue: number;
  readonly requestKey: string;
  readonly fingerprint: Buffer;
}

/** The lines' sum in fen, or undefined when it leaves the safe range. */
export function netOf(lines: readonly { readonly amountFen: number }[]): number | undefined {
  let sum = 0;
  for (const line of lines) sum += line.amountFen;
  return Number.isSafeInteger(sum) ? sum : undefined;
}

/** floor(net × ratio), and why that is nothing when it is. */
export function worthOf(
  ratio: EarnRatio,
  netFen: number,
): { readonly points: number; readonly noPointsReason: string | null } | Refusal {
  const points = pointsFor(ratio, netFen);
  if (points === undefined)
    return refusal(
      'points_out_of_range',
      'the order would earn more points than a number can show',
    );
  if (points > 0) return { points, noPointsReason: null };
  return { points, noPointsReason: netFen === 0 ? 'nothing_paid' : 'below_one_point' };
}

/** What is left of a line's amount when `left` of its `quantity` are left: floor(amountFen × left / quantity). */
export function leftOf(
  line: { readonly amountFen: number; readonly quantity: number },
  left: number,
): number {
  return proportion(line.amountFen, left, line.quantity);
}

/** The command of an order's earn: always the same for the same order, so that it can be sent again. */
export function earnCommand(order: Order): IssueCommand {
  return {
    kind: 'issue',
    key: `order:${order.id}`,
    id: order.id,
    programme: order.programme,
    pointType: order.pointType,
    member: order.member,
    merchant: order.merchant,
    points: order.pointsEarned,
    effectiveAt: order.effectiveAt,
    source: { kind: 'order', id: order.id },
  };
}

/** SHA-256 of what was told: the same order told again, alone or in bulk, has the same. */
export function fingerprintOfOrder(told: OrderTold): Buffer {
  const { merchant, member, orderNo, paidAt, source, lines } = told;
  const inOrder = lines.map((line) => [
    line.lineNo,
    line.sku,
    line.name,
    line.category,
    line.quantity,
    line.amountFen,
  ]);
  return sha256(JSON.stringify(['order', merchant, member, orderNo, paidAt, source, inOrder]));
}
