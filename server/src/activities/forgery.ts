import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { ReturnPolicy } from '../ledger/command.ts';

/** That a member forged the evidence of an activity: noted once, by a named person. */
export interface Forgery {
  readonly id: Uuid;
  readonly activity: Uuid;
  readonly reason: string;
  readonly actor: string;
  readonly policy: ReturnPolicy;
  readonly requestKey: string;
  readonly notedBy: Uuid;
  readonly notedAt: Instant;
}
