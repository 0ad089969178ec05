import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Programme } from '../programs/programme.ts';

/** What became, or will become, of a member's tier. */
export interface TierNews {
  readonly member: Uuid;
  /** Whose tiers; null: the programme's. */
  readonly merchant: Uuid | null;
  /** The number of the change. */
  readonly change: number;
  readonly at: Instant;
  /** `coming`: it will be lost on the day `until`. */
  readonly kind: 'up' | 'down' | 'coming';
  /** As members know them; null: none. */
  readonly from: string | null;
  readonly to: string | null;
  /** Of a loss that comes, its day; else the first day on which the tier is not kept, as things are. */
  readonly until: string | null;
}

/** Whoever tells members; what is told stands or falls with the transaction that changes a tier. */
export interface TierNotices {
  /** When a notice that is written at `at` reaches its member. */
  toldAt(sql: Sql, programme: Programme, at: Instant): Promise<Instant>;
  tell(tx: Transaction, programme: Programme, news: readonly TierNews[]): Promise<void>;
  /** Tells everybody of tiers that are not proven to be as good. */
  announce(
    tx: Transaction,
    programme: Programme,
    version: {
      readonly merchant: Uuid | null;
      readonly number: number;
      readonly from: Instant;
    },
  ): Promise<void>;
}
