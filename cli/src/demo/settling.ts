import type { HongmiClient } from '@hongmi/sdk/by-path';
import type { Plan } from './year/plan.ts';

/** Who does what one person may do. */
export const ACTOR = '演示';

/** What is settled is settled in this programme, between these. */
export interface Settling {
  readonly hongmi: HongmiClient;
  readonly programme: string;
  readonly plan: Plan;
  readonly merchants: ReadonlyMap<string, string>;
}
