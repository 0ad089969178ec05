import type { Hongmi } from '@hongmi/sdk';
import type { Plan } from './year/plan.ts';

/** Who does what one person may do. */
export const ACTOR = '演示';

/** What is settled is settled in this programme, between these. */
export interface Settling {
  readonly hongmi: Hongmi;
  readonly programme: string;
  readonly plan: Plan;
  readonly merchants: ReadonlyMap<string, string>;
}
