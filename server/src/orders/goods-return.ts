import type { Instant } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Limit, ReturnCommand, ReturnPolicy } from '../ledger/command.ts';
import { countedOn } from '../ledger/limits.ts';
import type { Revalued } from './goods.ts';

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
  /** The order named by its number at the merchant, whether or not it was recorded yet. */
  readonly orderNo: string | null;
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

/** A return that came before its order: what it asks back when the order comes, and until when it waits. */
export interface WaitingReturn {
  readonly lines: readonly AskedLine[];
  readonly until: Instant;
}

/** What became of a return. Only what waits changes, once. */
export const RETURN_STATES = ['applied', 'waiting', 'refused', 'withdrawn'] as const;
export type ReturnState = (typeof RETURN_STATES)[number];

/** A return as recorded; unless it is applied it has neither parts nor orders. */
export interface GoodsReturn extends Omit<ReturnTold, 'lines' | 'returnedAt'> {
  /** Carries the member's shard. */
  readonly id: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly returnedAt: Instant;
  readonly effectiveAt: Instant | null;
  readonly policy: ReturnPolicy;
  readonly state: ReturnState;
  /** Of one that had to wait; null: its order was there, or its goods were matched. */
  readonly waited: WaitingReturn | null;
  /** Why it came to nothing; only of a refused one. */
  readonly refusal: Refusal | null;
  readonly parts: readonly ReturnPart[];
  readonly orders: readonly Revalued[];
  readonly requestKey: string;
  readonly fingerprint: Buffer;
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
      atMost: true,
      policy: returned.policy,
      effectiveAt: returned.effectiveAt,
      source: { kind: 'return', id: returned.id },
      ...(limits.length === 0 ? {} : { limits: limits.map(countedOn) }),
    });
  }
  return commands;
}

/** SHA-256 of what was told: the same return told again, alone or in bulk, has the same. */
export function fingerprintOfReturn(told: ReturnTold): Buffer {
  const { merchant, member, order, orderNo, returnNo, returnedAt, source, lines } = told;
  const inOrder = lines.map(({ lineNo, sku, quantity, amountFen }) =>
    amountFen === null ? [lineNo, sku, quantity] : [lineNo, sku, quantity, amountFen],
  );
  const plain = ['return', merchant, member, order, returnNo, returnedAt, source, inOrder];
  return sha256(JSON.stringify(orderNo === null ? plain : [...plain, orderNo]));
}
