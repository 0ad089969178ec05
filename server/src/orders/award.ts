import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Limit } from '../ledger/command.ts';

/** Points that one rule gave for an order; what the merchant's ratio gave is the order itself, place 0. */
export interface OrderAward {
  /** From 1. */
  readonly place: number;
  /** The id of its earn in the ledger; carries the member's shard. */
  readonly earn: Uuid;
  readonly version: Uuid;
  readonly pointType: number;
  /** What was asked for; limits may leave less of it. */
  readonly points: number;
  /** What returns have left of that. */
  readonly due: number;
  readonly availableAt: Instant | null;
  /** It is available before, as soon as the order is completed. */
  readonly onCompletion: boolean;
  readonly expiresAt: Instant | null;
  /** By how many months it slides with what the member does; null: it lapses when it says. */
  readonly slideMonths: number | null;
  /** Null: the seller alone. */
  readonly funders: readonly { readonly merchant: Uuid; readonly share: number }[] | null;
  readonly limits: readonly Limit[];
}

/** Everything an order asks for, by place: one command of the ledger each. */
export interface AskedEarn {
  readonly place: number;
  /** The id of its earn in the ledger. */
  readonly earn: Uuid;
  /** Null: the merchant's own ratio. */
  readonly version: Uuid | null;
  readonly pointType: number;
  readonly points: number;
  readonly due: number;
  readonly availableAt: Instant | null;
  /** It is available before, as soon as the order is completed. */
  readonly onCompletion: boolean;
  readonly expiresAt: Instant | null;
  readonly slideMonths: number | null;
  readonly limits: readonly Limit[];
}
