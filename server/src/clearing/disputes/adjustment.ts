import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';

/** Who pays whom for something that a closed period has wrong; it counts in the next period that is closed. */
export interface NewAdjustment {
  readonly programme: number;
  /** Merchants, or the platform. */
  readonly payer: Uuid;
  readonly payee: Uuid;
  readonly fen: number;
  readonly reason: string;
  readonly evidence: string | null;
  /** SHA-256 of a file that is kept elsewhere. */
  readonly evidenceHash: Buffer | null;
  /** The dispute that it settles. */
  readonly dispute: Uuid | null;
  readonly actor: string;
  readonly madeBy: Uuid;
}

export interface Adjustment extends NewAdjustment {
  readonly id: Uuid;
  /** Whether it counts only once a second person has agreed. */
  readonly needsSecond: boolean;
  /** By the programme's clock. */
  readonly madeAt: Instant;
  /** What the second person said; null: nothing yet, or none is needed. */
  readonly approved: boolean | null;
  readonly decidedAt: Instant | null;
  readonly decidedBy: Uuid | null;
  /** The period it fell into. */
  readonly period: Uuid | null;
}

/** ¥1,000: more than this between two parties within {@link ALONE_MS} is paid only when a second person agrees. */
export const ALONE_FEN_MAX = 100_000;
/** A day: adjustments of one person that nobody else saw count together for so long, or a large one could be made in parts. */
export const ALONE_MS = 24 * 60 * 60_000;

export const ADJUSTMENT_STATES = ['waiting', 'rejected', 'agreed', 'adjusted'] as const;

/** How far an adjustment is: for a second person, for the next period that is closed, or counted. */
export function stateOf(
  adjustment: Pick<Adjustment, 'needsSecond' | 'approved' | 'period'>,
): (typeof ADJUSTMENT_STATES)[number] {
  if (adjustment.period !== null) return 'adjusted';
  if (adjustment.approved === false) return 'rejected';
  return adjustment.needsSecond && adjustment.approved === null ? 'waiting' : 'agreed';
}
