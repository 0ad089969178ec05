import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';

/**
 * Why something is owed, with the numbers of the database: points were used; a use was taken back; points settled a
 * debt that another merchant would have borne.
 */
export const ACCRUAL_KINDS = { use: 1, reversal: 2, repayment: 3 } as const;
export type AccrualKind = keyof typeof ACCRUAL_KINDS;

/**
 * What an entry is worth between merchants, for one of those who pay for its lot. The payer owes the platform `owed`, the
 * platform owes the taker `due` less `fee`; all three in micro-fen, below zero where a use is taken back.
 */
export interface Accrual {
  /** The number of the entry in its shard. */
  readonly seq: number;
  /** Counts the accruals of the entry, from 0. */
  readonly place: number;
  readonly kind: AccrualKind;
  readonly programme: number;
  readonly pointType: number;
  readonly effectiveAt: Instant;
  readonly payer: Uuid;
  readonly taker: Uuid;
  readonly points: number;
  readonly owed: bigint;
  readonly due: bigint;
  readonly fee: bigint;
}
