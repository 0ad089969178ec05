import type { components } from '@hongmi/sdk';

type Transaction = components['schemas']['Transaction'];

/** Kinds that take from what a member has. A capture takes what its hold set aside. */
const TAKING: ReadonlySet<Transaction['kind']> = new Set([
  'burn',
  'capture',
  'expire',
  'return',
  'transfer_out',
  'convert',
  'claw_back',
]);

/** The points of a transaction as a change: below zero where it took some. */
export function signedPoints({ kind, points }: Pick<Transaction, 'kind' | 'points'>): number {
  return TAKING.has(kind) && points > 0 ? -points : points;
}
