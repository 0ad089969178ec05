import type { components } from '@hongmi/sdk';

/** A transaction with its receipt and what was said about it. */
export type Recorded = components['schemas']['RecordedTransaction'];

/** Kinds that take from what a member has. A capture takes what its hold set aside. */
const TAKING: ReadonlySet<Recorded['kind']> = new Set([
  'burn',
  'capture',
  'expire',
  'return',
  'transfer_out',
  'convert',
  'claw_back',
]);

/** Kinds after which a member has as much as before: points are set aside, let go, or come of age. */
const MOVING_NOTHING: ReadonlySet<Recorded['kind']> = new Set(['hold', 'release', 'mature', 'cut']);

/** Whether a transaction gives or takes points, so that they are shown with their sign. */
export function isChange({ kind }: Pick<Recorded, 'kind'>): boolean {
  return !MOVING_NOTHING.has(kind);
}

/** The points of a transaction as a change: below zero where it took some. */
export function signedPoints({ kind, points }: Pick<Recorded, 'kind' | 'points'>): number {
  return TAKING.has(kind) && points > 0 ? -points : points;
}
