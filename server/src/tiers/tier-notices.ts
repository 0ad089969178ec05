import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { TierNews } from '../kernel/tier-news.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Programme } from '../programs/programme.ts';

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
