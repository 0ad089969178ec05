import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';

/** The end of a period of a programme, in every shard at once. */
export interface Cut {
  readonly id: Uuid;
  readonly programme: number;
  /** Nothing that takes effect before this follows a marker. */
  readonly at: Instant;
  readonly madeAt: Instant;
}

/** Where a cut stands in one shard's chain. */
export interface Marker {
  readonly shard: number;
  readonly transaction: Uuid;
  readonly block: number;
  /** The first entry behind it. */
  readonly entry: number;
}

/**
 * The member that stands in a shard's markers, for nobody: all zeros but for the shard, and so at home in
 * that shard by the same rule as everyone.
 */
export function shardOwner(shard: number): Uuid {
  return `00000000-0000-0000-0000-${shard.toString(16).padStart(12, '0')}` as Uuid;
}
