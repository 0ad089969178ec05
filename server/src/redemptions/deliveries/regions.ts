import type { Refusal } from '../../kernel/refusal.ts';
import type { Fulfilment, RewardTerms } from '../../kernel/reward.ts';
import { problem } from '../../platform/web/problem.ts';

export type DeliveryTerms = Extract<Fulfilment, { kind: 'delivery' }>;

/** What sending costs in cash, however many are sent at once. */
export const sendingFen = ({ fulfilment }: Pick<RewardTerms, 'fulfilment'>): number =>
  fulfilment.kind === 'delivery' ? fulfilment.feeFen : 0;

/** Why it is not delivered to a region of six digits; null: it is. A region lies in those whose digits it begins with. */
export function refusedRegion({ regions }: DeliveryTerms, region: string): Refusal | null {
  if (regions === undefined || regions.some((each) => region.startsWith(each))) return null;
  return problem('region_not_served', undefined, { region });
}
