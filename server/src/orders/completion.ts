import type { Instant } from '../kernel/clock.ts';
import { effectiveTime } from '../kernel/effective-time.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { MatureCommand } from '../ledger/command.ts';
import type { OrderAward } from './award.ts';
import type { Order } from './order.ts';

/** That an order is completed, as its caller tells it. */
export interface CompletionTold {
  readonly order: Order;
  /** Null: now. */
  readonly completedAt: Instant | null;
}

/** That an order was completed, as recorded; once for an order. */
export interface Completion {
  /** Under which it waits until the ledger has it. */
  readonly id: Uuid;
  readonly order: Uuid;
  readonly completedAt: Instant;
  /** Null: when the ledger gets it. */
  readonly effectiveAt: Instant | null;
  readonly requestKey: string;
  readonly fingerprint: Buffer;
}

/** SHA-256 of what was told: the same told again, alone or in bulk, has the same. */
export function fingerprintOfCompletion({ order, completedAt }: CompletionTold): Buffer {
  return sha256(JSON.stringify(['completion', order.id, completedAt]));
}

/** When a completion was and counts, or why it cannot have been. */
export function timesOf(
  { order, completedAt }: CompletionTold,
  now: Instant,
  mayBackdate: boolean,
): Pick<Completion, 'completedAt' | 'effectiveAt'> | Refusal {
  const at = completedAt ?? Math.max(now, order.paidAt);
  if (at < order.paidAt)
    return refusal('completed_before_paid', 'an order is completed after it was paid');
  const time = effectiveTime(at, now, mayBackdate);
  return 'code' in time ? time : { completedAt: at, effectiveAt: time.effectiveAt };
}

/** What waits for the order to be completed. */
export function waitingAwards({ awards }: Order): readonly OrderAward[] {
  return awards.filter(({ onCompletion }) => onCompletion);
}

/** The commands that let it be spent: always the same for the same order. */
export function releaseCommands(
  { effectiveAt }: Pick<Completion, 'effectiveAt'>,
  order: Order,
): (MatureCommand & { readonly earn: Uuid })[] {
  const { id, programme, member } = order;
  return waitingAwards(order).map(({ place, earn, pointType }) => ({
    kind: 'mature',
    key: `complete:${id}:${place}`,
    ...{ programme, pointType, member, earn, effectiveAt },
    source: { kind: 'order', id },
  }));
}
