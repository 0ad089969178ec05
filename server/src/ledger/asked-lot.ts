import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Limit } from './command.ts';

/** A lot that is asked for: fixed when it is, so that it can be sent again and again. */
export interface AskedLot {
  readonly pointType: number;
  /** What was asked for; limits may leave less of it. */
  readonly points: number;
  /** Null: at once. */
  readonly availableAt: Instant | null;
  /** Null: never. */
  readonly expiresAt: Instant | null;
  /** By how many months it slides with what the member does; null: it lapses when it says. */
  readonly slideMonths: number | null;
  /** Null: the seller alone. */
  readonly funders: readonly { readonly merchant: Uuid; readonly share: number }[] | null;
  readonly limits: readonly Limit[];
}
