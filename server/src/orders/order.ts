import type { Instant } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import { type EarnRatio, pointsFor, proportion } from '../kernel/points.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { RatedLine } from '../rules/rating.ts';
import type { OrderAward } from './award.ts';
import type { OrderOccasion } from './occasion.ts';

export interface OrderLine extends RatedLine {
  readonly name: string | null;
  /** The certificate that stands behind it; null: none, or nobody has looked yet. */
  readonly certificate: Uuid | null;
}

/** An order as its caller tells it. */
export interface OrderTold {
  readonly merchant: Uuid;
  readonly member: Uuid;
  readonly orderNo: string;
  readonly paidAt: Instant;
  /** One file or till journal, in which line numbers are places; null: line numbers mean nothing outside the order. */
  readonly source: string | null;
  /** Code of the store; where it was sold, and how it was paid. */
  readonly store: string | null;
  readonly channel: string | null;
  readonly tenders: readonly string[];
  readonly lines: readonly OrderLine[];
}

/** An order as recorded, without its lines. What it was worth is fixed; `due…` is what returns have left of it. */
export interface Order extends Omit<OrderTold, 'lines'> {
  /** Carries the member's shard; the earn of what the merchant's ratio gave has the same id in the ledger. */
  readonly id: Uuid;
  readonly programme: number;
  readonly pointType: number;
  /** When the earn counts; null: when the ledger gets it. */
  readonly effectiveAt: Instant | null;
  /** The merchant's ratio when the order was recorded. */
  readonly ratio: EarnRatio;
  readonly netFen: number;
  /** What the merchant's ratio gave; rules may have given more, or instead. */
  readonly pointsEarned: number;
  /** When that lapses; null: never. */
  readonly expiresAt: Instant | null;
  /** By how many months it slides with what the member does; null: it lapses when it says. */
  readonly slideMonths: number | null;
  /** What rules gave, by place. */
  readonly awards: readonly OrderAward[];
  /** Why the order asks for no points at all; only then. */
  readonly noPointsReason: string | null;
  readonly dueFen: number;
  readonly pointsDue: number;
  /** What rules looked at besides the lines; null: nothing was told, and no rule was in force. */
  readonly occasion: OrderOccasion | null;
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
  return { points, noPointsReason: points > 0 ? null : noPointsReasonOf(netFen) };
}

/** Why an order that comes to this is worth no points at all. */
export function noPointsReasonOf(netFen: number): string {
  return netFen === 0 ? 'nothing_paid' : 'below_one_point';
}

/** What is left of a line's amount when `left` of its `quantity` are left: floor(amountFen × left / quantity). */
export function leftOf(
  line: { readonly amountFen: number; readonly quantity: number },
  left: number,
): number {
  return proportion(line.amountFen, left, line.quantity);
}

/** What is left of a line when `left` of its quantity are left, and `refundedFen` of it were paid back besides. */
export function remainingOf(
  line: { readonly amountFen: number; readonly quantity: number; readonly refundedFen: number },
  left: number,
): number {
  return Math.max(0, leftOf(line, left) - line.refundedFen);
}

/** SHA-256 of what was told: the same order told again, alone or in bulk, has the same. */
export function fingerprintOfOrder(told: OrderTold): Buffer {
  const { merchant, member, orderNo, paidAt, source, store, channel, tenders, lines } = told;
  const inOrder = lines.map((line) => {
    const { lineNo, sku, name, category, quantity, amountFen, brand, zone, greenCertificate } =
      line;
    const plain = [lineNo, sku, name, category, quantity, amountFen];
    const isPlain = brand === null && zone === null && greenCertificate === null;
    return isPlain ? plain : [...plain, brand, zone, greenCertificate];
  });
  const plain = ['order', merchant, member, orderNo, paidAt, source, inOrder];
  const isPlain = store === null && channel === null && tenders.length === 0;
  return sha256(JSON.stringify(isPlain ? plain : [...plain, store, channel, tenders]));
}
