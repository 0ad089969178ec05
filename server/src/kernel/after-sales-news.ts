import type { Uuid } from './id.ts';
import type { Words } from './reward.ts';

/** Points of one type, by its number. */
export interface PointsTold {
  readonly pointType: number;
  readonly points: number;
}

/** What became of something redeemed that a member is not content with, or that its supplier cannot hand out. */
export interface AfterSalesNews {
  readonly programme: number;
  readonly member: Uuid;
  readonly merchant: Uuid;
  /** What it is about, as members know it. */
  readonly reward: Words;
  /** The case, and the number of its step: each is told once. */
  readonly case: Uuid;
  readonly number: number;
  readonly what:
    | 'accepted'
    | 'refused'
    | 'escalated'
    | 'dismissed'
    | 'exchanged'
    | 'mended'
    | 'refunded'
    | 'cancelled';
  /** Why not, of `refused` and `dismissed`: a code. */
  readonly reason: string | null;
  /** What came back, and on top of it. */
  readonly back: readonly PointsTold[];
  readonly compensation: readonly PointsTold[];
  /** What goes back of the cash that was paid. */
  readonly cashFen: number;
}
