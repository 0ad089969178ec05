import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { CaseState, CaseStep } from './case-steps.ts';
import type { CaseKind, CaseReason, CaseRefusal, Remedy } from './reasons.ts';

/** Points of one type that are to go to the member, as a command that can be sent again. */
export interface Payment {
  readonly pointType: number;
  readonly points: number;
  /** The transaction: chosen before it is sent. */
  readonly transaction: Uuid;
  /** Attempts that the ledger refused: each has a key of its own. */
  readonly attempt: number;
}

/** A present for the trouble. */
export interface Present extends Payment {
  readonly expiresAt: Instant | null;
  readonly slideMonths: number | null;
}

/** What goes to the member; decided at once, and never worked out again. */
export interface Back {
  /** To the lots it came from. */
  readonly refunds: readonly Payment[];
  /** What was paid beside the points; it goes its own way, and may arrive later. */
  readonly cashFen: number;
  /** On top of it, as its terms say of a supplier who cancels; the merchant pays it. */
  readonly compensation: readonly Present[];
  /** For what lapsed meanwhile. */
  readonly graceDays: number;
}

/** Somebody is not content with what was handed out, or it cannot be handed out. Times are by the programme's clock. */
export interface Case {
  /** Carries the member's shard. */
  readonly id: Uuid;
  readonly redemption: Uuid;
  readonly programme: number;
  readonly member: Uuid;
  readonly merchant: Uuid;
  readonly kind: CaseKind;
  readonly reason: CaseReason;
  readonly note: string | null;
  /** The units that it is about, from 0. */
  readonly places: readonly number[];
  readonly remedy: Remedy | null;
  /** Whether what was handed out can be handed out again; null: nobody said. */
  readonly onShelf: boolean | null;
  readonly state: CaseState;
  /** How many steps were taken. */
  readonly steps: number;
  /** When who has to act has not acted; null: the merchant has nothing to do. */
  readonly dueAt: Instant | null;
  readonly openedAt: Instant;
  readonly back: Back | null;
}

/** Who says something, for the record. */
export interface Saying {
  /** An API key; null: the clock. */
  readonly by: Uuid | null;
  /** A person, as the caller calls them. */
  readonly actor: string | null;
  readonly note: string | null;
}

/** One step of a case: written once. */
export interface CaseEntry extends Saying {
  readonly case: Uuid;
  readonly number: number;
  readonly step: 'open' | CaseStep;
  readonly state: CaseState;
  readonly at: Instant;
  /** Of a refusal. */
  readonly reason: CaseRefusal | null;
}
