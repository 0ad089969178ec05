import type { Clock, Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { View } from './store.ts';
import type { RuleProgramme } from './stored.ts';

/** Who asks for a change, and when. */
export interface Caller {
  /** An API key. */
  readonly key: Uuid;
  readonly view: View;
  readonly clock: Clock;
  readonly announce: Announce;
}

/** A change that is not proven to be as good for members as what it replaces. */
export interface WorseChange {
  readonly programme: RuleProgramme;
  /** That begins, or the last that ends. */
  readonly version: Uuid;
  /** Whose rule it is; null: the operator's. */
  readonly merchant: Uuid | null;
  /** How members know the rule. */
  readonly name: string;
  /** What they are told of what it is to be; null: nothing, or it ends. */
  readonly description: string | null;
  readonly change: 'begins' | 'changes' | 'ends';
  /** When it takes effect, by the programme's clock. */
  readonly from: Instant;
}

/** Tells members of a change in the transaction that makes it: one is not without the other. */
export type Announce = (tx: Transaction, change: WorseChange) => Promise<void>;
