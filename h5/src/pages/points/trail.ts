import type { Output } from '@hongmi/sdk';

export type Step = Output<'getTrail'>['steps'][number];

/** By how much each step changed what the lot holds: steps say how much is left after them. The lot itself begins from nothing. */
export function changesOf(steps: readonly Pick<Step, 'remaining'>[]): readonly number[] {
  return steps.map(({ remaining }, place) => remaining - (steps[place - 1]?.remaining ?? 0));
}

/** Where what a step was about has its page; undefined: it has none. */
export function pageOf({
  orderId,
  activityId,
  redemptionId,
}: Pick<Step, 'orderId' | 'activityId' | 'redemptionId'>): string | undefined {
  if (redemptionId !== undefined) return `~/m/redemptions/${redemptionId}`;
  if (orderId !== undefined) return `~/m/records/orders/${orderId}`;
  return activityId === undefined ? undefined : `~/m/records/activities/${activityId}`;
}
